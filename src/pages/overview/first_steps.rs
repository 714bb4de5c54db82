//! What to do next, until it is done: connect Okta, add users, see the first of them arrive.

use api::{Overview, Provider};
use locales::{Key, keys};

use crate::{
    paths,
    ui::{
        button::{Weight, link_button},
        el::{El, div, el, p, span},
        icon::icon,
        page::section,
    },
};

struct Step {
    title: Key,
    means: Key,
    done: bool,
    href: String,
    action: Key,
}

/// Nothing once all is done, or while Google or Microsoft serve instead.
pub(super) fn first_steps(overview: &Overview) -> Option<El> {
    let active = |provider: Provider| {
        overview
            .connections
            .iter()
            .any(|it| it.provider == provider && it.state.is_on())
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
        return None;
    }
    let next = steps.iter().position(|it| !it.done);
    let items: Vec<El> = steps
        .into_iter()
        .enumerate()
        .map(|(at, it)| step(it, at + 1, next == Some(at)))
        .collect();
    Some(section(
        keys::STEPS_TITLE,
        None,
        el("ol").class("steps").child(items),
    ))
}

fn step(step: Step, number: usize, is_next: bool) -> El {
    let mark = if step.done {
        span("step-mark")
            .child(icon("check"))
            .child(span("visually-hidden").child(keys::STEPS_DONE))
    } else {
        span("step-mark")
            .attr("aria-hidden", "true")
            .child(number.to_string())
    };
    let weight = if is_next {
        Weight::Primary
    } else {
        Weight::Plain
    };
    let action = (!step.done).then(|| link_button(step.href, step.action, weight, ""));
    let text = div("step-text")
        .child(p("strong").child(step.title))
        .child(p("muted").child(step.means));
    let item = el("li").class("step").flag("data-done", step.done);
    let item = if is_next {
        item.attr("aria-current", "step")
    } else {
        item
    };
    item.child(mark).child(text).child(action)
}
