//! What the commands on the host have in common: the database itself, whether a server runs on it
//! or not, and the words for what was refused.

use std::path::PathBuf;

use api::{ProblemCode, User};
use clap::Args;

use super::config;
use crate::{
    audit::Audit,
    clock::{system_clock, system_entropy},
    connections,
    db::{Db, Location, Tx, params},
    error::Error,
    set_up, users,
};

/// Where the database is, as for `serve`.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Host {
    /// The server’s TOML configuration file.
    #[arg(long, env = "SSO_CONSOLE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// SQLite file or postgres:// URL [default: sso-console.db].
    #[arg(long, env = "SSO_CONSOLE_DATABASE", value_name = "FILE OR URL")]
    database: Option<String>,
}

impl Host {
    /// Opens what is there; nothing is made.
    pub(super) fn open(self) -> Result<Db, String> {
        let file = match &self.config {
            Some(path) => config::read(path)?,
            None => config::File::default(),
        };
        let location = file.database(self.database)?;
        if let Location::Sqlite(path) = &location
            && !path.exists()
        {
            return Err(format!(
                "there is no database {}; name it with --database",
                path.display()
            ));
        }
        Db::open(&location, 1)
    }

    /// Acts on the database in one transaction. A trial that is over is undone before.
    pub(super) fn act<T: Send + 'static>(
        self,
        act: impl FnOnce(&mut Tx<'_>, &Audit) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, String> {
        let db = self.open()?;
        let audit = Audit::of_nobody(
            system_clock().now(),
            &system_entropy(),
            api::audit::COMMAND_LINE,
        );
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("the runtime cannot start: {error}"))?;
        runtime
            .block_on(db.write(move |tx| {
                if set_up::needed(tx)? {
                    return Err(ProblemCode::NotFound.into());
                }
                connections::settle_in(tx, &audit)?;
                act(tx, &audit)
            }))
            .map_err(|error| words(&error))
    }
}

/// The user with this e-mail address.
pub(super) fn user(tx: &mut Tx<'_>, email: &str) -> Result<User, Error> {
    let email = api::Email::parse(email).map_err(|fault| Error::field("user", fault))?;
    let row = tx.row(
        "select id from users where email = $1",
        params![email.as_str()],
    )?;
    match row {
        Some(mut row) => users::find(tx, &row.text()?),
        None => Err(ProblemCode::NotFound.into()),
    }
}

/// One sentence for the terminal.
fn words(error: &Error) -> String {
    match error {
        Error::Refused(ProblemCode::NotFound) => {
            "there is no such user here, or nobody has set this deployment up yet".into()
        }
        Error::Refused(ProblemCode::Forbidden) => {
            "this user is no administrator, or is suspended".into()
        }
        Error::Refused(ProblemCode::IllegalMove) => {
            "illegal_move: the connection cannot do this in its present state; see `status`".into()
        }
        Error::Refused(ProblemCode::LastAdministrator) => {
            "last_administrator: this would leave no administrator able to sign in".into()
        }
        Error::Refused(ProblemCode::OktaActive) => {
            "okta_active: Okta is on, so Google and Microsoft stay off".into()
        }
        Error::LockoutRisk(missing) => {
            let list: Vec<String> = missing
                .iter()
                .filter_map(|it| serde_json::to_value(it).ok())
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect();
            format!(
                "lockout_risk: before it can be enabled there has to be: {}",
                list.join(", ")
            )
        }
        Error::Invalid(_) => "this is not an e-mail address".into(),
        Error::Refused(_)
        | Error::TooMany(_)
        | Error::Busy(_)
        | Error::Database(_)
        | Error::Internal(_) => super::serve::say(error),
    }
}
