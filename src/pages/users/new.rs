//! A new user.

use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    navigation::{Step, use_place},
    pages::users::form::{Fields, user_form},
    paths, problems,
    ui::{
        el::{View, div},
        page::{Crumb, Head, page},
        task::{act, later},
        toast::use_toasts,
    },
    words::Text,
};

#[must_use]
pub fn new_user() -> View {
    let (place, toasts) = (use_place(), use_toasts());
    // Whoever signed in at the provider and is unknown here comes with their login.
    let fields = Fields::starting(&untrack(|| place.query("email")));
    let form = fields.checked();
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let (wish, go) = (untrack(|| fields.form()), place.onward());
        later(async move {
            match server::create_user(&wish).await {
                Ok(user) => {
                    toasts.done(Text::with(keys::USER_ADDED, &[("name", &user.name)]));
                    form.end();
                    go(&paths::users(), Step::Push);
                }
                Err(trouble) => form.fail(problems::notice(&trouble), problems::refused(&trouble)),
            }
        });
    });
    let head = Head::new(keys::USERS_NEW)
        .lede(keys::USER_NEW_LEDE)
        .crumbs(vec![
            Crumb::to(keys::USERS_TITLE, paths::users()),
            Crumb::here(keys::USERS_NEW),
        ]);
    page(
        head,
        div("panel narrow").child(user_form(form, fields, None, send)),
    )
}
