//! A process that dies in the middle of its transaction: nothing of it is left, and users sign in as before.

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use api::{Provider, paths};
use server::db::Location;

use super::{database, on_host};
use crate::{
    command_line::Killed,
    desk::{ADMIN, Desk, PASSWORD},
    on_both,
};

/// Longer than a command takes to come to its last statement, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than SQLite's writer keeps in memory: what is beyond it is in the log before the commit.
const SPILLED: u64 = 24 << 20;

/// Keeps a transaction from its end. Every change writes the audit log last, so whatever is held there has done all else
/// and committed nothing.
enum Hold {
    /// A trigger of the audit log that writes more than the memory takes, and then counts without an end.
    Sqlite(PathBuf),
    /// The table is locked by a transaction of the test.
    Postgres {
        url: String,
        release: mpsc::Sender<()>,
        holder: JoinHandle<()>,
    },
}

/// Triggers take no `with`, but views that have one.
const HOLD: &str = "
    create table held (bytes blob);
    create view held_many as
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 12000) select i from n;
    create view held_endless as
      with recursive n(i) as (select 1 union all select i + 1 from n) select i from n;
    create trigger holds after insert on audit_events begin
      insert into held select zeroblob(4000) from held_many;
      insert into held select i from held_endless where i < 0;
    end;";

const RELEASE: &str = "
    drop trigger holds; drop view held_endless; drop view held_many; drop table held;";

/// Backends that have written something and wait for the audit log.
const WAITING: &str = "
    select count(*) from pg_stat_activity a join pg_locks l on l.pid = a.pid
    where a.datname = current_database() and a.backend_xid is not null
      and l.relation = 'audit_events'::regclass and not l.granted";

impl Hold {
    /// Returns once the next change will be held.
    fn new(location: &Location) -> Self {
        match location {
            Location::Sqlite(path) => {
                execute(path, HOLD);
                Self::Sqlite(path.clone())
            }
            Location::Postgres(url) => {
                let (release, released) = mpsc::channel();
                let (ready, is_ready) = mpsc::channel();
                let mut client =
                    postgres::Client::connect(url, postgres::NoTls).expect("it connects");
                let holder = std::thread::spawn(move || {
                    let mut tx = client.transaction().expect("it begins");
                    tx.batch_execute("lock table audit_events in access exclusive mode")
                        .expect("it is locked");
                    ready.send(()).expect("the test waits");
                    released.recv().expect("the test releases it");
                });
                is_ready.recv().expect("it is locked");
                Self::Postgres {
                    url: url.clone(),
                    release,
                    holder,
                }
            }
        }
    }

    /// Whether a transaction is held: it has written, and is not committed.
    fn has_one(&self) -> bool {
        match self {
            Self::Sqlite(path) => log_size(path) > SPILLED && rows_held(path) == 0,
            Self::Postgres { url, .. } => {
                let mut client =
                    postgres::Client::connect(url, postgres::NoTls).expect("it connects");
                let row = client.query_one(WAITING, &[]).expect("it answers");
                row.get::<_, i64>(0) == 1
            }
        }
    }

    /// Waits until a transaction is held.
    fn until_it_has_one(&self) {
        let start = Instant::now();
        while !self.has_one() {
            assert!(start.elapsed() < PATIENCE, "no transaction is held");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn release(self) {
        match self {
            Self::Sqlite(path) => execute(&path, RELEASE),
            Self::Postgres {
                release, holder, ..
            } => {
                release.send(()).expect("it is locked");
                holder.join().expect("it ends");
            }
        }
    }
}

fn execute(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).expect("it opens");
    connection.execute_batch(sql).expect("it is done");
    // The size of the log says from here on what the next transaction wrote.
    let checkpoint = "pragma wal_checkpoint(truncate)";
    let is_busy: i64 = connection
        .query_row(checkpoint, [], |row| row.get(0))
        .expect("a checkpoint");
    assert_eq!(is_busy, 0, "somebody else reads the log");
}

/// Bytes of SQLite's log.
fn log_size(path: &Path) -> u64 {
    let log = PathBuf::from(format!("{}-wal", path.display()));
    std::fs::metadata(log).map_or(0, |it| it.len())
}

/// What others see of the rows that the trigger writes.
fn rows_held(path: &Path) -> i64 {
    let connection = rusqlite::Connection::open(path).expect("it opens");
    connection
        .query_row("select count(*) from held", [], |row| row.get(0))
        .expect("it is counted")
}

/// Runs the command and kills it in the middle of its transaction.
async fn killed(desk: &Desk, words: &[&str]) {
    let mut arguments: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    arguments.extend(["--database".to_owned(), database(desk)]);
    let location = desk.location.clone();
    tokio::task::spawn_blocking(move || {
        let hold = Hold::new(&location);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let process = Killed::start(&arguments);
        hold.until_it_has_one();
        assert!(process.kill(), "{arguments:?} ended by itself");
        hold.release();
    })
    .await
    .expect("it is killed");
}

on_both! {
    async fn killed_command_leaves_nothing_of_its_transaction(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.recovery_codes(&mut admin).await;
        let okta = |word| ["connection", "okta", word];

        let before = desk.dump().await;
        killed(&desk, &okta("enable")).await;
        let after = desk.dump().await;
        assert!(before == after, "{:?}", before.differs_from(&after));
        let entered = [("email", ADMIN), ("password", PASSWORD)];
        desk.browser().form(paths::AUTH_PASSWORD, &entered).await.expect_location("/");
        // Nothing stays locked, and the same works once nobody kills it.
        let (code, said) = on_host(&desk, &okta("enable")).await;
        assert!(code == 0 && said.contains("Okta: trial"), "{said}");

        let before = desk.dump().await;
        killed(&desk, &okta("revert")).await;
        let after = desk.dump().await;
        assert!(before == after, "{:?}", before.differs_from(&after));
        // The binary has the system's clock, which went on while this test's stood still.
        desk.pass(60);
        desk.confirm(ADMIN).await.expect_status(200);
        let before = desk.dump().await;
        killed(&desk, &okta("disable")).await;
        let after = desk.dump().await;
        assert!(before == after, "{:?}", before.differs_from(&after));
        desk.sign_in(&mut desk.browser(), Provider::Okta, ADMIN).await.expect_location("/");
        let (code, said) = on_host(&desk, &okta("disable")).await;
        assert!(code == 0, "{said}");
        desk.browser().form(paths::AUTH_PASSWORD, &entered).await.expect_location("/");
    }
}
