//! The audit log: one row for each change of state, written in the change's own transaction and
//! chained to the row before.

pub(crate) mod chain;
mod changes;
mod export;
mod list;
mod prune;
mod verify;

use api::UtcMillis;
use serde_json::Value;

use crate::{clock::Entropy, db::Tx, error::Error, ids};

pub(crate) use export::{Pages, export};
#[cfg(test)]
pub(crate) use list::STATEMENTS;
pub(crate) use list::{filter, first_since, list};
pub(crate) use prune::prune;
pub use verify::{Finding, verify};

/// What happened; the word in the database is `noun.verb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    IdentityConfirmed,
    UserNeedsAttention,
    BulkBegun,
    BulkStopped,
    ImportBegun,
    UsersImported,
    ImportFailed,
    ConnectionSaved,
    ConnectionProved,
    ConnectionActivated,
    ConnectionConfirmed,
    TrialUndone,
    ConnectionDegraded,
    ConnectionRecovered,
    ConnectionSwitchedOff,
    ConnectionDisabled,
    ConnectionChecked,
    GuideNoted,
    SessionsEnded,
    BreakGlassIssued,
    BreakGlassUsed,
    BreakGlassRefused,
    RecoveryCodesMade,
    RecoveryCodeTested,
    PasswordAccepted,
    PasswordRefused,
    Reauthenticated,
    SignedOut,
    NoticeDismissed,
    WebhookSaved,
    WebhookSecretMade,
    WebhookTested,
    SecretDated,
    NextSecretSaved,
    NextSecretRemoved,
    SecretReplaced,
    FileApplied,
    FileReleased,
    KeyRotated,
    RetentionChanged,
    AuditPruned,
}

impl Event {
    pub(crate) fn code(self) -> &'static str {
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
            Self::IdentityConfirmed => "user.identity_confirmed",
            Self::UserNeedsAttention => "user.needs_attention",
            Self::BulkBegun => "users.bulk_begun",
            Self::BulkStopped => "users.bulk_stopped",
            Self::ImportBegun => "users.import_begun",
            Self::UsersImported => "users.imported",
            Self::ImportFailed => "users.import_failed",
            Self::ConnectionSaved => "connection.saved",
            Self::ConnectionProved => "connection.proved",
            Self::ConnectionConfirmed => "connection.confirmed",
            Self::TrialUndone => "connection.trial_undone",
            Self::ConnectionDegraded => "connection.degraded",
            Self::ConnectionRecovered => "connection.recovered",
            Self::BreakGlassIssued => "break_glass.armed",
            Self::BreakGlassUsed => "break_glass.used",
            Self::BreakGlassRefused => "break_glass.refused",
            Self::RecoveryCodesMade => "break_glass.recovery_codes_made",
            Self::RecoveryCodeTested => "break_glass.tested",
            Self::ConnectionActivated => "connection.activated",
            Self::ConnectionSwitchedOff => "connection.switched_off",
            Self::ConnectionDisabled => "connection.disabled",
            Self::ConnectionChecked => "connection.checked",
            Self::GuideNoted => "guide.noted",
            Self::SessionsEnded => "sessions.ended",
            Self::PasswordAccepted => "password.accepted",
            Self::PasswordRefused => "password.refused",
            Self::Reauthenticated => "session.reauthenticated",
            Self::SignedOut => "session.signed_out",
            Self::NoticeDismissed => "notice.dismissed",
            Self::WebhookSaved => "webhook.saved",
            Self::WebhookSecretMade => "webhook.secret_made",
            Self::WebhookTested => "webhook.tested",
            Self::SecretDated => "secret.dated",
            Self::NextSecretSaved => "secret.next_saved",
            Self::NextSecretRemoved => "secret.next_removed",
            Self::SecretReplaced => "secret.promoted",
            Self::FileApplied => "file.applied",
            Self::FileReleased => "file.released",
            Self::KeyRotated => "key.rotated",
            Self::RetentionChanged => "retention.changed",
            Self::AuditPruned => "audit.pruned",
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
    /// Of what nobody asked for by a request: what happens by itself, and what is done on the host.
    #[must_use]
    pub fn of_nobody(now: UtcMillis, entropy: &Entropy, name: &str) -> Self {
        Self {
            now,
            actor_id: None,
            actor_name: name.to_owned(),
            address: String::new(),
            request_id: String::new(),
            entropy: entropy.clone(),
        }
    }

    /// Writes one row, at the end of the transaction: a row that cannot be written undoes it all.
    /// `detail` never has a secret in it: fingerprints stand for them.
    pub fn record(
        &self,
        tx: &mut Tx<'_>,
        event: Event,
        target: Option<&str>,
        detail: &Value,
    ) -> Result<(), Error> {
        tx.note(chain::Entry {
            id: ids::uuid(self.now, &self.entropy),
            at: self.now,
            actor_id: self.actor_id.clone(),
            actor_name: self.actor_name.clone(),
            event: event.code().to_owned(),
            target: target.map(str::to_owned),
            detail: detail.to_string(),
            address: Some(self.address.clone()),
            request_id: Some(self.request_id.clone()),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_act_has_words() {
        let source = include_str!("audit.rs");
        let codes: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""))
            .filter_map(|(_, code)| code.strip_suffix("\","))
            .collect();
        assert!(codes.len() >= 32, "{codes:?}");
        for code in codes {
            assert!(
                locales::act_name(code).is_some(),
                "audit.act.{code} has no words in locales"
            );
        }
    }
}
