//! `/practice/requests`: what was asked of this Okta lately.

use axum::extract::RawQuery;
use axum::response::Response;

use crate::clock::http_date;
use crate::http::{Call, Params};
use crate::page::esc;
use crate::page::form::act;

use super::frame::{Frame, Section, see, table};

const SHOWN: usize = 100;

pub(super) async fn show(call: Call, RawQuery(query): RawQuery) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let seen: Vec<_> = call
        .engine
        .world()
        .log
        .iter()
        .rev()
        .take(SHOWN)
        .cloned()
        .collect();
    let rows: Vec<Vec<String>> = seen
        .iter()
        .map(|seen| {
            let path = format!("{} <code>{}</code>", esc(&seen.method), esc(&seen.path));
            vec![
                path,
                seen.status.to_string(),
                esc(&seen.authorization),
                esc(&seen.host),
                http_date(seen.at),
            ]
        })
        .collect();
    let content = table(
        "Requests, newest first",
        &["Request", "Status", "Authorization", "Host", "Time"],
        &rows,
        "Nothing was asked yet.",
    );
    Frame::new(
        Section::Requests,
        "Requests",
        "What apps and browsers asked of Okta, newest first.",
        format!("<div class=\"panel\">{content}</div>"),
    )
    .actions(act("/practice/requests", "Empty the list", "", &[]))
    .show(&call, &query)
}

/// `POST /practice/requests`: forgets them.
pub(super) async fn forget(call: Call) -> Response {
    call.engine.world().log.clear();
    see("/practice/requests", "forgotten")
}
