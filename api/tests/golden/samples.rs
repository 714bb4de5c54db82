//! One sample of each type, with every optional part there.

use api::{
    Cause, Connection, ConnectionForm, ConnectionState, FieldError, FieldFault, Organization,
    Overview, Problem, ProblemCode, Provider, Role, SignedInBy, Status, User, UserForm, UserList,
    audit::AuditChange,
    break_glass::{BreakGlass, BreakGlassUse, CodeForm, CodeKind, Recovery, RecoveryCodes},
    connections::{
        Claim, ClaimFault, ClaimNote, ConnectionList, Degraded, Failure, MatchBy, Missing,
        SecretInfo, Settings, TestSignIn, Trial, Verification, VerificationUser,
    },
    organization::{IdentityProvider, OrganizationForm},
    overview::{AttemptCounts, FailingCheck},
    set_up::{SetUpForm, SetUpState},
    users::{
        Attention, AttentionKind, BulkAction, BulkForm, BulkJob, ChangedRow, Found, Identity,
        Import, ImportState, InvalidRow, JobState, LastSignIn, RowFault, StatusCounts,
        UnconfirmedIdentity, UserDetail, UserEvent, UserFilter, UserSession,
    },
};

use super::activity::attempt;

pub(crate) const NOW: i64 = 1_795_000_000_000;
pub(crate) const ID: &str = "019abcde-0000-7000-8000-000000000001";

pub(crate) fn connection() -> Connection {
    Connection {
        provider: Provider::Okta,
        state: ConnectionState::Connected,
        version: 3,
        redirect_uri: "https://sso.example/auth/okta/callback".into(),
        sign_out_redirect_uri: "https://sso.example/signed-out".into(),
        initiate_login_uri: Some("https://sso.example/auth/okta/initiate".into()),
        settings: Some(Settings {
            issuer: "https://northwind.okta.com/oauth2/default".into(),
            client_id: "0oa1gwbkhjPYwHEzQ0x7".into(),
            native_client_id: Some("0oa1gwbkhjPYwHEzQ0x8".into()),
            native_redirect_uri: Some("com.okta.northwind:/callback".into()),
            audience: Some("https://sso.example/api".into()),
            hosted_domain: Some("northwind.example".into()),
            tenant: Some("2f4a8c1e-0b3d-4c5e-9f60-1a2b3c4d5e6f".into()),
            match_by: MatchBy::Email,
            allow_unverified_email: true,
        }),
        secret: Some(SecretInfo {
            last_four: "ab12".into(),
            set_at: NOW,
            set_by: "Ada Lovelace".into(),
            expires_on: Some("2027-06-30".into()),
        }),
        unverified: true,
        live: true,
        guard: vec![Missing::BreakGlass],
        trial: Some(Trial {
            began_at: NOW,
            ends_at: NOW + 900_000,
        }),
        reverted_at: Some(NOW),
        degraded: Some(Degraded {
            since: NOW,
            cause: Cause::ClientRefused,
        }),
        active_since: Some(NOW),
        verification: Some(Verification {
            at: NOW,
            by: "Ada Lovelace".into(),
            sub: "00u1abc".into(),
            login: "ada@northwind.example".into(),
            claims: vec![Claim {
                name: "email".into(),
                id_token: None,
                userinfo: Some("ada@northwind.example".into()),
            }],
            user: Some(VerificationUser {
                id: ID.into(),
                name: "Ada Lovelace".into(),
                okta_login: Some("ada@northwind.example".into()),
                becomes: Some(Status::Active),
            }),
            refused: Some(Cause::IdentityUnconfirmed),
            claimable_by: Some(ID.into()),
            fingerprint: "0f1e2d3c4b5a6978".into(),
            notes: vec![ClaimNote {
                claim: "upn".into(),
                fault: ClaimFault::NearName,
                received: Some("UPN".into()),
            }],
            skew_ms: Some(-1200),
            scopes: vec!["openid".into(), "email".into()],
            refresh_token: true,
        }),
        failure: Some(Failure {
            at: NOW,
            cause: Cause::ClientRefused,
            reference: "7K2M-9QXD".into(),
            provider_said: Some("invalid_client".into()),
        }),
    }
}

