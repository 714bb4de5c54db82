//! Okta accounts that were refused as this administrator, each with a way to confirm that it is theirs.

use api::{
    User,
    users::{ConfirmIdentity, UnconfirmedIdentity, UserDetail},
};
use locales::keys;

use crate::{
    api as server, problems,
    ui::{
        button::button,
        el::{El, Inside, code, div, el, p},
        format::when,
        load::Remote,
        page,
        task::{act, later},
        toast::use_toasts,
    },
    words::Text,
};

pub(super) fn section(detail: &UserDetail, remote: Remote<UserDetail>) -> Option<El> {
    detail.unconfirmed.first()?;
    let accounts: Vec<El> = detail
        .unconfirmed
        .iter()
        .map(|it| account(&detail.user, it, remote))
        .collect();
    let means = Text::with(
        keys::USER_UNCONFIRMED_MEANS,
        &[("name", &*detail.user.name)],
    );
    let body = div("stack")
        .child(p("small").child(means))
        .child(el("ul").class("attempts").child(accounts));
    Some(page::section(keys::USER_UNCONFIRMED, None, body))
}

fn account(user: &User, account: &UnconfirmedIdentity, remote: Remote<UserDetail>) -> El {
    let toasts = use_toasts();
    let (id, version, name) = (user.id.clone(), user.version, user.name.clone());
    let wanted = ConfirmIdentity {
        issuer: account.issuer.clone(),
        sub: account.sub.clone(),
    };
    let press = act(move || {
        let (id, name, wanted) = (id.clone(), name.clone(), wanted.clone());
        later(async move {
            match server::confirm_identity(&id, Some(version), &wanted).await {
                Ok(()) => {
                    let said = Text::with(keys::USER_IDENTITY_CONFIRMED, &[("name", &*name)]);
                    toasts.done(said);
                    remote.again();
                }
                Err(trouble) => {
                    toasts.failed(problems::notice(&trouble).title);
                    if problems::is_stale(&trouble) {
                        remote.again();
                    }
                }
            }
        });
    });
    let confirm = match account.confirmed_at {
        Some(_) => p("small").child(keys::USER_IDENTITY_WAITS),
        None => div("panel-actions").child(button(keys::USER_CONFIRM_IDENTITY, press)),
    };
    let login = account.login.clone().unwrap_or_default();
    let about = div("attempt-about")
        .child(p("strong").child(code(login)))
        .child(p("muted").child(code(account.sub.clone())))
        .child(p("muted").child(code(account.issuer.clone())))
        .child(p("muted").child(when(account.requested_at)));
    el("li")
        .class("attempt")
        .child(about)
        .child(confirm.inside())
}
