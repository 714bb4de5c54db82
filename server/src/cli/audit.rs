//! `sso-console audit`: what can be done with the audit log from the host, beside a running server.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};

use super::{Options as Settings, serve};
use crate::{
    audit::{self, Pages},
    db::{Db, Location},
    error::Error,
    private_files,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Verify the audit log’s integrity (exit status 1 reports the first altered, removed, or inserted entry).
    Verify(Place),
    /// Print the audit log as JSON lines, oldest first.
    Export(Place),
}

/// Where the log is.
#[derive(Debug, Args)]
struct Place {
    /// The server’s TOML configuration file.
    #[arg(long, env = "SSO_CONSOLE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// SQLite file or postgres:// URL [default: sso-console.db].
    #[arg(long, env = "SSO_CONSOLE_DATABASE", value_name = "FILE OR URL")]
    database: Option<String>,
}

/// `sso-console audit …`.
pub(super) fn run(options: Options) -> Result<ExitCode, String> {
    let runtime = serve::runtime()?;
    match options.command {
        Command::Verify(place) => runtime.block_on(verify(&open(place)?)),
        Command::Export(place) => runtime.block_on(export(open(place)?)),
    }
}

/// Opens what is there; nothing is made.
fn open(place: Place) -> Result<Db, String> {
    let settings = Settings {
        config: place.config,
        database: place.database,
        ..Settings::default()
    };
    let location = settings.resolve()?.database;
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        return Err(format!(
            "there is no database {}; name another one with --database",
            path.display()
        ));
    }
    Db::open(&location, 1)
}

async fn verify(db: &Db) -> Result<ExitCode, String> {
    let finding = audit::verify(db).await.map_err(said)?;
    if let Some((_, fault)) = finding.fault {
        super::complain(&format!(
            "the audit log is not as it was written: {fault}; the {} rows before it are",
            finding.rows
        ));
        return Ok(ExitCode::FAILURE);
    }
    let kept = if finding.pruned == 0 {
        String::new()
    } else {
        format!(" (those up to {} were removed by age)", finding.pruned)
    };
    super::say(&format!(
        "{} rows, each as it was written{kept}. The last hash is {}",
        finding.rows, finding.head
    ));
    Ok(ExitCode::SUCCESS)
}

async fn export(db: Db) -> Result<ExitCode, String> {
    let mut pages = Pages::new(db).await.map_err(said)?;
    let out = std::io::stdout();
    private_files::restrict_output(&out).map_err(|why| why.to_string())?;
    let mut out = out.lock();
    while let Some(text) = pages.next().await.map_err(said)? {
        // The reader may have seen enough.
        if out.write_all(text.as_bytes()).is_err() {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn said(error: Error) -> String {
    format!("the database: {error:?}")
}
