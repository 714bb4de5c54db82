//! The database: one SQL text for SQLite and PostgreSQL, in transactions that are plain functions.
//!
//! A unit of work is a closure over [`Tx`]. SQLite has one writer thread that takes whatever is
//! queued into one commit, and readers beside it; PostgreSQL has a few threads with a connection
//! each. Nothing awaits inside a transaction, so none can be left open by a dropped request.

mod load;
mod migrations;
mod pg;
mod sqlite;
mod texts;
mod value;

use std::path::PathBuf;

pub(crate) use load::{Columns, Loader};
#[cfg(test)]
pub(crate) use texts::Planned;
pub(crate) use texts::Texts;
pub(crate) use value::params;
pub use value::{Param, Row};

use crate::{audit::chain, error::Error};

/// What the database itself answered. Its text is for the log only.
#[derive(Debug)]
pub enum DbError {
    /// A unique index refused the row; its name, such as `users_email`.
    Unique(String),
    /// Cannot be reached, is full, or is busy beyond its time limit.
    Unavailable(String),
    /// Anything else: a fault of ours.
    Other(String),
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

impl Location {
    /// A path, `sqlite:path`, or a `postgres://` URL. Fails with a sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .unwrap_or(text);
        if path.is_empty() {
            Err("the database is empty: give a file such as sso-console.db, or postgres://…".into())
        } else if path.contains("://") {
            Err(format!(
                "the database {text:?} is neither a file nor a postgres:// URL"
            ))
        } else {
            Ok(Self::Sqlite(path.into()))
        }
    }
}

/// A locked section among the nodes; SQLite has one writer and needs none.
#[derive(Clone, Copy, Debug)]
pub enum Lock {
    /// Whoever changes who is an administrator.
    Administrators = 1,
    /// Whoever switches connections.
    Connections = 2,
    /// The set-up.
    SetUp = 3,
    /// Whoever gives out an e-mail or a login, which must not be another user's either way.
    Logins = 4,
    /// Whoever changes the webhook.
    Webhook = 41,
    /// Whoever applies a file, or rotates the encryption key.
    File = 42,
    /// Whoever renames the organization.
    Organization = 43,
}

/// A handle; clones share the same threads.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(pg::Postgres),
}

/// One transaction.
pub struct Tx<'a> {
    inner: TxInner<'a>,
    /// What is written when all else is done. The chain has one end, which whoever writes holds
    /// until the commit: taken last it is held shortly, and never while waiting for something else.
    last: Vec<chain::Entry>,
    /// Rows that were read, for whoever watches the cost.
    #[cfg(test)]
    pub(crate) read: usize,
}

enum TxInner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut pg::Session),
}

/// A unit of work as the engines see it: run inside a transaction, told how the commit went.
trait Job: Send {
    /// Whether the work succeeded; if not its effects are undone.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    fn finish(self: Box<Self>, committed: Result<(), DbError>);
}

struct Work<F, T> {
    act: Option<F>,
    result: Option<Result<T, Error>>,
    reply: tokio::sync::oneshot::Sender<Result<T, Error>>,
}

impl<F, T> Job for Work<F, T>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send,
    T: Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = self.act.take().map(|act| {
            let value = act(tx)?;
            tx.write_last()?;
            Ok(value)
        });
        let fine = matches!(result, Some(Ok(_)));
        self.result = result;
        fine
    }

    fn finish(self: Box<Self>, committed: Result<(), DbError>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            // A refusal of ours stands whether or not the others' work was committed.
            (Err(_), Some(Err(error))) => Err(error),
            (Err(error), _) => Err(Error::Database(error)),
            (Ok(()), None) => Err(Error::Database(DbError::Other("never ran".into()))),
        };
        // Whoever asked may be gone: the work is done all the same.
        let _ = self.reply.send(result);
    }
}

impl Db {
    /// Opens, checks and migrates. `threads`: readers of SQLite, connections of PostgreSQL.
    /// Fails with a sentence for the operator.
    pub fn open(location: &Location, threads: usize) -> Result<Self, String> {
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path, threads)?),
            Location::Postgres(url) => Engine::Postgres(pg::Postgres::open(url, threads)?),
        };
        Ok(Self { engine })
    }

    /// Runs one transaction that may write; its effects are durable when this returns.
    pub async fn write<F, T>(&self, act: F) -> Result<T, Error>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let (job, reply) = job(act);
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(job),
            Engine::Postgres(postgres) => postgres.submit(job),
        }
        answer(reply).await
    }

    /// Runs one transaction that only reads, away from the request's thread.
    pub async fn read<F, T>(&self, act: F) -> Result<T, Error>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => {
                let sqlite = sqlite.clone();
                tokio::task::spawn_blocking(move || sqlite.read(act))
                    .await
                    .map_err(|error| Error::Internal(format!("a reader: {error}")))?
            }
            Engine::Postgres(postgres) => {
                let (job, reply) = job(act);
                postgres.submit(job);
                answer(reply).await
            }
        }
    }

    /// Looks a few rows up by key. In SQLite that takes microseconds and happens in place, so
    /// nothing that scans may come here.
    pub async fn peek<F, T>(&self, act: F) -> Result<T, Error>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(act),
            Engine::Postgres(_) => self.read(act).await,
        }
    }

    /// Whether this is the embedded database.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }
}