pub(crate) fn break_glass() -> BreakGlass {
    BreakGlass {
        recovery: Some(Recovery {
            issued_at: NOW,
            left: 9,
            tested_at: Some(NOW),
        }),
        recent: vec![BreakGlassUse {
            kind: CodeKind::Issued,
            user: "Ada Lovelace".into(),
            issued_at: NOW,
            expires_at: Some(NOW + 1_800_000),
            used_at: Some(NOW),
        }],
    }
}

pub(crate) fn recovery_codes() -> RecoveryCodes {
    RecoveryCodes {
        codes: vec!["ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-23".into()],
    }
}

pub(crate) fn code_form() -> CodeForm {
    CodeForm {
        code: "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-23".into(),
    }
}

pub(crate) fn connection_list() -> ConnectionList {
    ConnectionList {
        connections: vec![connection()],
    }
}

pub(crate) fn connection_form() -> ConnectionForm {
    ConnectionForm {
        issuer: "northwind.okta.com".into(),
        client_id: "0oa1gwbkhjPYwHEzQ0x7".into(),
        client_secret: Some("a practice secret".into()),
        client_secret_expires_on: Some("2027-06-30".into()),
        native_client_id: Some("0oa1gwbkhjPYwHEzQ0x8".into()),
        native_redirect_uri: Some("com.okta.northwind:/callback".into()),
        audience: Some("https://sso.example/api".into()),
        hosted_domain: Some("northwind.example".into()),
        tenant: Some("2f4a8c1e-0b3d-4c5e-9f60-1a2b3c4d5e6f".into()),
        match_by: Some(MatchBy::Email),
        allow_unverified_email: Some(true),
    }
}

pub(crate) fn organization() -> Organization {
    Organization {
        name: "Northwind".into(),
        public_url: "https://sso.example".into(),
        identity_provider: Some(IdentityProvider {
            provider: Provider::Okta,
            state: ConnectionState::Connected,
        }),
        redirect_uri: "https://sso.example/auth/okta/callback".into(),
        version: 1,
    }
}

pub(crate) fn organization_form() -> OrganizationForm {
    OrganizationForm {
        name: "Northwind".into(),
    }
}

pub(crate) fn overview() -> Overview {
    Overview {
        connections: vec![connection()],
        users: counts(),
        assigned: 9,
        signed_in: 7,
        today: AttemptCounts {
            succeeded: 8,
            failed: 2,
            not_completed: 1,
        },
        recent: vec![attempt()],
        failing: vec![FailingCheck {
            provider: Provider::Okta,
            at: NOW,
            cause: Cause::SecretRotated,
        }],
    }
}

pub(crate) fn problem() -> Problem {
    Problem {
        kind: "about:blank#invalid".into(),
        title: "Some fields were refused.".into(),
        status: 422,
        code: ProblemCode::Invalid,
        reference: "7K2M-9QXD".into(),
        errors: vec![FieldError::new("email", FieldFault::Taken)],
        guard: vec![Missing::Verification],
    }
}

pub(crate) fn test_sign_in() -> TestSignIn {
    TestSignIn {
        location: "https://northwind.okta.com/oauth2/v1/authorize".into(),
    }
}

pub(crate) fn set_up_form() -> SetUpForm {
    SetUpForm {
        token: "a token of 43 characters".into(),
        organization: "Northwind".into(),
        name: "Ada Lovelace".into(),
        email: "ada@northwind.example".into(),
        password: "a password of a test".into(),
    }
}

pub(crate) fn set_up_state() -> SetUpState {
    SetUpState { needed: true }
}

