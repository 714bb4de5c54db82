//! What is done about a cause at Google and at Microsoft, who have a menu or two where Okta has twenty.
//! Where things are is in their own English words (2026), never translated.

use super::Cause;

/// What a cause comes to outside Okta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Elsewhere {
    /// What is done about it is the same everywhere.
    Shared,
    /// The user here, whom Google and Microsoft know by the e-mail address.
    User,
    /// Which accounts may come: mended here, looked up there.
    Tenant,
    /// The redirect URI.
    Redirect,
    /// Client ID and secret.
    Credentials,
    /// The person starts again; if it is everyone, client ID and secret.
    Code,
    /// Who may use the app.
    People,
    /// A policy of the organization.
    Policy,
    /// Scopes and consent.
    Scopes,
    /// What kind of app it is.
    AppType,
    /// Whether the provider is well, and within reach.
    Status,
    /// What the provider wrote down.
    Log,
    /// Something in between.
    Proxy,
    /// Whose issuer it is.
    Directory,
    /// What is said of the person.
    Claims,
    /// The account.
    Person,
    /// Only Okta knows it: wherever else it is told, the provider's own words have to do.
    Other,
}

impl Elsewhere {
    pub(super) fn at_google(self) -> Option<&'static str> {
        match self {
            Self::Shared | Self::User => None,
            Self::Tenant => Some("Google Admin console › Account › Domains › Manage domains"),
            Self::Redirect => {
                Some("Google Auth Platform › Clients › your client › Authorized redirect URIs")
            }
            Self::Credentials | Self::Code => {
                Some("Google Auth Platform › Clients › your client › Client secrets")
            }
            Self::People => Some("Google Auth Platform › Audience"),
            Self::Policy => {
                Some("Google Admin console › Security › Access and data control › API controls")
            }
            Self::Scopes | Self::Claims => Some("Google Auth Platform › Data Access"),
            Self::AppType => {
                Some("Google Auth Platform › Clients › Create client › Web application")
            }
            Self::Status => Some("www.google.com/appsstatus"),
            Self::Log | Self::Proxy => Some(
                "Google Admin console › Reporting › Audit and investigation › OAuth log events",
            ),
            Self::Directory | Self::Other => Some("Google Auth Platform › Clients › your client"),
            Self::Person => Some("Google Admin console › Directory › Users › the person"),
        }
    }

    pub(super) fn at_microsoft(self) -> Option<&'static str> {
        match self {
            Self::Shared | Self::User => None,
            Self::Tenant | Self::Directory => {
                Some("Microsoft Entra admin center › Entra ID › Overview › Tenant ID")
            }
            Self::Redirect => Some(
                "Microsoft Entra admin center › Entra ID › App registrations › your app › Authentication › Web › Redirect URIs",
            ),
            Self::Credentials | Self::Code => Some(
                "Microsoft Entra admin center › Entra ID › App registrations › your app › Certificates & secrets › Client secrets",
            ),
            Self::People => Some(
                "Microsoft Entra admin center › Entra ID › Enterprise apps › your app › Users and groups",
            ),
            Self::Policy => {
                Some("Microsoft Entra admin center › Entra ID › Conditional Access › Policies")
            }
            Self::Scopes => Some(
                "Microsoft Entra admin center › Entra ID › App registrations › your app › API permissions",
            ),
            Self::AppType => Some(
                "Microsoft Entra admin center › Entra ID › App registrations › your app › Authentication",
            ),
            Self::Status => Some("status.cloud.microsoft"),
            Self::Log | Self::Proxy => {
                Some("Microsoft Entra admin center › Entra ID › Monitoring & health › Sign-in logs")
            }
            Self::Claims => Some(
                "Microsoft Entra admin center › Entra ID › App registrations › your app › Token configuration",
            ),
            Self::Person => {
                Some("Microsoft Entra admin center › Entra ID › Users › the person › Properties")
            }
            Self::Other => {
                Some("Microsoft Entra admin center › Entra ID › App registrations › your app")
            }
        }
    }
}

