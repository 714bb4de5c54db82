//! `sso-console plan FILE` and `apply FILE`: the deployment's settings as code.
//!
//! Exit status of both: 0 if all is done and nothing is left to change, 1 if something is wrong.
//! `plan` ends with 2 if there is something to change.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::{config, serve};
use crate::{
    App,
    audit::Audit,
    clock::{system_clock, system_entropy},
    connections,
    error::Error,
    files::{
        apply::{self, Change},
        document::{self, Document, Source},
    },
    secret::Secret,
    set_up,
};

/// What `plan` ends with if there is something to change.
const CHANGES: u8 = 2;

#[derive(Debug, Args)]
pub(super) struct PlanOptions {
    /// TOML file with the desired configuration.
    file: PathBuf,
    #[command(flatten)]
    server: config::Options,
}

#[derive(Debug, Args)]
pub(super) struct ApplyOptions {
    /// TOML file with the desired configuration.
    #[arg(required_unless_present = "release", conflicts_with = "release")]
    file: Option<PathBuf>,
    /// Stop managing settings by file; they can be changed in the console again.
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    server: config::Options,
}

/// `sso-console plan FILE`.
pub(super) fn plan(options: PlanOptions) -> Result<ExitCode, String> {
    let document = read(&options.file)?;
    let changes = run(options.server, document, false)?;
    if changes.is_empty() {
        super::say("Nothing to change.");
        return Ok(ExitCode::SUCCESS);
    }
    print(&changes);
    Ok(ExitCode::from(CHANGES))
}

/// `sso-console apply FILE`, `sso-console apply --release`.
pub(super) fn apply(options: ApplyOptions) -> Result<ExitCode, String> {
    let Some(file) = options.file else {
        return release(options.server);
    };
    let document = read(&file)?;
    let changes = run(options.server, document, true)?;
    if changes.is_empty() {
        super::say("Nothing to change.");
    } else {
        print(&changes);
        super::say("Applied.");
    }
    Ok(ExitCode::SUCCESS)
}

fn release(options: config::Options) -> Result<ExitCode, String> {
    let count = with_app(options, |app| async move {
        let audit = audit("sso-console apply --release");
        app.db.write(move |tx| apply::release(tx, &audit)).await
    })?;
    super::say(&match count {
        0 => "No file owns anything.".to_owned(),
        count => format!("{count} fields can be changed in the console again."),
    });
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Document, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new(""));
    document::read(&name, &text, &|source| find(folder, source))
}

/// A secret, from where the file says that it is. What surrounds it is not part of it.
fn find(folder: &Path, source: Source<'_>) -> Result<Secret, String> {
    let text = match source {
        Source::File(path) => {
            let path = folder.join(path);
            std::fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?
        }
        Source::Variable(name) => variable(name)?,
    };
    let text = text.trim();
    if text.is_empty() {
        return Err("the secret is empty".into());
    }
    Ok(Secret::from(text))
}

fn variable(name: &str) -> Result<String, String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the file names the variable: no flag can stand for it"
    )]
    let value = std::env::var(name);
    value.map_err(|_| format!("the environment has no {name} that is text"))
}

/// `keep`: whether what is changed stays changed.
fn run(options: config::Options, document: Document, keep: bool) -> Result<Vec<Change>, String> {
    let file = document.file.clone();
    with_app(options, |app| async move {
        let audit = audit(&format!("sso-console apply {file}"));
        let state = app.clone();
        let act = move |tx: &mut crate::db::Tx<'_>| {
            if set_up::needed(tx)? {
                return Err(Error::Internal(
                    "nobody has set this deployment up yet: start the server and open its link"
                        .into(),
                ));
            }
            // What the server would have undone while it was down.
            connections::settle_in(tx, &audit)?;
            apply::run(tx, &state, &audit, &document)
        };
        if keep {
            app.db.write(act).await
        } else {
            tried(&app, act).await
        }
    })
}

/// Does it, and undoes it: what a plan finds out by trying leaves nothing behind.
async fn tried<F>(app: &App, act: F) -> Result<Vec<Change>, Error>
where
    F: FnOnce(&mut crate::db::Tx<'_>) -> Result<Vec<Change>, Error> + Send + 'static,
{
    let (tell, told) = std::sync::mpsc::channel();
    let undone = app
        .db
        .write(move |tx| {
            let changes = act(tx)?;
            // Nobody is there any more if this fails, and then nothing is to be said.
            let _ = tell.send(changes);
            Err::<(), _>(Error::Internal(UNDONE.into()))
        })
        .await;
    match (told.try_recv(), undone) {
        (Ok(changes), _) => Ok(changes),
        (Err(_), Err(error)) => Err(error),
        (Err(_), Ok(())) => Err(Error::Internal("the plan was not made".into())),
    }
}

const UNDONE: &str = "a plan is not kept";

fn audit(name: &str) -> Audit {
    let mut audit = Audit::of_nobody(system_clock().now(), &system_entropy(), "");
    name.clone_into(&mut audit.actor_name);
    audit
}

fn with_app<T, F>(options: config::Options, act: impl FnOnce(App) -> F) -> Result<T, String>
where
    F: Future<Output = Result<T, Error>>,
{
    let resolved = options.resolve()?;
    serve::runtime()?.block_on(async move {
        drop(serve::existing(&resolved)?);
        let app = serve::open(&resolved).await?;
        act(app).await.map_err(|error| match error {
            Error::Internal(why) => why,
            other => serve::say(&other),
        })
    })
}

fn print(changes: &[Change]) {
    for change in changes {
        let shown = |text: &str| {
            if text.is_empty() {
                "nothing".to_owned()
            } else {
                format!("{text:?}")
            }
        };
        super::say(&format!(
            "  {}: {} -> {}",
            change.field,
            shown(&change.before),
            shown(&change.after)
        ));
    }
}
