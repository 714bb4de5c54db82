//! The catalogue: everything that can be wrong with a connection or a sign-in, one entry each, the
//! same in check, attempt row, log, metric and screen. It knows how none of them is found out.

mod elsewhere;
mod menu;
mod rows;

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

pub use elsewhere::Elsewhere;
pub use rows::{How, ROWS, Row};

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $mender:ident, $seen:ident, $menu:ident;)*) => {
        /// What is wrong. Words for each are in `locales`, keys `cause.<code>.title` and `.fix`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
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

            /// Where it is recognised first.
            #[must_use]
            pub fn seen(self) -> Seen {
                match self { $(Cause::$variant => Seen::$seen,)* }
            }

            /// Where it is mended in Okta's Admin Console.
            fn at_okta(self) -> Option<&'static str> {
                match self { $(Cause::$variant => menu::$menu,)* }
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

/// Where a cause is recognised first: what an administrator pastes, a rung of the checks, a stage
/// of the sign-in, or nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    Pasting,
    Address,
    Organization,
    Discovery,
    Keys,
    Client,
    Secret,
    /// The whole request, shown without a person.
    Request,
    Redirect,
    Native,
    Callback,
    TokenRequest,
    IdToken,
    Userinfo,
    Matching,
    /// An administrator's round trip, which shows the claims.
    Verification,
    /// Okta shows a page of its own, and we hear nothing.
    NeverBack,
    /// This server itself.
    Server,
}

