//! `sso-console break-glass issue`: one code for one administrator, on the server's own host. There
//! is no other way to issue one.

use api::{Role, Status};
use clap::{Args, Subcommand};

use super::host::{self, Host};
use crate::{break_glass, clock::system_entropy};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Issue a single-use code that signs an administrator in.
    Issue {
        #[command(flatten)]
        host: Host,
        /// Email of the administrator.
        #[arg(long, value_name = "E-MAIL")]
        user: String,
        /// How long the code is valid, for example 30m or 2h (24h at most).
        #[arg(long = "for", default_value = "30m", value_name = "TIME", value_parser = milliseconds)]
        lasts: i64,
    },
}

pub(super) fn run(options: Options) -> Result<(), String> {
    let Command::Issue { host, user, lasts } = options.command;
    let code = break_glass::code(&system_entropy());
    let issued = code.clone();
    let name = host.act(move |tx, audit| {
        let user = host::user(tx, &user)?;
        if user.role != Role::Admin || user.status == Status::Suspended {
            return Err(api::ProblemCode::Forbidden.into());
        }
        break_glass::issue(tx, audit, &user.id, &issued, lasts)?;
        Ok(format!("{} <{}>", user.name, user.email))
    })?;
    let minutes = lasts / 60_000;
    super::say(&format!(
        "A code for {name}, good for one sign-in within {minutes} minutes:\n\n  {code}\n\n\
         It is used on the sign-in page, under \"Trouble signing in?\". It is shown this once, and \
         the audit log says that it was issued."
    ));
    Ok(())
}

/// `90s`, `30m`, `2h` in milliseconds.
fn milliseconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no time such as 30m or 2h, of 24h at most");
    let (number, unit) = text
        .char_indices()
        .next_back()
        .map(|(at, _)| text.split_at(at))
        .ok_or_else(wrong)?;
    let unit = match unit {
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    number
        .parse::<i64>()
        .ok()
        .and_then(|number| number.checked_mul(unit))
        .filter(|all| (60_000..=break_glass::ISSUED_MAX).contains(all))
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_and_its_limits() {
        assert_eq!(milliseconds("30m"), Ok(1_800_000));
        assert_eq!(milliseconds("24h"), Ok(86_400_000));
        assert_eq!(milliseconds("90s"), Ok(90_000));
        for wrong in [
            "",
            "m",
            "30",
            "-5m",
            "0m",
            "25h",
            "1d",
            "9999999999999999999h",
            "30é",
        ] {
            assert!(milliseconds(wrong).is_err(), "{wrong:?}");
        }
    }
}
