//! Every URL of the console: read into a [`Route`], and built by functions. Nowhere else is one spelled.
//!
//! It must not know what a page draws.

use api::{Outcome, Provider, Status, users::UserQuery};

/// A screen of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Overview,
    Users,
    NewUser,
    /// A file of users that is not chosen yet.
    NewImport,
    /// The import's id.
    Import(String),
    /// The user's id.
    User(String),
    SignIns,
    Audit,
    Organization,
    Integrations,
    Security,
    Connection(Provider),
    /// All on one page.
    Connect(Provider),
    Notifications,
    /// The guide, where it was left off.
    Resume,
    /// The guide that connects Okta.
    Guide(Step),
    SetUp,
    /// No screen has this address.
    Unknown,
}

/// A step of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Where,
    Apps,
    Credentials,
    Check,
    Now,
}

impl Step {
    pub const ALL: [Self; 5] = [
        Self::Where,
        Self::Apps,
        Self::Credentials,
        Self::Check,
        Self::Now,
    ];

    /// The word in the address.
    fn word(self) -> &'static str {
        match self {
            Self::Where => "where",
            Self::Apps => "apps",
            Self::Credentials => "credentials",
            Self::Check => "check",
            Self::Now => "now",
        }
    }
}

/// The word in the address of the form that has it all.
const ONE_PAGE: &str = "form";

/// Which screen a path leads to. A slash at its end makes no difference.
#[must_use]
pub fn route(path: &str) -> Route {
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    match segments.as_slice() {
        [] => Route::Overview,
        ["users"] => Route::Users,
        ["users", "new"] => Route::NewUser,
        ["users", "import"] => Route::NewImport,
        ["users", "import", id] => Route::Import((*id).to_owned()),
        ["users", id] => Route::User((*id).to_owned()),
        ["activity", "sign-ins"] => Route::SignIns,
        ["activity", "audit"] => Route::Audit,
        ["settings", "organization"] => Route::Organization,
        ["settings", "security"] => Route::Security,
        ["settings", "integrations", "sso"] => Route::Integrations,
        ["settings", "integrations", "sso", provider] => {
            Provider::from_code(provider).map_or(Route::Unknown, Route::Connection)
        }
        ["settings", "integrations", "sso", "okta", "connect"] => Route::Resume,
        [
            "settings",
            "integrations",
            "sso",
            "okta",
            "connect",
            ONE_PAGE,
        ] => Route::Connect(Provider::Okta),
        ["settings", "integrations", "sso", provider, "connect"] => {
            Provider::from_code(provider).map_or(Route::Unknown, Route::Connect)
        }
        ["settings", "notifications"] => Route::Notifications,
        ["settings", "integrations", "sso", "okta", "connect", word] => Step::ALL
            .into_iter()
            .find(|step| step.word() == *word)
            .map_or(Route::Unknown, Route::Guide),
        ["set-up"] => Route::SetUp,
        _ => Route::Unknown,
    }
}

#[must_use]
pub fn overview() -> String {
    "/".to_owned()
}

#[must_use]
pub fn users() -> String {
    "/users".to_owned()
}

/// The table as a query asks for it. The address has the words of the API.
#[must_use]
pub fn users_with(query: &UserQuery) -> String {
    asking(&users(), &query.pairs())
}

/// The table with one status.
#[must_use]
pub fn users_of(status: Status) -> String {
    asking(&users(), &[("status", status.code().to_owned())])
}

/// A path with a query.
#[must_use]
pub fn asking(path: &str, pairs: &[(&'static str, String)]) -> String {
    with(path.to_owned(), pairs)
}

#[must_use]
pub fn new_user() -> String {
    "/users/new".to_owned()
}

#[must_use]
pub fn new_import() -> String {
    "/users/import".to_owned()
}

#[must_use]
pub fn import(id: &str) -> String {
    format!("{}/{}", new_import(), encoded(id))
}

#[must_use]
pub fn user(id: &str) -> String {
    format!("/users/{}", encoded(id))
}

#[must_use]
pub fn sign_ins() -> String {
    "/activity/sign-ins".to_owned()
}

#[must_use]
pub fn audit() -> String {
    "/activity/audit".to_owned()
}

/// An address with a query.
#[must_use]
pub fn with(mut url: String, values: &[(&'static str, String)]) -> String {
    let mut join = '?';
    for (name, value) in values {
        url.push(join);
        url.push_str(name);
        url.push('=');
        url.push_str(&encoded(value));
        join = '&';
    }
    url
}

/// The form of a new user who came with this login.
#[must_use]
pub fn new_user_with(login: &str) -> String {
    with(new_user(), &[("email", login.to_owned())])
}

#[must_use]
pub fn organization() -> String {
    "/settings/organization".to_owned()
}

#[must_use]
pub fn security() -> String {
    "/settings/security".to_owned()
}

/// A new sign-in through Okta, whatever session there is at Okta, that comes back to the connection.
#[must_use]
pub fn sign_in_anew() -> String {
    format!(
        "{}?prompt=login&return_to={}",
        api::paths::auth_start(Provider::Okta),
        encoded(&connection(Provider::Okta))
    )
}

#[must_use]
pub fn integrations() -> String {
    "/settings/integrations/sso".to_owned()
}

#[must_use]
pub fn connection(provider: Provider) -> String {
    format!("{}/{}", integrations(), provider.code())
}

/// Where a provider is connected: for Okta the guide, where it was left off.
#[must_use]
pub fn connect(provider: Provider) -> String {
    format!("{}/connect", connection(provider))
}

/// Where a provider's checks are.
#[must_use]
pub fn checks(provider: Provider) -> String {
    match provider {
        Provider::Okta => guide(Step::Check),
        Provider::Google | Provider::Microsoft => connection(provider),
    }
}

/// Everything on one page.
#[must_use]
pub fn one_page(provider: Provider) -> String {
    match provider {
        Provider::Okta => format!("{}/{ONE_PAGE}", connect(provider)),
        Provider::Google | Provider::Microsoft => connect(provider),
    }
}

#[must_use]
pub fn notifications() -> String {
    "/settings/notifications".to_owned()
}

#[must_use]
pub fn guide(step: Step) -> String {
    format!("{}/{}", connect(Provider::Okta), step.word())
}

/// The third step of the guide, with an issuer that was offered.
#[must_use]
pub fn credentials_with(issuer: &str) -> String {
    format!("{}?issuer={}", guide(Step::Credentials), encoded(issuer))
}

/// The door's sign-in page, which comes back to `path` afterwards.
#[must_use]
pub fn sign_in(path: &str) -> String {
    format!("{}?return_to={}", api::paths::SIGN_IN, encoded(path))
}

/// An outcome's word in the address: the same as in the API.
#[must_use]
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Started => "started",
        Outcome::Succeeded => "succeeded",
        Outcome::Failed => "failed",
        Outcome::NotCompleted => "not_completed",
    }
}

/// The outcome with this word.
#[must_use]
pub fn outcome(word: &str) -> Option<Outcome> {
    OUTCOMES.into_iter().find(|it| outcome_word(*it) == word)
}

/// The outcomes, in the order in which a list names them.
pub const OUTCOMES: [Outcome; 4] = [
    Outcome::Succeeded,
    Outcome::Failed,
    Outcome::NotCompleted,
    Outcome::Started,
];

/// Percent-encoded for a path's segment or a query's value.
#[must_use]
pub fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
