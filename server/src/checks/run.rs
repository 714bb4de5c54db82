//! A run: whose turn it is, what is checked, and that it is kept.

use api::{
    Provider, UtcMillis,
    checks::{CheckLine, CheckRun, Trigger, Verdict},
    paths,
};
use serde_json::json;

use super::{
    ladder,
    probe::{Known, Subject},
    store,
};
use crate::{
    App,
    audit::{Audit, Event},
    connections::{self, After, Configs},
    db::Tx,
    error::Error,
    ids,
    notifications::{self, Notification},
};

/// Longer than any run takes: a turn whose node died ends by itself.
const TURN: i64 = 60_000;
/// How often it is asked whether another run has ended …
const POLL: std::time::Duration = std::time::Duration::from_millis(100);
/// … and how many runs are waited for.
const WAITS: usize = 3;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Doubts are looked into at most so often: whoever raises them for sport gets nothing out of it …
const LOOK_EVERY: i64 = 60 * 60 * 1000;
/// … but as long as something is found, it is looked at again, so that it goes by itself.
const LOOK_AGAIN: i64 = 10 * 60 * 1000;

/// A run that has its turn.
pub(crate) struct Begun {
    turn: Turn,
    settings_id: String,
    subject: Subject,
    trigger: Trigger,
    audit: Audit,
}

/// Gives the turn back, also when the run is dropped half-way.
struct Turn {
    app: App,
    provider: Provider,
    run_id: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (app, provider, run_id) = (self.app.clone(), self.provider, self.run_id.clone());
        tokio::spawn(async move {
            let given = app
                .db
                .write(move |tx| store::give(tx, provider, &run_id))
                .await;
            if let Err(error) = given {
                error.log("-");
            }
        });
    }
}

/// What is to be checked, as the database has it.
struct Wanted {
    settings_id: String,
    audience: Option<String>,
    known: Known,
}

/// Takes the turn for what is saved; none where nothing is, or where it is not due.
pub(super) async fn begin(
    app: &App,
    provider: Provider,
    trigger: Trigger,
    audit: Audit,
) -> Result<Option<Begun>, Error> {
    let run_id = ids::uuid(audit.now, &app.entropy);
    let (id, now) = (run_id.clone(), audit.now);
    let wanted = app
        .db
        .write(move |tx| {
            let Some(wanted) = wanted(tx, provider, trigger)? else {
                return Ok(None);
            };
            if !store::take(tx, provider, &id, now, now + TURN)? {
                // As long as a run takes.
                return Err(Error::TooMany(3));
            }
            let due = match trigger {
                Trigger::Request | Trigger::Connect => true,
                Trigger::Change | Trigger::Daily | Trigger::Doubt => {
                    due_now(tx, provider, now)? == Some(trigger)
                }
            };
            if !due {
                store::give(tx, provider, &id)?;
                return Ok(None);
            }
            Ok(Some(wanted))
        })
        .await?;
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let turn = Turn {
        app: app.clone(),
        provider,
        run_id,
    };
    let config = Configs::get(app, &wanted.settings_id).await?;
    Ok(Some(Begun {
        turn,
        subject: Subject {
            config,
            audience: wanted.audience,
            redirect_uri: app.settings.url(&paths::auth_callback(provider)),
            loopback: app.settings.loopback,
            known: wanted.known,
        },
        settings_id: wanted.settings_id,
        trigger,
        audit,
    }))
}

/// Waits for the run that has the turn, whether it is the server's own or another
/// administrator's, and gives out what it found. Where that is about other settings, or was given
/// up, a run of its own follows.
pub(super) async fn after_another(
    app: &App,
    provider: Provider,
    trigger: Trigger,
    mut audit: Audit,
    mut tell: impl FnMut(&CheckLine) + Send,
) -> Result<(), Error> {
    for _ in 0..WAITS {
        if let Some(run) = awaited(app, provider).await? {
            for check in &run.checks {
                tell(&CheckLine::check(check.clone()));
            }
            tell(&CheckLine::end(run));
            return Ok(());
        }
        audit.now = app.clock.now();
        match begin(app, provider, trigger, audit.clone()).await {
            Ok(Some(begun)) => return Box::pin(begun.finish(tell)).await.map(drop),
            Ok(None) => return Ok(()),
            Err(Error::TooMany(_)) => (),
            Err(error) => return Err(error),
        }
    }
    Err(Error::TooMany(3))
}

/// The run that has the turn, when it has ended and is about what is saved.
async fn awaited(app: &App, provider: Provider) -> Result<Option<CheckRun>, Error> {
    let turn = async || {
        let now = app.clock.now();
        app.db.peek(move |tx| store::turn(tx, provider, now)).await
    };
    let Some(run_id) = turn().await? else {
        return Ok(None);
    };
    while turn().await?.as_ref() == Some(&run_id) {
        tokio::time::sleep(POLL).await;
    }
    let report = app.db.read(move |tx| store::report(tx, provider)).await?;
    let run = report
        .latest
        .filter(|run| run.id == run_id && run.up_to_date);
    Ok(run)
}

