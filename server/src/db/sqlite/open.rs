//! Opens a file: ours, brought to this version's schema, or a sentence why it cannot be used.

use std::{io::Read as _, path::Path};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connect;
use crate::{db::migrations, private_files};

/// "SSOC" in ASCII: tells our files from other SQLite files.
const APPLICATION_ID: i64 = 0x5353_4f43;

pub(super) fn open(path: &Path) -> Result<Connection, String> {
    if is_another_file(path) {
        return Err(not_a_database(path));
    }
    // SQLite gives the log beside a database the mode of the database. Where no file can be made it says why.
    drop(private_files::create_new(path));
    let connection =
        connect(path, OpenFlags::SQLITE_OPEN_CREATE).map_err(|error| refused(path, &error))?;
    migrate(&connection, path)?;
    Ok(connection)
}

/// Brings the file to this version's schema, or says why that cannot be.
fn migrate(connection: &Connection, path: &Path) -> Result<(), String> {
    let say = |error: rusqlite::Error| refused(path, &error);
    connection.execute_batch("begin immediate").map_err(say)?;
    let application: i64 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(say)?;
    let version: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(say)?;
    let tables: i64 = connection
        .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
        .map_err(say)?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(format!(
            "{} is a database of another program; give another file with --database",
            path.display()
        ));
    }
    let missing = migrations::after(version, &path.display().to_string())?;
    if missing.is_empty() && application == APPLICATION_ID {
        // Nothing to do: a start writes nothing into a file that is as it should be.
        return connection.execute_batch("rollback").map_err(say);
    }
    for migration in missing {
        connection
            .execute_batch(migration.sqlite)
            .map_err(|error| {
                format!(
                    "migration {} of {}: {error}",
                    migration.name,
                    path.display()
                )
            })?;
    }
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(say)?;
    connection
        .pragma_update(None, "user_version", migrations::newest())
        .map_err(say)?;
    connection.execute_batch("commit").map_err(say)
}

pub(super) fn refused(path: &Path, error: &rusqlite::Error) -> String {
    let name = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => not_a_database(path),
        Some(ErrorCode::CannotOpen) => format!(
            "{name} cannot be opened or created; check that its folder exists and may be written"
        ),
        Some(ErrorCode::ReadOnly) => {
            format!("{name} cannot be written; check who owns the file and its folder")
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            format!("{name} is damaged ({error}); restore a backup into another file")
        }
        _ => format!("{name}: {error}"),
    }
}

fn not_a_database(path: &Path) -> String {
    format!(
        "{} is not an SQLite database; give another file with --database",
        path.display()
    )
}

/// SQLite takes a file that is shorter than its own header for a new one, and writes over it.
fn is_another_file(path: &Path) -> bool {
    let mut head = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut head));
    matches!(read, Ok(length) if length > 0 && head != *b"SQLite format 3\0")
}
