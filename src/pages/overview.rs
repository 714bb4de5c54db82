//! The first page: how the connection is, how many have arrived, and what happened last.

mod first_steps;

use api::{
    Connection, ConnectionState, Overview, Provider, Status,
    overview::AttemptCounts,
    users::StatusCounts,
};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server,
    pages::{
        attempts::{Whose, attempts},
        states,
    },
    paths, problems,
    session::use_session,
    ui::{
        button::{Weight, link_button},
        format::{number, when},
        icon::icon,
        load::{Remote, bones},
        page::{Crumb, Head, page, section},
    },
    words::{self, Text, t, tf},
};

#[must_use]
pub fn overview() -> AnyView {
    let overview = Remote::new(|| Box::pin(async { server::overview().await.map_err(|it| problems::notice(&it)) }));
    let lede = Signal::derive(move || overview.value().map_or(Text::from(""), |it| state_of(&it)));
    let badge = move || overview.value().and_then(|it| in_use(&it.connections).map(|it| states::connection(it.state)));
    let head = Head::called(Signal::stored(keys::OVERVIEW_TITLE.into()), lede)
        .crumbs(vec![Crumb::here(keys::OVERVIEW_TITLE)])
        .actions(badge.into_any());
    let body = view! {
        {overview.draw(|| bones("cards", 4), |it| content(&it))}
        {practice()}
    };
    page(head, body.into_any())
}

/// The connection that members sign in with; Okta's while there is none.
fn in_use(connections: &[Connection]) -> Option<&Connection> {
    connections
        .iter()
        .find(|it| it.state == ConnectionState::Active)
        .or_else(|| connections.iter().find(|it| it.provider == Provider::Okta))
}

/// How things are, in one sentence.
fn state_of(overview: &Overview) -> Text {
    match in_use(&overview.connections) {
        Some(it) if it.state == ConnectionState::Active => states::about(keys::OVERVIEW_CONNECTED, it.provider),
        Some(it) if it.state == ConnectionState::Draft => states::about(keys::OVERVIEW_DRAFT, it.provider),
        Some(_) | None => keys::OVERVIEW_NOT_CONNECTED.into(),
    }
}

fn content(overview: &Overview) -> AnyView {
    let latest = section(keys::OVERVIEW_LATEST, None, attempts(&overview.recent, Whose::Anyones));
    view! {
        {first_steps::first_steps(overview)}
        <div class="figures">
            {signed_in(overview.today)} {arrived(overview.users)} {attention(overview.users)}
        </div>
        <div class="columns" data-wide="first">
            <div class="column">{latest}</div>
            <div class="column">
                {section(keys::OVERVIEW_CONNECTION, None, connection(in_use(&overview.connections)))}
                {section(keys::OVERVIEW_PEOPLE, None, people(overview.users))}
            </div>
        </div>
    }
    .into_any()
}

fn figure(label: Key, value: String, under: String, href: Option<String>) -> AnyView {
    let label = match href {
        Some(href) => view! { <a class="figure-label row-link" href=href>{t(label)}</a> }.into_any(),
        None => view! { <span class="figure-label">{t(label)}</span> }.into_any(),
    };
    view! {
        <div class="figure panel">
            {label}
            <span class="figure-value">{value}</span>
            <span class="muted">{under}</span>
        </div>
    }
    .into_any()
}

fn signed_in(today: AttemptCounts) -> AnyView {
    // Not one closure for the whole page: each figure follows the language by itself.
    (move || {
        let under = tf(
            keys::OVERVIEW_TODAY_UNDER,
            &[("failed", &number(today.failed)), ("never", &number(today.never_came_back))],
        );
        figure(keys::OVERVIEW_TODAY, number(today.succeeded), under(), None)
    })
    .into_any()
}

fn arrived(users: StatusCounts) -> AnyView {
    (move || {
        let values = [("n", &*number(users.active)), ("all", &*number(users.all))];
        let value = tf(keys::OVERVIEW_ARRIVED_OF, &values)();
        let values = [("inactive", &*number(users.inactive)), ("suspended", &*number(users.suspended))];
        let under = tf(keys::OVERVIEW_ARRIVED_UNDER, &values)();
        figure(keys::OVERVIEW_ARRIVED, value, under, Some(paths::users_with("", Some(Status::Active))))
    })
    .into_any()
}

fn attention(users: StatusCounts) -> AnyView {
    (move || {
        let under = if users.needs_attention == 0 {
            words::text(keys::OVERVIEW_ATTENTION_NONE)
        } else {
            words::text(keys::OVERVIEW_ATTENTION_SOME)
        };
        let href = Some(paths::users_with("", Some(Status::NeedsAttention))).filter(|_| users.needs_attention > 0);
        figure(keys::STATUS_NEEDS_ATTENTION, number(users.needs_attention), under, href)
    })
    .into_any()
}

fn connection(connection: Option<&Connection>) -> AnyView {
    let Some(connection) = connection else { return ().into_any() };
    let provider = connection.provider;
    let since = connection.active_since.map(|at| {
        view! { <dt>{t(keys::CONNECTION_ACTIVE_SINCE)}</dt> <dd>{when(at)}</dd> }
    });
    let issuer = connection.settings.as_ref().map(|it| {
        view! { <dt>{t(keys::CONNECTION_ISSUER)}</dt> <dd><code>{it.issuer.clone()}</code></dd> }
    });
    let (href, label, weight) = match connection.state {
        ConnectionState::NotConnected => (paths::connect(provider), keys::CONNECTION_CONNECT, Weight::Primary),
        ConnectionState::Draft => (paths::connect(provider), keys::CONNECTION_CONTINUE, Weight::Primary),
        ConnectionState::Active | ConnectionState::SwitchedOff | ConnectionState::Disabled => {
            (paths::connection(provider), keys::CONNECTION_OPEN, Weight::Plain)
        }
    };
    view! {
        <dl class="facts">
            <dt>{t(keys::ORGANIZATION_PROVIDER)}</dt>
            <dd>{provider.name()}</dd>
            {issuer}
            {since}
        </dl>
        <div class="panel-actions">{link_button(href, states::about(label, provider), weight, "")}</div>
    }
    .into_any()
}

/// Everybody by status: a bar for those who see it, words for all.
fn people(users: StatusCounts) -> AnyView {
    let line = move |status: Status, n: u64| {
        view! {
            <li>
                <a class="people-link" href=paths::users_with("", Some(status))>{states::status(status)}</a>
                <span class="tabular">{move || number(n)}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="people">
            {line(Status::Active, users.active)}
            {line(Status::Inactive, users.inactive)}
            {line(Status::NeedsAttention, users.needs_attention)}
            {line(Status::Suspended, users.suspended)}
        </ul>
    }
    .into_any()
}

/// In the demonstration: where the practice Okta's own pages are.
fn practice() -> AnyView {
    let session = use_session();
    (move || {
        session.with(|it| it.practice.clone()).map(|href| {
            view! {
                <p class="practice muted small">
                    {t(keys::OVERVIEW_PRACTICE)} " "
                    <a href=href target="_blank" rel="noopener">
                        {t(keys::OVERVIEW_PRACTICE_OPEN)} {icon("external")}
                    </a>
                </p>
            }
        })
    })
    .into_any()
}
