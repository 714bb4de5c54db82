//! The ladder of checks: live while it is climbed, and as it was the last time.

mod ladder;

use api::{
    Cause, Connection, Provider,
    checks::{Check, CheckKind, CheckReport, CheckRun, Fix, FixAction, Trigger, Verdict},
};
use leptos::prelude::*;
use locales::{Key, cause_title, keys};

use crate::{
    api as server,
    pages::{
        causes::{self, Facts},
        states,
    },
    paths::{self, Step},
    problems,
    ui::{
        badge::{Tone, badge},
        button::{Weight, button, link_button},
        copy::copy_field,
        el::{El, Inside, View, div, el, group, p, span},
        format::when,
        page::section,
        task::{Act, act, later},
        toast::use_toasts,
    },
    words::Text,
};

pub use ladder::{Form, Ladder};

/// Whether a run passed, and is about what is saved.
#[must_use]
pub fn is_green(run: &CheckRun) -> bool {
    run.up_to_date && matches!(run.verdict, Verdict::Passed | Verdict::Warning)
}

/// Where a cause is mended in the provider's console.
#[must_use]
pub fn way(cause: Cause, provider: Provider) -> Option<El> {
    cause.menu(provider).map(|menu| {
        p("way small")
            .child(states::about(keys::CHECKS_WHERE, provider))
            .child(" ")
            .child(el("span").attr("lang", "en").child(menu))
    })
}

fn summary(verdict: Verdict) -> Key {
    match verdict {
        Verdict::Passed | Verdict::Skipped | Verdict::Warning => keys::CHECKS_ALL_PASSED,
        Verdict::Inconclusive => keys::CHECKS_SOME_UNCLEAR,
        Verdict::Failed => keys::CHECKS_SOME_FAILED,
    }
}

/// A rung in words, the same in every place.
#[must_use]
pub fn rung_name(rung: CheckKind) -> Key {
    match rung {
        CheckKind::Address => keys::CHECKS_RUNG_ADDRESS,
        CheckKind::Organization => keys::CHECKS_RUNG_ORGANIZATION,
        CheckKind::Discovery => keys::CHECKS_RUNG_DISCOVERY,
        CheckKind::Client => keys::CHECKS_RUNG_CLIENT,
        CheckKind::Keys => keys::CHECKS_RUNG_KEYS,
        CheckKind::Secret => keys::CHECKS_RUNG_SECRET,
        CheckKind::Request => keys::CHECKS_RUNG_REQUEST,
        CheckKind::Redirect => keys::CHECKS_RUNG_REDIRECT,
        CheckKind::Native => keys::CHECKS_RUNG_NATIVE,
    }
}

fn verdict(verdict: Verdict) -> El {
    let (tone, picture, label) = match verdict {
        Verdict::Passed => (Tone::Good, "check", keys::CHECKS_VERDICT_PASSED),
        Verdict::Failed => (Tone::Bad, "alert", keys::CHECKS_VERDICT_FAILED),
        Verdict::Warning => (Tone::Warning, "warning", keys::CHECKS_VERDICT_WARNING),
        Verdict::Inconclusive => (Tone::Neutral, "info", keys::CHECKS_VERDICT_COULD_NOT_TELL),
        Verdict::Skipped => (Tone::Neutral, "off", keys::CHECKS_VERDICT_SKIPPED),
    };
    badge(tone, picture, label)
}

fn rung(check: &Check, connection: &Connection, mended: &Act, form: Option<&Form>) -> El {
    let head = div("attempt-head")
        .child(span("strong").child(rung_name(check.kind)))
        .child(verdict(check.verdict));
    let mut item = el("li").class("attempt").child(head);
    if check.verdict == Verdict::Passed || check.verdict == Verdict::Skipped {
        return item;
    }
    if let Some(cause) = check.cause {
        item = item
            .child(p("attempt-why").child(cause_title(cause)))
            .child(causes::fix(
                "attempt-fix small",
                cause,
                connection.provider,
                Facts::seen(check.received.as_deref()),
            ))
            .child(way(cause, connection.provider))
            .child(carried(check, cause, connection, form));
    }
    if !check.likely.is_empty() {
        let likely: Vec<El> = check
            .likely
            .iter()
            .map(|cause| el("li").child(cause_title(*cause)))
            .collect();
        item = item
            .child(p("small muted").child(keys::CHECKS_LIKELY))
            .child(el("ol").class("likely muted small").child(likely));
    }
    if let Some(seen) = &check.received {
        item = item.child(
            p("muted small breakable").child(Text::with(keys::CHECKS_SEEN, &[("seen", seen)])),
        );
    }
    item.child(
        check
            .fix
            .as_ref()
            .and_then(|it| mend(it, connection, mended, form)),
    )
}

