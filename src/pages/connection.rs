//! A provider's connection: its state, its settings, what the last round trip showed, and the switch.

mod proof;

use std::sync::Arc;

use api::{
    Connection, ConnectionState, Provider,
    connections::{Failure, SecretInfo, Settings},
};
use leptos::prelude::*;
use locales::{Key, cause_fix, cause_title, keys};

use crate::{
    api::{self as server, Trouble},
    navigation::{Step, use_place},
    pages::states,
    paths, problems,
    ui::{
        badge::Tone,
        button::{Button, Weight, link_button},
        copy::copy_field,
        format::{day, when},
        load::{Remote, bones, empty},
        notice::{Notice, notice},
        overlay::{Question, use_confirm},
        page::{Crumb, Head, page, section},
        toast::use_toasts,
    },
    words::{Text, t},
};

#[must_use]
pub fn connection(provider: Provider) -> AnyView {
    let remote = Remote::new(move || {
        Box::pin(async move { server::connection(provider).await.map_err(|it| problems::notice(&it)) })
    });
    greet(provider);
    let head = Head::new(provider.name())
        .lede(states::about(keys::CONNECTION_LEDE, provider))
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::to(keys::INTEGRATIONS_TITLE, paths::integrations()),
            Crumb::here(provider.name()),
        ])
        .actions((move || remote.value().map(|it| states::connection(it.state))).into_any());
    page(head, remote.draw(|| bones("form", 5), move |it| content(&it, remote)))
}

/// Says once that the round trip ended well, and takes that out of the address.
fn greet(provider: Provider) {
    let (place, toasts) = (use_place(), use_toasts());
    if place.search.with_untracked(|it| crate::navigation::value_of(it, "connected")) == "1" {
        toasts.done(states::about(keys::CONNECTION_NOW_CONNECTED, provider));
        place.go(&paths::connection(provider), Step::Replace);
    }
}

fn content(connection: &Arc<Connection>, remote: Remote<Connection>) -> AnyView {
    let provider = connection.provider;
    let Some(settings) = &connection.settings else {
        let go = link_button(
            paths::connect(provider),
            states::about(keys::CONNECTION_CONNECT, provider),
            Weight::Primary,
            "",
        );
        let title = states::about(keys::CONNECTION_EMPTY_TITLE, provider);
        let nothing = empty("integrations", title, keys::CONNECTION_EMPTY_FIX, Some(go));
        return view! { <div class="panel">{nothing}</div> }.into_any();
    };
    let edit = link_button(paths::connect(provider), keys::CONNECTION_EDIT, Weight::Plain, "pencil");
    let facts = facts(settings, connection.secret.as_ref());
    view! {
        {standing(connection)}
        {connection.failure.as_ref().map(|it| failure(it, provider))}
        <div class="columns" data-wide="first">
            <div class="column">
                {section(keys::CONNECTION_SETTINGS, Some(edit), facts)}
                {section(keys::CONNECTION_PROOF, None, proof::proof(connection.proof.as_ref(), provider))}
            </div>
            <div class="column">
                {section(keys::CONNECTION_SWITCH, None, switch(connection, remote))}
                {section(keys::CONNECTION_REGISTERED, None, addresses(connection))}
            </div>
        </div>
    }
    .into_any()
}

/// What the state means for members, where that is not plain.
fn standing(connection: &Connection) -> Option<AnyView> {
    let provider = connection.provider;
    let said = match connection.state {
        ConnectionState::Draft => {
            Notice::info(Tone::Accent, "info", states::about(keys::CONNECTION_DRAFT_MEANS, provider))
        }
        ConnectionState::SwitchedOff => {
            Notice::info(Tone::Neutral, "info", states::about(keys::CONNECTION_SWITCHED_OFF_MEANS, provider))
        }
        ConnectionState::Disabled => {
            Notice::info(Tone::Neutral, "info", states::about(keys::CONNECTION_DISABLED_MEANS, provider))
        }
        ConnectionState::NotConnected | ConnectionState::Active => return None,
    };
    Some(notice(said, None))
}

/// How the last round trip failed.
#[must_use]
pub fn failure(failure: &Failure, provider: Provider) -> AnyView {
    let mut said = Notice::new(cause_title(failure.cause), cause_fix(failure.cause)).reference(&failure.reference);
    if let Some(words) = &failure.provider_said {
        said = said.detail(Text::with(keys::ATTEMPTS_SAID, &[("provider", provider.name()), ("said", words)]));
    }
    notice(said, Some(view! { <p class="small">{when(failure.at)}</p> }.into_any()))
}

