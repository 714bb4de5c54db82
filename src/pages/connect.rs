//! Connecting a provider: carry addresses there, bring credentials back, make the round trip.
//!
//! The secret passes once, from the field to the server.

mod draft;
mod fields;
mod guide;
mod matching;
mod trip;

use api::{Connection, Provider};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    pages::{connection, guide as steps, states},
    paths, problems,
    ui::{
        button::{Weight, button, link_button, submit},
        copy::copy_field,
        el::{El, Inside, View, div, group, live, p},
        load::{Remote, bones},
        page::{Crumb, Head, page, section},
        task::{Act, act, later},
    },
};
use draft::Draft;
use trip::{Trip, Until};

#[must_use]
pub fn connect(provider: Provider) -> View {
    let remote = Remote::new(move || problems::asked(server::connection(provider)));
    let title = states::about(keys::CONNECT_TITLE, provider);
    let head = Head::new(title)
        .lede(states::about(keys::CONNECT_LEDE, provider))
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::to(keys::INTEGRATIONS_TITLE, paths::integrations()),
            Crumb::to(provider.name(), paths::connection(provider)),
            Crumb::here(keys::CONNECT_CRUMB),
        ])
        .actions(live(move || {
            remote.value().map(|it| states::connection(it.state))
        }));
    page(
        head,
        remote.draw(|| bones("form", 6), move |it| content(&it, remote)),
    )
}

fn content(connection: &Connection, remote: Remote<Connection>) -> View {
    let provider = connection.provider;
    let failed = connection
        .failure
        .as_ref()
        .map(|it| connection::failure(it, provider));
    let left = div("column")
        .child(section(
            states::about(keys::CONNECT_CARRY, provider),
            None,
            carry(connection),
        ))
        .child(credentials(Draft::of(connection), remote));
    let right = div("column").child(guide::guide(provider));
    let columns = div("columns")
        .attr("data-wide", "first")
        .child(left)
        .child(right);
    let steps = (provider == Provider::Okta)
        .then(|| section(keys::GUIDED_BY_STEP, None, steps::steps(None)));
    group(vec![failed.inside(), steps.inside(), columns.done()])
}

/// What has to be registered at the provider.
fn carry(connection: &Connection) -> El {
    let Connection {
        provider,
        redirect_uri,
        sign_out_redirect_uri,
        initiate_login_uri,
        ..
    } = connection.clone();
    let initiate = initiate_login_uri.map(|uri| {
        let hint = Some(keys::CONNECT_INITIATE_LOGIN_URI_HINT.into());
        copy_field(
            "initiate-login-uri",
            keys::CONNECT_INITIATE_LOGIN_URI,
            uri,
            hint,
        )
    });
    let hint = Some(states::about(keys::CONNECT_REDIRECT_URI_HINT, provider));
    let sign_out = (provider == Provider::Okta).then(|| {
        let hint = Some(keys::CONNECT_SIGN_OUT_REDIRECT_URI_HINT.into());
        let label = keys::CONNECT_SIGN_OUT_REDIRECT_URI;
        copy_field("sign-out-redirect-uri", label, sign_out_redirect_uri, hint)
    });
    div("fields")
        .child(copy_field(
            "redirect-uri",
            keys::CONNECT_REDIRECT_URI,
            redirect_uri,
            hint,
        ))
        .child(sign_out)
        .child(initiate)
}

/// The fields on their own, for the guide: saves, and goes on.
#[must_use]
pub fn paste(connection: &Connection, issuer: Option<String>, saved: Act) -> El {
    let draft = Draft::of(connection);
    if let Some(issuer) = issuer {
        draft.issuer.set(issuer);
    }
    let form = draft.checked();
    let send = act(move || {
        if draft.is_saved() {
            return saved();
        }
        if !form.begin() {
            return;
        }
        let saved = saved.clone();
        later(async move {
            match draft.save().await {
                Ok(()) => {
                    form.end();
                    saved();
                }
                Err(it) => form.fail(problems::notice(&it), problems::refused(&it)),
            }
        });
    });
    let actions = div("form-actions").child(submit(keys::GUIDED_SAVE_AND_CHECK, form.busy.into()));
    form.draw(
        send,
        vec![fields::fields(draft, form).done(), actions.done()],
    )
}

/// The fields, their buttons, and what the checks say below.
fn credentials(draft: Draft, remote: Remote<Connection>) -> View {
    let provider = draft.provider();
    let form = draft.checked();
    let trip = Trip::new(draft, form);
    let reload = live(move || {
        let again = button(keys::ACTION_SHOW_CURRENT, act(move || remote.again())).picture("again");
        trip.stale.get().then_some(again)
    });
    let actions = div("form-actions")
        .child(reload)
        .child(link_button(
            paths::connection(provider),
            keys::ACTION_CANCEL,
            Weight::Quiet,
            "",
        ))
        .child(button(keys::CONNECT_SAVE_DRAFT, trip.press(Until::Saved)).busy(trip.saving))
        .child(submit(keys::CONNECT_NOW, trip.connecting.into()));
    let inside = vec![
        fields::fields(draft, form).done(),
        p("form-note muted small")
            .child(states::about(keys::CONNECT_WHAT_HAPPENS, provider))
            .done(),
        actions.done(),
    ];
    let form = form.draw(trip.press(Until::Verified), inside);
    let title = states::about(keys::CONNECT_BRING, provider);
    group(vec![section(title, None, form).done(), trip.checks()])
}
