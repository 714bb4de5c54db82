//! The whole log as JSON lines, oldest first, a few hundred rows in memory at a time.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use serde_json::json;

use super::{
    chain::{self, Link},
    verify::hex,
};
use crate::{App, access::Admin, db::Db, error::Error};

/// `GET /api/audit/export`: the log as it is now, a row a line, with its hash.
pub(crate) async fn export(State(app): State<App>, _: Admin) -> Result<Response, Error> {
    let pages = Pages::new(app.db.clone()).await?;
    let body = stream::unfold(Some(pages), |pages| async {
        let mut pages = pages?;
        match pages.next().await {
            Ok(Some(text)) => Some((Ok(Bytes::from(text)), Some(pages))),
            Ok(None) => None,
            Err(error) => {
                error.log("-");
                // The answer has begun: it breaks off, so that nobody takes it for the whole.
                Some((Err(std::io::Error::other("the export broke off")), None))
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.jsonl\"",
        ),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// The log, page by page.
pub(crate) struct Pages {
    db: Db,
    at: i64,
    until: i64,
}

impl Pages {
    /// Everything that was written until now.
    pub(crate) async fn new(db: Db) -> Result<Self, Error> {
        let ends = db.read(chain::ends).await?;
        let until = ends.and_then(|it| it.greatest).unwrap_or_default();
        Ok(Self { db, at: 0, until })
    }

    /// The next lines; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, Error> {
        let (at, until) = (self.at, self.until);
        if at >= until {
            return Ok(None);
        }
        let links = self.db.read(move |tx| chain::after(tx, at)).await?;
        let mut text = String::new();
        for link in links.iter().filter(|link| link.seq <= until) {
            text.push_str(&line(link));
            text.push('\n');
        }
        self.at = links.last().map_or(until, |link| link.seq);
        Ok((!text.is_empty()).then_some(text))
    }
}

fn line(link: &Link) -> String {
    let entry = &link.entry;
    let detail: serde_json::Value =
        serde_json::from_str(&entry.detail).unwrap_or_else(|_| json!(entry.detail));
    json!({
        "seq": link.seq,
        "id": entry.id,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "act": entry.act,
        "target": entry.target,
        "detail": detail,
        "address": entry.address,
        "request_id": entry.request_id,
        "hash": hex(&link.hash),
    })
    .to_string()
}
