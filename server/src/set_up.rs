//! The first minute: a one-time link, the organization's name, the first administrator.

use api::{
    ProblemCode, Role, SignedInBy,
    set_up::{SetUpForm, SetUpState, ValidSetUp},
};
use axum::{
    Json,
    extract::{FromRequest as _, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use crate::{
    App, access,
    audit::{Audit, Event},
    body::Body,
    db::{Db, Lock, Tx, params},
    error::Error,
    ids,
    limits::{Address, Limit},
    sign_ins::Opening,
    users,
};

/// Prepares the deployment's row; the token of the set-up link while it is still needed.
///
/// Each start of a deployment that nobody set up makes a new token, so that a link in an old log
/// is worth nothing.
pub async fn prepare(app: &App) -> Result<Option<String>, Error> {
    users::write_missing(app).await?;
    let token = ids::token(&app.entropy);
    let (hash, key_id, now) = (ids::hash(&token), *app.sealing.key_id(), app.clock.now());
    app.db
        .write(move |tx| {
            tx.lock(Lock::SetUp)?;
            if !needed(tx)? {
                return Ok(None);
            }
            tx.run(
                "insert into deployment (id, encryption_key_id, set_up_token_hash, created_at)
                 values (1, $1, $2, $3)
                 on conflict (id) do update set encryption_key_id = $1, set_up_token_hash = $2",
                params![&key_id, &hash, now],
            )?;
            Ok(Some(token))
        })
        .await
}

/// The id of the key that this database's secrets are sealed with; None until something is.
pub async fn key_in_use(db: &Db) -> Result<Option<Vec<u8>>, Error> {
    db.peek(|tx| {
        if needed(tx)? {
            return Ok(None);
        }
        let row = tx.row("select encryption_key_id from deployment where id = 1", &[])?;
        row.map(|mut row| row.blob()).transpose()
    })
    .await
}

/// Whether nobody set this deployment up yet.
pub(crate) fn needed(tx: &mut Tx<'_>) -> Result<bool, Error> {
    Ok(tx
        .row("select 1 from organization where id = 1", &[])?
        .is_none())
}

/// `GET /api/set-up`.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<SetUpState>, Error> {
    let needed = app.db.peek(needed).await?;
    Ok(Json(SetUpState { needed }))
}

/// `POST /api/set-up`: makes the organization and its first administrator, and signs them in.
pub(crate) async fn perform(
    State(app): State<App>,
    Address(address): Address,
    request: Request,
) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let mut audit = access::nobody(&app, &parts);
    let request = Request::from_parts(parts.clone(), body);
    let (form, valid) = match asked(&app, request).await {
        Ok(asked) => asked,
        // Only what is refused is limited: the right link works however many wrong ones came before it.
        Err(refused) => {
            app.limits.pass(Limit::SetUp, address)?;
            return Err(refused);
        }
    };
    let password_hash = app
        .passwords
        .hash(form.password.clone(), &app.entropy)
        .await?;
    let admin_id = ids::uuid(audit.now, &app.entropy);
    audit.actor_id = Some(admin_id.clone());
    audit.actor_name.clone_from(&valid.name);
    let opening = Opening::new(&app, &parts, audit.now, SignedInBy::Password);
    let opened = app
        .db
        .write(move |tx| {
            tx.lock(Lock::SetUp)?;
            check(tx, &form.token)?;
            create(tx, &audit, &admin_id, &valid, &password_hash)?;
            opening.write(tx, &audit)?;
            Ok(opening)
        })
        .await?;
    Ok(opened.with_cookie(StatusCode::CREATED))
}

/// What was sent, if the link is right.
async fn asked(app: &App, request: Request) -> Result<(SetUpForm, ValidSetUp), Error> {
    let Body(form) = Body::<SetUpForm>::from_request(request, &()).await?;
    let valid = form.validate().map_err(Error::Invalid)?;
    let token = form.token.clone();
    app.db.peek(move |tx| check(tx, &token)).await?;
    Ok((form, valid))
}

/// The browser as it names itself, cut to what is worth keeping.
pub(crate) fn user_agent(headers: &HeaderMap) -> Option<String> {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(200).collect())
}

/// Whether the link is the one that the last start printed, and nobody used it.
fn check(tx: &mut Tx<'_>, token: &str) -> Result<(), Error> {
    // Before the organization is looked for: a set-up that ends between the two takes the link away, and is then seen.
    let stored = match tx.row("select set_up_token_hash from deployment where id = 1", &[])? {
        Some(mut row) => row.opt_blob()?,
        None => None,
    };
    if !needed(tx)? {
        return Err(ProblemCode::SetUpDone.into());
    }
    let fits = stored.is_some_and(|stored| bool::from(stored.ct_eq(&ids::hash(token))));
    if fits {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

/// The rows of a new deployment.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    audit: &Audit,
    admin_id: &str,
    valid: &ValidSetUp,
    password_hash: &str,
) -> Result<(), Error> {
    tx.run(
        "insert into organization (id, name, version, created_at) values (1, $1, 1, $2)",
        params![&valid.organization, audit.now],
    )?;
    tx.run(
        "update deployment set set_up_token_hash = null where id = 1",
        &[],
    )?;
    let admin = api::users::ValidUser {
        name: valid.name.clone(),
        email: valid.email.clone(),
        okta_login: Some((&valid.email).into()),
        role: Role::Admin,
    };
    users::insert(tx, admin_id, &admin, Some(password_hash), audit.now)?;
    audit.record(
        tx,
        Event::SetUp,
        Some(admin_id),
        &json!({ "organization": valid.organization, "administrator": valid.email.as_str() }),
    )
}
