//! All bonds to a provider at once: void when it comes to speak of other accounts, put aside while
//! that is only on trial.

use api::Provider;

use crate::{
    db::{Tx, params},
    error::Error,
};

/// Removes every bond to a provider; how many there were.
pub(crate) fn unbind_all(tx: &mut Tx<'_>, provider: Provider) -> Result<u64, Error> {
    match provider {
        Provider::Okta => {
            tx.run(
                "update users set okta_since = null, attention = null, attention_detail = null
                 where id in (select user_id from identities where provider = 'okta')",
                &[],
            )?;
        }
        // Neither the status nor what needs attention comes from them.
        Provider::Google | Provider::Microsoft => {}
    }
    tx.run(
        "delete from identities where provider = $1",
        params![provider.code()],
    )
}

/// Puts every bond to Okta aside until the trial is confirmed; how many there were.
pub(crate) fn put_bonds_aside(tx: &mut Tx<'_>) -> Result<u64, Error> {
    drop_bonds_aside(tx)?;
    tx.run(
        "insert into suspended_identities (id, user_id, provider, issuer, sub, linked_at)
         select id, user_id, provider, issuer, sub, linked_at
         from identities where provider = 'okta'",
        &[],
    )?;
    unbind_all(tx, Provider::Okta)
}

/// The trial is undone: the bonds from before it hold again, and those made during it do not.
pub(crate) fn bring_back_bonds(tx: &mut Tx<'_>) -> Result<(), Error> {
    unbind_all(tx, Provider::Okta)?;
    tx.run(
        "insert into identities (id, user_id, provider, issuer, sub, linked_at)
         select id, user_id, provider, issuer, sub, linked_at from suspended_identities",
        &[],
    )?;
    tx.run(
        "update users
         set okta_since = (select i.linked_at from identities i
                           where i.user_id = users.id and i.provider = 'okta')
         where id in (select user_id from suspended_identities)",
        &[],
    )?;
    drop_bonds_aside(tx)
}

/// The trial is confirmed: what was put aside is void.
pub(crate) fn drop_bonds_aside(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.run("delete from suspended_identities", &[]).map(drop)
}
