//! What a transaction promises: alone or in company, it is done as a whole or not at all.

use server::{
    db::{Db, DbError, Location},
    error::Error,
};

use crate::on_both;

async fn numbers(db: &Db) -> u64 {
    db.read(|tx| {
        tx.row("select count(*) from numbers", &[])?
            .expect("a row")
            .count()
    })
    .await
    .expect("a count")
}

fn insert(tx: &mut server::db::Tx<'_>, number: i64) -> Result<(), Error> {
    tx.run("insert into numbers (n) values ($1)", &[number.into()])
        .map(drop)
}

async fn prepared(db: &Db) {
    db.write(|tx| {
        tx.run("create table numbers (n bigint not null)", &[])?;
        tx.run("create unique index numbers_n on numbers (n)", &[])
            .map(drop)
    })
    .await
    .expect("prepared");
}

/// As SQLite does by itself when the disk is full.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_the_engine_ended_is_told_to_all_and_holds_nobody_behind_it() {
    let folder = super::Folder::new();
    let db = Db::open(&Location::Sqlite(folder.file("sso.db")), 1).expect("a database");
    prepared(&db).await;
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let write = |number: i64| {
        let db = db.clone();
        tokio::spawn(async move { db.write(move |tx| insert(tx, number)).await })
    };
    let held = {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(move |tx| {
                wait.recv().expect("a word");
                insert(tx, 1)
            })
            .await
        })
    };
    let (before, ended) = (write(2), {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(|tx| {
                insert(tx, 3)?;
                tx.run("rollback", &[])?;
                Err::<(), _>(api::ProblemCode::Changed.into())
            })
            .await
        })
    });
    let after: Vec<_> = (4..20).map(write).collect();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    go.send(()).expect("somebody waits");
    let mut told = vec![
        (1, held.await.expect("no panic").is_ok()),
        (2, before.await.expect("no panic").is_ok()),
        (3, ended.await.expect("no panic").is_ok()),
    ];
    for (number, task) in (4..20).zip(after) {
        told.push((number, task.await.expect("no panic").is_ok()));
    }
    for (number, is_there) in told {
        let found = db
            .read(move |tx| tx.row("select 1 from numbers where n = $1", &[number.into()]))
            .await
            .expect("read");
        assert_eq!(
            found.is_some(),
            is_there,
            "{number} was told something else"
        );
    }
}

