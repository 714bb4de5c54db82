//! The wire, letter by letter: every type of the contract as JSON, written down and read back.
//!
//! A change of a golden file is a change of the contract: consoles and scripts that are out there
//! read the old one. `SSO_CONSOLE_WRITE_GOLDEN=1 cargo test -p api` writes them anew.

mod golden {
    pub(crate) mod activity;
    pub(crate) mod checks;
    pub(crate) mod faults;
    pub(crate) mod notified;
    pub(crate) mod parsed;
    pub(crate) mod samples;
    pub(crate) mod session;

    /// Every sample, whichever file it is in.
    pub(crate) mod all {
        pub(crate) use super::{activity::*, checks::*, notified::*, samples::*, session::*};
    }
}

use std::{collections::BTreeMap, fmt::Debug, fs, path::Path};

use api::{
    Cause, ConnectionState, FieldFault, ProblemCode, Provider, Role, SignedInBy, Status,
    break_glass::CodeKind,
    checks::{CheckKind, Trigger, Verdict},
    connections::{ClaimFault, Missing},
    json::FromJson,
    sign_ins::{Outcome, Purpose},
};
use golden::{faults, parsed};
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned + FromJson + PartialEq + Debug>(name: &str, value: &T) {
    check_wire(name, value);
    let json = serde_json::to_value(value).expect("JSON");
    let back = parsed::read::<T>(&json);
    assert_eq!(
        back.as_ref(),
        Some(value),
        "{name}: the console reads something else"
    );
}

fn check_wire<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
    let written = format!("{}\n", serde_json::to_string_pretty(value).expect("JSON"));
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever changes the contract says so"
    )]
    let anew = std::env::var("SSO_CONSOLE_WRITE_GOLDEN").is_ok();
    if anew {
        fs::write(&path, &written).expect("the golden file is written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}.json: {error}"));
    assert_eq!(written, golden, "{name}: the wire has changed");
    let back: T = serde_json::from_str(&golden).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(&back, value, "{name}: it does not read back");
}

macro_rules! golden {
    ($($name:ident;)*) => {
        $(#[test]
        fn $name() {
            use golden::all::*;
            check(stringify!($name), &$name());
        })*

        #[test]
        fn every_golden_file_belongs_to_a_type() {
            let known = [$(concat!(stringify!($name), ".json")),*, "codes.json"];
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
            for entry in fs::read_dir(folder).expect("a folder") {
                let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
                assert!(name.ends_with(".rs") || known.contains(&&*name), "{name} belongs to no type");
            }
        }
    };
}

golden! {
    attempt_list;
    audit_list;
    break_glass;
    bulk_form;
    bulk_job;
    code_form;
    check_form;
    check_line;
    check_report;
    connection;
    connection_form;
    connection_list;
    day_list;
    guide_notes;
    import;
    jobs;
    look;
    look_form;
    next_secret_form;
    notification_list;
    organization;
    organization_form;
    overview;
    managed;
    problem;
    reauthentication_form;
    recovery_codes;
    retention;
    retention_form;
    test_sign_in;
    secret_form;
    secrets;
    session;
    set_up_form;
    set_up_state;
    user;
    user_detail;
    user_filter;
    user_form;
    user_list;
    webhook;
    webhook_form;
    webhook_saved;
}

