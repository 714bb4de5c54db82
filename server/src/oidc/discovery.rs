//! A provider's discovery document (OpenID Connect Discovery 1.0 §3, §4): fetched below the issuer,
//! compared byte for byte, and believed only where it cannot send a secret elsewhere.

use api::{Cause, Provider};
use url::Url;

use super::{
    failure::{Failure, shown},
    json::{self, Json, Malformed, Object},
    outbound::{NoReply, Outbound, Reply, Silence},
    provider,
    slot::Fetched,
};

/// How the client shows its secret at the token endpoint (Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAuth {
    /// `client_secret_basic`: in the header.
    Basic,
    /// `client_secret_post`: in the form.
    Post,
}

/// What a provider says of itself, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub issuer: String,
    pub authorization: Url,
    pub token: Url,
    pub userinfo: Url,
    pub jwks: Url,
    pub end_session: Option<Url>,
    pub token_auth: TokenAuth,
    /// The secret may be sent in the form as well (`client_secret_post`).
    pub takes_form: bool,
    /// RFC 9207: the callback always carries `iss`.
    pub names_itself_in_callback: bool,
}

/// Fetches and checks. `last` is the last good document: a newer one may not move the token
/// endpoint or the keys to another host by itself.
pub(crate) async fn fetch(
    outbound: &Outbound,
    provider: Provider,
    issuer: &str,
    last: Option<&Metadata>,
) -> Result<Fetched<Metadata>, Failure> {
    let address = Url::parse(&format!("{issuer}/.well-known/openid-configuration"))
        .map_err(|error| unreachable(format!("issuer: {error}")))?;
    let reply = outbound.get(&address).await.map_err(unanswered)?;
    if reply.status != 200 {
        return Err(refusal(&reply, issuer));
    }
    let document = json::object(&reply.body).map_err(|why| malformed(why.to_string()))?;
    let value = read(provider, issuer, &document)?;
    if last.is_some_and(|last| last.moved_to(&value)) {
        return Err(malformed(
            "token endpoint or keys moved to another host".into(),
        ));
    }
    Ok(Fetched {
        value,
        max_age: reply.max_age,
    })
}

impl Metadata {
    /// Whether the newer document has token endpoint or keys on another host.
    pub(crate) fn moved_to(&self, newer: &Self) -> bool {
        self.token.origin() != newer.token.origin() || self.jwks.origin() != newer.jwks.origin()
    }
}

/// Okta answers with its REST error body, here and nowhere else in OpenID Connect.
fn refusal(reply: &Reply, issuer: &str) -> Failure {
    let body = json::object(&reply.body).unwrap_or_default();
    let code = body.text("errorCode").unwrap_or_default();
    let words = body.text("errorSummary").unwrap_or_default();
    let cause = refusal_cause(reply.status, code, words, issuer);
    Failure::new(cause, format!("discovery: status {}", reply.status)).said(code, words)
}

/// What it means that discovery answers with anything but a document: the same at a sign-in and in
/// the checks.
pub(crate) fn refusal_cause(status: u16, code: &str, words: &str, issuer: &str) -> Cause {
    let custom = issuer.contains("/oauth2/");
    match (status, code) {
        (_, "E0000015") => Cause::ServerNotLicensed,
        (429, _) | (_, "E0000047") => Cause::RateLimited,
        (500.., _) => Cause::ProviderUnavailable,
        (_, _) if custom && words.to_ascii_lowercase().contains("inactive") => {
            Cause::ServerInactive
        }
        (404, _) if custom => Cause::ServerUnknown,
        (404, _) => Cause::MetadataNotFound,
        (_, _) if words.contains("network zones") => Cause::NetworkZone,
        (401 | 403, _) => Cause::ProviderForbidden,
        (_, _) => Cause::DiscoveryMalformed,
    }
}

fn unanswered(why: NoReply) -> Failure {
    let failure = Failure::new(no_reply_cause(&why), format!("discovery: {why}"));
    match why {
        NoReply::Private { host, .. } => failure.said("", &host),
        NoReply::Refused { .. }
        | NoReply::Unreachable { .. }
        | NoReply::TooLarge
        | NoReply::Redirected { .. } => failure,
    }
}

/// What it means that discovery does not answer. Whether a name has an address is never said.
pub(crate) fn no_reply_cause(why: &NoReply) -> Cause {
    match why {
        NoReply::Refused { .. } => Cause::Unreachable,
        NoReply::Private { .. } => Cause::AddressPrivate,
        NoReply::Unreachable { how, .. } => match how {
            Silence::NoConnection => Cause::Unreachable,
            Silence::Slow => Cause::ProviderSlow,
            Silence::Certificate => Cause::CertificateRefused,
        },
        NoReply::TooLarge => Cause::DiscoveryMalformed,
        NoReply::Redirected { .. } => Cause::Redirected,
    }
}

