//! The SQL of break-glass codes. Only their hashes are stored.

use api::{
    UtcMillis,
    break_glass::{BreakGlassUse, CodeKind, Recovery},
};

use crate::{
    audit::Audit,
    db::{Row, Tx, params},
    error::Error,
    ids,
};

/// A code that was tried within this time is one that somebody can lay hands on.
const TRIED: UtcMillis = 30 * 24 * 60 * 60 * 1000;

/// What is stored of a code, however it was typed.
///
/// SHA-256 alone: a code has 140 random bits, so a copy of the database leaves 2^140 codes to try, with a salt or a
/// key or without. A slow hash would make a flood of wrong codes dear for the server, and a key would be one more thing to lose
/// on the day that the codes are for.
pub(crate) fn hash(code: &str) -> [u8; 32] {
    ids::hash(&api::break_glass::normal(code))
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    audit: &Audit,
    user_id: &str,
    kind: CodeKind,
    code: &str,
    expires_at: Option<UtcMillis>,
) -> Result<(), Error> {
    tx.run(
        "insert into break_glass (id, user_id, kind, code_hash, issued_at, issued_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            &ids::uuid(audit.now, &audit.entropy),
            user_id,
            kind.code(),
            &hash(code),
            audit.now,
            &audit.actor_name,
            expires_at
        ],
    )
    .map(drop)
}

/// Whether there is a code like it that nobody used: all that a wrong one costs.
pub(crate) fn is_there(
    tx: &mut Tx<'_>,
    code_hash: &[u8; 32],
    now: UtcMillis,
) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from break_glass
         where code_hash = $1 and used_at is null and (expires_at is null or expires_at > $2)",
        params![code_hash, now],
    )?;
    Ok(row.is_some())
}

/// Takes a code, if it is this administrator's and good: one statement, so that of two at once only
/// one enters. Known and unknown addresses cost the same. The user, and the kind of code.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    email: &str,
    code_hash: &[u8; 32],
    now: UtcMillis,
) -> Result<Option<(String, CodeKind)>, Error> {
    let row = tx.row(
        "update break_glass set used_at = $3
         where code_hash = $2 and used_at is null and (expires_at is null or expires_at > $3)
           and user_id in (select id from users
                           where email = $1 and role = 'admin' and suspended_at is null)
         returning user_id, kind",
        params![email, code_hash, now],
    )?;
    row.map(|mut row| Ok((row.text()?, kind(&mut row)?)))
        .transpose()
}

/// Whether a user has a code that is good at this moment.
pub(crate) fn has_unused(tx: &mut Tx<'_>, user_id: &str, now: UtcMillis) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from break_glass
         where user_id = $1 and used_at is null and (expires_at is null or expires_at > $2)
         limit 1",
        params![user_id, now],
    )?;
    Ok(row.is_some())
}

/// Notes that a recovery code was tested; whether there is one like it.
pub(super) fn test(
    tx: &mut Tx<'_>,
    user_id: &str,
    code_hash: &[u8; 32],
    now: UtcMillis,
) -> Result<bool, Error> {
    let tested = tx.run(
        "update break_glass set tested_at = $3
         where user_id = $1 and code_hash = $2 and kind = 'recovery' and used_at is null",
        params![user_id, code_hash, now],
    )?;
    Ok(tested > 0)
}

/// Voids the recovery codes of an administrator; how many were left.
pub(super) fn void_recovery(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, Error> {
    tx.run(
        "delete from break_glass where user_id = $1 and kind = 'recovery' and used_at is null",
        params![user_id],
    )
}

/// Voids whatever could still let somebody in who is no administrator any more.
pub(crate) fn void(tx: &mut Tx<'_>, user_id: &str) -> Result<(), Error> {
    tx.run(
        "delete from break_glass where user_id = $1 and used_at is null",
        params![user_id],
    )
    .map(drop)
}

/// Whether an administrator in good standing has a way back in that was tried lately: a code issued
/// on the host that let somebody in, or recovery codes of which one was used or tested and one is
/// left.
pub(crate) fn was_tried(tx: &mut Tx<'_>, now: UtcMillis) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from break_glass b
         join users u on u.id = b.user_id
         where u.role = 'admin' and u.suspended_at is null
           and (b.used_at > $1 or b.tested_at > $1)
           and (b.kind = 'issued'
                or exists (select 1 from break_glass o
                           where o.user_id = b.user_id and o.kind = 'recovery'
                             and o.used_at is null))
         limit 1",
        params![now - TRIED],
    )?;
    Ok(row.is_some())
}

/// An administrator's recovery codes, if they ever made any.
pub(super) fn recovery(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<Recovery>, Error> {
    let row = tx.row(
        "select max(issued_at), count(case when used_at is null then 1 end), max(used_at),
                max(tested_at)
         from break_glass where user_id = $1 and kind = 'recovery'",
        params![user_id],
    )?;
    let Some(mut row) = row else { return Ok(None) };
    let Some(issued_at) = row.opt_int()? else {
        return Ok(None);
    };
    let left = row.count()?;
    let (used, tested) = (row.opt_int()?, row.opt_int()?);
    Ok(Some(Recovery {
        issued_at,
        left,
        tested_at: used.max(tested),
    }))
}

/// The latest twenty that were issued or used, newest first.
pub(super) fn recent(tx: &mut Tx<'_>) -> Result<Vec<BreakGlassUse>, Error> {
    tx.rows(
        "select b.kind, u.name, b.issued_at, b.expires_at, b.used_at
         from break_glass b
         join users u on u.id = b.user_id
         where b.kind = 'issued' or b.used_at is not null
         order by coalesce(b.used_at, b.issued_at) desc
         limit 20",
        &[],
    )?
    .into_iter()
    .map(|mut row| {
        Ok(BreakGlassUse {
            kind: kind(&mut row)?,
            user: row.text()?,
            issued_at: row.int()?,
            expires_at: row.opt_int()?,
            used_at: row.opt_int()?,
        })
    })
    .collect()
}

fn kind(row: &mut Row) -> Result<CodeKind, Error> {
    let code = row.text()?;
    CodeKind::from_code(&code)
        .ok_or_else(|| Error::Internal(format!("a break-glass code is {code:?}")))
}
