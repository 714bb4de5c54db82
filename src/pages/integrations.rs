//! Integrations, single sign-on: one card a provider with its state.

use api::{Connection, ConnectionState, Provider, connections::ConnectionList};
use locales::{Key, keys};

use crate::{
    api as server,
    pages::states,
    problems,
    ui::{
        button::Weight,
        el::{El, View, div, el, p, span},
        format::when,
        load::{Remote, bones},
        page::{Crumb, Head, page},
    },
};

#[must_use]
pub fn integrations() -> View {
    let list = Remote::new(|| problems::asked(server::connections()));
    let head = Head::new(keys::INTEGRATIONS_TITLE)
        .lede(keys::INTEGRATIONS_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::here(keys::INTEGRATIONS_TITLE),
        ]);
    page(
        head,
        list.draw(|| bones("cards", 3), |list| cards(&list).done()),
    )
}

fn cards(list: &ConnectionList) -> El {
    let okta_is_on = list
        .connections
        .iter()
        .any(|it| it.provider == Provider::Okta && it.state.is_on());
    let cards: Vec<El> = list
        .connections
        .iter()
        .map(|it| card(it, okta_is_on))
        .collect();
    el("ul").class("cards").child(cards)
}

fn card(connection: &Connection, okta_is_on: bool) -> El {
    let provider = connection.provider;
    let (weight, barred) = match provider {
        Provider::Okta => (Weight::Primary, false),
        Provider::Google | Provider::Microsoft => (Weight::Plain, okta_is_on),
    };
    let state = if barred {
        ConnectionState::DisabledByOkta
    } else {
        connection.state
    };
    let since = connection.active_since.filter(|_| state.is_on()).map(|at| {
        p("muted small")
            .child(keys::CONNECTION_ACTIVE_SINCE)
            .child(" ")
            .child(when(at))
    });
    let initial = provider.name().chars().next().map(String::from);
    let head = div("card-head")
        .child(
            span("provider-mark")
                .attr("aria-hidden", "true")
                .child(initial),
        )
        .child(el("h2").child(provider.name()))
        .child(states::connection(state));
    el("li")
        .class("card panel")
        .child(head)
        .child(el("p").child(means(provider)))
        .child(since)
        .child(div("card-foot").child(states::next_step(connection, weight)))
}

fn means(provider: Provider) -> Key {
    match provider {
        Provider::Okta => keys::INTEGRATIONS_OKTA,
        Provider::Google => keys::INTEGRATIONS_GOOGLE,
        Provider::Microsoft => keys::INTEGRATIONS_MICROSOFT,
    }
}