/// Every word that an enum has on the wire: databases, dashboards and scripts know them.
#[test]
fn codes() {
    fn words<T: Serialize + FromJson + PartialEq + Debug>(
        all: impl IntoIterator<Item = T>,
    ) -> Vec<serde_json::Value> {
        all.into_iter()
            .map(|it| {
                let word = serde_json::to_value(&it).expect("JSON");
                assert_eq!(parsed::read(&word), Some(it));
                word
            })
            .collect()
    }
    // Sorted whichever way serde_json keeps its objects, which another crate's features decide.
    let all: BTreeMap<String, Vec<serde_json::Value>> = [
        ("delivery_fault", words(api::webhook::DeliveryFault::ALL)),
        ("delivery_state", words(api::webhook::DeliveryState::ALL)),
        (
            "notification_kind",
            words(api::notifications::NotificationKind::ALL),
        ),
        ("claim_fault", words(ClaimFault::ALL)),
        ("code_kind", words(CodeKind::ALL)),
        ("missing", words(Missing::ALL)),
        ("cause", words(Cause::ALL.iter().copied())),
        ("connection_state", words(ConnectionState::ALL)),
        ("field_fault", words(faults::FIELD_FAULTS.iter().copied())),
        (
            "outcome",
            words([
                Outcome::Started,
                Outcome::Succeeded,
                Outcome::Failed,
                Outcome::NotCompleted,
            ]),
        ),
        ("problem_code", words(faults::PROBLEM_CODES.iter().copied())),
        ("check_kind", words(CheckKind::ALL)),
        ("check_trigger", words(Trigger::ALL)),
        ("check_verdict", words(Verdict::ALL)),
        ("provider", words(Provider::ALL)),
        (
            "purpose",
            words([Purpose::SignIn, Purpose::Test, Purpose::Reauthenticate]),
        ),
        (
            "reauthentication_method",
            words([
                api::ReauthenticationMethod::Password,
                api::ReauthenticationMethod::Okta,
                api::ReauthenticationMethod::Code,
            ]),
        ),
        ("role", words([Role::Admin, Role::Member])),
        (
            "signed_in_by",
            words([
                SignedInBy::Password,
                SignedInBy::BreakGlass,
                SignedInBy::Okta,
                SignedInBy::Google,
                SignedInBy::Microsoft,
            ]),
        ),
        ("stage", words(api::sign_ins::Stage::ALL)),
        (
            "attention_kind",
            words(api::users::AttentionKind::ALL.iter().copied()),
        ),
        (
            "user_sort",
            words(api::users::UserSort::ALL.iter().copied()),
        ),
        (
            "status",
            words([
                Status::Inactive,
                Status::Active,
                Status::NeedsAttention,
                Status::Suspended,
            ]),
        ),
    ]
    .map(|(name, codes)| (name.to_owned(), codes))
    .into();
    check_wire("codes", &all);
}

#[test]
fn what_the_console_sends_has_no_room_for_more() {
    for (name, body) in [
        (
            "user_form",
            r#"{"name":"A","email":"a@b.example","role":"member","is_admin":true}"#,
        ),
        ("organization_form", r#"{"name":"A","id":2}"#),
        ("connection_form", r#"{"client_id":"x","state":"active"}"#),
        (
            "set_up_form",
            r#"{"token":"","organization":"","name":"","email":"","password":"","role":"admin"}"#,
        ),
        ("user_query", r#"{"sort":"name"}"#),
        ("code_form", r#"{"code":"x","user":"y"}"#),
        ("user_filter", r#"{"sort":"name"}"#),
    ] {
        let refused = match name {
            "user_form" => serde_json::from_str::<api::UserForm>(body).is_err(),
            "organization_form" => {
                serde_json::from_str::<api::organization::OrganizationForm>(body).is_err()
            }
            "connection_form" => serde_json::from_str::<api::ConnectionForm>(body).is_err(),
            "code_form" => serde_json::from_str::<api::break_glass::CodeForm>(body).is_err(),
            "set_up_form" => serde_json::from_str::<api::set_up::SetUpForm>(body).is_err(),
            _ => serde_json::from_str::<api::users::UserFilter>(body).is_err(),
        };
        assert!(refused, "{name} takes an unknown field");
    }
}

/// A fault or a problem that is new has to be written into the samples, or this does not compile.
#[test]
fn the_samples_have_every_code() {
    for fault in faults::FIELD_FAULTS {
        assert!(faults::number_of_fault(*fault) < faults::FIELD_FAULTS.len());
    }
    for code in faults::PROBLEM_CODES {
        assert!((400..600).contains(&code.status()));
    }
    let _: FieldFault = faults::FIELD_FAULTS[0];
    let _: ProblemCode = faults::PROBLEM_CODES[0];
}
