//! A connection on and off: enabled behind the guard, confirmed, reverted, disabled.

use api::{Connection, ConnectionState, ProblemCode, Provider, notifications::NotificationKind};
use axum::{Json, extract::State};
use serde_json::json;

use super::{
    guard,
    life::Move,
    provider_of, replaced,
    store::{self, Row, Trial},
    trial::{self, TRIAL, Why},
};
use crate::{
    App,
    access::{Actor, Admin},
    audit::{Audit, Event},
    body::{Segment, Version},
    db::{Lock, Tx},
    error::Error,
    files,
    notifications::{self, Notification},
    sessions, users,
};

/// Which settings are switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those that the page shows: the draft, or the live ones while there is none.
    Shown,
    /// Those that were in force before.
    Live,
}

/// `POST /api/connections/{provider}/enable`: Okta is enabled for a trial of 15 minutes, the others at
/// once. A connection that is on changes over to the settings that were verified since; one that is
/// off and has a draft that is not verified returns to the settings that it had.
pub(crate) async fn enable(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
) -> Result<Json<Connection>, Error> {
    change(
        &app,
        &actor,
        &provider,
        Some(version),
        |tx, audit, actor, provider, row| {
            let mut which = Which::Shown;
            if !row.state.is_on() {
                not_a_files(tx, provider)?;
                if let (Some(draft), Some(_)) = (&row.draft, &row.live)
                    && guard::proof(&store::settings(tx, draft)?)?.is_none()
                {
                    which = Which::Live;
                }
            }
            on(tx, audit, actor, provider, row, which)
        },
    )
    .await
}

/// `POST /api/connections/{provider}/confirm`: the trial worked, says somebody whom it let in.
pub(crate) async fn confirm(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
) -> Result<Json<Connection>, Error> {
    change(
        &app,
        &actor,
        &provider,
        None,
        |tx, audit, session, provider, row| {
            let Some(trial) = row.trial.clone() else {
                return Err(ProblemCode::IllegalMove.into());
            };
            if !trial::may_confirm(tx, &row, &trial, session)? {
                return Err(ProblemCode::ConfirmFromOkta.into());
            }
            let mut row = row.step(Move::Confirm)?;
            row.trial = None;
            store::save(tx, provider, &row)?;
            notifications::settle(tx, audit.now, provider, &[NotificationKind::TrialStarted])?;
            users::drop_bonds_aside(tx)?;
            audit.record(
                tx,
                Event::ConnectionConfirmed,
                Some(provider.code()),
                &json!({ "settings": row.live }),
            )
        },
    )
    .await
}

/// `POST /api/connections/{provider}/revert`: ends the trial at once.
pub(crate) async fn revert(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
) -> Result<Json<Connection>, Error> {
    change(
        &app,
        &actor,
        &provider,
        Some(version),
        |tx, audit, session, _, row| match row.trial {
            Some(_) => trial::undo(tx, audit, session, Why::ByHand),
            None => Err(ProblemCode::IllegalMove.into()),
        },
    )
    .await
}

/// `POST /api/connections/{provider}/disable`: members cannot sign in through it any more.
pub(crate) async fn disable(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
) -> Result<Json<Connection>, Error> {
    change(
        &app,
        &actor,
        &provider,
        Some(version),
        |tx, audit, actor, provider, row| {
            not_a_files(tx, provider)?;
            off(tx, audit, actor, provider, row)
        },
    )
    .await
}

