//! What an administrator typed into the filters, as it stands in rows.

use serde_json::Value;

use super::{BUDGET, Wish};
use crate::{
    audit::Event,
    db::{Texts, Tx, params},
    error::Error,
    users,
};

/// Who was removed, newest first.
pub(super) const REMOVED: Texts = range!(
    "select e.target, e.detail from audit_events e where ",
    "event",
    "limit $4"
);

/// What rows may have where a filter is: one of these. None do not filter.
pub(super) struct Words {
    pub(super) actor: Vec<String>,
    pub(super) event: Vec<String>,
    pub(super) target: Vec<String>,
}

impl Words {
    pub(super) fn of(tx: &mut Tx<'_>, wish: &Wish) -> Result<Self, Error> {
        // Who acts is known: nothing but their id stands there.
        let mut actor = known_as(tx, &wish.actor)?;
        actor.truncate(1);
        let event = Some(wish.event.clone()).filter(|it| !it.is_empty());
        Ok(Self {
            actor,
            event: event.into_iter().collect(),
            target: known_as(tx, &wish.target)?,
        })
    }

    /// Whether a row has what every filter asks for.
    pub(super) fn have(
        &self,
        actor: Option<&String>,
        event: &String,
        target: Option<&String>,
    ) -> bool {
        let is = |wished: &[String], it: Option<&String>| {
            wished.is_empty() || it.is_some_and(|it| wished.contains(it))
        };
        is(&self.actor, actor) && is(&self.event, Some(event)) && is(&self.target, target)
    }
}

/// What rows have of whoever the words name, each once: first their id, if there is or was such a user; their e-mail and
/// the words themselves, where somebody typed them who was not known to be them.
fn known_as(tx: &mut Tx<'_>, words: &str) -> Result<Vec<String>, Error> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let is_address = words.contains('@');
    let words = if is_address {
        words.to_ascii_lowercase()
    } else {
        words.to_owned()
    };
    let mut all = Vec::new();
    if let Some(user) = users::named(tx, &words)? {
        all.extend([user.id, user.email]);
    } else if is_address {
        all.extend(removed(tx, &words)?);
    }
    if !all.contains(&words) {
        all.push(words);
    }
    Ok(all)
}

/// The id of whoever had this e-mail last, if they are among the latest who were removed.
fn removed(tx: &mut Tx<'_>, email: &str) -> Result<Option<String>, Error> {
    let sql = REMOVED.of(tx);
    let act = Event::UserDeleted.code();
    for mut row in tx.rows(sql, params![act, i64::MAX, 0, BUDGET])? {
        let (id, detail) = (row.opt_text()?, row.text()?);
        let detail: Value = serde_json::from_str(&detail).unwrap_or_default();
        if detail["email"] == email {
            return Ok(id);
        }
    }
    Ok(None)
}
