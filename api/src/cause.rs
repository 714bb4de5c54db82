//! Why a sign-in failed: one entry each, the same in attempt row, log, metric and screen.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $mender:ident;)*) => {
        /// Why a sign-in failed. Words for each are in `locales`, keys `cause.<code>.title` and `.fix`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Cause {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Cause {
            /// Every cause, in the order of the catalogue.
            pub const ALL: &'static [Cause] = &[$(Cause::$variant,)*];

            /// The stable code, as on the wire and in the database.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Cause::$variant => $code,)* }
            }

            /// Who can mend it.
            #[must_use]
            pub fn mender(self) -> Mender {
                match self { $(Cause::$variant => Mender::$mender,)* }
            }
        }
    };
}

/// Who can mend a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mender {
    /// The administrator, in the provider's own console.
    Provider,
    /// The administrator, in this console.
    Console,
    /// The person who signs in: by starting again.
    Person,
    /// Whoever runs this server.
    Operator,
}

causes! {
    // The browser and the round trip.
    /// The state belongs to no attempt of this browser: forged, another browser's, or without its cookie.
    StateUnknown = "state_unknown", Person;
    /// The attempt was used before: back, reload, or a replay.
    StateReplayed = "state_replayed", Person;
    /// The attempt is older than ten minutes.
    AttemptExpired = "attempt_expired", Person;
    /// The callback has no code, both code and error, or a parameter twice.
    CallbackMalformed = "callback_malformed", Provider;
    /// The callback's `iss` is another issuer's (RFC 9207).
    CallbackIssuer = "callback_issuer", Provider;
    /// The connection was switched off while the person was at the provider.
    ConnectionOff = "connection_off", Person;
    /// The connection's settings changed while the administrator was at the provider.
    SettingsChanged = "settings_changed", Console;

    // What the provider says in the callback.
    /// `access_denied`: user_not_assigned.
    NotAssigned = "not_assigned", Provider;
    /// `access_denied`: no access policy or rule of the authorization server matches.
    NoPolicy = "no_policy", Provider;
    /// `access_denied` for another reason.
    AccessDenied = "access_denied", Provider;
    /// `invalid_scope`.
    ScopeRefused = "scope_refused", Provider;
    /// `login_required`, `interaction_required`, `consent_required`.
    LoginRequired = "login_required", Person;
    /// `unauthorized_client` or `unsupported_response_type`: a grant is not ticked.
    GrantRefused = "grant_refused", Provider;
    /// `server_error`, `temporarily_unavailable`.
    ProviderError = "provider_error", Provider;
    /// Any other error code.
    ProviderRefused = "provider_refused", Provider;

    // Discovery and keys.
    /// Discovery cannot be reached.
    Unreachable = "unreachable", Provider;
    /// Discovery is not what it should be: not JSON, mandatory fields missing, endpoints elsewhere.
    DiscoveryMalformed = "discovery_malformed", Provider;
    /// Discovery names another issuer than the one configured.
    IssuerMismatch = "issuer_mismatch", Console;
    /// No such authorization server.
    ServerUnknown = "server_unknown", Console;
    /// The organization has no API Access Management.
    ServerNotLicensed = "server_not_licensed", Console;
    /// The provider's keys cannot be read.
    KeysUnreadable = "keys_unreadable", Provider;

    // The token request.
    /// `invalid_client`: the secret is wrong, or the client ID with it.
    ClientRefused = "client_refused", Console;
    /// The provider does not know the client ID.
    ClientUnknown = "client_unknown", Console;
    /// `invalid_grant`: code used, expired, or for another client or redirect URI.
    CodeRefused = "code_refused", Person;
    /// The token endpoint does not answer in time, or not at all.
    TokenUnreachable = "token_unreachable", Provider;
    /// The token response is not what it should be.
    TokenMalformed = "token_malformed", Provider;

    // The ID token.
    /// Not a signed token of an algorithm on our list.
    TokenAlgorithm = "token_algorithm", Provider;
    /// No key of the provider fits.
    TokenKey = "token_key", Provider;
    /// The signature is wrong.
    TokenSignature = "token_signature", Provider;
    /// `iss` is another's.
    TokenIssuer = "token_issuer", Provider;
    /// `aud` or `azp` is another's.
    TokenAudience = "token_audience", Provider;
    /// `exp` has passed.
    TokenExpired = "token_expired", Provider;
    /// `iat` or `nbf` is ahead of our clock.
    ClockSkew = "clock_skew", Operator;
    /// `nonce` is not the attempt's.
    TokenNonce = "token_nonce", Person;
    /// A required claim is missing or of the wrong type, or the token does not parse strictly.
    TokenClaims = "token_claims", Provider;

    // Userinfo.
    /// Userinfo cannot be read.
    UserinfoUnreadable = "userinfo_unreadable", Provider;
    /// Userinfo speaks of another `sub`.
    UserinfoSub = "userinfo_sub", Provider;
    /// ID token and userinfo carry different e-mail addresses.
    EmailsDiffer = "emails_differ", Provider;
    /// Neither carries a login or an e-mail.
    EmailMissing = "email_missing", Provider;
    /// `email_verified` is false.
    EmailUnverified = "email_unverified", Provider;
    /// Google: the account is not of the configured Workspace domain.
    DomainRefused = "domain_refused", Provider;
    /// Microsoft: the account is of another tenant.
    TenantRefused = "tenant_refused", Provider;

    // The user here.
    /// No user has this login or e-mail.
    UnknownUser = "unknown_user", Console;
    /// A user has this e-mail but no Okta login.
    NoLogin = "no_login", Console;
    /// Two users fit.
    Ambiguous = "ambiguous", Console;
    /// The user is bound to another account at the provider.
    BoundToOther = "bound_to_other", Console;
    /// The user is suspended.
    UserSuspended = "user_suspended", Console;

    // Ours.
    /// The fault is ours; the log has it under the reference.
    Internal = "internal", Operator;
}

impl Cause {
    /// The cause with this code, as read from the database.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_reads_back() {
        for cause in Cause::ALL {
            assert_eq!(Cause::from_code(cause.code()), Some(*cause));
        }
    }
}
