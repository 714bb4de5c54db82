//! The ladder of checks: live while it is climbed, and as it was the last time.

use api::{
    Cause, Connection, Provider,
    checks::{Check, CheckLine, CheckReport, CheckRun, Mend, MendAct, Rung, Trigger, Verdict},
};
use leptos::prelude::*;
use locales::{Key, cause_fix, cause_title, keys};

use crate::{
    api as server,
    pages::states,
    paths::{self, Step},
    problems,
    ui::{
        badge::{Tone, badge},
        button::{Weight, button, link_button},
        copy::copy_field,
        el::{El, Inside, View, div, el, group, live, p, span},
        format::when,
        notice::{Notice, notice},
        page::section,
        task::{Act, act, later},
        toast::use_toasts,
    },
    words::Text,
};

/// What is shown: the rungs that are known, and whether more are to come.
#[derive(Clone, Copy)]
pub struct Ladder {
    provider: Provider,
    checks: RwSignal<Vec<Check>>,
    run: RwSignal<Option<CheckRun>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<Notice>>,
}

impl Ladder {
    /// As it was the last time.
    #[must_use]
    pub fn of(provider: Provider, report: &CheckReport) -> Self {
        let latest = report.latest.clone();
        let checks = latest.as_ref().map(|it| it.checks.clone());
        Self {
            provider,
            checks: RwSignal::new(checks.unwrap_or_default()),
            run: RwSignal::new(latest),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        }
    }

    /// Climbs, and shows each rung as it comes.
    pub fn climb(self, trigger: Trigger) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.checks.set(Vec::new());
        self.run.set(None);
        self.trouble.set(None);
        later(async move {
            let answer = server::check(self.provider, trigger, move |line| {
                let CheckLine { check, end } = line;
                if let Some(check) = check {
                    self.put(check);
                }
                if let Some(run) = end {
                    self.checks.try_set(run.checks.clone());
                    self.run.try_set(Some(run));
                }
            })
            .await;
            // The page may be gone by now.
            self.busy.try_set(false);
            if let Err(trouble) = answer {
                self.trouble.try_set(Some(problems::notice(&trouble)));
            }
        });
    }

    fn put(self, check: Check) {
        self.checks.try_update(|all| {
            // In the order of the ladder, whichever rung answered first.
            let later = all.iter().position(|it| it.rung > check.rung);
            all.insert(later.unwrap_or(all.len()), check);
        });
    }

    /// Whether the latest run passed, and is about what is saved; tracked.
    #[must_use]
    pub fn is_green(self) -> bool {
        self.run.with(|run| run.as_ref().is_some_and(is_green))
    }

    /// The ladder with what each rung says, and a button to climb it again.
    #[must_use]
    pub fn draw(self, connection: &Connection, mended: Act) -> El {
        let again = live(move || {
            let label = if self.run.with(Option::is_none) {
                keys::CHECKS_RUN
            } else {
                keys::CHECKS_AGAIN
            };
            button(label, act(move || self.climb(Trigger::Request)))
                .picture("again")
                .busy(self.busy)
        });
        let connection = connection.clone();
        let rungs = live(move || {
            let items: Vec<El> = self
                .checks
                .get()
                .iter()
                .map(|check| rung(check, &connection, &mended))
                .collect();
            el("ol").class("checks").child(items)
        });
        let body = div("fields")
            .child(live(move || self.trouble.get().map(|it| notice(it, None))))
            .child(
                p("strong")
                    .attr("role", "status")
                    .child(live(move || self.said())),
            )
            .child(rungs)
            .child(
                (self.provider == Provider::Okta)
                    .then(|| p("muted small").child(keys::CHECKS_LOG_NOTE)),
            );
        section(keys::CHECKS_TITLE, Some(div("").child(again)), body)
    }

    /// How it stands, for one line; tracked.
    #[must_use]
    pub fn brief(self) -> View {
        group(vec![" · ".inside(), self.said()])
    }

    fn said(self) -> View {
        if self.busy.get() {
            return Text::from(keys::CHECKS_RUNNING).inside();
        }
        self.run.with(|run| match run {
            None => View::Nothing,
            Some(run) if !run.fits => Text::from(keys::CHECKS_OUTDATED).inside(),
            Some(run) => group(vec![
                Text::from(summary(run.verdict)).inside(),
                " ".inside(),
                when(run.started_at).done(),
            ]),
        })
    }
}