/// What all of these have in common: locks, version, the act, the answer.
async fn change(
    app: &App,
    actor: &Actor,
    provider: &str,
    version: Option<i64>,
    act: impl FnOnce(&mut Tx<'_>, &Audit, &str, Provider, Row) -> Result<(), Error> + Send + 'static,
) -> Result<Json<Connection>, Error> {
    let provider = provider_of(provider)?;
    let (audit, session) = (actor.audit(), actor.session_id.clone());
    let public_url = app.settings.public_url.clone();
    let connection = app
        .db
        .write(move |tx| {
            let row = hold(tx, provider)?;
            if version.is_some_and(|version| version != row.version) {
                return Err(ProblemCode::Changed.into());
            }
            act(tx, &audit, &session, provider, row)?;
            store::shown(tx, provider, &public_url, audit.now)
        })
        .await?;
    Ok(Json(connection))
}

/// Whether it is on or off may be a file's to say.
fn not_a_files(tx: &mut Tx<'_>, provider: Provider) -> Result<(), Error> {
    files::refuse(tx, &[&format!("{}.state", provider.code())])
}

/// Whoever switches comes before or after whoever signs in or changes administrators.
pub(crate) fn hold(tx: &mut Tx<'_>, provider: Provider) -> Result<Row, Error> {
    tx.lock(Lock::Connections)?;
    tx.lock(Lock::Administrators)?;
    store::find(tx, provider)
}

/// Switches a connection on, or over to other settings, if the guard lets it.
pub(crate) fn on(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
    row: Row,
    which: Which,
) -> Result<(), Error> {
    let chosen = match which {
        Which::Shown => row.draft.as_ref().or(row.live.as_ref()),
        Which::Live => row.live.as_ref(),
    };
    let Some(chosen) = chosen.cloned() else {
        return Err(ProblemCode::IllegalMove.into());
    };
    let nothing_new = row.state.is_on() && row.live.as_ref() == Some(&chosen);
    if nothing_new || row.state == ConnectionState::Trial {
        return Err(ProblemCode::IllegalMove.into());
    }
    let okta_is_on = store::find(tx, Provider::Okta)?.state.is_on();
    if provider != Provider::Okta && okta_is_on {
        return Err(ProblemCode::OktaActive.into());
    }
    let settings = store::settings(tx, &chosen)?;
    let missing = guard::missing(tx, &settings, audit.now)?;
    if !missing.is_empty() {
        return Err(Error::LockoutRisk(missing));
    }
    let before = trial::snapshot(tx)?;
    if let Some(live) = row.live.as_deref().filter(|live| **live != *chosen) {
        let old = store::settings(tx, live)?.settings;
        replaced::void(
            tx,
            audit,
            acting_session,
            provider,
            &old,
            &settings.settings,
        )?;
    }
    let was_on = row.state.is_on();
    let mut row = match provider {
        Provider::Okta => {
            for other in [Provider::Google, Provider::Microsoft] {
                give_way(tx, audit, acting_session, other)?;
            }
            let mut row = row.step(Move::Try)?;
            row.trial = Some(Trial {
                began_at: audit.now,
                ends_at: audit.now + TRIAL,
                before,
            });
            row
        }
        Provider::Google | Provider::Microsoft => row.step(Move::Start)?,
    };
    if !was_on {
        row.active_since = Some(audit.now);
    }
    if row.draft.as_ref() == Some(&chosen) {
        row.draft = None;
    }
    row.live = Some(chosen);
    row.failure = None;
    row.reverted_at = None;
    row.degraded = None;
    store::save(tx, provider, &row)?;
    users::someone_still_can_enter(tx)?;
    if let Some(trial) = &row.trial {
        let notice = Notification::TrialStarted {
            provider,
            by: &audit.actor_name,
            until: trial.ends_at,
        };
        notifications::tell(tx, audit, &trial.began_at.to_string(), notice)?;
    }
    let detail = json!({ "settings": row.live, "trial_ends_at": row.trial.map(|it| it.ends_at) });
    audit.record(
        tx,
        Event::ConnectionActivated,
        Some(provider.code()),
        &detail,
    )
}

/// Google or Microsoft goes off, since Okta goes on; whoever came by it is signed out.
fn give_way(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
) -> Result<(), Error> {
    let row = store::find(tx, provider)?;
    if !row.state.is_on() {
        return Ok(());
    }
    let mut row = row.step(Move::GiveWay)?;
    row.active_since = None;
    row.degraded = None;
    store::save(tx, provider, &row)?;
    let ended = sessions::end_of_provider(tx, provider, acting_session)?;
    let detail = json!({ "by": "okta", "sessions_ended": ended });
    audit.record(
        tx,
        Event::ConnectionSwitchedOff,
        Some(provider.code()),
        &detail,
    )
}

/// Switches a connection off, unless that would leave no administrator able to enter. Whoever came
/// by it is signed out, but for the acting one.
pub(crate) fn off(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
    row: Row,
) -> Result<(), Error> {
    let mut row = row.step(Move::Disable)?;
    row.active_since = None;
    row.degraded = None;
    store::save(tx, provider, &row)?;
    users::someone_still_can_enter(tx)?;
    let ended = sessions::end_of_provider(tx, provider, acting_session)?;
    audit.record(
        tx,
        Event::ConnectionDisabled,
        Some(provider.code()),
        &json!({ "sessions_ended": ended }),
    )
}
