//! The webhook: one address that is told of every notice, signed as Standard Webhooks 1.0 has it.
//!
//! A message is a row, written in the transaction of what it tells of; it is sent afterwards
//! (`deliver`), at least once and always with the same id.

mod deliver;
mod sign;
mod store;

use api::{
    ProblemCode, UtcMillis, date,
    notifications::Notification,
    webhook::{Delivery, Webhook, WebhookForm, WebhookSaved},
};
use axum::{Json, extract::State};
use serde_json::json;

use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::{Body, Version},
    clock::Entropy,
    db::{Lock, Tx},
    error::Error,
    files, ids,
    limits::{Address, Limit},
    sealing::Sealing,
};

pub(crate) use deliver::{deliver_due, purge};
pub(crate) use sign::PLACE;
pub(crate) use store::url as address;

/// For how long messages are signed with the old secret as well.
const OVERLAP: UtcMillis = 24 * 60 * 60 * 1000;

/// Queues the message that tells of a notice, if there is a webhook.
pub(crate) fn queue(tx: &mut Tx<'_>, notice: &Notification) -> Result<(), Error> {
    if store::url(tx)?.is_none() {
        return Ok(());
    }
    let body = json!({
        "type": format!("sso_console.{}", notice.kind.code()),
        "timestamp": date::timestamp(notice.at),
        "data": notice.data,
    });
    // The notice's own id: at most one message for each.
    store::insert(
        tx,
        &notice.id,
        Some(notice.kind),
        &body.to_string(),
        notice.at,
        notice.at,
    )
}

/// `GET /api/webhook`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<Webhook>, Error> {
    Ok(Json(app.db.peek(store::shown).await?))
}

/// `PUT /api/webhook`: sets the address or takes it away. The first one gets a signing secret.
pub(crate) async fn save(
    State(app): State<App>,
    Admin(actor): Admin,
    Version(version): Version,
    Body(form): Body<WebhookForm>,
) -> Result<Json<WebhookSaved>, Error> {
    let url = form
        .validate(app.settings.loopback)
        .map_err(Error::Invalid)?;
    let audit = actor.audit();
    let state = app.clone();
    let saved = app
        .db
        .write(move |tx| {
            tx.lock(Lock::Webhook)?;
            files::refuse(tx, &["webhook.url"])?;
            if store::version(tx)? != version {
                return Err(ProblemCode::Changed.into());
            }
            let secret = set(tx, &state.sealing, &audit, url.as_deref())?;
            let webhook = store::shown(tx)?;
            Ok(WebhookSaved { webhook, secret })
        })
        .await?;
    Ok(Json(saved))
}

/// Sets the address; the signing secret where one was made. For the API and for a file.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    sealing: &Sealing,
    audit: &Audit,
    url: Option<&str>,
) -> Result<Option<String>, Error> {
    let before = store::url(tx)?;
    store::save_url(tx, url)?;
    let detail = json!({ "before": before, "after": url });
    audit.record(tx, Event::WebhookSaved, None, &detail)?;
    match url {
        Some(_) if !store::has_secret(tx)? => make_secret(tx, sealing, audit).map(Some),
        Some(_) => Ok(None),
        None => {
            // Nobody is there to be told what was waiting.
            store::give_all_up(tx)?;
            Ok(None)
        }
    }
}

/// `POST /api/webhook/rotate`: a new signing secret; the old one signs along for a day.
pub(crate) async fn rotate(
    State(app): State<App>,
    Admin(actor): Admin,
    Version(version): Version,
) -> Result<Json<WebhookSaved>, Error> {
    let audit = actor.audit();
    let state = app.clone();
    let saved = app
        .db
        .write(move |tx| {
            tx.lock(Lock::Webhook)?;
            if store::version(tx)? != version {
                return Err(ProblemCode::Changed.into());
            }
            if store::url(tx)?.is_none() {
                return Err(ProblemCode::IllegalMove.into());
            }
            let secret = Some(make_secret(tx, &state.sealing, &audit)?);
            let webhook = store::shown(tx)?;
            Ok(WebhookSaved { webhook, secret })
        })
        .await?;
    Ok(Json(saved))
}

fn make_secret(tx: &mut Tx<'_>, sealing: &Sealing, audit: &Audit) -> Result<String, Error> {
    let secret = sign::new_secret(&audit.entropy);
    let sealed = sealed(sealing, &secret, &audit.entropy)?;
    let before = store::secrets(tx, audit.now)?.into_iter().next();
    let before = before.and_then(|it| sealing.open(&it, PLACE).ok());
    store::save_secret(tx, &sealed, audit, audit.now + OVERLAP)?;
    let print = |secret: &[u8]| json!({ "secret_fingerprint": sealing.fingerprint(secret) });
    let detail = json!({
        "before": before.map(|it| print(&it)),
        "after": print(secret.as_bytes()),
    });
    audit.record(tx, Event::WebhookSecretMade, None, &detail)?;
    Ok(secret)
}

fn sealed(sealing: &Sealing, secret: &str, entropy: &Entropy) -> Result<Vec<u8>, Error> {
    sealing.seal(secret.as_bytes(), PLACE, entropy)
}

/// `POST /api/webhook/test`: sends a test at once, and says how that went.
pub(crate) async fn test(
    State(app): State<App>,
    Admin(actor): Admin,
    Address(address): Address,
) -> Result<Json<Delivery>, Error> {
    app.limits.pass(Limit::Check, address)?;
    let audit = actor.audit();
    let id = ids::uuid(audit.now, &app.entropy);
    let row = id.clone();
    app.db
        .write(move |tx| {
            if store::url(tx)?.is_none() {
                return Err(ProblemCode::IllegalMove.into());
            }
            let body = json!({
                "type": "sso_console.test",
                "timestamp": date::timestamp(audit.now),
                "data": { "by": audit.actor_name },
            });
            // Due later than now: this request sends it, and nobody else.
            let later = audit.now + deliver::LEASE;
            store::insert(tx, &row, None, &body.to_string(), audit.now, later)?;
            audit.record(tx, Event::WebhookTested, Some(&row), &json!({}))
        })
        .await?;
    Ok(Json(deliver::test(&app, &id).await?))
}