fn facts(settings: &Settings, secret: Option<&SecretInfo>) -> AnyView {
    let fact = |label: Key, value: Option<String>| {
        value.map(|value| view! { <dt>{t(label)}</dt> <dd><code>{value}</code></dd> })
    };
    let secret = secret.cloned().map(|it| {
        view! { <dt>{t(keys::CONNECT_CLIENT_SECRET)}</dt> <dd>{move || secret_said(&it)}</dd> }
    });
    view! {
        <dl class="facts">
            {fact(keys::CONNECTION_ISSUER, Some(settings.issuer.clone()))}
            {fact(keys::CONNECT_CLIENT_ID, Some(settings.client_id.clone()))}
            {secret}
            {fact(keys::CONNECT_NATIVE_CLIENT_ID, settings.native_client_id.clone())}
            {fact(keys::CONNECT_AUDIENCE, settings.audience.clone())}
            {fact(keys::CONNECT_HOSTED_DOMAIN, settings.hosted_domain.clone())}
            {fact(keys::CONNECT_TENANT, settings.tenant.clone())}
        </dl>
    }
    .into_any()
}

/// "Ends in ab12, set 21 Nov 2026 by Ada".
#[must_use]
pub fn secret_said(secret: &SecretInfo) -> String {
    let values = [("last_four", &*secret.last_four), ("day", &day(secret.set_at)), ("name", &secret.set_by)];
    Text::with(keys::CONNECTION_SECRET_SAID, &values).read()
}

fn addresses(connection: &Connection) -> AnyView {
    view! {
        <div class="fields">
            {copy_field("redirect-uri", keys::CONNECT_REDIRECT_URI, connection.redirect_uri.clone(), None)}
            {copy_field(
                "sign-out-redirect-uri",
                keys::CONNECT_SIGN_OUT_REDIRECT_URI,
                connection.sign_out_redirect_uri.clone(),
                None,
            )}
        </div>
    }
    .into_any()
}

/// On or off, and what that does.
fn switch(connection: &Connection, remote: Remote<Connection>) -> AnyView {
    let provider = connection.provider;
    let (means, action) = match connection.state {
        ConnectionState::Active => {
            let since = connection.active_since.map(|at| {
                view! { <p class="small">{t(keys::CONNECTION_ACTIVE_SINCE)} " " {when(at)}</p> }
            });
            let press = off(connection, remote);
            let button = view! {
                {since}
                <Button label=keys::CONNECTION_SWITCH_OFF picture="power" on_press=press />
            };
            (keys::CONNECTION_ON_MEANS, button.into_any())
        }
        ConnectionState::SwitchedOff | ConnectionState::Disabled => {
            let press = on(connection, remote);
            let button = view! { <Button label=keys::CONNECTION_SWITCH_ON picture="power" on_press=press /> };
            (keys::CONNECTION_OFF_MEANS, button.into_any())
        }
        ConnectionState::Draft | ConnectionState::NotConnected => {
            let label = states::about(keys::CONNECTION_CONTINUE, provider);
            (keys::CONNECTION_TO_SWITCH_ON, link_button(paths::connect(provider), label, Weight::Primary, ""))
        }
    };
    view! {
        <div class="panel-body stack">
            <p>{t(states::about(means, provider))}</p>
            <div class="stack">{action}</div>
        </div>
    }
    .into_any()
}

fn off(connection: &Connection, remote: Remote<Connection>) -> Callback<()> {
    let confirm = use_confirm();
    let (provider, version) = (connection.provider, connection.version);
    let answered = answered(provider, keys::CONNECTION_NOW_OFF, remote);
    let then = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            answered(server::disable_connection(provider, version).await);
        });
    });
    Callback::new(move |()| {
        confirm.ask(Question {
            title: states::about(keys::CONNECTION_SWITCH_OFF_TITLE, provider),
            body: states::about(keys::CONNECTION_SWITCH_OFF_MEANS, provider),
            action: keys::CONNECTION_SWITCH_OFF.into(),
            weight: Weight::Danger,
            then,
        });
    })
}

fn on(connection: &Connection, remote: Remote<Connection>) -> Callback<()> {
    let (provider, version) = (connection.provider, connection.version);
    let answered = answered(provider, keys::CONNECTION_NOW_ON, remote);
    Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            answered(server::enable_connection(provider, version).await);
        });
    })
}

fn answered(
    provider: Provider,
    done: Key,
    remote: Remote<Connection>,
) -> impl Fn(Result<(), Trouble>) + Copy + Send + Sync {
    let toasts = use_toasts();
    move |answer| {
        match answer {
            Ok(()) => toasts.done(states::about(done, provider)),
            Err(trouble) => toasts.failed(problems::notice(&trouble).title),
        }
        remote.again();
    }
}
