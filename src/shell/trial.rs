//! Okta's trial, above every page: how long it still lasts, and the button that confirms it.

use std::time::Duration;

use api::connections::TrialSeen;
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server, paths, problems,
    session::{self, use_session},
    ui::{
        badge::Tone,
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, el, live, span},
        icon::icon,
        task::{Only, act, later},
        toast::use_toasts,
    },
    words::Text,
};

const SECOND: Duration = Duration::from_secs(1);

/// Nothing while there is no trial.
pub(super) fn banner() -> View {
    let session = use_session();
    let trial = Only::new(move || session.with(|it| it.trial));
    live(move || trial.get().map(drawn))
}

fn drawn(trial: TrialSeen) -> El {
    let (session, toasts) = (use_session(), use_toasts());
    let left = left(trial.ends_at);
    let clock = move || {
        let left = left.get();
        format!("{}:{:02}", left / 60, left % 60)
    };
    let said = span("notice-title").child(live(move || {
        Text::with(keys::TRIAL_BANNER, &[("left", &*clock())])
    }));
    let busy = RwSignal::new(false);
    let confirm = act(move || {
        busy.set(true);
        later(async move {
            match server::confirm_trial().await {
                Ok(()) => toasts.done(keys::TRIAL_CONFIRMED),
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
            busy.try_set(false);
            session::refresh(session);
        });
    });
    let action = if trial.may_confirm {
        button(keys::TRIAL_CONFIRM, confirm)
            .weight(Weight::Primary)
            .busy(busy)
            .inside()
    } else {
        link_button(
            paths::sign_in_anew(),
            keys::TRIAL_SIGN_IN_ANEW,
            Weight::Primary,
            "enter",
        )
        .done()
    };
    el("section")
        .class("notice")
        .attr("data-tone", Tone::Warning.code())
        .says("aria-label", keys::CONNECTION_STATE_TRIAL)
        .child(icon("clock"))
        .child(
            div("notice-text")
                .child(said)
                .child(div("notice-actions").child(action)),
        )
}

/// Seconds until then. At zero the session is asked for anew: the trial is over.
fn left(ends_at: i64) -> RwSignal<i64> {
    let session = use_session();
    let left = move || (ends_at - now()).max(0) / 1000;
    let shown = RwSignal::new(left());
    let tick = move || {
        let left = left();
        if shown.get_untracked() > 0 && left == 0 {
            session::refresh(session);
        }
        shown.set(left);
    };
    if let Ok(ticking) = set_interval_with_handle(tick, SECOND) {
        on_cleanup(move || ticking.clear());
    }
    shown
}

/// The page's clock moves in half minutes, which is too coarse for a countdown.
#[expect(
    clippy::cast_possible_truncation,
    reason = "UTC milliseconds are whole and far below 2^53"
)]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
