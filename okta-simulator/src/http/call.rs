//! What every handler begins with: the organization and the issuer that a request came to, and its parameters.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::header::{COOKIE, HOST};
use axum::http::request::Parts;

use crate::engine::Engine;
use crate::org::app::{App, IssuerMode, Provider};
use crate::place::{Kind, Place, Tree};

use super::problem::Problem;

pub(crate) struct Call {
    pub(crate) engine: Arc<Engine>,
    pub(crate) place: Place,
    pub(crate) tree: Tree,
    pub(crate) cookies: String,
}

impl Call {
    pub(crate) fn new(engine: Arc<Engine>, host: &str, path: &str) -> Self {
        let custom = engine.world().habits.custom_domain.clone();
        let place = Place::of(host, &engine.config.host, custom.as_deref());
        Self {
            engine,
            place,
            tree: Tree::of_path(path),
            cookies: String::new(),
        }
    }

    /// The issuer's name as tokens carry it: Microsoft's shared doors issue in the name of the one tenant.
    pub(crate) fn token_issuer(&self, app: &App) -> String {
        match &self.tree {
            Tree::Microsoft(_) => {
                Tree::Microsoft(self.engine.config.microsoft_tenant.clone()).issuer(&self.place)
            }
            Tree::Org | Tree::Custom(_) | Tree::Google => {
                self.tree.issuer(&self.issuing_place(Some(app)))
            }
        }
    }

    /// Under which of its names the organization issues: a custom server decides for itself, the org server
    /// for each app. Without an app it answers by the name that it was asked by.
    pub(crate) fn issuing_place(&self, app: Option<&App>) -> Place {
        let world = self.engine.world();
        let mode = match &self.tree {
            Tree::Custom(id) => world.server(id).map(|server| server.issuer_mode),
            Tree::Org => app.map(|app| app.issuer_mode),
            Tree::Google | Tree::Microsoft(_) => None,
        };
        match (
            mode.unwrap_or(IssuerMode::Dynamic),
            self.place.kind,
            &world.habits.custom_domain,
        ) {
            (IssuerMode::OktaUrl, Kind::Custom, _) => self.place.named(&self.engine.config.host),
            (IssuerMode::CustomUrl, Kind::Org | Kind::Admin, Some(domain)) => {
                self.place.named(domain)
            }
            (IssuerMode::OktaUrl | IssuerMode::CustomUrl | IssuerMode::Dynamic, _, _) => {
                self.place.clone()
            }
        }
    }

    /// Fails as Okta does when the issuer of the path is not there, or not paid for.
    pub(crate) fn issuer_exists(&self) -> Result<(), Problem> {
        match &self.tree {
            Tree::Org | Tree::Google => Ok(()),
            Tree::Custom(_) if !self.engine.world().habits.api_access_management => {
                Err(Problem::api(
                    401,
                    "E0000015",
                    "You do not have permission to access the feature you are requesting",
                ))
            }
            Tree::Custom(id) => {
                let world = self.engine.world();
                // What Okta answers for an inactive server is not documented: as if it were not there.
                if self.place.kind.is_ours() && world.server(id).is_some_and(|server| server.active)
                {
                    Ok(())
                } else {
                    Err(Problem::api(
                        404,
                        "E0000007",
                        format!("Not found: Resource not found: {id} (AuthorizationServer)"),
                    ))
                }
            }
            Tree::Microsoft(tenant) => {
                if tenant == "common"
                    || tenant == "organizations"
                    || *tenant == self.engine.config.microsoft_tenant
                {
                    Ok(())
                } else {
                    Err(Problem::oauth(
                        400,
                        "invalid_tenant",
                        format!("AADSTS90002: Tenant '{tenant}' not found."),
                    ))
                }
            }
        }
    }

    /// The client, if this provider has it. The parked organization has none.
    pub(crate) fn app(&self, client_id: &str) -> Option<App> {
        if !self.place.kind.is_ours() {
            return None;
        }
        self.engine
            .world()
            .app(client_id)
            .filter(|app| app.provider == self.tree.provider())
            .cloned()
    }

    /// A page that Okta shows instead of answering the app.
    pub(crate) fn page(&self, code: &'static str, description: impl Into<String>) -> Problem {
        Problem::Page {
            organization: self.organization(),
            code,
            description: description.into(),
            pages: self.engine.world().habits.error_pages,
        }
    }

    pub(crate) fn organization(&self) -> String {
        match self.place.kind {
            Kind::Parked => "Okta".to_owned(),
            Kind::Org | Kind::Custom | Kind::Admin => self.engine.config.organization.clone(),
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}

impl FromRequestParts<Arc<Engine>> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        engine: &Arc<Engine>,
    ) -> Result<Self, Infallible> {
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let host = header(parts, HOST.as_str());
        let mut call = Self::new(Arc::clone(engine), &host, uri.path());
        call.cookies = header(parts, COOKIE.as_str());
        Ok(call)
    }
}

fn header(parts: &Parts, name: &str) -> String {
    parts
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// The cookie that holds the browser's session at a provider. Cookies do not know ports: the names must not meet the app's.
pub(crate) fn session_cookie(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "practice_okta_sid",
        Provider::Google => "practice_google_sid",
        Provider::Microsoft => "practice_microsoft_sid",
    }
}

/// Query or form parameters, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// As [`Params::get`]; an empty value counts as none.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        self.get(name)
            .unwrap_or_default()
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect()
    }
}
