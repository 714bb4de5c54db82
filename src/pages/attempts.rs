//! Sign-in attempts as a list: who, how it ended and why, when, and the reference that the person was shown.

use api::{Attempt, Cause, Outcome, sign_ins::Purpose};
use locales::{cause_title, keys};

use crate::{
    pages::{
        causes::{self, Facts},
        states,
    },
    paths,
    ui::{
        el::{El, code, div, el, link, p, span},
        format::when,
        load::empty,
    },
};

/// Whose attempts they are: on a user's own page it need not be said again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Anyones,
    OneUsers,
}

/// The list, newest first, as the server ordered it.
#[must_use]
pub fn attempts(list: &[Attempt], whose: Whose) -> El {
    if list.is_empty() {
        return empty(
            "enter",
            keys::ATTEMPTS_EMPTY_TITLE,
            keys::ATTEMPTS_EMPTY_FIX,
            None,
        );
    }
    let items: Vec<El> = list.iter().map(|it| attempt(it, whose)).collect();
    el("ul").class("attempts").child(items)
}

fn attempt(attempt: &Attempt, whose: Whose) -> El {
    let who = match whose {
        Whose::Anyones => person(attempt),
        Whose::OneUsers => span("strong").child(attempt.provider.name()),
    };
    let purpose = match attempt.purpose {
        Purpose::SignIn => None,
        Purpose::Test => Some(span("muted small").child(keys::ATTEMPTS_ROUND_TRIP)),
        Purpose::Reauthenticate => Some(span("muted small").child(keys::REAUTHENTICATE_ATTEMPT)),
    };
    let head = div("attempt-head")
        .child(who)
        .child(purpose)
        .child(states::outcome(attempt.outcome));
    let itself = paths::with(
        paths::sign_ins(),
        &[("reference", attempt.reference.clone())],
    );
    let foot = p("attempt-foot muted small")
        .child(when(attempt.started_at))
        .child(" · ")
        .child(el("span").child(keys::PROBLEM_REFERENCE))
        .child(" ")
        .child(link(itself).child(code(attempt.reference.clone())));
    let mut item = el("li").class("attempt").child(head);
    if let Some(cause) = attempt.cause.filter(|_| attempt.outcome == Outcome::Failed) {
        item = item
            .child(p("attempt-why").child(cause_title(cause)))
            .child(causes::fix(
                "attempt-fix muted small",
                cause,
                attempt.provider,
                Facts::seen(attempt.provider_said.as_deref()),
            ));
    }
    if let Some(said) = &attempt.provider_said {
        item = item.child(p("muted small breakable").child(states::said(attempt.provider, said)));
    }
    if attempt.outcome == Outcome::NotCompleted {
        // The provider's own page told the person why, and nobody told us.
        let likely: Vec<El> = Cause::never_back(attempt.provider, attempt.checks_passed)
            .iter()
            .map(|cause| el("li").child(cause_title(*cause)))
            .collect();
        item = item
            .child(p("muted small").child(states::about(keys::CHECKS_NEVER_BACK, attempt.provider)))
            .child(
                attempt
                    .checks_passed
                    .then(|| p("muted small").child(keys::CHECKS_NEVER_BACK_PASSED)),
            )
            .child(el("ol").class("likely muted small").child(likely));
    }
    item.child(foot)
}

fn person(attempt: &Attempt) -> El {
    match (&attempt.user, &attempt.claimed_login) {
        (Some(user), _) => link(paths::user(&user.id)).child(user.name.clone()),
        (None, Some(claimed_login)) => span("strong breakable").child(claimed_login.clone()),
        (None, None) => span("muted").child(keys::ATTEMPTS_NOBODY),
    }
}