type Reply<T> = tokio::sync::oneshot::Receiver<Result<T, Error>>;

fn job<F, T>(act: F) -> (Box<dyn Job>, Reply<T>)
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = tokio::sync::oneshot::channel();
    let work = Work {
        act: Some(act),
        result: None,
        reply,
    };
    (Box::new(work), answer)
}

async fn answer<T>(reply: Reply<T>) -> Result<T, Error> {
    reply.await.unwrap_or_else(|_| {
        Err(Error::Database(DbError::Unavailable(
            "the database's thread has ended".into(),
        )))
    })
}

impl<'a> Tx<'a> {
    fn new(inner: TxInner<'a>) -> Self {
        Self {
            inner,
            last: Vec::new(),
            #[cfg(test)]
            read: 0,
        }
    }
}

impl Tx<'_> {
    /// Adds to the audit log, at the end of this transaction.
    pub(crate) fn note(&mut self, entry: chain::Entry) {
        self.last.push(entry);
    }

    fn write_last(&mut self) -> Result<(), Error> {
        let entries = std::mem::take(&mut self.last);
        chain::append(self, entries)
    }

    /// Does something that may be refused: then it is as if it had never been, audit rows and all,
    /// and the transaction goes on. None: refused.
    pub(crate) fn attempt<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let noted = self.last.len();
        self.run("savepoint attempt", &[])?;
        let done = match act(self) {
            Ok(done) => Some(done),
            Err(Error::Refused(_) | Error::Invalid(_) | Error::LockoutRisk(_)) => {
                self.run("rollback to savepoint attempt", &[])?;
                self.last.truncate(noted);
                None
            }
            Err(error) => return Err(error),
        };
        self.run("release savepoint attempt", &[])?;
        Ok(done)
    }

    /// Whether this is the embedded database.
    pub(crate) fn is_embedded(&self) -> bool {
        matches!(self.inner, TxInner::Sqlite(_))
    }

    /// Runs a statement; the number of rows that it touched.
    pub fn run(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        match &mut self.inner {
            TxInner::Sqlite(connection) => sqlite::run(connection, sql, params),
            TxInner::Postgres(session) => session.run(sql, params),
        }
        .map_err(Error::Database)
    }

    /// Every row of a query.
    pub fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        let rows = match &mut self.inner {
            TxInner::Sqlite(connection) => sqlite::rows(connection, sql, params),
            TxInner::Postgres(session) => session.rows(sql, params),
        }
        .map_err(Error::Database)?;
        #[cfg(test)]
        {
            self.read += rows.len();
        }
        Ok(rows)
    }

    /// The first row of a query, if there is one.
    pub fn row(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// Runs statements without parameters, whose text is made at run time.
    pub(crate) fn script(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.inner {
            TxInner::Sqlite(connection) => sqlite::script(connection, sql),
            TxInner::Postgres(session) => session.script(sql),
        }
        .map_err(Error::Database)
    }

    /// Puts many rows into a table, as fast as the engine takes them.
    pub(crate) fn load(
        &mut self,
        columns: &Columns,
        fill: impl FnOnce(&mut Loader<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut loader = match &mut self.inner {
            TxInner::Sqlite(connection) => Loader::sqlite(connection, columns),
            TxInner::Postgres(session) => session.loader(columns),
        }
        .map_err(Error::Database)?;
        fill(&mut loader)?;
        loader.end().map_err(Error::Database)
    }

    /// Waits until no other transaction, on any node, is inside the same section.
    pub fn lock(&mut self, lock: Lock) -> Result<(), Error> {
        match &mut self.inner {
            TxInner::Sqlite(_) => Ok(()),
            TxInner::Postgres(session) => session
                .rows("select pg_advisory_xact_lock($1)", params![lock as i64])
                .map(drop)
                .map_err(Error::Database),
        }
    }

    /// Waits until nobody is inside the section, and keeps everybody out who would take it for
    /// themselves; any number of transactions can share it.
    pub fn share(&mut self, lock: Lock) -> Result<(), Error> {
        match &mut self.inner {
            TxInner::Sqlite(_) => Ok(()),
            TxInner::Postgres(session) => session
                .rows(
                    "select pg_advisory_xact_lock_shared($1)",
                    params![lock as i64],
                )
                .map(drop)
                .map_err(Error::Database),
        }
    }
}

/// Another schema is another word.
#[must_use]
pub fn schema() -> String {
    migrations::fingerprint()
}

/// How SQLite would run a statement on the schema of this version, a step a line.
#[cfg(test)]
pub(crate) fn plan(sql: &str) -> String {
    sqlite::plan(sql)
}
