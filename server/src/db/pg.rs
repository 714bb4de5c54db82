//! PostgreSQL: a few threads with a connection each, one transaction a unit of work.

mod cells;
mod connector;

use std::{
    collections::HashMap,
    error::Error as _,
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use postgres::{Client, Statement, Transaction, error::SqlState, types::ToSql};

use connector::Connector;

use super::{Columns, DbError, Job, Loader, Param, Row, Tx, TxInner, migrations, value::Cell};

/// Any number: the section of the migration among all nodes.
const MIGRATION_LOCK: i64 = 0x5353_4f43;

#[derive(Clone)]
pub(super) struct Postgres {
    queue: mpsc::Sender<Box<dyn Job>>,
}

/// A connection with the statements that it has prepared.
pub(super) struct Session {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

impl Postgres {
    pub(super) fn open(url: &str, connections: usize) -> Result<Self, String> {
        let connector = Arc::new(Connector::new(url)?);
        let first = first(&connector)?;
        let (queue, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        let mut first = Some(first);
        for number in 0..connections.max(1) {
            let (connector, work, session) = (connector.clone(), work.clone(), first.take());
            std::thread::Builder::new()
                .name(format!("postgres-{number}"))
                .spawn(move || serve(&connector, &work, session.map(Session::new)))
                .map_err(|error| format!("a thread of the database cannot start: {error}"))?;
        }
        Ok(Self { queue })
    }

    pub(super) fn submit(&self, job: Box<dyn Job>) {
        // A job that cannot be queued is dropped, and whoever waits for it hears so.
        let _ = self.queue.send(job);
    }
}

/// The first connection, the schema brought up to date. On a thread of its own: the client blocks,
/// and whoever starts the server may be inside a runtime.
fn first(connector: &Arc<Connector>) -> Result<Client, String> {
    let connector = connector.clone();
    let first = std::thread::spawn(move || {
        let mut client = connector
            .connect()
            .map_err(|error| connector.refused(&error))?;
        migrate(&mut client)?;
        Ok(client)
    });
    first
        .join()
        .unwrap_or_else(|_| Err("the database's first connection panicked".into()))
}

fn refused(error: &postgres::Error) -> String {
    let why = told_in_full(error);
    format!("the database cannot be used: {why}; check --database and that PostgreSQL is running")
}

/// The library says what happened, its source why.
fn told_in_full(error: &postgres::Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

/// Brings the database to this version's schema. Of two nodes that start at once one waits.
fn migrate(client: &mut Client) -> Result<(), String> {
    let say = |error: postgres::Error| refused(&error);
    let mut tx = client.transaction().map_err(say)?;
    tx.batch_execute("set local lock_timeout = 60000; set local statement_timeout = 0")
        .map_err(say)?;
    tx.execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])
        .map_err(say)?;
    tx.batch_execute("create table if not exists schema_version (version bigint not null)")
        .map_err(say)?;
    let version = tx
        .query_opt("select version from schema_version", &[])
        .map_err(say)?
        .map_or(0, |row| row.get::<_, i64>(0));
    if version == 0 && has_other_tables(&mut tx).map_err(say)? {
        return Err(
            "the database has tables of another program; give an empty one with --database".into(),
        );
    }
    for migration in migrations::after(version, "the database")? {
        tx.batch_execute(migration.postgres)
            .map_err(|error| format!("migration {}: {}", migration.name, refused(&error)))?;
    }
    tx.batch_execute("delete from schema_version")
        .map_err(say)?;
    tx.execute(
        "insert into schema_version (version) values ($1)",
        &[&migrations::newest()],
    )
    .map_err(say)?;
    tx.commit().map_err(say)
}

/// Whether a database without our schema has something in it already.
fn has_other_tables(tx: &mut Transaction<'_>) -> Result<bool, postgres::Error> {
    let found = tx.query_opt(
        "select 1 from pg_tables
         where schemaname = current_schema() and tablename <> 'schema_version'
         limit 1",
        &[],
    )?;
    Ok(found.is_some())
}

/// A thread's life: take one unit of work, run it in a transaction, answer.
fn serve(
    connector: &Connector,
    work: &Mutex<mpsc::Receiver<Box<dyn Job>>>,
    mut session: Option<Session>,
) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        let mut live = match begun(connector, session.take()) {
            Ok(live) => live,
            Err(error) => {
                job.finish(Err(error));
                continue;
            }
        };
        let outcome = live.run_to_end(&mut job);
        // A connection to a server that became read-only, or is gone, is not kept.
        if !matches!(outcome, Err(DbError::Unavailable(_))) {
            session = Some(live);
        }
        job.finish(outcome);
    }
}

/// A connection inside a new transaction. Nothing of the work has run before that: a connection
/// that turns out to be gone is replaced, and nobody notices.
fn begun(connector: &Connector, session: Option<Session>) -> Result<Session, DbError> {
    if let Some(mut live) = session
        && live.begin().is_ok()
    {
        return Ok(live);
    }
    let client = connector
        .connect()
        .map_err(|error| DbError::Unavailable(connector.refused(&error)))?;
    let mut fresh = Session::new(client);
    fresh.begin()?;
    Ok(fresh)
}

impl Session {
    fn new(client: Client) -> Self {
        Self {
            client,
            prepared: HashMap::new(),
        }
    }

    fn begin(&mut self) -> Result<(), DbError> {
        self.client.batch_execute("begin").map_err(|e| told(&e))
    }

    fn run_to_end(&mut self, job: &mut Box<dyn Job>) -> Result<(), DbError> {
        let fine = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            job.run(&mut Tx::new(TxInner::Postgres(self)))
        }))
        .unwrap_or(false);
        let end = if fine { "commit" } else { "rollback" };
        self.client.batch_execute(end).map_err(|e| told(&e))
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, DbError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|e| told(&e))?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    pub(super) fn run(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, DbError> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        self.client
            .execute(&statement, &params)
            .map_err(|e| told(&e))
    }

    pub(super) fn script(&mut self, sql: &str) -> Result<(), DbError> {
        self.client.batch_execute(sql).map_err(|e| told(&e))
    }

    /// Takes rows in as `copy` does.
    pub(super) fn loader(&mut self, columns: &Columns) -> Result<Loader<'_>, DbError> {
        let sql = format!("copy {} ({}) from stdin", columns.table, columns.names());
        let writer = self.client.copy_in(&sql).map_err(|e| told(&e))?;
        Ok(Loader::postgres(writer))
    }

    pub(super) fn rows(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DbError> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let rows = self
            .client
            .query(&statement, &params)
            .map_err(|e| told(&e))?;
        rows.iter()
            .map(|row| {
                (0..row.len())
                    .map(|index| row.try_get::<_, Cell>(index).map_err(|e| told(&e)))
                    .collect::<Result<Vec<_>, _>>()
                    .map(Row::new)
            })
            .collect()
    }
}

pub(super) fn told(error: &postgres::Error) -> DbError {
    let Some(db) = error.as_db_error() else {
        let lost = error.is_closed()
            || error
                .source()
                .is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        return if lost {
            DbError::Unavailable(refused(error))
        } else {
            DbError::Other(refused(error))
        };
    };
    let code = db.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        DbError::Unique(db.constraint().unwrap_or_default().to_owned())
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION
        || *code == SqlState::ADMIN_SHUTDOWN
        || *code == SqlState::QUERY_CANCELED
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
        || *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::DISK_FULL
        || *code == SqlState::TOO_MANY_CONNECTIONS
    {
        DbError::Unavailable(db.to_string())
    } else {
        DbError::Other(db.to_string())
    }
}
