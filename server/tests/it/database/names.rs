//! A database that was filled under the old names: after its migration everything reads as before.

use std::fmt::Write as _;

use std::path::{Path, PathBuf};

use api::connections::Verification;
use serde_json::{Value, json};
use server::{db::Location, sealing::Sealing};
use zeroize::Zeroizing;

use crate::{
    break_glass::on_host,
    desk::{Desk, KEY},
    on_both,
};

/// The schema before the names changed.
const BEFORE: usize = 12;
const ADA: &str = "019abcde-0000-7000-8000-000000000001";

/// Rows of every table whose names or codes changed. `{now}`, `{hash}` and `{key}` are filled in; `{b:…}` is a blob.
const ROWS: &str = include_str!("names.sql");

/// The migrations up to `BEFORE`.
fn schema(engine: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(engine);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("migrations")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let texts = files.iter().take(BEFORE);
    texts
        .map(|path| std::fs::read_to_string(path).expect("a migration"))
        .collect()
}

/// The rows in one engine's words.
fn rows(now: i64, hash: &str, blob: fn(&str) -> String) -> String {
    let mut key = String::new();
    for byte in Sealing::new(&Zeroizing::new(KEY), &[], "the test's file").key_id() {
        let _ = write!(key, "{byte:02x}");
    }
    let text = ROWS
        .replace("{now}", &now.to_string())
        .replace("{hash}", hash)
        .replace("{key}", &format!("{{b:{key}}}"));
    let mut parts = text.split("{b:");
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_once('}').expect("a blob ends");
        done.push_str(&blob(hex));
        done.push_str(rest);
    }
    done
}

/// Fills a database as an older program did, and opens it with this one. The first desk keeps the files.
async fn migrated(mut desk: Desk) -> (Desk, Desk) {
    drop(desk.administrator().await);
    let users = desk.dump().await.rows("users");
    let hash = users[0]["password_hash"].clone();
    let now = desk.app.clock.now();
    desk.location = tokio::task::spawn_blocking({
        let location = desk.location.clone();
        move || match location {
            Location::Sqlite(path) => {
                let path = path.with_file_name("older.db");
                let rows = rows(now, &hash, |hex| format!("x'{hex}'"));
                let connection = rusqlite::Connection::open(&path).expect("made");
                let id: i64 = rusqlite::Connection::open(path.with_file_name("test.db"))
                    .and_then(|it| it.pragma_query_value(None, "application_id", |row| row.get(0)))
                    .expect("an id");
                connection
                    .execute_batch(&format!(
                        "{}; {rows}; pragma application_id = {id}; pragma user_version = {BEFORE};",
                        schema("sqlite")
                    ))
                    .expect("filled");
                Location::Sqlite(path)
            }
            Location::Postgres(url) => {
                let rows = rows(now, &hash, |hex| format!("'\\x{hex}'::bytea"));
                let mut client =
                    postgres::Client::connect(&url, postgres::NoTls).expect("connected");
                client
                    .batch_execute(&format!(
                        "drop schema public cascade; create schema public; {}; {rows};
                         create table schema_version (version bigint not null);
                         insert into schema_version (version) values ({BEFORE});",
                        schema("postgres")
                    ))
                    .expect("filled");
                Location::Postgres(url)
            }
        }
    })
    .await
    .expect("it ends");
    let migrated = desk.another().await;
    (desk, migrated)
}

