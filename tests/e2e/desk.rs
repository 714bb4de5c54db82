//! What a test sits at: a server with its own database, a practice Okta, browsers.

mod caller;
mod database;

use std::sync::{Arc, Mutex};

use api::{Loopback, Provider};
use locales::Language;
use okta_simulator::{Config, NewApp, NewPerson, PracticeOkta};
use serde_json::json;
use server::{
    App, Settings,
    clock::{system_clock, system_entropy},
    db::Db,
    oidc::Bases,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, SemaphorePermit, watch},
};

use crate::browser::Browser;
pub(crate) use caller::Caller;
pub(crate) use database::Engine;

pub(crate) const ADMIN: &str = "ada@northwind.example";
pub(crate) const PASSWORD: &str = "a password of a test";

/// More browsers at once would only wait for each other.
static SEATS: Semaphore = Semaphore::const_new(2);

/// Makes one test a database out of `async fn name(desk: &Desk)`, which opens up to so many browsers.
#[macro_export]
macro_rules! on_both {
    ($name:ident, $browsers:literal) => {
        mod $name {
            use $crate::desk::{Engine, play};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                play(Engine::Sqlite, $browsers, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                play(Engine::Postgres, $browsers, super::$name).await;
            }
        }
    };
}

/// The same on SQLite alone: for what has nothing to do with the database.
#[macro_export]
macro_rules! on_one {
    ($name:ident, $browsers:literal) => {
        mod $name {
            use $crate::desk::{Engine, play};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                play(Engine::Sqlite, $browsers, super::$name).await;
            }
        }
    };
}

/// Plays a test, and then asks every browser what went wrong unseen.
pub(crate) async fn play(engine: Engine, browsers: u32, test: impl AsyncFn(&Desk)) {
    assert!(
        server::console::is_built(),
        "this build has no console inside: run the tests with `cargo xtask test`"
    );
    let seats = SEATS.acquire_many(browsers).await.expect("never closed");
    let desk = Desk::new(engine, seats).await;
    test(&desk).await;
    let browsers = desk.browsers.lock().expect("the test did not fail").clone();
    let mut complaints = Vec::new();
    for browser in &browsers {
        complaints.extend(browser.complaints().await);
    }
    assert!(
        complaints.is_empty(),
        "the browser complains:\n{}",
        complaints.join("\n")
    );
}

/// One test's world.
pub(crate) struct Desk {
    pub(crate) okta: PracticeOkta,
    pub(crate) public_url: String,
    set_up_token: String,
    /// Ada's recovery codes that are left.
    codes: Mutex<Vec<String>>,
    browsers: Mutex<Vec<Arc<Browser>>>,
    _stop: watch::Sender<bool>,
    _seats: SemaphorePermit<'static>,
}

