//! What cannot be opened is named, with what to do about it, and is left as it was.

use std::sync::{Arc, Barrier};

use server::db::{Db, Location};

use super::{Folder, refusal};
use crate::{
    desk::{Desk, Engine, postgres_named, postgres_server},
    on_both,
};

fn expect_words(why: &str, words: &[&str]) {
    for word in words {
        assert!(why.contains(word), "{why:?} does not say {word:?}");
    }
}

#[test]
fn a_path_that_can_be_no_database_is_named_with_what_to_do() {
    let folder = Folder::new();
    let text = folder.file("notes.txt");
    std::fs::write(
        &text,
        "Not a database at all, but a long enough text.".repeat(100),
    )
    .expect("written");
    let short = folder.file("short.db");
    std::fs::write(&short, "x").expect("written");
    let below_a_file = text.join("x.db");
    let missing = folder.file("no/such/folder/x.db");
    for (path, what_to_do) in [
        (&folder.0, "check that its folder exists and may be written"),
        (&missing, "check that its folder exists and may be written"),
        (
            &below_a_file,
            "check that its folder exists and may be written",
        ),
        (
            &text,
            "is not an SQLite database; give another file with --database",
        ),
        (
            &short,
            "is not an SQLite database; give another file with --database",
        ),
    ] {
        let why = refusal(&Location::Sqlite(path.clone()));
        expect_words(&why, &[&path.display().to_string(), what_to_do]);
    }
    assert!(
        std::fs::read_to_string(&text)
            .expect("read")
            .starts_with("Not a database")
    );
    assert_eq!(std::fs::read_to_string(&short).expect("read"), "x");
    let names: Vec<_> = std::fs::read_dir(&folder.0).expect("a folder").collect();
    assert_eq!(names.len(), 2, "something was left behind: {names:?}");
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    let folder = Folder::new();
    let path = folder.file("other.db");
    let other = rusqlite::Connection::open(&path).expect("made");
    other
        .execute_batch("create table users (n integer); insert into users values (7)")
        .expect("filled");
    drop(other);
    let before = std::fs::read(&path).expect("read");
    let why = refusal(&Location::Sqlite(path.clone()));
    expect_words(
        &why,
        &["other.db", "is a database of another program", "--database"],
    );
    let again = rusqlite::Connection::open(&path).expect("still a database");
    let kept: i64 = again
        .query_row("select n from users", [], |row| row.get(0))
        .expect("a row");
    assert_eq!(kept, 7);
    let tables: i64 = again
        .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(tables, 1, "a table of ours was made");
    assert!(before.len() <= std::fs::read(&path).expect("read").len());
}

#[test]
fn a_damaged_database_is_said_to_be_damaged() {
    let folder = Folder::new();
    let path = folder.file("damaged.db");
    drop(Db::open(&Location::Sqlite(path.clone()), 1).expect("made"));
    // The writer's thread lets go of the file a moment after its handle.
    let fold = rusqlite::Connection::open(&path).expect("opened");
    fold.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        .expect("folded");
    drop(fold);
    let mut bytes = std::fs::read(&path).expect("read");
    let end = bytes.len();
    bytes[100..end].fill(0xaa);
    std::fs::write(&path, bytes).expect("written");
    let why = refusal(&Location::Sqlite(path));
    expect_words(&why, &["damaged.db", "is damaged", "restore a backup"]);
}

#[test]
fn a_postgresql_that_cannot_be_reached_is_said_so_and_no_password_is_repeated() {
    let missing = postgres_named(&postgres_server(), "sso_no_such_database");
    for (url, words) in [
        (
            "postgres://sso:pass-word@127.0.0.1:9/sso",
            &["cannot be used", "refused", "--database"][..],
        ),
        (
            "postgres://sso:pass-word@no-such-host.invalid/sso",
            &["cannot be used", "--database"],
        ),
        (
            "postgres://sso:pass-word@127.0.0.1:port/sso",
            &["cannot be read", "postgres://user@host/name"],
        ),
        (
            "postgres://sso:pass-word@127.0.0.1/sso?unknown=1",
            &["cannot be read", "unknown"],
        ),
        (
            &missing,
            &["cannot be used", "sso_no_such_database", "--database"],
        ),
    ] {
        let why = refusal(&Location::Postgres(url.to_owned()));
        expect_words(&why, words);
        assert!(!why.contains("pass-word"), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_database_of_another_program_is_left_alone() {
    // The desk only lends its database: its tables go, another program's come.
    let desk = Desk::new(Engine::Postgres).await;
    desk.execute(
        "drop schema public cascade; create schema public;
         create table users (n bigint); insert into users values (7)",
    )
    .await;
    let before = desk.dump().await;
    let location = desk.location.clone();
    let why = tokio::task::spawn_blocking(move || refusal(&location))
        .await
        .expect("an answer");
    expect_words(&why, &["tables of another program", "--database"]);
    assert!(before == desk.dump().await);
}

on_both! {
    async fn a_newer_databases_schema_is_not_touched_by_an_older_program(desk: Desk) {
        desk.administrator().await;
        match desk.location {
            Location::Sqlite(_) => desk.execute("pragma user_version = 99").await,
            Location::Postgres(_) => desk.execute("update schema_version set version = 99").await,
        }
        let before = desk.dump().await;
        let location = desk.location.clone();
        let why = tokio::task::spawn_blocking(move || refusal(&location)).await.expect("an answer");
        expect_words(&why, &["schema version 99", "knows up to", "run the newer program"]);
        assert!(before == desk.dump().await);
    }

    async fn opening_again_changes_nothing_and_keeps_everything(desk: Desk) {
        let mut admin = desk.administrator().await;
        let before = desk.dump().await;
        let again = desk.another().await;
        assert!(before == desk.dump().await);
        assert!(admin.at(&again).is_signed_in().await);
        assert!(admin.is_signed_in().await);
    }

    async fn of_many_nodes_that_open_a_new_database_at_once_each_gets_a_good_one(desk: Desk) {
        for round in 0..20 {
            let location = match &desk.location {
                Location::Sqlite(path) => {
                    Location::Sqlite(path.with_file_name(format!("fresh-{round}.db")))
                }
                Location::Postgres(_) if round > 0 => break,
                Location::Postgres(_) => {
                    desk.execute("drop schema public cascade; create schema public").await;
                    desk.location.clone()
                }
            };
            let at_once = Arc::new(Barrier::new(4));
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..4 {
                let (location, at_once) = (location.clone(), Arc::clone(&at_once));
                tasks.spawn_blocking(move || {
                    at_once.wait();
                    Db::open(&location, 1).map(drop)
                });
            }
            for opened in tasks.join_all().await {
                opened.expect("opened");
            }
        }
    }
}

#[test]
fn the_two_engines_have_the_same_tables_columns_and_unique_names() {
    /// What of a migration has to be alike: names of tables, columns and indexes.
    fn names(sql: &str) -> Vec<String> {
        let mut names = Vec::new();
        for line in sql.lines().map(str::trim) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["create", ..] => {
                    names.push(line.split(" strict").next().unwrap_or(line).to_owned());
                }
                [] | ["--" | ")" | ");", ..] => {}
                [name, ..] => names.push((*name).to_owned()),
            }
        }
        names.retain(|name| !name.starts_with(')'));
        names
    }
    let sqlite = names(include_str!("../../../migrations/sqlite/0001_first.sql"));
    let postgres = names(include_str!("../../../migrations/postgres/0001_first.sql"));
    assert!(sqlite.len() > 60, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}
