//! The reading room: what Okta answers while a mistake is made, beside what it answers otherwise, in an organization
//! of its own that nobody else sees; and what the console that is practised with says to it, in words handed in from outside.

mod ask;

use std::fmt;
use std::sync::Arc;

use axum::Router;

use crate::clock::Clock;
use crate::config::Config;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::http;
use crate::mistake::{Field, Kept, Mistake, Names, Paste, Topic};
use crate::org::World;
use crate::org::app::{AppType, NewApp, Provider};
use crate::org::person::NewPerson;

pub(crate) use ask::Exchange;

/// What a console says to a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The console's name for the cause; `None` when it says nothing.
    pub cause: Option<String>,
    /// Where the console notices it, or why it does not have to.
    pub seen: String,
    /// Where it is mended at Okta, in Okta's words.
    pub menu: Option<String>,
    pub words: Vec<Words>,
}

/// Title and way to mend it in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// BCP 47, for example `fr`.
    pub language: String,
    pub title: String,
    pub fix: String,
}

/// Knows what a console says to each mistake, by its id.
#[derive(Clone)]
pub struct Reader(Arc<Read>);

type Read = dyn Fn(&str) -> Option<Reading> + Send + Sync;

impl Reader {
    /// `read` gets ids such as `a01`.
    pub fn new(read: impl Fn(&str) -> Option<Reading> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    pub(crate) fn read(&self, mistake: Mistake) -> Option<Reading> {
        (self.0)(mistake.id())
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Reader")
    }
}

/// One question, and its answer with and without the mistake.
pub(crate) struct Page {
    pub(crate) honest: Exchange,
    pub(crate) now: Exchange,
}

/// Asks everything that can be asked, twice.
pub(crate) async fn read(engine: &Engine, base: &str, mistake: Mistake) -> Vec<Page> {
    let mut scratch = World::new(&engine.config);
    let kept = Kept::honest(&engine.world(), &mut scratch);
    let room = Room::new(engine, base, mistake, &kept);
    let honest = room.all(None).await;
    let now = room.all(Some(mistake)).await;
    let pages = honest.into_iter().zip(now);
    pages.map(|(honest, now)| Page { honest, now }).collect()
}

/// A copy of the organization without its mistakes, to make one in.
struct Room<'a> {
    config: Config,
    kept: &'a Kept,
    base: String,
    mistake: Mistake,
}

impl<'a> Room<'a> {
    fn new(engine: &Engine, base: &str, mistake: Mistake, kept: &'a Kept) -> Self {
        let mut config = Config::seeded(0).clock(Clock::fixed(engine.now()));
        config.host.clone_from(&engine.config.host);
        config.organization.clone_from(&engine.config.organization);
        Self {
            config,
            kept,
            base: base.to_owned(),
            mistake,
        }
    }

    async fn all(&self, mistake: Option<Mistake>) -> Vec<Exchange> {
        let engine = Arc::new(Engine::new(self.config.clone()));
        let asker = {
            let mut world = engine.world();
            self.kept.clone().move_into(&mut world);
            furnish(&mut world);
            let pastes = mistake.map(|mistake| {
                world.play(mistake);
                // Nobody waits here for what is slow.
                if world.faults.find(Fault::Slow(0)).is_some() {
                    world.faults.set(Fault::Slow(0));
                }
                mistake.pastes(&Names {
                    world: &world,
                    base: &self.base,
                    host: &self.config.host,
                })
            });
            self.asker(&world, &pastes.unwrap_or_default())
        };
        let router: Router = http::router(Arc::clone(&engine));
        asker.ask_all(router, &engine).await
    }

    /// With what is pasted in the place of what is right.
    fn asker(&self, world: &World, pastes: &[Paste]) -> ask::Asker {
        let text = |field| {
            let paste = pastes.iter().find(|paste| paste.field == field);
            paste.map(|paste| paste.text.clone())
        };
        // The first: the mistake may have removed it, or have put another one before it.
        let app = self.app(world);
        let custom = self.mistake.topic() == Topic::Claims;
        let issuer = text(Field::Issuer).unwrap_or_else(|| {
            let tail = if custom { "/oauth2/default" } else { "" };
            format!("{}{tail}", self.base)
        });
        ask::Asker {
            issuer,
            client_id: text(Field::ClientId).unwrap_or(app.client_id),
            secret: text(Field::ClientSecret).unwrap_or(app.secret),
            redirect_uri: app.redirect_uri,
            login: app.login,
        }
    }

    fn app(&self, world: &World) -> Known {
        // As it was before the mistake: that is what the console was told.
        let mut before = World::new(&self.config);
        self.kept.clone().move_into(&mut before);
        furnish(&mut before);
        let app = before
            .apps
            .iter()
            .rev()
            .find(|app| app.provider == Provider::Okta && app.app_type == AppType::Web);
        let login = app.and_then(|app| {
            let mut people = before.people.iter();
            people.find(|person| before.allows(app, &person.id))
        });
        let fallback = world.people.first().or(before.people.first());
        Known {
            client_id: app.map(|app| app.id.clone()).unwrap_or_default(),
            secret: app
                .map(|app| app.first_secret().to_owned())
                .unwrap_or_default(),
            redirect_uri: app
                .and_then(|app| app.sign_in_redirect_uris.first().cloned())
                .unwrap_or_default(),
            login: login
                .or(fallback)
                .map(|person| person.login.clone())
                .unwrap_or_default(),
        }
    }
}

/// What the console was told.
struct Known {
    client_id: String,
    secret: String,
    redirect_uri: String,
    login: String,
}

/// Somebody and something to practise with, where there is nothing yet.
fn furnish(world: &mut World) {
    if world.people.is_empty() {
        world.add_person(NewPerson::new("Ada", "Lovelace", "ada@northwind.example"));
    }
    let has_app = world
        .apps
        .iter()
        .any(|app| app.provider == Provider::Okta && app.app_type == AppType::Web);
    if !has_app {
        let app = NewApp::named("Console")
            .sign_in_redirect("https://console.example/auth/okta/callback")
            .sign_out_redirect("https://console.example/sign-in")
            .everyone();
        world.create_app(Provider::Okta, AppType::Web, app);
    }
}