impl Desk {
    async fn new(engine: Engine, seats: SemaphorePermit<'static>) -> Self {
        let okta = PracticeOkta::start(Config::seeded(7))
            .await
            .expect("the practice Okta starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let public_url = format!("http://localhost:{port}");
        let mut settings = Settings::new(&public_url);
        settings.loopback = Loopback::Allowed;
        settings.requests_a_minute = Some(100_000);
        settings.password_memory_kib = Some(64);
        settings.bases = Bases {
            google: okta.issuer_google(),
            microsoft: format!("{}/microsoft", okta.base_url()),
        };
        let db = Db::open(&database::new(engine).await, 2).expect("the database opens");
        let key = zeroize::Zeroizing::new([9; 32]);
        let app =
            App::new(db, system_clock(), system_entropy(), &key, settings).expect("the app starts");
        let set_up_token = server::set_up::prepare(&app).await.expect("prepared");
        let (stop, stopped) = watch::channel(false);
        let rules = server::listen::Rules::of(&app.settings);
        tokio::spawn(server::listen::serve(
            listener,
            server::router(app),
            rules,
            stopped,
        ));
        Self {
            okta,
            public_url,
            set_up_token: set_up_token.expect("set-up is needed"),
            codes: Mutex::default(),
            browsers: Mutex::default(),
            _stop: stop,
            _seats: seats,
        }
    }

    /// A new browser, of somebody who reads English.
    pub(crate) async fn browser(&self) -> Arc<Browser> {
        self.browser_in(Language::English).await
    }

    /// A new browser.
    pub(crate) async fn browser_in(&self, language: Language) -> Arc<Browser> {
        let browser = Arc::new(Browser::open(&self.public_url, language).await);
        self.browsers
            .lock()
            .expect("the test did not fail")
            .push(Arc::clone(&browser));
        browser
    }

    /// The one-time link that the server prints at its first start.
    pub(crate) fn set_up_link(&self) -> String {
        format!("/set-up#token={}", self.set_up_token)
    }

    /// Sets the deployment up by the API; its first administrator, Ada.
    pub(crate) async fn administrator(&self) -> Caller {
        let caller = Caller::new(&self.public_url);
        let wish = json!({
            "token": self.set_up_token, "organization": "Northwind", "name": "Ada Lovelace", "email": ADMIN,
            "password": PASSWORD,
        });
        caller.post(api::paths::SET_UP, &wish).await.expect(201);
        caller
    }

    /// Ada at the API, after somebody else set the deployment up.
    pub(crate) async fn caller(&self) -> Caller {
        let caller = Caller::new(&self.public_url);
        let fields = [("email", ADMIN), ("password", PASSWORD)];
        caller
            .form(api::paths::AUTH_PASSWORD, &fields)
            .await
            .expect(303);
        caller
    }

    /// Signs Ada in behind the quiet link, and opens a page of the console: with her password, or with a recovery code
    /// once Okta was switched on.
    pub(crate) async fn enter(&self, browser: &Browser, path: &str) {
        browser.go(api::paths::SIGN_IN_ADMINISTRATOR).await;
        browser.fill("E-mail address", ADMIN).await;
        let code = self.codes.lock().expect("the test did not fail").pop();
        if let Some(code) = code {
            browser.fill("Code", &code).await;
            browser.press("Sign in with a code").await;
        } else {
            browser.fill("Password", PASSWORD).await;
            browser.press("Sign in with a password").await;
        }
        browser.arrive("Overview").await;
        if path != "/" {
            browser.go(path).await;
        }
    }

    /// Where a provider sends people back to.
    pub(crate) fn callback(&self, provider: Provider) -> String {
        format!("{}{}", self.public_url, api::paths::auth_callback(provider))
    }

    /// A person at Okta, Google and Microsoft.
    pub(crate) fn person(&self, first: &str, last: &str) {
        let email = format!("{}@northwind.example", first.to_lowercase());
        self.okta.add_person(NewPerson::new(first, last, &email));
    }

    /// Gives a person at Okta another address, for their login and their e-mail.
    pub(crate) fn rename(&self, before: &str, after: &str) {
        self.okta.change_person(before, |person| {
            after.clone_into(&mut person.login);
            after.clone_into(&mut person.email);
        });
    }

    /// Makes a user by the API, and the person at Okta; the user's id.
    pub(crate) async fn member(&self, admin: &Caller, first: &str, last: &str) -> String {
        self.person(first, last);
        let email = format!("{}@northwind.example", first.to_lowercase());
        let wish = json!({ "name": format!("{first} {last}"), "email": email, "okta_login": email, "role": "member" });
        let reply = admin.post(api::paths::USERS, &wish).await.expect(201);
        reply.json["id"].as_str().expect("an id").to_owned()
    }

    /// Connects a provider by the API, with the round trip of `login`.
    pub(crate) async fn connect(&self, admin: &Caller, provider: Provider, login: &str) {
        let app = NewApp::named("SSO Console")
            .sign_in_redirect(&self.callback(provider))
            .everyone();
        let (id, secret) = match provider {
            Provider::Okta => self.okta.create_web_app(app),
            Provider::Google => self.okta.create_google_client(app),
            Provider::Microsoft => self.okta.create_microsoft_client(app),
        };
        let mut wish = json!({ "client_id": id, "client_secret": secret });
        match provider {
            Provider::Okta => wish["issuer"] = json!(self.okta.issuer_org()),
            Provider::Google => {}
            Provider::Microsoft => wish["tenant"] = json!(self.tenant()),
        }
        let path = api::paths::connection(provider);
        admin.put(&path, &wish).await.expect(200);
        let trip = admin
            .act(&api::paths::connect(provider), &path)
            .await
            .expect(200);
        let there = trip.json["location"].as_str().expect("a location");
        let back = self
            .okta
            .authorize(there, login)
            .expect("the provider sends back");
        let end = admin.get(&back).await;
        let at = end.location.unwrap_or_default();
        assert!(at.contains("proved=1"), "the round trip ended at {at:?}");
        if provider == Provider::Okta {
            self.make_codes(admin).await;
        }
        admin
            .act(&api::paths::enable(provider), &path)
            .await
            .expect(200);
        if provider == Provider::Okta {
            let fresh = self.sign_in(login).await;
            let nothing = json!({});
            let confirmed = fresh.post(&api::paths::confirm(provider), &nothing).await;
            confirmed.expect(200);
        }
    }

    /// Makes recovery codes, and tests one. From then on they are the way in, since Okta goes on.
    async fn make_codes(&self, admin: &Caller) {
        let made = admin.post(api::paths::RECOVERY_CODES, &json!({})).await;
        let made = made.expect(201).json;
        let codes = made["codes"].as_array().expect("codes").iter();
        let mut codes: Vec<String> = codes
            .map(|code| code.as_str().expect("a code").to_owned())
            .collect();
        let test = json!({ "code": codes[0] });
        admin.post(api::paths::TEST_CODE, &test).await.expect(200);
        codes.reverse();
        *self.codes.lock().expect("the test did not fail") = codes;
    }

    /// Signs a person in through Okta, or has them refused.
    pub(crate) async fn sign_in(&self, login: &str) -> Caller {
        let caller = Caller::new(&self.public_url);
        let start = caller.get(&api::paths::auth_start(Provider::Okta)).await;
        let mut there = start.location.expect("a way to Okta");
        if there.starts_with('/') {
            // Sent back once, to show that it keeps cookies.
            let again = caller.get(&there).await;
            there = again.location.expect("a way to Okta");
        }
        let back = self.okta.authorize(&there, login).expect("Okta sends back");
        caller.get(&back).await;
        caller
    }

    fn tenant(&self) -> String {
        let issuer = self.okta.issuer_microsoft();
        issuer
            .rsplit('/')
            .nth(1)
            .expect("…/{tenant}/v2.0")
            .to_owned()
    }
}
