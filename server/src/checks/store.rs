//! The SQL of check runs and of turns.

use api::{
    Cause, Provider, UtcMillis,
    checks::{Check, CheckKind, CheckReport, CheckRun, CheckSummary, Trigger, Verdict},
    overview::FailingCheck,
};

use super::probe::Known;
use crate::{
    connections,
    db::{Row, Tx, params},
    error::Error,
};

/// How many runs of a connection are kept: three months of days.
const KEPT: i64 = 90;
/// How many of them are shown.
const SHOWN: i64 = 30;

/// Takes the turn of a connection, if nobody has it.
pub(super) fn take(
    tx: &mut Tx<'_>,
    provider: Provider,
    run_id: &str,
    now: UtcMillis,
    until: UtcMillis,
) -> Result<bool, Error> {
    let taken = tx.run(
        "insert into check_locks (provider, run_id, until) values ($1, $2, $3)
         on conflict (provider) do update set run_id = excluded.run_id, until = excluded.until
         where check_locks.until <= $4",
        params![provider.code(), run_id, until, now],
    )?;
    Ok(taken == 1)
}

/// The run that has the turn.
pub(super) fn turn(
    tx: &mut Tx<'_>,
    provider: Provider,
    now: UtcMillis,
) -> Result<Option<String>, Error> {
    tx.row(
        "select run_id from check_locks where provider = $1 and until > $2",
        params![provider.code(), now],
    )?
    .map(|mut row| row.text())
    .transpose()
}

/// Gives it back.
pub(super) fn give(tx: &mut Tx<'_>, provider: Provider, run_id: &str) -> Result<(), Error> {
    tx.run(
        "delete from check_locks where provider = $1 and run_id = $2",
        params![provider.code(), run_id],
    )
    .map(drop)
}

/// The cause that a run is known by: that of the first rung with its worst verdict.
pub(super) fn cause(run: &CheckRun) -> Option<Cause> {
    run.checks
        .iter()
        .find(|check| check.verdict == run.verdict)
        .and_then(|check| check.cause)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    provider: Provider,
    settings_id: &str,
    organization: Option<&str>,
    run: &CheckRun,
) -> Result<(), Error> {
    let checks = serde_json::to_string(&run.checks)
        .map_err(|error| Error::Internal(format!("checks: {error}")))?;
    let passed = |rung: CheckKind| -> i64 {
        let check = run.checks.iter().find(|check| check.kind == rung);
        check
            .is_some_and(|check| check.verdict == Verdict::Passed)
            .into()
    };
    tx.run(
        "insert into check_runs
           (id, provider, settings_id, trigger, started_at, ended_at, verdict, cause,
            organization_id, client_known, secret_accepted, checks)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            &run.id,
            provider.code(),
            settings_id,
            run.trigger.code(),
            run.started_at,
            run.ended_at,
            run.verdict.code(),
            cause(run).map(Cause::code),
            organization,
            passed(CheckKind::Client),
            passed(CheckKind::Secret),
            &checks
        ],
    )?;
    tx.run(
        "delete from check_runs where provider = $1 and id not in
           (select id from check_runs where provider = $1 order by id desc limit $2)",
        params![provider.code(), KEPT],
    )
    .map(drop)
}

/// What earlier runs showed of these settings, and of this issuer.
pub(super) fn known(
    tx: &mut Tx<'_>,
    provider: Provider,
    settings_id: &str,
    issuer: &str,
) -> Result<Known, Error> {
    let mut known = Known::default();
    let row = tx.row(
        "select max(client_known), max(secret_accepted) from check_runs where settings_id = $1",
        params![settings_id],
    )?;
    if let Some(mut row) = row {
        known.client = row.opt_int()? == Some(1);
        known.secret = row.opt_int()? == Some(1);
    }
    let row = tx.row(
        "select r.organization_id from check_runs r
         join connection_settings s on s.id = r.settings_id
         where r.provider = $1 and s.issuer = $2 and r.organization_id is not null
         order by r.id limit 1",
        params![provider.code(), issuer],
    )?;
    if let Some(mut row) = row {
        known.organization = row.opt_text()?;
    }
    Ok(known)
}

/// The settings of the latest run, and when it began. A look into doubts is none of the runs that a
/// change or a day makes due.
pub(super) fn last(
    tx: &mut Tx<'_>,
    provider: Provider,
) -> Result<Option<(String, UtcMillis)>, Error> {
    tx.row(
        "select settings_id, started_at from check_runs
         where provider = $1 and trigger <> 'doubt'
         order by id desc limit 1",
        params![provider.code()],
    )?
    .map(|mut row| Ok((row.text()?, row.int()?)))
    .transpose()
}

/// A run, for whoever asks how the connection is.
pub(crate) struct Last {
    pub(crate) trigger: Trigger,
    pub(crate) at: UtcMillis,
    /// Why nobody gets through, if it found that.
    pub(crate) cause: Option<Cause>,
}

/// The latest run of these settings.
pub(crate) fn last_of(
    tx: &mut Tx<'_>,
    provider: Provider,
    settings_id: &str,
) -> Result<Option<Last>, Error> {
    let row = tx.row(
        "select id, trigger, started_at, verdict, checks from check_runs
         where provider = $1 and settings_id = $2
         order by id desc limit 1",
        params![provider.code(), settings_id],
    )?;
    let Some(mut row) = row else { return Ok(None) };
    let (_, trigger, at, _) = head(&mut row)?;
    let checks = checks(&row.text()?)?;
    let failed = checks
        .iter()
        .find(|check| check.verdict == Verdict::Failed && is_on_the_way(check.kind));
    Ok(Some(Last {
        trigger,
        at,
        cause: failed.and_then(|check| check.cause),
    }))
}

