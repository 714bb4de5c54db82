//! The first page: how the connection is, how many have arrived, and what happened last.

mod charts;
mod first_steps;
pub mod notices;

use api::{
    Connection, ConnectionState, Overview, Provider, Status,
    overview::{AttemptCounts, FailingCheck},
    users::StatusCounts,
};
use leptos::prelude::*;
use locales::{Key, cause_title, keys};

use crate::{
    api as server,
    pages::{
        attempts::{Whose, attempts},
        states,
    },
    paths, problems,
    session::use_session,
    ui::{
        button::Weight,
        el::{El, Inside, View, code, div, el, group, link, live, p, span},
        format::{number, when},
        icon::icon,
        load::{Remote, bones},
        page::{Crumb, Head, facts, page, section},
    },
    words::Text,
};

#[must_use]
pub fn overview() -> View {
    let overview = Remote::new(|| problems::asked(server::overview()));
    let lede = Signal::derive(move || overview.value().map_or(Text::from(""), |it| state_of(&it)));
    // A bone keeps the badge's place: on a narrow screen it has a line of its own, and everything below would jump.
    let state = live(move || match overview.value() {
        None => span("bone").attr("data-shape", "badge").inside(),
        Some(it) => in_use(&it.connections)
            .map(|it| states::connection(it.state))
            .inside(),
    });
    let head = Head::called(Signal::stored(keys::OVERVIEW_TITLE.into()), lede)
        .crumbs(vec![Crumb::here(keys::OVERVIEW_TITLE)])
        .actions(state);
    let body = overview.draw(|| bones("cards", 4), |it| content(&it));
    page(head, group(vec![notices::notices(), body]))
}

/// The connection that members sign in with; Okta's while there is none.
fn in_use(connections: &[Connection]) -> Option<&Connection> {
    connections
        .iter()
        .find(|it| it.state.is_on())
        .or_else(|| connections.iter().find(|it| it.provider == Provider::Okta))
}

/// How things are, in one sentence.
fn state_of(overview: &Overview) -> Text {
    let Some(connection) = in_use(&overview.connections) else {
        return keys::OVERVIEW_NOT_CONNECTED.into();
    };
    let said = match connection.state {
        ConnectionState::Connected => keys::OVERVIEW_CONNECTED,
        ConnectionState::Trial => keys::OVERVIEW_TRIAL,
        ConnectionState::Degraded => keys::OVERVIEW_DEGRADED,
        ConnectionState::Verified => keys::OVERVIEW_PROVEN,
        ConnectionState::Draft => keys::OVERVIEW_DRAFT,
        ConnectionState::NotConnected
        | ConnectionState::DisabledByOkta
        | ConnectionState::Disabled => return keys::OVERVIEW_NOT_CONNECTED.into(),
    };
    states::about(said, connection.provider)
}

fn content(overview: &Overview) -> View {
    let figures = div("figures").child(live({
        let (today, users) = (overview.today, overview.users);
        move || vec![signed_in(today), arrived(users), attention(users)]
    }));
    let latest = section(
        keys::OVERVIEW_LATEST,
        None,
        attempts(&overview.recent, Whose::Anyones),
    );
    let side = div("column")
        .child(section(
            keys::OVERVIEW_CONNECTION,
            None,
            connection(in_use(&overview.connections), &overview.failing),
        ))
        .child(section(keys::OVERVIEW_PEOPLE, None, people(overview.users)));
    let columns = div("columns")
        .attr("data-wide", "first")
        .child(div("column").child(latest))
        .child(side);
    group(vec![
        first_steps::first_steps(overview).inside(),
        figures.done(),
        charts::charts(overview),
        columns.done(),
        practice(),
    ])
}

/// A number with its name, and what it means.
#[must_use]
pub fn figure(label: Key, value: String, under: Text, href: Option<String>) -> El {
    let label = match href {
        Some(href) => link(href).class("figure-label row-link").child(label),
        None => span("figure-label").child(label),
    };
    div("figure panel")
        .child(label)
        .child(span("figure-value").child(value))
        .child(span("muted").child(under))
}

fn signed_in(today: AttemptCounts) -> El {
    let values = [
        ("failed", &*number(today.failed)),
        ("never", &*number(today.not_completed)),
    ];
    let under = Text::with(keys::OVERVIEW_TODAY_UNDER, &values);
    figure(keys::OVERVIEW_TODAY, number(today.succeeded), under, None)
}

fn arrived(users: StatusCounts) -> El {
    let values = [("n", &*number(users.active)), ("all", &*number(users.all))];
    let value = Text::with(keys::OVERVIEW_ARRIVED_OF, &values).read();
    let values = [
        ("inactive", &*number(users.inactive)),
        ("suspended", &*number(users.suspended)),
    ];
    let under = Text::with(keys::OVERVIEW_ARRIVED_UNDER, &values);
    figure(
        keys::OVERVIEW_ARRIVED,
        value,
        under,
        Some(paths::users_of(Status::Active)),
    )
}

fn attention(users: StatusCounts) -> El {
    let (under, href) = if users.needs_attention == 0 {
        (keys::OVERVIEW_ATTENTION_NONE, None)
    } else {
        (
            keys::OVERVIEW_ATTENTION_SOME,
            Some(paths::users_of(Status::NeedsAttention)),
        )
    };
    figure(
        keys::STATUS_NEEDS_ATTENTION,
        number(users.needs_attention),
        under.into(),
        href,
    )
}

fn connection(connection: Option<&Connection>, failing: &[FailingCheck]) -> Option<View> {
    let connection = connection?;
    let provider = connection.provider;
    let mut lines = vec![(keys::ORGANIZATION_PROVIDER, provider.name().inside())];
    let failing = failing.iter().filter(|it| it.provider == provider);
    lines.extend(failing.map(|it| {
        let to = link(paths::checks(provider)).child(cause_title(it.cause));
        (keys::CHECKS_TITLE, to.done())
    }));
    if let Some(settings) = &connection.settings {
        lines.push((
            keys::CONNECTION_ISSUER,
            code(settings.issuer.clone()).done(),
        ));
    }
    if let Some(at) = connection.active_since {
        lines.push((keys::CONNECTION_ACTIVE_SINCE, when(at).done()));
    }
    let open = states::next_step(connection, Weight::Plain);
    Some(group(vec![
        facts(lines).done(),
        div("panel-actions").child(open).done(),
    ]))
}

/// Everybody by status.
fn people(users: StatusCounts) -> El {
    let line = |status: Status, n: u64| {
        let name = link(paths::users_of(status))
            .class("people-link")
            .child(states::status(status));
        el("li")
            .child(name)
            .child(span("tabular").child(live(move || number(n))))
    };
    el("ul")
        .class("people")
        .child(line(Status::Active, users.active))
        .child(line(Status::Inactive, users.inactive))
        .child(line(Status::NeedsAttention, users.needs_attention))
        .child(line(Status::Suspended, users.suspended))
}

/// In the demonstration: where the practice Okta's own pages are.
fn practice() -> View {
    let session = use_session();
    live(move || {
        let href = session.with(|it| it.okta_simulator.clone())?;
        let open = link(href)
            .attr("target", "_blank")
            .attr("rel", "noopener")
            .child(keys::OVERVIEW_PRACTICE_OPEN)
            .child(icon("external"));
        Some(
            p("practice muted small")
                .child(keys::OVERVIEW_PRACTICE)
                .child(" ")
                .child(open),
        )
    })
}
