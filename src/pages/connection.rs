//! A provider's connection: its state, its settings, what the last round trip showed, and what comes next.

mod checks;
mod life;
mod proof;
pub mod secret;

use api::{
    Connection, Provider,
    connections::{Failure, MatchBy, SecretInfo, Settings},
};
use leptos::prelude::*;
use locales::{Key, cause_title, keys};

use crate::{
    api as server,
    navigation::{Step, use_place},
    pages::{
        causes::{self, Facts},
        checks::way,
        files::{self, Ownership},
        states,
    },
    paths, problems,
    session::use_session,
    ui::{
        button::{Weight, link_button},
        copy::copy_field,
        el::{El, Inside, View, code, div, group, live, p},
        format::{day, when},
        load::{Remote, bones, empty},
        notice::{Notice, notice},
        page::{Crumb, Head, facts, page, section},
        toast::use_toasts,
    },
    words::Text,
};

#[must_use]
pub fn connection(provider: Provider) -> View {
    let session = use_session();
    let remote = Remote::new(move || {
        // A trial that begins, ends or is confirmed changes the connection too.
        session.with(|it| it.trial.map(drop));
        problems::asked(server::connection(provider))
    });
    greet(provider);
    let head = Head::new(provider.name())
        .lede(states::about(keys::CONNECTION_LEDE, provider))
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::to(keys::INTEGRATIONS_TITLE, paths::integrations()),
            Crumb::here(provider.name()),
        ])
        .actions(live(move || {
            remote.value().map(|it| states::connection(it.state))
        }));
    let ownership = files::ownership();
    let is_set = remote.part(|it| it.settings.is_some());
    let body = live(move || {
        if is_set.get()? {
            Some(content(provider, remote, ownership))
        } else {
            remote.value().map(|it| nothing(&it))
        }
    });
    let drawn = remote.draw_once(|| bones("form", 5), move |_| View::Nothing);
    page(head, group(vec![drawn, body]))
}

/// Says once that the round trip ended well, and takes that out of the address.
fn greet(provider: Provider) {
    let (place, toasts) = (use_place(), use_toasts());
    if place
        .search
        .with_untracked(|it| crate::navigation::value_of(it, "connected"))
        == "1"
    {
        toasts.done(states::about(keys::CONNECTION_NOW_CONNECTED, provider));
        place.go(&paths::connection(provider), Step::Replace);
    }
}

fn nothing(connection: &Connection) -> View {
    let title = states::about(keys::CONNECTION_EMPTY_TITLE, connection.provider);
    let go = states::next_step(connection, Weight::Primary).done();
    div("panel")
        .child(empty(
            "integrations",
            title,
            keys::CONNECTION_EMPTY_FIX,
            Some(go),
        ))
        .done()
}

/// Drawn once, its parts anew with each answer: a secret that is being typed is none of them.
fn content(provider: Provider, remote: Remote<Connection>, ownership: Ownership) -> View {
    let part = move |draw: fn(&Connection, Remote<Connection>) -> View| {
        live(move || remote.value().map(|it| draw(&it, remote)))
    };
    let edit = link_button(
        paths::one_page(provider),
        keys::CONNECTION_EDIT,
        Weight::Plain,
        "pencil",
    );
    let prove = link_button(
        paths::connect(provider),
        keys::CONNECTION_PROVE,
        Weight::Plain,
        "again",
    );
    let left = div("column")
        .child(section(
            keys::CONNECTION_SETTINGS,
            Some(edit),
            part(|it, _| shown(it).inside()),
        ))
        .child(section(
            keys::CONNECTION_PROOF,
            Some(prove),
            part(proof::proof),
        ));
    let version = remote.part(|it| it.version);
    let changed = move || version.track();
    let left = left.child(checks::panel(provider, remote, changed));
    let right = div("column")
        .child(section(
            keys::LIFE_NEXT,
            None,
            part(|it, remote| life::next(it, remote).inside()),
        ))
        .child(secret::panel(provider, ownership, changed))
        .child(section(
            keys::CONNECTION_REGISTERED,
            None,
            part(|it, _| addresses(it).inside()),
        ));
    group(vec![
        part(|it, _| life::standing(it)),
        files::owned_some(ownership, provider.code()),
        part(|it, _| {
            it.failure
                .as_ref()
                .map(|failed| failure(failed, it.provider))
                .inside()
        }),
        div("columns")
            .attr("data-wide", "first")
            .child(left)
            .child(right)
            .done(),
    ])
}

