//! What came back from the provider in an administrator's round trip: who, which claims, and which user that is here.

use api::{
    Connection, Provider,
    connections::{Claim, ClaimFault, ClaimNote, Verification},
    users::ConfirmIdentity,
};
use leptos::prelude::*;
use locales::{cause_title, keys};

use crate::{
    api as server,
    pages::{
        causes::{self, Facts},
        checks, states,
    },
    paths, problems,
    session::use_session,
    ui::{
        badge::Tone,
        button::{Button, button},
        el::{El, Inside, View, code, div, el, group, link, p, span},
        format::when,
        load::{Remote, empty},
        notice::{Notice, notice},
        page::facts,
        table::{Column, row, table},
        task::{act, later},
        toast::use_toasts,
    },
    words::Text,
};

const COLUMNS: [Column; 3] = [
    Column::kind(keys::PROOF_CLAIM, "claim"),
    Column::kind(keys::PROOF_ID_TOKEN, "value"),
    Column::kind(keys::PROOF_USERINFO, "value"),
];

/// The proof, or that there is none yet.
pub(super) fn proof(connection: &Connection, remote: Remote<Connection>) -> View {
    let provider = connection.provider;
    let Some(proof) = &connection.verification else {
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
    let mut lines = vec![
        (keys::PROOF_AT, made.done()),
        (keys::PROOF_LOGIN, code(proof.login.clone()).done()),
        (keys::USER_BOND_SUB, code(proof.sub.clone()).done()),
        (keys::PROOF_USER, user.done()),
    ];
    if let Some(status) = proof.user.as_ref().and_then(|it| it.becomes) {
        lines.push((keys::PROOF_BECOMES, states::status(status).done()));
    }
    let skew = match proof.skew_ms {
        Some(ms) => {
            let seconds = (ms / 1000).to_string();
            Text::with(keys::PROOF_SKEW_SECONDS, &[("seconds", &*seconds)])
        }
        None => keys::PROOF_SKEW_UNKNOWN.into(),
    };
    lines.push((keys::PROOF_SKEW, skew.inside()));
    if !proof.scopes.is_empty() {
        lines.push((keys::PROOF_SCOPES, code(proof.scopes.join(" ")).done()));
    }
    let refresh = if proof.refresh_token {
        keys::PROOF_YES
    } else {
        keys::PROOF_NO
    };
    lines.push((keys::PROOF_REFRESH, refresh.inside()));
    let rows: Vec<El> = proof.claims.iter().map(claim).collect();
    group(vec![
        refused(proof, provider, connection, remote).inside(),
        facts(lines).done(),
        notes(&proof.notes, provider).inside(),
        table(keys::PROOF_CLAIMS, &COLUMNS, rows).done(),
    ])
}

/// Why no user would be signed in with this account, and what the administrator who tested can do about it here.
fn refused(
    proof: &Verification,
    provider: Provider,
    connection: &Connection,
    remote: Remote<Connection>,
) -> Option<El> {
    let cause = proof.refused?;
    let session = use_session();
    let own = session.with(|it| Some(&it.user_id) == proof.claimable_by.as_ref());
    let mine = own.then(|| claim_it(proof, connection, remote));
    let title = Text::with(keys::PROOF_REFUSED, &[("login", &*proof.login)]);
    let advice = if own {
        Text::from(keys::PROOF_MAKE_MINE_MEANS)
    } else {
        causes::why(cause, provider, Facts::default())
    };
    let said = Notice::info(Tone::Warning, "warning", title).advice(advice);
    let about = group(vec![
        p("small").child(cause_title(cause)).done(),
        mine.inside(),
    ]);
    Some(notice(said, Some(about)))
}

/// "Make this my Okta login".
fn claim_it(proof: &Verification, connection: &Connection, remote: Remote<Connection>) -> Button {
    let toasts = use_toasts();
    let id = proof.claimable_by.clone().unwrap_or_default();
    let issuer = connection.settings.as_ref().map(|it| it.issuer.clone());
    let wanted = ConfirmIdentity {
        issuer: issuer.unwrap_or_default(),
        sub: proof.sub.clone(),
    };
    let press = act(move || {
        let (id, wanted) = (id.clone(), wanted.clone());
        later(async move {
            match server::confirm_identity(&id, None, &wanted).await {
                Ok(()) => {
                    toasts.done(keys::PROOF_MADE_MINE);
                    remote.again();
                }
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
        });
    });
    button(keys::PROOF_MAKE_MINE, press)
}

/// Claims that are missing or nearly right, and where at the provider that is set.
fn notes(notes: &[ClaimNote], provider: Provider) -> Option<El> {
    notes.first()?;
    // Each claim has steps of its own: its name and its value are in them.
    let groups = notes.iter().map(|note| {
        let cause = note.fault.cause();
        let facts = Facts {
            seen: note.received.as_deref(),
            claim: Some(&note.claim),
        };
        div("stack")
            .child(p("").child(noted(note)))
            .child(div("small").child(causes::steps(cause, provider, facts)))
            .child(checks::way(cause, provider))
    });
    let said = Notice::info(Tone::Warning, "warning", keys::PROOF_NOTES);
    let groups = div("stack").children(groups.map(El::done).collect());
    Some(notice(said, Some(groups.done())))
}

fn noted(note: &ClaimNote) -> Text {
    let key = match note.fault {
        ClaimFault::Missing => keys::CLAIM_MISSING,
        ClaimFault::NearName => keys::CLAIM_NEAR_NAME,
        ClaimFault::AccessTokenOnly => keys::CLAIM_ACCESS_TOKEN_ONLY,
        ClaimFault::UserinfoOnly => keys::CLAIM_USERINFO_ONLY,
        ClaimFault::OtherValue => keys::CLAIM_OTHER_VALUE,
    };
    let seen = note.received.as_deref().unwrap_or_default();
    Text::with(key, &[("claim", &*note.claim), ("seen", seen)])
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
