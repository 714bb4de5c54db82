//! Connecting a provider: carry addresses there, bring credentials back, make the round trip.
//!
//! The secret passes once, from the field to the server.

mod draft;
mod guide;

use std::sync::Arc;

use api::{Connection, Provider};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server, navigation,
    pages::{connection, states},
    paths, problems,
    ui::{
        button::{Button, Weight, link_button},
        copy::copy_field,
        field::{Field, Kind, Look},
        form::Form,
        load::{Remote, bones},
        page::{Crumb, Head, page, section},
        toast::use_toasts,
    },
    words::{Text, t},
};
use draft::Draft;

#[must_use]
pub fn connect(provider: Provider) -> AnyView {
    let remote = Remote::new(move || {
        Box::pin(async move { server::connection(provider).await.map_err(|it| problems::notice(&it)) })
    });
    let title = states::about(keys::CONNECT_TITLE, provider);
    let head = Head::new(title)
        .lede(states::about(keys::CONNECT_LEDE, provider))
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::to(keys::INTEGRATIONS_TITLE, paths::integrations()),
            Crumb::to(provider.name(), paths::connection(provider)),
            Crumb::here(keys::CONNECT_CRUMB),
        ])
        .actions((move || remote.value().map(|it| states::connection(it.state))).into_any());
    page(head, remote.draw(|| bones("form", 6), move |it| content(&it, remote)))
}

fn content(connection: &Arc<Connection>, remote: Remote<Connection>) -> AnyView {
    let provider = connection.provider;
    let draft = Draft::of(connection);
    let failed = connection.failure.as_ref().map(|it| connection::failure(it, provider));
    let carry = view! {
        <div class="fields">
            {copy_field(
                "redirect-uri",
                keys::CONNECT_REDIRECT_URI,
                connection.redirect_uri.clone(),
                Some(states::about(keys::CONNECT_REDIRECT_URI_HINT, provider)),
            )}
            {(provider == Provider::Okta).then(|| copy_field(
                "sign-out-redirect-uri",
                keys::CONNECT_SIGN_OUT_REDIRECT_URI,
                connection.sign_out_redirect_uri.clone(),
                Some(keys::CONNECT_SIGN_OUT_REDIRECT_URI_HINT.into()),
            ))}
        </div>
    };
    view! {
        {failed}
        <div class="columns" data-wide="first">
            <div class="column">
                {section(states::about(keys::CONNECT_CARRY, provider), None, carry.into_any())}
                {section(states::about(keys::CONNECT_BRING, provider), None, credentials(draft, remote))}
            </div>
            <aside class="column">{guide::guide(provider)}</aside>
        </div>
    }
    .into_any()
}

fn credentials(draft: Draft, remote: Remote<Connection>) -> AnyView {
    let form = draft.checked();
    let stale = RwSignal::new(false);
    let connecting = RwSignal::new(false);
    let saving = RwSignal::new(false);
    let connect = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        connecting.set(true);
        leptos::task::spawn_local(async move {
            if let Err(trouble) = round_trip(draft).await {
                connecting.try_set(false);
                stale.try_set(problems::is_stale(&trouble));
                form.fail(problems::notice(&trouble), problems::refused(&trouble));
            }
        });
    });
    let toasts = use_toasts();
    let save = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        saving.set(true);
        leptos::task::spawn_local(async move {
            let answer = draft.save().await;
            saving.try_set(false);
            match answer {
                Ok(()) => {
                    form.end();
                    toasts.done(keys::CONNECT_SAVED);
                }
                Err(trouble) => {
                    stale.try_set(problems::is_stale(&trouble));
                    form.fail(problems::notice(&trouble), problems::refused(&trouble));
                }
            }
        });
    });
    let again = Callback::new(move |()| remote.again());
    let reload = move || {
        stale.get().then(|| view! { <Button label=keys::ACTION_SHOW_CURRENT picture="again" on_press=again /> })
    };
    let inside = view! {
        <div class="fields">{fields(draft, form)}</div>
        <p class="form-note muted small">{t(states::about(keys::CONNECT_WHAT_HAPPENS, draft.provider()))}</p>
        <div class="form-actions">
            {reload}
            {link_button(paths::connection(draft.provider()), keys::ACTION_CANCEL, Weight::Quiet, "")}
            <Button label=keys::CONNECT_SAVE_DRAFT busy=saving on_press=save />
            <Button label=keys::CONNECT_NOW weight=Weight::Primary busy=connecting />
        </div>
    };
    form.draw(connect, inside.into_any())
}

