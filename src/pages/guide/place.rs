//! *Where is your Okta?* Takes anything, and says what is there.

use api::{
    Provider,
    checks::{Look as Seen, OrganizationSeen, ServerKind, ServerSeen, ServerState},
    connections::Settings,
    guide::GuideNotes,
};
use leptos::prelude::*;
use locales::{Key, cause_title, field_fault, keys};

use crate::{
    api as server, navigation,
    pages::{
        causes::{self, Facts},
        checks,
    },
    paths::{self, Step},
    problems,
    ui::{
        badge::{Tone, badge},
        button::{Weight, button, submit},
        el::{El, Inside, View, div, el, group, live, p},
        field::{Kind, Look, field},
        form::Form,
        notice::{Notice, notice},
        page::section,
        task::{Act, act, later},
    },
    words::Text,
};

pub(super) fn place(notes: &GuideNotes, settings: Option<&Settings>) -> View {
    let known = notes
        .issuer
        .clone()
        .or_else(|| settings.map(|it| it.issuer.clone()));
    let pasted = RwSignal::new(known.unwrap_or_default());
    let seen: RwSignal<Option<Seen>> = RwSignal::new(None);
    let form = Form::new(Vec::new).only_asks();
    let ticks = notes.completed_steps.clone();
    let place = navigation::use_place();
    let ask = move || {
        if !form.begin() {
            return;
        }
        later(async move {
            match server::look(&pasted.get_untracked()).await {
                Ok(answer) => {
                    form.end();
                    seen.try_set(Some(answer));
                }
                Err(it) => form.fail(problems::notice(&it), problems::refused(&it)),
            }
        });
    };
    let take = move |issuer: String| -> Act {
        let ticks = ticks.clone();
        act(move || {
            let notes = GuideNotes {
                issuer: Some(issuer.clone()),
                completed_steps: ticks.clone(),
            };
            let go = place.onward();
            later(async move {
                match server::keep_guide(&notes).await {
                    Ok(_) => go(&paths::guide(Step::Apps), navigation::Step::Push),
                    Err(it) => form.fail(problems::notice(&it), Vec::new()),
                }
            });
        })
    };
    let again = move |issuer: String| -> Act {
        act(move || {
            pasted.set(issuer.clone());
            ask();
        })
    };
    let look = Look {
        kind: Kind::Code,
        hint: Some(keys::CONNECT_ISSUER_HINT.into()),
        placeholder: "company.okta.com",
        ..Look::default()
    };
    let answer = live(move || seen.get().map(|it| answer(&it, &again, &take)));
    let inside = vec![
        div("fields")
            .child(field(
                form,
                "pasted",
                keys::CONNECT_ISSUER,
                pasted,
                look,
                None,
            ))
            .done(),
        div("form-actions")
            .child(submit(keys::GUIDED_LOOK, form.busy.into()))
            .done(),
        div("fields").attr("role", "status").child(answer).done(),
    ];
    section(keys::GUIDED_WHERE, None, form.draw(act(ask), inside)).inside()
}

fn answer(seen: &Seen, again: &impl Fn(String) -> Act, take: &impl Fn(String) -> Act) -> View {
    let mut views = Vec::new();
    if let Some(fault) = seen.fault {
        views.push(notice(Notice::new(field_fault(fault), ""), None).done());
    }
    if let Some(issuer) = &seen.issuer {
        let said = Text::with(keys::GUIDED_ISSUER, &[("issuer", issuer)]);
        views.push(p("strong breakable").child(said).done());
    }
    for cause in &seen.notes {
        views.push(p("small").child(cause_title(*cause)).done());
        let facts = Facts::default();
        views.push(causes::fix("small muted", *cause, Provider::Okta, facts).done());
        views.push(checks::way(*cause, Provider::Okta).inside());
    }
    if let Some(said) = seen.organization.and_then(said) {
        views.push(p("").child(said).done());
    }
    if !seen.custom_domains.is_empty() {
        let domains = seen.custom_domains.join(", ");
        let said = Text::with(keys::GUIDED_CUSTOM_DOMAINS, &[("domains", &domains)]);
        views.push(p("small muted").child(said).done());
    }
    if let Some(meant) = &seen.suggestion {
        let label = Text::with(keys::GUIDED_USE, &[("issuer", meant)]);
        views.push(button(label, again(meant.clone())).inside());
    }
    if !seen.servers.is_empty() {
        let items: Vec<El> = seen.servers.iter().map(|it| one(it, seen, take)).collect();
        views.push(el("h3").child(keys::GUIDED_SERVERS).done());
        views.push(el("ul").class("attempts").child(items).done());
    } else if let Some(issuer) = &seen.issuer
        && seen.organization != Some(OrganizationSeen::Unknown)
        && seen.suggestion.is_none()
    {
        views.push(button(keys::GUIDED_NEXT, take(issuer.clone())).inside());
    }
    group(views)
}

fn said(organization: OrganizationSeen) -> Option<Key> {
    match organization {
        OrganizationSeen::Found => Some(keys::GUIDED_FOUND),
        // The notes say it, with what to do.
        OrganizationSeen::Unknown => None,
        OrganizationSeen::NotOkta => Some(keys::GUIDED_NOT_OKTA),
        OrganizationSeen::Unreachable => Some(keys::GUIDED_UNREACHABLE),
    }
}

fn one(server: &ServerSeen, seen: &Seen, take: &impl Fn(String) -> Act) -> El {
    let what = match server.kind {
        ServerKind::Org => keys::GUIDED_SERVER_ORG,
        ServerKind::Default => keys::GUIDED_SERVER_DEFAULT,
        ServerKind::Custom => keys::GUIDED_SERVER_CUSTOM,
    };
    let (tone, picture, state) = match server.state {
        ServerState::There => (Tone::Good, "check", keys::GUIDED_STATE_THERE),
        ServerState::NotThere => (Tone::Neutral, "off", keys::GUIDED_STATE_NOT_THERE),
        ServerState::NotLicensed => (Tone::Neutral, "off", keys::GUIDED_STATE_NOT_LICENSED),
        ServerState::Inconclusive => (Tone::Warning, "warning", keys::GUIDED_STATE_UNCLEAR),
    };
    let usable = match server.state {
        ServerState::There | ServerState::Inconclusive => {
            let label = Text::with(keys::GUIDED_USE, &[("issuer", &server.issuer)]);
            let weight = if seen.issuer.as_ref() == Some(&server.issuer) {
                Weight::Primary
            } else {
                Weight::Plain
            };
            Some(button(label, take(server.issuer.clone())).weight(weight))
        }
        ServerState::NotThere | ServerState::NotLicensed => None,
    };
    el("li")
        .class("attempt")
        .child(
            div("attempt-head")
                .child(el("code").class("breakable").child(server.issuer.clone()))
                .child(badge(tone, picture, state)),
        )
        .child(p("small muted").child(what))
        .child(usable)
}
