//! One user: the form, what does not fit, the bond to the provider, the latest sign-ins.

mod actions;
mod attention;
mod place;
mod sessions;
mod unconfirmed;

use api::{
    Provider, User,
    users::{Identity, UserDetail},
};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server,
    navigation::{Step, use_place},
    pages::{
        attempts::{Whose, attempts},
        states,
        users::form::{Fields, user_form},
    },
    paths, problems,
    ui::{
        button::button,
        el::{El, Inside, View, code, div, group, link, live, p},
        format::when,
        load::{Remote, bones, empty},
        page::{Crumb, Head, facts, page, section},
        task::{act, later, watch},
        toast::use_toasts,
    },
    words::Text,
};

#[must_use]
pub fn user(id: String) -> View {
    let detail = {
        let id = id.clone();
        Remote::new(move || {
            let id = id.clone();
            problems::asked(server::user(&id))
        })
    };
    let title = Signal::derive(move || match detail.value() {
        Some(it) => Text::from(it.user.name.as_str()),
        None => Text::from(keys::USER_TITLE),
    });
    let actions = live(move || {
        let it = detail.value()?;
        place::keep();
        Some(actions::actions(&it.user, detail))
    });
    let lede = Signal::derive(move || {
        detail
            .value()
            .map_or(Text::from(""), |it| it.user.email.as_str().into())
    });
    let head = Head::called(title, lede)
        .crumbs(vec![
            Crumb::to(keys::USERS_TITLE, paths::users()),
            Crumb::here(keys::USER_TITLE),
        ])
        .actions(actions);
    let fields = Fields::known();
    watch(move || {
        if let Some(it) = detail.value() {
            fields.show(&it.user);
        }
    });
    page(
        head,
        detail.draw_once(
            || bones("form", 5),
            move |it| {
                fields.show(&it.user);
                content(it.user.id.clone(), fields, detail)
            },
        ),
    )
}

/// Drawn once: an act beside the form leaves in it what was typed.
fn content(id: String, fields: Fields, remote: Remote<UserDetail>) -> View {
    let attention = live(move || {
        let detail = remote.value()?;
        place::keep();
        let what = detail.user.attention.as_ref()?;
        Some(attention::attention(&detail.user, what, remote))
    });
    let left = div("column").child(section(keys::USER_FORM, None, edit(id, fields, remote)));
    let right = live(move || {
        let it = remote.value()?;
        place::keep();
        Some(beside(&it, remote))
    });
    group(vec![
        attention,
        div("columns").child(left).child(right).done(),
    ])
}

fn beside(detail: &UserDetail, remote: Remote<UserDetail>) -> El {
    let user = &detail.user;
    let history = attempts(&detail.attempts, Whose::OneUsers);
    let is_bound = detail
        .identities
        .iter()
        .any(|it| it.provider == Provider::Okta);
    let unlink = is_bound.then(|| div("panel-actions").child(actions::unlink(user, remote)));
    div("column")
        .child(section(
            keys::USER_BOND,
            unlink,
            identities(&detail.identities, detail.has_password),
        ))
        .child(unconfirmed::section(detail, remote))
        .child(sessions::section(user, &detail.sessions, remote))
        .child(section(
            keys::USER_SIGN_INS,
            Some(all(
                keys::PEOPLE_ALL_SIGN_INS,
                paths::sign_ins(),
                "person",
                user,
            )),
            history,
        ))
        .child(section(
            keys::PEOPLE_HISTORY,
            Some(all(
                keys::PEOPLE_ALL_CHANGES,
                paths::audit(),
                "target",
                user,
            )),
            sessions::history(&detail.history),
        ))
}

/// The way to the whole record, of this user alone. The filter there shows the e-mail, which a person can read.
fn all(label: Key, record: String, filter: &'static str, user: &User) -> El {
    link(paths::with(record, &[(filter, user.email.clone())]))
        .class("small")
        .child(label)
}

fn edit(id: String, fields: Fields, remote: Remote<UserDetail>) -> View {
    let (place, toasts) = (use_place(), use_toasts());
    let form = fields.checked();
    let status = remote.part(|it| it.user.status);
    let status = live(move || status.get().map(states::status));
    let stale = RwSignal::new(false);
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let (id, go) = (id.clone(), place.onward());
        let (wish, version) = (untrack(|| fields.form()), fields.version());
        later(async move {
            match server::save_user(&id, version, &wish).await {
                Ok(user) => {
                    toasts.done(Text::with(keys::USER_SAVED, &[("name", &user.name)]));
                    form.end();
                    go(&paths::users(), Step::Push);
                }
                Err(trouble) => {
                    stale.try_set(problems::is_stale(&trouble));
                    form.fail(problems::notice(&trouble), problems::refused(&trouble));
                }
            }
        });
    });
    let reload = live(move || {
        place::keep();
        let current = act(move || {
            form.give_up();
            stale.set(false);
            remote.again();
        });
        let again = button(keys::ACTION_SHOW_CURRENT, current).picture("again");
        stale.get().then(|| div("panel-actions").child(again))
    });
    group(vec![
        user_form(form, fields, Some(status), send).done(),
        reload,
    ])
}

fn identities(list: &[Identity], has_password: bool) -> View {
    let bonds: Vec<El> = list.iter().map(bond).collect();
    let none = list.is_empty().then(|| {
        empty(
            "key",
            keys::USER_NO_BOND_TITLE,
            keys::USER_NO_BOND_FIX,
            None,
        )
    });
    let password = has_password.then(|| p("muted small panel-note").child(keys::USER_HAS_PASSWORD));
    group(vec![none.inside(), bonds.inside(), password.inside()])
}

fn bond(identity: &Identity) -> El {
    facts(vec![
        (keys::USER_BOND_PROVIDER, identity.provider.name().inside()),
        (keys::USER_BOND_ISSUER, code(identity.issuer.clone()).done()),
        (keys::USER_BOND_SUB, code(identity.sub.clone()).done()),
        (keys::USER_BOND_SINCE, when(identity.linked_at).done()),
    ])
}