/// The ways in which one app may authenticate, as Okta describes it to anyone who names it; none
/// where it does not.
pub(crate) async fn methods_of(
    outbound: &Outbound,
    issuer: &str,
    client_id: &str,
) -> Option<Vec<String>> {
    let address = format!("{issuer}/.well-known/openid-configuration");
    let mut address = Url::parse(&address).ok()?;
    address
        .query_pairs_mut()
        .append_pair("client_id", client_id);
    let reply = outbound.get(&address).await.ok()?;
    let document = json::object(&reply.body).ok()?;
    let list = document.texts_strictly("token_endpoint_auth_methods_supported");
    let list = list.ok().flatten().filter(|_| reply.status == 200)?;
    Some(list.into_iter().map(str::to_owned).collect())
}

/// Reads a document that was fetched, and checks it.
pub(crate) fn read(
    provider: Provider,
    issuer: &str,
    document: &Object,
) -> Result<Metadata, Failure> {
    let named = document
        .text_strictly("issuer")
        .map_err(wrong)?
        .ok_or_else(|| malformed("`issuer` is missing".into()))?;
    if named != issuer {
        let detail = format!("discovery names {}", shown(named));
        return Err(Failure::new(Cause::IssuerMismatch, detail).said("issuer", named));
    }
    let home =
        Url::parse(issuer).map_err(|error| malformed(format!("issuer is no URL: {error}")))?;
    let optional = |name: &str| endpoint(provider, &home, document, name);
    let required = |name: &str| {
        optional(name)?.ok_or_else(|| malformed(format!("`{name}` is missing or empty")))
    };
    offers(document, "response_types_supported", &["code"])?;
    // Only that one of ours is among them; which one is never the document's choice.
    offers(
        document,
        "id_token_signing_alg_values_supported",
        &["RS256", "ES256"],
    )?;
    Ok(Metadata {
        issuer: issuer.to_owned(),
        authorization: required("authorization_endpoint")?,
        token: required("token_endpoint")?,
        userinfo: required("userinfo_endpoint")?,
        jwks: required("jwks_uri")?,
        end_session: optional("end_session_endpoint")?,
        token_auth: token_auth(document)?,
        takes_form: takes(document, "client_secret_post"),
        names_itself_in_callback: matches!(
            document.get("authorization_response_iss_parameter_supported"),
            Some(Json::Bool(true))
        ),
    })
}

/// An endpoint at an origin where this provider's endpoints may be.
pub(crate) fn endpoint(
    provider: Provider,
    issuer: &Url,
    document: &Object,
    name: &str,
) -> Result<Option<Url>, Failure> {
    let Some(text) = document.text_strictly(name).map_err(wrong)? else {
        return Ok(None);
    };
    let strange = text.bytes().any(|b| b <= b' ' || b == 0x7f || b == b'\\') || text.len() > 2048;
    let url = Url::parse(text).map_err(|_| malformed(format!("`{name}` is no URL")))?;
    if strange || url.fragment().is_some() {
        return Err(malformed(format!("`{name}` is no plain URL")));
    }
    let named = !url.username().is_empty() || url.password().is_some();
    if named || !provider::may_be_at(provider, issuer, &url) {
        let origin = url.origin().ascii_serialization();
        return Err(malformed(format!("`{name}` is elsewhere: {origin}")));
    }
    Ok(Some(url))
}

/// Where the list is present, one of `ours` must be in it.
fn offers(document: &Object, name: &str, ours: &[&str]) -> Result<(), Failure> {
    match document.texts_strictly(name).map_err(wrong)? {
        Some(list) if !list.iter().any(|item| ours.contains(item)) => {
            Err(malformed(format!("`{name}` has none of {ours:?}")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Without the list it is Basic (Discovery §3). A provider that takes neither never sees a secret.
fn token_auth(document: &Object) -> Result<TokenAuth, Failure> {
    let name = "token_endpoint_auth_methods_supported";
    let list = document.texts_strictly(name).map_err(wrong)?;
    match list {
        None => Ok(TokenAuth::Basic),
        Some(list) if list.contains(&"client_secret_basic") => Ok(TokenAuth::Basic),
        Some(list) if list.contains(&"client_secret_post") => Ok(TokenAuth::Post),
        Some(list) if list.contains(&"private_key_jwt") => Err(Failure::new(
            Cause::ClientRequiresKey,
            format!("`{name}` has only key pairs"),
        )),
        Some(_) => Err(malformed(format!(
            "`{name}` has no way to send a client secret"
        ))),
    }
}

fn takes(document: &Object, method: &str) -> bool {
    let list = document.texts_strictly("token_endpoint_auth_methods_supported");
    matches!(list, Ok(Some(list)) if list.contains(&method))
}

fn wrong(why: Malformed) -> Failure {
    malformed(why.to_string())
}

fn malformed(detail: String) -> Failure {
    Failure::new(Cause::DiscoveryMalformed, detail)
}

fn unreachable(detail: String) -> Failure {
    Failure::new(Cause::Unreachable, detail)
}

#[cfg(test)]
mod tests;
