//! The one click that mends what kept somebody out, where there is one.

use api::{Attempt, Cause, Status, sign_ins::AttemptUser};
use leptos::prelude::*;
use locales::keys;

use super::Row;
use crate::{
    api as server, paths, problems,
    ui::{
        button::{Button, Weight, button, link_button},
        el::{El, div},
        task::{act, later},
        toast::use_toasts,
    },
    words::Text,
};

pub(super) fn mend(attempt: &Attempt, row: &Row) -> Option<El> {
    if let (Some(Cause::UnknownUser), Some(claimed_login)) = (attempt.cause, &attempt.claimed_login)
    {
        let create = link_button(
            paths::new_user_with(claimed_login),
            keys::SIGN_INS_CREATE,
            Weight::Primary,
            "plus",
        );
        return Some(div("log-mend").child(create));
    }
    let user = attempt.user.as_ref()?;
    if attempt.cause == Some(Cause::UserSuspended) && user.status == Some(Status::Suspended) {
        return Some(div("log-mend").child(back_in(user, row)));
    }
    let needs_a_look = user.status == Some(Status::NeedsAttention)
        || matches!(
            attempt.cause,
            Some(Cause::LinkedToOther | Cause::NoLogin | Cause::Ambiguous)
        );
    needs_a_look.then(|| {
        let label = Text::with(keys::SIGN_INS_OPEN_USER, &[("name", &user.name)]);
        let open = link_button(paths::user(&user.id), label, Weight::Plain, "");
        div("log-mend").child(open)
    })
}

fn back_in(user: &AttemptUser, row: &Row) -> Button {
    let (toasts, busy) = (use_toasts(), RwSignal::new(false));
    let (row, user) = (row.clone(), user.clone());
    let label = Text::with(keys::SIGN_INS_REINSTATE, &[("name", &user.name)]);
    let press = act(move || {
        busy.set(true);
        let (row, user) = (row.clone(), user.clone());
        later(async move {
            match let_in(&user.id).await {
                Ok(status) => {
                    let name = [("name", &*user.name)];
                    toasts.done(Text::with(keys::SIGN_INS_REINSTATED, &name));
                    row.update(|it| {
                        if let Some(user) = &mut it.user {
                            user.status = Some(status);
                        }
                    });
                }
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
            busy.try_set(false);
        });
    });
    button(label, press).picture("back-in").busy(busy)
}

async fn let_in(id: &str) -> Result<Status, server::Trouble> {
    let before = server::user(id).await?;
    server::reinstate_user(id, before.user.version).await?;
    Ok(server::user(id).await?.user.status)
}
