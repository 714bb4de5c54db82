//! `/practice/apps/{id}/assignments`: the "Assignments" tab of an app integration.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use crate::http::{Call, Params};
use crate::org::app::Assignment;
use crate::page::esc;
use crate::page::form::act;

use super::app::{switch_html, tabs};
use super::apps::kind;
use super::frame::{Frame, Section, panel, see, table};
use super::gone;

pub(super) async fn show(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let (app, people) = {
        let world = call.engine.world();
        (world.app(&id).cloned(), world.people.clone())
    };
    let Some(app) = app else { return gone() };
    let path = format!("/practice/apps/{}/assignments", app.id);
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|person| {
            let (word, button) = if app.allows(&person.id) {
                (
                    "Assigned",
                    act(&path, "Remove", &person.name(), &[("remove", &person.id)]),
                )
            } else {
                (
                    "–",
                    act(&path, "Assign", &person.name(), &[("assign", &person.id)]),
                )
            };
            let who = format!(
                "{} <span class=\"login\">{}</span>",
                esc(&person.name()),
                esc(&person.login)
            );
            vec![who, word.to_owned(), button]
        })
        .collect();
    let everyone = match &app.assignment {
        Assignment::Everyone => format!(
            "<p>Everyone in the organization may sign in.</p>{}",
            act(&path, "Remove everyone", "", &[("nobody", "yes")])
        ),
        Assignment::Only(assigned) => {
            let buttons = act(&path, "Assign everyone", "", &[("everyone", "yes")])
                + &act(&path, "Remove everyone", "", &[("nobody", "yes")]);
            format!(
                "<p>{} of {} people are assigned.</p><div class=\"row\">{buttons}</div>",
                assigned.len(),
                people.len()
            )
        }
    };
    let content = panel("Groups", &everyone)
        + &panel(
            "People",
            &table(
                "People and their assignment",
                &["Person", "State", ""],
                &rows,
                "There is nobody in the directory.",
            ),
        );
    Frame::new(Section::Applications, &app.name, kind(&app), content)
        .actions(switch_html(&app))
        .tabs(tabs(&app), &path)
        .show(&call, &params)
}

/// `POST`: `assign` or `remove` with a user id, `everyone`, or `nobody`.
pub(super) async fn change(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let mut world = call.engine.world();
    if world.app(&id).is_none() {
        return gone();
    }
    let page = format!("/practice/apps/{id}/assignments");
    if let Some(person) = params.get("assign") {
        world.assign(&id, person);
        return see(&page, "assigned");
    }
    if let Some(person) = params.get("remove") {
        world.unassign(&id, person);
        return see(&page, "unassigned");
    }
    let (assignment, done) = if params.get("everyone").is_some() {
        (Assignment::Everyone, "assigned")
    } else {
        (Assignment::Only(BTreeSet::new()), "unassigned")
    };
    if let Some(app) = world.app_mut(&id) {
        app.assigned_groups.clear();
        app.assignment = assignment;
    }
    see(&page, done)
}
