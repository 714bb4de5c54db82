//! What users are matched by at their first sign-in, with its risk, and who would be matched differently.

use std::sync::Arc;

use api::connections::{MatchBy, MatchChange, MatchPreview};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server,
    pages::connect::draft::Draft,
    paths, problems,
    ui::{
        badge::Tone,
        el::{El, Inside, View, code, div, el, group, link, live, p},
        field::{choice, fault},
        form::Form,
        load::{Remote, bones},
        notice::{Notice, notice},
    },
    words::Text,
};

/// So many users are named; the others are counted.
const NAMED: usize = 10;

pub(super) fn matching(draft: Draft, form: Form) -> El {
    let (value, allowed) = (draft.match_by, draft.allow_unverified_email);
    let pick = move |field: &'static str, signal: RwSignal<String>| {
        Arc::new(move |code: &'static str| {
            if !form.is_locked(field) {
                form.typed(field, signal, code.to_owned());
            }
        })
    };
    let by = choice(
        "match_by",
        keys::CONNECT_MATCH_BY,
        vec![
            option(
                MatchBy::OktaLogin.code(),
                keys::CONNECT_MATCH_BY_LOGIN,
                keys::CONNECT_MATCH_BY_LOGIN_MEANS,
            ),
            option(
                MatchBy::Email.code(),
                keys::CONNECT_MATCH_BY_EMAIL,
                keys::CONNECT_MATCH_BY_EMAIL_MEANS,
            ),
        ],
        value.into(),
        pick("match_by", value),
        false,
    );
    let is_email = move || value.with(|it| it == MatchBy::Email.code());
    let unverified = live(move || {
        is_email().then(|| {
            choice(
                "allow_unverified_email",
                keys::CONNECT_UNVERIFIED,
                vec![
                    option(
                        "false",
                        keys::CONNECT_UNVERIFIED_REFUSE,
                        keys::CONNECT_UNVERIFIED_REFUSE_MEANS,
                    ),
                    option(
                        "true",
                        keys::CONNECT_UNVERIFIED_ALLOW,
                        keys::CONNECT_UNVERIFIED_ALLOW_MEANS,
                    ),
                ],
                allowed.into(),
                pick("allow_unverified_email", allowed),
                false,
            )
        })
    });
    let differs = Memo::new(move |_| {
        let stored = draft.with(|it| it.settings.as_ref().map(|it| it.match_by));
        stored.is_some_and(|stored| value.with(|it| it != stored.code()))
    });
    let preview = live(move || differs.get().then(|| preview(draft)));
    div("stack")
        .child(by)
        .child(fault(form, "match_by"))
        .child(unverified)
        .child(preview)
}

fn option(code: &'static str, label: Key, means: Key) -> crate::ui::field::Of {
    (code, label.into(), Some(means.into()))
}

/// Who would be matched differently, before it is saved.
fn preview(draft: Draft) -> El {
    let provider = draft.provider();
    let remote = Remote::new(move || problems::asked(server::match_preview(provider)));
    div("stack").child(remote.draw(|| bones("form", 2), |it| changed(&it)))
}

fn changed(preview: &MatchPreview) -> View {
    let count = preview.changed.count;
    if count == 0 {
        return p("small").child(keys::CONNECT_MATCH_PREVIEW_NONE).done();
    }
    let key = if preview.changed.or_more {
        keys::CONNECT_MATCH_PREVIEW_MORE
    } else {
        keys::CONNECT_MATCH_PREVIEW
    };
    let title = Text::with(key, &[("n", &*count.to_string())]);
    let users: Vec<El> = preview.users.iter().take(NAMED).map(user).collect();
    let others = preview.changed.count.saturating_sub(users.len() as u64);
    let others = (others > 0).then(|| {
        p("small muted").child(Text::with(
            keys::CONNECT_MATCH_PREVIEW_OTHERS,
            &[("n", &*others.to_string())],
        ))
    });
    let said = Notice::info(Tone::Warning, "warning", title)
        .advice(Text::from(keys::CONNECT_MATCH_PREVIEW_MEANS));
    let list = el("ul").class("small").child(users);
    notice(said, Some(group(vec![list.inside(), others.inside()]))).done()
}

fn user(change: &MatchChange) -> El {
    let login = match &change.okta_login {
        Some(login) => code(login.clone()),
        None => el("span")
            .class("muted")
            .child(keys::CONNECT_MATCH_PREVIEW_NO_LOGIN),
    };
    let administrator = change.is_administrator.then(|| {
        el("span")
            .child(" · ")
            .child(keys::CONNECT_MATCH_PREVIEW_ADMINISTRATOR)
    });
    el("li")
        .child(link(paths::user(&change.id)).child(change.name.clone()))
        .child(" · ")
        .child(code(change.email.clone()))
        .child(" · ")
        .child(login)
        .child(administrator)
}
