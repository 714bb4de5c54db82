//! The ladder while it is climbed, and what the page around it does with what it finds.

use std::sync::Arc;

use api::{
    Connection, Provider,
    checks::{Check, CheckLine, CheckReport, CheckRun, Trigger, Verdict},
};
use leptos::prelude::*;
use locales::keys;

use super::{is_green, rung, summary};
use crate::{
    api::{self as server, Trouble},
    problems,
    ui::{
        button::button,
        el::{El, Inside, View, div, el, group, live, p},
        format::when,
        notice::{Notice, notice},
        page::section,
        task::{Act, act, later},
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

/// What a form does with the ladder below it: it has the fields itself, so that no link leads to them.
#[derive(Clone)]
pub struct Form {
    /// Saves what is typed, and checks that.
    pub again: Act,
    /// Goes to the provider all the same: a check that is wrong must not shut anybody out.
    pub anyway: Act,
    /// Puts another issuer into its field.
    pub take: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Ladder {
    /// As it was the last time.
    #[must_use]
    pub fn of(provider: Provider, report: &CheckReport) -> Self {
        Self::showing(provider, report.latest.clone())
    }

    /// Nobody climbed it yet.
    #[must_use]
    pub fn new(provider: Provider) -> Self {
        Self::showing(provider, None)
    }

    fn showing(provider: Provider, latest: Option<CheckRun>) -> Self {
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
        later(async move {
            if let Err(trouble) = self.climbed(trigger).await {
                // The page may be gone by now.
                self.trouble.try_set(Some(problems::notice(&trouble)));
            }
        });
    }

    /// The same, until it ends.
    pub async fn climbed(self, trigger: Trigger) -> Result<(), Trouble> {
        self.busy.try_set(true);
        self.checks.try_set(Vec::new());
        self.run.try_set(None);
        self.trouble.try_set(None);
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
        self.busy.try_set(false);
        answer
    }

    fn put(self, check: Check) {
        self.checks.try_update(|all| {
            // In the order of the ladder, whichever rung answered first.
            let later = all.iter().position(|it| it.kind > check.kind);
            all.insert(later.unwrap_or(all.len()), check);
        });
    }

    /// Other settings were saved: what was found is no longer about them.
    pub fn outdate(self) {
        self.run.try_update(|run| {
            if let Some(run) = run {
                run.up_to_date = false;
            }
        });
    }

    /// Whether the latest run passed, and is about what is saved; tracked.
    #[must_use]
    pub fn is_green(self) -> bool {
        self.run.with(|run| run.as_ref().is_some_and(is_green))
    }

    /// Whether the latest run found what is to be mended; tracked.
    #[must_use]
    pub fn has_failed(self) -> bool {
        self.run
            .with(|run| run.as_ref().is_some_and(|it| it.verdict == Verdict::Failed))
    }

    /// Whether there is anything to see of it; tracked.
    #[must_use]
    pub fn is_begun(self) -> bool {
        self.busy.get() || self.run.with(Option::is_some)
    }

    /// The ladder with what each rung says, and a button to climb it again.
    #[must_use]
    pub fn draw(self, connection: &Connection, mended: Act, form: Option<Form>) -> El {
        let on_form = form.clone();
        let actions = live(move || {
            let label = if self.run.with(Option::is_none) {
                keys::CHECKS_RUN
            } else {
                keys::CHECKS_AGAIN
            };
            let climb = act(move || self.climb(Trigger::Request));
            let (again, anyway) = match on_form.clone() {
                Some(form) => (form.again, self.has_failed().then_some(form.anyway)),
                None => (climb, None),
            };
            let again = button(label, again).picture("again").busy(self.busy);
            group(vec![
                anyway
                    .map(|it| button(keys::CHECKS_ANYWAY, it).busy(self.busy))
                    .inside(),
                again.inside(),
            ])
        });
        let connection = connection.clone();
        let rungs = live(move || {
            let items: Vec<El> = self
                .checks
                .get()
                .iter()
                .map(|check| rung(check, &connection, &mended, form.as_ref()))
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
        section(
            keys::CHECKS_TITLE,
            Some(div("line-text").child(actions)),
            body,
        )
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
            Some(run) if !run.up_to_date => Text::from(keys::CHECKS_OUTDATED).inside(),
            Some(run) => group(vec![
                Text::from(summary(run.verdict)).inside(),
                " ".inside(),
                when(run.started_at).done(),
            ]),
        })
    }
}
