//! `/practice/mistakes`, and the same for programs: which mistakes are made, one switch each.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::{Call, Params};
use crate::mistake::{Mistake, Names, Paste, Topic};
use crate::page::esc;
use crate::page::form::act;

use super::frame::{Frame, Section, see, state_of};

pub(super) const PATH: &str = "/practice/mistakes";

/// A mistake as it stands now.
struct Shown {
    mistake: Mistake,
    on: bool,
    pastes: Vec<Paste>,
}

fn all(call: &Call) -> Vec<Shown> {
    let world = call.engine.world();
    let names = Names {
        world: &world,
        base: &call.place.base,
        host: &call.engine.config.host,
    };
    let shown = Mistake::ALL.iter().map(|mistake| Shown {
        mistake: *mistake,
        on: world.played.iter().any(|played| played.mistake == *mistake),
        pastes: mistake.pastes(&names),
    });
    shown.collect()
}

pub(super) async fn show(call: Call, RawQuery(query): RawQuery) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let all = all(&call);
    let topics: String = Topic::ALL
        .iter()
        .map(|topic| {
            let rows: String = all
                .iter()
                .filter(|shown| shown.mistake.topic() == *topic)
                .map(row)
                .collect();
            format!(
                "<section class=\"panel\"><h2>{}</h2><ul class=\"mistakes\">{rows}</ul></section>",
                esc(topic.title())
            )
        })
        .collect();
    let on = all.iter().filter(|shown| shown.on).count();
    let about = match on {
        0 => "What people do wrong when they connect Okta. Nobody does at the moment.".to_owned(),
        1 => "What people do wrong when they connect Okta. One mistake is made now.".to_owned(),
        on => format!("What people do wrong when they connect Okta. {on} mistakes are made now."),
    };
    Frame::new(Section::Mistakes, "Mistakes", &about, topics)
        .actions(act(PATH, "Take all back", "", &[("off", "all")]))
        .show(&call, &query)
}

fn row(shown: &Shown) -> String {
    let mistake = shown.mistake;
    let id = mistake.id();
    let button = if !mistake.is_played_by_okta() {
        String::new()
    } else if shown.on {
        act(PATH, "Take back", mistake.title(), &[("off", id)])
    } else {
        act(PATH, "Make", mistake.title(), &[("on", id)])
    };
    let state = if shown.on {
        state_of("bad", "!", "Made now")
    } else {
        String::new()
    };
    let notes = notes_of(mistake, &shown.pastes);
    format!(
        "<li id=\"{id}\"><code>{id}</code><div><h3>{title}</h3><p class=\"muted\">{about}</p>{notes}</div>\
         <div class=\"switch\">{state}{button}<a class=\"button\" href=\"{room}?mistake={id}\">Read<span class=\"unseen\"> {title}</span></a></div></li>",
        title = esc(mistake.title()),
        about = esc(mistake.about()),
        room = super::reading_room::PATH,
    )
}

/// What to paste, and what to do where this Okta cannot help.
pub(super) fn notes(call: &Call, mistake: Mistake) -> String {
    let all = all(call);
    let shown = all.iter().find(|shown| shown.mistake == mistake);
    shown.map_or_else(String::new, |shown| notes_of(mistake, &shown.pastes))
}

fn notes_of(mistake: Mistake, pastes: &[Paste]) -> String {
    let pastes: String = pastes
        .iter()
        .filter(|paste| !paste.text.is_empty())
        .map(|paste| {
            format!(
                "<p class=\"paste\">Paste into “{}”: <code>{}</code></p>",
                esc(paste.field.title()),
                esc(&paste.text)
            )
        })
        .collect();
    let elsewhere = mistake
        .elsewhere()
        .map(|text| format!("<p class=\"muted\">Not here: {}</p>", esc(text)))
        .unwrap_or_default();
    pastes + &elsewhere
}

/// `POST /practice/mistakes`: `on` with an id, or `off` with an id or `all`.
pub(super) async fn save(call: Call, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let mut world = call.engine.world();
    if let Some(mistake) = params.get("on").and_then(Mistake::from_id) {
        world.play(mistake);
        return see(PATH, "played");
    }
    match params.get("off").map(|id| (id, Mistake::from_id(id))) {
        Some((_, Some(mistake))) => world.undo(mistake),
        Some(("all", None)) => world.undo_all(),
        Some((_, None)) | None => {}
    }
    see(PATH, "undone")
}

fn json_of(shown: &Shown) -> Value {
    let mistake = shown.mistake;
    let pastes: Vec<Value> = shown
        .pastes
        .iter()
        .map(|paste| json!({ "field": paste.field.title(), "text": paste.text }))
        .collect();
    json!({
        "id": mistake.id(),
        "topic": mistake.topic().title(),
        "title": mistake.title(),
        "about": mistake.about(),
        "played_by_okta": mistake.is_played_by_okta(),
        "elsewhere": mistake.elsewhere(),
        "pastes": pastes,
        "on": shown.on,
    })
}

/// `GET /practice/api/mistakes`.
pub(super) async fn list(call: Call) -> Response {
    let all: Vec<Value> = all(&call).iter().map(json_of).collect();
    Json(json!({ "mistakes": all })).into_response()
}

/// `POST /practice/api/mistakes`: takes all back.
pub(super) async fn clear(call: Call) -> Response {
    call.engine.world().undo_all();
    Json(json!({ "on": [] })).into_response()
}

/// `POST /practice/api/mistakes/{id}` with `on=true` or `on=false`, as a form or as JSON.
pub(super) async fn switch(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let Some(mistake) = Mistake::from_id(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let wanted = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|body| body.get("on")?.as_bool())
        .or_else(|| Params::parse(&body).get("on")?.parse().ok());
    match wanted {
        Some(true) => call.engine.world().play(mistake),
        Some(false) => call.engine.world().undo(mistake),
        None => return StatusCode::BAD_REQUEST.into_response(),
    }
    match all(&call).iter().find(|shown| shown.mistake == mistake) {
        Some(shown) => Json(json_of(shown)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
