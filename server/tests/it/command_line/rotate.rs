//! `sso-console key rotate`: another encryption key for everything, at once or not at all.

use api::{Provider, paths};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use server::db::Location;

use super::{Ended, Folder, run};
use crate::{
    desk::{Browser, Desk, KEY, watch},
    on_both,
};

const NEW: [u8; 32] = [8; 32];

/// Writes a file with keys, one a line.
fn write(folder: &Folder, name: &str, keys: &[[u8; 32]]) -> String {
    let lines: Vec<String> = keys.iter().map(|key| STANDARD.encode(key)).collect();
    folder.write_private(name, &format!("{}\n", lines.join("\n")))
}

/// Runs the real binary on the desk's database.
async fn rotate(desk: &Desk, old: &str, new: &str) -> Ended {
    let database = match &desk.location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(url) => url.clone(),
    };
    let (old, new) = (old.to_owned(), new.to_owned());
    tokio::task::spawn_blocking(move || {
        run(&[
            "key",
            "rotate",
            "--old",
            &old,
            "--new",
            &new,
            "--database",
            &database,
        ])
    })
    .await
    .expect("it runs")
}

/// Everything that can be sealed: two copies of a secret, the next one, a webhook, an ID token.
async fn furnished(desk: &Desk) -> Browser {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Grace", "grace@northwind.example")
        .await;
    let mut grace = desk.browser();
    desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example")
        .await
        .expect_location("/");
    let connection = admin.get(&paths::connection(Provider::Okta)).await.json;
    let settings = &connection["settings"];
    let form = json!({
        "issuer": settings["issuer"], "client_id": settings["client_id"],
        "audience": "https://sso.example/api",
    });
    let version = connection["version"].as_i64().expect("a version");
    let saved = admin
        .put(&paths::connection(Provider::Okta), version, &form)
        .await
        .expect_status(200);
    let version = saved.json["version"].as_i64().expect("a version");
    let client_id = settings["client_id"].as_str().expect("an id");
    let next = desk.okta.create_secret(client_id).expect("a second secret");
    watch::secret(&next);
    admin
        .put(
            &paths::next_secret(Provider::Okta),
            version,
            &json!({ "client_secret": next }),
        )
        .await
        .expect_status(200);
    for url in ["http://127.0.0.1:9/hook", ""] {
        let version = admin.get(paths::WEBHOOK).await.json["version"]
            .as_i64()
            .expect("a version");
        admin
            .put(paths::WEBHOOK, version, &json!({ "url": url }))
            .await
            .expect_status(200);
    }
    admin
}

