//! The SQL of the webhook and of its messages.

use api::{
    UtcMillis,
    notifications::NotificationKind,
    webhook::{Delivery, DeliveryFault, DeliveryState, Webhook},
};

use crate::{
    audit::Audit,
    db::{Row, Tx, params},
    error::Error,
};

/// The address, if there is one.
pub(crate) fn url(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    match tx.row("select url from webhook where id = 1", &[])? {
        Some(mut row) => row.opt_text(),
        None => Ok(None),
    }
}

pub(super) fn version(tx: &mut Tx<'_>) -> Result<i64, Error> {
    match tx.row("select version from webhook where id = 1", &[])? {
        Some(mut row) => row.int(),
        None => Ok(0),
    }
}

pub(super) fn has_secret(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let found = tx.row(
        "select 1 from webhook where id = 1 and secret is not null",
        &[],
    )?;
    Ok(found.is_some())
}

pub(super) fn save_url(tx: &mut Tx<'_>, url: Option<&str>) -> Result<(), Error> {
    tx.run(
        "insert into webhook (id, url, version) values (1, $1, 1)
         on conflict (id) do update set url = $1, version = webhook.version + 1",
        params![url],
    )
    .map(drop)
}

pub(super) fn save_secret(
    tx: &mut Tx<'_>,
    sealed: &[u8],
    audit: &Audit,
    before_until: UtcMillis,
) -> Result<(), Error> {
    tx.run(
        "update webhook
         set secret_before = secret, secret_before_until = $4,
             secret = $1, secret_set_at = $2, secret_set_by = $3, version = version + 1
         where id = 1",
        params![sealed, audit.now, &audit.actor_name, before_until],
    )
    .map(drop)
}

/// The sealed secrets that sign at this moment, newest first.
pub(super) fn secrets(tx: &mut Tx<'_>, now: UtcMillis) -> Result<Vec<Vec<u8>>, Error> {
    let Some(mut row) = tx.row(
        "select secret, secret_before, secret_before_until from webhook where id = 1",
        &[],
    )?
    else {
        return Ok(Vec::new());
    };
    let (secret, before, until) = (row.opt_blob()?, row.opt_blob()?, row.opt_int()?);
    let before = before.filter(|_| until.is_some_and(|until| now < until));
    Ok(secret.into_iter().chain(before).collect())
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    kind: Option<NotificationKind>,
    body: &str,
    now: UtcMillis,
    due: UtcMillis,
) -> Result<(), Error> {
    tx.run(
        "insert into deliveries (id, kind, body, created_at, state, attempts, next_at)
         values ($1, $2, $3, $4, 'pending', 0, $5)",
        params![id, kind.map(NotificationKind::code), body, now, due],
    )
    .map(drop)
}

/// A message that is due.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) id: String,
    pub(super) body: String,
    pub(super) created_at: UtcMillis,
    pub(super) attempts: i64,
    next_at: UtcMillis,
    pub(super) is_test: bool,
}

pub(super) fn due(tx: &mut Tx<'_>, now: UtcMillis) -> Result<Vec<Due>, Error> {
    let rows = tx.rows(
        "select id, body, created_at, attempts, next_at, kind from deliveries
         where state = 'pending' and next_at <= $1
         order by next_at limit 20",
        params![now],
    )?;
    rows.into_iter().map(read_due).collect()
}

pub(super) fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<Due>, Error> {
    let row = tx.row(
        "select id, body, created_at, attempts, next_at, kind from deliveries
         where state = 'pending' and id = $1",
        params![id],
    )?;
    row.map(read_due).transpose()
}

fn read_due(mut row: Row) -> Result<Due, Error> {
    Ok(Due {
        id: row.text()?,
        body: row.text()?,
        created_at: row.int()?,
        attempts: row.int()?,
        next_at: row.int()?,
        is_test: row.opt_text()?.is_none(),
    })
}

/// Takes a message for one try; false if another node was quicker.
pub(super) fn lease(tx: &mut Tx<'_>, due: &Due, until: UtcMillis) -> Result<bool, Error> {
    let taken = tx.run(
        "update deliveries set next_at = $3, attempts = attempts + 1
         where id = $1 and state = 'pending' and next_at = $2 and attempts = $4",
        params![&due.id, due.next_at, until, due.attempts],
    )?;
    Ok(taken == 1)
}

/// How a try ended.
pub(super) struct End {
    pub(super) state: DeliveryState,
    pub(super) status: Option<u16>,
    pub(super) fault: Option<DeliveryFault>,
    pub(super) next_at: UtcMillis,
}

pub(super) fn end(tx: &mut Tx<'_>, id: &str, end: &End) -> Result<(), Error> {
    tx.run(
        "update deliveries set state = $2, status = $3, fault = $4, next_at = $5
         where id = $1 and state = 'pending'",
        params![
            id,
            end.state.code(),
            end.status.map(i64::from),
            end.fault.map(DeliveryFault::code),
            end.next_at
        ],
    )
    .map(drop)
}

pub(super) fn give_all_up(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.run(
        "update deliveries set state = 'failed' where state = 'pending'",
        &[],
    )
    .map(drop)
}

pub(super) fn purge(tx: &mut Tx<'_>, before: UtcMillis) -> Result<(), Error> {
    tx.run(
        "delete from deliveries where state <> 'pending' and created_at < $1",
        params![before],
    )
    .map(drop)
}

pub(super) fn shown(tx: &mut Tx<'_>) -> Result<Webhook, Error> {
    let row = tx.row(
        "select url, version, secret_set_at, secret_set_by from webhook where id = 1",
        &[],
    )?;
    let mut webhook = Webhook {
        url: None,
        version: 0,
        secret_set_at: None,
        secret_set_by: None,
        deliveries: Vec::new(),
    };
    if let Some(mut row) = row {
        webhook.url = row.opt_text()?;
        webhook.version = row.int()?;
        webhook.secret_set_at = row.opt_int()?;
        webhook.secret_set_by = row.opt_text()?;
    }
    let rows = tx.rows(
        "select id, created_at, kind, state, attempts, status, fault, next_at from deliveries
         order by id desc limit 20",
        &[],
    )?;
    webhook.deliveries = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(webhook)
}

pub(super) fn delivery(tx: &mut Tx<'_>, id: &str) -> Result<Option<Delivery>, Error> {
    let row = tx.row(
        "select id, created_at, kind, state, attempts, status, fault, next_at from deliveries
         where id = $1",
        params![id],
    )?;
    row.map(read).transpose()
}

fn read(mut row: Row) -> Result<Delivery, Error> {
    let unknown = |what: &str| Error::Internal(format!("a delivery has an unknown {what}"));
    let (id, at, kind) = (row.text()?, row.int()?, row.opt_text()?);
    let state = DeliveryState::from_code(&row.text()?).ok_or_else(|| unknown("state"))?;
    let (attempts, status) = (row.int()?, row.opt_int()?);
    let (fault, next_at) = (row.opt_text()?, row.int()?);
    Ok(Delivery {
        id,
        at,
        kind: kind
            .map(|it| NotificationKind::from_code(&it).ok_or_else(|| unknown("kind")))
            .transpose()?,
        state,
        attempts,
        status: status.and_then(|it| u16::try_from(it).ok()),
        fault: fault
            .map(|it| DeliveryFault::from_code(&it).ok_or_else(|| unknown("fault")))
            .transpose()?,
        next_at: (state == DeliveryState::Pending).then_some(next_at),
    })
}