on_both! {
    async fn work_that_fails_in_company_undoes_nothing_of_the_others(desk: Desk) {
        let db = &desk.app.db;
        prepared(db).await;
        let (go, wait) = std::sync::mpsc::channel::<()>();
        // Holds the writer back, so that what follows is queued and shares a commit.
        let holding = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(move |tx| {
                    wait.recv().expect("a word");
                    insert(tx, 1000)
                })
                .await
            }
        });
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..60_i64 {
            let db = db.clone();
            tasks.spawn(async move {
                let outcome = db
                    .write(move |tx| {
                        insert(tx, number)?;
                        match number % 4 {
                            // A refusal of ours, a database's own, a panic: after a row was written.
                            1 => Err(api::ProblemCode::Changed.into()),
                            2 => insert(tx, number),
                            3 => panic!("on purpose"),
                            _ => Ok(()),
                        }
                    })
                    .await;
                (number, outcome)
            });
        }
        tokio::task::yield_now().await;
        go.send(()).expect("somebody waits");
        holding.await.expect("no panic").expect("written");
        for (number, outcome) in tasks.join_all().await {
            match (number % 4, outcome) {
                (0, Ok(())) | (1, Err(Error::Refused(api::ProblemCode::Changed))) => {}
                (2, Err(Error::Database(DbError::Unique(name)))) => assert_eq!(name, "numbers_n"),
                (3, Err(error)) => assert_eq!(error.code(), api::ProblemCode::Internal),
                (_, outcome) => panic!("{number} ended with {outcome:?}"),
            }
        }
        assert_eq!(numbers(db).await, 16);
    }

    async fn a_panic_in_a_reader_is_that_readers_alone(desk: Desk) {
        let db = &desk.app.db;
        prepared(db).await;
        for _ in 0..5 {
            let outcome = db.read(|_| -> Result<(), Error> { panic!("on purpose") }).await;
            assert_eq!(outcome.expect_err("a panic").code(), api::ProblemCode::Internal);
        }
        assert_eq!(numbers(db).await, 0);
        desk.administrator().await;
    }

    async fn work_goes_on_when_whoever_asked_has_left(desk: Desk) {
        let db = &desk.app.db;
        prepared(db).await;
        for number in 0..20_i64 {
            // Polled once, so that the work is queued, and then dropped.
            let work = db.write(move |tx| insert(tx, number));
            drop(tokio::time::timeout(std::time::Duration::ZERO, work).await);
        }
        // On one writer or many connections: whatever was queued before is done by then.
        for _ in 0..200 {
            if numbers(db).await == 20 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(numbers(db).await, 20);
    }

    async fn an_act_whose_audit_row_cannot_be_written_does_not_happen(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = serde_json::json!({ "name": "G", "email": "g@x.example", "role": "member" });
        let made = admin.post(api::paths::USERS, &user).await.expect_status(201).json;
        let id = made["id"].as_str().expect("an id");
        desk.execute("alter table audit_events rename to audit_gone").await;
        let before = desk.dump().await;
        let other = serde_json::json!({ "name": "H", "email": "h@x.example", "role": "member" });
        let null = serde_json::Value::Null;
        for reply in [
            admin.post(api::paths::USERS, &other).await,
            admin.put(&api::paths::user(id), 1, &other).await,
            admin.post(&api::paths::suspend(id), &null).await,
            admin.delete(&api::paths::user(id)).await,
            admin.put(api::paths::ORGANIZATION, 1, &serde_json::json!({ "name": "X" })).await,
            desk.save_okta(&mut admin.clone(), "company.okta.com").await,
            admin.form(api::paths::AUTH_SIGN_OUT, &[]).await,
        ] {
            assert_eq!(reply.status, 500, "{}", reply.text);
        }
        let after = desk.dump().await;
        assert!(before == after, "changed {:?}", after.differs_from(&before));
        assert!(admin.is_signed_in().await);
    }

    async fn a_database_that_is_busy_for_too_long_is_unavailable_and_then_works_again(desk: Desk) {
        let mut admin = desk.administrator().await;
        let hold = hold(desk.location.clone()).await;
        let user = serde_json::json!({ "name": "G", "email": "g@x.example", "role": "member" });
        let reply = admin.post(api::paths::USERS, &user).await.expect_status(503);
        assert_eq!(reply.code(), "unavailable");
        assert_eq!(reply.header("retry-after"), "5");
        hold.send(()).expect("it is held still");
        admin.post(api::paths::USERS, &user).await.expect_status(201);
    }
}

/// Another program holds what a new user needs, until it is told to let go.
async fn hold(location: Location) -> std::sync::mpsc::Sender<()> {
    let (release, released) = std::sync::mpsc::channel();
    let (held, holding) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || match location {
        Location::Sqlite(path) => {
            let other = rusqlite::Connection::open(path).expect("opened");
            other.execute_batch("begin immediate").expect("held");
            held.send(()).expect("somebody waits");
            let _ = released.recv();
        }
        Location::Postgres(url) => {
            let mut other = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
            other
                .batch_execute("begin; lock table users in access exclusive mode")
                .expect("held");
            held.send(()).expect("somebody waits");
            let _ = released.recv();
        }
    });
    holding.await.expect("it is held");
    release
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_comes_back_by_itself_after_its_connections_were_cut() {
    let desk = crate::desk::Desk::new(crate::desk::Engine::Postgres).await;
    let mut admin = desk.administrator().await;
    for _ in 0..3 {
        desk.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await;
        let mut statuses = Vec::new();
        for _ in 0..6 {
            statuses.push(admin.get(api::paths::READYZ).await.status.as_u16());
        }
        assert_eq!(statuses, [200; 6], "somebody noticed");
        assert!(admin.is_signed_in().await);
    }
}