/// Saves what is not saved yet, and leaves for the provider.
async fn round_trip(draft: Draft) -> Result<(), server::Trouble> {
    if !draft.is_saved() {
        draft.save().await?;
    }
    let trip = server::connect(draft.provider(), draft.version()).await?;
    navigation::leave(&trip.location);
    Ok(())
}

fn fields(draft: Draft, form: Form) -> AnyView {
    let client_id = Look { kind: Kind::Code, ..Look::default() };
    let common = view! {
        <Field form=form name="client_id" label=keys::CONNECT_CLIENT_ID value=draft.client_id look=client_id />
        {secret(draft, form)}
    };
    let optional = |hint| Look { kind: Kind::Code, hint: Some(hint), optional: true, ..Look::default() };
    match draft.provider() {
        Provider::Okta => {
            let native = optional(Text::from(keys::CONNECT_NATIVE_CLIENT_ID_HINT));
            let audience = optional(Text::from(keys::CONNECT_AUDIENCE_HINT));
            view! {
                {issuer(draft, form)}
                {common}
                <Field form=form name="native_client_id" label=keys::CONNECT_NATIVE_CLIENT_ID value=draft.native_client_id look=native />
                <Field form=form name="audience" label=keys::CONNECT_AUDIENCE value=draft.audience look=audience />
            }
            .into_any()
        }
        Provider::Google => {
            let domain = optional(Text::from(keys::CONNECT_HOSTED_DOMAIN_HINT));
            view! {
                {common}
                <Field form=form name="hosted_domain" label=keys::CONNECT_HOSTED_DOMAIN value=draft.hosted_domain look=domain />
            }
            .into_any()
        }
        Provider::Microsoft => {
            let tenant = Look {
                kind: Kind::Code,
                hint: Some(keys::CONNECT_TENANT_HINT.into()),
                placeholder: "2f4a8c1e-0b3d-4c5e-9f60-1a2b3c4d5e6f",
                ..Look::default()
            };
            view! {
                {common}
                <Field form=form name="tenant" label=keys::CONNECT_TENANT value=draft.tenant look=tenant />
            }
            .into_any()
        }
    }
}

/// "Okta domain or metadata URL", and what was understood of it.
fn issuer(draft: Draft, form: Form) -> AnyView {
    let look = Look {
        kind: Kind::Code,
        hint: Some(keys::CONNECT_ISSUER_HINT.into()),
        placeholder: "company.okta.com",
        ..Look::default()
    };
    let understood = Memo::new(move |_| draft.understood());
    let server_of = |id: Option<&String>| match id {
        None => Text::from(keys::CONNECT_ISSUER_ORGANIZATION),
        Some(id) => Text::with(keys::CONNECT_ISSUER_CUSTOM, &[("server", id)]),
    };
    let line = move || {
        understood.get().map(|it| {
            view! {
                <span>{t(keys::CONNECT_ISSUER_IS)} " "</span>
                <code>{it.issuer}</code>
                <span>", " {t(server_of(it.authorization_server.as_ref()))}</span>
                {it.was_admin.then(|| view! { <span>" " {t(keys::CONNECT_ISSUER_WAS_ADMIN)}</span> })}
            }
        })
    };
    view! {
        <Field form=form name="issuer" label=keys::CONNECT_ISSUER value=draft.issuer look=look>
            <p class="understood small" role="status">{line}</p>
        </Field>
    }
    .into_any()
}

/// Write-only: what is stored is named by its end, and an empty field keeps it.
fn secret(draft: Draft, form: Form) -> AnyView {
    let look = Look { kind: Kind::Secret, complete: "new-password", also: "client_secret-stored", ..Look::default() };
    let stored = move || {
        draft.secret().map(|it| {
            view! {
                <span>{connection::secret_said(&it)}</span>
                ". "
                <span>{t(keys::CONNECT_SECRET_KEEP)}</span>
            }
        })
    };
    view! {
        <Field form=form name="client_secret" label=keys::CONNECT_CLIENT_SECRET value=draft.client_secret look=look>
            <p class="hint" id="client_secret-stored">{stored}</p>
        </Field>
    }
    .into_any()
}
