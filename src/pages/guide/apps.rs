//! *Create the apps*: what to do in Okta, in Okta's own menu words, with boxes that stay ticked.

use api::{Cause, Connection, Provider, checks::Engine, guide::GuideNotes};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server,
    paths::Step,
    problems,
    ui::{
        copy::copy_field,
        el::{El, Inside, View, div, el, group, live, p},
        page::section,
        task::{later, while_here},
        toast::{Toasts, use_toasts},
    },
};

/// One thing to do: its name among the ticks, a sentence of ours, and the way there in Okta's words.
struct Task {
    name: &'static str,
    what: Key,
    way: &'static str,
}

/// Those that everybody has to do come first.
fn tasks() -> [Task; 6] {
    let task = |name, what, way: Option<&'static str>| Task {
        name,
        what,
        way: way.unwrap_or_default(),
    };
    let of = |cause: Cause| cause.menu(Provider::Okta);
    let web = "Applications › Applications › Create App Integration › OIDC - OpenID Connect › Web Application";
    let native = "Applications › Applications › Create App Integration › OIDC - OpenID Connect › Native Application";
    [
        task("web_app", keys::GUIDED_WEB_APP, Some(web)),
        task(
            "redirect",
            keys::GUIDED_REDIRECT,
            of(Cause::RedirectUnregistered),
        ),
        task("people", keys::GUIDED_PEOPLE, of(Cause::NotAssigned)),
        task("native", keys::GUIDED_NATIVE, Some(native)),
        task("policy", keys::GUIDED_POLICY, of(Cause::NoPolicy)),
        task("claims", keys::GUIDED_CLAIMS, of(Cause::ClaimMissing)),
    ]
}

/// Whether all is done that everybody has to do.
pub(super) fn done(notes: &GuideNotes) -> bool {
    tasks()[..3]
        .iter()
        .all(|task| notes.completed_steps.iter().any(|it| it == task.name))
}

pub(super) fn apps(connection: &Connection, notes: &GuideNotes) -> View {
    let (kept, toasts) = (RwSignal::new(notes.clone()), use_toasts());
    let engine = RwSignal::new(None);
    if let Some(issuer) = notes.issuer.clone() {
        while_here(async move {
            if let Ok(seen) = server::look(&issuer).await {
                engine.set(seen.engine);
            }
        });
    }
    // Which words Okta's menus have depends on its generation.
    let wording = live(move || match engine.get() {
        Some(Engine::Classic) => keys::GUIDED_CLASSIC,
        Some(Engine::Identity) | None => keys::GUIDED_RENAMED,
    });
    let items: Vec<El> = tasks()
        .iter()
        .map(|task| {
            let id = format!("task-{}", task.name);
            let name = task.name;
            let tick = el("input")
                .attr("type", "checkbox")
                .attr("id", id.clone())
                .checked(move || kept.with(|it| it.completed_steps.iter().any(|tick| tick == name)))
                .on("change", move |_| toggle(kept, name, toasts));
            let label = el("label").attr("for", id).child(task.what);
            el("li")
                .class("attempt")
                .child(div("tick").child(tick).child(label))
                .child(p("way").attr("lang", "en").child(task.way))
                .child(values(task.name, connection))
        })
        .collect();
    group(vec![
        section(
            keys::GUIDED_APPS,
            None,
            div("fields")
                .child(p("small muted").child(wording))
                .child(el("ol").class("attempts").child(items)),
        )
        .done(),
        super::on(Step::Credentials).done(),
    ])
}

/// What has to be carried to Okta for a task.
fn values(task: &str, connection: &Connection) -> View {
    match task {
        "redirect" => group(vec![
            copy_field(
                "redirect-uri",
                keys::CONNECT_REDIRECT_URI,
                connection.redirect_uri.clone(),
                None,
            )
            .done(),
            connection
                .initiate_login_uri
                .clone()
                .map(|uri| {
                    let hint = Some(keys::CONNECT_INITIATE_LOGIN_URI_HINT.into());
                    copy_field(
                        "initiate-login-uri",
                        keys::CONNECT_INITIATE_LOGIN_URI,
                        uri,
                        hint,
                    )
                })
                .inside(),
        ]),
        "claims" => group(vec![
            copy_field("claim-upn", keys::GUIDED_UPN, "user.email".into(), None).done(),
            copy_field("claim-uid", keys::GUIDED_UID, "user.id".into(), None).done(),
        ]),
        _ => View::Nothing,
    }
}

/// Kept at once; a tick that could not be kept goes back as it was, and no other.
fn toggle(kept: RwSignal<GuideNotes>, name: &'static str, toasts: Toasts) {
    turn(kept, name);
    let notes = kept.get_untracked();
    later(async move {
        if let Err(trouble) = server::keep_guide(&notes).await {
            toasts.failed(problems::notice(&trouble).title);
            turn(kept, name);
        }
    });
}

fn turn(kept: RwSignal<GuideNotes>, name: &str) {
    // The page may be gone by now.
    kept.try_update(|it| {
        let ticked = it.completed_steps.iter().any(|tick| tick == name);
        it.completed_steps.retain(|tick| tick != name);
        if !ticked {
            it.completed_steps.push(name.to_owned());
        }
    });
}
