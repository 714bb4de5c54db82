//! What administrators are told of: a line each, with the way to the place that mends it.

use api::{
    Provider,
    notices::{Notice as Told, NoticeKind, NoticeList},
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
        let list = remote.value().filter(|it| !it.notices.is_empty())?;
        let drawn: Vec<El> = list.notices.iter().map(|it| one(it, remote)).collect();
        Some(
            div("stack")
                .attr("role", "region")
                .says("aria-label", keys::NOTICES_TITLE)
                .child(drawn),
        )
    })
}

fn one(told: &Told, remote: Remote<NoticeList>) -> El {
    let (tone, picture) = look(told.kind);
    let mut said = Notice::info(tone, picture, said(told));
    let mut steps = None;
    if let (Some(cause), Some(provider)) = (told.facts.cause, told.facts.provider) {
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

fn look(kind: NoticeKind) -> (Tone, &'static str) {
    match kind {
        NoticeKind::SecretRunsOut | NoticeKind::TrialBegan => (Tone::Warning, "clock"),
        // Not Bad, which is announced anew at every visit of the page.
        NoticeKind::SecretRanOut
        | NoticeKind::BreakGlassArmed
        | NoticeKind::BreakGlassUsed
        | NoticeKind::BreakGlassFailed
        | NoticeKind::TrialUndone
        | NoticeKind::ConnectionDegraded
        | NoticeKind::CheckFailed
        | NoticeKind::LinkedByEmail
        | NoticeKind::IdentityUnconfirmed
        | NoticeKind::UntrustedProxy
        | NoticeKind::PasswordGuessing => (Tone::Warning, "warning"),
        NoticeKind::SecretPromoted | NoticeKind::ConnectionRecovered => (Tone::Good, "done"),
    }
}

/// One sentence.
fn said(told: &Told) -> Text {
    let facts = &told.facts;
    let key = match told.kind {
        NoticeKind::SecretRunsOut if facts.days == Some(1) => keys::NOTICE_SECRET_RUNS_OUT_TOMORROW,
        NoticeKind::SecretRunsOut => keys::NOTICE_SECRET_RUNS_OUT,
        NoticeKind::SecretRanOut => keys::NOTICE_SECRET_RAN_OUT,
        NoticeKind::SecretPromoted if facts.last_four.is_some() => {
            keys::NOTICE_SECRET_PROMOTED_FOUR
        }
        NoticeKind::SecretPromoted => keys::NOTICE_SECRET_PROMOTED,
        NoticeKind::BreakGlassArmed => keys::NOTICE_BREAK_GLASS_ARMED,
        NoticeKind::BreakGlassUsed => keys::NOTICE_BREAK_GLASS_USED,
        NoticeKind::BreakGlassFailed => keys::NOTICE_BREAK_GLASS_FAILED,
        NoticeKind::TrialBegan => keys::NOTICE_TRIAL_BEGAN,
        NoticeKind::TrialUndone => keys::NOTICE_TRIAL_UNDONE,
        NoticeKind::ConnectionDegraded => keys::NOTICE_CONNECTION_DEGRADED,
        NoticeKind::ConnectionRecovered => keys::NOTICE_CONNECTION_RECOVERED,
        NoticeKind::CheckFailed => keys::NOTICE_CHECK_FAILED,
        NoticeKind::LinkedByEmail if facts.login.is_some() => keys::NOTICE_LINKED_BY_EMAIL_LOGIN,
        NoticeKind::LinkedByEmail => keys::NOTICE_LINKED_BY_EMAIL,
        NoticeKind::IdentityUnconfirmed if facts.login.is_some() => {
            keys::NOTICE_IDENTITY_UNCONFIRMED_LOGIN
        }
        NoticeKind::IdentityUnconfirmed => keys::NOTICE_IDENTITY_UNCONFIRMED,
        NoticeKind::UntrustedProxy => keys::NOTICE_UNTRUSTED_PROXY,
        NoticeKind::PasswordGuessing => keys::NOTICE_PASSWORD_GUESSING,
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
        ("list", &text(&facts.setting).replace(',', "\", \"")),
        ("count", &*facts.count.unwrap_or_default().to_string()),
    ];
    Text::with(key, &values)
}

/// The way to the place that mends it.
fn mend(told: &Told) -> Option<El> {
    let provider = told.facts.provider;
    let (href, label) = match told.kind {
        NoticeKind::BreakGlassArmed | NoticeKind::BreakGlassUsed | NoticeKind::BreakGlassFailed => {
            (paths::security(), keys::MISSING_BREAK_GLASS_ACTION.into())
        }
        NoticeKind::SecretRunsOut | NoticeKind::SecretRanOut => (
            paths::connection(provider?),
            keys::NOTICES_OPEN_SECRET.into(),
        ),
        NoticeKind::UntrustedProxy | NoticeKind::PasswordGuessing => return None,
        NoticeKind::CheckFailed => (paths::checks(provider?), keys::NOTICES_OPEN_CHECKS.into()),
        NoticeKind::LinkedByEmail | NoticeKind::IdentityUnconfirmed => {
            let user = told.facts.user_id.as_deref()?;
            (paths::user(user), keys::NOTICES_OPEN_USER.into())
        }
        NoticeKind::SecretPromoted
        | NoticeKind::TrialBegan
        | NoticeKind::TrialUndone
        | NoticeKind::ConnectionDegraded
        | NoticeKind::ConnectionRecovered => (
            paths::connection(provider?),
            states::about(keys::NOTICES_OPEN_CONNECTION, provider?),
        ),
    };
    Some(link_button(href, label, Weight::Plain, ""))
}
