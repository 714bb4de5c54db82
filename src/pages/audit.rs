//! The audit log: who changed what, when and from where.

use std::sync::Arc;

use api::audit::{AuditChange, AuditEvent, AuditList, AuditParty, AuditQuery, COMMAND_LINE};
use locales::{act_name, acts, keys};

use crate::{
    api as server,
    navigation::{Place, Step, use_place},
    pages::{activity, retention},
    paths,
    ui::{
        el::{El, Inside, View, code, div, el, group, link, p, span},
        filters::{Takes, filters},
        format::when,
        load::{Remote, bones, empty},
        log::{entry, log},
        page::{Crumb, Head, facts, page},
        table::{Column, row, table},
    },
    words::Text,
};

const CHANGES: [Column; 3] = [
    Column::kind(keys::AUDIT_FIELD, "claim"),
    Column::kind(keys::AUDIT_BEFORE, "value"),
    Column::kind(keys::AUDIT_AFTER, "value"),
];

/// The filters' names in the address.
const FILTERS: [&str; 5] = ["actor", "event", "target", "from", "until"];

#[must_use]
pub fn audit() -> View {
    let place = use_place();
    let list = Remote::new(move || {
        let query = asked(place);
        let ask = move |before: Option<String>| {
            let before = before.or_else(|| query.before.clone());
            server::audit(&AuditQuery {
                before,
                ..query.clone()
            })
        };
        activity::filled(
            ask,
            |it| (it.events.len(), &mut it.next),
            |list, more| {
                list.events.extend(more.events);
                list.next = more.next;
            },
        )
    });
    let export = el("a")
        .class("button")
        .attr("data-weight", "plain")
        .attr("href", api::paths::AUDIT_EXPORT)
        .attr("download", "")
        .child(el("span").child(keys::AUDIT_EXPORT));
    let head = Head::new(keys::AUDIT_TITLE)
        .lede(keys::AUDIT_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_ACTIVITY),
            Crumb::here(keys::AUDIT_TITLE),
        ])
        .actions(export);
    let body = div("panel")
        .child(tools(place))
        .child(list.draw(|| bones("rows", 8), move |it| rows(&it, place)));
    let about = p("muted small").child(keys::AUDIT_VERIFY);
    page(
        head,
        group(vec![
            body.done(),
            retention::retention(retention::Of::Audit),
            about.done(),
        ]),
    )
}

fn asked(place: Place) -> AuditQuery {
    let word = |name| Some(place.query(name)).filter(|it| !it.is_empty());
    AuditQuery {
        actor: word("actor"),
        event: word("event"),
        target: word("target"),
        from: activity::day(place, "from", 0),
        until: activity::day(place, "until", 1),
        before: word("before"),
        row: word("row").and_then(|it| it.parse().ok()),
        limit: None,
    }
}

fn tools(place: Place) -> El {
    let any = (String::new(), keys::AUDIT_ANY_ACT.into());
    let all = acts()
        .iter()
        .map(|(code, name)| ((*code).to_owned(), Text::from(*name)));
    let fields = vec![
        (
            "actor",
            keys::AUDIT_ACTOR,
            Takes::Suggested(keys::AUDIT_ACTOR_HINT, activity::people()),
        ),
        (
            "event",
            keys::AUDIT_ACT,
            Takes::OneOf(std::iter::once(any).chain(all).collect()),
        ),
        (
            "target",
            keys::AUDIT_TARGET,
            Takes::Suggested(keys::AUDIT_TARGET_HINT, activity::people()),
        ),
        ("from", keys::ACTIVITY_FROM, Takes::Day),
        ("until", keys::ACTIVITY_UNTIL, Takes::Day),
    ];
    filters(
        keys::ACTIVITY_FILTER,
        fields,
        &activity::value(place),
        Arc::new(move |set| place.go(&paths::with(paths::audit(), &set), Step::Replace)),
        None,
    )
}

