//! Rows C: redirect URIs, sign-out, grants and PKCE.

use crate::fault::Fault;
use crate::org::World;
use crate::org::app::{LoginInitiated, Provider, Rotation};

use super::{How, Mistake, Row, web_apps};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::C01,
        "The sign-in redirect URI was not entered",
        "Okta shows a page of its own, which names redirect_uri.",
        How::Okta(unregistered),
    ),
    Row::new(
        Mistake::C02,
        "The redirect URI was registered with a slash too many",
        "As if it were not registered.",
        How::Okta(|world| registered(world, |uri| format!("{uri}/"))),
    ),
    Row::new(
        Mistake::C03,
        "The redirect URI was registered with the other of http and https",
        "As if it were not registered.",
        How::Okta(|world| {
            registered(world, |uri| match uri.strip_prefix("https://") {
                Some(rest) => format!("http://{rest}"),
                None => uri.replacen("http://", "https://", 1),
            });
        }),
    ),
    Row::new(
        Mistake::C04,
        "The redirect URI was registered with www.",
        "As if it were not registered.",
        How::Okta(|world| registered(world, |uri| uri.replacen("://", "://www.", 1))),
    ),
    Row::new(
        Mistake::C05,
        "The redirect URI was registered with another port",
        "As if it were not registered.",
        How::Okta(|world| registered(world, other_port)),
    ),
    Row::new(
        Mistake::C06,
        "The redirect URI was registered with a capital letter in its path",
        "As if it were not registered.",
        How::Okta(|world| registered(world, capital)),
    ),
    Row::new(
        Mistake::C07,
        "The redirect URI was put into the sign-out URIs",
        "As if it were not registered.",
        How::Okta(|world| {
            web_apps(world, |app| {
                let moved = std::mem::take(&mut app.sign_in_redirect_uris);
                app.initiate_login_uri = moved.first().cloned();
                app.sign_out_redirect_uris.extend(moved);
            });
        }),
    ),
    Row::new(
        Mistake::C08,
        "A wildcard was registered as redirect URI, and wildcards are not allowed",
        "As if it were not registered.",
        How::Okta(|world| registered(world, wildcard)),
    ),
    Row::new(
        Mistake::C09,
        "The redirect URI at the token endpoint is another one",
        "The token endpoint answers invalid_grant.",
        How::Okta(|world| world.faults.set(Fault::TokenOtherRedirectUri)),
    ),
    Row::new(
        Mistake::C10,
        "There is no sign-out redirect URI",
        "Okta shows a page of its own at sign-out.",
        How::Okta(|world| web_apps(world, |app| app.sign_out_redirect_uris.clear())),
    ),
    Row::new(
        Mistake::C11,
        "The sign-out redirect URI is relative",
        "Okta shows a page of its own at sign-out.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.sign_out_redirect_uris = vec!["/".to_owned()];
            });
        }),
    ),
    Row::new(
        Mistake::C12,
        "The grant Authorization Code is not ticked",
        "The way back and the token endpoint say unauthorized_client.",
        How::Okta(|world| web_apps(world, |app| app.authorization_code = false)),
    ),
    Row::new(
        Mistake::C13,
        "The grant Refresh Token is not ticked",
        "offline_access is refused, and no refresh token comes. What Okta answers depends on the server.",
        How::Okta(|world| {
            for app in &mut world.apps {
                app.refresh_token &= app.provider != Provider::Okta;
            }
        }),
    ),
    Row::new(
        Mistake::C14,
        "Refresh tokens rotate without a moment of grace",
        "The second use of a refresh token ends the chain: invalid_grant.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.refresh_token = true;
                app.rotation = Rotation::EveryUse { grace: 0 };
            });
        }),
    ),
    Row::new(
        Mistake::C15,
        "The app requires PKCE",
        "Whoever sends no challenge is refused; whoever does notices nothing.",
        How::Okta(|world| web_apps(world, |app| app.pkce_required = true)),
    ),
    Row::new(
        Mistake::C16,
        "A verifier comes without its challenge",
        "The token endpoint says that the challenge should have been specified.",
        How::Okta(|world| world.faults.set(Fault::ChallengeForgotten)),
    ),
    Row::new(
        Mistake::C17,
        "Only the implicit flow is allowed",
        "The way back says unsupported_response_type.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.authorization_code = false;
                app.implicit = true;
            });
        }),
    ),
    Row::new(
        Mistake::C18,
        "The state is too short, or absent",
        "The way back says that the state is invalid.",
        How::Okta(|world| world.faults.set(Fault::StateRefused)),
    ),
    Row::new(
        Mistake::C19,
        "Login initiated by: Okta Simplified",
        "The tile posts an ID token, without a state, to the redirect URI.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.login_initiated = LoginInitiated::Simplified;
            });
        }),
    ),
    Row::new(
        Mistake::C20,
        "The initiate login URI is wrong",
        "The tile opens a page that is not there.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.login_initiated = LoginInitiated::Either;
                let callback = app.sign_in_redirect_uris.first();
                app.initiate_login_uri = callback.map(|uri| format!("{}/login", origin(uri)));
            });
        }),
    ),
    Row::new(
        Mistake::C21,
        "The app requires the person's consent",
        "prompt=none ends with consent_required.",
        How::Okta(|world| web_apps(world, |app| app.consent = true)),
    ),
];

/// Another URI than the app's: Okta fills it in when an app is made, and many leave it.
pub(super) fn unregistered(world: &mut World) {
    web_apps(world, |app| {
        app.sign_in_redirect_uris =
            vec!["http://localhost:8080/authorization-code/callback".to_owned()];
    });
}

fn registered(world: &mut World, near: fn(&str) -> String) {
    web_apps(world, |app| {
        for uri in &mut app.sign_in_redirect_uris {
            *uri = near(uri);
        }
    });
}

/// Scheme, host and port.
fn origin(uri: &str) -> String {
    let path = uri
        .find("://")
        .and_then(|at| Some(at + 3 + uri[at + 3..].find('/')?));
    uri[..path.unwrap_or(uri.len())].to_owned()
}

/// With a port where there is none, and without where there is one.
fn other_port(uri: &str) -> String {
    let origin = origin(uri);
    let rest = &uri[origin.len()..];
    match origin.rsplit_once(':') {
        Some((host, port)) if !port.starts_with('/') => format!("{host}{rest}"),
        Some(_) | None => format!("{origin}:8443{rest}"),
    }
}

/// The last part of the path with a capital letter.
fn capital(uri: &str) -> String {
    let (before, last) = uri.rsplit_once('/').unwrap_or(("", uri));
    let mut letters = last.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{before}/{}{}", first.unwrap_or_default(), letters.as_str())
}

/// A star in the place of the lowest label, or before the host when it has only one.
fn wildcard(uri: &str) -> String {
    uri.replacen("://", "://*.", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_variants_are_near() {
        let uri = "https://app.example/auth/okta/callback";
        assert_eq!(
            other_port(uri),
            "https://app.example:8443/auth/okta/callback"
        );
        assert_eq!(other_port("http://localhost:8080/x"), "http://localhost/x");
        assert_eq!(capital(uri), "https://app.example/auth/okta/Callback");
        assert_eq!(wildcard(uri), "https://*.app.example/auth/okta/callback");
        assert_eq!(origin("https://app.example"), "https://app.example");
    }
}
