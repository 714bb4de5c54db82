//! `sso-console admin`: who administers, from the host, by the same rules as in the console.

use api::{Role, Status};
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
    /// Every administrator.
    List(Host),
    /// Makes a user an administrator.
    Promote(One),
    /// Makes an administrator a member, unless nobody could enter then.
    Demote(One),
}

#[derive(Debug, Args)]
struct One {
    #[command(flatten)]
    host: Host,
    /// The user's e-mail address.
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
