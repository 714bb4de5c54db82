//! What stands around every page: skip link, sidebar, top bar, toasts, the confirming dialog.
//!
//! It must not know what is on a page.

mod account;

use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    paths::{self, Route},
    session::use_session,
    ui::{
        icon::icon,
        overlay::use_confirm,
        page::{Crumb, Frame},
        toast::use_toasts,
    },
    words::t,
};

/// The shell around the page of `route`.
#[must_use]
pub fn shell(route: Memo<Route>, page: AnyView) -> AnyView {
    let open = RwSignal::new(false);
    // Going somewhere closes the drawer.
    Effect::new(move |_| {
        route.track();
        open.set(false);
    });
    view! {
        <a class="skip" href="#main">{t(keys::SHELL_SKIP)}</a>
        <div
            class="shell"
            data-drawer=move || open.get().then_some("open")
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    open.set(false);
                }
            }
        >
            {sidebar(route)}
            <div class="scrim" on:click=move |_| open.set(false)></div>
            {top_bar(open)}
            <main id="main" tabindex="-1">
                <div class="content">{page}</div>
            </main>
        </div>
        {use_confirm().dialog()}
        {use_toasts().corner()}
    }
    .into_any()
}

fn sidebar(route: Memo<Route>) -> AnyView {
    let session = use_session();
    let organization = move || session.with(|it| it.organization.clone());
    let mark = move || organization().chars().next().map(|it| it.to_uppercase().to_string());
    let link = move |href: String, picture: &'static str, label: Key, mine: fn(&Route) -> bool| {
        let current = move || route.with(mine).then_some("page");
        view! {
            <li>
                <a class="nav-link" href=href aria-current=current>
                    {icon(picture)}
                    <span>{t(label)}</span>
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <aside class="sidebar" id="sidebar">
            <div class="brand">
                <span class="mark" aria-hidden="true">{mark}</span>
                <span class="brand-text">
                    <span class="brand-name">{organization}</span>
                    <span class="brand-product">"SSO Console"</span>
                </span>
            </div>
            <nav aria-label=t(keys::SHELL_NAVIGATION)>
                <ul>
                    {link(paths::overview(), "house", keys::OVERVIEW_TITLE, |it| *it == Route::Overview)}
                    {link(paths::users(), "users", keys::USERS_TITLE, is_users)}
                </ul>
                <h2 class="nav-head">{t(keys::SHELL_SETTINGS)}</h2>
                <ul>
                    {link(
                        paths::organization(),
                        "organization",
                        keys::ORGANIZATION_TITLE,
                        |it| *it == Route::Organization,
                    )}
                    {link(paths::integrations(), "integrations", keys::INTEGRATIONS_TITLE, is_integrations)}
                </ul>
            </nav>
        </aside>
    }
    .into_any()
}

fn is_users(route: &Route) -> bool {
    matches!(route, Route::Users | Route::NewUser | Route::User(_))
}

fn is_integrations(route: &Route) -> bool {
    matches!(route, Route::Integrations | Route::Connection(_) | Route::Connect(_))
}

fn top_bar(open: RwSignal<bool>) -> AnyView {
    view! {
        <header class="top-bar">
            <button
                class="icon-button drawer-button"
                type="button"
                aria-label=t(keys::SHELL_NAVIGATION)
                aria-controls="sidebar"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|it| *it = !*it)
            >
                {icon("menu")}
            </button>
            {crumbs()}
            {account::switches()}
            {account::account()}
        </header>
    }
    .into_any()
}

fn crumbs() -> AnyView {
    let frame: Frame = expect_context();
    let one = |crumb: Crumb, last: bool| {
        let current = last.then_some("page");
        match crumb.href {
            Some(href) => view! { <li><a href=href>{t(crumb.label)}</a></li> }.into_any(),
            None => view! { <li><span aria-current=current>{t(crumb.label)}</span></li> }.into_any(),
        }
    };
    let list = move || {
        let crumbs = frame.crumbs.get();
        let last = crumbs.len();
        crumbs.into_iter().enumerate().map(|(at, crumb)| one(crumb, at + 1 == last)).collect_view()
    };
    view! {
        <nav class="crumbs" aria-label=t(keys::SHELL_BREADCRUMBS)>
            <ol>{list}</ol>
        </nav>
    }
    .into_any()
}
