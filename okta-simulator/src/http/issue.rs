//! What tokens and userinfo say about a person: Okta's thin ID tokens, Google's and Microsoft's.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::jose::{Seal, encrypted, half_hash, s256, sign};
use crate::org::app::{App, Provider, UsernameFormat};
use crate::org::authorization_server::{AuthorizationServer, TokenType};
use crate::org::expression::evaluate;
use crate::org::grant::{Access, Grant};
use crate::org::person::Person;
use crate::place::Tree;

use super::{Call, spoil};

/// ID tokens live this long, in seconds; Okta lets nobody change it.
const ID_TOKEN_LIFE: i64 = 3600;

pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) id_token: Option<String>,
    /// Seconds.
    pub(crate) expires_in: i64,
}

/// Makes and remembers the tokens of a grant. `refreshed`: by a refresh token, and so without the nonce.
pub(crate) fn issue(
    call: &Call,
    app: &App,
    grant: &Grant,
    person: &Person,
    refreshed: bool,
    family: Option<String>,
) -> Issued {
    let now = call.engine.now();
    let (faults, key, server, id_token_id, opaque, org_id) = {
        let mut world = call.engine.world();
        let key = world
            .ring(grant.tree.authority(), Some(app))
            .expect("every issuer has keys")
            .current
            .clone();
        let server = match &grant.tree {
            Tree::Custom(id) => world.server(id).cloned(),
            Tree::Org | Tree::Google | Tree::Microsoft(_) => None,
        };
        (
            world.faults.clone(),
            key,
            server,
            world.chance.token(),
            world.chance.token(),
            world.org_id.clone(),
        )
    };
    let seconds = now.div_euclid(1000) + faults.skew();
    let expires_in = grant.access_token_minutes * 60;
    let access_token = match &server {
        Some(server) => {
            let claims = access_token_claims(call, app, server, grant, person, &opaque, seconds);
            sign(Seal::Rs256, &key, &Value::Object(claims).to_string())
        }
        // Okta's own access tokens are nobody's business: whoever reads one has a mistake in their code.
        None => opaque,
    };
    let id_token = grant.has("openid").then(|| {
        let mut claims = person_claims(grant, app, person, &call.engine.config.google_domain, true);
        claims.extend(frame(call, app, grant, &id_token_id, seconds, &org_id));
        claims.insert("at_hash".into(), json!(half_hash(&access_token)));
        if let Some(nonce) = grant.nonce.as_ref().filter(|_| !refreshed) {
            claims.insert("nonce".into(), json!(nonce));
        }
        if let Some(server) = &server {
            claims.extend(custom(server, TokenType::Id, true, grant, person));
        }
        spoil::id_token(&mut claims, &faults, seconds);
        let token = spoil::seal(&claims, &key, app.first_secret(), &faults);
        if app.encrypted_id_token {
            encrypted(&token)
        } else {
            token
        }
    });
    let access = Access {
        grant: grant.clone(),
        issued_at: now,
        expires_at: now + expires_in * 1000,
        family,
    };
    let mut world = call.engine.world();
    world.tidy(now);
    world.access.insert(access_token.clone(), access);
    Issued {
        access_token,
        id_token,
        expires_in,
    }
}

/// The claims about the token itself.
fn frame(
    call: &Call,
    app: &App,
    grant: &Grant,
    id: &str,
    now: i64,
    org_id: &str,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    set("iss", json!(call.token_issuer(app)));
    set("aud", json!(app.id));
    set("iat", json!(now));
    set("exp", json!(now + ID_TOKEN_LIFE));
    match app.provider {
        Provider::Okta => {
            set("ver", json!(1));
            set("jti", json!(format!("ID.{id}")));
            set("amr", json!(["pwd"]));
            set("idp", json!(org_id));
            set("auth_time", json!(grant.auth_time));
        }
        Provider::Google => set("azp", json!(app.id)),
        Provider::Microsoft => {
            set("ver", json!("2.0"));
            set("nbf", json!(now));
            set("tid", json!(call.engine.config.microsoft_tenant));
            set("uti", json!(id));
        }
    }
    claims
}

