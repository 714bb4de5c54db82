//! `sso-console users`: people from a file and into one, from the host, by the same rules as the API.

use std::{io::Write as _, path::PathBuf, pin::pin, process::ExitCode, time::Duration};

use api::{
    FieldError, Role, Status,
    users::{
        AttentionKind, BadRow, FILE_MAX, Import, ImportColumns, ImportState, LastSignIn, UserQuery,
        UserSort,
    },
};
use clap::{Args, Subcommand};
use futures_util::StreamExt as _;
use zeroize::Zeroizing;

use super::{host::Host, serve};
use crate::{
    App, Settings,
    audit::Audit,
    clock::{system_clock, system_entropy},
    db::Db,
    error::Error,
    set_up, users,
};

/// What the program ends with when rows could not be taken.
const BAD_ROWS: u8 = 1;
/// How often it is looked how far the work is.
const EVERY: Duration = Duration::from_millis(20);

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says what each row of a CSV file would do, and with --apply takes all that can be taken;
    /// exit status 1 if a row cannot.
    Import(ImportOptions),
    /// Prints users as CSV.
    Export(ExportOptions),
}

#[derive(Debug, Args)]
struct ImportOptions {
    /// UTF-8 or UTF-16, with commas, semicolons or tabs, and a head.
    file: PathBuf,
    /// Only says what would be done; so it does unless told otherwise.
    #[arg(long, conflicts_with = "apply")]
    dry_run: bool,
    /// Takes every row that can be taken, all of them or none.
    #[arg(long)]
    apply: bool,
    /// The head of the column with names, where it is not to be guessed.
    #[arg(long, value_name = "HEAD")]
    name: Option<String>,
    /// The head of the column with e-mail addresses.
    #[arg(long, value_name = "HEAD")]
    email: Option<String>,
    /// The head of the column with Okta logins.
    #[arg(long, value_name = "HEAD")]
    okta_login: Option<String>,
    /// The head of the column with roles.
    #[arg(long, value_name = "HEAD")]
    role: Option<String>,
    /// Writes the rows that cannot be taken into this file, to mend and load again.
    #[arg(long, value_name = "FILE")]
    bad_rows: Option<PathBuf>,
    /// Prints what the API would answer.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    host: Host,
}

#[derive(Debug, Args)]
struct ExportOptions {
    /// Words of names and addresses.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// inactive, active, needs_attention or suspended.
    #[arg(long, value_parser = |text: &str| Status::from_code(text).ok_or("no status"))]
    status: Option<Status>,
    /// admin or member.
    #[arg(long, value_parser = |text: &str| Role::from_code(text).ok_or("no role"))]
    role: Option<Role>,
    /// login_changed or second_identity.
    #[arg(long, value_parser = |text: &str| AttentionKind::from_code(text).ok_or("no kind"))]
    attention: Option<AttentionKind>,
    /// never, before:TIME or after:TIME, in milliseconds since 1970.
    #[arg(long, value_name = "WHEN",
          value_parser = |text: &str| LastSignIn::from_code(text).ok_or("no such time"))]
    last_sign_in: Option<LastSignIn>,
    /// The column to sort by, as in the console's address.
    #[arg(long, value_name = "COLUMN",
          value_parser = |text: &str| UserSort::from_code(text).ok_or("no such column"))]
    sort: Option<UserSort>,
    /// The other way round.
    #[arg(long)]
    descending: bool,
    #[command(flatten)]
    host: Host,
}

