//! Who is the app that calls: client authentication, with each of Okta's refusals.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fault::Fault;
use crate::org::app::{App, ClientAuth};

use super::{Call, Params, Problem};

pub(crate) const FAILED: &str =
    "Client authentication failed. Either the client or the client credentials are invalid.";

const OUTSIDE: &str = "The request is made from outside the client's permitted network zones.";

const TWO_KINDS: &str = "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body.";

/// `client_secret_basic`, `client_secret_post`, or `none` for a native app.
pub(crate) fn authenticate(
    call: &Call,
    headers: &HeaderMap,
    params: &Params,
) -> Result<App, Problem> {
    let stripped = call.engine.world().faults.on(Fault::AuthorizationStripped);
    let header = headers
        .get(AUTHORIZATION)
        .filter(|_| !stripped)
        .map(|value| value.to_str().unwrap_or_default());
    let in_header = header.is_some();
    let (client_id, secret) = match header {
        // Okta refuses even a bare client_id beside the header.
        Some(_)
            if ["client_id", "client_secret", "client_assertion"]
                .iter()
                .any(|name| params.filled(name).is_some()) =>
        {
            return Err(Problem::oauth(401, "invalid_request", TWO_KINDS));
        }
        Some(header) => {
            let (id, secret) = basic(header).ok_or_else(|| {
                Problem::oauth(
                    401,
                    "invalid_client",
                    "Found Authentication header but was not valid client credentials.",
                )
            })?;
            (id, Some(secret))
        }
        None => {
            let id = params.filled("client_id").ok_or_else(|| {
                Problem::oauth(401, "invalid_client", "No client credentials found.")
            })?;
            (
                id.to_owned(),
                params.filled("client_secret").map(str::to_owned),
            )
        }
    };
    let app = call.app(&client_id).ok_or_else(|| {
        Problem::api(
            401,
            "invalid_client",
            "Invalid value for 'client_id' parameter.",
        )
    })?;
    if !app.in_network_zone {
        // Whether Okta looks at the secret first is not documented.
        return Err(Problem::oauth(403, "access_denied", OUTSIDE));
    }
    let failed = || Problem::oauth(401, "invalid_client", FAILED);
    if !app.active {
        return Err(failed());
    }
    match (app.client_auth, secret) {
        (ClientAuth::SecretInBody, Some(_)) if in_header => Err(failed()),
        (ClientAuth::Secret | ClientAuth::SecretInBody, Some(secret)) => {
            if app.accepts_secret(&secret) {
                Ok(app)
            } else {
                Err(Problem::oauth(
                    401,
                    "invalid_client",
                    "The client secret supplied for a confidential client is invalid.",
                ))
            }
        }
        (ClientAuth::None, None) => Ok(app),
        (ClientAuth::None | ClientAuth::PrivateKey, Some(_))
        | (ClientAuth::Secret | ClientAuth::SecretInBody | ClientAuth::PrivateKey, None) => {
            Err(failed())
        }
    }
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    if id.is_empty() {
        return None;
    }
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    // As the name of a pair without a value, so that the one decoder does it; "=" and "&" cannot stand there unencoded.
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
