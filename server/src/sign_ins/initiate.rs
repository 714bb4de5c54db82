//! A sign-in that begins at the provider (OpenID Connect Core §4): Okta's tile leads here. It starts an ordinary one, with
//! an attempt of this browser, and believes nothing of what it is handed but what is checked.

use api::{OktaLogin, Provider, paths};
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use url::form_urlencoded;

use super::ReturnPath;
use crate::{
    App,
    connections::{self, Configs},
    error::Error,
    pages,
};

/// The longest login that is handed on, in bytes.
const LOGIN_MAX: usize = 100;

/// `GET /auth/okta/initiate`: on to the start, if the provider that it names is the connected one.
pub(crate) async fn initiate(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let Ok(asked) = Asked::read(parts.uri.query().unwrap_or_default()) else {
        return pages::not_initiated(&app, &parts).await;
    };
    if let Some(issuer) = &asked.issuer
        && !is_connected(&app, issuer).await?
    {
        tracing::info!("a sign-in was initiated for another issuer than the connected one");
        return pages::not_initiated(&app, &parts).await;
    }
    let target = asked.target.as_deref();
    let path = ReturnPath::parse(target.and_then(|it| own_path(&app.settings.public_url, it)));
    let mut query = form_urlencoded::Serializer::new(String::new());
    if path.as_str() != "/" {
        query.append_pair("return_to", path.as_str());
    }
    if let Some(login) = asked.login.as_deref().and_then(login) {
        query.append_pair("login_hint", login.as_str());
    }
    let (start, query) = (paths::auth_start(Provider::Okta), query.finish());
    let to = if query.is_empty() {
        start
    } else {
        format!("{start}?{query}")
    };
    Ok(Redirect::to(&to).into_response())
}

/// The parameters that are heeded; all others are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    issuer: Option<String>,
    login: Option<String>,
    target: Option<String>,
}

impl Asked {
    /// Fails where a parameter came twice: two readers might each take another one.
    fn read(query: &str) -> Result<Self, ()> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "iss" => &mut asked.issuer,
                "login_hint" => &mut asked.login,
                "target_link_uri" => &mut asked.target,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(());
            }
        }
        Ok(asked)
    }
}

/// Whether this is the issuer of the connection, or of its organization: Okta's tile names the organization also where a
/// custom authorization server is connected. A connection that is off is for the start to say.
async fn is_connected(app: &App, issuer: &str) -> Result<bool, Error> {
    let row = app
        .db
        .peek(|tx| connections::find(tx, Provider::Okta))
        .await?;
    let Some(settings_id) = row.live else {
        return Ok(true);
    };
    let config = Configs::get(app, &settings_id).await?;
    let organization = url::Url::parse(&config.issuer)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    Ok(issuer == config.issuer || issuer == organization)
}

/// A login that may be handed to the provider.
pub(super) fn login(text: &str) -> Option<OktaLogin> {
    if text.len() > LOGIN_MAX {
        return None;
    }
    OktaLogin::parse(text).ok()
}

/// The path of an address of ours; a path is its own.
fn own_path<'a>(public_url: &str, target: &'a str) -> Option<&'a str> {
    match target.strip_prefix(public_url) {
        Some("") => Some("/"),
        Some(rest) if rest.starts_with('/') => Some(rest),
        // Another host, or another port, that begins like ours.
        Some(_) => None,
        None => Some(target).filter(|it| it.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_of_another_origin_is_no_path() {
        let public = "https://sso.example.com";
        for (target, path) in [
            ("https://sso.example.com", Some("/")),
            ("https://sso.example.com/users?a=b", Some("/users?a=b")),
            ("/users", Some("/users")),
            ("https://sso.example.com.evil.test/users", None),
            ("https://sso.example.com:8443/users", None),
            ("https://sso.example.com@evil.test/", None),
            ("http://sso.example.com/users", None),
            ("https://evil.test/users", None),
            ("javascript:alert(1)", None),
            ("users", None),
        ] {
            assert_eq!(own_path(public, target), path, "{target}");
        }
    }

    #[test]
    fn parameter_that_comes_twice_is_refused_and_others_are_ignored() {
        let asked = Asked::read("iss=a&x=1&x=2&login_hint=b&target_link_uri=c").expect("read");
        assert_eq!(asked.issuer.as_deref(), Some("a"));
        assert_eq!(asked.login.as_deref(), Some("b"));
        assert_eq!(asked.target.as_deref(), Some("c"));
        for twice in [
            "iss=a&iss=a",
            "login_hint=a&login_hint=b",
            "target_link_uri=&target_link_uri=",
        ] {
            assert_eq!(Asked::read(twice), Err(()), "{twice}");
        }
    }

    #[test]
    fn login_that_is_none_is_not_handed_on() {
        assert!(login("grace@northwind.example").is_some());
        for odd in [
            "",
            "a b@c.example",
            &format!("{}@c.example", "a".repeat(100)),
            "a\u{202e}b",
        ] {
            assert!(login(odd).is_none(), "{odd:?}");
        }
    }
}
