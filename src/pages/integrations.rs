//! Integrations, single sign-on: one card a provider with its state.

use api::{Connection, ConnectionState, Provider, connections::ConnectionList};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server,
    pages::states,
    paths, problems,
    ui::{
        button::{Weight, link_button},
        format::when,
        load::{Remote, bones},
        page::{Crumb, Head, page},
    },
    words::{Text, t},
};

#[must_use]
pub fn integrations() -> AnyView {
    let list = Remote::new(|| Box::pin(async { server::connections().await.map_err(|it| problems::notice(&it)) }));
    let head = Head::new(keys::INTEGRATIONS_TITLE)
        .lede(keys::INTEGRATIONS_LEDE)
        .crumbs(vec![Crumb::here(keys::SHELL_SETTINGS), Crumb::here(keys::INTEGRATIONS_TITLE)]);
    page(head, list.draw(|| bones("cards", 3), |list| cards(&list)))
}

fn cards(list: &ConnectionList) -> AnyView {
    let okta_is_on =
        list.connections.iter().any(|it| it.provider == Provider::Okta && it.state == ConnectionState::Active);
    let cards: Vec<AnyView> = list.connections.iter().map(|it| card(it, okta_is_on)).collect();
    view! { <ul class="cards">{cards}</ul> }.into_any()
}

fn card(connection: &Connection, okta_is_on: bool) -> AnyView {
    let provider = connection.provider;
    let barred = okta_is_on && provider != Provider::Okta;
    let state = if barred { ConnectionState::SwitchedOff } else { connection.state };
    let (href, label, weight): (String, Key, Weight) = match connection.state {
        ConnectionState::NotConnected => (paths::connect(provider), keys::CONNECTION_CONNECT, first(provider)),
        ConnectionState::Draft => (paths::connect(provider), keys::CONNECTION_CONTINUE, first(provider)),
        ConnectionState::Active | ConnectionState::SwitchedOff | ConnectionState::Disabled => {
            (paths::connection(provider), keys::CONNECTION_OPEN, Weight::Plain)
        }
    };
    let since = connection.active_since.filter(|_| connection.state == ConnectionState::Active).map(|at| {
        view! { <p class="muted small">{t(keys::CONNECTION_ACTIVE_SINCE)} " " {when(at)}</p> }
    });
    let weight = if barred { Weight::Plain } else { weight };
    view! {
        <li class="card panel">
            <div class="card-head">
                <span class="provider-mark" data-provider=provider.code() aria-hidden="true">{provider.name().chars().next()}</span>
                <h2>{provider.name()}</h2>
                {states::connection(state)}
            </div>
            <p>{t(means(provider))}</p>
            {since}
            <div class="card-foot">{link_button(href, states::about(label, provider), weight, "")}</div>
        </li>
    }
    .into_any()
}

fn first(provider: Provider) -> Weight {
    match provider {
        Provider::Okta => Weight::Primary,
        Provider::Google | Provider::Microsoft => Weight::Plain,
    }
}

fn means(provider: Provider) -> Text {
    match provider {
        Provider::Okta => keys::INTEGRATIONS_OKTA.into(),
        Provider::Google => keys::INTEGRATIONS_GOOGLE.into(),
        Provider::Microsoft => keys::INTEGRATIONS_MICROSOFT.into(),
    }
}
