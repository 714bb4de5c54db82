//! Degraded: sign-ins fail one after another for a cause that is not the members'. It comes when an
//! attempt ends or when discovery and keys stay unreadable, and goes by itself.

use api::{Cause, ConnectionState, Provider, UtcMillis, cause::Mender, connections::Degraded};
use serde_json::json;

use super::{
    Configs,
    life::Move,
    store::{self, Row},
};
use crate::{
    App,
    audit::{Audit, Event},
    db::{Lock, Tx, params},
    error::Error,
    notices::{self, Notice},
    sign_ins,
};

/// Of so many attempts that ended last …
const LAST: i64 = 5;
/// … so many failed for one cause.
const FAILED: usize = 3;
/// Discovery or keys that nobody can read for so long.
const UNREADABLE: UtcMillis = 10 * MINUTE;
const MINUTE: UtcMillis = 60 * 1000;
/// In minutes.
const EVERY: UtcMillis = 5;

/// Looks at the last attempts after one ended, and moves the connection if it has to.
pub(crate) async fn weigh(app: &App, provider: Provider) -> Result<(), Error> {
    let now = app.clock.now();
    // Most ends change nothing, and writing is what many sign-ins at once have to share.
    let is_due = app
        .db
        .peek(move |tx| {
            let row = store::find(tx, provider)?;
            Ok(wanted(tx, provider, &row, now)?.is_some_and(|wanted| differs(&row, wanted)))
        })
        .await?;
    if !is_due {
        return Ok(());
    }
    let audit = Audit::of_nobody(now, &app.entropy, "");
    app.db
        .write(move |tx| {
            tx.lock(Lock::Connections)?;
            let row = store::find(tx, provider)?;
            match wanted(tx, provider, &row, audit.now)? {
                Some(wanted) if differs(&row, wanted) => change(tx, &audit, provider, row, wanted),
                Some(_) | None => Ok(()),
            }
        })
        .await
}

/// Asks whether discovery and keys of every connection that is on can be read, and weighs them.
/// Called once a minute; all is well as a rule, and then every fifth time is enough.
pub(crate) async fn watch(app: &App) -> Result<(), Error> {
    for provider in Provider::ALL {
        let row = app.db.peek(move |tx| store::find(tx, provider)).await?;
        let Some(live) = row.live.filter(|_| row.state.is_on()) else {
            continue;
        };
        let now = app.clock.now();
        let suspected = app.db.peek(move |tx| is_suspected(tx, provider)).await?;
        if !suspected && now / MINUTE % EVERY != 0 {
            continue;
        }
        // A server that lacks the sealing key says so elsewhere, and judges no provider.
        let Ok(config) = Configs::get(app, &live).await else {
            continue;
        };
        let readable = app.relying.can_be_read(&config).await;
        app.db
            .write(move |tx| note_readable(tx, provider, readable.is_ok(), now))
            .await?;
        weigh(app, provider).await?;
    }
    Ok(())
}

fn is_suspected(tx: &mut Tx<'_>, provider: Provider) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from connections where provider = $1 and unreadable_since is not null",
        params![provider.code()],
    )?;
    Ok(row.is_some())
}

fn note_readable(
    tx: &mut Tx<'_>,
    provider: Provider,
    readable: bool,
    now: UtcMillis,
) -> Result<(), Error> {
    if readable {
        tx.run(
            "update connections set unreadable_since = null
             where provider = $1 and unreadable_since is not null",
            params![provider.code()],
        )
    } else {
        tx.run(
            "update connections set unreadable_since = $2
             where provider = $1 and unreadable_since is null",
            params![provider.code(), now],
        )
    }
    .map(drop)
}

/// What the connection should be: none where that is not for the attempts to say, else the cause
/// that it suffers from, if any.
fn wanted(
    tx: &mut Tx<'_>,
    provider: Provider,
    row: &Row,
    now: UtcMillis,
) -> Result<Option<Option<Cause>>, Error> {
    match row.state {
        ConnectionState::Active | ConnectionState::Degraded => {}
        ConnectionState::NotConnected
        | ConnectionState::Draft
        | ConnectionState::Proven
        | ConnectionState::Trial
        | ConnectionState::SwitchedOff
        | ConnectionState::Disabled => return Ok(None),
    }
    let unreadable = tx.row(
        "select 1 from connections where provider = $1 and unreadable_since <= $2",
        params![provider.code(), now - UNREADABLE],
    )?;
    if unreadable.is_some() {
        return Ok(Some(Some(Cause::Unreachable)));
    }
    let since = row.active_since.unwrap_or_default();
    let causes = sign_ins::store::last_ends(tx, provider, since, LAST)?;
    let ours = causes
        .iter()
        .flatten()
        .filter(|cause| !is_the_members(**cause));
    let suffered = ours.copied().find(|cause| {
        let same = causes.iter().flatten().filter(|other| *other == cause);
        same.count() >= FAILED
    });
    Ok(Some(suffered))
}

fn differs(row: &Row, wanted: Option<Cause>) -> bool {
    match (row.state == ConnectionState::Degraded, wanted) {
        (true, Some(cause)) => row.degraded.is_none_or(|it| it.cause != cause),
        (true, None) | (false, Some(_)) => true,
        (false, None) => false,
    }
}

fn change(
    tx: &mut Tx<'_>,
    audit: &Audit,
    provider: Provider,
    row: Row,
    wanted: Option<Cause>,
) -> Result<(), Error> {
    let was = row.state;
    let since = row.degraded.map_or(audit.now, |it| it.since);
    let (mut row, event) = match (was, wanted) {
        (ConnectionState::Degraded, Some(_)) => (row, Event::ConnectionDegraded),
        (_, Some(_)) => (row.step(Move::Degrade)?, Event::ConnectionDegraded),
        (_, None) => (row.step(Move::Recover)?, Event::ConnectionRecovered),
    };
    row.degraded = wanted.map(|cause| Degraded { since, cause });
    store::save(tx, provider, &row)?;
    let notice = match wanted {
        cause @ Some(_) => Notice::ConnectionDegraded { provider, cause },
        None => Notice::ConnectionRecovered { provider },
    };
    notices::tell(tx, audit, &audit.now.to_string(), notice)?;
    let detail = json!({ "cause": wanted.map(Cause::code) });
    audit.record(tx, event, Some(provider.code()), &detail)
}

/// Whether a cause is about the person who tried, and says nothing of the connection.
fn is_the_members(cause: Cause) -> bool {
    cause.mender() == Mender::Person
        || matches!(
            cause,
            Cause::NotAssigned
                | Cause::AccessDenied
                | Cause::EmailsDiffer
                | Cause::EmailMissing
                | Cause::EmailUnverified
                | Cause::DomainRefused
                | Cause::TenantRefused
                | Cause::UnknownUser
                | Cause::NoLogin
                | Cause::Ambiguous
                | Cause::BoundToOther
                | Cause::UserSuspended
        )
}
