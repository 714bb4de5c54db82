//! One user: the form, what does not fit, the bond to the provider, the latest sign-ins.

mod actions;

use std::sync::Arc;

use api::{
    User,
    users::{Attention, Identity, UserDetail},
};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    navigation::{Step, use_place},
    pages::{
        attempts::{Whose, attempts},
        users::form::{Fields, user_form},
    },
    paths, problems,
    ui::{
        badge::Tone,
        button::Button,
        format::when,
        load::{Remote, bones, empty},
        notice::{Notice, notice},
        page::{Crumb, Head, page, section},
        toast::use_toasts,
    },
    words::{Text, t},
};

#[must_use]
pub fn user(id: String) -> AnyView {
    let detail = {
        let id = id.clone();
        Remote::new(move || {
            let id = id.clone();
            Box::pin(async move { server::user(&id).await.map_err(|it| problems::notice(&it)) })
        })
    };
    let title = Signal::derive(move || match detail.value() {
        Some(it) => Text::from(it.user.name.as_str()),
        None => Text::from(keys::USER_TITLE),
    });
    let actions = move || detail.value().map(|it| actions::actions(&it.user, detail));
    let lede = Signal::derive(move || detail.value().map_or(Text::from(""), |it| it.user.email.as_str().into()));
    let head = Head::called(title, lede)
        .crumbs(vec![Crumb::to(keys::USERS_TITLE, paths::users()), Crumb::here(keys::USER_TITLE)])
        .actions(actions.into_any());
    page(head, detail.draw(|| bones("form", 5), move |it| content(&it, detail)))
}

fn content(detail: &Arc<UserDetail>, remote: Remote<UserDetail>) -> AnyView {
    let user = &detail.user;
    let attention = user.attention.as_ref().map(|it| attention(user, it, remote));
    let history = attempts(&detail.attempts, Whose::OneUsers);
    view! {
        {attention}
        <div class="columns">
            <div class="column">{section(keys::USER_FORM, None, edit(user, remote))}</div>
            <div class="column">
                {section(keys::USER_BOND, None, identities(&detail.identities, detail.has_password))}
                {section(keys::USER_SIGN_INS, None, history)}
            </div>
        </div>
    }
    .into_any()
}

fn edit(user: &User, remote: Remote<UserDetail>) -> AnyView {
    let (place, toasts) = (use_place(), use_toasts());
    let fields = Fields::of(user);
    let form = fields.checked();
    let (id, version) = (user.id.clone(), user.version);
    let stale = RwSignal::new(false);
    let send = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let (id, wish) = (id.clone(), fields.form());
        leptos::task::spawn_local(async move {
            match server::save_user(&id, version, &wish).await {
                Ok(user) => {
                    toasts.done(Text::with(keys::USER_SAVED, &[("name", &user.name)]));
                    place.go(&paths::users(), Step::Push);
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
    view! {
        {user_form(form, fields, Some(user.status), send)}
        {reload}
    }
    .into_any()
}

/// What does not fit, why, and the one thing to do about it.
fn attention(user: &User, what: &Attention, remote: Remote<UserDetail>) -> AnyView {
    let said = match what {
        Attention::LoginChanged { now } => {
            let known = user.okta_login.clone().unwrap_or_else(|| user.email.clone());
            Notice::info(
                Tone::Warning,
                "warning",
                Text::with(keys::USER_LOGIN_CHANGED_TITLE, &[("known", &known), ("now", now)]),
            )
            .advice(Text::with(keys::USER_LOGIN_CHANGED_FIX, &[("now", now)]))
        }
        Attention::SecondIdentity { sub } => {
            Notice::info(Tone::Warning, "warning", keys::USER_SECOND_IDENTITY_TITLE)
                .advice(Text::with(keys::USER_SECOND_IDENTITY_FIX, &[("sub", sub)]))
        }
    };
    let label = match what {
        Attention::LoginChanged { .. } => keys::USER_ACCEPT_LOGIN,
        Attention::SecondIdentity { .. } => keys::USER_KEEP_IDENTITY,
    };
    let accept = actions::accept(user, remote);
    notice(said, Some(view! { <Button label=label on_press=accept /> }.into_any()))
}

fn identities(list: &[Identity], has_password: bool) -> AnyView {
    let password = has_password.then(|| view! { <p class="muted small">{t(keys::USER_HAS_PASSWORD)}</p> });
    if list.is_empty() {
        return view! {
            {empty("key", keys::USER_NO_BOND_TITLE, keys::USER_NO_BOND_FIX, None)}
            {password}
        }
        .into_any();
    }
    let one = |identity: &Identity| {
        view! {
            <dl class="facts">
                <dt>{t(keys::USER_BOND_PROVIDER)}</dt>
                <dd>{identity.provider.name()}</dd>
                <dt>{t(keys::USER_BOND_ISSUER)}</dt>
                <dd><code>{identity.issuer.clone()}</code></dd>
                <dt>{t(keys::USER_BOND_SUB)}</dt>
                <dd><code>{identity.sub.clone()}</code></dd>
                <dt>{t(keys::USER_BOND_SINCE)}</dt>
                <dd>{when(identity.bound_at)}</dd>
            </dl>
        }
        .into_any()
    };
    view! {
        {list.iter().map(one).collect_view()}
        {password}
    }
    .into_any()
}
