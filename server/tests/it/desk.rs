//! What a test sits at: a server with its own database and clock, a practice Okta, and browsers.
//!
//! It speaks to the server only as a browser does, and knows none of its insides but the tables
//! that it reads to prove what was stored.

mod browser;
mod database;
mod life;
pub(crate) mod recent;
mod tables;
pub(crate) mod watch;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use api::{Loopback, Provider};
use axum::Router;
use okta_simulator::{Config, NewApp, NewPerson, PracticeOkta};
use serde_json::{Value, json};
use server::{
    App, Settings,
    clock::{Clock, Entropy},
    db::{Db, Location},
    oidc::Bases,
    sealing::Sealing,
};
use zeroize::Zeroizing;

pub(crate) use browser::{Browser, Reply};
pub(crate) use database::{
    Engine, Place as DatabasePlace, named as postgres_named, new as new_database,
    server as postgres_server,
};
pub(crate) use tables::{Dump, Row, detail};

/// Where the deployment of every test is.
pub(crate) const PUBLIC_URL: &str = "http://localhost:8080";
pub(crate) const ADMIN: &str = "ada@northwind.example";
/// The encryption key of every desk.
pub(crate) const KEY: [u8; 32] = [9; 32];
pub(crate) const PASSWORD: &str = "a password of a test";

/// Makes one test of each engine out of an `async fn name(desk: Desk)`.
#[macro_export]
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($desk:ident: Desk) $body:block)*) => {
        $($(#[doc = $doc])*
        async fn $name($desk: $crate::desk::Desk) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::desk::Desk::new($crate::desk::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name($crate::desk::Desk::new($crate::desk::Engine::Postgres).await).await;
            }
        })*
    };
}

/// One test's world.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) okta: PracticeOkta,
    pub(crate) location: Location,
    now: Arc<AtomicI64>,
    router: Router,
    set_up_token: Option<String>,
    _place: Option<database::Place>,
}

impl Desk {
    /// A server that nobody set up yet.
    pub(crate) async fn new(engine: Engine) -> Self {
        watch::begin();
        let now = Arc::new(AtomicI64::new(system_now()));
        let clock = now.clone();
        let okta =
            PracticeOkta::start(Config::seeded(7).clock(okta_simulator::Clock::new(move || {
                clock.load(Ordering::SeqCst)
            })))
            .await
            .expect("the practice Okta starts");
        let (location, place) = database::new(engine);
        let mut settings = Settings::new(PUBLIC_URL);
        settings.loopback = Loopback::Allowed;
        settings.requests_a_minute = Some(100_000);
        settings.password_memory_kib = Some(64);
        settings.bases = Bases {
            google: okta.issuer_google(),
            microsoft: format!("{}/microsoft", okta.base_url()),
        };
        Self::with(location, settings, okta, now, Some(place)).await
    }

    /// Another server on this database and clock: another node, or the same after a restart.
    pub(crate) async fn another(&self) -> Self {
        self.another_with(|_| ()).await
    }