on_both! {
    async fn migration_keeps_rows_readable_under_new_names(desk: Desk) {
        let (_files, desk) = migrated(desk).await;
        let mut admin = desk.browser_of_admin().await;

        let list = admin.get(api::paths::CONNECTIONS).await.expect_status(200).json;
        let states: Vec<_> = list["connections"].as_array().expect("a list").iter().map(|it| &it["state"]).collect();
        assert_eq!(states, [&json!("verified"), &json!("connected"), &json!("disabled_by_okta")]);
        assert_eq!(list["connections"][1]["failure"]["cause"], "linked_to_other");
        assert!(list["connections"][0]["reverted_at"].is_i64());
        assert_eq!(list["connections"][0]["secret"]["expires_on"], "2027-06-30");

        let report = admin.get(&api::paths::checks(api::Provider::Okta)).await.expect_status(200).json;
        let run = &report["latest"];
        assert_eq!((&run["trigger"], &run["verdict"]), (&json!("daily"), &json!("inconclusive")));
        assert_eq!(run["checks"][0], json!({
            "kind": "client", "verdict": "inconclusive", "cause": "client_requires_key",
            "likely": ["signing_key_unknown", "client_refused"], "received": "a \"seen\": word",
            "fix": { "action": "take_issuer", "issuer": "https://acme.okta.com" }, "duration_ms": 12,
        }));

        let user = admin.get(&api::paths::user(ADA)).await.expect_status(200).json;
        assert!(user["identities"][0]["linked_at"].is_i64());
        let attempts = admin.get(api::paths::SIGN_INS).await.expect_status(200).json;
        let of = |name: &str| -> Vec<Value> {
            let rows = attempts["attempts"].as_array().expect("a list").iter();
            rows.map(|it| it[name].clone()).collect()
        };
        assert_eq!(of("purpose"), ["sign_in", "test"]);
        assert_eq!(of("cause"), ["signing_key_unknown", "account_suspended"]);
        assert_eq!(of("claimed_login"), ["zoe@northwind.example", "ada@northwind.example"]);
        assert_eq!(desk.dump().await.rows("attempt_days")[0]["cause"], "account_suspended");

        let open = admin.get(api::paths::NOTIFICATIONS).await.expect_status(200).json;
        let kinds: Vec<_> = open["notifications"].as_array().expect("a list").iter().map(|it| &it["kind"]).collect();
        assert_eq!(kinds, [&json!("check_failed"), &json!("trial_reverted"), &json!("secret_expiring")]);
        assert_eq!(open["notifications"][0]["data"]["cause"], "client_requires_key");
        let keys: Vec<_> = desk.dump().await.rows("notifications").iter().map(|it| it["dedup_key"].clone()).collect();
        assert!(keys.contains(&"secret_expiring okta 2027-06-30 1 30".to_owned()), "{keys:?}");

        let webhook = admin.get(api::paths::WEBHOOK).await.expect_status(200).json;
        let sent: Vec<_> = webhook["deliveries"].as_array().expect("a list").iter()
            .map(|it| (it["kind"].clone(), it["state"].clone(), it["attempts"].clone())).collect();
        assert_eq!(sent, [
            (json!("trial_started"), json!("failed"), json!(9)),
            (json!("secret_expired"), json!("pending"), json!(2)),
        ]);
        let bodies: Vec<_> = desk.dump().await.rows("deliveries").iter().map(|it| it["body"].clone()).collect();
        assert!(bodies.iter().any(|it| it.contains(r#""type":"sso_console.secret_expired""#)), "{bodies:?}");

        let codes = admin.get(api::paths::BREAK_GLASS).await.expect_status(200).json;
        assert_eq!((&codes["recent"][0]["kind"], &codes["recent"][0]["expires_at"]), (&json!("issued"), &json!(9)));
        assert!(codes["recovery"]["issued_at"].is_i64());
        let guide = admin.get(api::paths::GUIDE).await.expect_status(200).json;
        assert_eq!(guide["completed_steps"], json!(["web_app"]));
        let files = admin.get(api::paths::FILES).await.expect_status(200).json;
        assert_eq!(files["managed_by"]["fields"], json!(["okta.client_secret_expires_on"]));
        let jobs = admin.get(api::paths::JOBS).await.expect_status(200).json;
        assert_eq!(jobs["jobs"][0]["action"], json!({ "kind": "relink" }));

        let log = admin.get("/api/audit?event=connection.trial_undone").await.expect_status(200).json;
        assert_eq!(log["events"][0]["event"], "connection.trial_undone");
        let (code, said) = on_host(&desk, &["audit", "verify"]).await;
        assert_eq!(code, 0, "{said}");
    }

    async fn migration_converts_json_that_only_the_server_reads(desk: Desk) {
        let (_files, desk) = migrated(desk).await;
        let dump = desk.dump().await;
        let settings = dump.rows("connection_settings");
        let kept = settings.iter().find_map(|it| it.get("verification")).expect("a result");
        let kept: Verification = serde_json::from_str(kept).expect("it reads");
        assert_eq!(kept.notes[0].received.as_deref(), Some("UPN"));
        let okta = dump.rows("connections").into_iter().find(|it| it["provider"] == "okta").expect("a row");
        let before: Value = serde_json::from_str(&okta["trial_before"]).expect("JSON");
        let states: Vec<_> = before.as_array().expect("a list").iter().map(|it| &it["state"]).collect();
        assert_eq!(states, [&json!("verified"), &json!("connected"), &json!("disabled_by_okta")]);
        assert_eq!(dump.rows("suspended_identities")[0]["sub"], "00u2");
        assert_eq!(dump.rows("next_secrets")[0]["secret_expires_on"], "2028-01-31");
    }
}