fn wanted(tx: &mut Tx<'_>, provider: Provider, trigger: Trigger) -> Result<Option<Wanted>, Error> {
    let row = connections::find(tx, provider)?;
    let settings_id = match trigger {
        Trigger::Request | Trigger::Connect | Trigger::Change | Trigger::Daily => {
            row.draft.or(row.live)
        }
        // Sign-ins failed with those in force.
        Trigger::Doubt => row.live,
    };
    let Some(settings_id) = settings_id else {
        return Ok(None);
    };
    let settings = connections::settings(tx, &settings_id)?;
    let mut known = store::known(tx, provider, &settings_id, &settings.settings.issuer)?;
    // A round trip that worked shows as much as any check.
    known.client |= settings.verification.is_some();
    known.secret |= settings.verification.is_some();
    Ok(Some(Wanted {
        settings_id,
        audience: settings.settings.audience,
        known,
    }))
}

impl Begun {
    /// Climbs, tells, and keeps the run.
    pub(super) async fn finish(
        self,
        mut tell: impl FnMut(&CheckLine) + Send,
    ) -> Result<CheckRun, Error> {
        let Self {
            turn,
            settings_id,
            subject,
            trigger,
            audit,
        } = self;
        let app = turn.app.clone();
        let climbed = ladder::climb(&app, &subject, &mut |check| {
            tell(&CheckLine::check(check.clone()));
        })
        .await;
        let worst = climbed
            .checks
            .iter()
            .max_by_key(|check| weight(check.verdict));
        let run = CheckRun {
            id: turn.run_id.clone(),
            trigger,
            started_at: audit.now,
            ended_at: app.clock.now(),
            verdict: worst.map_or(Verdict::Skipped, |check| check.verdict),
            up_to_date: true,
            checks: climbed.checks,
        };
        let provider = turn.provider;
        let run = app
            .db
            .write(move |tx| {
                // Said once, until it is mended or fails for another reason.
                let before = store::last_cause(tx, provider)?;
                let is_news = trigger == Trigger::Daily && before != store::cause(&run);
                store::insert(
                    tx,
                    provider,
                    &settings_id,
                    climbed.organization.as_deref(),
                    &run,
                )?;
                let detail = json!({
                    "trigger": run.trigger, "verdict": run.verdict, "cause": store::cause(&run),
                });
                // Whoever reads the last line may begin the next run at once.
                store::give(tx, provider, &run.id)?;
                if is_news && run.verdict == Verdict::Failed {
                    let cause = store::cause(&run);
                    let notice = Notification::CheckFailed { provider, cause };
                    notifications::tell(tx, &audit, &run.id, notice)?;
                }
                audit.record(tx, Event::ConnectionChecked, Some(provider.code()), &detail)?;
                Ok(run)
            })
            .await?;
        // Before the last line: whoever listened goes away then.
        connections::weigh(&app, provider, After::Look).await?;
        tell(&CheckLine::end(run.clone()));
        Ok(run)
    }
}

/// The worst of two verdicts is the heavier one. What was skipped says nothing.
fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Skipped => 0,
        Verdict::Passed => 1,
        Verdict::Warning => 2,
        Verdict::Inconclusive => 3,
        Verdict::Failed => 4,
    }
}

/// Why the connection is to be checked now, if it is.
fn due_now(tx: &mut Tx<'_>, provider: Provider, now: UtcMillis) -> Result<Option<Trigger>, Error> {
    let row = connections::find(tx, provider)?;
    let is_on = row.state.is_on();
    let Some(settings_id) = row.draft.as_ref().or(row.live.as_ref()) else {
        return Ok(None);
    };
    let trigger = match store::last(tx, provider)? {
        Some((checked, at)) if checked == *settings_id => {
            (is_on && now - at >= DAY).then_some(Trigger::Daily)
        }
        Some(_) | None => Some(Trigger::Change),
    };
    if trigger.is_some() {
        return Ok(trigger);
    }
    let (Some(live), Some(doubted)) = (&row.live, connections::doubted(tx, provider, &row)?) else {
        return Ok(None);
    };
    let since = |at: Option<UtcMillis>| at.map_or(UtcMillis::MAX, |at| now - at);
    let look = match store::last_of(tx, provider, live)? {
        Some(last) if last.cause.is_some() => now - last.at >= LOOK_AGAIN,
        Some(last) if last.at >= doubted => false,
        Some(_) | None => since(store::last_look(tx, provider, live)?) >= LOOK_EVERY,
    };
    Ok(look.then_some(Trigger::Doubt))
}

/// Runs what is due: settings that nobody checked yet, once a day what is on, and what sign-ins cast
/// doubts on. Called every minute on every node; the turn lets one of them do it.
pub(crate) async fn due(app: &App) -> Result<(), Error> {
    for provider in Provider::ALL {
        let now = app.clock.now();
        let due = app.db.peek(move |tx| due_now(tx, provider, now)).await?;
        let Some(trigger) = due else { continue };
        let audit = Audit {
            now,
            actor_id: None,
            actor_name: String::new(),
            address: String::new(),
            request_id: String::new(),
            entropy: app.entropy.clone(),
        };
        match begin(app, provider, trigger, audit).await {
            Ok(Some(begun)) => {
                Box::pin(begun.finish(|_| ())).await?;
            }
            // Another node, or an administrator, is at it.
            Ok(None) | Err(Error::TooMany(_)) => (),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
