//! `sso-console admin`: who administers, from the host, by the same rules as in the console.

use api::{Role, Status, users::ConfirmIdentity};
use clap::{Args, Subcommand};

use super::host::{self, Host};
use crate::{db::params, users};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List administrators.
    List(Host),
    /// Make a user an administrator.
    Promote(One),
    /// Make an administrator a member, unless this would lock administrators out.
    Demote(One),
    /// Confirm that the Okta account refused last for this administrator is theirs.
    ConfirmIdentity(Confirm),
}

#[derive(Debug, Args)]
struct Confirm {
    #[command(flatten)]
    one: One,
    /// Login of the Okta account, if several were refused.
    #[arg(long, value_name = "LOGIN")]
    login: Option<String>,
}

#[derive(Debug, Args)]
struct One {
    #[command(flatten)]
    host: Host,
    /// Email of the user.
    #[arg(long, value_name = "E-MAIL")]
    user: String,
}

pub(super) fn run(options: Options) -> Result<(), String> {
    let said = match options.command {
        Command::List(host) => host.act(|tx, _| {
            let mut lines = Vec::new();
            let rows = tx.rows(
                "select id from users where role = 'admin' order by sort_name",
                params![],
            )?;
            for mut row in rows {
                let user = users::find(tx, &row.text()?)?;
                let suspended = match user.status {
                    Status::Suspended => "  suspended",
                    Status::Inactive | Status::Active | Status::NeedsAttention => "",
                };
                lines.push(format!("{} <{}>{suspended}", user.name, user.email));
            }
            Ok(lines.join("\n"))
        }),
        Command::Promote(one) => one.becomes(Role::Admin),
        Command::Demote(one) => one.becomes(Role::Member),
        Command::ConfirmIdentity(it) => it.confirm(),
    }?;
    super::say(&said);
    Ok(())
}

impl One {
    fn becomes(self, role: Role) -> Result<String, String> {
        let email = self.user;
        self.host.act(move |tx, audit| {
            let user = host::user(tx, &email)?;
            let user = users::set_role(tx, audit, &user.id, role)?;
            let is = match user.role {
                Role::Admin => "an administrator",
                Role::Member => "a member",
            };
            Ok(format!("{} <{}> is {is}", user.name, user.email))
        })
    }
}

impl Confirm {
    fn confirm(self) -> Result<String, String> {
        let (email, login) = (self.one.user, self.login);
        self.one.host.act(move |tx, audit| {
            let user = host::user(tx, &email)?;
            let login = login.map(|it| it.trim().to_ascii_lowercase());
            let waiting = users::unconfirmed(tx, &user.id)?;
            let wanted = waiting
                .into_iter()
                .find(|it| login.is_none() || it.login == login);
            let Some(account) = wanted else {
                return Ok(format!(
                    "no Okta account waits to be confirmed as {}; sign in with it once, then run this again",
                    user.email
                ));
            };
            let shown = ConfirmIdentity {
                issuer: account.issuer.clone(),
                sub: account.sub.clone(),
            };
            users::confirm_unconfirmed(tx, audit, &user.id, &shown)?;
            Ok(format!(
                "{} at {} is confirmed as {} <{}>; the next sign-in with it is linked",
                account.login.unwrap_or(account.sub),
                account.issuer,
                user.name,
                user.email
            ))
        })
    }
}
