//! What every administrator is told of: written where it happens, in the transaction of what
//! happened, shown on the first page, counted, and carried on by the webhook.
//!
//! It must not know how a message is delivered.

use api::{
    Cause, Provider, User, UtcMillis,
    notifications::{Notification as Shown, NotificationData, NotificationKind, NotificationList},
};
use axum::{Json, extract::State, http::StatusCode};
use serde_json::json;

use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::Segment,
    db::{Tx, params},
    error::Error,
    ids, webhook,
};

/// What administrators are told of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Notification<'a> {
    /// `on`: the date as it was entered; `days`: how many are left.
    SecretExpiring {
        provider: Provider,
        on: &'a str,
        days: i64,
    },
    SecretExpired {
        provider: Provider,
        on: &'a str,
    },
    SecretReplaced {
        provider: Provider,
        last_four: &'a str,
    },
    /// `who`: the name of the user that the code is for.
    BreakGlassIssued {
        who: &'a str,
        until: UtcMillis,
    },
    BreakGlassUsed {
        who: &'a str,
    },
    BreakGlassFailed,
    TrialStarted {
        provider: Provider,
        by: &'a str,
        until: UtcMillis,
    },
    TrialReverted {
        provider: Provider,
    },
    ConnectionDegraded {
        provider: Provider,
        cause: Option<Cause>,
    },
    ConnectionRecovered {
        provider: Provider,
    },
    CheckFailed {
        provider: Provider,
        cause: Option<Cause>,
    },
    /// `who`: the user; `login`: of the account that became theirs.
    LinkedByEmail {
        provider: Provider,
        who: &'a User,
        login: Option<&'a str>,
    },
    /// `who`: the administrator; `login`: of the account that was refused.
    IdentityUnconfirmed {
        provider: Provider,
        who: &'a User,
        login: Option<&'a str>,
    },
    /// `setting`: the value that `--trusted-proxies` needs to trust the address too.
    UntrustedProxy {
        address: &'a str,
        setting: &'a str,
    },
    /// `who`: the name of the administrator.
    PasswordGuessing {
        who: &'a str,
        count: i64,
    },
}

