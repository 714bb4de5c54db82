//! The guide: each step says what is there, keeps what was done, and mends with one press.

use api::{
    Cause, Connection, Provider,
    checks::{
        Check, CheckKind, CheckLine, CheckReport, CheckRun, Fix, FixAction, Look, OrganizationSeen,
        ServerKind, ServerSeen, ServerState, Trigger, Verdict,
    },
    connections::Failure,
    guide::GuideNotes,
};
use console::{
    pages::guide::{guide, resume},
    paths::Step,
    ui::{el::group, toast::use_toasts},
};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::{
    connect::{draft, nothing},
    desk::{Desk, NOON},
    server::{Asked, Reply, Server},
};

/// The server with this connection; `more` answers what is particular to a test.
fn server(connection: Connection, more: impl Fn(&Asked) -> Option<Reply> + 'static) -> Server {
    Server::answering(move |asked| {
        if let Some(reply) = more(asked) {
            return reply;
        }
        match asked.path.as_str() {
            "/api/connections/okta/guide" => Reply::json(&GuideNotes::default()),
            "/api/connections/okta/checks" => Reply::json(&CheckReport {
                latest: None,
                history: Vec::new(),
            }),
            _ => Reply::json(&connection),
        }
    })
}

pub(crate) fn check(rung: CheckKind, cause: Option<Cause>, mend: Option<Fix>) -> Check {
    Check {
        kind: rung,
        verdict: cause.map_or(Verdict::Passed, |_| Verdict::Failed),
        cause,
        likely: Vec::new(),
        received: None,
        fix: mend,
        duration_ms: 12,
    }
}

/// A run with these rungs.
fn run(checks: &[Check]) -> CheckRun {
    CheckRun {
        id: "019abcde-0000-7000-8000-000000000001".into(),
        trigger: Trigger::Request,
        started_at: NOON,
        ended_at: NOON + 900,
        verdict: checks
            .iter()
            .map(|it| it.verdict)
            .max_by_key(|it| *it == Verdict::Failed)
            .unwrap_or(Verdict::Passed),
        up_to_date: true,
        checks: checks.to_vec(),
    }
}

/// Its lines.
pub(crate) fn lines(checks: &[Check]) -> Reply {
    let run = run(checks);
    let mut text = String::new();
    for line in checks
        .iter()
        .cloned()
        .map(CheckLine::check)
        .chain([CheckLine::end(run)])
    {
        text.push_str(&serde_json::to_string(&line).expect("a wire type"));
        text.push('\n');
    }
    Reply::Json(text)
}

pub(crate) fn post(asked: &Asked, end: &str) -> bool {
    asked.method == "POST" && asked.path.ends_with(end)
}

#[wasm_bindgen_test]
async fn anything_pasted_is_looked_at_and_a_server_is_taken_with_one_press() {
    let server = server(nothing(Provider::Okta), |asked| {
        post(asked, "/look").then(|| {
            Reply::json(&Look {
                issuer: Some("https://company.okta.com".into()),
                fault: None,
                suggestion: None,
                notes: vec![Cause::AdminDomain],
                organization: Some(OrganizationSeen::Found),
                engine: None,
                custom_domains: vec!["login.company.example".into()],
                servers: vec![
                    ServerSeen {
                        issuer: "https://company.okta.com".into(),
                        kind: ServerKind::Org,
                        state: ServerState::There,
                    },
                    ServerSeen {
                        issuer: "https://company.okta.com/oauth2/default".into(),
                        kind: ServerKind::Default,
                        state: ServerState::NotLicensed,
                    },
                ],
            })
        })
    });
    let desk = Desk::with(|| guide(Step::Where));
    let label = "Okta domain or metadata URL";
    desk.until("the field", |desk| desk.has("textbox", label))
        .await;
    desk.type_into(label, "company-admin.okta.com");
    desk.press("Look");
    desk.until_sees("We understood the issuer https://company.okta.com.")
        .await;
    assert!(desk.sees("Okta Admin Console"));
    assert!(desk.sees("login.company.example"));
    assert!(desk.sees("needs API Access Management"));
    assert!(!desk.has("button", "Use https://company.okta.com/oauth2/default"));
    desk.press("Use https://company.okta.com");
    desk.until("it is kept", |_| {
        server
            .lines()
            .contains(&"PUT /api/connections/okta/guide".to_owned())
    })
    .await;
    assert!(server.last().body.contains("https://company.okta.com"));
}

/// Where the guide is taken up again.
async fn resumed(connection: Connection, notes: GuideNotes, latest: Option<Verdict>) -> String {
    let _server = server(connection, move |asked| match asked.path.as_str() {
        "/api/connections/okta/guide" => Some(Reply::json(&notes)),
        "/api/connections/okta/checks" => Some(Reply::json(&CheckReport {
            latest: latest.map(|verdict| CheckRun {
                verdict,
                ..run(&[])
            }),
            history: Vec::new(),
        })),
        _ => None,
    });
    let path = || window().location().pathname().expect("a path");
    let history = window().history().expect("a history");
    let before = path();
    let at = |url: &str| history.replace_state_with_url(&JsValue::NULL, "", Some(url));
    at("/settings/integrations/sso/okta/connect").expect("an address");
    let desk = Desk::with(resume);
    desk.until("it goes on", |_| !path().ends_with("/connect"))
        .await;
    let step = path().rsplit('/').next().unwrap_or_default().to_owned();
    at(&before).expect("the test's own page");
    step
}

