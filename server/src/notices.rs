//! What every administrator is told of: written where it happens, in the transaction of what
//! happened, shown on the first page, counted, and carried on by the webhook.
//!
//! It must not know how a message is delivered.

use api::{
    Cause, Provider, User, UtcMillis,
    notices::{Notice as Shown, NoticeFacts, NoticeKind, NoticeList},
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
pub(crate) enum Notice<'a> {
    /// `on`: the date as it was entered; `days`: how many are left.
    SecretRunsOut {
        provider: Provider,
        on: &'a str,
        days: i64,
    },
    SecretRanOut {
        provider: Provider,
        on: &'a str,
    },
    SecretPromoted {
        provider: Provider,
        last_four: &'a str,
    },
    /// `who`: the name of the user that the code is for.
    BreakGlassArmed {
        who: &'a str,
        until: UtcMillis,
    },
    BreakGlassUsed {
        who: &'a str,
    },
    BreakGlassFailed,
    TrialBegan {
        provider: Provider,
        by: &'a str,
        until: UtcMillis,
    },
    TrialUndone {
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

impl Notice<'_> {
    fn kind(&self) -> NoticeKind {
        match self {
            Self::SecretRunsOut { .. } => NoticeKind::SecretRunsOut,
            Self::SecretRanOut { .. } => NoticeKind::SecretRanOut,
            Self::SecretPromoted { .. } => NoticeKind::SecretPromoted,
            Self::BreakGlassArmed { .. } => NoticeKind::BreakGlassArmed,
            Self::BreakGlassUsed { .. } => NoticeKind::BreakGlassUsed,
            Self::BreakGlassFailed => NoticeKind::BreakGlassFailed,
            Self::TrialBegan { .. } => NoticeKind::TrialBegan,
            Self::TrialUndone { .. } => NoticeKind::TrialUndone,
            Self::ConnectionDegraded { .. } => NoticeKind::ConnectionDegraded,
            Self::ConnectionRecovered { .. } => NoticeKind::ConnectionRecovered,
            Self::CheckFailed { .. } => NoticeKind::CheckFailed,
            Self::LinkedByEmail { .. } => NoticeKind::LinkedByEmail,
            Self::IdentityUnconfirmed { .. } => NoticeKind::IdentityUnconfirmed,
            Self::UntrustedProxy { .. } => NoticeKind::UntrustedProxy,
            Self::PasswordGuessing { .. } => NoticeKind::PasswordGuessing,
        }
    }

    fn facts(&self) -> NoticeFacts {
        let none = NoticeFacts::default();
        match *self {
            Self::SecretRunsOut { provider, on, days } => NoticeFacts {
                provider: Some(provider),
                on: Some(on.to_owned()),
                days: Some(days),
                ..none
            },
            Self::SecretRanOut { provider, on } => NoticeFacts {
                provider: Some(provider),
                on: Some(on.to_owned()),
                ..none
            },
            Self::SecretPromoted {
                provider,
                last_four,
            } => NoticeFacts {
                provider: Some(provider),
                last_four: Some(last_four.to_owned()).filter(|it| !it.is_empty()),
                ..none
            },
            Self::BreakGlassArmed { who, until } => NoticeFacts {
                who: Some(who.to_owned()),
                until: Some(until),
                ..none
            },
            Self::BreakGlassUsed { who } => NoticeFacts {
                who: Some(who.to_owned()),
                ..none
            },
            Self::BreakGlassFailed => none,
            Self::TrialBegan {
                provider,
                by,
                until,
            } => NoticeFacts {
                provider: Some(provider),
                by: Some(by.to_owned()),
                until: Some(until),
                ..none
            },
            Self::TrialUndone { provider } | Self::ConnectionRecovered { provider } => {
                NoticeFacts {
                    provider: Some(provider),
                    ..none
                }
            }
            Self::ConnectionDegraded { provider, cause }
            | Self::CheckFailed { provider, cause } => NoticeFacts {
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
            } => NoticeFacts {
                provider: Some(provider),
                who: Some(who.name.clone()),
                user_id: Some(who.id.clone()),
                login: login.map(str::to_owned),
                ..none
            },
            Self::UntrustedProxy { address, setting } => NoticeFacts {
                address: Some(address.to_owned()),
                setting: Some(setting.to_owned()),
                ..none
            },
            Self::PasswordGuessing { who, count } => NoticeFacts {
                who: Some(who.to_owned()),
                count: Some(count),
                ..none
            },
        }
    }

    /// The kinds that are no news any more once this was told of the same provider.
    fn overtakes(&self) -> &'static [NoticeKind] {
        match self {
            Self::SecretRunsOut { .. } | Self::SecretRanOut { .. } => &[NoticeKind::SecretRunsOut],
            Self::SecretPromoted { .. } => &SECRETS,
            Self::TrialBegan { .. } => &[NoticeKind::TrialUndone],
            Self::TrialUndone { .. } => &[NoticeKind::TrialBegan],
            Self::ConnectionDegraded { .. } => &[NoticeKind::ConnectionRecovered],
            Self::ConnectionRecovered { .. } => {
                &[NoticeKind::ConnectionDegraded, NoticeKind::CheckFailed]
            }
            Self::CheckFailed { .. } => &[NoticeKind::CheckFailed],
            Self::BreakGlassArmed { .. }
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
pub(crate) const SECRETS: [NoticeKind; 2] = [NoticeKind::SecretRunsOut, NoticeKind::SecretRanOut];

/// Tells every administrator, in the caller's transaction; false if it was told before.
///
/// `once` is what makes it this one among its kind and provider: the id of the row that it is
/// about, or a time. Told again with the same, by whichever node, it is not told twice.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    audit: &Audit,
    once: &str,
    notice: Notice<'_>,
) -> Result<bool, Error> {
    let (kind, facts) = (notice.kind(), notice.facts());
    let provider = facts.provider.map(Provider::code);
    let key = self::once(&notice, once);
    let id = ids::uuid(audit.now, &audit.entropy);
    let written = tx.run(
        "insert into notices (id, once, kind, provider, facts, told_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (once) do nothing",
        params![
            &id,
            &key,
            kind.code(),
            provider,
            &json!(facts).to_string(),
            audit.now
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    for kind in notice.overtakes() {
        close(tx, audit.now, facts.provider, *kind, &id)?;
    }
    let shown = Shown {
        id,
        at: audit.now,
        kind,
        facts,
    };
    webhook::queue(tx, &shown)?;
    metrics::counter!("sso_notices_total", "kind" => kind.code()).increment(1);
    Ok(true)
}

/// The key under which a notice is told once.
pub(crate) fn once(notice: &Notice<'_>, once: &str) -> String {
    let provider = notice.facts().provider.map_or("-", Provider::code);
    format!("{} {provider} {once}", notice.kind().code())
}

/// There is nothing to mend any more: the open notices of these kinds are no news.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    now: UtcMillis,
    provider: Provider,
    kinds: &[NoticeKind],
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
    kind: NoticeKind,
    but: &str,
) -> Result<(), Error> {
    tx.run(
        "update notices set closed_at = $1
         where closed_at is null and kind = $2 and provider = $3 and id <> $4",
        params![now, kind.code(), provider.map(Provider::code), but],
    )
    .map(drop)
}

/// The open notices of a kind, with what they say.
pub(crate) fn open_of(
    tx: &mut Tx<'_>,
    kind: NoticeKind,
) -> Result<Vec<(String, NoticeFacts)>, Error> {
    let open = open(tx, Some(kind))?.into_iter();
    Ok(open.map(|it| (it.id, it.facts)).collect())
}

/// Closes one notice that is no news any more.
pub(crate) fn close_one(tx: &mut Tx<'_>, now: UtcMillis, id: &str) -> Result<(), Error> {
    tx.run(
        "update notices set closed_at = $1 where closed_at is null and id = $2",
        params![now, id],
    )
    .map(drop)
}

/// `GET /api/notices`: those that are open.
pub(crate) async fn list(State(app): State<App>, _: Admin) -> Result<Json<NoticeList>, Error> {
    let notices = app.db.peek(|tx| open(tx, None)).await?;
    Ok(Json(NoticeList { notices }))
}

fn open(tx: &mut Tx<'_>, kind: Option<NoticeKind>) -> Result<Vec<Shown>, Error> {
    let rows = tx.rows(
        "select id, kind, facts, told_at from notices
         where closed_at is null and ($1 = '' or kind = $1) order by id desc limit 50",
        params![kind.map_or("", NoticeKind::code)],
    )?;
    rows.into_iter()
        .map(|mut row| {
            let (id, kind, facts) = (row.text()?, row.text()?, row.text()?);
            Ok(Shown {
                id,
                kind: NoticeKind::from_code(&kind)
                    .ok_or_else(|| Error::Internal(format!("a notice is {kind:?}")))?,
                facts: serde_json::from_str(&facts)
                    .map_err(|error| Error::Internal(format!("a notice: {error}")))?,
                at: row.int()?,
            })
        })
        .collect()
}

/// `POST /api/notices/{id}/dismiss`: for every administrator. A second time changes nothing.
pub(crate) async fn dismiss(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<StatusCode, Error> {
    let audit = actor.audit();
    app.db
        .write(move |tx| {
            let row = tx.row("select kind from notices where id = $1", params![&id])?;
            let kind = row.ok_or(api::ProblemCode::NotFound)?.text()?;
            let closed = tx.run(
                "update notices set closed_at = $2, closed_by = $3
                 where id = $1 and closed_at is null",
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