impl Notification<'_> {
    fn kind(&self) -> NotificationKind {
        match self {
            Self::SecretExpiring { .. } => NotificationKind::SecretExpiring,
            Self::SecretExpired { .. } => NotificationKind::SecretExpired,
            Self::SecretReplaced { .. } => NotificationKind::SecretReplaced,
            Self::BreakGlassIssued { .. } => NotificationKind::BreakGlassIssued,
            Self::BreakGlassUsed { .. } => NotificationKind::BreakGlassUsed,
            Self::BreakGlassFailed => NotificationKind::BreakGlassFailed,
            Self::TrialStarted { .. } => NotificationKind::TrialStarted,
            Self::TrialReverted { .. } => NotificationKind::TrialReverted,
            Self::ConnectionDegraded { .. } => NotificationKind::ConnectionDegraded,
            Self::ConnectionRecovered { .. } => NotificationKind::ConnectionRecovered,
            Self::CheckFailed { .. } => NotificationKind::CheckFailed,
            Self::LinkedByEmail { .. } => NotificationKind::LinkedByEmail,
            Self::IdentityUnconfirmed { .. } => NotificationKind::IdentityUnconfirmed,
            Self::UntrustedProxy { .. } => NotificationKind::UntrustedProxy,
            Self::PasswordGuessing { .. } => NotificationKind::PasswordGuessing,
        }
    }

    fn data(&self) -> NotificationData {
        let none = NotificationData::default();
        match *self {
            Self::SecretExpiring { provider, on, days } => NotificationData {
                provider: Some(provider),
                on: Some(on.to_owned()),
                days: Some(days),
                ..none
            },
            Self::SecretExpired { provider, on } => NotificationData {
                provider: Some(provider),
                on: Some(on.to_owned()),
                ..none
            },
            Self::SecretReplaced {
                provider,
                last_four,
            } => NotificationData {
                provider: Some(provider),
                last_four: Some(last_four.to_owned()).filter(|it| !it.is_empty()),
                ..none
            },
            Self::BreakGlassIssued { who, until } => NotificationData {
                who: Some(who.to_owned()),
                until: Some(until),
                ..none
            },
            Self::BreakGlassUsed { who } => NotificationData {
                who: Some(who.to_owned()),
                ..none
            },
            Self::BreakGlassFailed => none,
            Self::TrialStarted {
                provider,
                by,
                until,
            } => NotificationData {
                provider: Some(provider),
                by: Some(by.to_owned()),
                until: Some(until),
                ..none
            },
            Self::TrialReverted { provider } | Self::ConnectionRecovered { provider } => {
                NotificationData {
                    provider: Some(provider),
                    ..none
                }
            }
            Self::ConnectionDegraded { provider, cause }
            | Self::CheckFailed { provider, cause } => NotificationData {
                provider: Some(provider),
                cause,
                ..none
            },
            Self::LinkedByEmail {
                provider,
                who,
                login,
            }
            | Self::IdentityUnconfirmed {
                provider,
                who,
                login,
            } => NotificationData {
                provider: Some(provider),
                who: Some(who.name.clone()),
                user_id: Some(who.id.clone()),
                login: login.map(str::to_owned),
                ..none
            },
            Self::UntrustedProxy { address, setting } => NotificationData {
                address: Some(address.to_owned()),
                setting: Some(setting.to_owned()),
                ..none
            },
            Self::PasswordGuessing { who, count } => NotificationData {
                who: Some(who.to_owned()),
                count: Some(count),
                ..none
            },
        }
    }

    /// The kinds that are no news any more once this was told of the same provider.
    fn overtakes(&self) -> &'static [NotificationKind] {
        match self {
            Self::SecretExpiring { .. } | Self::SecretExpired { .. } => {
                &[NotificationKind::SecretExpiring]
            }
            Self::SecretReplaced { .. } => &SECRETS,
            Self::TrialStarted { .. } => &[NotificationKind::TrialReverted],
            Self::TrialReverted { .. } => &[NotificationKind::TrialStarted],
            Self::ConnectionDegraded { .. } => &[NotificationKind::ConnectionRecovered],
            Self::ConnectionRecovered { .. } => &[
                NotificationKind::ConnectionDegraded,
                NotificationKind::CheckFailed,
            ],
            Self::CheckFailed { .. } => &[NotificationKind::CheckFailed],
            Self::BreakGlassIssued { .. }
            | Self::BreakGlassUsed { .. }
            | Self::BreakGlassFailed
            | Self::LinkedByEmail { .. }
            | Self::IdentityUnconfirmed { .. }
            | Self::UntrustedProxy { .. }
            | Self::PasswordGuessing { .. } => &[],
        }
    }
}

/// What is told of a secret's end: over once there is another secret or another date.
pub(crate) const SECRETS: [NotificationKind; 2] = [
    NotificationKind::SecretExpiring,
    NotificationKind::SecretExpired,
];

