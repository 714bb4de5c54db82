//! What a member is told of a cause: far less than an administrator. It must not tell whether an
//! account exists here: unknown, suspended and bound to another account have the same words.

use api::Cause;
use locales::{Key, keys};

/// The few things that a member can do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advice {
    /// The round trip went astray: once more from the start.
    StartAgain,
    /// This account is not let in, whatever the reason.
    NotLetIn,
    /// The provider does not answer: later.
    Unavailable,
    /// An administrator or the operator has something to mend.
    NeedsMending,
}

impl Advice {
    pub(super) fn what(self) -> Key {
        match self {
            Self::StartAgain => keys::DOOR_REFUSED_START_AGAIN_WHAT,
            Self::NotLetIn => keys::DOOR_REFUSED_NOT_LET_IN_WHAT,
            Self::Unavailable => keys::DOOR_REFUSED_UNAVAILABLE_WHAT,
            Self::NeedsMending => keys::DOOR_REFUSED_NEEDS_MENDING_WHAT,
        }
    }

    pub(super) fn next(self) -> Key {
        match self {
            Self::StartAgain => keys::DOOR_REFUSED_START_AGAIN_NEXT,
            Self::NotLetIn => keys::DOOR_REFUSED_NOT_LET_IN_NEXT,
            Self::Unavailable => keys::DOOR_REFUSED_UNAVAILABLE_NEXT,
            Self::NeedsMending => keys::DOOR_REFUSED_NEEDS_MENDING_NEXT,
        }
    }
}

/// What a member is told of this cause.
#[must_use]
pub fn advice(cause: Cause) -> Advice {
    match cause {
        Cause::StateUnknown
        | Cause::StateReplayed
        | Cause::AttemptExpired
        | Cause::ConnectionOff
        | Cause::SettingsChanged
        | Cause::LoginRequired
        | Cause::AnotherAccount
        | Cause::CodeRefused
        | Cause::TokenNonce
        | Cause::RedirectChanged
        | Cause::OktaInitiated
        | Cause::EmbeddedBrowser => Advice::StartAgain,

        Cause::NotAssigned
        | Cause::NoPolicy
        | Cause::AccessDenied
        | Cause::AccessDeniedCustomServer
        | Cause::EmailsDiffer
        | Cause::EmailMissing
        | Cause::EmailUnusable
        | Cause::EmailUnverified
        | Cause::DomainRefused
        | Cause::TenantRefused
        | Cause::UnknownUser
        | Cause::NoLogin
        | Cause::IdentityUnconfirmed
        | Cause::Ambiguous
        | Cause::LinkedToOther
        | Cause::UserSuspended
        | Cause::SignOnPolicy
        | Cause::AccountSuspended => Advice::NotLetIn,

        Cause::ProviderError
        | Cause::Unreachable
        | Cause::ProviderUnavailable
        | Cause::ProviderForbidden
        | Cause::KeysUnreadable
        | Cause::TokenUnreachable
        | Cause::UserinfoUnreadable
        | Cause::ProviderSlow
        | Cause::RateLimited => Advice::Unavailable,

        Cause::CallbackMalformed
        | Cause::CallbackIssuer
        | Cause::CallbackPosted
        | Cause::ScopeRefused
        | Cause::GrantRefused
        | Cause::ProviderRefused
        | Cause::ProviderRefusedCheck
        | Cause::AccessDeniedCheck
        | Cause::MetadataNotFound
        | Cause::AddressPrivate
        | Cause::ServerInactive
        | Cause::IdTokenMissing
        | Cause::DiscoveryMalformed
        | Cause::IssuerMismatch
        | Cause::ServerUnknown
        | Cause::ServerNotLicensed
        | Cause::ClientRefused
        | Cause::ClientUnknown
        | Cause::TokenMalformed
        | Cause::TokenAlgorithm
        | Cause::SigningKeyUnknown
        | Cause::TokenSignature
        | Cause::TokenIssuer
        | Cause::TokenAudience
        | Cause::TokenExpired
        | Cause::ClockSkew
        | Cause::TokenClaims
        | Cause::UserinfoSub
        | Cause::Internal
        | Cause::AddressNormalized
        | Cause::PageAddress
        | Cause::MetadataAddress
        | Cause::AdminDomain
        | Cause::NotHttps
        | Cause::AddressUnreadable
        | Cause::SandboxOrganization
        | Cause::CredentialsMixedUp
        | Cause::OrganizationUnknown
        | Cause::OtherCloud
        | Cause::NotOkta
        | Cause::OrganizationChanged
        | Cause::CertificateRefused
        | Cause::Redirected
        | Cause::IssuerOtherName
        | Cause::CustomServerExpected
        | Cause::OrgServerOnly
        | Cause::ClockFast
        | Cause::KeyPinned
        | Cause::ClientGone
        | Cause::ClientIsPublic
        | Cause::ClientIsService
        | Cause::ClientRequiresKey
        | Cause::ClientsSwapped
        | Cause::ClientInactive
        | Cause::SecretRotated
        | Cause::AuthenticationRefused
        | Cause::SecretMethod
        | Cause::CredentialsLost
        | Cause::DpopRequired
        | Cause::NetworkZone
        | Cause::TokenEncrypted
        | Cause::RequestObject
        | Cause::RedirectUnregistered
        | Cause::RedirectSlash
        | Cause::RedirectScheme
        | Cause::RedirectHost
        | Cause::RedirectPort
        | Cause::RedirectCase
        | Cause::PageUnreadable
        | Cause::NativeUnknown
        | Cause::NativeRefused
        | Cause::RefreshMissing
        | Cause::ScopeDenied
        | Cause::ClaimFailed
        | Cause::GroupsOverflow
        | Cause::ClaimMissing
        | Cause::ClaimMisspelled
        | Cause::ClaimInAccessToken
        | Cause::ClaimInUserinfo
        | Cause::AudienceDiffers => Advice::NeedsMending,
    }
}

#[cfg(test)]
mod tests {
    use api::cause::Mender;

    use super::*;

    #[test]
    fn whatever_depends_on_the_account_has_the_same_words() {
        for cause in [
            Cause::UnknownUser,
            Cause::UserSuspended,
            Cause::NoLogin,
            Cause::Ambiguous,
            Cause::LinkedToOther,
            Cause::NotAssigned,
        ] {
            assert_eq!(advice(cause), Advice::NotLetIn, "{cause:?}");
        }
    }

    #[test]
    fn a_person_is_told_to_start_again_where_only_the_person_can_mend_it() {
        for cause in Cause::ALL.iter().filter(|it| it.mender() == Mender::Person) {
            assert_eq!(advice(*cause), Advice::StartAgain, "{cause:?}");
        }
    }
}
