//! The organization: its name, its address, and the identity provider that its members sign in with.

use std::sync::Arc;

use api::{ConnectionState, Organization, Provider, organization::OrganizationForm};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    pages::states,
    paths, problems,
    session::use_session,
    ui::{
        button::{Button, Weight, link_button},
        copy::copy_field,
        field::{Field, Look},
        form::Form,
        load::{Remote, bones},
        page::{Crumb, Head, page, section},
        toast::use_toasts,
    },
    words::t,
};

#[must_use]
pub fn organization() -> AnyView {
    let organization =
        Remote::new(|| Box::pin(async { server::organization().await.map_err(|it| problems::notice(&it)) }));
    let head = Head::new(keys::ORGANIZATION_TITLE)
        .lede(keys::ORGANIZATION_LEDE)
        .crumbs(vec![Crumb::here(keys::SHELL_SETTINGS), Crumb::here(keys::ORGANIZATION_TITLE)]);
    page(head, organization.draw(|| bones("form", 4), move |it| content(&it, organization)))
}

fn content(organization: &Arc<Organization>, remote: Remote<Organization>) -> AnyView {
    let addresses = view! {
        <div class="fields">
            {copy_field(
                "public-url",
                keys::ORGANIZATION_PUBLIC_URL,
                organization.public_url.clone(),
                Some(keys::ORGANIZATION_PUBLIC_URL_HINT.into()),
            )}
            {copy_field(
                "redirect-uri",
                keys::CONNECT_REDIRECT_URI,
                organization.redirect_uri.clone(),
                Some(keys::ORGANIZATION_REDIRECT_HINT.into()),
            )}
        </div>
    };
    view! {
        <div class="stack narrow">
            {section(keys::ORGANIZATION_GENERAL, None, name_form(organization, remote))}
            {section(keys::ORGANIZATION_PROVIDER, None, provider(organization))}
            {section(keys::ORGANIZATION_ADDRESSES, None, addresses.into_any())}
        </div>
    }
    .into_any()
}

fn name_form(organization: &Organization, remote: Remote<Organization>) -> AnyView {
    let (session, toasts) = (use_session(), use_toasts());
    let name = RwSignal::new(organization.name.clone());
    let version = organization.version;
    let wish = move || OrganizationForm { name: name.get() };
    let form = Form::new(move || wish().validate().map_or_else(|it| problems::faults(&it), |_| Vec::new()));
    let stale = RwSignal::new(false);
    let send = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        leptos::task::spawn_local(async move {
            match server::rename_organization(version, &wish()).await {
                Ok(organization) => {
                    form.end();
                    toasts.done(keys::ORGANIZATION_SAVED);
                    session.update(|it| it.organization.clone_from(&organization.name));
                    remote.put(organization);
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
    let look = Look { complete: "organization", ..Look::default() };
    let inside = view! {
        <div class="fields">
            <Field form=form name="name" label=keys::ORGANIZATION_NAME value=name look=look />
        </div>
        <div class="form-actions">
            {reload} <Button label=keys::ACTION_SAVE weight=Weight::Primary busy=form.busy />
        </div>
    };
    form.draw(send, inside.into_any())
}

/// "Identity provider: Okta, Connected", and the way to connect one.
fn provider(organization: &Organization) -> AnyView {
    let (said, action) = match organization.identity_provider {
        Some(it) => {
            let href = paths::connection(it.provider);
            let action = match it.state {
                ConnectionState::Active | ConnectionState::SwitchedOff | ConnectionState::Disabled => {
                    link_button(href, states::about(keys::CONNECTION_OPEN, it.provider), Weight::Plain, "")
                }
                ConnectionState::NotConnected | ConnectionState::Draft => connect_link(it.provider),
            };
            let said = view! { <span class="strong">{it.provider.name()}</span> {states::connection(it.state)} };
            (said.into_any(), action)
        }
        None => {
            let said = view! { <span class="muted">{t(keys::ORGANIZATION_NO_PROVIDER)}</span> };
            (said.into_any(), connect_link(Provider::Okta))
        }
    };
    view! {
        <div class="line">
            <div class="line-text">{said}</div>
            {action}
        </div>
    }
    .into_any()
}

fn connect_link(provider: Provider) -> AnyView {
    link_button(paths::connect(provider), keys::ORGANIZATION_CONNECT, Weight::Primary, "")
}
