//! One sample of each type of the checks, with every optional part there.

use api::{
    Cause, FieldFault,
    checks::{
        Check, CheckForm, CheckKind, CheckLine, CheckReport, CheckRun, CheckSummary, Engine, Fix,
        FixAction, Look, LookForm, OrganizationSeen, ServerKind, ServerSeen, ServerState, Trigger,
        Verdict,
    },
    guide::GuideNotes,
};

const NOW: i64 = 1_795_000_000_000;
const ID: &str = "019abcde-0000-7000-8000-000000000001";

fn failed() -> Check {
    Check {
        kind: CheckKind::Discovery,
        verdict: Verdict::Failed,
        cause: Some(Cause::IssuerOtherName),
        likely: vec![Cause::IssuerMismatch],
        received: Some("https://login.company.example".into()),
        fix: Some(Fix::take_issuer("https://login.company.example")),
        duration_ms: 42,
    }
}

fn run() -> CheckRun {
    let passed = Check {
        kind: CheckKind::Keys,
        verdict: Verdict::Passed,
        cause: None,
        likely: Vec::new(),
        received: None,
        fix: Some(Fix::of(FixAction::SwapClientIds)),
        duration_ms: 7,
    };
    CheckRun {
        id: ID.into(),
        trigger: Trigger::Daily,
        started_at: NOW,
        ended_at: NOW + 900,
        verdict: Verdict::Failed,
        up_to_date: true,
        checks: vec![failed(), passed],
    }
}

pub(crate) fn check_form() -> CheckForm {
    CheckForm {
        trigger: Trigger::Request,
    }
}

pub(crate) fn check_line() -> CheckLine {
    CheckLine::check(failed())
}

pub(crate) fn check_report() -> CheckReport {
    CheckReport {
        latest: Some(run()),
        history: vec![CheckSummary {
            id: ID.into(),
            trigger: Trigger::Change,
            started_at: NOW,
            verdict: Verdict::Failed,
            cause: Some(Cause::IssuerOtherName),
        }],
    }
}

pub(crate) fn look_form() -> LookForm {
    LookForm {
        pasted: "company-admin.okta.com".into(),
    }
}

pub(crate) fn look() -> Look {
    Look {
        issuer: Some("https://company.okta.com".into()),
        fault: Some(FieldFault::NotHttps),
        suggestion: Some("https://company.okta.com".into()),
        notes: vec![Cause::AdminDomain],
        organization: Some(OrganizationSeen::Found),
        engine: Some(Engine::Identity),
        custom_domains: vec!["login.company.example".into()],
        servers: vec![ServerSeen {
            issuer: "https://company.okta.com/oauth2/default".into(),
            kind: ServerKind::Default,
            state: ServerState::NotLicensed,
        }],
    }
}

pub(crate) fn guide_notes() -> GuideNotes {
    GuideNotes {
        issuer: Some("https://company.okta.com".into()),
        completed_steps: vec!["web_app".into()],
    }
}
