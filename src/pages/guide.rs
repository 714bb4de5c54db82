//! The guide that connects Okta, in five steps, each with its address; what was done is kept.

mod apps;
mod place;

use api::{
    Cause, Connection, Provider,
    checks::{CheckReport, Trigger},
    guide::GuideNotes,
};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server, navigation,
    pages::{checks, connect, connection},
    paths::{self, Step},
    problems,
    ui::{
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, el, group, live, p},
        load::{Remote, bones},
        notice::notice,
        page::{Crumb, Head, page, section},
        task::{Act, act, later},
    },
};

/// What every step knows.
struct Known {
    connection: Connection,
    notes: GuideNotes,
    report: CheckReport,
}

fn known() -> Remote<Known> {
    Remote::new(move || async move {
        let connection = server::connection(Provider::Okta).await;
        let notes = server::guide().await;
        let report = server::checks(Provider::Okta).await;
        match (connection, notes, report) {
            (Ok(connection), Ok(notes), Ok(report)) => Ok(Known {
                connection,
                notes,
                report,
            }),
            (Err(it), _, _) | (_, Err(it), _) | (_, _, Err(it)) => Err(problems::notice(&it)),
        }
    })
}

/// Leads to the first step that is not done.
#[must_use]
pub fn resume() -> View {
    let place = navigation::use_place();
    let body = known().draw(
        || bones("form", 4),
        move |known| {
            let to = first_open(&known);
            // Not while it is being drawn: the page goes away with it.
            request_animation_frame(move || place.go(&to, navigation::Step::Replace));
            View::Nothing
        },
    );
    page(Head::new(keys::GUIDED_TITLE), body)
}

fn first_open(known: &Known) -> String {
    let Known {
        connection,
        notes,
        report,
    } = known;
    let step = if connection.settings.is_some() {
        let failed = connection.failure.is_some();
        if failed && notes.issuer.is_none() {
            // Begun on the one page: what failed is mended there.
            return paths::one_page(Provider::Okta);
        }
        if failed || report.latest.as_ref().is_some_and(checks::is_green) {
            Step::Now
        } else {
            Step::Check
        }
    } else if notes.issuer.is_none() {
        Step::Where
    } else if apps::done(notes) {
        Step::Credentials
    } else {
        Step::Apps
    };
    paths::guide(step)
}

#[must_use]
pub fn guide(step: Step) -> View {
    let remote = known();
    let one_page = link_button(
        paths::one_page(Provider::Okta),
        keys::GUIDED_ONE_PAGE,
        Weight::Quiet,
        "",
    );
    let head = Head::new(name(step))
        .lede(keys::GUIDED_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::to(keys::INTEGRATIONS_TITLE, paths::integrations()),
            Crumb::to(Provider::Okta.name(), paths::connection(Provider::Okta)),
            Crumb::to(keys::CONNECT_CRUMB, paths::connect(Provider::Okta)),
            Crumb::here(name(step)),
        ])
        .actions(one_page);
    let body = remote.draw(
        || bones("form", 4),
        move |known| {
            let again = act(move || remote.again());
            match step {
                Step::Where => place::place(&known.notes, known.connection.settings.as_ref()),
                Step::Apps => apps::apps(&known.connection, &known.notes),
                Step::Credentials => credentials(&known, remote),
                Step::Check => check(&known, again),
                Step::Now => now(&known),
            }
        },
    );
    page(head, group(vec![steps(Some(step)).done(), body.inside()]))
}

/// A step's name, as in the list.
fn name(step: Step) -> Key {
    match step {
        Step::Where => keys::GUIDED_WHERE,
        Step::Apps => keys::GUIDED_APPS,
        Step::Credentials => keys::GUIDED_CREDENTIALS,
        Step::Check => keys::GUIDED_CHECK,
        Step::Now => keys::GUIDED_NOW,
    }
}

