//! One attempt, and a list of them.

use api::{
    Attempt, Cause, Provider, Status,
    sign_ins::{AttemptList, AttemptUser, Outcome, Passed, Purpose, Stage},
};

use super::samples::{ID, NOW};

pub(crate) fn attempt() -> Attempt {
    Attempt {
        id: ID.into(),
        reference: "7K2M-9QXD".into(),
        provider: Provider::Okta,
        purpose: Purpose::SignIn,
        started_at: NOW,
        outcome: Outcome::Failed,
        cause: Some(Cause::NotAssigned),
        user: Some(AttemptUser {
            id: ID.into(),
            name: "Ada Lovelace".into(),
            status: Some(Status::Active),
        }),
        claimed: Some("ada@northwind.example".into()),
        provider_said: Some("access_denied: User is not assigned".into()),
        stages: vec![
            Passed {
                stage: Stage::Started,
                at: NOW,
            },
            Passed {
                stage: Stage::CameBack,
                at: NOW + 5210,
            },
        ],
        address: Some("198.51.100.7".into()),
        user_agent: Some("Mozilla/5.0".into()),
    }
}

pub(crate) fn attempt_list() -> AttemptList {
    AttemptList {
        attempts: vec![attempt()],
        next: Some(ID.into()),
        since: ID.into(),
    }
}
