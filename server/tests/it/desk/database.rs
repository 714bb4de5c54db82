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

/// Where a test's database is; gone with the test.
pub(crate) enum Place {
    Folder(PathBuf),
    Database { server: String, name: String },
}

impl Drop for Place {
    fn drop(&mut self) {
        // What cannot be removed is left behind: that is no reason for a test to fail.
        match self {
            Self::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Self::Database { server, name } => {
                let sql = format!("drop database if exists {name} with (force)");
                drop(on_server(server, sql).join());
            }
        }
    }
}

/// A new, empty database.
pub(crate) fn new(engine: Engine) -> (Location, Place) {
    let name = format!(
        "sso_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::SeqCst)
    );
    match engine {
        Engine::Sqlite => {
            let folder = std::env::temp_dir().join(&name);
            std::fs::create_dir_all(&folder).expect("a temporary folder");
            let location = Location::Sqlite(folder.join("test.db"));
            (location, Place::Folder(folder))
        }
        Engine::Postgres => {
            let server = server();
            on_server(&server, format!("create database {name}"))
                .join()
                .expect("the thread ends")
                .expect("the database is created");
            let location = Location::Postgres(named(&server, &name));
            (location, Place::Database { server, name })
        }
    }
}

/// The URL of the PostgreSQL of the tests.
pub(crate) fn server() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told where their PostgreSQL is"
    )]
    std::env::var("SSO_CONSOLE_TEST_POSTGRES").expect(
        "SSO_CONSOLE_TEST_POSTGRES names the PostgreSQL of the tests: run them with `cargo xtask test`",
    )
}

/// The client blocks, and the test's own runtime must not.
fn on_server(server: &str, sql: String) -> std::thread::JoinHandle<Result<(), postgres::Error>> {
    let server = server.to_owned();
    std::thread::spawn(move || {
        postgres::Client::connect(&server, postgres::NoTls)?.batch_execute(&sql)
    })
}

/// The URL of another database of the same server.
pub(crate) fn named(url: &str, name: &str) -> String {
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = before.rsplit_once('/').expect("a URL with a database");
    if query.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{query}")
    }
}