/// All steps, as links; none is locked, since each says what it lacks.
#[must_use]
pub fn steps(here: Option<Step>) -> El {
    let items: Vec<El> = Step::ALL
        .into_iter()
        .map(|step| {
            let link = el("a").attr("href", paths::guide(step)).child(name(step));
            let link = if here == Some(step) {
                link.attr("aria-current", "step")
            } else {
                link
            };
            el("li").child(link)
        })
        .collect();
    el("nav")
        .class("guide-steps")
        .says("aria-label", keys::GUIDED_LABEL)
        .child(el("ol").child(items))
}

/// On to the next step, with the primary button of the page.
fn on(step: Step) -> El {
    let next = link_button(paths::guide(step), keys::GUIDED_NEXT, Weight::Primary, "");
    div("form-actions").child(next)
}

fn credentials(known: &Known, remote: Remote<Known>) -> View {
    let place = navigation::use_place();
    let offered = untrack(|| place.query("issuer"));
    let issuer = Some(offered)
        .filter(|it| !it.is_empty())
        .or_else(|| known.notes.issuer.clone());
    let go = place.onward();
    let saved = act(move || {
        remote.again();
        go(&paths::guide(Step::Check), navigation::Step::Push);
    });
    let body = group(vec![
        checks::way(Cause::CredentialsMixedUp, Provider::Okta).inside(),
        connect::paste(&known.connection, issuer, saved).done(),
    ]);
    section(keys::GUIDED_CREDENTIALS, None, body).inside()
}

fn check(known: &Known, again: Act) -> View {
    if known.connection.settings.is_none() {
        return nothing_saved();
    }
    let ladder = checks::Ladder::of(Provider::Okta, &known.report);
    let fits = known.report.latest.as_ref().is_some_and(|it| it.up_to_date);
    if !fits {
        ladder.climb(Trigger::Request);
    }
    group(vec![
        ladder.draw(&known.connection, again, None).done(),
        checks::history(&known.report).inside(),
        on(Step::Now).done(),
    ])
}

fn nothing_saved() -> View {
    let there = link_button(
        paths::guide(Step::Credentials),
        keys::GUIDED_CREDENTIALS,
        Weight::Primary,
        "",
    );
    section(
        keys::GUIDED_NOTHING_SAVED,
        None,
        div("form-actions").child(there),
    )
    .inside()
}

/// The round trip. The checks run once more before it is offered as green.
fn now(known: &Known) -> View {
    if known.connection.settings.is_none() {
        return nothing_saved();
    }
    let ladder = checks::Ladder::of(Provider::Okta, &known.report);
    // Untracked: a run that ends must not draw the page anew, and so begin another.
    if !untrack(|| ladder.is_green()) {
        ladder.climb(Trigger::Connect);
    }
    let said = live(move || {
        p("").child(if ladder.is_green() {
            keys::GUIDED_READY
        } else {
            keys::GUIDED_NOT_READY
        })
    });
    let failed = known
        .connection
        .failure
        .as_ref()
        .map(|it| connection::failure(it, Provider::Okta));
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None));
    let version = known.connection.version;
    let press = act(move || {
        busy.set(true);
        later(async move {
            match server::connect(Provider::Okta, version).await {
                // Whoever left the page in the meantime stays where they are.
                Ok(_) if busy.is_disposed() => {}
                Ok(trip) => navigation::leave(&trip.location),
                Err(it) => {
                    busy.try_set(false);
                    trouble.try_set(Some(problems::notice(&it)));
                }
            }
        });
    });
    let body = div("fields")
        .child(live(move || trouble.get().map(|it| notice(it, None))))
        .child(div("").attr("role", "status").child(said))
        .child(
            div("form-actions").child(
                button(keys::CONNECT_NOW, press)
                    .weight(Weight::Primary)
                    .busy(busy),
            ),
        );
    group(vec![
        failed.inside(),
        section(keys::GUIDED_NOW, None, body).done(),
    ])
}
