//! `sso-console users import`: says what a file would do, does it, and says what came of it.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use api::users::{ChangedRow, FILE_MAX, Import, ImportColumns, ImportState, InvalidRow};
use clap::Args;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::{code, open, words};
use crate::{
    App, Settings,
    audit::Audit,
    cli::{host::Host, say},
    clock::{system_clock, system_entropy},
    private_files, users,
};

/// What the program ends with when rows could not be taken.
const INVALID_ROWS: u8 = 1;
/// So long it waits before it goes on with what the database failed; after the last it gives up.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

#[derive(Debug, Args)]
pub(super) struct Options {
    /// CSV file in UTF-8 or UTF-16, separated by commas, semicolons, or tabs, with a header row.
    file: PathBuf,
    /// Only preview what would change (default).
    #[arg(long, conflicts_with = "apply")]
    dry_run: bool,
    /// Import all valid rows, or none.
    #[arg(long)]
    apply: bool,
    /// Header of the name column, if it isn’t detected.
    #[arg(long, value_name = "HEAD")]
    name: Option<String>,
    /// Header of the email column.
    #[arg(long, value_name = "HEAD")]
    email: Option<String>,
    /// Header of the Okta login column.
    #[arg(long, value_name = "HEAD")]
    okta_login: Option<String>,
    /// Header of the role column.
    #[arg(long, value_name = "HEAD")]
    role: Option<String>,
    /// Write the invalid rows to this file, readable by its owner only, to fix and import again.
    #[arg(long, value_name = "FILE")]
    invalid_rows: Option<PathBuf>,
    /// Print the API response.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    host: Host,
}

/// `sso-console users import`.
pub(super) async fn run(options: Options) -> Result<ExitCode, String> {
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
    let audit = Audit::of_nobody(app.clock.now(), &app.entropy, api::audit::COMMAND_LINE);
    let started = users::load_import(&app, &audit, &bytes, &columns).await;
    let (started, worker) = started.map_err(|error| words(&error))?;
    let mut import = ended(&app, &started.id, worker).await?;
    if options.apply && import.state == ImportState::Checked {
        let started = users::start_import(&app, &audit, &import.id).await;
        let (started, worker) = started.map_err(|error| words(&error))?;
        import = ended(&app, &started.id, worker).await?;
    }
    if let Some(path) = options.invalid_rows.filter(|_| import.invalid > 0) {
        let id = import.id.clone();
        let text = app.db.read(move |tx| users::bad_csv(tx, &id)).await;
        let text = text.map_err(|error| words(&error))?;
        private_files::create(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_ref()))
            .map_err(|why| format!("{}: {why}", path.display()))?;
    }
    if options.json {
        let text = serde_json::to_string_pretty(&import).map_err(|why| why.to_string())?;
        say(&text);
    } else {
        say(&report(&import));
    }
    match import.state {
        ImportState::Failed => Err(failed(&import)),
        ImportState::Checking | ImportState::Checked | ImportState::Running | ImportState::Done => {
            Ok(ExitCode::from(if import.invalid > 0 {
                INVALID_ROWS
            } else {
                0
            }))
        }
    }
}

/// Waits for the worker, and goes on with its work where the database failed it.
async fn ended(app: &App, id: &str, mut worker: JoinHandle<()>) -> Result<Import, String> {
    let (mut pauses, mut done) = (PAUSES.into_iter(), None);
    loop {
        // One that panicked has said so, and is one that stopped.
        drop(worker.await);
        let job = id.to_owned();
        let import = app.db.read(move |tx| users::import(tx, &job)).await;
        let import = import.map_err(|error| words(&error))?;
        match import.state {
            ImportState::Checking => {
                return Err(
                    "the database failed before every row was looked at, and nothing was changed"
                        .into(),
                );
            }
            ImportState::Running => {}
            ImportState::Checked | ImportState::Done | ImportState::Failed => return Ok(import),
        }
        if done.replace(import.done) != Some(import.done) {
            pauses = PAUSES.into_iter();
        }
        let Some(pause) = pauses.next() else {
            return Err(format!(
                "the database failed after {} of {} rows: a server on this database goes on with it",
                import.done, import.rows
            ));
        };
        tokio::time::sleep(pause).await;
        worker = tokio::spawn(users::run_import(app.clone(), id.to_owned()));
    }
}

/// What is said of a file that went back.
fn failed(import: &Import) -> String {
    let why = import.refused_line.map_or_else(
        || "the file could not be taken".to_owned(),
        |line| format!("line {line} could no longer be taken"),
    );
    let whom = match import.stayed {
        0 => return format!("{why}, and nothing was changed"),
        1 => "1 user whom".to_owned(),
        many => format!("{many} users whom"),
    };
    format!(
        "{why}: the file was rolled back, but for {whom} another administrator changed meanwhile"
    )
}

fn report(import: &Import) -> String {
    let is_done = import.state == ImportState::Done;
    let (made, changed) = if is_done {
        ("created", "changed")
    } else {
        ("to create", "to change")
    };
    let mut lines = vec![format!(
        "{} rows: {} {made}, {} {changed}, {} unchanged, {} invalid",
        import.rows, import.create, import.change, import.skip, import.invalid
    )];
    lines.extend(import.changed_rows.iter().map(change));
    let shown = import.changed_rows.len() as u64;
    if import.change > shown {
        lines.push(format!("  … and {} more changes", import.change - shown));
    }
    lines.extend(import.invalid_rows.iter().map(bad));
    let shown = import.invalid_rows.len() as u64;
    if import.invalid > shown {
        lines.push(format!(
            "  … and {} more: see --invalid-rows",
            import.invalid - shown
        ));
    }
    if import.state == ImportState::Checked && import.create + import.change > 0 {
        lines.push("Nothing was changed. --apply does it.".into());
    }
    lines.join("\n")
}

fn change(row: &ChangedRow) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
    let changes: Vec<String> = row
        .changes
        .iter()
        .map(|it| format!("{} {} -> {}", it.field, side(&it.before), side(&it.after)))
        .collect();
    format!("  line {}: {}: {}", row.line, row.name, changes.join(", "))
}

fn bad(row: &InvalidRow) -> String {
    let why = code(&row.why);
    match (&row.field, &row.fault) {
        (Some(field), Some(fault)) => format!("  line {}: {field}: {}", row.line, code(fault)),
        (Some(_) | None, _) => format!("  line {}: {why}", row.line),
    }
}
