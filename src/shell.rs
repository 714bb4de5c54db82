//! What stands around every page: skip link, sidebar, top bar, toasts, the confirming dialog.
//!
//! It must not know what is on a page.

mod account;
pub mod keyboard;
pub mod palette;
pub mod reauthenticate;
mod trial;

use leptos::prelude::*;
use locales::{Key, keys};
use wasm_bindgen::JsCast;

use palette::Palette;

use crate::{
    navigation::use_place,
    paths::{self, Route},
    session::use_session,
    ui::{
        button::{Weight, icon_button},
        el::{El, View, div, el, group, link, live, span},
        icon::icon,
        overlay::{Question, use_confirm},
        page::{Crumb, Frame, focus},
        task::watch,
        toast::use_toasts,
    },
};

/// The shell around the page of `route`.
#[must_use]
pub fn shell(route: Memo<Route>, page: View) -> View {
    let open = RwSignal::new(false);
    // Going somewhere closes the drawer.
    watch(move || {
        route.track();
        open.set(false);
    });
    let escape = move |event: web_sys::Event| {
        let key = event
            .dyn_into()
            .map(|event: web_sys::KeyboardEvent| event.key());
        if open.get_untracked() && key.is_ok_and(|key| key == "Escape") {
            open.set(false);
            // What had the focus is hidden now.
            focus(".drawer-button button");
        }
    };
    keep_unsaved();
    let main = el("main")
        .attr("id", "main")
        .attr("tabindex", "-1")
        .child(div("content").child(trial::banner()).child(page));
    let palette = Palette::closed();
    let frame = div("shell")
        .live("data-drawer", move || open.get().then(|| "open".to_owned()))
        .on("keydown", escape)
        .child(sidebar(route))
        .child(div("scrim").on("click", move |_| open.set(false)))
        .child(top_bar(open, palette))
        .child(main);
    group(vec![
        el("a")
            .class("skip")
            .attr("href", "#main")
            .child(keys::SHELL_SKIP)
            .done(),
        frame.done(),
        use_confirm().dialog().done(),
        reauthenticate::dialog().done(),
        palette.dialog().done(),
        keyboard::list_of_keys().done(),
        use_toasts().corner().done(),
    ])
}

/// Asks before what was typed is lost.
fn keep_unsaved() {
    let (leaving, confirm) = (use_place().leaving, use_confirm());
    watch(move || {
        if let Some(then) = leaving.get() {
            leaving.set(None);
            confirm.ask(Question {
                title: keys::UNSAVED_TITLE.into(),
                body: keys::UNSAVED_MEANS.into(),
                action: keys::UNSAVED_LEAVE.into(),
                weight: Weight::Danger,
                then,
            });
        }
    });
}

fn sidebar(route: Memo<Route>) -> El {
    let session = use_session();
    let organization = move || session.with(|it| it.organization.clone());
    let mark = move || {
        organization()
            .chars()
            .next()
            .map(|it| it.to_uppercase().to_string())
    };
    let name = span("brand-text")
        .child(span("brand-name").child(live(organization)))
        .child(span("brand-product").child("SSO Console"));
    let brand = div("brand")
        .child(span("mark").attr("aria-hidden", "true").child(live(mark)))
        .child(name);
    let item = move |href: String, picture: &'static str, label: Key, mine: fn(&Route) -> bool| {
        let entry = link(href)
            .class("nav-link")
            .live("aria-current", move || {
                route.with(mine).then(|| "page".to_owned())
            })
            .child(icon(picture))
            .child(el("span").child(label));
        el("li").child(entry)
    };
    let first = el("ul")
        .child(item(
            paths::overview(),
            "house",
            keys::OVERVIEW_TITLE,
            |it| *it == Route::Overview,
        ))
        .child(item(paths::users(), "users", keys::USERS_TITLE, is_users));
    let activity = el("ul")
        .child(item(
            paths::sign_ins(),
            "enter",
            keys::SIGN_INS_TITLE,
            |it| *it == Route::SignIns,
        ))
        .child(item(paths::audit(), "clock", keys::AUDIT_TITLE, |it| {
            *it == Route::Audit
        }));
    let settings = el("ul")
        .child(item(
            paths::organization(),
            "organization",
            keys::ORGANIZATION_TITLE,
            |it| *it == Route::Organization,
        ))
        .child(item(
            paths::integrations(),
            "integrations",
            keys::INTEGRATIONS_TITLE,
            is_integrations,
        ))
        .child(item(paths::security(), "key", keys::SECURITY_TITLE, |it| {
            *it == Route::Security
        }))
        .child(item(
            paths::notifications(),
            "bell",
            keys::NOTIFICATIONS_TITLE,
            |it| *it == Route::Notifications,
        ));
    let navigation = el("nav")
        .says("aria-label", keys::SHELL_NAVIGATION)
        .child(first)
        .child(el("h2").class("nav-head").child(keys::SHELL_ACTIVITY))
        .child(activity)
        .child(el("h2").class("nav-head").child(keys::SHELL_SETTINGS))
        .child(settings);
    el("aside")
        .class("sidebar")
        .attr("id", "sidebar")
        .child(brand)
        .child(navigation)
}

fn is_users(route: &Route) -> bool {
    matches!(
        route,
        Route::Users | Route::NewUser | Route::NewImport | Route::Import(_) | Route::User(_)
    )
}

fn is_integrations(route: &Route) -> bool {
    matches!(
        route,
        Route::Integrations
            | Route::Connection(_)
            | Route::Connect(_)
            | Route::Resume
            | Route::Guide(_)
    )
}

fn top_bar(open: RwSignal<bool>, palette: Palette) -> El {
    let drawer = div("drawer-button").child(
        icon_button("menu", keys::SHELL_NAVIGATION)
            .attr("aria-controls", "sidebar")
            .live("aria-expanded", move || Some(open.get().to_string()))
            .on("click", move |_| {
                open.update(|it| *it = !*it);
                if open.get_untracked() {
                    // After the drawer can be seen: what is hidden takes no focus.
                    request_animation_frame(|| focus("#sidebar a"));
                }
            }),
    );
    el("header")
        .class("top-bar")
        .child(drawer)
        .child(crumbs())
        .child(palette.opener())
        .child(account::switches())
        .child(account::account())
}

fn crumbs() -> El {
    let frame: Frame = expect_context();
    let list = live(move || {
        let crumbs = frame.crumbs.get();
        let last = crumbs.len();
        crumbs
            .into_iter()
            .enumerate()
            .map(|(at, it)| crumb(it, at + 1 == last))
            .collect::<Vec<_>>()
    });
    el("nav")
        .class("crumbs")
        .says("aria-label", keys::SHELL_BREADCRUMBS)
        .child(el("ol").child(list))
}

fn crumb(crumb: Crumb, last: bool) -> El {
    let step = match crumb.href {
        Some(href) => link(href),
        None if last => el("span").attr("aria-current", "page"),
        None => el("span"),
    };
    el("li").child(step.child(crumb.label))
}
