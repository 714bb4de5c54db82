//! What administrators are told of: a line each, with the way to the place that mends it.

use api::{
    Provider,
    notifications::{Notification as Told, NotificationKind, NotificationList},
};
use locales::{cause_title, keys};

use crate::{
    api as server,
    pages::{
        causes::{self, Facts},
        states,
    },
    paths, problems,
    ui::{
        badge::Tone,
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, group, live, p},
        format::{full, when},
        load::Remote,
        notice::{Notice, notice},
        task::{act, later},
        toast::use_toasts,
    },
    words::Text,
};

/// Those that nobody dismissed. While there are none there is nothing to see.
#[must_use]
pub fn notices() -> View {
    let remote = Remote::new(|| problems::asked(server::notices()));
    live(move || {
        let list = remote.value().filter(|it| !it.notifications.is_empty())?;
        let drawn: Vec<El> = list
            .notifications
            .iter()
            .map(|it| one(it, remote))
            .collect();
        Some(
            div("stack")
                .attr("role", "region")
                .says("aria-label", keys::NOTICES_TITLE)
                .child(drawn),
        )
    })
}

fn one(told: &Told, remote: Remote<NotificationList>) -> El {
    let (tone, picture) = look(told.kind);
    let mut said = Notice::info(tone, picture, said(told));
    let mut steps = None;
    if let (Some(cause), Some(provider)) = (told.data.cause, told.data.provider) {
        said =
            said.advice(cause_title(cause))
                .detail(causes::why(cause, provider, Facts::default()));
        steps = Some(causes::steps(cause, provider, Facts::default()));
    }
    let toasts = use_toasts();
    let id = told.id.clone();
    let dismiss = act(move || {
        let id = id.clone();
        later(async move {
            match server::dismiss(&id).await {
                Ok(()) => toasts.done(keys::NOTICES_DISMISSED),
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
            remote.again();
        });
    });
    let actions = group(vec![
        steps.inside(),
        mend(told).inside(),
        button(keys::NOTICES_DISMISS, dismiss).inside(),
        p("small muted").child(when(told.at)).done(),
    ]);
    notice(said, Some(actions))
}

fn look(kind: NotificationKind) -> (Tone, &'static str) {
    match kind {
        NotificationKind::SecretExpiring | NotificationKind::TrialStarted => {
            (Tone::Warning, "clock")
        }
        // Not Bad, which is announced anew at every visit of the page.
        NotificationKind::SecretExpired
        | NotificationKind::BreakGlassIssued
        | NotificationKind::BreakGlassUsed
        | NotificationKind::BreakGlassFailed
        | NotificationKind::TrialReverted
        | NotificationKind::ConnectionDegraded
        | NotificationKind::CheckFailed
        | NotificationKind::LinkedByEmail
        | NotificationKind::IdentityUnconfirmed
        | NotificationKind::UntrustedProxy
        | NotificationKind::PasswordGuessing => (Tone::Warning, "warning"),
        NotificationKind::SecretReplaced | NotificationKind::ConnectionRecovered => {
            (Tone::Good, "done")
        }
    }
}

/// One sentence.
fn said(told: &Told) -> Text {
    let facts = &told.data;
    let key = match told.kind {
        NotificationKind::SecretExpiring if facts.days == Some(1) => {
            keys::NOTICE_SECRET_RUNS_OUT_TOMORROW
        }
        NotificationKind::SecretExpiring => keys::NOTICE_SECRET_RUNS_OUT,
        NotificationKind::SecretExpired => keys::NOTICE_SECRET_RAN_OUT,
        NotificationKind::SecretReplaced if facts.last_four.is_some() => {
            keys::NOTICE_SECRET_PROMOTED_FOUR
        }
        NotificationKind::SecretReplaced => keys::NOTICE_SECRET_PROMOTED,
        NotificationKind::BreakGlassIssued => keys::NOTICE_BREAK_GLASS_ARMED,
        NotificationKind::BreakGlassUsed => keys::NOTICE_BREAK_GLASS_USED,
        NotificationKind::BreakGlassFailed => keys::NOTICE_BREAK_GLASS_FAILED,
        NotificationKind::TrialStarted => keys::NOTICE_TRIAL_BEGAN,
        NotificationKind::TrialReverted => keys::NOTICE_TRIAL_UNDONE,
        NotificationKind::ConnectionDegraded => keys::NOTICE_CONNECTION_DEGRADED,
        NotificationKind::ConnectionRecovered => keys::NOTICE_CONNECTION_RECOVERED,
        NotificationKind::CheckFailed => keys::NOTICE_CHECK_FAILED,
        NotificationKind::LinkedByEmail if facts.login.is_some() => {
            keys::NOTICE_LINKED_BY_EMAIL_LOGIN
        }
        NotificationKind::LinkedByEmail => keys::NOTICE_LINKED_BY_EMAIL,
        NotificationKind::IdentityUnconfirmed if facts.login.is_some() => {
            keys::NOTICE_IDENTITY_UNCONFIRMED_LOGIN
        }
        NotificationKind::IdentityUnconfirmed => keys::NOTICE_IDENTITY_UNCONFIRMED,
        NotificationKind::UntrustedProxy => keys::NOTICE_UNTRUSTED_PROXY,
        NotificationKind::PasswordGuessing => keys::NOTICE_PASSWORD_GUESSING,
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let values = [
        ("provider", facts.provider.map_or("", Provider::name)),
        ("days", &*facts.days.unwrap_or_default().to_string()),
        ("on", &text(&facts.on)),
        ("last_four", &text(&facts.last_four)),
        ("who", &text(&facts.who)),
        ("login", &text(&facts.login)),
        ("by", &text(&facts.by)),
        ("until", &facts.until.map(full).unwrap_or_default()),
        ("address", &text(&facts.address)),
        ("setting", &text(&facts.setting)),
        ("toml", &toml_list(&text(&facts.setting))),
        ("count", &*facts.count.unwrap_or_default().to_string()),
    ];
    Text::with(key, &values)
}

/// A comma-separated setting as the TOML file takes it.
fn toml_list(setting: &str) -> String {
    format!("[\"{}\"]", setting.replace(',', "\", \""))
}

/// The way to the place that mends it.
fn mend(told: &Told) -> Option<El> {
    let provider = told.data.provider;
    let (href, label) = match told.kind {
        NotificationKind::BreakGlassIssued
        | NotificationKind::BreakGlassUsed
        | NotificationKind::BreakGlassFailed => {
            (paths::security(), keys::MISSING_BREAK_GLASS_ACTION.into())
        }
        NotificationKind::SecretExpiring | NotificationKind::SecretExpired => (
            paths::connection(provider?),
            keys::NOTICES_OPEN_SECRET.into(),
        ),
        NotificationKind::UntrustedProxy | NotificationKind::PasswordGuessing => return None,
        NotificationKind::CheckFailed => {
            (paths::checks(provider?), keys::NOTICES_OPEN_CHECKS.into())
        }
        NotificationKind::LinkedByEmail | NotificationKind::IdentityUnconfirmed => {
            let user = told.data.user_id.as_deref()?;
            (paths::user(user), keys::NOTICES_OPEN_USER.into())
        }
        NotificationKind::SecretReplaced
        | NotificationKind::TrialStarted
        | NotificationKind::TrialReverted
        | NotificationKind::ConnectionDegraded
        | NotificationKind::ConnectionRecovered => (
            paths::connection(provider?),
            states::about(keys::NOTICES_OPEN_CONNECTION, provider?),
        ),
    };
    Some(link_button(href, label, Weight::Plain, ""))
}
