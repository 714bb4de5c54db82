//! `sso-console users`: people from a file and into one, from the host, by the same rules as the API.

mod import;

use std::{io::Write as _, pin::pin, process::ExitCode};

use api::{
    FieldError, Role, Status,
    users::{AttentionKind, LastSignIn, UserQuery, UserSort},
};
use clap::{Args, Subcommand};
use futures_util::StreamExt as _;

use super::{host::Host, serve};
use crate::{db::Db, error::Error, private_files, set_up, users};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Preview what each row of a CSV file would do; --apply imports all valid rows (exit status 1
    /// if a row is invalid).
    Import(import::Options),
    /// Print users as CSV.
    Export(ExportOptions),
}

#[derive(Debug, Args)]
struct ExportOptions {
    /// Words from names or addresses.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// inactive, active, needs_attention, or suspended.
    #[arg(long, value_parser = |text: &str| Status::from_code(text).ok_or("no status"))]
    status: Option<Status>,
    /// admin or member.
    #[arg(long, value_parser = |text: &str| Role::from_code(text).ok_or("no role"))]
    role: Option<Role>,
    /// login_changed or second_identity.
    #[arg(long, value_parser = |text: &str| AttentionKind::from_code(text).ok_or("no kind"))]
    attention: Option<AttentionKind>,
    /// never, before:TIME, or after:TIME (milliseconds since 1970-01-01 UTC).
    #[arg(long, value_name = "WHEN",
          value_parser = |text: &str| LastSignIn::from_code(text).ok_or("no such time"))]
    last_sign_in: Option<LastSignIn>,
    /// Column to sort by.
    #[arg(long, value_name = "COLUMN",
          value_parser = |text: &str| UserSort::from_code(text).ok_or("no such column"))]
    sort: Option<UserSort>,
    /// Reverse the sort order.
    #[arg(long)]
    descending: bool,
    #[command(flatten)]
    host: Host,
}

/// `sso-console users …`.
pub(super) fn run(options: Options) -> Result<ExitCode, String> {
    let runtime = serve::runtime()?;
    match options.command {
        Command::Import(options) => runtime.block_on(import::run(options)),
        Command::Export(options) => runtime.block_on(export(options)),
    }
}

/// The database of a deployment that was set up.
async fn open(host: Host) -> Result<Db, String> {
    let db = host.open()?;
    if db.read(set_up::needed).await.map_err(|e| words(&e))? {
        return Err("nobody has set this deployment up yet".into());
    }
    Ok(db)
}

/// The word that the API has for it.
fn code(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

async fn export(options: ExportOptions) -> Result<ExitCode, String> {
    let mut query = UserQuery {
        sort: options.sort,
        descending: options.descending,
        ..UserQuery::default()
    };
    query.filter.search = options.search;
    query.filter.status = options.status;
    query.filter.role = options.role;
    query.filter.attention = options.attention;
    query.filter.last_sign_in = options.last_sign_in;
    query.filter = query.filter.checked().map_err(|error| fields(&[error]))?;
    let db = open(options.host).await?;
    let mut parts = pin!(users::export_parts(db, query));
    let out = std::io::stdout();
    private_files::restrict_output(&out).map_err(|why| why.to_string())?;
    let mut out = out.lock();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| words(&error))?;
        if let Err(why) = out.write_all(&part) {
            // The reader has seen enough.
            if why.kind() == std::io::ErrorKind::BrokenPipe {
                return Ok(ExitCode::SUCCESS);
            }
            return Err(why.to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One sentence for the terminal.
fn words(error: &Error) -> String {
    match error {
        Error::Invalid(errors) => fields(errors),
        Error::Refused(_)
        | Error::LockoutRisk(_)
        | Error::TooMany(_)
        | Error::Busy(_)
        | Error::Database(_)
        | Error::Internal(_) => serve::say(error),
    }
}

fn fields(errors: &[FieldError]) -> String {
    let one = |it: &FieldError| format!("{}: {}", it.field.replace('_', "-"), code(&it.fault));
    errors.iter().map(one).collect::<Vec<_>>().join(", ")
}
