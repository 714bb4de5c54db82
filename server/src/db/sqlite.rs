//! SQLite: one writer thread that commits what is queued together, readers beside it.
//!
//! WAL with `synchronous = full`: a commit that was answered survives a power cut. One commit is
//! one fsync, so the work that waits meanwhile shares the next one.

mod open;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags, config::DbConfig, types::ValueRef,
};

use super::{DbError, Job, Param, Row, Tx, TxInner, value::Cell};
use crate::error::Error;

/// At most this many units of work share a commit.
const BATCH: usize = 256;
/// How long a connection waits for others to let go of the file.
const PATIENCE: Duration = Duration::from_secs(5);
/// In KiB, as SQLite wants it: less than nothing. It is taken as it is needed.
const WRITERS_CACHE: i64 = -16 * 1024;
/// `$1` to `$50`: the names that SQLite gives to numbered parameters of PostgreSQL's spelling.
const NAMES: [&str; 50] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28",
    "$29", "$30", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38", "$39", "$40", "$41",
    "$42", "$43", "$44", "$45", "$46", "$47", "$48", "$49", "$50",
];

#[derive(Clone)]
pub(super) struct Sqlite(Arc<Threads>);

struct Threads {
    /// None only while it is dropped.
    writer: Option<mpsc::Sender<Box<dyn Job>>>,
    writing: Option<JoinHandle<()>>,
    readers: Readers,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    path: PathBuf,
}

/// The last connection that closes puts everything into the one file: that is the writer's, and
/// whoever lets go of the database waits for it.
impl Drop for Threads {
    fn drop(&mut self) {
        self.readers.lock().clear();
        self.writer = None;
        if let Some(writing) = self.writing.take()
            // A unit of work can hold the last handle: then the writer itself is what ends here.
            && writing.thread().id() != std::thread::current().id()
        {
            // A writer that panicked has closed its connection all the same.
            let _ = writing.join();
        }
    }
}

impl Sqlite {
    pub(super) fn open(path: &Path, readers: usize) -> Result<Self, String> {
        let connection = open::open(path)?;
        // What one transaction changes has to fit: a page that is changed again after it had to
        // leave is written to the log again, and a file of people took four times as long.
        connection
            .pragma_update(None, "cache_size", WRITERS_CACHE)
            .map_err(|error| open::refused(path, &error))?;
        // What a statement or a unit of work would need to be undone stays in memory. It went to a file as soon as that
        // was 64 KiB: a row of a file of people wrote 150 kB there.
        connection
            .pragma_update(None, "temp_store", "memory")
            .map_err(|error| open::refused(path, &error))?;
        let mut idle = Vec::with_capacity(readers);
        for _ in 0..readers.max(1) {
            idle.push(
                connect(path, OpenFlags::empty()).map_err(|error| open::refused(path, &error))?,
            );
        }
        let (writer, queue) = mpsc::channel();
        let writing = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_all(&connection, &queue))
            .map_err(|error| format!("the database's writer cannot start: {error}"))?;
        Ok(Self(Arc::new(Threads {
            writer: Some(writer),
            writing: Some(writing),
            readers: Readers {
                idle: Mutex::new(idle),
                path: path.to_owned(),
            },
        })))
    }

    pub(super) fn write(&self, job: Box<dyn Job>) {
        // A job that cannot be queued is dropped, and whoever waits for it hears so.
        let _ = self.0.writer.as_ref().map(|writer| writer.send(job));
    }

    pub(super) fn read<T>(
        &self,
        act: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let idle = self.0.readers.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.0.readers.path, OpenFlags::empty())
                .map_err(|error| Error::Database(told(&error)))?,
        };
        let result = act(&mut Tx::new(TxInner::Sqlite(&connection)));
        self.0.readers.lock().push(connection);
        result
    }
}

impl Readers {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A panic of a reader leaves a list of connections that is as good as before.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(path: &Path, extra: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra,
    )?;
    // First of all, so that what comes after waits for its turn too.
    connection.busy_timeout(PATIENCE)?;
    keep_a_log(&connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -1024)?;
    // 16 MiB of log between checkpoints: the same few pages are written again and again.
    connection.pragma_update(None, "wal_autocheckpoint", 4096)?;
    // Otherwise statements are compiled anew when other values are bound: session checks ran at
    // half their speed.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// For this SQLite does not wait: of two that turn a new file over at once it refuses one.
fn keep_a_log(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        let turned = connection.pragma_update(None, "journal_mode", "wal");
        match &turned {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            _ => return turned,
        }
    }
}

