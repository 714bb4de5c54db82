//! Old rows go. Where they ended stays as the place from which the chain goes on.

use api::UtcMillis;
use serde_json::json;

use super::{Audit, Event, chain, list};
use crate::{
    App,
    db::{Tx, params},
    error::Error,
};

/// Rows of a day go together: what is removed is itself a row, and one a day is enough.
const SLACK: UtcMillis = 24 * 60 * 60 * 1000;
/// So many at a time, so that nobody waits long.
const PART: i64 = 5000;

pub(super) const GONE: &str = "delete from audit_events where seq <= $1";

/// Removes the rows from before a time, if the oldest is a day overdue.
pub(crate) async fn prune(app: &App, before: UtcMillis) -> Result<(), Error> {
    let is_due = app
        .db
        .peek(move |tx| {
            let oldest = tx.row("select at from audit_events order by seq limit 1", &[])?;
            match oldest {
                Some(mut row) => Ok(row.int()? < before - SLACK),
                None => Ok(false),
            }
        })
        .await?;
    if !is_due {
        return Ok(());
    }
    app.db.write(chain::begin).await?;
    let ends = app.db.read(chain::ends).await?;
    let until = app.db.peek(move |tx| list::first_since(tx, before)).await?;
    let Some(ends) = ends else { return Ok(()) };
    let until = until.map_or(ends.seq, |seq| seq - 1);
    let mut at = ends.pruned_seq;
    while at < until {
        let next = until.min(at + PART);
        // What will be gone is told with the first part that goes.
        let told = (at == ends.pruned_seq).then_some((until, until - at));
        let removed = app
            .db
            .write({
                let audit = Audit::of_nobody(app.clock.now(), &app.entropy, "");
                move |tx| remove(tx, &audit, next, told)
            })
            .await?;
        if !removed {
            return Ok(());
        }
        at = next;
    }
    Ok(())
}

/// False when somebody else removes the same rows at this moment, on another node.
fn remove(
    tx: &mut Tx<'_>,
    audit: &Audit,
    until: i64,
    told: Option<(i64, i64)>,
) -> Result<bool, Error> {
    let moved = tx.run(
        "update audit_head
         set pruned_seq = $1, pruned_hash = (select hash from audit_events where seq = $1)
         where id = 1 and pruned_seq < $1
           and exists (select 1 from audit_events where seq = $1)",
        params![until],
    )?;
    if moved == 0 {
        return Ok(false);
    }
    tx.run(GONE, params![until])?;
    if let Some((until, rows)) = told {
        let detail = json!({ "up_to_row": until, "rows": rows });
        audit.record(tx, Event::AuditPruned, None, &detail)?;
    }
    Ok(true)
}
