//! Sign-in attempts as a list: who, how it ended and why, when, and the reference that the person was shown.

use api::{Attempt, Outcome, sign_ins::Purpose};
use leptos::prelude::*;
use locales::{cause_fix, cause_title, keys};

use crate::{
    pages::states,
    paths,
    ui::{format::when, load::empty},
    words::{Text, t},
};

/// Whose attempts they are: on a user's own page it need not be said again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Anyones,
    OneUsers,
}

/// The list, newest first, as the server ordered it.
#[must_use]
pub fn attempts(list: &[Attempt], whose: Whose) -> AnyView {
    if list.is_empty() {
        return empty("enter", keys::ATTEMPTS_EMPTY_TITLE, keys::ATTEMPTS_EMPTY_FIX, None);
    }
    let items: Vec<AnyView> = list.iter().map(|it| attempt(it, whose)).collect();
    view! { <ul class="attempts">{items}</ul> }.into_any()
}

fn attempt(attempt: &Attempt, whose: Whose) -> AnyView {
    let who = match whose {
        Whose::Anyones => person(attempt),
        Whose::OneUsers => view! { <span class="strong">{attempt.provider.name()}</span> }.into_any(),
    };
    let why = attempt.cause.filter(|_| attempt.outcome == Outcome::Failed).map(|cause| {
        view! {
            <p class="attempt-why">{t(cause_title(cause))}</p>
            <p class="attempt-fix muted small">{t(cause_fix(cause))}</p>
        }
    });
    let said = attempt.provider_said.clone().map(|said| {
        let text = Text::with(keys::ATTEMPTS_SAID, &[("provider", attempt.provider.name()), ("said", &said)]);
        view! { <p class="muted small breakable">{t(text)}</p> }
    });
    let purpose = match attempt.purpose {
        Purpose::SignIn => None,
        Purpose::Connect => Some(view! { <span class="muted small">{t(keys::ATTEMPTS_ROUND_TRIP)}</span> }),
    };
    view! {
        <li class="attempt">
            <div class="attempt-head">
                {who}
                {purpose}
                {states::outcome(attempt.outcome)}
            </div>
            {why}
            {said}
            <p class="attempt-foot muted small">
                {when(attempt.started_at)} " · " <span>{t(keys::PROBLEM_REFERENCE)}</span> " "
                <code>{attempt.reference.clone()}</code>
            </p>
        </li>
    }
    .into_any()
}

fn person(attempt: &Attempt) -> AnyView {
    match (&attempt.user, &attempt.claimed) {
        (Some(user), _) => view! { <a href=paths::user(&user.id)>{user.name.clone()}</a> }.into_any(),
        (None, Some(claimed)) => view! { <span class="strong breakable">{claimed.clone()}</span> }.into_any(),
        (None, None) => view! { <span class="muted">{t(keys::ATTEMPTS_NOBODY)}</span> }.into_any(),
    }
}