/// Tells every administrator, in the caller's transaction; false if it was told before.
///
/// `once` is what makes it this one among its kind and provider: the id of the row that it is
/// about, or a time. Told again with the same, by whichever node, it is not told twice.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    audit: &Audit,
    once: &str,
    notice: Notification<'_>,
) -> Result<bool, Error> {
    let (kind, data) = (notice.kind(), notice.data());
    let provider = data.provider.map(Provider::code);
    let key = dedup_key(&notice, once);
    let id = ids::uuid(audit.now, &audit.entropy);
    let written = tx.run(
        "insert into notifications (id, dedup_key, kind, provider, data, sent_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (dedup_key) do nothing",
        params![
            &id,
            &key,
            kind.code(),
            provider,
            &json!(data).to_string(),
            audit.now
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    for kind in notice.overtakes() {
        close(tx, audit.now, data.provider, *kind, &id)?;
    }
    let shown = Shown {
        id,
        at: audit.now,
        kind,
        data,
    };
    webhook::queue(tx, &shown)?;
    metrics::counter!("sso_notifications_total", "kind" => kind.code()).increment(1);
    Ok(true)
}

/// The key under which a notice is told once.
pub(crate) fn dedup_key(notice: &Notification<'_>, once: &str) -> String {
    let provider = notice.data().provider.map_or("-", Provider::code);
    format!("{} {provider} {once}", notice.kind().code())
}

/// There is nothing to mend any more: the open notifications of these kinds are no news.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    now: UtcMillis,
    provider: Provider,
    kinds: &[NotificationKind],
) -> Result<(), Error> {
    for kind in kinds {
        close(tx, now, Some(provider), *kind, "")?;
    }
    Ok(())
}

fn close(
    tx: &mut Tx<'_>,
    now: UtcMillis,
    provider: Option<Provider>,
    kind: NotificationKind,
    but: &str,
) -> Result<(), Error> {
    tx.run(
        "update notifications set dismissed_at = $1
         where dismissed_at is null and kind = $2 and provider = $3 and id <> $4",
        params![now, kind.code(), provider.map(Provider::code), but],
    )
    .map(drop)
}

/// The open notifications of a kind, with what they say.
pub(crate) fn open_of(
    tx: &mut Tx<'_>,
    kind: NotificationKind,
) -> Result<Vec<(String, NotificationData)>, Error> {
    let open = open(tx, Some(kind))?.into_iter();
    Ok(open.map(|it| (it.id, it.data)).collect())
}

/// Closes one notice that is no news any more.
pub(crate) fn close_one(tx: &mut Tx<'_>, now: UtcMillis, id: &str) -> Result<(), Error> {
    tx.run(
        "update notifications set dismissed_at = $1 where dismissed_at is null and id = $2",
        params![now, id],
    )
    .map(drop)
}

/// `GET /api/notifications`: those that are open.
pub(crate) async fn list(
    State(app): State<App>,
    _: Admin,
) -> Result<Json<NotificationList>, Error> {
    let notifications = app.db.peek(|tx| open(tx, None)).await?;
    Ok(Json(NotificationList { notifications }))
}

fn open(tx: &mut Tx<'_>, kind: Option<NotificationKind>) -> Result<Vec<Shown>, Error> {
    let rows = tx.rows(
        "select id, kind, data, sent_at from notifications
         where dismissed_at is null and ($1 = '' or kind = $1) order by id desc limit 50",
        params![kind.map_or("", NotificationKind::code)],
    )?;
    rows.into_iter()
        .map(|mut row| {
            let (id, kind, data) = (row.text()?, row.text()?, row.text()?);
            Ok(Shown {
                id,
                kind: NotificationKind::from_code(&kind)
                    .ok_or_else(|| Error::Internal(format!("a notice is {kind:?}")))?,
                data: serde_json::from_str(&data)
                    .map_err(|error| Error::Internal(format!("a notice: {error}")))?,
                at: row.int()?,
            })
        })
        .collect()
}

/// `POST /api/notifications/{id}/dismiss`: for every administrator. A second time changes nothing.
pub(crate) async fn dismiss(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<StatusCode, Error> {
    let audit = actor.audit();
    app.db
        .write(move |tx| {
            let row = tx.row("select kind from notifications where id = $1", params![&id])?;
            let kind = row.ok_or(api::ProblemCode::NotFound)?.text()?;
            let closed = tx.run(
                "update notifications set dismissed_at = $2, dismissed_by = $3
                 where id = $1 and dismissed_at is null",
                params![&id, audit.now, &audit.actor_name],
            )?;
            if closed == 0 {
                return Ok(());
            }
            let detail = json!({ "kind": kind });
            audit.record(tx, Event::NoticeDismissed, Some(&id), &detail)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
