//! `/practice/faults`: how Okta misbehaves.

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::Response;

use crate::fault::{Fault, Faults, Stage};
use crate::http::{Call, Params};
use crate::page::form::{act, group, submit};

use super::frame::{Frame, Section, see};

pub(super) async fn show(call: Call, RawQuery(query): RawQuery) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let faults = call.engine.world().faults.clone();
    let groups: String = Stage::ALL
        .iter()
        .map(|stage| {
            let rows: String = Fault::ALL
                .iter()
                .filter(|fault| fault.stage() == *stage)
                .map(|fault| row(*fault, &faults))
                .collect();
            group(stage.title(), &rows)
        })
        .collect();
    let content = format!(
        "<form method=\"post\" action=\"/practice/faults\" class=\"panel stack faults\">{groups}{}</form>",
        submit("Save")
    );
    Frame::new(
        Section::Faults,
        "Faults",
        "How Okta misbehaves from now on. Several can be on at once.",
        content,
    )
    .actions(act("/practice/faults/clear", "Switch all off", "", &[]))
    .show(&call, &query)
}

fn row(fault: Fault, faults: &Faults) -> String {
    let on = faults.find(fault);
    let checked = if on.is_some() { " checked" } else { "" };
    let (id, title) = (fault.id(), fault.title());
    let amount = on.unwrap_or(fault).amount().map(|amount| {
        format!("<input class=\"amount\" name=\"{id}-amount\" value=\"{amount}\" inputmode=\"numeric\" autocomplete=\"off\" aria-label=\"Amount: {title}\">")
    });
    format!(
        "<div class=\"fault\"><label class=\"choice\"><input type=\"checkbox\" name=\"fault\" value=\"{id}\"{checked}> <span>{title}</span></label>{}<code>{id}</code></div>",
        amount.unwrap_or_default()
    )
}

/// `POST /practice/faults`: exactly the ticked ones are on.
pub(super) async fn save(call: Call, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let mut world = call.engine.world();
    world.faults.clear_all();
    for fault in params.all("fault").filter_map(Fault::from_id) {
        let amount = params
            .get(&format!("{}-amount", fault.id()))
            .and_then(|text| text.trim().parse().ok());
        world
            .faults
            .set(amount.map_or(fault, |amount| fault.with_amount(amount)));
    }
    see("/practice/faults", "saved")
}

/// `POST /practice/faults/clear`: Okta behaves again.
pub(super) async fn clear(call: Call) -> Response {
    call.engine.world().faults.clear_all();
    see("/practice/faults", "cleared")
}