pub(crate) fn user() -> User {
    User {
        id: ID.into(),
        name: "Ada Lovelace".into(),
        email: "ada@northwind.example".into(),
        okta_login: Some("ada@northwind.example".into()),
        status: Status::NeedsAttention,
        role: Role::Admin,
        attention: Some(Attention::LoginChanged {
            now: "countess@northwind.example".into(),
        }),
        first_sign_in_at: Some(NOW),
        last_sign_in_at: Some(NOW),
        created_at: NOW,
        version: 2,
    }
}

pub(crate) fn user_detail() -> UserDetail {
    let mut user = user();
    user.attention = Some(Attention::SecondIdentity {
        sub: "00u2def".into(),
    });
    UserDetail {
        user,
        identities: vec![Identity {
            provider: Provider::Okta,
            issuer: "https://northwind.okta.com".into(),
            sub: "00u1abc".into(),
            linked_at: NOW,
        }],
        unconfirmed: vec![UnconfirmedIdentity {
            issuer: "https://northwind.okta.com".into(),
            sub: "00u3ghi".into(),
            login: Some("a.lovelace".into()),
            requested_at: NOW,
            confirmed_at: Some(NOW),
        }],
        attempts: vec![attempt()],
        sessions: vec![UserSession {
            id: ID.into(),
            signed_in_by: SignedInBy::Okta,
            created_at: NOW,
            last_seen_at: NOW,
            expires_at: NOW,
            address: Some("203.0.113.7".into()),
            user_agent: Some("Firefox".into()),
        }],
        history: vec![UserEvent {
            id: ID.into(),
            at: NOW,
            event: "user.suspended".into(),
            actor: "Ada Lovelace".into(),
        }],
        has_password: true,
    }
}

pub(crate) fn user_form() -> UserForm {
    UserForm {
        name: "Ada Lovelace".into(),
        email: "ada@northwind.example".into(),
        okta_login: Some("ada@northwind.example".into()),
        role: Role::Member,
    }
}

pub(crate) fn user_list() -> UserList {
    UserList {
        users: vec![user()],
        next: Some("opaque".into()),
        previous: Some("opaque".into()),
        found: Found {
            count: 10,
            or_more: true,
        },
        counts: counts(),
    }
}

pub(crate) fn user_filter() -> UserFilter {
    UserFilter {
        search: Some("ada".into()),
        status: Some(Status::Inactive),
        role: Some(Role::Member),
        attention: Some(AttentionKind::LoginChanged),
        last_sign_in: Some(LastSignIn::Before { at: NOW }),
    }
}

pub(crate) fn bulk_form() -> BulkForm {
    BulkForm {
        action: BulkAction::ChangeRole { role: Role::Admin },
        ids: Some(vec![ID.into()]),
        filter: Some(user_filter()),
        expected: 1,
        dry_run: true,
    }
}

pub(crate) fn import() -> Import {
    Import {
        id: ID.into(),
        state: ImportState::Checked,
        rows: 100,
        done: 100,
        create: 90,
        change: 5,
        skip: 4,
        invalid: 1,
        invalid_rows: vec![InvalidRow {
            line: 7,
            why: RowFault::Field,
            field: Some("email".into()),
            fault: Some(FieldFault::NotAnEmail),
        }],
        changed_rows: vec![ChangedRow {
            line: 3,
            id: ID.into(),
            name: "Ada Lovelace".into(),
            changes: vec![AuditChange {
                field: "okta_login".into(),
                before: None,
                after: Some("ada@northwind.example".into()),
            }],
        }],
        refused_line: Some(4),
        stayed: 0,
        started_at: NOW,
        ended_at: Some(NOW),
    }
}

pub(crate) fn bulk_job() -> BulkJob {
    BulkJob {
        id: ID.into(),
        action: BulkAction::AssignLogin,
        state: JobState::Running,
        total: 100,
        done: 50,
        changed: 40,
        skipped: 1,
        started_at: NOW,
        ended_at: Some(NOW),
        can_undo: true,
        dry_run: true,
    }
}

fn counts() -> StatusCounts {
    StatusCounts {
        all: 10,
        active: 5,
        inactive: 3,
        needs_attention: 1,
        suspended: 1,
    }
}
