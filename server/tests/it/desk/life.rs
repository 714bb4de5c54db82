//! What an administrator does between *Connect now* and *Connected*.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{ADMIN, Browser, Desk, Reply, version_of};

impl Desk {
    /// Makes recovery codes and tests the first; all ten.
    pub(crate) async fn recovery_codes(&self, admin: &mut Browser) -> Vec<String> {
        self.recent(admin).await;
        let made = admin.post(paths::RECOVERY_CODES, &Value::Null).await;
        let made = made.expect_status(201).json;
        let codes = made["codes"].as_array().expect("codes");
        let codes: Vec<String> = codes
            .iter()
            .map(|code| code.as_str().expect("a code").to_owned())
            .collect();
        for code in &codes {
            super::watch::secret(code);
        }
        let test = json!({ "code": codes[0] });
        admin.post(paths::TEST_CODE, &test).await.expect_status(200);
        codes
    }

    /// Asks for a connection to be switched on; the answer.
    pub(crate) async fn switch_on(&self, admin: &mut Browser, provider: Provider) -> Reply {
        self.recent(admin).await;
        let version = version_of(admin, paths::connection(provider)).await;
        admin.post_version(&paths::enable(provider), version).await
    }

    /// Confirms the trial in a new browser as `login`, which leaves no session behind.
    pub(crate) async fn confirm(&self, login: &str) -> Reply {
        let mut fresh = self.browser();
        self.sign_in(&mut fresh, Provider::Okta, login)
            .await
            .expect_location("/");
        let reply = fresh
            .post(&paths::confirm(Provider::Okta), &Value::Null)
            .await;
        fresh.form(paths::AUTH_SIGN_OUT, &[]).await;
        reply
    }

    /// Puts what was proved in force behind the server's back: for tests that are not about how a
    /// connection comes to be on, and count what members leave behind.
    pub(crate) async fn in_force(&self) {
        self.execute(
            "update connections
             set state = 'connected', live_settings = draft_settings, draft_settings = null,
                 active_since = 1, version = version + 1
             where provider = 'okta'",
        )
        .await;
    }

    /// Switches on what was proved: Okta for a trial that nobody confirms yet.
    pub(crate) async fn try_out(&self, admin: &mut Browser) {
        self.recovery_codes(admin).await;
        let on = self
            .switch_on(admin, Provider::Okta)
            .await
            .expect_status(200);
        assert_eq!(on.json["state"], "trial");
    }

    /// From verified to active: codes, switched on, confirmed by Ada.
    pub(crate) async fn go_live(&self, admin: &mut Browser) {
        self.recovery_codes(admin).await;
        self.over(admin).await;
    }

    /// From verified to active, or over to settings that were proved since.
    pub(crate) async fn over(&self, admin: &mut Browser) {
        let on = self
            .switch_on(admin, Provider::Okta)
            .await
            .expect_status(200);
        assert_eq!(on.json["state"], "trial");
        let confirmed = self.confirm(ADMIN).await.expect_status(200);
        assert_eq!(confirmed.json["state"], "connected");
    }

    /// The round trip as Ada, and then all the way to active.
    pub(crate) async fn connect_okta(&self, admin: &mut Browser) {
        let reply = self.round_trip(admin, Provider::Okta, ADMIN).await;
        reply.expect_location("/settings/integrations/sso/okta?proved=1");
        self.go_live(admin).await;
    }
}