/// When the checks read the discovery of these settings last, on whichever node.
pub(crate) fn read_at(tx: &mut Tx<'_>, settings_id: &str) -> Result<Option<UtcMillis>, Error> {
    let row = tx.row(
        "select max(started_at) from check_runs where settings_id = $1",
        params![settings_id],
    )?;
    match row {
        Some(mut row) => row.opt_int(),
        None => Ok(None),
    }
}

/// Whether the latest checks of these settings passed the client and the redirect URI.
pub(crate) fn passed_redirect(tx: &mut Tx<'_>, settings_id: &str) -> Result<bool, Error> {
    let row = tx.row(
        "select checks from check_runs where settings_id = $1 order by id desc limit 1",
        params![settings_id],
    )?;
    let Some(mut row) = row else { return Ok(false) };
    let checks = checks(&row.text()?)?;
    let passed = |rung: CheckKind| {
        let check = checks.iter().find(|check| check.kind == rung);
        check.is_some_and(|check| check.verdict == Verdict::Passed)
    };
    Ok(passed(CheckKind::Client) && passed(CheckKind::Redirect))
}

/// When doubts about these settings were looked into last.
pub(super) fn last_look(
    tx: &mut Tx<'_>,
    provider: Provider,
    settings_id: &str,
) -> Result<Option<UtcMillis>, Error> {
    tx.row(
        "select started_at from check_runs
         where provider = $1 and settings_id = $2 and trigger = 'doubt'
         order by id desc limit 1",
        params![provider.code(), settings_id],
    )?
    .map(|mut row| row.int())
    .transpose()
}

/// Whether a sign-in in a browser comes to it.
fn is_on_the_way(rung: CheckKind) -> bool {
    match rung {
        CheckKind::Organization
        | CheckKind::Discovery
        | CheckKind::Client
        | CheckKind::Keys
        | CheckKind::Secret
        | CheckKind::Request
        | CheckKind::Redirect => true,
        CheckKind::Address | CheckKind::Native => false,
    }
}

/// The cause of the latest run, if it failed.
pub(super) fn last_cause(tx: &mut Tx<'_>, provider: Provider) -> Result<Option<Cause>, Error> {
    let row = tx.row(
        "select verdict, cause from check_runs where provider = $1 order by id desc limit 1",
        params![provider.code()],
    )?;
    let Some(mut row) = row else { return Ok(None) };
    let failed = Verdict::from_code(&row.text()?) == Some(Verdict::Failed);
    let cause = row.opt_text()?;
    Ok(cause
        .as_deref()
        .and_then(Cause::from_code)
        .filter(|_| failed))
}

/// The latest run, and the history.
pub(super) fn report(tx: &mut Tx<'_>, provider: Provider) -> Result<CheckReport, Error> {
    let row = connections::find(tx, provider)?;
    let saved = row.draft.or(row.live);
    let latest = tx
        .row(
            "select id, trigger, started_at, verdict, ended_at, settings_id, checks
             from check_runs where provider = $1 order by id desc limit 1",
            params![provider.code()],
        )?
        .map(|mut row| {
            let (id, trigger, started_at, verdict) = head(&mut row)?;
            Ok::<_, Error>(CheckRun {
                id,
                trigger,
                started_at,
                verdict,
                ended_at: row.int()?,
                up_to_date: Some(row.text()?) == saved,
                checks: checks(&row.text()?)?,
            })
        })
        .transpose()?;
    let mut history = Vec::new();
    for mut row in tx.rows(
        "select id, trigger, started_at, verdict, cause from check_runs where provider = $1
         order by id desc limit $2",
        params![provider.code(), SHOWN],
    )? {
        let (id, trigger, started_at, verdict) = head(&mut row)?;
        history.push(CheckSummary {
            id,
            trigger,
            started_at,
            verdict,
            cause: row.opt_text()?.as_deref().and_then(Cause::from_code),
        });
    }
    Ok(CheckReport { latest, history })
}

fn head(row: &mut Row) -> Result<(String, Trigger, UtcMillis, Verdict), Error> {
    let id = row.text()?;
    let (reason, started_at, verdict) = (row.text()?, row.int()?, row.text()?);
    let odd = |what: &str| Error::Internal(format!("a check run is {what:?}"));
    let trigger = Trigger::from_code(&reason).ok_or_else(|| odd(&reason))?;
    let verdict = Verdict::from_code(&verdict).ok_or_else(|| odd(&verdict))?;
    Ok((id, trigger, started_at, verdict))
}

fn checks(text: &str) -> Result<Vec<Check>, Error> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("checks: {error}")))
}

/// Connections that are on and whose latest check failed.
pub(crate) fn failing(tx: &mut Tx<'_>) -> Result<Vec<FailingCheck>, Error> {
    let mut all = Vec::new();
    for provider in connections::active(tx)? {
        let row = tx.row(
            "select verdict, started_at, cause from check_runs where provider = $1
             order by id desc limit 1",
            params![provider.code()],
        )?;
        let Some(mut row) = row else { continue };
        let (verdict, at, cause) = (row.text()?, row.int()?, row.opt_text()?);
        let failed = Verdict::from_code(&verdict) == Some(Verdict::Failed);
        if let Some(cause) = cause
            .as_deref()
            .and_then(Cause::from_code)
            .filter(|_| failed)
        {
            all.push(FailingCheck {
                provider,
                at,
                cause,
            });
        }
    }
    Ok(all)
}
