//! What to do next, until it is done: connect Okta, add users, see the first of them arrive.

use api::{ConnectionState, Overview, Provider};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    paths,
    ui::{
        button::{Weight, link_button},
        icon::icon,
        page::section,
    },
    words::t,
};

struct Step {
    title: Key,
    means: Key,
    done: bool,
    href: String,
    action: Key,
}

/// Nothing once all is done, or while Google or Microsoft serve instead.
#[must_use]
pub(super) fn first_steps(overview: &Overview) -> AnyView {
    let active = |provider: Provider| {
        overview.connections.iter().any(|it| it.provider == provider && it.state == ConnectionState::Active)
    };
    let steps = [
        Step {
            title: keys::STEPS_CONNECT_TITLE,
            means: keys::STEPS_CONNECT_MEANS,
            done: active(Provider::Okta),
            href: paths::connect(Provider::Okta),
            action: keys::STEPS_CONNECT_ACTION,
        },
        Step {
            title: keys::STEPS_USERS_TITLE,
            means: keys::STEPS_USERS_MEANS,
            // The first administrator does not count.
            done: overview.users.all > 1,
            href: paths::new_user(),
            action: keys::USERS_NEW,
        },
        Step {
            title: keys::STEPS_ARRIVE_TITLE,
            means: keys::STEPS_ARRIVE_MEANS,
            done: overview.users.active > 0,
            href: paths::users(),
            action: keys::STEPS_ARRIVE_ACTION,
        },
    ];
    if steps.iter().all(|it| it.done) || active(Provider::Google) || active(Provider::Microsoft) {
        return ().into_any();
    }
    let next = steps.iter().position(|it| !it.done);
    let items: Vec<AnyView> =
        steps.into_iter().enumerate().map(|(at, it)| step(it, at + 1, next == Some(at))).collect();
    section(keys::STEPS_TITLE, None, view! { <ol class="steps">{items}</ol> }.into_any())
}

fn step(step: Step, number: usize, is_next: bool) -> AnyView {
    let mark = if step.done {
        view! { <span class="step-mark">{icon("check")} <span class="visually-hidden">{t(keys::STEPS_DONE)}</span></span> }
            .into_any()
    } else {
        view! { <span class="step-mark" aria-hidden="true">{number}</span> }.into_any()
    };
    let action = (!step.done).then(|| {
        link_button(step.href, step.action, if is_next { Weight::Primary } else { Weight::Plain }, "")
    });
    view! {
        <li class="step" data-done=step.done.then_some("") aria-current=is_next.then_some("step")>
            {mark}
            <div class="step-text">
                <p class="strong">{t(step.title)}</p>
                <p class="muted">{t(step.means)}</p>
            </div>
            {action}
        </li>
    }
    .into_any()
}
