//! The whole log as JSON lines, oldest first, a few hundred rows in memory at a time.
//!
//! A line has what was hashed, letter by letter: whoever has the file alone can make each hash anew.
//! It is the SHA-256 of "sso-console audit 1\n", the hash before (32 bytes), `seq` and `at` (8 bytes
//! each, the greatest first), and of `id`, `actor_id`, `actor_name`, `event`, `target`, `detail`,
//! `address` and `request_id`: a zero byte for what is null, else a one, the length in bytes as
//! before, and the text. `detail` is a text for that: JSON that is written anew is another text.

use axum::{
    body::Bytes,
    extract::State,
    http::{header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use serde_json::json;

use super::{
    chain::{self, Link},
    verify::hex,
};
use crate::{
    App,
    access::{self, Admin},
    db::Db,
    error::Error,
};

/// `GET /api/audit/export`: the log as it is now, a row a line, with its hash.
pub(crate) async fn export(
    State(app): State<App>,
    _: Admin,
    asked: Parts,
) -> Result<Response, Error> {
    let pages = Pages::new(app.db.clone()).await?;
    let lines = stream::try_unfold(pages, |mut pages| async {
        let text = pages.next().await?;
        Ok(text.map(|text| (Bytes::from(text), pages)))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.jsonl\"",
        ),
    ];
    Ok((headers, access::while_may(asked, lines)).into_response())
}

/// The log, page by page.
pub(crate) struct Pages {
    db: Db,
    at: i64,
    until: i64,
    /// The latest row, and its hash: at the beginning that of the last that was removed for its age.
    before: (i64, Vec<u8>),
}

impl Pages {
    /// Everything that was written until now.
    pub(crate) async fn new(db: Db) -> Result<Self, Error> {
        // Rows from before the chain have their hashes from here on.
        db.write(chain::begin).await?;
        let ends = db.read(chain::ends).await?;
        let until = ends.as_ref().and_then(|it| it.greatest);
        let before = ends.map(|it| (it.pruned_seq, it.pruned_hash));
        Ok(Self {
            db,
            at: 0,
            until: until.unwrap_or_default(),
            before: before.unwrap_or_default(),
        })
    }

    /// The next lines; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, Error> {
        let (at, until) = (self.at, self.until);
        if at >= until {
            return Ok(None);
        }
        let links = self.db.read(move |tx| chain::after(tx, at)).await?;
        let mut text = String::new();
        self.at = links.last().map_or(until, |link| link.seq);
        for link in links.into_iter().filter(|link| link.seq <= until) {
            let (seq, hash) = &self.before;
            // Rows can be removed for their age while one reads: what went before is not known then.
            let before = (seq + 1 == link.seq).then(|| hex(hash));
            text.push_str(&line(&link, before.as_deref()));
            text.push('\n');
            self.before = (link.seq, link.hash);
        }
        Ok((!text.is_empty()).then_some(text))
    }
}

fn line(link: &Link, before: Option<&str>) -> String {
    let entry = &link.entry;
    json!({
        "seq": link.seq,
        "id": entry.id,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "event": entry.event,
        "target": entry.target,
        "detail": entry.detail,
        "address": entry.address,
        "request_id": entry.request_id,
        "hash_before": before,
        "hash": hex(&link.hash),
    })
    .to_string()
}