/// What has to be carried to mend it: an address to Okta, or a value from there to the step that takes it.
fn carried(check: &Check, cause: Cause, connection: &Connection, form: Option<&Form>) -> View {
    if form.is_some() {
        // All of it stands above already.
        return View::Nothing;
    }
    if check.kind == CheckKind::Redirect {
        let uri = connection.redirect_uri.clone();
        // The page may have the address elsewhere too.
        return copy_field("check-redirect-uri", keys::CONNECT_REDIRECT_URI, uri, None).done();
    }
    let (there, label) = match connection.provider {
        // The form takes both ID and secret; whatever else is ours has its button.
        Provider::Okta
            if cause.menu(Provider::Okta) != Cause::ClientRefused.menu(Provider::Okta) =>
        {
            return View::Nothing;
        }
        Provider::Okta => (paths::guide(Step::Credentials), keys::GUIDED_CREDENTIALS),
        Provider::Google | Provider::Microsoft => {
            (paths::one_page(connection.provider), keys::CONNECTION_EDIT)
        }
    };
    link_button(there, label, Weight::Plain, "").done()
}

/// The button that mends it by itself; what it saves is what is saved, with one thing changed.
fn mend(mend: &Fix, connection: &Connection, mended: &Act, on_form: Option<&Form>) -> Option<View> {
    let mut form = connection.settings.as_ref()?.form();
    let label = match mend.action {
        // Another issuer needs its secret again: that is for the form.
        FixAction::TakeIssuer => {
            let issuer = mend.issuer.clone()?;
            let label = Text::with(keys::CHECKS_TAKE_ISSUER, &[("issuer", &issuer)]);
            let weight = Weight::Primary;
            let press = if let Some(Form { take, .. }) = on_form.cloned() {
                button(label, act(move || take(&issuer)))
                    .weight(weight)
                    .inside()
            } else {
                link_button(paths::credentials_with(&issuer), label, weight, "").done()
            };
            let again = p("small muted").child(keys::CHECKS_SECRET_AGAIN).done();
            return Some(group(vec![again, press]));
        }
        FixAction::SwapClientIds => {
            let native = form.native_client_id.take()?;
            form.native_client_id = Some(std::mem::replace(&mut form.client_id, native));
            keys::CHECKS_SWAP
        }
        FixAction::ClearAudience => {
            form.audience = None;
            keys::CHECKS_CLEAR_AUDIENCE
        }
    };
    let (provider, version) = (connection.provider, connection.version);
    let (busy, mended, toasts) = (RwSignal::new(false), mended.clone(), use_toasts());
    let press = act(move || {
        let (form, mended) = (form.clone(), mended.clone());
        busy.set(true);
        later(async move {
            let saved = server::save_connection(provider, version, &form).await;
            busy.try_set(false);
            match saved {
                Ok(_) => mended(),
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
        });
    });
    let press = button(label, press).weight(Weight::Primary).busy(busy);
    Some(press.inside())
}

/// The runs before, in short.
#[must_use]
pub fn history(report: &CheckReport) -> Option<El> {
    if report.history.len() < 2 {
        return None;
    }
    let items: Vec<El> = report
        .history
        .iter()
        .map(|it| {
            el("li")
                .class("attempt")
                .child(
                    div("attempt-head")
                        .child(when(it.started_at))
                        .child(span("muted small").child(trigger(it.trigger)))
                        .child(verdict(it.verdict)),
                )
                .child(it.cause.map(|cause| p("small").child(cause_title(cause))))
        })
        .collect();
    Some(section(
        keys::CHECKS_HISTORY,
        None,
        el("ul").class("attempts").child(items),
    ))
}

fn trigger(trigger: Trigger) -> Key {
    match trigger {
        Trigger::Request => keys::CHECKS_TRIGGER_REQUEST,
        Trigger::Connect => keys::CHECKS_TRIGGER_CONNECT,
        Trigger::Change => keys::CHECKS_TRIGGER_CHANGE,
        Trigger::Daily => keys::CHECKS_TRIGGER_DAILY,
        Trigger::Doubt => keys::CHECKS_TRIGGER_DOUBT,
    }
}