fn rows(list: &AuditList, place: Place) -> View {
    let filtered = activity::is_filtered(place, &FILTERS) || !place.query("row").is_empty();
    if list.events.is_empty() && list.next.is_none() && filtered {
        return activity::nothing(keys::AUDIT_NONE_TITLE, paths::audit());
    }
    if list.events.is_empty() && list.next.is_none() {
        return empty(
            "clock",
            keys::AUDIT_EMPTY_TITLE,
            keys::AUDIT_EMPTY_FIX,
            None,
        )
        .done();
    }
    let alone = !place.query("row").is_empty();
    let entries: Vec<El> = list.events.iter().map(|it| event(it, alone)).collect();
    group(vec![
        log(keys::AUDIT_TITLE, entries)
            .attr("data-of", "audit")
            .done(),
        activity::pages(place, paths::audit(), &FILTERS, list.next.as_deref()),
    ])
}

fn name_of(act: &str) -> Text {
    act_name(act).map_or_else(|| Text::from(act), Text::from)
}

fn event(event: &AuditEvent, alone: bool) -> El {
    let actor = match &event.actor {
        Some(actor) => called(actor),
        None if event.address.is_some() => keys::AUDIT_SOMEONE.into(),
        None => keys::AUDIT_BY_ITSELF.into(),
    };
    let target = event.target.as_ref().map(called);
    let line = vec![
        span("muted").child(when(event.at)).done(),
        span("strong").child(name_of(&event.event)).done(),
        span("breakable").child(target).done(),
        span("muted breakable").child(actor).done(),
    ];
    let event = event.clone();
    entry(alone, line, move || detail(&event))
}

/// By name where it has one.
fn called(party: &AuditParty) -> Text {
    let name = party.name.as_deref().unwrap_or(&party.id);
    match api::Provider::from_code(name) {
        Some(provider) => provider.name().into(),
        None if name == COMMAND_LINE && party.id.is_empty() => keys::AUDIT_COMMAND_LINE.into(),
        None => name.into(),
    }
}

fn detail(event: &AuditEvent) -> View {
    let mut lines = Vec::new();
    let party = |party: &AuditParty, filter: &'static str, more| {
        let name = called(party);
        let shown = if party.is_user {
            link(paths::user(&party.id)).child(name.clone())
        } else {
            span("breakable").child(name.clone())
        };
        if party.id.is_empty() {
            return shown.done();
        }
        let all = paths::with(paths::audit(), &[(filter, party.id.clone())]);
        let more = link(all)
            .class("small")
            .child(Text::with(more, &[("name", &name.read())]));
        group(vec![shown.done(), " · ".inside(), more.done()])
    };
    if let Some(actor) = &event.actor {
        lines.push((
            keys::AUDIT_ACTOR,
            party(actor, "actor", keys::AUDIT_MORE_OF_ACTOR),
        ));
    }
    if let Some(target) = &event.target {
        lines.push((
            keys::AUDIT_TARGET,
            party(target, "target", keys::AUDIT_MORE_OF_TARGET),
        ));
    }
    lines.push((keys::AUDIT_CODE, code(event.event.clone()).done()));
    if let Some(address) = &event.address {
        lines.push((keys::AUDIT_ADDRESS, code(address.clone()).done()));
    }
    if let Some(request) = &event.request_id {
        lines.push((keys::AUDIT_REQUEST, code(request.clone()).done()));
    }
    let number = link(paths::with(
        paths::audit(),
        &[("row", event.seq.to_string())],
    ));
    lines.push((
        keys::AUDIT_ROW,
        group(vec![
            code(event.seq.to_string()).done(),
            " · ".inside(),
            number.class("small").child(keys::AUDIT_PERMALINK).done(),
        ]),
    ));
    group(vec![facts(lines).done(), changes(event).inside()])
}

fn changes(event: &AuditEvent) -> Option<View> {
    if event.changes.is_empty() {
        return None;
    }
    let side = |value: &Option<String>| match value {
        Some(value) => code(value.clone()).done(),
        None => span("muted").child("–").done(),
    };
    let rows: Vec<El> = event
        .changes
        .iter()
        .map(|it| {
            let field = if it.field.is_empty() {
                el("span").child(keys::AUDIT_CHANGES)
            } else {
                code(it.field.clone())
            };
            row(
                &CHANGES,
                vec![field.done(), side(&it.before), side(&it.after)],
            )
        })
        .collect();
    let is_print = |it: &AuditChange| it.field.ends_with("secret_fingerprint");
    let note = event.changes.iter().any(is_print);
    let note = note.then(|| p("muted small").child(keys::AUDIT_FINGERPRINT));
    Some(group(vec![
        table(keys::AUDIT_CHANGES, &CHANGES, rows).done(),
        note.inside(),
    ]))
}
