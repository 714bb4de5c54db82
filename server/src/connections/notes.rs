//! Claims of a round trip that are missing or nearly right. It judges names, and of one
//! claim, the audience, the value too.

use api::{
    Provider,
    connections::{ClaimFault, ClaimNote},
};

use crate::oidc::{ConnectionConfig, Person};

/// Claims that only an authorization server of one's own sends, where an administrator sets each
/// one up by hand.
const BY_HAND: [&str; 2] = ["upn", "uid"];

/// Okta: "Reserved claims" of access tokens.
const OKTAS_OWN: [&str; 12] = [
    "acr",
    "aud",
    "auth_time",
    "cid",
    "exp",
    "iat",
    "iss",
    "jti",
    "scp",
    "sub",
    "uid",
    "ver",
];

/// What is to be said of the claims that came back.
pub(crate) fn notes(config: &ConnectionConfig, person: &Person) -> Vec<ClaimNote> {
    match config.provider {
        Provider::Okta if config.issuer.contains("/oauth2/") => {}
        // The organization's own server and the others send what they send.
        Provider::Okta | Provider::Google | Provider::Microsoft => return Vec::new(),
    }
    BY_HAND
        .into_iter()
        .filter_map(|name| note(name, person))
        .chain(audience(config, person))
        .collect()
}

/// The access token is for somebody else than the one whose audience was entered here.
fn audience(config: &ConnectionConfig, person: &Person) -> Option<ClaimNote> {
    let wanted = config.audience.as_ref()?;
    let came = person.granted.audience.as_ref()?;
    (came != wanted).then(|| ClaimNote {
        claim: "aud".to_owned(),
        fault: ClaimFault::OtherValue,
        received: Some(came.clone()),
    })
}

fn note(name: &str, person: &Person) -> Option<ClaimNote> {
    let exact = person.claims.iter().find(|claim| claim.name == name);
    if exact.is_some_and(|claim| claim.id_token.is_some()) {
        return None;
    }
    // Okta writes some names into every access token itself: that says nothing of a claim.
    let in_access_token: Vec<&String> = person
        .granted
        .access_token_claims
        .iter()
        .filter(|name| !OKTAS_OWN.contains(&name.as_str()))
        .collect();
    let mut others = person
        .claims
        .iter()
        .map(|claim| &claim.name)
        .chain(in_access_token.iter().copied());
    let near = others.find(|other| *other != name && is_near(other, name));
    let (fault, seen) = if exact.is_some() {
        (ClaimFault::UserinfoOnly, None)
    } else if in_access_token.iter().any(|other| *other == name) {
        (ClaimFault::AccessTokenOnly, None)
    } else if let Some(near) = near {
        (ClaimFault::NearName, Some(near.clone()))
    } else {
        (ClaimFault::Missing, None)
    };
    Some(ClaimNote {
        claim: name.to_owned(),
        fault,
        received: seen,
    })
}

/// The same letters in another case, or with blanks, hyphens or underscores between them.
fn is_near(other: &str, name: &str) -> bool {
    other
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .eq(name.chars())
}
