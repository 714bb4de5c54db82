//! What does not fit for a user, why, and the ways to mend it, each with what it will do.

use api::{
    Status, User,
    users::{Attention, UserDetail},
};
use locales::keys;

use super::actions;
use crate::{
    ui::{
        badge::Tone,
        el::{El, div, group, p},
        load::Remote,
        notice::{Notice, notice},
    },
    words::Text,
};

pub(super) fn attention(user: &User, what: &Attention, remote: Remote<UserDetail>) -> El {
    let accept = |label| Some(actions::accept(label, user, remote));
    let unlink = Some(actions::unlink(user, remote));
    let (title, why, seen, ways) = match what {
        Attention::LoginChanged { now } => (
            keys::USER_LOGIN_CHANGED_TITLE,
            keys::USER_LOGIN_CHANGED_FIX,
            now,
            vec![
                (accept(keys::USER_ACCEPT_LOGIN), keys::USER_ACCEPT_MEANS),
                (unlink, keys::USER_LOGIN_CHANGED_UNBIND),
            ],
        ),
        Attention::SecondIdentity { sub } => {
            let may = user.status != Status::Suspended;
            let suspend = may.then(|| actions::suspend(user, remote));
            (
                keys::USER_SECOND_IDENTITY_TITLE,
                keys::USER_SECOND_IDENTITY_FIX,
                sub,
                vec![
                    (unlink, keys::USER_SECOND_IDENTITY_UNBIND),
                    (accept(keys::USER_KEEP_IDENTITY), keys::USER_KEEP_MEANS),
                    (suspend, keys::USER_SECOND_IDENTITY_SUSPEND),
                ],
            )
        }
    };
    let values = [
        ("name", &*user.name),
        ("known", user.okta_login.as_deref().unwrap_or(&user.email)),
        ("now", seen),
    ];
    let ways = ways.into_iter().filter_map(|(button, means)| {
        let means = p("small").child(Text::with(means, &values));
        Some(div("way").child(button?).child(means).done())
    });
    let said = Notice::info(Tone::Warning, "warning", Text::with(title, &values));
    notice(
        said.advice(Text::with(why, &values)),
        Some(group(ways.collect())),
    )
}
