//! `sso-console demo`: everything on one machine, with an Okta simulator inside and people in it.
//!
//! The database is a temporary file that goes with the process. Nothing leaves the machine.

mod crowd;
mod reading;

use std::net::SocketAddr;

use api::{
    ConnectionForm, Email, Loopback, Provider, Role, connections::Verification, set_up::ValidSetUp,
    users::ValidUser,
};
use clap::Args;
use okta_simulator::{Config, NewApp, NewPerson, PracticeOkta, northwind};
use tokio::{net::TcpListener, sync::watch};
use zeroize::Zeroizing;

use super::serve;
use crate::{
    App, Settings,
    audit::Audit,
    clock::{system_clock, system_entropy},
    connections,
    db::{Db, Location},
    ids, listen,
    oidc::Bases,
    private_files, routes, set_up, tidying, users,
};

const ADMIN_EMAIL: &str = "ada@northwind.example";
/// Known to all: the demo listens on loopback only and forgets everything at the end.
const ADMIN_PASSWORD: &str = "northwind-practice";

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Address and port of the console; uses the next free port if taken.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address and port of the Okta simulator.
    #[arg(long, default_value = "127.0.0.1:7080")]
    okta_listen: SocketAddr,
    /// Log level: error, warn, info, debug, or trace.
    #[arg(long, default_value = "warn")]
    log: tracing::Level,
    /// Number of additional users with months of sign-ins; takes a few seconds per 100,000.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: Option<u32>,
    /// Seed for the generated users; the same seed gives the same users.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "users")]
    seed: u64,
}

pub(super) fn run(options: Options) -> Result<(), String> {
    for address in [options.listen, options.okta_listen] {
        if !address.ip().is_loopback() {
            return Err(format!(
                "the demo listens on this machine only, not on {address}"
            ));
        }
    }
    serve::log(options.log);
    serve::runtime()?.block_on(demo(options))
}

async fn demo(options: Options) -> Result<(), String> {
    let listener = free(options.listen)?;
    let okta_address = free(options.okta_listen)?
        .local_addr()
        .map_err(|error| error.to_string())?;
    let port = listener
        .local_addr()
        .map_err(|error| error.to_string())?
        .port();
    let public_url = format!("http://localhost:{port}");
    let config = Config::random(system_entropy().bytes())
        .listen(okta_address)
        .reader(reading::reader());
    let okta = PracticeOkta::start(config)
        .await
        .map_err(|error| format!("the Okta simulator cannot listen on {okta_address}: {error}"))?;
    let apps = Apps::create(&okta, &public_url);
    let parent = std::env::temp_dir();
    let folder = private_files::folder(&parent, "sso-console-demo", &system_entropy())
        .map_err(|error| format!("{}: {error}", parent.display()))?;
    let served = async {
        let app = fill(&folder, &public_url, &okta, &apps).await?;
        if let Some(people) = options.users {
            crowd::settle(&app, people, options.seed, &okta).await?;
        }
        super::say(&words(&public_url, &okta, &apps));
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(async move {
            serve::asked_to_stop().await;
            let _ = stop.send(true);
        });
        tokio::spawn(tidying::tidy(app.clone()));
        let rules = listen::Rules::of(&app.settings);
        listen::serve(listener, routes::router(app), rules, stopped).await;
        Ok(())
    }
    .await;
    let _ = std::fs::remove_dir_all(&folder);
    served
}

/// The address, or a free port of it.
fn free(address: SocketAddr) -> Result<TcpListener, String> {
    match listen::bind(address) {
        Ok(listener) => Ok(listener),
        Err(_) => serve::bind("listen", SocketAddr::new(address.ip(), 0)),
    }
}

/// What is registered at the Okta simulator.
struct Apps {
    web: (String, String),
    native: String,
    google: (String, String),
}

impl Apps {
    fn create(okta: &PracticeOkta, public_url: &str) -> Self {
        okta.add_people(northwind::people());
        let callback = |provider| format!("{public_url}{}", api::paths::auth_callback(provider));
        let web = okta.create_web_app(
            NewApp::named("SSO Console")
                .sign_in_redirect(&callback(Provider::Okta))
                .initiate_login(&format!("{public_url}{}", api::paths::AUTH_INITIATE))
                .refresh_token(),
        );
        let native = okta.create_native_app(
            NewApp::named("SSO Console native apps")
                .sign_in_redirect("com.example.northwind:/callback")
                .refresh_token(),
        );
        for login in northwind::assigned() {
            okta.assign(&web.0, &login);
        }
        let google = okta.create_google_client(
            NewApp::named("SSO Console").sign_in_redirect(&callback(Provider::Google)),
        );
        Self {
            web,
            native,
            google,
        }
    }
}

