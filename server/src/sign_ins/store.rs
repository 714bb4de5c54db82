//! The SQL of attempts.

use api::{Cause, Provider, UtcMillis, sign_ins::Purpose};

use super::{days, evidence::Evidence, stages::Stages};
#[cfg(test)]
use crate::db::Planned;
use crate::{
    db::{Row, Tx, params},
    error::Error,
};

/// An attempt that was started and not ended for so long will not end any more.
pub(crate) const PATIENCE: UtcMillis = 10 * 60 * 1000;

/// A new attempt, as the start writes it.
pub(crate) struct NewAttempt<'a> {
    pub(crate) id: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) provider: Provider,
    pub(crate) purpose: Purpose,
    pub(crate) settings_id: &'a str,
    /// The administrator of a round trip.
    pub(crate) actor_id: Option<&'a str>,
    /// The session in which an administrator confirms their identity.
    pub(crate) session_id: Option<&'a str>,
    pub(crate) state_hash: &'a [u8; 32],
    pub(crate) browser_hash: &'a [u8; 32],
    pub(crate) nonce: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) return_to: &'a str,
    pub(crate) now: UtcMillis,
    pub(crate) address: &'a str,
    pub(crate) user_agent: Option<&'a str>,
}

/// What the callback takes over from the start. Consuming it is what allows a token request.
#[derive(Clone)]
pub(crate) struct Consumed {
    pub(crate) id: String,
    pub(crate) reference: String,
    pub(crate) purpose: Purpose,
    pub(crate) settings_id: String,
    pub(crate) actor_id: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) return_to: String,
    pub(crate) started_at: UtcMillis,
    pub(crate) stages: Stages,
}

/// How an attempt ended.
#[derive(Default)]
pub(crate) struct End<'a> {
    pub(crate) cause: Option<Cause>,
    pub(crate) user_id: Option<&'a str>,
    pub(crate) claimed_login: Option<&'a str>,
    pub(crate) provider_said: Option<&'a str>,
    /// As [`Stages::written`].
    pub(crate) stages: &'a str,
    pub(crate) evidence: Option<Evidence>,
}

pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewAttempt<'_>) -> Result<(), Error> {
    tx.run(
        "insert into attempts
           (id, reference, provider, purpose, settings_id, actor_id, state_hash, browser_hash,
            nonce, verifier, return_to, started_at, outcome, address, user_agent, session_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'started', $13, $14, $15)",
        params![
            new.id,
            new.reference,
            new.provider.code(),
            purpose_code(new.purpose),
            new.settings_id,
            new.actor_id,
            new.state_hash,
            new.browser_hash,
            new.nonce,
            new.verifier,
            new.return_to,
            new.now,
            new.address,
            new.user_agent,
            new.session_id
        ],
    )
    .map(drop)
}

/// An attempt that was over when it was noted.
pub(crate) struct FailedAttempt<'a> {
    pub(crate) id: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) provider: Provider,
    pub(crate) purpose: Purpose,
    pub(crate) now: UtcMillis,
    pub(crate) address: &'a str,
}

/// An attempt that failed before it could start, or without one that was started.
pub(crate) fn insert_failed(
    tx: &mut Tx<'_>,
    new: &FailedAttempt<'_>,
    end: &End<'_>,
) -> Result<(), Error> {
    tx.run(
        "insert into attempts
           (id, reference, provider, purpose, started_at, ended_at, outcome, cause, claimed_login,
            provider_said, address, evidence)
         values ($1, $2, $3, $4, $5, $5, 'failed', $6, $7, $8, $9, $10)",
        params![
            new.id,
            new.reference,
            new.provider.code(),
            purpose_code(new.purpose),
            new.now,
            end.cause.map(Cause::code),
            end.claimed_login,
            end.provider_said,
            new.address,
            end.evidence.map(Evidence::code)
        ],
    )
    .map(drop)
}

