//! What came back from the provider in an administrator's round trip: who, which claims, and which user that is here.

use api::{
    Provider,
    connections::{Claim, Proof},
};
use locales::keys;

use crate::{
    pages::states,
    paths,
    ui::{
        el::{El, View, code, el, group, link, span},
        format::when,
        load::empty,
        page::facts,
        table::{Column, row, table},
    },
};

const COLUMNS: [Column; 3] = [
    Column::kind(keys::PROOF_CLAIM, "claim"),
    Column::kind(keys::PROOF_ID_TOKEN, "value"),
    Column::kind(keys::PROOF_USERINFO, "value"),
];

/// The proof, or that there is none yet.
pub(super) fn proof(proof: Option<&Proof>, provider: Provider) -> View {
    let Some(proof) = proof else {
        let advice = states::about(keys::PROOF_EMPTY_FIX, provider);
        return empty("key", keys::PROOF_EMPTY_TITLE, advice, None).done();
    };
    let user = match &proof.user {
        Some(user) => link(paths::user(&user.id)).child(user.name.clone()),
        None => el("span").child(keys::PROOF_NOBODY),
    };
    let made = el("span")
        .child(when(proof.at))
        .child(" · ")
        .child(proof.by.clone());
    let lines = vec![
        (keys::PROOF_AT, made.done()),
        (keys::PROOF_LOGIN, code(proof.login.clone()).done()),
        (keys::USER_BOND_SUB, code(proof.sub.clone()).done()),
        (keys::PROOF_USER, user.done()),
    ];
    let rows: Vec<El> = proof.claims.iter().map(claim).collect();
    group(vec![
        facts(lines).done(),
        table(keys::PROOF_CLAIMS, &COLUMNS, rows).done(),
    ])
}

fn claim(claim: &Claim) -> El {
    let value = |value: Option<&String>| match value {
        Some(value) => code(value.clone()).done(),
        None => span("muted").child(keys::PROOF_ABSENT).done(),
    };
    let name = code(claim.name.clone()).done();
    row(
        &COLUMNS,
        vec![
            name,
            value(claim.id_token.as_ref()),
            value(claim.userinfo.as_ref()),
        ],
    )
}