#[wasm_bindgen_test]
async fn it_goes_on_at_the_first_step_that_is_not_done() {
    let notes = |ticks: &[&str]| GuideNotes {
        issuer: Some("https://northwind.okta.com".into()),
        completed_steps: ticks.iter().map(ToString::to_string).collect(),
    };
    let new = || nothing(Provider::Okta);
    let failed = || Connection {
        failure: Some(Failure {
            at: NOON,
            cause: Cause::NotAssigned,
            reference: "2h7k9m4p".into(),
            provider_said: None,
        }),
        ..draft()
    };
    let passed = Some(Verdict::Passed);
    for (connection, notes, latest, step) in [
        (new(), GuideNotes::default(), None, "where"),
        (new(), notes(&["web_app", "redirect"]), None, "apps"),
        (
            new(),
            notes(&["people", "redirect", "web_app"]),
            None,
            "credentials",
        ),
        (draft(), notes(&[]), None, "check"),
        (draft(), notes(&[]), Some(Verdict::Failed), "check"),
        (draft(), notes(&[]), passed, "now"),
        (failed(), notes(&[]), Some(Verdict::Failed), "now"),
        // Begun on the one page, and mended there.
        (failed(), GuideNotes::default(), passed, "form"),
    ] {
        assert_eq!(resumed(connection, notes, latest).await, step);
    }
}

#[wasm_bindgen_test]
async fn a_tick_is_kept_at_once() {
    let server = server(nothing(Provider::Okta), |_| None);
    let desk = Desk::with(|| guide(Step::Apps));
    let task = "Enter the sign-in redirect URI, and remove the sample.";
    desk.until("the tasks", |desk| desk.has("checkbox", task))
        .await;
    assert!(desk.has("button", "Copy: Sign-in redirect URI"));
    assert!(desk.sees("your app › General › General Settings › Login"));
    desk.find("checkbox", task).click();
    desk.until("it is kept", |_| {
        server
            .lines()
            .contains(&"PUT /api/connections/okta/guide".to_owned())
    })
    .await;
    assert!(
        server
            .last()
            .body
            .contains(r#""completed_steps":["redirect"]"#)
    );
}

#[wasm_bindgen_test]
async fn a_tick_that_could_not_be_kept_says_so_and_takes_no_other_with_it() {
    let _server = server(nothing(Provider::Okta), |asked| {
        let fails = asked.method == "PUT" && !asked.body.contains("people");
        fails.then(|| Reply::Late(Box::new(Reply::Problem(503, "unavailable", &[]))))
    });
    let desk = Desk::with(|| group(vec![guide(Step::Apps), use_toasts().corner().done()]));
    let [first, second] = [
        "Enter the sign-in redirect URI, and remove the sample.",
        "Assign the people or groups who may sign in, and yourself.",
    ];
    desk.until("the tasks", |desk| desk.has("checkbox", first))
        .await;
    desk.find("checkbox", first).click();
    desk.find("checkbox", second).click();
    desk.until_sees("cannot reach its data").await;
    let is_ticked = |desk: &Desk, task| {
        let box_: HtmlInputElement = desk.find("checkbox", task).dyn_into().expect("a box");
        box_.checked()
    };
    assert!(!is_ticked(&desk, first) && is_ticked(&desk, second));
}

#[wasm_bindgen_test]
async fn a_failed_rung_says_its_cause_where_to_mend_it_and_mends_it_by_itself() {
    let mut saved = draft();
    if let Some(settings) = &mut saved.settings {
        settings.native_client_id = Some("0oaNativeNativeNative".into());
    }
    let server = server(saved, |asked| {
        post(asked, "/checks").then(|| {
            lines(&[
                check(CheckKind::Organization, None, None),
                check(
                    CheckKind::Client,
                    Some(Cause::ClientsSwapped),
                    Some(Fix::of(FixAction::SwapClientIds)),
                ),
            ])
        })
    });
    let desk = Desk::with(|| guide(Step::Check));
    desk.until_sees("are in each other’s field").await;
    assert!(desk.sees("Okta organization"));
    assert!(desk.sees("General › Client Credentials"));
    assert!(desk.sees("System Log"));
    assert!(desk.sees("Something has to be mended first."));
    desk.press("Swap the client IDs");
    desk.until("it is saved", |_| {
        server.log().iter().any(|it| it.method == "PUT")
    })
    .await;
    let log = server.log();
    let put = log.iter().find(|it| it.method == "PUT").expect("a change");
    assert!(
        put.body.contains(r#""client_id":"0oaNativeNativeNative""#),
        "{}",
        put.body
    );
    assert!(!put.body.contains("client_secret\":\""), "{}", put.body);
}

#[wasm_bindgen_test]
async fn connect_now_is_green_only_after_checks_that_passed() {
    let _server = server(draft(), |asked| {
        post(asked, "/checks").then(|| lines(&[check(CheckKind::Discovery, None, None)]))
    });
    let desk = Desk::with(|| guide(Step::Now));
    desk.until_sees("The checks passed.").await;
    assert!(desk.has("button", "Connect now"));
}