/// Takes the attempt with this state, if this browser started it and nobody took it before: one
/// statement, so that of two callbacks at once only one goes on.
pub(crate) fn consume(
    tx: &mut Tx<'_>,
    provider: Provider,
    state_hash: &[u8; 32],
    browser_hash: &[u8; 32],
    now: UtcMillis,
) -> Result<Option<Consumed>, Error> {
    let row = tx.row(
        "update attempts set consumed_at = $4
         where state_hash = $1 and browser_hash = $2 and provider = $3 and consumed_at is null
         returning id, reference, purpose, settings_id, actor_id, nonce, verifier, return_to,
                   started_at, session_id",
        params![state_hash, browser_hash, provider.code(), now],
    )?;
    row.map(consumed).transpose()
}

/// Takes the attempt with this state for a callback that cannot show which browser it comes from: only to end it. What
/// would exchange its code is not read.
pub(super) fn consume_posted(
    tx: &mut Tx<'_>,
    provider: Provider,
    state_hash: &[u8; 32],
    now: UtcMillis,
) -> Result<Option<Consumed>, Error> {
    let row = tx.row(
        "update attempts set consumed_at = $3
         where state_hash = $1 and provider = $2 and consumed_at is null
         returning id, reference, purpose, settings_id, actor_id, null, null, return_to, started_at,
                   session_id",
        params![state_hash, provider.code(), now],
    )?;
    row.map(consumed).transpose()
}

fn consumed(mut row: Row) -> Result<Consumed, Error> {
    let consumed = Consumed {
        id: row.text()?,
        reference: row.text()?,
        purpose: purpose(&row.text()?)?,
        settings_id: row.text()?,
        actor_id: row.opt_text()?,
        // Gone from an attempt of yesterday, which is over in any case.
        nonce: row.opt_text()?.unwrap_or_default(),
        verifier: row.opt_text()?.unwrap_or_default(),
        return_to: row.text()?,
        started_at: row.int()?,
        session_id: row.opt_text()?,
        stages: Stages::new(0),
    };
    Ok(Consumed {
        stages: Stages::new(consumed.started_at),
        ..consumed
    })
}

/// Whether this browser has an attempt with this state, taken or not.
pub(crate) fn is_known(
    tx: &mut Tx<'_>,
    state_hash: &[u8; 32],
    browser_hash: &[u8; 32],
) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from attempts where state_hash = $1 and browser_hash = $2",
        params![state_hash, browser_hash],
    )?;
    Ok(row.is_some())
}

/// Where this browser's attempt with this state led, if it was taken before.
pub(crate) fn was_consumed(
    tx: &mut Tx<'_>,
    state_hash: &[u8; 32],
    browser_hash: &[u8; 32],
) -> Result<Option<String>, Error> {
    let row = tx.row(
        "select return_to from attempts
         where state_hash = $1 and browser_hash = $2 and consumed_at is not null",
        params![state_hash, browser_hash],
    )?;
    row.map(|mut row| row.text()).transpose()
}

/// Ends an attempt. Nonce and verifier are worth nothing from here on and are removed.
pub(crate) fn end(
    tx: &mut Tx<'_>,
    attempt: &Consumed,
    now: UtcMillis,
    end: &End<'_>,
) -> Result<(), Error> {
    let outcome = if end.cause.is_some() {
        "failed"
    } else {
        "succeeded"
    };
    tx.run(
        "update attempts
         set ended_at = $2, outcome = $3, cause = $4, user_id = $5, claimed_login = $6,
             provider_said = $7, stages = $8, evidence = $9, nonce = null, verifier = null
         where id = $1",
        params![
            &attempt.id,
            now,
            outcome,
            end.cause.map(Cause::code),
            end.user_id,
            end.claimed_login,
            end.provider_said,
            Some(end.stages).filter(|it| !it.is_empty()),
            end.evidence.map(Evidence::code)
        ],
    )?;
    // No hour is counted before the patience with its last attempt is over.
    if attempt.purpose == Purpose::SignIn && now >= attempt.started_at + PATIENCE {
        let cause = end.cause.map_or("", Cause::code);
        days::came_late(tx, attempt.started_at, outcome, cause)?;
    }
    Ok(())
}

