//! A provider's connection: what is set, what the proof showed, its checks, and a secret that is being typed.

use std::{cell::Cell, rc::Rc};

use api::{
    Cause, Connection, ConnectionState, Provider, Session,
    checks::{Check, CheckKind, CheckReport, CheckRun, Trigger, Verdict},
    connections::{ClaimFault, ClaimNote, TrialSeen, Verification},
    files::Managed,
    secret::Secrets,
};
use console::{pages::connection::connection, session::use_session};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    connect::draft,
    desk::{Desk, NOON, after, said},
    server::{Reply, Server},
};

fn report(cause: Option<Cause>) -> CheckReport {
    let verdict = cause.map_or(Verdict::Passed, |_| Verdict::Failed);
    let run = CheckRun {
        id: "019abcde-0000-7000-8000-000000000001".into(),
        trigger: Trigger::Daily,
        started_at: NOON,
        ended_at: NOON + 40,
        verdict,
        up_to_date: true,
        checks: vec![Check {
            kind: CheckKind::Secret,
            verdict,
            cause,
            likely: Vec::new(),
            received: None,
            fix: None,
            duration_ms: 12,
        }],
    };
    CheckReport {
        latest: Some(run),
        history: Vec::new(),
    }
}

/// The page of a connection, with these checks. Each time it is asked for it has another version.
async fn desk(connection: Connection, report: CheckReport) -> (Desk, Server) {
    let (desk, server, _) = desk_and_session(connection, report).await;
    (desk, server)
}

async fn desk_and_session(
    connection: Connection,
    report: CheckReport,
) -> (Desk, Server, RwSignal<Session>) {
    let provider = connection.provider;
    let turn = Rc::new(Cell::new(connection.version));
    let server = Server::answering(move |asked| {
        if asked.path.ends_with("/secret") {
            return Reply::json(&Secrets {
                version: 7,
                current: connection.secret.clone(),
                next: None,
            });
        }
        if asked.path.ends_with("/checks") {
            return Reply::json(&report);
        }
        if asked.path == "/api/files" {
            return Reply::json(&Managed { managed_by: None });
        }
        turn.set(turn.get() + 1);
        Reply::json(&Connection {
            version: turn.get(),
            ..connection.clone()
        })
    });
    let session = RwSignal::new(None);
    let desk = Desk::with(move || {
        session.set(Some(use_session()));
        self::connection(provider)
    });
    desk.until("the secret", |desk| desk.has("textbox", "Next secret"))
        .await;
    desk.until_sees("Checks").await;
    let session = session.get_untracked().expect("a session");
    (desk, server, session)
}

fn note(claim: &str, fault: ClaimFault) -> ClaimNote {
    ClaimNote {
        claim: claim.to_owned(),
        fault,
        received: None,
    }
}

#[wasm_bindgen_test]
async fn each_cause_of_the_proof_has_its_own_fix_and_way() {
    let mut shown = draft();
    if let Some(settings) = &mut shown.settings {
        settings.native_redirect_uri = Some("com.okta.northwind:/callback".to_owned());
    }
    shown.verification = Some(Verification {
        at: NOON,
        by: "Ada Lovelace".to_owned(),
        sub: "00u1".to_owned(),
        login: "ada@northwind.example".to_owned(),
        user: None,
        refused: None,
        claimable_by: None,
        fingerprint: String::new(),
        claims: Vec::new(),
        notes: vec![
            note("upn", ClaimFault::Missing),
            note("aud", ClaimFault::OtherValue),
            note("uid", ClaimFault::Missing),
        ],
        scopes: Vec::new(),
        refresh_token: false,
        skew_ms: None,
    });
    let (desk, _) = desk(shown, report(None)).await;
    let ways = desk.all("paragraph", "").into_iter();
    let ways: Vec<String> = ways
        .filter_map(|it| Some(said(&it).strip_prefix("Where in Okta: ")?.to_owned()))
        .collect();
    // Each missing claim is an entry of its own.
    let causes = [
        Cause::ClaimMissing,
        Cause::AudienceDiffers,
        Cause::ClaimMissing,
    ];
    let ways: Vec<Option<&str>> = ways.iter().map(|it| Some(it.as_str())).collect();
    assert_eq!(ways, causes.map(|it| it.menu(Provider::Okta)));
    assert!(desk.sees("com.okta.northwind:/callback"));
}

/// Google's and Microsoft's too, and their mends lead to their own form.
#[wasm_bindgen_test]
async fn the_checks_are_in_short_while_all_is_well_and_open_with_their_mend_else() {
    let google = || Connection {
        provider: Provider::Google,
        state: ConnectionState::Connected,
        ..draft()
    };
    let (desk, _) = desk(google(), report(None)).await;
    let is_open = || {
        let panel = document().query_selector("details").expect("a selector");
        panel.expect("the panel").has_attribute("open")
    };
    assert!(!is_open());
    assert!(desk.sees("Everything that can be known before somebody signs in is right."));
    assert!(!desk.sees("System Log"), "that is Okta's");
    drop(desk);
    let (desk, _) = self::desk(google(), report(Some(Cause::ClientRefused))).await;
    assert!(is_open());
    let form = "/settings/integrations/sso/google/connect";
    let links = desk.all("link", "Edit");
    assert_eq!(links.len(), 2, "beside the settings, and in the checks");
    for link in links {
        assert_eq!(link.get_attribute("href").as_deref(), Some(form));
    }
    assert!(!desk.sees("Where in Okta") && !desk.sees("In Okta"));
    let way = Cause::ClientRefused.menu(Provider::Google).expect("a way");
    assert!(desk.sees("Where in Google:") && desk.sees(way));
}

#[wasm_bindgen_test]
async fn a_secret_that_is_typed_outlives_a_trial_that_begins() {
    let (desk, server, session) = desk_and_session(draft(), report(None)).await;
    let asked = server.log().len();
    desk.type_into("Next secret", "the-new-secret-0123");
    let field = desk.field("Next secret");
    session.update(|it| {
        it.trial = Some(TrialSeen {
            ends_at: NOON + 900_000,
            may_confirm: false,
        });
    });
    desk.until("asked anew", |_| server.log().len() > asked)
        .await;
    after(100).await;
    assert_eq!(desk.field("Next secret"), field, "the same field");
    assert_eq!(field.value(), "the-new-secret-0123");
}
