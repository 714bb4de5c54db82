//! Userinfo (OpenID Connect Core §5.3): what the thin ID token leaves out, about the same person.

use std::collections::BTreeMap;

use api::{Cause, Email, Provider};

use super::{
    claims::{self, Claims},
    discovery::Metadata,
    failure::{Failure, shown},
    json::{self, Json, Object},
    outbound::{Outbound, Reply},
};

/// What ID token and userinfo say about a person, each read in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) email: Option<String>,
    /// None when absent. Whatever is not plainly true is false.
    pub(crate) email_verified: Option<bool>,
    pub(crate) upn: Option<String>,
    pub(crate) preferred_username: Option<String>,
    pub(crate) name: Option<String>,
}

/// Userinfo about the right person.
#[derive(Debug)]
pub(crate) struct Userinfo {
    pub(crate) profile: Profile,
    pub(crate) all: BTreeMap<String, String>,
}

/// Asks with the access token in the header, and accepts only what speaks of `sub`.
pub(crate) async fn fetch(
    outbound: &Outbound,
    metadata: &Metadata,
    access_token: &str,
    sub: &str,
) -> Result<Userinfo, Failure> {
    match outbound.get_bearer(&metadata.userinfo, access_token).await {
        Ok(reply) => read(&reply, sub),
        Err(error) => Err(unreadable(error.to_string())),
    }
}

fn read(reply: &Reply, sub: &str) -> Result<Userinfo, Failure> {
    if reply.status != 200 {
        return Err(unreadable(format!("status {}", reply.status)));
    }
    // A signed answer (`application/jwt`) is not what was asked for, and is not read unchecked.
    match reply.content_type.as_deref() {
        None | Some("application/json") => (),
        Some(other) => return Err(unreadable(format!("it is {}", shown(other)))),
    }
    let body = json::object(&reply.body).map_err(|why| unreadable(why.to_string()))?;
    match body.get("sub") {
        Some(Json::String(theirs)) if theirs == sub => (),
        Some(Json::String(_)) => {
            return Err(Failure::new(
                Cause::UserinfoSub,
                "`sub` is not the ID token's",
            ));
        }
        Some(_) | None => return Err(unreadable("`sub` is missing".into())),
    }
    Ok(Userinfo {
        profile: Profile::read(&body).map_err(|why| unreadable(why.to_string()))?,
        all: claims::displayed(&body),
    })
}

impl Profile {
    /// A wrong type is a fault where the claim decides who somebody is (`email`, `upn`), and
    /// absence where something else can stand in (Okta was seen to send a list of names).
    pub(crate) fn read(object: &Object) -> Result<Self, json::Malformed> {
        // Nothing is trimmed: with a blank in front it is another value, and `name` judges it.
        let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Self {
            email: owned(object.text_strictly("email")?),
            email_verified: object.get("email_verified").map(is_true),
            upn: owned(object.text_strictly("upn")?),
            preferred_username: owned(object.text("preferred_username")),
            // Only shown, and never compared.
            name: owned(object.text("name").map(str::trim)),
        })
    }

    fn without_email(self) -> Self {
        Self {
            email: None,
            email_verified: None,
            ..self
        }
    }

    /// Both together; the signed one counts first. Fails when they name different e-mails.
    fn merged(token: &Self, userinfo: &Self) -> Result<Self, Failure> {
        if let (Some(one), Some(other)) = (&token.email, &userinfo.email)
            && !same_email(one, other)
        {
            return Err(Failure::new(
                Cause::EmailsDiffer,
                "ID token and userinfo differ",
            ));
        }
        let first = |a: &Option<String>, b: &Option<String>| a.clone().or_else(|| b.clone());
        Ok(Self {
            email: first(&token.email, &userinfo.email),
            email_verified: match (token.email_verified, userinfo.email_verified) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), _) | (_, Some(true)) => Some(true),
                (None, None) => None,
            },
            upn: first(&token.upn, &userinfo.upn),
            preferred_username: first(&token.preferred_username, &userinfo.preferred_username),
            name: first(&token.name, &userinfo.name),
        })
    }
}

/// What both say about the person.
pub(crate) fn merge(
    provider: Provider,
    claims: &Claims,
    userinfo: &Userinfo,
) -> Result<Profile, Failure> {
    match provider {
        Provider::Okta | Provider::Google => Profile::merged(&claims.profile, &userinfo.profile),
        // Its e-mails prove nothing, so it proves nothing either when they differ.
        Provider::Microsoft => Profile::merged(
            &claims.profile.clone().without_email(),
            &userinfo.profile.clone().without_email(),
        ),
    }
}

/// Booleans arrive as strings from some (Microsoft). `"false"`, 0, null and the like are false.
fn is_true(value: &Json) -> bool {
    match value {
        Json::Bool(value) => *value,
        Json::String(text) => text == "true",
        Json::Null | Json::Number(_) | Json::Array(_) | Json::Object(_) => false,
    }
}

fn same_email(one: &str, other: &str) -> bool {
    match (Email::from_claim(one), Email::from_claim(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), _) | (_, Err(_)) => one == other,
    }
}

fn unreadable(detail: String) -> Failure {
    Failure::new(Cause::UserinfoUnreadable, format!("userinfo: {detail}"))
}

#[cfg(test)]
mod tests;
