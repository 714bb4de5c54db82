//! Seals everything anew with the first key of a ring, in the caller's transaction: all of it or
//! nothing.

use std::collections::HashMap;

use serde_json::json;

use super::{Sealing, shown};
use crate::{
    audit::{Audit, Event},
    connections::secret_place,
    db::{Lock, Tx, params},
    error::Error,
    sessions::id_token_place,
    webhook,
};

/// How many values were sealed anew. Fails with a sentence for the operator if the ring does not
/// have the key that is in use, or a value does not open.
pub(crate) fn everything(tx: &mut Tx<'_>, sealing: &Sealing, audit: &Audit) -> Result<u64, Error> {
    tx.lock(Lock::File)?;
    tx.lock(Lock::Connections)?;
    tx.lock(Lock::Webhook)?;
    let Some(mut row) = tx.row("select encryption_key_id from deployment where id = 1", &[])?
    else {
        return Err(Error::Internal(
            "nobody has set this deployment up yet: give the new key to `serve` instead".into(),
        ));
    };
    let before = row.blob()?;
    if !sealing.has(&before) {
        return Err(Error::Internal(format!(
            "the old key is not the one that is in use, which is {}: give its file with --old. \
             Nothing was changed",
            shown(&before)
        )));
    }
    let mut anew = Anew {
        sealing,
        audit,
        done: HashMap::new(),
    };
    let count = settings(tx, &mut anew)?
        + next_secrets(tx, &mut anew)?
        + signing_secrets(tx, &mut anew)?
        + id_tokens(tx, &mut anew)?;
    if count == 0 && before == sealing.key_id() {
        return Ok(0);
    }
    tx.run(
        "update deployment set encryption_key_id = $1 where id = 1",
        params![sealing.key_id()],
    )?;
    let detail = json!({
        "before": shown(&before), "after": shown(sealing.key_id()), "values": count,
    });
    audit.record(tx, Event::KeyRotated, None, &detail)?;
    Ok(count.max(1))
}

struct Anew<'a> {
    sealing: &'a Sealing,
    audit: &'a Audit,
    /// Copies of one sealed value stay copies of one: that is how a secret is known again.
    done: HashMap<Vec<u8>, Vec<u8>>,
}

impl Anew<'_> {
    /// The value under the new key; None if it has that already.
    fn seal(&mut self, sealed: Vec<u8>, place: &str) -> Result<Option<Vec<u8>>, Error> {
        if Sealing::sealed_with(&sealed) == Some(self.sealing.key_id()) {
            return Ok(None);
        }
        if let Some(done) = self.done.get(&sealed) {
            return Ok(Some(done.clone()));
        }
        let plain = self.sealing.open(&sealed, place)?;
        let new = self.sealing.seal(&plain, place, &self.audit.entropy)?;
        self.done.insert(sealed, new.clone());
        Ok(Some(new))
    }
}

fn settings(tx: &mut Tx<'_>, anew: &mut Anew<'_>) -> Result<u64, Error> {
    let mut count = 0;
    for mut row in tx.rows(
        "select id, provider, issuer, secret from connection_settings",
        &[],
    )? {
        let (id, provider, issuer) = (row.text()?, row.text()?, row.text()?);
        if let Some(new) = anew.seal(row.blob()?, &secret_place(&provider, &issuer))? {
            count += tx.run(
                "update connection_settings set secret = $2 where id = $1",
                params![&id, &new],
            )?;
        }
    }
    Ok(count)
}

fn next_secrets(tx: &mut Tx<'_>, anew: &mut Anew<'_>) -> Result<u64, Error> {
    let mut count = 0;
    for mut row in tx.rows("select provider, issuer, secret from next_secrets", &[])? {
        let (provider, issuer) = (row.text()?, row.text()?);
        if let Some(new) = anew.seal(row.blob()?, &secret_place(&provider, &issuer))? {
            count += tx.run(
                "update next_secrets set secret = $2 where provider = $1",
                params![&provider, &new],
            )?;
        }
    }
    Ok(count)
}

fn signing_secrets(tx: &mut Tx<'_>, anew: &mut Anew<'_>) -> Result<u64, Error> {
    let row = tx.row(
        "select secret, secret_before from webhook where id = 1",
        &[],
    )?;
    let Some(mut row) = row else { return Ok(0) };
    let mut count = 0;
    if let Some(secret) = row.opt_blob()?
        && let Some(new) = anew.seal(secret, webhook::PLACE)?
    {
        count += tx.run("update webhook set secret = $1 where id = 1", params![&new])?;
    }
    if let Some(before) = row.opt_blob()?
        && let Some(new) = anew.seal(before, webhook::PLACE)?
    {
        count += tx.run(
            "update webhook set secret_before = $1 where id = 1",
            params![&new],
        )?;
    }
    Ok(count)
}

fn id_tokens(tx: &mut Tx<'_>, anew: &mut Anew<'_>) -> Result<u64, Error> {
    let mut count = 0;
    for mut row in tx.rows(
        "select id, id_token from sessions where id_token is not null",
        &[],
    )? {
        let (id, sealed) = (row.text()?, row.blob()?);
        if let Some(new) = anew.seal(sealed, &id_token_place(&id))? {
            count += tx.run(
                "update sessions set id_token = $2 where id = $1",
                params![&id, &new],
            )?;
        }
    }
    Ok(count)
}
