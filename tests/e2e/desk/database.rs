//! A database of its own for each test: a file, or a database of the PostgreSQL that runs the tests.

use std::sync::atomic::{AtomicU32, Ordering};

use server::db::Location;

use crate::{driver, told};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A new, empty database.
pub(super) async fn new(engine: Engine) -> Location {
    match engine {
        Engine::Sqlite => Location::Sqlite(driver::folder().join("test.db")),
        Engine::Postgres => Location::Postgres(postgres().await),
    }
}

async fn postgres() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = told("SSO_CONSOLE_TEST_POSTGRES").expect(
        "SSO_CONSOLE_TEST_POSTGRES names the PostgreSQL of the tests: run them with `cargo xtask test`",
    );
    let name = format!(
        "sso_e2e_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::SeqCst)
    );
    let (server, sql) = (url.clone(), format!("create database {name}"));
    // This client blocks, and the test's own runtime must not.
    let create = move || {
        let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL");
        client.batch_execute(&sql).expect("a database is created");
    };
    tokio::task::spawn_blocking(create)
        .await
        .expect("the database was created");
    let (before, query) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = before.rsplit_once('/').expect("a URL with a database");
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{query}")
    };
    format!("{server}/{name}{query}")
}