    /// Another server on this database and clock, with other settings.
    pub(crate) async fn another_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        Self::with(
            self.location.clone(),
            settings,
            self.okta.clone(),
            self.now.clone(),
            None,
        )
        .await
    }

    /// Another server on this database and clock that has these encryption keys.
    pub(crate) async fn another_keyed(&self, keys: &[[u8; 32]]) -> Self {
        let mut desk = self.another().await;
        let keys: Vec<_> = keys.iter().map(|it| Zeroizing::new(*it)).collect();
        let clock = self.now.clone();
        desk.app = App::with(
            Db::open(&self.location, 2).expect("the database opens"),
            Clock::new(move || clock.fetch_add(1, Ordering::SeqCst)),
            entropy(),
            Sealing::new(&keys[0], &keys[1..], "the test's file"),
            self.app.settings.clone(),
        )
        .expect("the app starts");
        desk.router = server::router(desk.app.clone());
        desk
    }

    async fn with(
        location: Location,
        settings: Settings,
        okta: PracticeOkta,
        now: Arc<AtomicI64>,
        place: Option<database::Place>,
    ) -> Self {
        let db = Db::open(&location, 2).expect("the database opens");
        let clock = now.clone();
        let app = App::new(
            db,
            // Each reading is a moment later, so that ids sort in the order in which they were made.
            Clock::new(move || clock.fetch_add(1, Ordering::SeqCst)),
            entropy(),
            &Zeroizing::new(KEY),
            settings,
        )
        .expect("the app starts");
        let set_up_token = server::set_up::prepare(&app).await.expect("prepared");
        Self {
            router: server::router(app.clone()),
            app,
            okta,
            location,
            now,
            set_up_token,
            _place: place,
        }
    }

    /// Puts something around the server, to see what passes.
    pub(crate) fn around(&mut self, wrap: impl FnOnce(Router) -> Router) {
        self.router = wrap(self.router.clone());
    }

    /// Moves the clock of the server, and the practice Okta's with it.
    pub(crate) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    pub(crate) fn set_up_token(&self) -> String {
        self.set_up_token.clone().expect("set-up is needed")
    }

    /// Sets the deployment up; the browser of its first administrator.
    pub(crate) async fn administrator(&self) -> Browser {
        let mut browser = self.browser();
        browser
            .post(
                api::paths::SET_UP,
                &json!({
                    "token": self.set_up_token(),
                    "organization": "Northwind",
                    "name": "Ada Lovelace",
                    "email": ADMIN,
                    "password": PASSWORD,
                }),
            )
            .await
            .expect_status(201);
        browser
    }

    /// The administrator of a connected deployment in a new browser, signed in through Okta.
    pub(crate) async fn browser_of_admin(&self) -> Browser {
        let mut browser = self.browser();
        let form = [("email", ADMIN), ("password", PASSWORD)];
        browser.form(api::paths::AUTH_PASSWORD, &form).await;
        if !browser.is_signed_in().await {
            // Okta is on, and passwords are off.
            self.sign_in(&mut browser, Provider::Okta, ADMIN).await;
        }
        assert!(browser.is_signed_in().await);
        browser
    }

    /// A person at Okta.
    pub(crate) fn person(&self, first: &str, last: &str, email: &str) {
        self.okta.add_person(NewPerson::new(first, last, email));
    }

    /// A web app for this server at the practice Okta, for everyone.
    pub(crate) fn web_app(&self) -> (String, String) {
        let app = self.okta.create_web_app(
            NewApp::named("SSO Console")
                .sign_in_redirect(&callback_url(Provider::Okta))
                .everyone(),
        );
        watch::secret(&app.1);
        app
    }

    /// Saves a connection to the practice Okta; the answer.
    pub(crate) async fn save_okta(&self, admin: &mut Browser, issuer: &str) -> Reply {
        self.recent(admin).await;
        let (client_id, client_secret) = self.web_app();
        let version = version_of(admin, api::paths::connection(Provider::Okta)).await;
        admin
            .put(
                &api::paths::connection(Provider::Okta),
                version,
                &json!({
                    "issuer": issuer, "client_id": client_id, "client_secret": client_secret,
                }),
            )
            .await
    }

    /// The administrator's round trip as `login`; where it ended.
    pub(crate) async fn round_trip(
        &self,
        admin: &mut Browser,
        provider: Provider,
        login: &str,
    ) -> Reply {
        self.recent(admin).await;
        let reply = admin
            .post(&api::paths::connect(provider), &Value::Null)
            .await
            .expect_status(200);
        let there = reply.json["location"]
            .as_str()
            .expect("a location")
            .to_owned();
        if there.starts_with('/') {
            return admin.get(&there).await;
        }
        let back = self.okta.authorize(&there, login).expect("Okta sends back");
        admin.get(&back).await
    }

    /// Connects Okta with Ada's account, by the short way; her administrator's browser.
    pub(crate) async fn connected(&self) -> Browser {
        let mut admin = self.administrator().await;
        self.person("Ada", "Lovelace", ADMIN);
        self.save_okta(&mut admin, &self.okta.issuer_org())
            .await
            .expect_status(200);
        let reply = self.round_trip(&mut admin, Provider::Okta, ADMIN).await;
        reply.expect_location("/settings/integrations/sso/okta?proved=1");
        self.in_force().await;
        admin
    }

    /// Makes a user with an Okta login, and the person at Okta; the user.
    pub(crate) async fn member(&self, admin: &mut Browser, first: &str, email: &str) -> Value {
        self.person(first, "Member", email);
        admin
            .post(
                api::paths::USERS,
                &json!({
                    "name": format!("{first} Member"), "email": email, "okta_login": email,
                    "role": "member",
                }),
            )
            .await
            .expect_status(201)
            .json
    }

    /// Goes to the provider and comes back to the door of the callback, which is not opened yet.
    pub(crate) async fn until_callback(
        &self,
        browser: &mut Browser,
        provider: Provider,
        login: &str,
    ) -> String {
        let reply = browser.get(&api::paths::auth_start(provider)).await;
        let there = reply.location();
        assert!(there.starts_with("http://127.0.0.1"), "went to {there}");
        self.okta
            .authorize(&there, login)
            .expect("the provider sends back")
    }

    /// A whole sign-in; where it ended.
    pub(crate) async fn sign_in(
        &self,
        browser: &mut Browser,
        provider: Provider,
        login: &str,
    ) -> Reply {
        let back = self.until_callback(browser, provider, login).await;
        browser.get(&back).await
    }

    /// The latest attempt, as the administrator sees it.
    pub(crate) async fn latest(&self, admin: &mut Browser) -> Value {
        let list = admin.get(api::paths::SIGN_INS).await.expect_status(200);
        list.json["attempts"][0].clone()
    }
}

/// The version of something, to base a change on.
pub(crate) async fn version_of(browser: &mut Browser, path: String) -> i64 {
    let reply = browser.get(&path).await.expect_status(200);
    reply.json["version"].as_i64().expect("a version")
}

pub(crate) fn callback_url(provider: Provider) -> String {
    format!("{PUBLIC_URL}{}", api::paths::auth_callback(provider))
}

/// Different in every call and every test: enough for ids, cheap, and no system randomness.
fn entropy() -> Entropy {
    static SEED: AtomicU64 = AtomicU64::new(0);
    let start = SEED.fetch_add(1 << 40, Ordering::SeqCst) ^ (u64::from(std::process::id()) << 20);
    let state = AtomicU64::new(start);
    Entropy::new(move |bytes| {
        for chunk in bytes.chunks_mut(8) {
            // splitmix64: every state gives another value.
            let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test starts at the present and moves from there"
)]
fn system_now() -> i64 {
    let now = std::time::SystemTime::now();
    let since = now
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970");
    i64::try_from(since.as_millis()).expect("fits")
}
