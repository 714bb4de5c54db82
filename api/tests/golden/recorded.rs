//! Samples of what is recorded: the audit log, days, and how long both are kept.

use api::{
    Cause,
    audit::{AuditChange, AuditEvent, AuditList, AuditParty},
    retention::{Retention, RetentionForm},
    sign_ins::{CauseCount, Day, DayList},
};

use super::samples::{ID, NOW};

pub(crate) fn day_list() -> DayList {
    DayList {
        days: vec![Day {
            at: NOW,
            succeeded: 12,
            failed: 3,
            never_came_back: 1,
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
            act: "user.changed".into(),
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
