//! What administrators did to the crowd, as rows of the audit log: the last ones of it.

use api::UtcMillis;
use serde_json::json;

use super::{
    Crowd, DAY,
    dice::Dice,
    person::{self, Names, Trouble},
};
use crate::{
    audit::{Audit, Event},
    clock::Entropy,
    db::Db,
    error::Error,
};

/// So many at most, whatever the size.
const ROWS: usize = 5_000;
/// So many are written in one transaction.
const AT_ONCE: usize = 500;

/// One row to be.
struct Row {
    at: UtcMillis,
    event: Event,
    number: u32,
}

pub(super) async fn write(db: &Db, crowd: &Crowd) -> Result<(), Error> {
    let mut rows = rows(crowd);
    rows.sort_by_key(|row| (row.at, row.number));
    let rows = rows.split_off(rows.len().saturating_sub(ROWS));
    let names = Names::new();
    for some in rows.chunks(AT_ONCE) {
        let entries: Vec<_> = some.iter().map(|row| entry(crowd, &names, row)).collect();
        db.write(move |tx| {
            entries
                .iter()
                .try_for_each(|(audit, event, target, detail)| {
                    audit.record(tx, *event, Some(target), detail)
                })
        })
        .await?;
    }
    Ok(())
}

fn rows(crowd: &Crowd) -> Vec<Row> {
    let mut rows = Vec::new();
    for number in 0..crowd.people {
        let standing = person::standing(crowd, number);
        let mut push = |at, event| rows.push(Row { at, event, number });
        if crowd.now - standing.created_at < 120 * DAY {
            push(standing.created_at, Event::UserCreated);
        }
        if let Some(at) = standing.linked_at.filter(|at| crowd.now - at < 30 * DAY) {
            push(at, Event::UserBound);
        }
        if let Some(at) = standing.suspended_at {
            push(at, Event::UserSuspended);
        }
        if let (Some(_), Some(at)) = (standing.trouble, standing.linked_at) {
            push(at + (crowd.now - at) / 2, Event::UserNeedsAttention);
        }
    }
    rows
}

fn entry(crowd: &Crowd, names: &Names, row: &Row) -> (Audit, Event, String, serde_json::Value) {
    let person = person::person(crowd, names, row.number);
    let mut dice = Dice::new(crowd.seed, 5, row.number);
    let is_theirs = matches!(row.event, Event::UserBound | Event::UserNeedsAttention);
    let (id, name) = if is_theirs {
        (person.id.clone(), person.name.clone())
    } else {
        crowd.actor.clone()
    };
    let login = person.okta_login.as_deref();
    let detail = match (row.event, person.news()) {
        (Event::UserNeedsAttention, Some((Trouble::LoginChanged, login))) => {
            json!({ "provider": "okta", "login": login })
        }
        (Event::UserNeedsAttention, Some((Trouble::SecondIdentity, sub))) => json!({ "sub": sub }),
        (Event::UserBound, _) => json!({
            "provider": "okta", "issuer": crowd.issuer, "sub": person.sub, "login": login,
        }),
        (Event::UserSuspended, _) => json!({ "sessions_ended": dice.below(3) }),
        (_, _) => json!({
            "name": person.name, "email": person.email, "okta_login": login, "role": person.role,
        }),
    };
    let seed = dice.roll();
    let audit = Audit {
        now: row.at,
        actor_id: Some(id),
        actor_name: name,
        address: format!("198.51.100.{}", dice.below(254) + 1),
        request_id: String::new(),
        entropy: entropy(seed),
    };
    (audit, row.event, person.id, detail)
}

/// The same each time.
fn entropy(seed: u64) -> Entropy {
    Entropy::new(move |bytes| {
        let mut dice = Dice::new(seed, 6, 0);
        for chunk in bytes.chunks_mut(8) {
            let word = dice.roll().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    })
}
