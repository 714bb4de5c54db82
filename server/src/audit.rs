//! The audit log: one row for each change of state, written in the change's own transaction.

use api::UtcMillis;
use serde_json::Value;

use crate::{
    clock::Entropy,
    db::{Tx, params},
    error::Error,
    ids,
};

/// What happened; the word in the database is `noun.verb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    SetUp,
    OrganizationRenamed,
    UserCreated,
    UserChanged,
    UserSuspended,
    UserReinstated,
    UserDeleted,
    UserBound,
    UserUnbound,
    UserAccepted,
    UserNeedsAttention,
    BulkBegun,
    UsersImported,
    ConnectionSaved,
    ConnectionActivated,
    ConnectionSwitchedOff,
    ConnectionDisabled,
    SessionsEnded,
    PasswordAccepted,
    PasswordRefused,
    SignedOut,
    NoticeDismissed,
    WebhookSaved,
    WebhookSecretMade,
    WebhookTested,
    SecretDated,
    NextSecretSaved,
    NextSecretRemoved,
    SecretPromoted,
    FileApplied,
    FileReleased,
    KeyRotated,
}

impl Event {
    fn code(self) -> &'static str {
        match self {
            Self::SetUp => "organization.set_up",
            Self::OrganizationRenamed => "organization.renamed",
            Self::UserCreated => "user.created",
            Self::UserChanged => "user.changed",
            Self::UserSuspended => "user.suspended",
            Self::UserReinstated => "user.reinstated",
            Self::UserDeleted => "user.deleted",
            Self::UserBound => "user.bound",
            Self::UserUnbound => "user.unbound",
            Self::UserAccepted => "user.accepted",
            Self::UserNeedsAttention => "user.needs_attention",
            Self::BulkBegun => "users.bulk_begun",
            Self::UsersImported => "users.imported",
            Self::ConnectionSaved => "connection.saved",
            Self::ConnectionActivated => "connection.activated",
            Self::ConnectionSwitchedOff => "connection.switched_off",
            Self::ConnectionDisabled => "connection.disabled",
            Self::SessionsEnded => "sessions.ended",
            Self::PasswordAccepted => "password.accepted",
            Self::PasswordRefused => "password.refused",
            Self::SignedOut => "session.signed_out",
            Self::NoticeDismissed => "notice.dismissed",
            Self::WebhookSaved => "webhook.saved",
            Self::WebhookSecretMade => "webhook.secret_made",
            Self::WebhookTested => "webhook.tested",
            Self::SecretDated => "secret.dated",
            Self::NextSecretSaved => "secret.next_saved",
            Self::NextSecretRemoved => "secret.next_removed",
            Self::SecretPromoted => "secret.promoted",
            Self::FileApplied => "file.applied",
            Self::FileReleased => "file.released",
            Self::KeyRotated => "key.rotated",
        }
    }
}

/// Who does it, from where, in which request: what every row of one request has in common.
#[derive(Clone, Debug)]
pub struct Audit {
    pub now: UtcMillis,
    pub actor_id: Option<String>,
    pub actor_name: String,
    pub address: String,
    pub request_id: String,
    pub entropy: Entropy,
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy")
    }
}

impl Audit {
    /// Of what the server does by itself, with nobody's request behind it.
    pub(crate) fn of_itself(now: UtcMillis, entropy: &Entropy) -> Self {
        Self {
            now,
            actor_id: None,
            actor_name: String::new(),
            address: String::new(),
            request_id: String::new(),
            entropy: entropy.clone(),
        }
    }

    /// Writes one row. `detail` never has a secret in it: fingerprints stand for them.
    pub fn record(
        &self,
        tx: &mut Tx<'_>,
        event: Event,
        target: Option<&str>,
        detail: &Value,
    ) -> Result<(), Error> {
        tx.run(
            "insert into audit_events
               (id, at, actor_id, actor_name, act, target, detail, address, request_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                &ids::uuid(self.now, &self.entropy),
                self.now,
                &self.actor_id,
                &self.actor_name,
                event.code(),
                target,
                &detail.to_string(),
                &self.address,
                &self.request_id
            ],
        )
        .map(drop)
    }
}
