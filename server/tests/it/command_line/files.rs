//! `sso-console plan` and `apply`: settings as code, by the real binary on both databases.

use std::fmt::Write as _;

use api::{Provider, paths};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use server::db::Location;

use super::{Ended, Folder, Program};
use crate::{
    desk::{ADMIN, Browser, Desk, KEY, version_of, watch},
    on_both,
};

/// A folder with the key, the file and the secret beside it.
struct Bench {
    folder: Folder,
    database: String,
}

impl Bench {
    fn new(desk: &Desk) -> Self {
        let folder = Folder::new();
        folder.write_private("sso.key", &STANDARD.encode(KEY));
        let database = match &desk.location {
            Location::Sqlite(path) => path.display().to_string(),
            Location::Postgres(url) => url.clone(),
        };
        Self { folder, database }
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.folder.file(name), text).expect("a file");
        self.folder.text(name)
    }

    async fn run(&self, command: &str, arguments: &[&str]) -> Ended {
        let key = self.folder.text("sso.key");
        let all = [
            command,
            "--database",
            &self.database,
            "--encryption-key-file",
            &key,
            "--allow-loopback-issuers=true",
        ];
        let all: Vec<String> = all
            .iter()
            .chain(arguments)
            .map(|it| (*it).to_owned())
            .collect();
        tokio::task::spawn_blocking(move || {
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            Program::start(&all, &[("OKTA_SECRET", "the-secret-of-a-variable-0123")]).end()
        })
        .await
        .expect("it runs")
    }

    async fn plan(&self, file: &str) -> Ended {
        self.run("plan", &[file]).await
    }

    async fn apply(&self, file: &str) -> Ended {
        self.run("apply", &[file]).await
    }
}

/// A file for the practice Okta's organization server, with an app of its own.
fn okta(desk: &Desk, bench: &Bench) -> (String, String) {
    let (client_id, secret) = desk.web_app();
    bench.write("okta.secret", &format!("{secret}\n"));
    let text = format!(
        "[organization]\nname = \"Northwind Traders\"\n\n[webhook]\nurl = \"http://127.0.0.1:9/hook\"\n\n\
         [okta]\nissuer = \"{}\"\nclient_id = \"{client_id}\"\nclient_secret_file = \"okta.secret\"\n\
         client_secret_expires_on = \"2031-01-31\"\naudience = \"https://sso.example/api\"\n",
        desk.okta.issuer_org()
    );
    (text, secret)
}

async fn connection(admin: &mut Browser) -> Value {
    admin
        .get(&paths::connection(Provider::Okta))
        .await
        .expect_status(200)
        .json
}

/// Settings of a file that was applied, and that Ada's round trip proved; the file's text and name.
async fn proved(desk: &Desk) -> (Browser, Bench, String, String) {
    let mut admin = desk.administrator().await;
    desk.person("Ada", "Lovelace", ADMIN);
    let bench = Bench::new(desk);
    let (text, _) = okta(desk, &bench);
    let file = bench.write("sso.toml", &text);
    assert_eq!(bench.apply(&file).await.code, 0);
    desk.round_trip(&mut admin, Provider::Okta, ADMIN)
        .await
        .location();
    (admin, bench, text, file)
}