/// Of a provider, those that show so much, newest first. As triples: PostgreSQL would walk whatever a
/// flood left behind.
macro_rules! evidence {
    ($columns:literal, $shows:literal, $after:literal, $ends:literal, $and:literal) => {
        concat!(
            "select ",
            $columns,
            " from attempts
             where (provider, evidence, id) ",
            $after,
            " ($1, ",
            $shows,
            ", $2) and (provider, evidence, id) < ($1, ",
            $ends,
            ", '') and evidence is not null ",
            $and,
            "order by provider desc, evidence desc, id desc limit $3"
        )
    };
}

const SHOWN: &str = evidence!("cause", "1", ">=", "2", "");
const SAID: &str = evidence!("id, started_at", "0", ">=", "1", "");
const WORKED: &str = evidence!("id", "1", ">", "2", "and cause is null ");

/// Each with the index that leads it: every end of a sign-in asks, among millions of attempts and
/// whatever a flood left behind.
#[cfg(test)]
pub(crate) const STATEMENTS: [Planned; 3] = {
    use crate::db::Texts;
    const INDEX: &str = "attempts_evidence";
    const LED: &str = "(provider,evidence,id)>(?,?,?) AND (provider,evidence,id)<(?,?,?)";
    const VALUES: &str = "'okta', '01927400', 5";
    [
        (Texts::both(SHOWN), INDEX, LED, VALUES),
        (Texts::both(SAID), INDEX, LED, VALUES),
        (Texts::both(WORKED), INDEX, LED, VALUES),
    ]
};

/// How the last sign-ins came out that show how the connection is, newest first; of those that began
/// since. None stands for success.
pub(crate) fn last_ends(
    tx: &mut Tx<'_>,
    provider: Provider,
    since: UtcMillis,
    limit: i64,
) -> Result<Vec<Option<Cause>>, Error> {
    let rows = tx.rows(SHOWN, params![provider.code(), &first_id_of(since), limit])?;
    rows.into_iter()
        .map(|mut row| Ok(row.opt_text()?.as_deref().and_then(Cause::from_code)))
        .collect()
}

/// When the latest sign-in began that failed as only a browser says, if there are `many` such and,
/// since the first of these, fewer that worked; of those that began since.
pub(crate) fn doubts(
    tx: &mut Tx<'_>,
    provider: Provider,
    since: UtcMillis,
    many: usize,
) -> Result<Option<UtcMillis>, Error> {
    let limit = i64::try_from(many).unwrap_or(i64::MAX);
    let said = tx.rows(SAID, params![provider.code(), &first_id_of(since), limit])?;
    let said = said
        .into_iter()
        .map(|mut row| Ok((row.text()?, row.int()?)));
    let said: Vec<(String, UtcMillis)> = said.collect::<Result<_, Error>>()?;
    let (Some((_, latest)), Some((first, _))) = (said.first(), said.last()) else {
        return Ok(None);
    };
    if said.len() < many {
        return Ok(None);
    }
    let worked = tx.rows(WORKED, params![provider.code(), first, limit])?;
    Ok(Some(*latest).filter(|_| worked.len() < many))
}

pub(super) fn purpose(code: &str) -> Result<Purpose, Error> {
    match code {
        "sign_in" => Ok(Purpose::SignIn),
        "test" => Ok(Purpose::Test),
        "reauthenticate" => Ok(Purpose::Reauthenticate),
        other => Err(Error::Internal(format!("an attempt is for {other:?}"))),
    }
}

/// The smallest UUID v7 of a moment.
pub(super) fn first_id_of(at: UtcMillis) -> String {
    // 48 bits of milliseconds.
    let hex = format!("{:012x}", at.clamp(0, 0xffff_ffff_ffff));
    format!("{}-{}-7000-8000-000000000000", &hex[..8], &hex[8..12])
}

fn purpose_code(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "sign_in",
        Purpose::Test => "test",
        Purpose::Reauthenticate => "reauthenticate",
    }
}
