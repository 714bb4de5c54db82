//! `sso-console connection`: a connection's life from the host, through the same functions and the
//! same guards as in the console.

use api::{Connection, Provider};
use clap::{Args, Subcommand, ValueEnum};

use super::host::Host;
use crate::connections::{self, Which, Why};

#[derive(Debug, Args)]
pub(super) struct Options {
    provider: Named,
    #[command(subcommand)]
    command: Command,
}

/// The providers, as words of the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Named {
    Okta,
    Google,
    Microsoft,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the state and what is required before it can be enabled.
    Status(Host),
    /// Enable verified settings; starts a 15-minute trial for Okta.
    Enable(Host),
    /// Not available here: a trial is confirmed from a new Okta session.
    Confirm,
    /// Revert the Okta trial now.
    Revert(Host),
    /// Disable the connection.
    Disable(Host),
}

pub(super) fn run(options: Options) -> Result<(), String> {
    let provider = match options.provider {
        Named::Okta => Provider::Okta,
        Named::Google => Provider::Google,
        Named::Microsoft => Provider::Microsoft,
    };
    let shown = match options.command {
        Command::Status(host) => {
            host.act(move |tx, audit| connections::one(tx, provider, "", audit.now))
        }
        Command::Enable(host) => host.act(move |tx, audit| {
            let row = connections::hold(tx, provider)?;
            connections::on(tx, audit, "", provider, row, Which::Shown)?;
            connections::one(tx, provider, "", audit.now)
        }),
        Command::Revert(host) => host.act(move |tx, audit| {
            connections::hold(tx, provider)?;
            connections::undo_trial(tx, audit, "", Why::ByHand)?;
            connections::one(tx, provider, "", audit.now)
        }),
        Command::Disable(host) => host.act(move |tx, audit| {
            let row = connections::hold(tx, provider)?;
            connections::off(tx, audit, "", provider, row)?;
            connections::one(tx, provider, "", audit.now)
        }),
        Command::Confirm => {
            return Err(
                "confirm_from_okta: a trial is confirmed in the console, by an administrator who \
                 signed in through Okta after it began: that is what it is to show"
                    .into(),
            );
        }
    }?;
    super::say(&words(&shown));
    Ok(())
}

fn words(it: &Connection) -> String {
    let mut lines = vec![format!("{}: {}", it.provider.name(), it.state.code())];
    if let Some(settings) = &it.settings {
        lines.push(format!("  issuer     {}", settings.issuer));
        lines.push(format!("  client ID  {}", settings.client_id));
    }
    if it.unverified {
        lines.push("  these settings aren’t verified".into());
    }
    for missing in &it.guard {
        if let Ok(word) = serde_json::to_value(missing) {
            lines.push(format!(
                "  missing    {}",
                word.as_str().unwrap_or_default()
            ));
        }
    }
    if it.trial.is_some() {
        lines.push("  on trial: an administrator has to confirm it from a new Okta session".into());
    }
    lines.join("\n")
}