causes! {
    // The browser and the round trip.
    /// The state belongs to no attempt of this browser: forged, another browser's, or without its cookie.
    StateUnknown = "state_unknown", Person, Callback, NONE;
    /// The attempt was used before: back, reload, or a replay.
    StateReplayed = "state_replayed", Person, Callback, NONE;
    /// The attempt is older than ten minutes.
    AttemptExpired = "attempt_expired", Person, Callback, NONE;
    /// The callback has no code, both code and error, or a parameter twice.
    CallbackMalformed = "callback_malformed", Provider, Callback, LOGIN;
    /// The callback's `iss` is another issuer's (RFC 9207).
    CallbackIssuer = "callback_issuer", Provider, Callback, ISSUER;
    /// The connection was switched off while the person was at the provider.
    ConnectionOff = "connection_off", Person, Callback, NONE;
    /// The connection's settings changed while the administrator was at the provider.
    SettingsChanged = "settings_changed", Console, Callback, NONE;

    // What the provider says in the callback.
    /// `access_denied`: user_not_assigned.
    NotAssigned = "not_assigned", Provider, Callback, ASSIGNMENTS;
    /// `access_denied`: no access policy or rule of the authorization server matches.
    NoPolicy = "no_policy", Provider, Callback, POLICIES;
    /// `access_denied` for another reason.
    AccessDenied = "access_denied", Provider, Callback, SYSTEM_LOG;
    /// `access_denied` of a custom authorization server for another reason.
    AccessDeniedCustomServer = "access_denied_custom_server", Provider, Callback, POLICIES;
    /// `access_denied` to the token request of a check.
    AccessDeniedCheck = "access_denied_check", Provider, Secret, SYSTEM_LOG;
    /// `invalid_scope`.
    ScopeRefused = "scope_refused", Provider, Request, SCOPES;
    /// `login_required`, `interaction_required`, `consent_required`.
    LoginRequired = "login_required", Person, Callback, CONSENT;
    /// `unauthorized_client` or `unsupported_response_type`: a grant is not ticked.
    GrantRefused = "grant_refused", Provider, Client, GRANTS;
    /// `server_error`, `temporarily_unavailable`.
    ProviderError = "provider_error", Provider, Discovery, STATUS;
    /// Any other error code.
    ProviderRefused = "provider_refused", Provider, Callback, SYSTEM_LOG;
    /// Any other error code in the answer to a check.
    ProviderRefusedCheck = "provider_refused_check", Provider, Secret, SYSTEM_LOG;

    // Discovery and keys.
    /// Discovery cannot be reached.
    Unreachable = "unreachable", Provider, Discovery, NONE;
    /// Discovery or keys answer 500, 502, 503 or 504.
    ProviderUnavailable = "provider_unavailable", Provider, Discovery, STATUS;
    /// Discovery answers 401 or 403.
    ProviderForbidden = "provider_forbidden", Provider, Discovery, NETWORKS;
    /// Discovery of the organization's own server answers 404.
    MetadataNotFound = "metadata_not_found", Console, Discovery, SERVERS;
    /// The host is at a private address, which this server refuses unless the host is allowed.
    AddressPrivate = "address_private", Operator, Discovery, NONE;
    /// Discovery is not what it should be: not JSON, mandatory fields missing, endpoints elsewhere.
    DiscoveryMalformed = "discovery_malformed", Provider, Discovery, NONE;
    /// Discovery names another issuer than the one configured.
    IssuerMismatch = "issuer_mismatch", Console, Discovery, ISSUER;
    /// No such authorization server.
    ServerUnknown = "server_unknown", Console, Discovery, SERVERS;
    /// The authorization server exists and is inactive.
    ServerInactive = "server_inactive", Provider, Discovery, SERVERS;
    /// The organization has no API Access Management.
    ServerNotLicensed = "server_not_licensed", Console, Discovery, SERVERS;
    /// The provider's keys cannot be read.
    KeysUnreadable = "keys_unreadable", Provider, Keys, STATUS;

    // The token request.
    /// `invalid_client`: the secret is wrong, or the client ID with it.
    ClientRefused = "client_refused", Console, Secret, CREDENTIALS;
    /// The provider does not know the client ID.
    ClientUnknown = "client_unknown", Console, Client, CREDENTIALS;
    /// `invalid_grant`: code used, expired, or for another client or redirect URI.
    CodeRefused = "code_refused", Person, TokenRequest, NONE;
    /// The token endpoint does not answer in time, or not at all.
    TokenUnreachable = "token_unreachable", Provider, TokenRequest, NETWORKS;
    /// The token response is not what it should be.
    TokenMalformed = "token_malformed", Provider, TokenRequest, NONE;
    /// The token response has no ID token.
    IdTokenMissing = "id_token_missing", Provider, TokenRequest, POLICIES;

    // The ID token.
    /// Not a signed token of an algorithm on our list.
    TokenAlgorithm = "token_algorithm", Provider, IdToken, NONE;
    /// No key of the provider fits.
    SigningKeyUnknown = "signing_key_unknown", Provider, IdToken, ISSUER;
    /// The signature is wrong.
    TokenSignature = "token_signature", Provider, IdToken, NONE;
    /// `iss` is another's.
    TokenIssuer = "token_issuer", Provider, IdToken, ISSUER;
    /// `aud` or `azp` is another's.
    TokenAudience = "token_audience", Provider, IdToken, SIGN_ON;
    /// `exp` has passed.
    TokenExpired = "token_expired", Provider, IdToken, NONE;
    /// `iat` or `nbf` is ahead of our clock.
    ClockSkew = "clock_skew", Operator, Discovery, NONE;
    /// `nonce` is not the attempt's.
    TokenNonce = "token_nonce", Person, IdToken, NONE;
    /// A required claim is missing or of the wrong type, or the token does not parse strictly.
    TokenClaims = "token_claims", Provider, IdToken, CLAIMS;

    // Userinfo.
    /// Userinfo cannot be read.
    UserinfoUnreadable = "userinfo_unreadable", Provider, Userinfo, POLICIES;
    /// Userinfo speaks of another `sub`.
    UserinfoSub = "userinfo_sub", Provider, Userinfo, NONE;
    /// ID token and userinfo carry different e-mail addresses.
    EmailsDiffer = "emails_differ", Provider, Userinfo, CLAIMS;
    /// Neither carries a login or an e-mail.
    EmailMissing = "email_missing", Provider, Userinfo, CLAIMS;
    /// A login or an e-mail came, and cannot be used: blanks, line breaks, or characters outside ASCII.
    EmailUnusable = "email_unusable", Provider, Userinfo, PERSON;
    /// `email_verified` is false, and the email is what the user is matched by.
    EmailUnverified = "email_unverified", Provider, Userinfo, PERSON;
    /// Google: the account is not of the configured Workspace domain.
    DomainRefused = "domain_refused", Provider, IdToken, NONE;
    /// Microsoft: the account is of another tenant.
    TenantRefused = "tenant_refused", Provider, IdToken, NONE;

    // The user here.
    /// No user has this login or e-mail.
    UnknownUser = "unknown_user", Console, Matching, NONE;
    /// A user has this e-mail but no Okta login.
    NoLogin = "no_login", Console, Matching, NONE;
    /// The account is matched to an administrator whose Okta login is another, and no one confirmed it yet.
    IdentityUnconfirmed = "identity_unconfirmed", Console, Matching, NONE;
    /// Two users fit.
    Ambiguous = "ambiguous", Console, Matching, NONE;
    /// The user is bound to another account at the provider.
    LinkedToOther = "linked_to_other", Console, Matching, NONE;
    /// An administrator confirmed their identity with the Okta account of someone else.
    AnotherAccount = "another_account", Person, Matching, NONE;
    /// The user is suspended.
    UserSuspended = "user_suspended", Console, Matching, NONE;

    // What an administrator pastes.
    /// The address had a slash, blanks, capitals or a port that an issuer has not; taken off.
    AddressNormalized = "address_normalized", Console, Pasting, NONE;
    /// A page of the organization was pasted.
    PageAddress = "page_address", Console, Pasting, NONE;
    /// The metadata URL was pasted; the issuer is the part before it.
    MetadataAddress = "metadata_address", Console, Pasting, NONE;
    /// The Admin Console's address.
    AdminDomain = "admin_domain", Console, Discovery, DOMAIN;
    /// `http://`.
    NotHttps = "not_https", Console, Pasting, NONE;
    /// No address at all: the placeholder of a manual, a doubled suffix, an IP address.
    AddressUnreadable = "address_unreadable", Console, Pasting, DOMAIN;
    /// A preview, trial or developer organization.
    SandboxOrganization = "sandbox_organization", Console, Address, DOMAIN;
    /// Masked or truncated value, the secret's id, or client ID and secret in each other's field.
    CredentialsMixedUp = "credentials_mixed_up", Console, Pasting, CREDENTIALS;

    // Which organization answers.
    /// Okta's parked organization answers: nobody has this name.
    OrganizationUnknown = "organization_unknown", Console, Organization, DOMAIN;
    /// The name exists on another of Okta's clouds.
    OtherCloud = "other_cloud", Console, Organization, DOMAIN;
    /// What answers is not Okta.
    NotOkta = "not_okta", Console, Organization, DOMAIN;
    /// Another organization than at the last check answers under this name.
    OrganizationChanged = "organization_changed", Console, Organization, DOMAIN;
    /// The certificate of the address is not one that this server trusts.
    CertificateRefused = "certificate_refused", Provider, Discovery, DOMAINS;
    /// The address sends us elsewhere.
    Redirected = "redirected", Console, Discovery, DOMAIN;
    /// A connection, but no answer in time.
    ProviderSlow = "provider_slow", Provider, Discovery, STATUS;
    /// Too many requests: 429.
    RateLimited = "rate_limited", Provider, Secret, RATE_LIMITS;
    /// Custom domain on one side, Okta's name on the other: the same organization.
    IssuerOtherName = "issuer_other_name", Console, Discovery, ISSUER;
    /// An audience is entered, which only a custom authorization server has.
    CustomServerExpected = "custom_server_expected", Console, Address, SERVERS;
    /// The app may not use a custom authorization server.
    OrgServerOnly = "org_server_only", Console, Secret, SERVERS;
    /// The clock of this server is ahead of the provider's.
    ClockFast = "clock_fast", Operator, Discovery, NONE;
    /// The app signs with a key of its own.
    KeyPinned = "key_pinned", Provider, Keys, NONE;

    // Which app it is.
    /// The client ID was known before and is not any more.
    ClientGone = "client_gone", Provider, Client, APPS;
    /// No client authentication: a native or single-page app, or set to None.
    ClientIsPublic = "client_is_public", Provider, Client, CREATE_APP;
    /// An API Services app, which signs nobody in.
    ClientIsService = "client_is_service", Provider, Client, CREATE_APP;
    /// The app authenticates by a key pair.
    ClientRequiresKey = "client_requires_key", Provider, Client, CREDENTIALS;
    /// Web and native client ID are in each other's field.
    ClientsSwapped = "clients_swapped", Console, Client, CREDENTIALS;
    /// The app is probably inactive.
    ClientInactive = "client_inactive", Provider, Redirect, APP;
    /// The secret worked before and is refused now.
    SecretRotated = "secret_rotated", Console, Secret, CREDENTIALS;
    /// Client authentication failed, and not by the secret alone.
    AuthenticationRefused = "authentication_refused", Provider, Secret, CREDENTIALS;
    /// The app takes the secret in none of the ways in which it is sent.
    SecretMethod = "secret_method", Provider, Secret, CREDENTIALS;
    /// The provider saw no credentials: a proxy strips the header.
    CredentialsLost = "credentials_lost", Operator, Secret, NONE;
    /// The app demands DPoP.
    DpopRequired = "dpop_required", Provider, Secret, GENERAL;
    /// A network zone keeps this server out.
    NetworkZone = "network_zone", Provider, Secret, NETWORKS;
    /// The app encrypts its ID tokens.
    TokenEncrypted = "token_encrypted", Provider, Secret, GENERAL;
    /// The app demands signed request objects.
    RequestObject = "request_object", Provider, Request, NONE;

    // Where the person is sent back to.
    /// The sign-in redirect URI is not registered, and none that is nearly it.
    RedirectUnregistered = "redirect_unregistered", Provider, Redirect, LOGIN;
    /// Registered with, or without, a slash at the end.
    RedirectSlash = "redirect_slash", Provider, Redirect, LOGIN;
    /// Registered with the other scheme.
    RedirectScheme = "redirect_scheme", Provider, Redirect, LOGIN;
    /// Registered on another host: with or without `www.`.
    RedirectHost = "redirect_host", Provider, Redirect, LOGIN;
    /// Registered with, or without, a port.
    RedirectPort = "redirect_port", Provider, Redirect, LOGIN;
    /// Registered in other letters, or percent-encoded.
    RedirectCase = "redirect_case", Provider, Redirect, LOGIN;
    /// The provider's page cannot be told from any other: nothing is claimed.
    PageUnreadable = "page_unreadable", Provider, Redirect, LOGIN;
    /// The redirect URI of the token request is not that of the sign-in.
    RedirectChanged = "redirect_changed", Operator, TokenRequest, NONE;

    // The native app.
    /// The provider does not know the native client ID.
    NativeUnknown = "native_unknown", Console, Native, CREDENTIALS;
    /// The native client ID belongs to an app that wants a secret.
    NativeRefused = "native_refused", Provider, Native, CREATE_APP;
    /// The native app may not refresh.
    RefreshMissing = "refresh_missing", Provider, Native, GRANTS;

    // People, policies and claims.
    /// `access_denied`: the policy rejects scopes.
    ScopeDenied = "scope_denied", Provider, Callback, POLICIES;
    /// `server_error`: a claim cannot be evaluated for this person.
    ClaimFailed = "claim_failed", Provider, Callback, CLAIMS;
    /// `server_error`: the groups claim matches over a hundred groups.
    GroupsOverflow = "groups_overflow", Provider, Callback, SIGN_ON;
    /// Okta posted an ID token of its own accord: "Okta Simplified".
    OktaInitiated = "okta_initiated", Provider, Callback, LOGIN;
    /// The provider answered by POST, which shows no browser and is not believed.
    CallbackPosted = "callback_posted", Provider, Callback, NONE;
    /// A claim that the connection counts on is nowhere.
    ClaimMissing = "claim_missing", Provider, Verification, CLAIMS;
    /// A claim of nearly the right name.
    ClaimMisspelled = "claim_misspelled", Provider, Verification, CLAIMS;
    /// The claim is in the access token only.
    ClaimInAccessToken = "claim_in_access_token", Provider, Verification, CLAIMS;
    /// The claim is in userinfo only.
    ClaimInUserinfo = "claim_in_userinfo", Provider, Verification, CLAIMS;
    /// The access token is for another audience.
    AudienceDiffers = "audience_differs", Provider, Verification, SERVERS;

    // Started, never came back.
    /// A sign-in policy of the app stops the person on Okta's own page.
    SignOnPolicy = "sign_on_policy", Provider, NeverBack, SIGN_ON;
    /// The account is suspended, locked or deactivated there.
    AccountSuspended = "account_suspended", Provider, NeverBack, PERSON;
    /// A browser inside another app cannot finish.
    EmbeddedBrowser = "embedded_browser", Person, NeverBack, NONE;

    // Ours.
    /// The fault is ours; the log has it under the reference.
    Internal = "internal", Operator, Server, NONE;
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

    #[test]
    fn every_row_is_there_once_and_no_cause_is_without_a_use() {
        for (index, row) in ROWS.iter().enumerate() {
            let first = ROWS.iter().position(|other| other.id == row.id);
            assert_eq!(first, Some(index), "{}", row.id);
        }
        assert_eq!(ROWS.len(), 121);
        let named = ROWS.iter().filter(|row| row.cause.is_some()).count();
        assert!(named >= 90, "{named} rows have a cause");
        for row in ROWS {
            let hidden = matches!(row.how, How::Prevented | How::Unseen);
            assert_eq!(row.cause.is_none(), hidden, "{}", row.id);
        }
    }
}
