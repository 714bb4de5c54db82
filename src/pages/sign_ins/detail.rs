//! One attempt: its line, and what it opens to.

mod mend;

use api::{
    Attempt, Cause, Outcome,
    sign_ins::{Purpose, Stage},
};
use leptos::prelude::*;
use locales::{Key, cause_title, keys};

use super::live::Row;
use crate::{
    pages::{
        causes::{self, Facts},
        states,
    },
    paths,
    ui::{
        el::{El, Inside, View, code, div, el, group, link, live, p, span},
        format::{full, number, when},
        icon::icon,
        log,
        page::facts,
    },
    words::Text,
};

/// The attempt as an entry of the list; `open` where it is the only one.
pub(super) fn entry(row: &Row, open: bool) -> El {
    let of = |draw: fn(&Attempt) -> View| {
        let row = row.clone();
        live(move || row.with(draw))
    };
    let at = row.with_untracked(|it| it.started_at);
    let line = vec![
        span("muted").child(when(at)).done(),
        span("strong breakable").child(of(who)).done(),
        span("log-state")
            .child(of(|it| states::outcome(it.outcome).done()))
            .done(),
        span("muted breakable").child(of(why)).done(),
        // What opening shows in any case, where there is room for it.
        beside("muted", of(reached)),
        beside("", of(|it| code(it.reference.clone()).done())),
        beside("muted", of(|it| it.address.clone().inside())),
    ];
    let row = row.clone();
    log::entry(open, line, move || {
        let row = row.clone();
        live(move || row.with(|it| detail(it, &row)))
    })
}

fn who(attempt: &Attempt) -> View {
    match (&attempt.user, &attempt.claimed_login) {
        (Some(user), _) => user.name.clone().inside(),
        (None, Some(claimed_login)) => claimed_login.clone().inside(),
        (None, None) => span("muted").child(keys::ATTEMPTS_NOBODY).done(),
    }
}

fn why(attempt: &Attempt) -> View {
    match (attempt.cause, attempt.purpose) {
        (Some(cause), _) => cause_title(cause).inside(),
        (None, Purpose::Test) => keys::ATTEMPTS_ROUND_TRIP.inside(),
        (None, Purpose::Reauthenticate) => keys::REAUTHENTICATE_ATTEMPT.inside(),
        (None, Purpose::SignIn) => ().inside(),
    }
}

fn beside(class: &'static str, inside: View) -> View {
    span(class).attr("data-beside", "").child(inside).done()
}

/// The last stage that it passed.
fn reached(attempt: &Attempt) -> View {
    let stage = attempt.stages.last();
    stage.map(|it| name_of(it.stage, attempt.purpose)).inside()
}

fn detail(attempt: &Attempt, row: &Row) -> View {
    let passed = div("")
        .child(el("h2").child(keys::SIGN_INS_STAGES))
        .child(ladder(attempt));
    group(vec![
        reason(attempt).inside(),
        mend::mend(attempt, row).inside(),
        div("log-columns")
            .child(passed)
            .child(circumstances(attempt))
            .done(),
    ])
}

/// Why it did not end well, and where that is mended.
fn reason(attempt: &Attempt) -> Option<El> {
    match (attempt.outcome, attempt.cause) {
        (_, Some(cause)) => Some(mending(attempt, cause, true)),
        (Outcome::NotCompleted, None) => {
            let likely: Vec<El> = Cause::never_back(attempt.provider, attempt.checks_passed)
                .iter()
                .map(|it| el("li").child(mending(attempt, *it, false)))
                .collect();
            Some(
                div("log-cause")
                    .child(p("").child(states::about(keys::SIGN_INS_NEVER_TITLE, attempt.provider)))
                    .child(
                        attempt
                            .checks_passed
                            .then(|| p("").child(keys::CHECKS_NEVER_BACK_PASSED)),
                    )
                    .child(el("ul").class("log-likely").child(likely))
                    .child(p("muted small").child(keys::SIGN_INS_NEVER_WHY)),
            )
        }
        (Outcome::Started | Outcome::Succeeded | Outcome::Failed, None) => None,
    }
}

