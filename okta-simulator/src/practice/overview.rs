//! `/practice`: addresses, keys, the clock, and who this browser is at Okta.

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::Response;

use crate::clock::http_date;
use crate::http::{Call, Params, redirect, session_cookie};
use crate::org::app::Provider;
use crate::page::esc;
use crate::page::form::{Text, act, readonly, submit};
use crate::place::Tree;

use super::frame::{Frame, Section, panel, see};

/// `GET /`: Okta's dashboard would be here.
pub(super) async fn home() -> Response {
    redirect("/practice")
}

pub(super) async fn show(call: Call, RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let issuer = |tree: Tree| tree.issuer(&call.place);
    let addresses = [
        readonly(
            "Okta domain (org authorization server)",
            "issuer-org",
            &issuer(Tree::Org),
        ),
        readonly(
            "Custom authorization server \"default\"",
            "issuer-default",
            &issuer(Tree::Custom("default".into())),
        ),
        readonly("Practice Google", "issuer-google", &issuer(Tree::Google)),
        readonly(
            "Practice Microsoft",
            "issuer-microsoft",
            &issuer(Tree::Microsoft(call.engine.config.microsoft_tenant.clone())),
        ),
    ];
    let (faults, who) = {
        let world = call.engine.world();
        let session = call
            .cookie(session_cookie(Provider::Okta))
            .and_then(|sid| world.sessions.get(sid));
        let who = session
            .and_then(|session| world.person(&session.user_id))
            .map(|person| format!("{} ({})", person.name(), person.login));
        (world.faults.list().len(), who)
    };
    let faults = match faults {
        0 => "<p>No fault is on: Okta behaves.</p>".to_owned(),
        1 => "<p>One fault is on. <a href=\"/practice/faults\">See it</a></p>".to_owned(),
        more => format!("<p>{more} faults are on. <a href=\"/practice/faults\">See them</a></p>"),
    };
    let browser = match who {
        Some(who) => format!("<p>Signed in at Okta as {}.</p>{}", esc(&who), act("/login/signout", "Use another account", "", &[])),
        None => "<p>Nobody is signed in at Okta in this browser. The next sign-in shows the people to choose from.</p>".to_owned(),
    };
    let keys = format!(
        "<p class=\"muted\">Two keys are published; the second is announced in advance, as Okta does.</p><div class=\"row\">{}{}</div>",
        act(
            "/practice/keys",
            "Rotate keys as announced",
            "",
            &[("how", "announced")]
        ),
        act(
            "/practice/keys",
            "Replace all keys now",
            "",
            &[("how", "now")]
        ),
    );
    let seconds = Text {
        label: "Move the clock by",
        name: "seconds",
        value: "300",
        hint: "In seconds; negative goes back. Codes, tokens and sessions age.",
        error: None,
    };
    let clock = format!(
        "<p>Okta's time is {}.</p><form method=\"post\" action=\"/practice/clock\" class=\"stack\">{}{}</form>",
        http_date(call.engine.now()),
        seconds.html(),
        submit("Move clock")
    );
    let content = [
        panel("Addresses", &addresses.concat()),
        panel("This browser", &browser),
        panel("Faults", &faults),
        panel("Signing keys", &keys),
        panel("Clock", &clock),
    ];
    let about = "An Okta to practise on. Everything is in memory, and gone when it stops.";
    Frame::new(Section::Overview, "Overview", about, content.concat()).show(&call, &params)
}

/// `POST /practice/keys`: rotates every issuer's keys.
pub(super) async fn rotate_keys(call: Call, body: Bytes) -> Response {
    let mut world = call.engine.world();
    if Params::parse(&body).get("how") == Some("announced") {
        world.promote_keys();
    } else {
        world.rotate_keys();
    }
    see("/practice", "rotated")
}

/// `POST /practice/clock`: moves the clock by so many seconds.
pub(super) async fn move_clock(call: Call, body: Bytes) -> Response {
    let seconds: i64 = Params::parse(&body)
        .get("seconds")
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    call.engine.move_clock(seconds.saturating_mul(1000));
    see("/practice", "moved")
}
