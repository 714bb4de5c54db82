//! What the end of an attempt says of its connection.
//!
//! A sign-in's way leads through a browser, and whoever drives it can bring back any error with a
//! state of their own, a code that is none, or one that they asked for in other words. What nobody
//! can make up is how the provider answers this server where neither matters.

use api::{Cause, cause::Mender};

use crate::oidc::Failure;

/// What an attempt says; none where it is about the person alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// The provider itself showed how the connection is.
    Shown,
    /// Only a browser says so.
    Said,
}

impl Evidence {
    /// Of a sign-in that failed.
    pub(super) fn of(failure: &Failure) -> Option<Self> {
        if failure.is_hearsay {
            is_of_the_connection(failure.cause).then_some(Self::Said)
        } else {
            Self::of_cause(failure.cause)
        }
    }

    /// Of a sign-in that failed between this server and the provider, or after that.
    pub(super) fn of_cause(cause: Cause) -> Option<Self> {
        if is_beyond_a_person(cause) {
            Some(Self::Shown)
        } else {
            is_of_the_connection(cause).then_some(Self::Said)
        }
    }

    /// As the row has it.
    pub(super) fn code(self) -> i64 {
        match self {
            Self::Shown => 1,
            Self::Said => 0,
        }
    }
}

/// What no person can bring about, whatever they send or ask the provider for. Those at the end are
/// theirs, and yet they show that all before them works.
fn is_beyond_a_person(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Unreachable
            | Cause::DiscoveryMalformed
            | Cause::IssuerMismatch
            | Cause::ProviderUnavailable
            | Cause::ProviderForbidden
            | Cause::MetadataNotFound
            | Cause::AddressPrivate
            | Cause::ServerUnknown
            | Cause::ServerInactive
            | Cause::ServerNotLicensed
            | Cause::CertificateRefused
            | Cause::Redirected
            | Cause::ProviderSlow
            | Cause::RateLimited
            | Cause::ProviderError
            | Cause::KeysUnreadable
            | Cause::ClientRefused
            | Cause::ClientUnknown
            | Cause::AuthenticationRefused
            | Cause::CredentialsLost
            | Cause::NetworkZone
            | Cause::TokenUnreachable
            | Cause::TokenEncrypted
            | Cause::TokenAlgorithm
            | Cause::SigningKeyUnknown
            | Cause::TokenSignature
            | Cause::TokenIssuer
            | Cause::TokenAudience
            | Cause::TokenExpired
            | Cause::TokenClaims
            | Cause::ClockSkew
            | Cause::ClockFast
            | Cause::UserinfoUnreadable
            | Cause::UserinfoSub
            | Cause::EmailsDiffer
            | Cause::EmailMissing
            | Cause::EmailUnusable
            | Cause::EmailUnverified
            | Cause::UnknownUser
            | Cause::NoLogin
            | Cause::IdentityUnconfirmed
            | Cause::AnotherAccount
            | Cause::Ambiguous
            | Cause::LinkedToOther
            | Cause::UserSuspended
    )
}

/// Whether a cause is of the connection at all: not of the person who tried, and not of a callback
/// that can belong to anything.
fn is_of_the_connection(cause: Cause) -> bool {
    !is_the_members(cause)
        && !matches!(
            cause,
            Cause::CallbackMalformed | Cause::OktaInitiated | Cause::CallbackPosted
        )
}

/// Whether a cause is about the person who tried, and says nothing of the connection.
pub(crate) fn is_the_members(cause: Cause) -> bool {
    cause.mender() == Mender::Person
        || matches!(
            cause,
            Cause::NotAssigned
                | Cause::AccessDenied
                | Cause::EmailsDiffer
                | Cause::EmailMissing
                | Cause::EmailUnusable
                | Cause::EmailUnverified
                | Cause::DomainRefused
                | Cause::TenantRefused
                | Cause::UnknownUser
                | Cause::NoLogin
                | Cause::IdentityUnconfirmed
                | Cause::AnotherAccount
                | Cause::Ambiguous
                | Cause::LinkedToOther
                | Cause::UserSuspended
        )
}