/// The writer's life: wait for work, take what is queued, commit, answer all.
fn write_all(connection: &Connection, queue: &mpsc::Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        if let Err(error) = connection.prepare_cached("begin immediate").and_then(exec) {
            first.finish(Err(told(&error)));
            continue;
        }
        let mut done = vec![run_one(connection, first)];
        // A full disk can end the transaction by itself: what came after it would be committed on its
        // own, and told that it was not.
        while done.len() < BATCH
            && !connection.is_autocommit()
            && let Ok(job) = queue.try_recv()
        {
            done.push(run_one(connection, job));
        }
        let committed = connection.prepare_cached("commit").and_then(exec);
        if committed.is_err() {
            // Best effort: where the commit failed for good the transaction is gone already.
            let _ = connection.execute_batch("rollback");
        }
        for job in done {
            let outcome = match &committed {
                Ok(()) => Ok(()),
                Err(error) => Err(told(error)),
            };
            job.finish(outcome);
        }
    }
}

/// Runs one unit of work so that its failure undoes nothing of the others'.
fn run_one(connection: &Connection, mut job: Box<dyn Job>) -> Box<dyn Job> {
    let started = connection.prepare_cached("savepoint job").and_then(exec);
    let fine = started.is_ok()
        && std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            job.run(&mut Tx::new(TxInner::Sqlite(connection)))
        }))
        .unwrap_or(false);
    if !fine {
        let _ = connection.execute_batch("rollback to job");
    }
    let _ = connection.prepare_cached("release job").and_then(exec);
    job
}

fn exec(mut statement: CachedStatement<'_>) -> rusqlite::Result<()> {
    statement.raw_execute().map(drop)
}

pub(super) fn run(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<u64, DbError> {
    let mut statement = bound(connection, sql, params).map_err(|error| told(&error))?;
    let touched = statement.raw_execute().map_err(|error| told(&error))?;
    Ok(touched as u64)
}

pub(super) fn script(connection: &Connection, sql: &str) -> Result<(), DbError> {
    connection.execute_batch(sql).map_err(|error| told(&error))
}

pub(super) fn rows(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<Vec<Row>, DbError> {
    let mut statement = bound(connection, sql, params).map_err(|error| told(&error))?;
    let columns = statement.column_count();
    let mut found = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| told(&error))? {
        let mut cells = Vec::with_capacity(columns);
        for index in 0..columns {
            cells.push(cell(row.get_ref(index).map_err(|error| told(&error))?)?);
        }
        found.push(Row::new(cells));
    }
    Ok(found)
}

fn bound<'c>(
    connection: &'c Connection,
    sql: &str,
    params: &[Param<'_>],
) -> rusqlite::Result<CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(sql)?;
    for (name, param) in NAMES.iter().zip(params) {
        // `$2` gets its place by where it first stands in the text, not by its number.
        let Some(index) = statement.parameter_index(name)? else {
            continue;
        };
        match param {
            Param::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Param::Int(number) => statement.raw_bind_parameter(index, number)?,
            Param::Text(text) => statement.raw_bind_parameter(index, text)?,
            Param::Blob(bytes) => statement.raw_bind_parameter(index, bytes)?,
        }
    }
    Ok(statement)
}

fn cell(value: ValueRef<'_>) -> Result<Cell, DbError> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(|text| Cell::Text(text.to_owned()))
            .map_err(|error| DbError::Other(format!("text that is not UTF-8: {error}"))),
        ValueRef::Blob(bytes) => Ok(Cell::Blob(bytes.to_vec())),
        ValueRef::Real(number) => Err(DbError::Other(format!("a fraction: {number}"))),
    }
}

/// SQLite names the columns (`users.email`); we speak of the index (`users_email`).
pub(super) fn told(error: &rusqlite::Error) -> DbError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => match text.split_once("UNIQUE constraint failed: ")
        {
            Some((_, columns)) => DbError::Unique(unique_name(columns)),
            None => DbError::Other(text),
        },
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen,
        ) => DbError::Unavailable(text),
        _ => DbError::Other(text),
    }
}

fn unique_name(columns: &str) -> String {
    let last = columns.rsplit(", ").next().unwrap_or(columns);
    last.replace('.', "_")
}

#[cfg(test)]
pub(super) fn plan(sql: &str) -> String {
    let connection = Connection::open_in_memory().expect("in memory");
    for migration in super::migrations::after(0, "").expect("from the first") {
        connection
            .execute_batch(migration.sqlite)
            .expect("it migrates");
    }
    let mut statement = connection
        .prepare(&format!("explain query plan {sql}"))
        .expect("it can be prepared");
    let (mut rows, mut steps) = (statement.raw_query(), Vec::new());
    while let Some(row) = rows.next().expect("a plan") {
        steps.push(row.get::<_, String>(3).expect("a step"));
    }
    steps.join("\n")
}

#[cfg(test)]
mod tests;
