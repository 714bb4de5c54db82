//! Degraded: sign-ins fail one after another for a cause that is not the members'. It comes when an
//! attempt ends, when discovery and keys stay unreadable, or when the checks find why browsers come
//! back with errors, and goes by itself. What a browser says alone decides nothing.

use api::{Cause, ConnectionState, Provider, UtcMillis, checks::Trigger, connections::Degraded};
use serde_json::json;

use super::{
    Configs,
    life::Move,
    store::{self, Row},
};
use crate::{
    App,
    audit::{Audit, Event},
    checks,
    db::{Lock, Tx, params},
    error::Error,
    notifications::{self, Notification},
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

/// After so many sign-ins that failed as only a browser says, the checks look …
const DOUBTED: usize = 3;
/// … and a run that found why is good for so long.
const FRESH: UtcMillis = 30 * MINUTE;

/// What just happened that a connection is weighed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The end of an attempt: it brings no new run of the checks.
    Attempt,
    /// A run of the checks, or time.
    Look,
}

/// Looks at the last attempts, and moves the connection if it has to.
pub(crate) async fn weigh(app: &App, provider: Provider, after: After) -> Result<(), Error> {
    let now = app.clock.now();
    // Most ends change nothing, and writing is what many sign-ins at once have to share.
    let is_due = app
        .db
        .peek(move |tx| {
            let row = store::find(tx, provider)?;
            Ok(differs(&row, &wanted(tx, provider, &row, now, after)?))
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
            let wanted = wanted(tx, provider, &row, audit.now, after)?;
            if differs(&row, &wanted) {
                change(tx, &audit, provider, row, wanted)
            } else {
                Ok(())
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
        // A server that lacks the encryption key says so elsewhere, and judges no provider.
        let Ok(config) = Configs::get(app, &live).await else {
            continue;
        };
        let readable = app.relying.can_be_read(&config).await;
        app.db
            .write(move |tx| note_readable(tx, provider, readable.is_ok(), now))
            .await?;
        weigh(app, provider, After::Look).await?;
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

/// How a connection is.
enum Health {
    /// That is not for the attempts to say: it is off, or on trial.
    Unasked,
    Fine,
    Suffers(Cause),
}

/// Whether attempts have a say: what is off has none, and a trial ends by itself.
fn is_weighed(state: ConnectionState) -> bool {
    match state {
        ConnectionState::Connected | ConnectionState::Degraded => true,
        ConnectionState::NotConnected
        | ConnectionState::Draft
        | ConnectionState::Verified
        | ConnectionState::Trial
        | ConnectionState::DisabledByOkta
        | ConnectionState::Disabled => false,
    }
}

/// How the connection should be.
fn wanted(
    tx: &mut Tx<'_>,
    provider: Provider,
    row: &Row,
    now: UtcMillis,
    after: After,
) -> Result<Health, Error> {
    if !is_weighed(row.state) {
        return Ok(Health::Unasked);
    }
    let unreadable = tx.row(
        "select 1 from connections where provider = $1 and unreadable_since <= $2",
        params![provider.code(), now - UNREADABLE],
    )?;
    if unreadable.is_some() {
        return Ok(Health::Suffers(Cause::Unreachable));
    }
    let since = row.active_since.unwrap_or_default();
    let causes = sign_ins::last_ends(tx, provider, since, LAST)?;
    let ours = causes
        .iter()
        .flatten()
        .filter(|cause| !sign_ins::is_the_members(**cause));
    let suffered = ours.into_iter().find(|cause| {
        let same = causes.iter().flatten().filter(|other| other == cause);
        same.count() >= FAILED
    });
    if let Some(cause) = suffered {
        return Ok(Health::Suffers(*cause));
    }
    let is_degraded = row.state == ConnectionState::Degraded;
    let found = match after {
        // Nothing new can be found, and every sign-in comes through here.
        After::Attempt if !is_degraded => None,
        After::Attempt | After::Look => found(tx, provider, row, now)?,
    };
    Ok(found.map_or(Health::Fine, Health::Suffers))
}

/// What the checks found when they looked why browsers come back with errors, while nothing speaks
/// against it.
fn found(
    tx: &mut Tx<'_>,
    provider: Provider,
    row: &Row,
    now: UtcMillis,
) -> Result<Option<Cause>, Error> {
    let (Some(live), Some(_)) = (&row.live, doubted(tx, provider, row)?) else {
        return Ok(None);
    };
    let last = checks::last_of(tx, provider, live)?;
    let counts = last.filter(|run| {
        let asked = run.trigger == Trigger::Doubt || row.state == ConnectionState::Degraded;
        asked && now - run.at <= FRESH
    });
    Ok(counts.and_then(|run| run.cause))
}

/// When the latest of the sign-ins began that failed as only a browser says, if there are enough of
/// them to look into it: the connection is on, and too few sign-ins worked since.
pub(crate) fn doubted(
    tx: &mut Tx<'_>,
    provider: Provider,
    row: &Row,
) -> Result<Option<UtcMillis>, Error> {
    if !is_weighed(row.state) {
        return Ok(None);
    }
    let since = row.active_since.unwrap_or_default();
    sign_ins::doubts(tx, provider, since, DOUBTED)
}

fn differs(row: &Row, wanted: &Health) -> bool {
    let now = row.degraded.map(|it| it.cause);
    match wanted {
        Health::Unasked => false,
        Health::Fine => row.state == ConnectionState::Degraded,
        Health::Suffers(cause) => now != Some(*cause),
    }
}

fn change(
    tx: &mut Tx<'_>,
    audit: &Audit,
    provider: Provider,
    row: Row,
    wanted: Health,
) -> Result<(), Error> {
    let since = row.degraded.map_or(audit.now, |it| it.since);
    let is_degraded = row.state == ConnectionState::Degraded;
    let (mut row, cause) = match wanted {
        Health::Unasked => return Ok(()),
        Health::Fine => (row.step(Move::Recover)?, None),
        Health::Suffers(cause) if is_degraded => (row, Some(cause)),
        Health::Suffers(cause) => (row.step(Move::Degrade)?, Some(cause)),
    };
    row.degraded = cause.map(|cause| Degraded { since, cause });
    store::save(tx, provider, &row)?;
    let (event, notice) = match cause {
        Some(_) => (
            Event::ConnectionDegraded,
            Notification::ConnectionDegraded { provider, cause },
        ),
        None => (
            Event::ConnectionRecovered,
            Notification::ConnectionRecovered { provider },
        ),
    };
    notifications::tell(tx, audit, &audit.now.to_string(), notice)?;
    let detail = json!({ "cause": cause.map(Cause::code) });
    audit.record(tx, event, Some(provider.code()), &detail)
}