/// `sso-console users …`.
pub(super) fn run(options: Options) -> Result<ExitCode, String> {
    let runtime = serve::runtime()?;
    match options.command {
        Command::Import(options) => runtime.block_on(import(options)),
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

async fn import(options: ImportOptions) -> Result<ExitCode, String> {
    let path = options.file.display();
    let size = std::fs::metadata(&options.file).map_err(|why| format!("{path}: {why}"))?;
    if size.len() > FILE_MAX as u64 {
        return Err(format!(
            "{path} is larger than {FILE_MAX} bytes: cut it in parts"
        ));
    }
    let bytes = std::fs::read(&options.file).map_err(|why| format!("{path}: {why}"))?;
    let db = open(options.host).await?;
    let columns = ImportColumns {
        name: options.name,
        email: options.email,
        okta_login: options.okta_login,
        role: options.role,
    };
    // What users are needs no secret to be opened: the server's key stays where it is.
    let key = Zeroizing::new(system_entropy().bytes());
    let settings = Settings::new("http://localhost");
    let app = App::new(db, system_clock(), system_entropy(), &key, settings)?;
    let audit = Audit::of_nobody(app.clock.now(), &app.entropy, "command line");
    let begun = users::load_import(&app, &audit, &bytes, &columns).await;
    let begun = begun.map_err(|error| words(&error))?;
    let mut import = ended(&app, &begun.id).await?;
    if options.apply && import.state == ImportState::Checked {
        let started = users::start_import(&app, &audit, &import.id).await;
        let started = started.map_err(|error| words(&error))?;
        import = ended(&app, &started.id).await?;
    }
    if let Some(path) = options.bad_rows.filter(|_| import.bad > 0) {
        let id = import.id.clone();
        let text = app.db.read(move |tx| users::bad_csv(tx, &id)).await;
        let text = text.map_err(|error| words(&error))?;
        std::fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    if options.json {
        let text = serde_json::to_string_pretty(&import).map_err(|why| why.to_string())?;
        super::say(&text);
    } else {
        super::say(&report(&import));
    }
    match import.state {
        ImportState::Failed => {
            Err("a row could no longer be taken, and nothing was changed".into())
        }
        ImportState::Checking | ImportState::Checked | ImportState::Running | ImportState::Done => {
            Ok(ExitCode::from(if import.bad > 0 { BAD_ROWS } else { 0 }))
        }
    }
}

/// Waits until nothing moves any more.
async fn ended(app: &App, id: &str) -> Result<Import, String> {
    loop {
        let id = id.to_owned();
        let import = app.db.read(move |tx| users::import(tx, &id)).await;
        let import = import.map_err(|error| words(&error))?;
        match import.state {
            ImportState::Checking | ImportState::Running => tokio::time::sleep(EVERY).await,
            ImportState::Checked | ImportState::Done | ImportState::Failed => return Ok(import),
        }
    }
}

fn report(import: &Import) -> String {
    let is_done = import.state == ImportState::Done;
    let (made, changed) = if is_done {
        ("created", "changed")
    } else {
        ("to create", "to change")
    };
    let mut lines = vec![format!(
        "{} rows: {} {made}, {} {changed}, {} as they are, {} that cannot be taken",
        import.rows, import.create, import.change, import.skip, import.bad
    )];
    lines.extend(import.bad_rows.iter().map(bad));
    let shown = import.bad_rows.len() as u64;
    if import.bad > shown {
        lines.push(format!(
            "  … and {} more: see --bad-rows",
            import.bad - shown
        ));
    }
    if !is_done && import.create + import.change > 0 {
        lines.push("Nothing was changed. --apply does it.".into());
    }
    lines.join("\n")
}

fn bad(row: &BadRow) -> String {
    let why = code(&row.why);
    match (&row.field, &row.fault) {
        (Some(field), Some(fault)) => format!("  line {}: {field}: {}", row.line, code(fault)),
        (Some(_) | None, _) => format!("  line {}: {why}", row.line),
    }
}

/// The word that the API has for it.
fn code(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

async fn export(options: ExportOptions) -> Result<ExitCode, String> {
    let mut query = UserQuery {
        sort: options.sort.unwrap_or_default(),
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
    let mut out = std::io::stdout().lock();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| words(&error))?;
        if let Err(why) = out.write_all(&part) {
            // Whoever reads has seen enough.
            if why.kind() == std::io::ErrorKind::BrokenPipe {
                return Ok(ExitCode::SUCCESS);
            }
            return Err(why.to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One sentence for whoever sits at the terminal.
fn words(error: &Error) -> String {
    match error {
        Error::Invalid(errors) => fields(errors),
        Error::Refused(_)
        | Error::LockoutRisk(_)
        | Error::TooMany(_)
        | Error::Database(_)
        | Error::Internal(_) => serve::say(error),
    }
}

fn fields(errors: &[FieldError]) -> String {
    let one = |it: &FieldError| format!("{}: {}", it.field.replace('_', "-"), code(&it.fault));
    errors.iter().map(one).collect::<Vec<_>>().join(", ")
}
