//! Refresh tokens: persistent, or replaced at every use with a moment of grace.

use serde_json::Value;

use crate::http::{Call, Params, Problem};
use crate::org::app::{App, Rotation};
use crate::org::grant::{Family, Grant};
use crate::org::{World, person::Person};
use crate::place::Tree;

use super::{body, invalid_grant, issue, same_issuer};

const DAY: i64 = 86_400_000;

/// The org server's refresh tokens end after this, used or not (milliseconds).
const ORG_LIFE: i64 = 90 * DAY;

/// A custom server's end when they are not used for so long (milliseconds).
const CUSTOM_IDLE: i64 = 7 * DAY;

/// The first token of a new family, and the family's name.
pub(super) fn begin(call: &Call, grant: &Grant) -> (String, String) {
    let now = call.engine.now();
    let expires_at = match grant.tree {
        Tree::Org | Tree::Google | Tree::Microsoft(_) => now + ORG_LIFE,
        Tree::Custom(_) => i64::MAX,
    };
    let mut world = call.engine.world();
    let (name, token) = (world.chance.token(), world.chance.token());
    world.refresh.insert(token.clone(), name.clone());
    world.families.insert(
        name.clone(),
        Family {
            grant: grant.clone(),
            current: token.clone(),
            previous: None,
            expires_at,
            last_used: now,
        },
    );
    (name, token)
}

pub(super) fn by_refresh_token(call: &Call, app: &App, params: &Params) -> Result<Value, Problem> {
    let (family, mut grant, token, person) = turn(call, app, params)?;
    let wanted = params.words("scope");
    if !wanted.is_empty() {
        if let Some(more) = wanted.iter().find(|scope| !grant.has(scope)) {
            return Err(Problem::oauth(
                400,
                "invalid_scope",
                format!("The following scopes are not allowed for this request: [{more}]."),
            ));
        }
        grant.scopes = wanted;
    }
    let issued = issue(call, app, &grant, &person, true, Some(family));
    Ok(body(&grant, issued, Some(token)))
}

/// Finds the family of a token, and the token to use from now on.
fn turn(
    call: &Call,
    app: &App,
    params: &Params,
) -> Result<(String, Grant, String, Person), Problem> {
    let refused = || invalid_grant("The refresh token is invalid or expired.");
    let given = params.get("refresh_token").unwrap_or_default();
    let now = call.engine.now();
    let mut world = call.engine.world();
    let name = world.refresh.get(given).cloned().ok_or_else(refused)?;
    let mut family = world.families.get(&name).cloned().ok_or_else(refused)?;
    if family.grant.client_id != app.id {
        return Err(refused());
    }
    same_issuer(call, &family.grant)?;
    let idle = matches!(family.grant.tree, Tree::Custom(_)) && now - family.last_used > CUSTOM_IDLE;
    let person = world
        .person(&family.grant.user_id)
        .filter(|person| person.active)
        .cloned();
    let (Some(person), false) = (person, idle || now >= family.expires_at) else {
        revoke(&mut world, &name);
        return Err(refused());
    };
    if !app.allows(&person.id) {
        return Err(Problem::oauth(
            400,
            "access_denied",
            "User is not assigned to the client application.",
        ));
    }
    let rotates = match app.rotation {
        Rotation::Persistent => false,
        Rotation::EveryUse { grace } if given != family.current => {
            let in_grace = family
                .previous
                .as_ref()
                .is_some_and(|(token, since)| token == given && now - since <= grace * 1000);
            if !in_grace {
                // Somebody has an old token: the newest one ends too, for nobody knows which of the two is the thief.
                revoke(&mut world, &name);
                return Err(refused());
            }
            false
        }
        Rotation::EveryUse { .. } => true,
    };
    if rotates {
        let fresh = world.chance.token();
        world.refresh.insert(fresh.clone(), name.clone());
        family.previous = Some((std::mem::replace(&mut family.current, fresh), now));
    }
    family.last_used = now;
    let (grant, token) = (family.grant.clone(), family.current.clone());
    world.families.insert(name.clone(), family);
    Ok((name, grant, token, person))
}

/// Ends a family, and the access tokens that came from it.
pub(crate) fn revoke(world: &mut World, name: &str) {
    world.families.remove(name);
    world
        .access
        .retain(|_, access| access.family.as_deref() != Some(name));
}
