//! How far a job is, what came of it, and what can be done then: take it back, or do what a dry run found out.

use std::time::Duration;

use api::{
    Role, UserList,
    users::{BulkAction, BulkJob, JobState},
};
use leptos::prelude::*;
use locales::keys;

use super::{ACTS, Named, follow};
use crate::{
    api as server,
    navigation::use_place,
    pages::users::wish::Wish,
    problems,
    ui::{
        button::{Weight, button},
        el::{El, Inside, View, div, el, group, live, p},
        format::number,
        load::Remote,
        task::{Act, Only, act, later, watch, while_here},
        toast::use_toasts,
    },
    words::Text,
};

/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(700);

/// How far a job is, until somebody closes it.
pub(super) fn running(id: String, wish: Signal<Wish>, list: Remote<UserList>) -> El {
    let place = use_place();
    let toasts = use_toasts();
    let job = RwSignal::new(None::<BulkJob>);
    let turn = RwSignal::new(0_u32);
    let close = move || follow(place, wish, None);
    watch(move || {
        turn.track();
        let id = id.clone();
        while_here(async move {
            let answer = server::bulk_job(&id).await;
            if let Ok(now) = &answer {
                job.try_set(Some(now.clone()));
            }
            match answer {
                Ok(now) if now.state != JobState::Running => list.again(),
                Err(trouble) if problems::is_gone(&trouble) => {
                    toasts.failed(problems::notice(&trouble).title);
                    close();
                }
                // One look that fails says nothing of the job.
                Ok(_) | Err(_) => set_timeout(
                    move || {
                        let _ = turn.try_update(|it| *it += 1);
                    },
                    LOOK,
                ),
            }
        });
    });
    // Undoes what was done, or does what a dry run found out.
    let turn_over = act(move || {
        let Some(id) = job.get_untracked().map(|it| it.id) else {
            return;
        };
        let is_dry = job.with_untracked(|it| it.as_ref().is_some_and(|it| it.dry_run));
        later(async move {
            let next = if is_dry {
                server::apply_bulk(&id).await
            } else {
                server::undo_bulk(&id).await
            };
            match next {
                Ok(job) => follow(place, wish, Some(job.id)),
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
        });
    });
    let name = Only::new(move || job.with(|it| it.as_ref().map(|it| it.action)));
    let name = live(move || {
        let (_, name, _) = named(name.get()?)?;
        Some(el("strong").child(name))
    });
    let is_running =
        Only::new(move || job.with(|it| it.as_ref().map(|it| it.state)) == Some(JobState::Running));
    let meter = live(move || is_running.get().then(|| meter(job)));
    let over = Only::new(move || job.get().filter(|it| it.state != JobState::Running));
    // The line stays in its place, so that it is read out when it is there.
    let said = p("")
        .attr("role", "status")
        .child(live(move || over.get().map(|it| said(&it))));
    let after = live(move || {
        over.get()
            .map(|it| after(&it, turn_over.clone(), act(close)))
    });
    div("bulk")
        .child(name)
        .child(meter)
        .child(said)
        .child(after)
}

pub(in crate::pages::users) fn named(what: BulkAction) -> Option<Named> {
    ACTS.into_iter().find(|(act, ..)| *act == what)
}

fn meter(job: RwSignal<Option<BulkJob>>) -> View {
    let of = move |count: fn(&BulkJob) -> u64| job.with(|it| it.as_ref().map_or(0, count));
    let meter = el("progress")
        .says("aria-label", keys::PEOPLE_WORKING)
        .live("max", move || Some(of(|it| it.total).to_string()))
        .live("value", move || Some(of(|it| it.done).to_string()));
    let said = live(move || {
        let (done, total) = (number(of(|it| it.done)), number(of(|it| it.total)));
        Text::with(keys::PEOPLE_PROGRESS, &[("done", &done), ("total", &total)])
    });
    group(vec![meter.done(), p("").child(said).done()])
}

/// What came of it.
fn said(job: &BulkJob) -> Text {
    let same = job.done.saturating_sub(job.changed + job.skipped);
    let key = if job.dry_run {
        keys::PEOPLE_DRY_DONE
    } else {
        keys::PEOPLE_JOB_DONE
    };
    let values = [
        ("changed", &*number(job.changed)),
        ("same", &number(same)),
        ("refused", &number(job.skipped)),
    ];
    Text::with(key, &values)
}

/// What can be done then.
fn after(job: &BulkJob, turn_over: Act, close: Act) -> View {
    let failed = (job.state == JobState::Failed).then(|| p("").child(keys::PEOPLE_JOB_FAILED));
    let (means, turn_over) =
        if let Some((_, name, means)) = named(job.action).filter(|_| job.dry_run) {
            let means = Text::with(means, &[("n", &number(job.changed))]);
            let now = button(name, turn_over).weight(Weight::Danger);
            (Some(p("").child(means)), (job.changed > 0).then_some(now))
        } else {
            let undo = || button(keys::PEOPLE_UNDO, turn_over).picture("again");
            let ends_codes = job.action == BulkAction::ChangeRole { role: Role::Member };
            let means = (job.can_undo && ends_codes).then(|| p("").child(keys::PEOPLE_UNDO_MEMBER));
            (means, job.can_undo.then(undo))
        };
    group(vec![
        failed.inside(),
        means.inside(),
        turn_over.inside(),
        button(keys::PEOPLE_CLOSE, close)
            .weight(Weight::Quiet)
            .inside(),
    ])
}
