//! Where a user is signed in, with a way to end it; and what happened to them.

use api::{
    SignedInBy, User,
    users::{UserDetail, UserEvent, UserSession},
};
use locales::{act_name, keys};

use super::actions;
use crate::{
    api as server, problems,
    ui::{
        button::button,
        el::{El, Inside, code, div, el, p},
        format::when,
        load::{Remote, empty},
        page,
        task::{act, later},
        toast::use_toasts,
    },
    words::Text,
};

pub(super) fn section(user: &User, list: &[UserSession], remote: Remote<UserDetail>) -> El {
    let all = (!list.is_empty()).then(|| actions::sign_out(user, remote));
    let body = if list.is_empty() {
        empty(
            "enter",
            keys::PEOPLE_NO_SESSIONS_TITLE,
            keys::PEOPLE_NO_SESSIONS_FIX,
            None,
        )
    } else {
        let items: Vec<El> = list.iter().map(|it| session(user, it, remote)).collect();
        el("ul").class("attempts").child(items)
    };
    page::section(keys::PEOPLE_SESSIONS, all, body)
}

fn session(user: &User, session: &UserSession, remote: Remote<UserDetail>) -> El {
    let toasts = use_toasts();
    let by = match session.signed_in_by {
        SignedInBy::Password => keys::PEOPLE_BY_PASSWORD.inside(),
        SignedInBy::BreakGlass => keys::PEOPLE_BY_CODE.inside(),
        SignedInBy::Okta => "Okta".inside(),
        SignedInBy::Google => "Google".inside(),
        SignedInBy::Microsoft => "Microsoft".inside(),
    };
    let from = session.address.clone().unwrap_or_default();
    let ids = (user.id.clone(), session.id.clone());
    let end = act(move || {
        let (user, session) = ids.clone();
        later(async move {
            match server::end_session(&user, &session).await {
                Ok(()) => {
                    toasts.done(keys::PEOPLE_SESSION_ENDED);
                    remote.again();
                }
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
        });
    });
    let label = Text::with(keys::PEOPLE_END_SESSION_OF, &[("from", &from)]);
    let agent = session.user_agent.clone().unwrap_or_default();
    let about = div("attempt-about")
        .child(p("").child(by).child(" · ").child(from))
        .child(p("muted").child(agent))
        .child(p("muted").child(when(session.last_seen_at)));
    el("li")
        .class("attempt")
        .child(about)
        .child(button(label, end).inside())
}

/// What the audit log has of the user, newest first.
pub(super) fn history(list: &[UserEvent]) -> El {
    if list.is_empty() {
        return empty(
            "clock",
            keys::PEOPLE_NO_HISTORY_TITLE,
            keys::PEOPLE_NO_HISTORY_FIX,
            None,
        );
    }
    let items: Vec<El> = list
        .iter()
        .map(|event| {
            let who = if event.actor.is_empty() {
                Text::from(keys::PEOPLE_BY_ITSELF)
            } else if event.actor == api::audit::COMMAND_LINE {
                Text::from(keys::PEOPLE_BY_COMMAND_LINE)
            } else {
                Text::with(keys::PEOPLE_BY, &[("who", &event.actor)])
            };
            let line = p("muted").child(when(event.at)).child(" ").child(who);
            let act = match act_name(&event.event) {
                Some(name) => p("strong").child(name),
                None => code(event.event.clone()),
            };
            el("li")
                .class("attempt")
                .child(div("attempt-about").child(act).child(line))
        })
        .collect();
    el("ul").class("attempts").child(items)
}
