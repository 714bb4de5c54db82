//! A database of its own for each test: a file, or a database of the PostgreSQL that runs the tests.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use server::db::Location;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A new, empty database; for SQLite the folder to remove afterwards.
pub(super) fn new(engine: Engine) -> (Location, Option<PathBuf>) {
    let name = format!(
        "sso_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::SeqCst)
    );
    match engine {
        Engine::Sqlite => {
            let folder = std::env::temp_dir().join(&name);
            std::fs::create_dir_all(&folder).expect("a temporary folder");
            (Location::Sqlite(folder.join("test.db")), Some(folder))
        }
        Engine::Postgres => (Location::Postgres(postgres(&name)), None),
    }
}

fn postgres(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told where their PostgreSQL is")]
    let url = std::env::var("SSO_CONSOLE_TEST_POSTGRES").expect(
        "SSO_CONSOLE_TEST_POSTGRES names the PostgreSQL of the tests: run them with `cargo xtask test`",
    );
    let sql = format!("create database {name}");
    let server = url.clone();
    // The client blocks, and the test's own runtime must not.
    std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL");
        client.batch_execute(&sql).expect("a database is created");
    })
    .join()
    .expect("the database was created");
    let (before, query) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = before.rsplit_once('/').expect("a URL with a database");
    if query.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{query}")
    }
}