/// How the last round trip failed.
#[must_use]
pub fn failure(failure: &Failure, provider: Provider) -> El {
    let facts = Facts::seen(failure.provider_said.as_deref());
    let why = causes::why(failure.cause, provider, facts);
    let mut said = Notice::new(cause_title(failure.cause), why).reference(&failure.reference);
    if let Some(words) = &failure.provider_said {
        said = said.detail(states::said(provider, words));
    }
    let about = group(vec![
        causes::steps(failure.cause, provider, facts).done(),
        p("small").child(when(failure.at)).done(),
        way(failure.cause, provider).inside(),
    ]);
    notice(said, Some(about))
}

fn shown(connection: &Connection) -> Option<El> {
    let settings = connection.settings.as_ref()?;
    let value =
        |label: Key, value: Option<&String>| value.map(|it| (label, code(it.clone()).done()));
    let secret = connection
        .secret
        .clone()
        .map(|it| (keys::CONNECT_CLIENT_SECRET, live(move || secret_said(&it))));
    let lines = [
        value(keys::CONNECTION_ISSUER, Some(&settings.issuer)),
        value(keys::CONNECT_CLIENT_ID, Some(&settings.client_id)),
        secret,
        value(
            keys::CONNECT_NATIVE_CLIENT_ID,
            settings.native_client_id.as_ref(),
        ),
        value(
            keys::CONNECT_NATIVE_REDIRECT_URI,
            settings.native_redirect_uri.as_ref(),
        ),
        value(keys::CONNECT_AUDIENCE, settings.audience.as_ref()),
        value(keys::CONNECT_HOSTED_DOMAIN, settings.hosted_domain.as_ref()),
        value(keys::CONNECT_TENANT, settings.tenant.as_ref()),
        match_by(connection.provider, settings),
    ];
    Some(facts(lines.into_iter().flatten().collect()))
}

/// What users are matched by, where that is a choice.
fn match_by(provider: Provider, settings: &Settings) -> Option<(Key, View)> {
    let is = match (provider, settings.match_by) {
        (Provider::Okta, MatchBy::OktaLogin) => keys::CONNECT_MATCH_BY_LOGIN,
        (Provider::Okta, MatchBy::Email) if settings.allow_unverified_email => {
            keys::CONNECT_MATCH_BY_UNVERIFIED
        }
        (Provider::Okta, MatchBy::Email) => keys::CONNECT_MATCH_BY_EMAIL,
        (Provider::Google | Provider::Microsoft, _) => return None,
    };
    Some((keys::CONNECT_MATCH_BY, is.inside()))
}

/// "Ends in ab12, set 21 Nov 2026 by Ada". Of a short secret not even the end is told.
#[must_use]
pub fn secret_said(secret: &SecretInfo) -> String {
    let values = [
        ("last_four", &*secret.last_four),
        ("day", &day(secret.set_at)),
        ("name", &secret.set_by),
    ];
    let key = if secret.last_four.is_empty() {
        keys::CONNECTION_SECRET_SET
    } else {
        keys::CONNECTION_SECRET_SAID
    };
    Text::with(key, &values).read()
}

fn addresses(connection: &Connection) -> El {
    let Connection {
        redirect_uri,
        sign_out_redirect_uri,
        initiate_login_uri,
        ..
    } = connection.clone();
    let initiate = initiate_login_uri.map(|uri| {
        copy_field(
            "initiate-login-uri",
            keys::CONNECT_INITIATE_LOGIN_URI,
            uri,
            None,
        )
    });
    let sign_out = keys::CONNECT_SIGN_OUT_REDIRECT_URI;
    div("fields")
        .child(copy_field(
            "redirect-uri",
            keys::CONNECT_REDIRECT_URI,
            redirect_uri,
            None,
        ))
        .child(copy_field(
            "sign-out-redirect-uri",
            sign_out,
            sign_out_redirect_uri,
            None,
        ))
        .child(initiate)
}