fn mending(attempt: &Attempt, cause: Cause, in_full: bool) -> El {
    let provider = attempt.provider;
    let menu = cause.menu(provider).map(|menu| {
        p("small")
            .child(span("muted").child(states::about(keys::SIGN_INS_MENU, provider)))
            .child(" ")
            // The provider's console in English.
            .child(span("way").attr("lang", "en").child(menu))
    });
    let facts = Facts::seen(attempt.provider_said.as_deref());
    let fix = in_full.then(|| causes::fix("muted", cause, provider, facts));
    div("log-cause")
        .child(p("strong").child(cause_title(cause)))
        .child(fix)
        .child(menu)
}

/// Every stage, with how long after the start it was passed.
fn ladder(attempt: &Attempt) -> El {
    let ended = attempt.outcome != Outcome::Started;
    let rungs: Vec<El> = Stage::ALL
        .into_iter()
        .map(|stage| {
            let passed = attempt.stages.iter().find(|it| it.stage == stage);
            let (picture, said) = match passed {
                Some(passed) if stage == Stage::Started => (Some("check"), moment(passed.at)),
                Some(passed) => (Some("check"), after(passed.at - attempt.started_at)),
                None if ended => (None, keys::SIGN_INS_NOT_REACHED.inside()),
                None => (None, ().inside()),
            };
            el("li")
                .flag("data-passed", passed.is_some())
                .child(span("rung-mark").child(picture.map(icon)))
                .child(el("span").child(name_of(stage, attempt.purpose)))
                .child(span("muted small tabular").child(said))
        })
        .collect();
    el("ol").class("rungs").child(rungs)
}

fn moment(at: i64) -> View {
    live(move || full(at))
}

fn after(ms: i64) -> View {
    let ms = ms.max(0).unsigned_abs();
    live(move || {
        let (key, n) = if ms < 10_000 {
            (keys::SIGN_INS_AFTER_MS, ms)
        } else {
            (keys::SIGN_INS_AFTER_S, ms / 1000)
        };
        Text::with(key, &[("n", &number(n))])
    })
}

fn name_of(stage: Stage, purpose: Purpose) -> Key {
    match stage {
        Stage::Started => keys::SIGN_INS_STAGE_STARTED,
        Stage::CameBack => keys::SIGN_INS_STAGE_CAME_BACK,
        Stage::CodeExchanged => keys::SIGN_INS_STAGE_CODE_EXCHANGED,
        Stage::TokenVerified => keys::SIGN_INS_STAGE_TOKEN_VERIFIED,
        Stage::UserinfoRead => keys::SIGN_INS_STAGE_USERINFO_READ,
        Stage::Matched => keys::SIGN_INS_STAGE_MATCHED,
        Stage::Session => match purpose {
            Purpose::SignIn => keys::SIGN_INS_STAGE_SESSION,
            Purpose::Test => keys::SIGN_INS_STAGE_SESSION_PROOF,
            Purpose::Reauthenticate => keys::REAUTHENTICATE_STAGE,
        },
    }
}

fn circumstances(attempt: &Attempt) -> El {
    let text = |text: &String| span("breakable").child(text.clone()).done();
    let mut lines = vec![(
        keys::ORGANIZATION_PROVIDER,
        attempt.provider.name().inside(),
    )];
    if let Some(user) = &attempt.user {
        let link = link(paths::user(&user.id)).child(user.name.clone());
        lines.push((keys::SIGN_INS_PERSON, link.done()));
    }
    if let Some(claimed_login) = &attempt.claimed_login {
        lines.push((keys::SIGN_INS_LOGIN, text(claimed_login)));
    }
    if let Some(address) = &attempt.address {
        lines.push((keys::SIGN_INS_ADDRESS, code(address.clone()).done()));
    }
    if let Some(browser) = &attempt.user_agent {
        lines.push((keys::SIGN_INS_BROWSER, text(browser)));
    }
    if let Some(said) = &attempt.provider_said {
        lines.push((keys::SIGN_INS_SAID, text(said)));
    }
    let itself = paths::with(
        paths::sign_ins(),
        &[("reference", attempt.reference.clone())],
    );
    lines.push((
        keys::SIGN_INS_REFERENCE,
        group(vec![
            code(attempt.reference.clone()).done(),
            " · ".inside(),
            link(itself)
                .class("small")
                .child(keys::SIGN_INS_PERMALINK)
                .done(),
        ]),
    ));
    facts(lines)
}