/// The organization with its administrator and people, and Google enabled.
async fn fill(
    folder: &std::path::Path,
    public_url: &str,
    okta: &PracticeOkta,
    apps: &Apps,
) -> Result<App, String> {
    let mut settings = Settings::new(public_url);
    settings.loopback = Loopback::Allowed;
    settings.practice = Some(okta.admin_url());
    settings.bases = Bases {
        google: okta.issuer_google(),
        microsoft: format!("{}/microsoft", okta.base_url()),
    };
    let db = Db::open(&Location::Sqlite(folder.join("demo.db")), 2)?;
    let key = Zeroizing::new(system_entropy().bytes());
    let app = App::new(db, system_clock(), system_entropy(), &key, settings)?;
    set_up::prepare(&app)
        .await
        .map_err(|error| serve::say(&error))?;
    let password = app
        .passwords
        .hash(ADMIN_PASSWORD.to_owned(), &app.entropy)
        .await
        .map_err(|error| serve::say(&error))?;
    let (state, google) = (app.clone(), apps.google.clone());
    app.db
        .write(move |tx| {
            let audit = Audit {
                now: state.clock.now(),
                actor_id: None,
                actor_name: "demo".into(),
                address: String::new(),
                request_id: String::new(),
                entropy: state.entropy.clone(),
            };
            let id = || ids::uuid(audit.now, &state.entropy);
            for person in northwind::known_to_the_app() {
                let Some(user) = user(&person) else { continue };
                if user.email.as_str() == ADMIN_EMAIL {
                    let valid = ValidSetUp {
                        organization: "Northwind".into(),
                        name: user.name,
                        email: user.email,
                    };
                    set_up::create(tx, &audit, &id(), &valid, &password)?;
                } else {
                    users::insert(tx, &id(), &user, None, audit.now)?;
                }
            }
            let form = ConnectionForm {
                client_id: google.0,
                client_secret: Some(google.1),
                ..ConnectionForm::default()
            };
            let proof = Verification {
                at: audit.now,
                by: "demo".into(),
                sub: "demo".into(),
                login: ADMIN_EMAIL.into(),
                claims: Vec::new(),
                user: None,
                refused: None,
                claimable_by: None,
                fingerprint: String::new(),
                notes: Vec::new(),
                skew_ms: None,
                scopes: Vec::new(),
                refresh_token: false,
            };
            connections::put_in_force(tx, &state, &audit, Provider::Google, &form, proof)
        })
        .await
        .map_err(|error| serve::say(&error))?;
    Ok(app)
}

/// A person of the Okta simulator as a user here; Donald has no Okta login yet, to have one to give.
fn user(person: &NewPerson) -> Option<ValidUser> {
    let email = Email::parse(&person.email).ok()?;
    let login = api::OktaLogin::parse(&person.login).ok()?;
    Some(ValidUser {
        name: format!("{} {}", person.first_name, person.last_name),
        okta_login: (person.first_name != "Donald").then_some(login),
        role: Role::Member,
        email,
    })
}

fn words(public_url: &str, okta: &PracticeOkta, apps: &Apps) -> String {
    let okta_url = okta.base_url();
    let simulator = okta.admin_url();
    let (client_id, secret) = &apps.web;
    let native = &apps.native;
    format!(
        "
SSO Console is running with an Okta simulator inside. Nothing leaves this machine.

  Console        {public_url}
  Administrator  {ADMIN_EMAIL}   password  {ADMIN_PASSWORD}
                 (on the sign-in page: Trouble signing in?)
  Okta simulator {simulator}

Three things to try first

  1. Connect Okta: Settings › Integrations › Okta › Connect
       Okta domain or metadata URL   {okta_url}   or   {okta_url}/oauth2/default
       Client ID                     {client_id}
       Client secret                 {secret}
       Native client ID              {native}
     Connect now, and choose Ada Lovelace. Then follow What next: make recovery codes and test
     one, enable Okta (Google is disabled by itself), sign in with Okta again, and confirm.

  2. See a red Inactive become a green Active: open {public_url} in a private window,
     Sign in with SSO, and choose Katherine Johnson. Then look at Users.

  3. See a refusal with its cause: in the private window sign out, sign in again, and choose
     Zoe Unknown. The overview says why she could not enter.

Ctrl-C ends it and removes everything.
"
    )
}
