//! Connecting a provider: carry addresses there, bring credentials back, make the round trip.
//!
//! The secret passes once, from the field to the server.

mod draft;
mod fields;
mod guide;

use api::{Connection, Provider};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server, navigation,
    pages::{connection, guide as steps, states},
    paths, problems,
    ui::{
        button::{Weight, button, link_button, submit},
        copy::copy_field,
        el::{El, Inside, View, div, group, live, p},
        form::Form,
        load::{Remote, bones},
        page::{Crumb, Head, page, section},
        task::{Act, act, later},
        toast::use_toasts,
    },
};
use draft::Draft;

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
        .child(section(
            states::about(keys::CONNECT_BRING, provider),
            None,
            credentials(Draft::of(connection), remote),
        ));
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
        ..
    } = connection.clone();
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

fn credentials(draft: Draft, remote: Remote<Connection>) -> El {
    let toasts = use_toasts();
    let provider = draft.provider();
    let form = draft.checked();
    let (stale, connecting, saving) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(false),
    );
    let failed = move |trouble: server::Trouble| {
        connecting.try_set(false);
        stale.try_set(problems::is_stale(&trouble));
        form.fail(problems::notice(&trouble), problems::refused(&trouble));
    };
    let connect = act(move || {
        if !form.begin() {
            return;
        }
        connecting.set(true);
        later(async move {
            if let Err(trouble) = round_trip(draft, form).await {
                failed(trouble);
            }
        });
    });
    let save = act(move || {
        if !form.begin() {
            return;
        }
        saving.set(true);
        later(async move {
            let answer = draft.save().await;
            saving.try_set(false);
            match answer {
                Ok(()) => {
                    form.end();
                    toasts.done(keys::CONNECT_SAVED);
                }
                Err(trouble) => failed(trouble),
            }
        });
    });
    let reload = live(move || {
        let again = button(keys::ACTION_SHOW_CURRENT, act(move || remote.again())).picture("again");
        stale.get().then_some(again)
    });
    let actions = div("form-actions")
        .child(reload)
        .child(link_button(
            paths::connection(provider),
            keys::ACTION_CANCEL,
            Weight::Quiet,
            "",
        ))
        .child(button(keys::CONNECT_SAVE_DRAFT, save).busy(saving))
        .child(submit(keys::CONNECT_NOW, connecting.into()));
    let inside = vec![
        fields::fields(draft, form).done(),
        p("form-note muted small")
            .child(states::about(keys::CONNECT_WHAT_HAPPENS, provider))
            .done(),
        actions.done(),
    ];
    form.draw(connect, inside)
}

/// Saves what is not saved yet, and leaves for the provider.
async fn round_trip(draft: Draft, form: Form) -> Result<(), server::Trouble> {
    let provider = draft.provider();
    if !draft.is_saved() {
        draft.save().await?;
    }
    form.saved();
    // Whoever left the page in the meantime stays where they are.
    if let Some(version) = draft.version() {
        let trip = server::connect(provider, version).await?;
        if draft.version().is_some() {
            navigation::leave(&trip.location);
        }
    }
    Ok(())
}
