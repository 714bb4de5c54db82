//! The organization: its name, its address, and the identity provider that its members sign in with.

use api::{
    ConnectionState, Organization, Provider,
    organization::{IdentityProvider, OrganizationForm},
};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    navigation::unsaved,
    pages::{files, states},
    paths, problems,
    session::use_session,
    ui::{
        button::{Weight, button, link_button, submit},
        copy::copy_field,
        el::{El, Inside, View, div, el, group, live, span},
        field::{Look, field},
        form::Form,
        load::{Remote, bones},
        page::{Crumb, Head, page, section},
        task::{act, later, watch},
        toast::use_toasts,
    },
};

#[must_use]
pub fn organization() -> View {
    let organization = Remote::new(|| problems::asked(server::organization()));
    let head = Head::new(keys::ORGANIZATION_TITLE)
        .lede(keys::ORGANIZATION_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::here(keys::ORGANIZATION_TITLE),
        ]);
    page(
        head,
        organization.draw_once(|| bones("form", 4), move |it| content(&it, organization)),
    )
}

/// Drawn once: what is typed stays, whatever is asked anew.
fn content(organization: &Organization, remote: Remote<Organization>) -> View {
    let Organization {
        public_url,
        redirect_uri,
        ..
    } = organization.clone();
    let public_url_hint = Some(keys::ORGANIZATION_PUBLIC_URL_HINT.into());
    let redirect_uri_hint = Some(keys::ORGANIZATION_REDIRECT_HINT.into());
    let addresses = div("fields")
        .child(copy_field(
            "public-url",
            keys::ORGANIZATION_PUBLIC_URL,
            public_url,
            public_url_hint,
        ))
        .child(copy_field(
            "redirect-uri",
            keys::CONNECT_REDIRECT_URI,
            redirect_uri,
            redirect_uri_hint,
        ));
    let name = RwSignal::new(organization.name.clone());
    watch(move || {
        if let Some(now) = remote.value() {
            unsaved::renew(name, now.name.clone());
        }
    });
    let owner = files::owner_of(files::ownership(), "organization.name".to_owned());
    let name = live(move || match owner.get() {
        Some(file) => div("panel-body stack")
            .child(el("p").child(live(move || name.get())))
            .child(files::owned_by(&file)),
        None => name_form(name, remote),
    });
    let provider = remote.part(|it| it.identity_provider);
    div("stack narrow")
        .child(section(keys::ORGANIZATION_GENERAL, None, name))
        .child(section(
            keys::ORGANIZATION_PROVIDER,
            None,
            live(move || self::provider(provider.get().flatten())),
        ))
        .child(section(keys::ORGANIZATION_ADDRESSES, None, addresses))
        .done()
}

fn name_form(name: RwSignal<String>, remote: Remote<Organization>) -> El {
    let (session, toasts) = (use_session(), use_toasts());
    let wish = move || OrganizationForm { name: name.get() };
    let form = Form::new(move || {
        wish()
            .validate()
            .map_or_else(|it| problems::faults(&it), |_| Vec::new())
    });
    let stale = RwSignal::new(false);
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let (wish, version) = untrack(|| (wish(), remote.value().map_or(0, |it| it.version)));
        later(async move {
            match server::rename_organization(version, &wish).await {
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
    let reload = live(move || {
        let current = act(move || {
            form.give_up();
            stale.set(false);
            remote.again();
        });
        let again = button(keys::ACTION_SHOW_CURRENT, current).picture("again");
        stale.get().then_some(again)
    });
    let look = Look {
        complete: "organization",
        ..Look::default()
    };
    let fields = div("fields").child(field(
        form,
        "name",
        keys::ORGANIZATION_NAME,
        name,
        look,
        None,
    ));
    let actions = div("form-actions")
        .child(reload)
        .child(submit(keys::ACTION_SAVE, form.busy.into()));
    form.draw(send, vec![fields.done(), actions.done()])
}

/// "Identity provider: Okta, Connected", and the way to connect one.
fn provider(provider: Option<IdentityProvider>) -> El {
    let (said, action) = match provider {
        Some(it) => {
            let action = match it.state {
                ConnectionState::Verified
                | ConnectionState::Trial
                | ConnectionState::Connected
                | ConnectionState::Degraded
                | ConnectionState::DisabledByOkta
                | ConnectionState::Disabled => {
                    let label = states::about(keys::CONNECTION_OPEN, it.provider);
                    link_button(paths::connection(it.provider), label, Weight::Plain, "")
                }
                ConnectionState::NotConnected | ConnectionState::Draft => connect_link(it.provider),
            };
            let name = span("strong").child(it.provider.name());
            (
                group(vec![name.done(), states::connection(it.state).done()]),
                action,
            )
        }
        None => (
            span("muted").child(keys::ORGANIZATION_NO_PROVIDER).done(),
            connect_link(Provider::Okta),
        ),
    };
    div("line")
        .child(div("line-text").child(said))
        .child(action.inside())
}

fn connect_link(provider: Provider) -> El {
    link_button(
        paths::connect(provider),
        keys::ORGANIZATION_CONNECT,
        Weight::Primary,
        "",
    )
}