/// `sub`: Okta's and Google's is one a person; Microsoft's differs from app to app.
pub(crate) fn subject(app: &App, person: &Person) -> String {
    match app.provider {
        Provider::Okta if app.pairwise => s256(&format!("{} {}", app.id, person.id)),
        Provider::Okta => person.id.clone(),
        Provider::Google => person.google_subject.clone(),
        Provider::Microsoft => s256(&format!("{} {}", app.id, person.microsoft_object_id)),
    }
}

/// The "Application username".
fn username(app: &App, person: &Person) -> Value {
    match app.username {
        UsernameFormat::OktaUsername => json!(person.login),
        UsernameFormat::Prefix => json!(person.login.split('@').next().unwrap_or_default()),
        UsernameFormat::Empty => Value::Null,
        UsernameFormat::TwoSpellings => json!([person.login, person.login.to_uppercase()]),
    }
}

/// The claims about the person that the scopes ask for. `thin`: for an ID token; at Okta the rest is only at userinfo.
pub(crate) fn person_claims(
    grant: &Grant,
    app: &App,
    person: &Person,
    google_domain: &str,
    thin: bool,
) -> Map<String, Value> {
    let (email, profile) = (grant.has("email"), grant.has("profile"));
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    set("sub", json!(subject(app, person)));
    if email && !person.email.is_empty() {
        set("email", json!(person.email));
    }
    if profile {
        set("name", json!(person.name()));
    }
    let full_name = profile && (!thin || app.provider == Provider::Google);
    if full_name {
        set("given_name", json!(person.first_name));
        set("family_name", json!(person.last_name));
    }
    match app.provider {
        Provider::Okta => {
            if profile && app.username != UsernameFormat::Empty {
                set("preferred_username", username(app, person));
            }
            if profile && !thin {
                set("locale", json!("en_US"));
                set("zoneinfo", json!("America/Los_Angeles"));
                set("updated_at", json!(grant.auth_time));
            }
            if email && !thin {
                set("email_verified", json!(person.email_verified));
            }
        }
        Provider::Google => {
            if email {
                set("email_verified", json!(person.email_verified));
            }
            // Only accounts of a Workspace have it.
            if person
                .email
                .to_ascii_lowercase()
                .ends_with(&format!("@{google_domain}"))
            {
                set("hd", json!(google_domain));
            }
        }
        Provider::Microsoft => {
            if thin {
                set("oid", json!(person.microsoft_object_id));
            }
            if thin && profile {
                set("preferred_username", json!(person.login));
            }
        }
    }
    claims
}

/// A custom server's own claims. A value that is null, or cannot be worked out, is left out.
pub(crate) fn custom(
    server: &AuthorizationServer,
    token_type: TokenType,
    only_always: bool,
    grant: &Grant,
    person: &Person,
) -> Map<String, Value> {
    let fitting = server.claims.iter().filter(|claim| {
        claim.token_type == token_type
            && claim.wanted_by(&grant.scopes)
            && (claim.always || !only_always)
    });
    fitting
        .filter_map(|claim| {
            Some((
                claim.name.clone(),
                json!(evaluate(&claim.expression, person).ok().flatten()?),
            ))
        })
        .collect()
}

fn access_token_claims(
    call: &Call,
    app: &App,
    server: &AuthorizationServer,
    grant: &Grant,
    person: &Person,
    id: &str,
    now: i64,
) -> Map<String, Value> {
    let mut claims = custom(server, TokenType::Access, true, grant, person);
    let scopes: BTreeSet<&String> = grant.scopes.iter().collect();
    for (name, value) in [
        ("ver", json!(1)),
        ("jti", json!(format!("AT.{id}"))),
        ("iss", json!(call.token_issuer(app))),
        ("aud", json!(server.audience)),
        ("iat", json!(now)),
        ("exp", json!(now + grant.access_token_minutes * 60)),
        ("cid", json!(grant.client_id)),
        ("uid", json!(person.id)),
        ("scp", json!(scopes)),
        ("auth_time", json!(grant.auth_time)),
        ("sub", json!(person.login)),
    ] {
        claims.insert(name.into(), value);
    }
    claims
}
