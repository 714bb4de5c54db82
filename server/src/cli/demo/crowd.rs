//! Many people for the demonstration, and a line that says how far it is.

use std::io::Write as _;

use okta_simulator::PracticeOkta;

use crate::{App, cli::serve, crowd::Crowd};

/// Sign-ins for each of them.
const ATTEMPTS: u32 = 5;

/// Settles them beside the users who are there.
pub(super) async fn settle(
    app: &App,
    people: u32,
    seed: u64,
    okta: &PracticeOkta,
) -> Result<(), String> {
    let actor = app
        .db
        .read(|tx| {
            let row = tx.row("select id, name from users where role = 'admin'", &[])?;
            row.map(|mut row| Ok((row.text()?, row.text()?)))
                .transpose()
        })
        .await
        .map_err(|error| serve::say(&error))?
        .unwrap_or_default();
    let crowd = Crowd {
        people,
        attempts: people * ATTEMPTS,
        seed,
        now: app.clock.now(),
        issuer: okta.base_url(),
        actor,
    };
    let settled = crowd.settle(&app.db, &progress).await;
    eprint_line("");
    settled.map_err(|error| serve::say(&error))
}

fn progress(what: &str, done: u64, all: u64) {
    eprint_line(&format!("{what}: {done} of {all}"));
}

/// In the place of the line before.
fn eprint_line(text: &str) {
    let mut terminal = std::io::stderr().lock();
    // A terminal that is gone is no reason to stop.
    let _ = write!(terminal, "\r{text:<60}\r");
    let _ = terminal.flush();
}
