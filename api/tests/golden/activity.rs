//! One sample of each type of the attempts, the audit log and how long both are kept.

use api::{
    Attempt, Cause, Provider, Status,
    audit::{AuditChange, AuditEvent, AuditList, AuditParty},
    retention::{Retention, RetentionForm},
    sign_ins::{
        AttemptList, AttemptUser, CauseCount, Day, DayList, Outcome, Passed, Purpose, Stage,
    },
    users::{BulkAction, ImportState, Job, Jobs},
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
        claimed_login: Some("ada@northwind.example".into()),
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
        checks_passed: false,
    }
}

pub(crate) fn attempt_list() -> AttemptList {
    AttemptList {
        attempts: vec![attempt()],
        next: Some(ID.into()),
        since: ID.into(),
    }
}

pub(crate) fn day_list() -> DayList {
    DayList {
        days: vec![Day {
            at: NOW,
            succeeded: 12,
            failed: 3,
            not_completed: 1,
            healthy_minutes: 1400,
            degraded_minutes: 40,
        }],
        causes: vec![CauseCount {
            cause: Cause::NotAssigned,
            attempts: 3,
        }],
    }
}

pub(crate) fn audit_list() -> AuditList {
    AuditList {
        events: vec![AuditEvent {
            seq: 7,
            at: NOW,
            event: "user.changed".into(),
            actor: Some(AuditParty {
                id: ID.into(),
                name: Some("Ada Lovelace".into()),
                is_user: true,
            }),
            target: Some(AuditParty {
                id: ID.into(),
                name: Some("Grace Hopper".into()),
                is_user: true,
            }),
            changes: vec![AuditChange {
                field: "role".into(),
                before: Some("member".into()),
                after: Some("admin".into()),
            }],
            address: Some("198.51.100.7".into()),
            request_id: Some("019abcde".into()),
        }],
        next: Some("7".into()),
    }
}

pub(crate) fn retention() -> Retention {
    Retention {
        audit_days: None,
        sign_in_days: Some(90),
        version: 1,
    }
}

pub(crate) fn retention_form() -> RetentionForm {
    RetentionForm {
        audit_days: Some(365),
        sign_in_days: None,
    }
}

pub(crate) fn jobs() -> Jobs {
    let file = Job {
        id: ID.into(),
        action: None,
        state: ImportState::Checked,
        total: 100,
        done: 50,
        by: "Ada Lovelace".into(),
        started_at: NOW,
    };
    let bulk = Job {
        action: Some(BulkAction::Suspend),
        state: ImportState::Running,
        ..file.clone()
    };
    Jobs {
        jobs: vec![bulk, file],
    }
}
