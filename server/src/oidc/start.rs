//! The authorization request (RFC 6749 §4.1.1, RFC 7636, OpenID Connect Core §3.1.2.1): what the
//! browser is sent to the provider with. Makes text; keeps and sends nothing.

use api::Provider;
use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use super::{ConnectionConfig, discovery::Metadata};
use crate::secret::Secret;

/// What one sign-in is bound by: made for it, kept in its attempt row, used once.
#[derive(Clone, Debug)]
pub struct Binding {
    pub state: Secret,
    pub nonce: Secret,
    /// PKCE (RFC 7636): its hash goes with the browser, itself with the token request.
    pub verifier: Secret,
}

impl Binding {
    /// From 96 bytes of the system's randomness, 32 for each.
    #[must_use]
    pub fn new(state: &[u8; 32], nonce: &[u8; 32], verifier: &[u8; 32]) -> Self {
        let text = |bytes: &[u8; 32]| Secret::new(URL_SAFE_NO_PAD.encode(bytes));
        Self {
            state: text(state),
            nonce: text(nonce),
            verifier: text(verifier),
        }
    }
}

/// What the provider shall ask of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// To sign in again, also with a running session.
    Login,
    /// Which account it is.
    SelectAccount,
}

/// The authorization request of one sign-in.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    pub binding: &'a Binding,
    pub redirect_uri: &'a str,
    pub prompt: Option<Prompt>,
    /// The user name to fill in.
    pub login_hint: Option<&'a str>,
    /// How long ago the person may have signed in there, in seconds.
    pub max_age: Option<u32>,
}

/// Names that mean something in an authorization request: an endpoint's own are dropped.
const OURS: [&str; 26] = [
    "acr_values",
    "authorization_details",
    "claims",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "display",
    "dpop_jkt",
    "error",
    "hd",
    "id_token_hint",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "registration",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// The URL to send the browser to. Each of our parameters is in it exactly once.
pub(crate) fn authorize_url(
    metadata: &Metadata,
    connection: &ConnectionConfig,
    start: &Start<'_>,
) -> Url {
    let mut url = metadata.authorization.clone();
    let foreign: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !OURS.contains(&name.to_ascii_lowercase().as_str()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    url.set_fragment(None);
    let mut query = url.query_pairs_mut();
    query
        .extend_pairs(foreign)
        .append_pair("client_id", &connection.client_id)
        .append_pair("response_type", "code")
        .append_pair("response_mode", "query")
        .append_pair("scope", "openid profile email")
        .append_pair("redirect_uri", start.redirect_uri)
        .append_pair("state", start.binding.state.expose())
        .append_pair("nonce", start.binding.nonce.expose())
        .append_pair("code_challenge", &challenge(&start.binding.verifier))
        .append_pair("code_challenge_method", "S256");
    if let Some(prompt) = start.prompt {
        let word = match prompt {
            Prompt::Login => "login",
            Prompt::SelectAccount => "select_account",
        };
        query.append_pair("prompt", word);
    }
    if let Some(hint) = start.login_hint {
        query.append_pair("login_hint", hint);
    }
    if let Some(seconds) = start.max_age {
        query.append_pair("max_age", &seconds.to_string());
    }
    match (connection.provider, &connection.hosted_domain) {
        // Chooses the right account in Google's list; the token's `hd` is what is checked.
        (Provider::Google, Some(domain)) => {
            query.append_pair("hd", domain);
        }
        (Provider::Google, None) | (Provider::Okta | Provider::Microsoft, _) => (),
    }
    drop(query);
    url
}

/// RFC 7636 §4.2, S256.
fn challenge(verifier: &Secret) -> String {
    let hash = digest::digest(&digest::SHA256, verifier.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(hash)
}

#[cfg(test)]
mod tests;
