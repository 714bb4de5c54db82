//! A process that dies in the middle of a switch: nothing of it is left, and everybody enters as before.

use std::sync::mpsc;

use api::{Provider, paths};
use server::db::Location;

use super::{database, on_host};
use crate::{
    command_line::Killed,
    desk::{ADMIN, Desk, PASSWORD},
    on_both,
};

/// Somebody else has the end of the audit log, which every change takes last: whoever changes
/// something waits there with all else done. On SQLite they wait for their turn before anything.
struct Held {
    release: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Held {
    /// Returns once it is held.
    fn new(location: &Location) -> Self {
        let (release, released) = mpsc::channel::<()>();
        let (ready, is_ready) = mpsc::channel();
        let location = location.clone();
        let thread = std::thread::spawn(move || match location {
            Location::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).expect("it opens");
                connection
                    .execute_batch("begin immediate")
                    .expect("it is held");
                ready.send(()).expect("the test waits");
                released.recv().expect("the test releases it");
            }
            Location::Postgres(url) => {
                let mut client =
                    postgres::Client::connect(&url, postgres::NoTls).expect("it opens");
                let mut tx = client.transaction().expect("it begins");
                tx.batch_execute("lock table audit_events in access exclusive mode")
                    .expect("it is held");
                ready.send(()).expect("the test waits");
                released.recv().expect("the test releases it");
            }
        });
        is_ready.recv().expect("it is held");
        Self { release, thread }
    }

    fn release(self) {
        self.release.send(()).expect("it is held");
        self.thread.join().expect("it ends");
    }
}

/// Waits until the process stands in front of what is held; on SQLite nothing shows that.
fn until_it_waits(location: &Location) {
    let Location::Postgres(url) = location else {
        return;
    };
    let mut client = postgres::Client::connect(url, postgres::NoTls).expect("it opens");
    let waiting = "select count(*) from pg_locks l join pg_database d on d.oid = l.database
                   where d.datname = current_database() and not l.granted";
    for _ in 0..6000 {
        let n: i64 = client.query_one(waiting, &[]).expect("it is asked").get(0);
        if n > 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it never came so far");
}

/// Runs the command and kills it in the middle of its change.
async fn killed(desk: &Desk, words: &[&str]) {
    let held = Held::new(&desk.location);
    let mut arguments: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    arguments.extend(["--database".to_owned(), database(desk)]);
    let location = desk.location.clone();
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let process = Killed::start(&arguments);
        until_it_waits(&location);
        process.kill();
    })
    .await
    .expect("it is killed");
    held.release();
}

on_both! {
    async fn a_switch_that_dies_in_the_middle_did_not_happen(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.recovery_codes(&mut admin).await;
        let okta = |word| ["connection", "okta", word];

        let before = desk.dump().await;
        killed(&desk, &okta("switch-on")).await;
        let after = desk.dump().await;
        assert!(before == after, "{:?}", before.differs_from(&after));
        let entered = [("email", ADMIN), ("password", PASSWORD)];
        desk.browser().form(paths::AUTH_PASSWORD, &entered).await.expect_location("/");
        // Nothing stays locked, and the same works once nobody kills it.
        let (code, said) = on_host(&desk, &okta("switch-on")).await;
        assert!(code == 0 && said.contains("Okta: trial"), "{said}");

        let before = desk.dump().await;
        killed(&desk, &okta("undo")).await;
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