/// Whether a run passed, and is about what is saved.
#[must_use]
pub fn is_green(run: &CheckRun) -> bool {
    run.fits && matches!(run.verdict, Verdict::Passed | Verdict::Warning)
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
        Verdict::CouldNotTell => keys::CHECKS_SOME_UNCLEAR,
        Verdict::Failed => keys::CHECKS_SOME_FAILED,
    }
}

/// A rung in words, the same in every place.
#[must_use]
pub fn rung_name(rung: Rung) -> Key {
    match rung {
        Rung::Address => keys::CHECKS_RUNG_ADDRESS,
        Rung::Organization => keys::CHECKS_RUNG_ORGANIZATION,
        Rung::Discovery => keys::CHECKS_RUNG_DISCOVERY,
        Rung::Client => keys::CHECKS_RUNG_CLIENT,
        Rung::Keys => keys::CHECKS_RUNG_KEYS,
        Rung::Secret => keys::CHECKS_RUNG_SECRET,
        Rung::Request => keys::CHECKS_RUNG_REQUEST,
        Rung::Redirect => keys::CHECKS_RUNG_REDIRECT,
        Rung::Native => keys::CHECKS_RUNG_NATIVE,
    }
}

fn verdict(verdict: Verdict) -> El {
    let (tone, picture, label) = match verdict {
        Verdict::Passed => (Tone::Good, "check", keys::CHECKS_VERDICT_PASSED),
        Verdict::Failed => (Tone::Bad, "alert", keys::CHECKS_VERDICT_FAILED),
        Verdict::Warning => (Tone::Warning, "warning", keys::CHECKS_VERDICT_WARNING),
        Verdict::CouldNotTell => (Tone::Neutral, "info", keys::CHECKS_VERDICT_COULD_NOT_TELL),
        Verdict::Skipped => (Tone::Neutral, "off", keys::CHECKS_VERDICT_SKIPPED),
    };
    badge(tone, picture, label)
}

fn rung(check: &Check, connection: &Connection, mended: &Act) -> El {
    let head = div("attempt-head")
        .child(span("strong").child(rung_name(check.rung)))
        .child(verdict(check.verdict));
    let mut item = el("li").class("attempt").child(head);
    if check.verdict == Verdict::Passed || check.verdict == Verdict::Skipped {
        return item;
    }
    if let Some(cause) = check.cause {
        item = item
            .child(p("attempt-why").child(cause_title(cause)))
            .child(p("attempt-fix small").child(cause_fix(cause, connection.provider)))
            .child(way(cause, connection.provider))
            .child(carried(check, cause, connection));
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
    if let Some(seen) = &check.seen {
        item = item.child(
            p("muted small breakable").child(Text::with(keys::CHECKS_SEEN, &[("seen", seen)])),
        );
    }
    item.child(
        check
            .mend
            .as_ref()
            .and_then(|it| mend(it, connection, mended)),
    )
}

/// What has to be carried to mend it: an address to Okta, or a value from there to the step that takes it.
fn carried(check: &Check, cause: Cause, connection: &Connection) -> View {
    if check.rung == Rung::Redirect {
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
fn mend(mend: &Mend, connection: &Connection, mended: &Act) -> Option<View> {
    let mut form = connection.settings.as_ref()?.form();
    let label = match mend.act {
        // Another issuer needs its secret again: that is for the form.
        MendAct::TakeIssuer => {
            let issuer = mend.issuer.as_ref()?;
            return Some(group(vec![
                p("small muted").child(keys::CHECKS_SECRET_AGAIN).done(),
                link_button(
                    paths::credentials_with(issuer),
                    Text::with(keys::CHECKS_TAKE_ISSUER, &[("issuer", issuer)]),
                    Weight::Primary,
                    "",
                )
                .done(),
            ]));
        }
        MendAct::SwapClientIds => {
            let native = form.native_client_id.take()?;
            form.native_client_id = Some(std::mem::replace(&mut form.client_id, native));
            keys::CHECKS_SWAP
        }
        MendAct::ClearAudience => {
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