impl Cause {
    /// What it comes to at Google and at Microsoft.
    #[must_use]
    pub fn elsewhere(self) -> Elsewhere {
        match self {
            Self::StateUnknown
            | Self::StateReplayed
            | Self::AttemptExpired
            | Self::ConnectionOff
            | Self::SettingsChanged
            | Self::DiscoveryMalformed
            | Self::TokenExpired
            | Self::ClockSkew
            | Self::ClockFast
            | Self::Ambiguous
            | Self::LinkedToOther
            | Self::UserSuspended
            | Self::AddressPrivate
            | Self::RedirectChanged
            | Self::EmbeddedBrowser
            | Self::Internal => Elsewhere::Shared,
            Self::UnknownUser => Elsewhere::User,
            Self::DomainRefused | Self::TenantRefused => Elsewhere::Tenant,
            Self::RedirectUnregistered
            | Self::RedirectSlash
            | Self::RedirectScheme
            | Self::RedirectHost
            | Self::RedirectPort
            | Self::RedirectCase => Elsewhere::Redirect,
            Self::ClientRefused
            | Self::ClientUnknown
            | Self::ClientGone
            | Self::TokenAudience
            | Self::CredentialsMixedUp
            | Self::SecretRotated
            | Self::AuthenticationRefused => Elsewhere::Credentials,
            Self::CodeRefused => Elsewhere::Code,
            Self::NotAssigned | Self::AccessDenied => Elsewhere::People,
            Self::NoPolicy => Elsewhere::Policy,
            Self::ScopeRefused
            | Self::LoginRequired
            | Self::UserinfoUnreadable
            | Self::IdTokenMissing
            | Self::ScopeDenied => Elsewhere::Scopes,
            Self::GrantRefused
            | Self::ClientIsPublic
            | Self::ClientIsService
            | Self::ClientRequiresKey => Elsewhere::AppType,
            Self::ProviderError
            | Self::Unreachable
            | Self::ProviderUnavailable
            | Self::ProviderForbidden
            | Self::KeysUnreadable
            | Self::TokenUnreachable
            | Self::ProviderSlow
            | Self::RateLimited => Elsewhere::Status,
            Self::CallbackMalformed
            | Self::ProviderRefused
            | Self::AccessDeniedCheck
            | Self::ProviderRefusedCheck
            | Self::TokenNonce
            | Self::UserinfoSub => Elsewhere::Log,
            Self::TokenMalformed
            | Self::TokenAlgorithm
            | Self::TokenSignature
            | Self::CredentialsLost
            | Self::CertificateRefused
            | Self::Redirected => Elsewhere::Proxy,
            Self::CallbackIssuer
            | Self::IssuerMismatch
            | Self::TokenIssuer
            | Self::SigningKeyUnknown
            | Self::MetadataNotFound
            | Self::ServerUnknown => Elsewhere::Directory,
            Self::EmailsDiffer
            | Self::EmailMissing
            | Self::EmailUnusable
            | Self::TokenClaims
            | Self::ClaimMissing
            | Self::ClaimMisspelled
            | Self::ClaimInAccessToken
            | Self::ClaimInUserinfo => Elsewhere::Claims,
            Self::EmailUnverified => Elsewhere::Person,
            Self::ServerNotLicensed
            | Self::IdentityUnconfirmed
            | Self::ServerInactive
            | Self::AccessDeniedCustomServer
            | Self::AnotherAccount
            | Self::NoLogin
            | Self::AddressNormalized
            | Self::PageAddress
            | Self::MetadataAddress
            | Self::AdminDomain
            | Self::NotHttps
            | Self::AddressUnreadable
            | Self::SandboxOrganization
            | Self::OrganizationUnknown
            | Self::OtherCloud
            | Self::NotOkta
            | Self::OrganizationChanged
            | Self::IssuerOtherName
            | Self::CustomServerExpected
            | Self::OrgServerOnly
            | Self::KeyPinned
            | Self::ClientInactive
            | Self::SecretMethod
            | Self::DpopRequired
            | Self::NetworkZone
            | Self::TokenEncrypted
            | Self::RequestObject
            | Self::NativeUnknown
            | Self::NativeRefused
            | Self::RefreshMissing
            | Self::ClaimFailed
            | Self::GroupsOverflow
            | Self::OktaInitiated
            | Self::CallbackPosted
            | Self::AudienceDiffers
            | Self::SignOnPolicy
            | Self::AccountSuspended
            | Self::ClientsSwapped
            | Self::PageUnreadable => Elsewhere::Other,
        }
    }
}
