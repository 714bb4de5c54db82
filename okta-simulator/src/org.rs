//! The organization: everything that a practice Okta remembers, all of it in memory. Knows nothing of HTTP.

pub(crate) mod app;
pub(crate) mod authorization_server;
pub(crate) mod expression;
pub(crate) mod grant;
pub(crate) mod group;
pub(crate) mod habits;
pub(crate) mod person;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::chance::Chance;
use crate::config::Config;
use crate::fault::Faults;
use crate::keys::KeyRing;
use crate::log::Seen;
use crate::mistake::Played;

use app::{
    App, AppType, Assignment, ClientAuth, IssuerMode, LoginInitiated, NewApp, Provider, Rotation,
    Secret, UsernameFormat,
};
use authorization_server::{AccessPolicy, AuthorizationServer};
use grant::{Access, Family, Grant, Pending, Pushed, Session};
use group::Group;
use habits::Habits;
use person::{NewPerson, Person};

/// The fixed id of the organization that answers for every name nobody has.
pub(crate) const PARKED_ORG_ID: &str = "00oplaODtXoEq1eQo0g3";

/// Codes and tokens that gather before what has expired is thrown away for the first time.
const TIDY_AT: usize = 4096;

/// The name of the ring that an app has for itself.
pub(crate) fn pinned_ring(app_id: &str) -> String {
    format!("pinned {app_id}")
}

pub(crate) struct World {
    pub(crate) chance: Chance,
    pub(crate) org_id: String,
    pub(crate) apps: Vec<App>,
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<Group>,
    pub(crate) servers: Vec<AuthorizationServer>,
    pub(crate) rings: BTreeMap<String, KeyRing>,
    pub(crate) faults: Faults,
    pub(crate) habits: Habits,
    /// The mistakes that are played, in the order in which they were switched on.
    pub(crate) played: Vec<Played>,
    pub(crate) sessions: HashMap<String, Session>,
    pub(crate) interactions: HashMap<String, Pending>,
    pub(crate) pushed: HashMap<String, Pushed>,
    pub(crate) codes: HashMap<String, Grant>,
    pub(crate) access: HashMap<String, Access>,
    pub(crate) families: HashMap<String, Family>,
    /// Refresh token → its family.
    pub(crate) refresh: HashMap<String, String>,
    pub(crate) log: VecDeque<Seen>,
    tidy_at: usize,
}

impl World {
    pub(crate) fn new(config: &Config) -> Self {
        let mut chance = Chance::new(&config.seed);
        let org_id = chance.okta_id("00o");
        let mut default = AuthorizationServer::new("default", "default", "api://default");
        if config.default_policy {
            default.policies.push(AccessPolicy::open("Default Policy"));
        }
        let mut world = Self {
            chance,
            org_id,
            apps: Vec::new(),
            people: Vec::new(),
            groups: Vec::new(),
            servers: vec![default],
            rings: BTreeMap::new(),
            faults: Faults::default(),
            habits: Habits::new(config.api_access_management),
            played: Vec::new(),
            sessions: HashMap::new(),
            interactions: HashMap::new(),
            pushed: HashMap::new(),
            codes: HashMap::new(),
            access: HashMap::new(),
            families: HashMap::new(),
            refresh: HashMap::new(),
            log: VecDeque::new(),
            tidy_at: TIDY_AT,
        };
        for authority in ["", "default", "google", "microsoft"] {
            world.add_ring(authority);
        }
        world
    }

    /// A ring for an issuer: the org server's has the empty name, a custom server's its id.
    pub(crate) fn add_ring(&mut self, authority: &str) {
        let ring = KeyRing::new(self.rings.len(), &mut self.chance);
        self.rings.insert(authority.to_owned(), ring);
    }

    /// The keys that sign for an app: the issuer's, or its own.
    pub(crate) fn ring(&self, authority: &str, app: Option<&App>) -> Option<&KeyRing> {
        let pinned = app.filter(|app| app.pinned_key);
        pinned
            .and_then(|app| self.rings.get(&pinned_ring(&app.id)))
            .or_else(|| self.rings.get(authority))
    }

    pub(crate) fn create_app(&mut self, provider: Provider, app_type: AppType, new: NewApp) -> App {
        let id = match provider {
            Provider::Okta => self.chance.okta_id("0oa"),
            Provider::Google => self.chance.google_client_id(),
            Provider::Microsoft => self.chance.uuid(),
        };
        let secrets = match app_type {
            AppType::Web => vec![Secret {
                value: self.chance.secret(),
                active: true,
            }],
            AppType::Native | AppType::SinglePage | AppType::Service => Vec::new(),
        };
        let client_auth = match app_type {
            AppType::Web => ClientAuth::Secret,
            AppType::Native | AppType::SinglePage => ClientAuth::None,
            AppType::Service => ClientAuth::PrivateKey,
        };
        let app = App {
            id,
            name: new.name,
            provider,
            app_type,
            secrets,
            client_auth,
            sign_in_redirect_uris: new.sign_in_redirect_uris,
            sign_out_redirect_uris: new.sign_out_redirect_uris,
            authorization_code: true,
            refresh_token: new.refresh_token,
            implicit: false,
            rotation: Rotation::Persistent,
            pkce_required: false,
            dpop: false,
            consent: false,
            encrypted_id_token: false,
            pairwise: false,
            signed_requests: false,
            org_server_only: false,
            in_network_zone: true,
            pinned_key: false,
            groups_claim: false,
            issuer_mode: IssuerMode::Dynamic,
            username: UsernameFormat::OktaUsername,
            login_initiated: match new.initiate_login_uri {
                Some(_) => LoginInitiated::Either,
                None => LoginInitiated::AppOnly,
            },
            initiate_login_uri: new.initiate_login_uri,
            sign_in_allowed: true,
            assignment: new.assignment,
            assigned_groups: BTreeSet::new(),
            active: true,
        };
        self.apps.push(app.clone());
        app
    }

