//! A secret's end: told 30, 14, 7 and 1 days before and on the day, once each, and measured.

use api::{ConnectionState, Provider, date};

use super::{super::store as settings, in_use, store};
use crate::{
    App,
    audit::Audit,
    db::Tx,
    error::Error,
    notifications::{self, Notification},
};

/// A secret whose end comes near.
struct Ending {
    provider: Provider,
    on: String,
    /// Whole days until that date; 0 on the day itself, negative afterwards.
    days: i64,
    /// What makes the notice one: the date, the secret that it is about, and how near.
    once: String,
}

/// How near an end is: the smallest of the marks that it has passed.
fn mark(days: i64) -> Option<i64> {
    [0, 1, 7, 14, 30].into_iter().find(|mark| days <= *mark)
}

/// Tells of the ends that come near, in a transaction of their own; each once, on whichever node.
pub(crate) async fn tell_of_ends(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    // Reads first: on most minutes of most days there is nothing to write.
    let anything = app.db.read(move |tx| anything_to_tell(tx, now)).await?;
    if !anything {
        return Ok(());
    }
    let audit = Audit::of_nobody(now, &app.entropy, "");
    app.db
        .write(move |tx| {
            for provider in Provider::ALL {
                match ending(tx, provider, now)? {
                    Some(ending) => tell(tx, &audit, &ending)?,
                    None => notifications::settle(tx, now, provider, &notifications::SECRETS)?,
                }
            }
            Ok(())
        })
        .await
}

fn anything_to_tell(tx: &mut Tx<'_>, now: api::UtcMillis) -> Result<bool, Error> {
    for provider in Provider::ALL {
        let open = store::has_open_notice(tx, provider)?;
        let tell = match ending(tx, provider, now)? {
            Some(ending) => !store::was_told(
                tx,
                &notifications::dedup_key(&notice(&ending), &ending.once),
            )?,
            None => open,
        };
        if tell {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The end of the secret in use, if it is near and no other waits to take its place.
fn ending(
    tx: &mut Tx<'_>,
    provider: Provider,
    now: api::UtcMillis,
) -> Result<Option<Ending>, Error> {
    let state = settings::find(tx, provider)?.state;
    if matches!(
        state,
        ConnectionState::Disabled | ConnectionState::DisabledByOkta
    ) {
        return Ok(None);
    }
    let Some(current) = in_use(tx, provider)? else {
        return Ok(None);
    };
    let Some(on) = current.info.expires_on.clone() else {
        return Ok(None);
    };
    let Some(days) = date::days_until(&on, now) else {
        return Ok(None);
    };
    let Some(mark) = mark(days) else {
        return Ok(None);
    };
    if store::next(tx, &current)?.is_some() {
        return Ok(None);
    }
    let once = format!("{on} {} {mark}", current.info.set_at);
    Ok(Some(Ending {
        provider,
        on,
        days,
        once,
    }))
}

fn notice(ending: &Ending) -> Notification<'_> {
    let Ending {
        provider, on, days, ..
    } = ending;
    if *days > 0 {
        Notification::SecretExpiring {
            provider: *provider,
            on,
            days: *days,
        }
    } else {
        Notification::SecretExpired {
            provider: *provider,
            on,
        }
    }
}

fn tell(tx: &mut Tx<'_>, audit: &Audit, ending: &Ending) -> Result<(), Error> {
    notifications::tell(tx, audit, &ending.once, notice(ending)).map(drop)
}

/// Sets the gauge: seconds until the first moment of the date, negative afterwards.
pub(crate) async fn measure(app: &App) -> Result<(), Error> {
    let dates = app
        .db
        .read(|tx| {
            let mut dates = Vec::new();
            for provider in Provider::ALL {
                let on = in_use(tx, provider)?.and_then(|it| it.info.expires_on);
                dates.push((provider, on.as_deref().and_then(date::begins)));
            }
            Ok(dates)
        })
        .await?;
    let now = app.clock.now();
    for (provider, at) in dates {
        if let Some(at) = at {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a gauge is a float; seconds of a thousand years fit exactly"
            )]
            let seconds = ((at - now) / 1000) as f64;
            metrics::gauge!("sso_secret_expires_in_seconds", "provider" => provider.code())
                .set(seconds);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_is_reached_once_and_a_late_look_falls_on_the_nearest() {
        let mut told = Vec::new();
        for days in (-3..=40).rev() {
            let mark = mark(days);
            if told.last() != Some(&mark) {
                told.push(mark);
            }
        }
        assert_eq!(told, [None, Some(30), Some(14), Some(7), Some(1), Some(0)]);
        assert_eq!(mark(12), Some(14));
    }
}