on_both! {
    async fn a_plan_says_what_an_apply_does_and_then_there_is_nothing_left(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let bench = Bench::new(&desk);
        let (text, secret) = okta(&desk, &bench);
        let file = bench.write("sso.toml", &text);
        let before = desk.dump().await;
        let planned = bench.plan(&file).await;
        assert_eq!(planned.code, 2, "{}{}", planned.out, planned.err);
        for named in ["organization.name", "Northwind Traders", "webhook.url", "okta.client_id", &secret[secret.len() - 4..]] {
            assert!(planned.out.contains(named), "{named}: {}", planned.out);
        }
        assert!(!planned.out.contains(&secret), "the secret is printed");
        assert!(before == desk.dump().await, "a plan changed {:?}", desk.dump().await.differs_from(&before));

        let applied = bench.apply(&file).await;
        assert_eq!(applied.code, 0, "{}", applied.err);
        assert!(applied.out.contains("Applied."), "{}", applied.out);
        let saved = connection(&mut admin).await;
        assert_eq!(saved["state"], "draft");
        assert_eq!(saved["settings"]["audience"], "https://sso.example/api");
        assert_eq!(saved["secret"]["expires_on"], "2031-01-31");
        let after = desk.dump().await;
        for command in ["plan", "apply"] {
            let again = bench.run(command, &[&file]).await;
            assert_eq!(again.code, 0, "{}{}", again.out, again.err);
            assert!(again.out.contains("Nothing to change."), "{}", again.out);
        }
        assert!(after == desk.dump().await, "an empty apply changed something");
        // The settings are proved as any others, and the plan stays empty.
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        assert_eq!(bench.plan(&file).await.code, 0);
    }

    async fn what_is_wrong_changes_nothing_and_names_the_line(desk: Desk) {
        let mut admin = desk.administrator().await;
        let bench = Bench::new(&desk);
        let (good, _) = okta(&desk, &bench);
        let lines = good.lines().count();
        let before = desk.dump().await;
        for (more, line, named) in [
            ("client_secrte = \"x\"", lines + 1, "client_secrte"),
            ("native_client_id = 7", lines + 1, "native_client_id"),
            ("native_client_id = \"two words\"", lines + 1, "native_client_id"),
            ("state = \"on\"", lines + 1, "okta.state"),
            ("state = \"perhaps\"", lines + 1, "perhaps"),
            ("\n[google]\nclient_id = \"c\"", lines + 2, "client_secret"),
            ("\n[microsoft]\ntenant = \"common\"\nclient_id = \"c\"\nclient_secret_env = \"OKTA_SECRET\"", lines + 3, "tenant"),
            ("\n[google]\nclient_secret_env = \"NOT_SET\"", lines + 3, "NOT_SET"),
            ("\n[users]\nadmin = \"mallory\"", lines + 2, "users"),
        ] {
            let file = bench.write("sso.toml", &format!("{good}{more}\n"));
            for command in ["plan", "apply"] {
                let refused = bench.run(command, &[&file]).await;
                assert_eq!(refused.code, 1, "{command} {more}: {}{}", refused.out, refused.err);
                let wanted = format!("sso.toml, line {line}: ");
                assert!(refused.err.contains(&wanted) && refused.err.contains(named), "{more}: {}", refused.err);
            }
        }
        assert!(before == desk.dump().await, "something changed");
        assert_eq!(connection(&mut admin).await["state"], "not_connected");
        for (file, named) in [("none.toml", "none.toml"), (".", "")] {
            let missing = bench.apply(&bench.folder.text(file)).await;
            assert_eq!(missing.code, 1);
            assert!(missing.err.contains(named), "{}", missing.err);
        }
    }

    async fn what_a_file_owns_is_refused_by_the_api_until_it_is_given_up(desk: Desk) {
        let mut admin = desk.administrator().await;
        let bench = Bench::new(&desk);
        let (text, _) = okta(&desk, &bench);
        let file = bench.write("sso.toml", &text);
        assert_eq!(bench.apply(&file).await.code, 0);
        let owned = admin.get(paths::FILES).await.expect_status(200).json;
        assert_eq!(owned["managed_by"]["file"], "sso.toml");
        let fields = owned["managed_by"]["fields"].as_array().expect("fields");
        assert_eq!(fields.len(), 7, "{fields:?}");
        let before = desk.dump().await;

        let saved = connection(&mut admin).await;
        let mut form = json!({
            "issuer": saved["settings"]["issuer"], "client_id": saved["settings"]["client_id"],
            "audience": saved["settings"]["audience"],
        });
        let path = paths::connection(Provider::Okta);
        for (field, value) in [
            ("client_id", "0oaAnother0000000000"), ("audience", "https://elsewhere.example"),
            ("client_secret", "another-secret-0123456789"), ("client_secret_expires_on", "2032-01-31"),
        ] {
            let kept = form[field].clone();
            form[field] = json!(value);
            let version = version_of(&mut admin, path.clone()).await;
            let reply = admin.put(&path, version, &form).await.expect_status(409);
            assert_eq!(reply.code(), "managed_by_file", "{field}");
            form[field] = kept;
        }
        let version = version_of(&mut admin, paths::ORGANIZATION.to_owned()).await;
        let organization = json!({ "name": "Another" });
        let webhook = json!({ "url": "" });
        let next = json!({ "client_secret": "another-secret-0123456789" });
        for (path, version, body) in [
            (paths::ORGANIZATION.to_owned(), version, organization),
            (paths::WEBHOOK.to_owned(), version_of(&mut admin, paths::WEBHOOK.to_owned()).await, webhook),
            (paths::next_secret(Provider::Okta), version_of(&mut admin, path.clone()).await, next),
            (paths::secret(Provider::Okta), version_of(&mut admin, path.clone()).await, json!({ "expires_on": "" })),
        ] {
            let reply = admin.put(&path, version, &body).await.expect_status(409);
            assert_eq!(reply.code(), "managed_by_file", "{path}");
        }
        assert!(before == desk.dump().await, "something changed");
        // What the file does not name is free.
        form["native_client_id"] = json!("0oaTheTelephone00000");
        let version = version_of(&mut admin, path.clone()).await;
        admin.put(&path, version, &form).await.expect_status(200);

        let released = bench.run("apply", &["--release"]).await;
        assert_eq!(released.code, 0, "{}", released.err);
        assert!(admin.get(paths::FILES).await.json["managed_by"].is_null());
        let version = version_of(&mut admin, paths::ORGANIZATION.to_owned()).await;
        admin.put(paths::ORGANIZATION, version, &json!({ "name": "Another" })).await.expect_status(200);
        let acts: Vec<_> = desk.audit().await.iter().map(|row| row["event"].clone()).collect();
        assert!(acts.contains(&"file.applied".to_owned()) && acts.contains(&"file.released".to_owned()));
    }

    async fn a_new_secret_of_a_file_waits_beside_the_one_in_force(desk: Desk) {
        let (mut admin, bench, _, file) = proved(&desk).await;
        desk.in_force().await;
        let client_id = connection(&mut admin).await["settings"]["client_id"].as_str().expect("an id").to_owned();
        let second = desk.okta.create_secret(&client_id).expect("a second secret");
        watch::secret(&second);
        bench.write("okta.secret", &second);
        let planned = bench.plan(&file).await;
        assert_eq!(planned.code, 2, "{}", planned.err);
        assert!(planned.out.contains("okta.client_secret") && !planned.out.contains("owner"), "{}", planned.out);
        assert_eq!(bench.apply(&file).await.code, 0);
        assert_eq!(bench.plan(&file).await.code, 0);
        let now = connection(&mut admin).await;
        assert_eq!((&now["state"], &now["unverified"]), (&json!("connected"), &json!(false)));
        let secrets = admin.get(&paths::secret(Provider::Okta)).await.json;
        assert_eq!(secrets["next"]["last_four"], second[second.len() - 4..]);
        desk.okta.change_app(&client_id, |app| app.secrets[0].active = false);
        let mut ada = desk.browser();
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        assert_eq!(bench.plan(&file).await.code, 0, "promoted, and the file still says what is");
    }

    async fn a_file_switches_off_and_on_what_was_proved(desk: Desk) {
        let (mut admin, bench, mut text, file) = proved(&desk).await;
        desk.in_force().await;
        writeln!(text, "state = \"off\"").expect("a string");
        bench.write("sso.toml", &text);
        let off = bench.apply(&file).await;
        assert_eq!(off.code, 0, "{}", off.err);
        assert_eq!(connection(&mut admin).await["state"], "disabled");
        assert_eq!(bench.plan(&file).await.code, 0);
        let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
        let reply = admin.post_version(&paths::enable(Provider::Okta), version).await.expect_status(409);
        assert_eq!(reply.code(), "managed_by_file");
        // On again goes through the guard: nobody tried the way back in.
        bench.write("sso.toml", &text.replace("\"off\"", "\"on\""));
        let before = desk.dump().await;
        let line = text.lines().count();
        for command in ["plan", "apply"] {
            let refused = bench.run(command, &[&file]).await;
            assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
            let wanted = format!("sso.toml, line {line}: okta.state: ");
            assert!(refused.err.contains(&wanted), "{}", refused.err);
            assert!(refused.err.contains("break-glass"), "{}", refused.err);
        }
        assert!(before == desk.dump().await, "a refused apply changed something");
        let mut ada = desk.browser();
        desk.recovery_codes(&mut admin).await;
        let on = bench.apply(&file).await;
        assert_eq!(on.code, 0, "{}", on.err);
        assert_eq!(connection(&mut admin).await["state"], "trial");
        assert_eq!(bench.plan(&file).await.code, 0);
        // The binary has the system's clock, which went on while this test's stood still.
        desk.pass(60);
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        let confirmed = ada.post(&paths::confirm(Provider::Okta), &Value::Null).await;
        assert_eq!(confirmed.expect_status(200).json["state"], "connected");
        assert_eq!(bench.plan(&file).await.code, 0);
    }

    async fn a_trial_that_ended_while_the_server_was_down_is_undone_first(desk: Desk) {
        let (mut admin, bench, mut text, file) = proved(&desk).await;
        desk.recovery_codes(&mut admin).await;
        writeln!(text, "state = \"on\"").expect("a string");
        bench.write("sso.toml", &text);
        assert_eq!(bench.apply(&file).await.code, 0);
        assert_eq!(bench.plan(&file).await.code, 0);
        desk.execute("update connections set trial_ends_at = 1 where provider = 'okta'").await;
        let planned = bench.plan(&file).await;
        assert_eq!(planned.code, 2, "{}{}", planned.out, planned.err);
        assert!(planned.out.contains("okta.state"), "{}", planned.out);
    }

    async fn a_file_shuts_the_last_administrator_out_as_little_as_anybody(desk: Desk) {
        let (_, bench, mut text, file) = proved(&desk).await;
        desk.in_force().await;
        // Okta is the only way in that is left.
        desk.execute("update users set password_hash = null").await;
        desk.execute("delete from break_glass").await;
        writeln!(text, "state = \"off\"").expect("a string");
        bench.write("sso.toml", &text);
        let before = desk.dump().await;
        for command in ["plan", "apply"] {
            let refused = bench.run(command, &[&file]).await;
            assert_eq!(refused.code, 1, "{command}: {}{}", refused.out, refused.err);
            let wanted = format!("sso.toml, line {}: okta.state: ", text.lines().count());
            assert!(refused.err.contains(&wanted), "{}", refused.err);
        }
        assert!(before == desk.dump().await, "a refused apply changed something");
    }

    async fn a_deployment_that_is_not_set_up_is_not_changed(desk: Desk) {
        let bench = Bench::new(&desk);
        let file = bench.write("sso.toml", "[organization]\nname = \"N\"\n");
        let before = desk.dump().await;
        for command in ["plan", "apply"] {
            let refused = bench.run(command, &[&file]).await;
            assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
            assert!(refused.err.contains("set this deployment up"), "{}", refused.err);
        }
        assert!(before == desk.dump().await);
    }
}