    /// A second secret beside the first; `None` when the app has two already, or is a native one.
    pub(crate) fn create_secret(&mut self, app_id: &str) -> Option<String> {
        let value = self.chance.secret();
        let app = self.app_mut(app_id)?;
        if !app.has_secrets() || app.secrets.len() >= 2 {
            return None;
        }
        app.secrets.push(Secret {
            value: value.clone(),
            active: true,
        });
        Some(value)
    }

    pub(crate) fn create_server(&mut self, name: &str, audience: &str) -> String {
        let id = self.chance.okta_id("aus");
        self.add_ring(&id);
        self.servers
            .push(AuthorizationServer::new(&id, name, audience));
        id
    }

    pub(crate) fn add_person(&mut self, new: NewPerson) -> String {
        let person = Person {
            id: self.chance.okta_id("00u"),
            login: new.login,
            email: new.email,
            first_name: new.first_name,
            last_name: new.last_name,
            email_verified: true,
            active: true,
            google_subject: self.chance.google_subject(),
            microsoft_object_id: self.chance.uuid(),
        };
        let id = person.id.clone();
        self.people.push(person);
        id
    }

    pub(crate) fn assign(&mut self, app_id: &str, user_id: &str) {
        if let Some(app) = self.app_mut(app_id) {
            match &mut app.assignment {
                Assignment::Everyone => {}
                Assignment::Only(people) => {
                    people.insert(user_id.to_owned());
                }
            }
        }
    }

    /// Takes the person off the app. From an app for everyone, everybody else stays.
    pub(crate) fn unassign(&mut self, app_id: &str, user_id: &str) {
        let everybody: BTreeSet<String> =
            self.people.iter().map(|person| person.id.clone()).collect();
        if let Some(app) = self.app_mut(app_id) {
            let mut people = match &app.assignment {
                Assignment::Everyone => everybody,
                Assignment::Only(people) => people.clone(),
            };
            people.remove(user_id);
            app.assignment = Assignment::Only(people);
        }
    }

    /// Assigned by name, or as one of a group.
    pub(crate) fn allows(&self, app: &App, user_id: &str) -> bool {
        app.allows(user_id)
            || self
                .groups
                .iter()
                .any(|group| app.assigned_groups.contains(&group.id) && group.has(user_id))
    }

    pub(crate) fn groups_of(&self, user_id: &str) -> Vec<&str> {
        let mine = self.groups.iter().filter(|group| group.has(user_id));
        mine.map(|group| group.name.as_str()).collect()
    }

    pub(crate) fn app(&self, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }

    pub(crate) fn app_mut(&mut self, id: &str) -> Option<&mut App> {
        self.apps.iter_mut().find(|app| app.id == id)
    }

    pub(crate) fn server(&self, id: &str) -> Option<&AuthorizationServer> {
        self.servers.iter().find(|server| server.id == id)
    }

    pub(crate) fn server_mut(&mut self, id: &str) -> Option<&mut AuthorizationServer> {
        self.servers.iter_mut().find(|server| server.id == id)
    }

    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub(crate) fn person_mut(&mut self, id: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.id == id)
    }

    /// Okta's user names are not case-sensitive.
    pub(crate) fn person_by_login(&self, login: &str) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.login.eq_ignore_ascii_case(login))
    }

    pub(crate) fn rotate_keys(&mut self) {
        for ring in self.rings.values_mut() {
            ring.replace(&mut self.chance);
        }
    }

    pub(crate) fn promote_keys(&mut self) {
        for ring in self.rings.values_mut() {
            ring.promote(&mut self.chance);
        }
    }

    /// Throws away what has expired, each time that twice as much has gathered: memory stays bounded through a long
    /// benchmark, and no request pays for it twice.
    pub(crate) fn tidy(&mut self, now: i64) {
        if self.held() < self.tidy_at {
            return;
        }
        self.codes.retain(|_, grant| now < grant.code_expires_at);
        self.access.retain(|_, access| now < access.expires_at);
        self.interactions
            .retain(|_, pending| now < pending.expires_at);
        self.pushed.retain(|_, pushed| now < pushed.expires_at);
        self.tidy_at = TIDY_AT.max(2 * self.held());
    }

    fn held(&self) -> usize {
        self.codes.len() + self.access.len() + self.interactions.len() + self.pushed.len()
    }
}
