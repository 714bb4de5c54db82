//! Who may: the only file that decides it. Every route declares a [`Permission`]; the guard around
//! it lets a request through or answers 401 or 403, and hands the handler its [`Admin`] or [`Member`].

use api::{ProblemCode, RECENT_SIGN_IN, Role, SignedInBy, UtcMillis, paths};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, request::Parts},
    middleware::Next,
    response::Response,
};
use futures_util::{Stream, TryStreamExt as _};

use crate::{App, audit::Audit, error::Error, limits, request_id::RequestId, sessions};

/// What a route asks of whoever calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Anybody.
    Public,
    /// Anybody who is signed in.
    Member,
    /// Administrators.
    Admin,
    /// Administrators who signed in, or confirmed their identity, within the last ten minutes: for what decides who is an
    /// administrator or who can sign in. Confirming a trial is not among it: enabling it was, and it takes a session that
    /// came through Okta since. Nor is what only takes access away.
    RecentAdmin,
}

/// Whoever is signed in, as the database has them at this moment.
#[derive(Clone, Debug)]
pub struct Actor {
    pub session_id: String,
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub signed_in_by: SignedInBy,
    pub signed_in_at: UtcMillis,
    pub expires_at: UtcMillis,
    /// When they last signed in or confirmed their identity in this session; 0: not known.
    pub authenticated_at: UtcMillis,
    /// The organization's name.
    pub organization: String,
    audit: Audit,
}

/// An administrator: proof that the guard let one through.
pub struct Admin(pub Actor);

/// Somebody who is signed in.
pub struct Member(pub Actor);

impl Actor {
    pub(crate) fn new(session: sessions::Live, audit: Audit) -> Self {
        Self {
            session_id: session.id,
            user_id: session.user_id,
            name: session.name,
            email: session.email,
            role: session.role,
            signed_in_by: session.signed_in_by,
            signed_in_at: session.signed_in_at,
            expires_at: session.expires_at,
            authenticated_at: session.authenticated_at,
            organization: session.organization,
            audit,
        }
    }

    /// What the audit rows of this request have in common.
    #[must_use]
    pub fn audit(&self) -> Audit {
        self.audit.clone()
    }
}

/// Stands before every handler of the API.
pub(crate) async fn guard(
    State((app, permission)): State<(App, Permission)>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    if changes(&parts.method) {
        same_site(&parts.headers, &app.settings.public_url)?;
        if !parts.headers.contains_key(paths::CSRF_HEADER) {
            return Err(ProblemCode::CrossSite.into());
        }
    }
    match permission {
        Permission::Public => {}
        Permission::Member | Permission::Admin | Permission::RecentAdmin => {
            let actor = permitted(&app, permission, &parts).await?;
            parts.extensions.insert(Again { app, permission });
            parts.extensions.insert(actor);
        }
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Asks once more who may: a body can be long in coming, and whoever was barred meanwhile has no say.
#[derive(Clone)]
struct Again {
    app: App,
    permission: Permission,
}

/// After the body was read. Routes that anybody may call ask nothing.
pub(crate) async fn still_may(parts: &Parts) -> Result<(), Error> {
    let Some(again) = parts.extensions.get::<Again>() else {
        return Ok(());
    };
    permitted(&again.app, again.permission, parts)
        .await
        .map(drop)
}

/// An answer that is sent a part at a time, as long as whoever asked still may. For a problem it is too late then: the
/// answer breaks off, so that nobody takes it for the whole.
pub(crate) fn while_may<S>(parts: Parts, rows: S) -> Body
where
    S: Stream<Item = Result<Bytes, Error>> + Send + 'static,
{
    let rows = rows.and_then(move |row| {
        let parts = parts.clone();
        async move { still_may(&parts).await.map(|()| row) }
    });
    Body::from_stream(rows.map_err(|error| {
        error.log("-");
        std::io::Error::other("the answer broke off")
    }))
}

async fn permitted(app: &App, permission: Permission, parts: &Parts) -> Result<Actor, Error> {
    let actor = actor(app, parts).await?.ok_or(ProblemCode::SignedOut)?;
    let is_admin = actor.role == Role::Admin;
    match permission {
        Permission::Admin | Permission::RecentAdmin if !is_admin => {
            return Err(ProblemCode::Forbidden.into());
        }
        Permission::Public | Permission::Member | Permission::Admin => {}
        Permission::RecentAdmin => require_recent_sign_in(&actor)?,
    }
    Ok(actor)
}

/// Refuses an act for which a session that is open somewhere is not enough: it takes a sign-in of the last ten minutes.
/// Routes whose every request asks declare [`Permission::RecentAdmin`]; this is for those where it depends on the body.
pub(crate) fn require_recent_sign_in(actor: &Actor) -> Result<(), Error> {
    if actor.audit.now < actor.authenticated_at + RECENT_SIGN_IN {
        Ok(())
    } else {
        Err(ProblemCode::ReauthenticationRequired.into())
    }
}

/// Whether a page asks by itself what is new: nobody need be sitting there.
fn is_background(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    parts.uri.path() == paths::SIGN_INS
        && form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "since")
}

/// Whoever is signed in, or nobody.
pub(crate) async fn actor(app: &App, parts: &Parts) -> Result<Option<Actor>, Error> {
    let Some(session) = sessions::find(app, &parts.headers, !is_background(parts)).await? else {
        return Ok(None);
    };
    let audit = Audit {
        actor_id: Some(session.user_id.clone()),
        actor_name: session.name.clone(),
        ..nobody(app, parts)
    };
    Ok(Some(Actor::new(session, audit)))
}

/// The audit of a request of nobody in particular.
pub(crate) fn nobody(app: &App, parts: &Parts) -> Audit {
    Audit {
        now: app.clock.now(),
        actor_id: None,
        actor_name: String::new(),
        address: limits::address(parts, &app.settings.trusted_proxies).to_string(),
        request_id: parts
            .extensions
            .get::<RequestId>()
            .map_or_else(String::new, |id| id.as_str().to_owned()),
        entropy: app.entropy.clone(),
    }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what another site's page sends: browsers say where a request comes from, and a page
/// cannot make them lie.
pub(crate) fn same_site(headers: &HeaderMap, public_url: &str) -> Result<(), Error> {
    let word = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let fits = match (word("sec-fetch-site"), word("origin")) {
        (Some(site), None) => site == "same-origin",
        (Some(site), Some(origin)) => site == "same-origin" && origin == public_url,
        (None, Some(origin)) => origin == public_url,
        // Not a browser, or one that hides both: then there is nothing to believe.
        (None, None) => false,
    };
    if fits {
        Ok(())
    } else {
        Err(ProblemCode::CrossSite.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match parts.extensions.get::<Actor>() {
            Some(actor) if actor.role == Role::Admin => Ok(Self(actor.clone())),
            Some(_) => Err(ProblemCode::Forbidden.into()),
            None => Err(ProblemCode::SignedOut.into()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts
            .extensions
            .get::<Actor>()
            .map(|actor| Self(actor.clone()))
            .ok_or_else(|| ProblemCode::SignedOut.into())
    }
}
