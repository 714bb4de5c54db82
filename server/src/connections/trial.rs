//! Okta's trial: switched on, and undone by itself unless an administrator confirms it from a new
//! Okta session. What everything returns to is in the row, so a restart or another node undoes it
//! just as well; the database's lock lets it happen once.

use api::{ConnectionState, Provider, UtcMillis, connections::TrialSeen};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    life::Move,
    store::{self, Row, Trial},
};
use crate::{
    App,
    audit::{Audit, Event},
    db::{Lock, Tx, params},
    error::Error,
    notifications::{self, Notification},
    sessions, users,
};

/// How long an administrator has to confirm.
pub(crate) const TRIAL: UtcMillis = 15 * 60 * 1000;

/// Why a trial ends without being confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    NotConfirmed,
    ByHand,
}

/// One connection as it was before the trial.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Was {
    provider: Provider,
    state: ConnectionState,
    live: Option<String>,
    draft: Option<String>,
    active_since: Option<UtcMillis>,
}

/// All three as they are, for the way back.
pub(super) fn snapshot(tx: &mut Tx<'_>) -> Result<String, Error> {
    let mut all = Vec::with_capacity(3);
    for provider in Provider::ALL {
        let row = store::find(tx, provider)?;
        all.push(Was {
            provider,
            state: row.state,
            live: row.live,
            draft: row.draft,
            active_since: row.active_since,
        });
    }
    serde_json::to_string(&all).map_err(|error| Error::Internal(format!("a snapshot: {error}")))
}

fn read(trial: &Trial) -> Result<Vec<Was>, Error> {
    serde_json::from_str(&trial.before)
        .map_err(|error| Error::Internal(format!("a snapshot: {error}")))
}

/// Okta's settings in force before the trial, if it was on then.
pub(crate) fn okta_before(trial: &Trial) -> Result<Option<String>, Error> {
    let was = read(trial)?
        .into_iter()
        .find(|was| was.provider == Provider::Okta && was.state.is_on());
    Ok(was.and_then(|was| was.live))
}

/// Stands before every handler that reads a connection's state: no request passes on a trial that
/// is over.
pub(crate) async fn settled(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    settle(&app).await?;
    Ok(next.run(request).await)
}

/// Undoes a trial whose time is over. Costs one look-up by key while there is none.
pub(crate) async fn settle(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    if !app.db.peek(move |tx| is_over(tx, now)).await? {
        return Ok(());
    }
    let audit = Audit::of_nobody(now, &app.entropy, "");
    app.db.write(move |tx| settle_in(tx, &audit)).await
}

/// The same inside a transaction that is there already.
pub(crate) fn settle_in(tx: &mut Tx<'_>, audit: &Audit) -> Result<(), Error> {
    tx.lock(Lock::Connections)?;
    tx.lock(Lock::Administrators)?;
    // Another node may have been quicker.
    if is_over(tx, audit.now)? {
        undo(tx, audit, "", Why::NotConfirmed)?;
    }
    Ok(())
}

fn is_over(tx: &mut Tx<'_>, now: UtcMillis) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from connections where provider = 'okta' and trial_ends_at <= $1",
        params![now],
    )?;
    Ok(row.is_some())
}

/// Returns everything to what it was before the trial.
pub(crate) fn undo(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    why: Why,
) -> Result<(), Error> {
    let mut row = store::find(tx, Provider::Okta)?;
    let trial = row.trial.take().ok_or(super::life::IllegalMove)?;
    let mut returned = Vec::new();
    for was in read(&trial)? {
        match was.provider {
            Provider::Okta => {}
            Provider::Google | Provider::Microsoft => {
                returned.extend(put_back(tx, &was)?);
                continue;
            }
        }
        let same_accounts = match (&was.live, &row.live) {
            (Some(before), Some(now)) => {
                store::settings(tx, before)?.settings.issuer
                    == store::settings(tx, now)?.settings.issuer
            }
            (None, _) | (_, None) => false,
        };
        if !was.state.is_on() || !same_accounts {
            sessions::end_of_provider(tx, Provider::Okta, acting_session)?;
        }
        if !same_accounts {
            users::bring_back_bonds(tx)?;
        }
        let draft = row.draft.clone().or(was.draft);
        let to = match was.state {
            // Edited during the trial: what is saved now may not be what was proved then.
            ConnectionState::Verified => unproved(tx, draft.as_deref())?,
            ConnectionState::NotConnected
            | ConnectionState::Draft
            | ConnectionState::Trial
            | ConnectionState::Connected
            | ConnectionState::Degraded
            | ConnectionState::DisabledByOkta
            | ConnectionState::Disabled => was.state,
        };
        row = row.step(Move::Undo(to))?;
        row.live = was.live;
        row.draft = draft;
        row.active_since = was.active_since;
        row.reverted_at = (why == Why::NotConfirmed).then_some(audit.now);
        returned.push(json!({ "provider": was.provider.code(), "state": to.code() }));
    }
    store::save(tx, Provider::Okta, &row)?;
    let provider = Provider::Okta;
    let once = trial.began_at.to_string();
    notifications::tell(tx, audit, &once, Notification::TrialReverted { provider })?;
    let detail = json!({
        "why": match why {
            Why::NotConfirmed => "no administrator confirmed within 15 minutes",
            Why::ByHand => "an administrator undid it",
        },
        "began_at": trial.began_at,
        "returned": returned,
    });
    audit.record(tx, Event::TrialUndone, Some(Provider::Okta.code()), &detail)
}

fn unproved(tx: &mut Tx<'_>, draft: Option<&str>) -> Result<ConnectionState, Error> {
    let proved = match draft {
        Some(id) => super::guard::proof(&store::settings(tx, id)?)?.is_some(),
        None => false,
    };
    Ok(if proved {
        ConnectionState::Verified
    } else {
        ConnectionState::Draft
    })
}

/// Google or Microsoft, if the trial switched it off.
fn put_back(tx: &mut Tx<'_>, was: &Was) -> Result<Option<serde_json::Value>, Error> {
    if !was.state.is_on() {
        return Ok(None);
    }
    let mut row = store::find(tx, was.provider)?.step(Move::Undo(was.state))?;
    row.active_since = was.active_since;
    store::save(tx, was.provider, &row)?;
    Ok(Some(
        json!({ "provider": was.provider.code(), "state": was.state.code() }),
    ))
}

/// The trial as a session sees it.
pub(crate) fn seen(tx: &mut Tx<'_>, session_id: &str) -> Result<Option<TrialSeen>, Error> {
    let row = store::find(tx, Provider::Okta)?;
    let Some(trial) = &row.trial else {
        return Ok(None);
    };
    Ok(Some(TrialSeen {
        ends_at: trial.ends_at,
        may_confirm: may_confirm(tx, &row, trial, session_id)?,
    }))
}

/// Whether a session came through Okta, with the settings on trial, after the trial began.
pub(super) fn may_confirm(
    tx: &mut Tx<'_>,
    row: &Row,
    trial: &Trial,
    session_id: &str,
) -> Result<bool, Error> {
    let Some(live) = &row.live else {
        return Ok(false);
    };
    let found = tx.row(
        "select 1 from sessions s
         join connection_settings c on c.id = $2 and c.issuer = s.issuer
         where s.id = $1 and s.signed_in_by = 'okta' and s.created_at >= $3",
        params![session_id, live, trial.began_at],
    )?;
    Ok(found.is_some())
}
