//! What came back from the provider in an administrator's round trip: who, which claims, and which user that is here.

use api::{
    Provider,
    connections::{Claim, Proof},
};
use leptos::prelude::*;
use locales::keys;

use crate::{
    pages::states,
    paths,
    ui::{
        format::when,
        load::empty,
        table::{Column, row, table},
    },
    words::t,
};

const COLUMNS: [Column; 3] = [
    Column::kind(keys::PROOF_CLAIM, "claim"),
    Column::kind(keys::PROOF_ID_TOKEN, "value"),
    Column::kind(keys::PROOF_USERINFO, "value"),
];

/// The proof, or that there is none yet.
#[must_use]
pub(super) fn proof(proof: Option<&Proof>, provider: Provider) -> AnyView {
    let Some(proof) = proof else {
        let advice = states::about(keys::PROOF_EMPTY_FIX, provider);
        return empty("key", keys::PROOF_EMPTY_TITLE, advice, None);
    };
    let user = match &proof.user {
        Some(user) => view! { <a href=paths::user(&user.id)>{user.name.clone()}</a> }.into_any(),
        None => view! { <span>{t(keys::PROOF_NOBODY)}</span> }.into_any(),
    };
    let rows = proof.claims.iter().map(claim).collect();
    view! {
        <dl class="facts">
            <dt>{t(keys::PROOF_AT)}</dt>
            <dd>{when(proof.at)} " · " {proof.by.clone()}</dd>
            <dt>{t(keys::PROOF_LOGIN)}</dt>
            <dd><code>{proof.login.clone()}</code></dd>
            <dt>{t(keys::USER_BOND_SUB)}</dt>
            <dd><code>{proof.sub.clone()}</code></dd>
            <dt>{t(keys::PROOF_USER)}</dt>
            <dd>{user}</dd>
        </dl>
        {table(keys::PROOF_CLAIMS, &COLUMNS, rows)}
    }
    .into_any()
}

fn claim(claim: &Claim) -> AnyView {
    let value = |value: Option<&String>| match value {
        Some(value) => view! { <code>{value.clone()}</code> }.into_any(),
        None => view! { <span class="muted">{t(keys::PROOF_ABSENT)}</span> }.into_any(),
    };
    row(
        &COLUMNS,
        vec![
            view! { <code>{claim.name.clone()}</code> }.into_any(),
            value(claim.id_token.as_ref()),
            value(claim.userinfo.as_ref()),
        ],
    )
}
