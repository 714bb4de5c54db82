//! The token request (RFC 6749 §4.1.3): the code for an ID token and an access token. It is never
//! sent again once the provider may have looked at the code, which is good for one use.

use api::{Cause, UtcMillis};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::{
    ConnectionConfig, callback,
    discovery::{Metadata, TokenAuth},
    failure::{Failure, shown},
    json::{self, Json, Object},
    outbound::{NoReply, Outbound, Reply},
};
use crate::secret::Secret;

/// What the provider gave for the code.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) id_token: Secret,
    pub(crate) access_token: Secret,
    /// What the provider says it granted; empty where it does not say.
    pub(crate) scopes: Vec<String>,
    pub(crate) has_refresh_token: bool,
    /// The provider's clock when it answered.
    pub(crate) date: Option<UtcMillis>,
}

/// Exchanges a code.
pub(crate) async fn exchange(
    outbound: &Outbound,
    metadata: &Metadata,
    auth: TokenAuth,
    connection: &ConnectionConfig,
    code: &Secret,
    verifier: &Secret,
    redirect_uri: &str,
) -> Result<Tokens, Failure> {
    let (header, form) = request(auth, connection, code, verifier, redirect_uri);
    let reply = outbound
        .post_form(&metadata.token, header.as_ref().map(Secret::expose), form)
        .await
        .map_err(|error| match error {
            NoReply::Private { .. } => {
                Failure::new(Cause::AddressPrivate, format!("token: {error}"))
            }
            NoReply::Refused { .. } | NoReply::Unreachable { .. } => {
                Failure::new(Cause::TokenUnreachable, format!("token: {error}"))
            }
            NoReply::TooLarge | NoReply::Redirected { .. } => malformed(error.to_string()),
        })?;
    read(&reply)
}

/// The `Authorization` header, if there is one, and the form.
pub(crate) fn request(
    auth: TokenAuth,
    connection: &ConnectionConfig,
    code: &Secret,
    verifier: &Secret,
    redirect_uri: &str,
) -> (Option<Secret>, String) {
    let mut form = form_urlencoded::Serializer::new(String::with_capacity(512));
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code.expose())
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("code_verifier", verifier.expose());
    let secret = connection.client_secret.expose();
    match auth {
        // RFC 6749 §2.3.1: both are form-encoded before they are joined. Okta refuses a request
        // that names the client in the form as well.
        TokenAuth::Basic => {
            let pair: Zeroizing<String> = Zeroizing::new(
                form_urlencoded::byte_serialize(connection.client_id.as_bytes())
                    .chain(std::iter::once(":"))
                    .chain(form_urlencoded::byte_serialize(secret.as_bytes()))
                    .collect(),
            );
            let header = format!("Basic {}", STANDARD.encode(pair.as_bytes()));
            (Some(Secret::new(header)), form.finish())
        }
        TokenAuth::Post => {
            form.append_pair("client_id", &connection.client_id)
                .append_pair("client_secret", secret);
            (None, form.finish())
        }
    }
}

fn read(reply: &Reply) -> Result<Tokens, Failure> {
    if matches!(reply.status, 429 | 500..) {
        let body = json::object(&reply.body).unwrap_or_default();
        let (code, words) = error_of(&body).unwrap_or_default();
        let detail = format!("token: status {}", reply.status);
        let cause = match reply.status {
            429 => Cause::RateLimited,
            _ => Cause::ProviderError,
        };
        return Err(Failure::new(cause, detail).said(code, words));
    }
    let body = json::object(&reply.body)
        .map_err(|why| malformed(format!("status {}: {why}", reply.status)))?;
    // An error is one whatever the status says.
    if let Some((code, words)) = error_of(&body) {
        let detail = format!("token: status {}", reply.status);
        return Err(Failure::new(cause(code, words), detail).said(code, words));
    }
    if reply.status != 200 {
        return Err(malformed(format!("status {}", reply.status)));
    }
    let bearer = text(&body, "token_type")?;
    if !bearer.eq_ignore_ascii_case("Bearer") {
        return Err(malformed("`token_type` is not Bearer".into()));
    }
    let access_token = Secret::from(text(&body, "access_token")?);
    Ok(Tokens {
        id_token: id_token(&body)?,
        access_token,
        scopes: scopes(body.text("scope").unwrap_or_default()),
        has_refresh_token: body.text("refresh_token").is_some_and(|it| !it.is_empty()),
        date: reply.date,
    })
}

/// For showing: not more of them, and not longer, than any provider has.
fn scopes(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().take(50).map(shown).collect()
}

/// Code and words, in either of Okta's shapes: OAuth's, or that of its REST interface.
fn error_of(body: &Object) -> Option<(&str, &str)> {
    for (code, words) in [
        ("error", "error_description"),
        ("errorCode", "errorSummary"),
    ] {
        if body.has(code) {
            let said = |name| body.text(name).unwrap_or_default();
            return Some((said(code), said(words)));
        }
    }
    None
}

/// The cause for an error of the token endpoint.
pub(crate) fn cause(code: &str, words: &str) -> Cause {
    // Okta, Google and Microsoft each have their own words for "no such client".
    let unknown_client = words.contains("'client_id'")
        || words.contains("client was not found")
        || words.contains("AADSTS700016");
    if let Some(cause) = callback::told(code, words) {
        return cause;
    }
    match code {
        "invalid_client" | "unauthorized_client" if unknown_client => Cause::ClientUnknown,
        // Okta's and Microsoft's words for a secret that they looked at. Any other words, in
        // whatever language, say only that the client did not authenticate.
        "invalid_client" if words.contains("client secret") => Cause::ClientRefused,
        "invalid_client" => Cause::AuthenticationRefused,
        "invalid_grant" => Cause::CodeRefused,
        "unsupported_grant_type" => Cause::GrantRefused,
        "E0000007" => Cause::ServerUnknown,
        "E0000015" => Cause::ServerNotLicensed,
        "E0000047" => Cause::RateLimited,
        other => callback::cause(other, words),
    }
}

/// An answer without one is another fault than an answer that cannot be read.
fn id_token(body: &Object) -> Result<Secret, Failure> {
    match body.get("id_token") {
        Some(Json::String(text)) if !text.is_empty() => Ok(Secret::from(text.as_str())),
        None | Some(Json::Null | Json::String(_)) => Err(Failure::new(
            Cause::IdTokenMissing,
            "token: `id_token` is missing",
        )),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            Err(malformed("`id_token` is no text".into()))
        }
    }
}

fn text<'a>(body: &'a Object, name: &str) -> Result<&'a str, Failure> {
    body.text(name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| malformed(format!("`{name}` is missing")))
}

fn malformed(detail: String) -> Failure {
    Failure::new(Cause::TokenMalformed, format!("token: {detail}"))
}

#[cfg(test)]
mod tests;