/// The ids of the keys that sealed values have.
async fn keys_in_use(desk: &Desk) -> Vec<Vec<u8>> {
    let mut ids = Vec::new();
    for (table, column, bytes) in desk.dump().await.cells() {
        let sealed = matches!(
            (table, column),
            ("connection_settings" | "next_secrets" | "webhook", "secret")
                | ("sessions", "id_token")
                | ("webhook", "secret_before")
        );
        if sealed {
            ids.push(bytes[1..9].to_vec());
        } else if (table, column) == ("deployment", "encryption_key_id") {
            ids.push(bytes.to_vec());
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

on_both! {
    async fn everything_opens_with_the_new_key_and_nothing_needs_the_old_one(desk: Desk) {
        let admin = furnished(&desk).await;
        let folder = Folder::new();
        let (old, new) = (write(&folder, "old.key", &[KEY]), write(&folder, "new.key", &[NEW]));
        let before = keys_in_use(&desk).await;
        assert_eq!(before.len(), 1);
        let audit = desk.audit().await.len();
        let ended = rotate(&desk, &old, &new).await;
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.out.contains(&new) && ended.out.contains(&old), "{}", ended.out);
        let after = keys_in_use(&desk).await;
        assert_eq!(after.len(), 1);
        assert_ne!(before, after);
        assert_eq!(desk.acts_since(audit).await, ["key.rotated"]);

        // A server with the new key alone does everything: sign in, sign out, rotate the secret.
        let next = desk.another_keyed(&[NEW]).await;
        let mut grace = next.browser();
        next.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let connection = admin.at(&next).get(&paths::connection(Provider::Okta)).await.json;
        let client_id = connection["settings"]["client_id"].as_str().expect("an id").to_owned();
        next.okta.change_app(&client_id, |app| app.secrets[0].active = false);
        let mut grace = next.browser();
        next.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let secrets = admin.at(&next).get(&paths::secret(Provider::Okta)).await.json;
        assert!(secrets["next"].is_null(), "the next secret was not promoted");
        let rows = desk.dump().await.rows("connection_settings");
        let mut sealed: Vec<_> = rows.iter().map(|row| row["secret"].clone()).collect();
        sealed.dedup();
        assert_eq!((rows.len(), sealed.len()), (2, 1), "the draft kept the old secret");
    }

    async fn run_again_it_changes_nothing(desk: Desk) {
        furnished(&desk).await;
        let folder = Folder::new();
        let (old, new) = (write(&folder, "old.key", &[KEY]), write(&folder, "new.key", &[NEW]));
        assert_eq!(rotate(&desk, &old, &new).await.code, 0);
        let before = desk.dump().await;
        let again = rotate(&desk, &old, &new).await;
        assert_eq!(again.code, 0, "{}", again.err);
        assert!(again.out.contains("nothing was changed"), "{}", again.out);
        assert!(before == desk.dump().await);
    }

    async fn a_wrong_old_key_is_refused_with_the_id_of_the_right_one(desk: Desk) {
        furnished(&desk).await;
        let folder = Folder::new();
        let (wrong, new) = (write(&folder, "wrong.key", &[[7; 32]]), write(&folder, "new.key", &[NEW]));
        let before = desk.dump().await;
        let id = server::sealing::shown(&keys_in_use(&desk).await[0]);
        let refused = rotate(&desk, &wrong, &new).await;
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains(&id) && refused.err.contains("--old"), "{}", refused.err);
        let missing = rotate(&desk, &folder.text("none.key"), &new).await;
        assert_eq!(missing.code, 2);
        assert!(missing.err.contains("none.key"), "{}", missing.err);
        assert!(before == desk.dump().await, "something changed");
    }

    async fn a_value_that_does_not_open_stops_everything(desk: Desk) {
        furnished(&desk).await;
        let folder = Folder::new();
        let (old, new) = (write(&folder, "old.key", &[KEY]), write(&folder, "new.key", &[NEW]));
        desk.execute("update next_secrets set issuer = 'https://elsewhere.example'").await;
        let before = desk.dump().await;
        let refused = rotate(&desk, &old, &new).await;
        assert_eq!(refused.code, 2, "{}", refused.out);
        assert!(refused.err.contains("does not open"), "{}", refused.err);
        assert!(before == desk.dump().await, "a part was changed");
    }

    async fn a_ring_of_both_keys_serves_before_and_after(desk: Desk) {
        furnished(&desk).await;
        let ring = desk.another_keyed(&[NEW, KEY]).await;
        let mut early = ring.browser();
        ring.sign_in(&mut early, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let folder = Folder::new();
        let (old, new) = (write(&folder, "old.key", &[KEY]), write(&folder, "new.key", &[NEW, KEY]));
        assert_eq!(rotate(&desk, &old, &new).await.code, 0);
        let ring = desk.another_keyed(&[NEW, KEY]).await;
        let mut late = ring.browser();
        ring.sign_in(&mut late, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert_eq!(keys_in_use(&desk).await.len(), 1);
    }

    async fn a_server_without_the_new_key_says_which_it_lacks(desk: Desk) {
        furnished(&desk).await;
        let folder = Folder::new();
        let (old, new) = (write(&folder, "old.key", &[KEY]), write(&folder, "new.key", &[NEW]));
        assert_eq!(rotate(&desk, &old, &new).await.code, 0);
        let id = server::sealing::shown(&keys_in_use(&desk).await[0]);
        // Parts of it need the key, and fail.
        drop(server::tidy_once(&desk.app).await);
        let log = watch::log();
        let line = log.lines().find(|it| it.contains("was rotated") && it.contains(&id));
        let line = line.expect("it is in the log");
        assert!(line.contains("--encryption-key-file"), "{line}");
        // And a start with the old file alone is refused.
        let database = match &desk.location {
            Location::Sqlite(path) => path.display().to_string(),
            Location::Postgres(url) => url.clone(),
        };
        let refused = tokio::task::spawn_blocking(move || {
            let listen = format!("127.0.0.1:{}", super::free_port());
            let arguments = ["serve", "--database", &database, "--listen", &listen, "--encryption-key-file", &old];
            super::Program::start(&arguments, &[]).end()
        });
        let refused = refused.await.expect("it ends");
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains(&id) && refused.err.contains("old.key"), "{}", refused.err);
    }
}
