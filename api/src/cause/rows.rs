//! The mistakes that are made in earnest, one row each, and which cause each of them is told as.
//! Rows that look the same from here share a cause, whose words name them in their order.

use super::Cause;
use crate::checks::CheckKind as R;

/// How a row shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// While it is pasted.
    Paste,
    /// By a rung of the checks, before anybody signs in.
    CheckKind(R),
    /// By a sign-in that comes back.
    SignIn,
    /// By the claims that an administrator's round trip shows.
    Verification,
    /// By a sign-in that never comes back: only likely causes can be named.
    NeverBack,
    /// Not at all: this server makes it harmless.
    Prevented,
    /// Not at all, and it cannot: it happens where we are not.
    Unseen,
}

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: &'static str,
    /// The mistake, in a few words.
    pub mistake: &'static str,
    pub how: How,
    /// None where nothing is told.
    pub cause: Option<Cause>,
}

const fn row(id: &'static str, how: How, cause: Option<Cause>, mistake: &'static str) -> Row {
    Row {
        id,
        mistake,
        how,
        cause,
    }
}

use Cause as C;
use How::{CheckKind, NeverBack, Paste, Prevented, SignIn, Unseen, Verification};

/// Every row, in the order of a connection: address, app, redirects, claims, people, transport.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("A01", CheckKind(R::Discovery), Some(C::AdminDomain), "Pasted the Admin Console's domain"),
    row("A02", Paste, Some(C::AddressNormalized), "A slash at the end"),
    row("A03", Paste, Some(C::PageAddress), "Pasted the address of a page"),
    row("A04", Paste, Some(C::MetadataAddress), "Pasted the metadata URL as issuer"),
    row("A05", Paste, Some(C::NotHttps), "http in place of https"),
    row("A06", Paste, Some(C::AddressUnreadable), "The placeholder, `.com.com`, or no address"),
    row("A07", CheckKind(R::Organization), Some(C::OrganizationUnknown), "A mistyped organization"),
    row("A08", CheckKind(R::Organization), Some(C::OtherCloud), "The right name on the wrong cloud"),
    row("A09", CheckKind(R::Address), Some(C::SandboxOrganization), "A preview or trial organization"),
    row("A10", CheckKind(R::Address), Some(C::CustomServerExpected), "The org issuer, though claims are on a custom server"),
    row("A11", CheckKind(R::Secret), Some(C::OrgServerOnly), "A custom server, though the app is for the org server"),
    row("A12", CheckKind(R::Discovery), Some(C::ServerUnknown), "An authorization server that does not exist"),
    row("A13", CheckKind(R::Discovery), Some(C::ServerNotLicensed), "No API Access Management"),
    row("A14", CheckKind(R::Discovery), Some(C::ServerUnknown), "An authorization server that is inactive"),
    row("A15", CheckKind(R::Discovery), Some(C::IssuerOtherName), "Custom domain pasted, app says Okta URL, or the reverse"),
    row("A16", CheckKind(R::Discovery), Some(C::IssuerOtherName), "The custom domain was added, removed or changed later"),
    row("A17", CheckKind(R::Discovery), Some(C::CertificateRefused), "The certificate of the custom domain ran out"),
    row("A18", CheckKind(R::Secret), Some(C::NetworkZone), "A network zone keeps this server out"),
    row("B01", CheckKind(R::Client), Some(C::ClientUnknown), "The client ID is mistyped"),
    row("B02", CheckKind(R::Client), Some(C::ClientUnknown), "The client ID is of another organization"),
    row("B03", CheckKind(R::Secret), Some(C::ClientRefused), "The client ID of another app with this app's secret"),
    row("B04", CheckKind(R::Redirect), Some(C::RedirectUnregistered), "Client ID and secret both of another app"),
    row("B05", CheckKind(R::Secret), Some(C::ClientRefused), "The secret is mistyped"),
    row("B06", Paste, Some(C::CredentialsMixedUp), "The secret's id, a masked value, or the two swapped"),
    row("B07", CheckKind(R::Secret), Some(C::SecretRotated), "The secret was deactivated after a rotation"),
    row("B08", CheckKind(R::Client), Some(C::ClientRequiresKey), "Client authentication is by key pair"),
    row("B09", CheckKind(R::Client), Some(C::ClientIsPublic), "A native or single-page app, or no client authentication"),
    row("B10", CheckKind(R::Client), Some(C::ClientsSwapped), "Web and native client ID are swapped"),
    row("B11", CheckKind(R::Client), Some(C::ClientIsService), "An API Services app"),
    row("B12", CheckKind(R::Client), Some(C::ClientUnknown), "A SAML or bookmark app"),
    row("B13", CheckKind(R::Redirect), Some(C::ClientInactive), "The app is inactive"),
    row("B14", CheckKind(R::Client), Some(C::ClientGone), "The app was deleted"),
    row("B15", Prevented, None, "The secret is sent in the other way"),
    row("B16", CheckKind(R::Secret), Some(C::CredentialsLost), "A proxy strips the credentials"),
    row("B17", CheckKind(R::Secret), Some(C::DpopRequired), "DPoP is demanded"),
    row("B18", SignIn, Some(C::TokenEncrypted), "ID tokens are encrypted"),
    row("B19", SignIn, Some(C::LinkedToOther), "Pairwise subjects"),
    row("B20", CheckKind(R::Request), Some(C::RequestObject), "Signed request objects are demanded"),
    row("C01", CheckKind(R::Redirect), Some(C::RedirectUnregistered), "No sign-in redirect URI"),
    row("C02", CheckKind(R::Redirect), Some(C::RedirectSlash), "Another slash at the end"),
    row("C03", CheckKind(R::Redirect), Some(C::RedirectScheme), "http against https"),
    row("C04", CheckKind(R::Redirect), Some(C::RedirectHost), "Another host"),
    row("C05", CheckKind(R::Redirect), Some(C::RedirectPort), "A port that is missing or too much"),
    row("C06", CheckKind(R::Redirect), Some(C::RedirectCase), "Other letters in the path"),
    row("C07", CheckKind(R::Redirect), Some(C::RedirectUnregistered), "The redirect URI is in another field"),
    row("C08", CheckKind(R::Redirect), Some(C::RedirectUnregistered), "A wildcard that is not enabled"),
    row("C09", SignIn, Some(C::RedirectChanged), "The token request names another redirect URI"),
    row("C10", Prevented, None, "No sign-out redirect URI"),
    row("C11", Prevented, None, "A relative sign-out URI"),
    row("C12", CheckKind(R::Client), Some(C::GrantRefused), "Authorization Code is not ticked"),
    row("C13", CheckKind(R::Native), Some(C::RefreshMissing), "Refresh Token is not ticked"),
    row("C14", Unseen, None, "Two devices share one refresh token"),
    row("C15", Prevented, None, "PKCE is demanded"),
    row("C16", Prevented, None, "A verifier without a challenge"),
    row("C17", CheckKind(R::Client), Some(C::GrantRefused), "Implicit is expected"),
    row("C18", Prevented, None, "A short state"),
    row("C19", SignIn, Some(C::OktaInitiated), "Login initiated by Okta, simplified"),
    row("C20", Unseen, None, "The initiate login URI is wrong"),
    row("C21", Prevented, None, "Consent is demanded"),
    row("D01", SignIn, Some(C::NoPolicy), "No access policy"),
    row("D02", SignIn, Some(C::NoPolicy), "The policy is for another app"),
    row("D03", SignIn, Some(C::NoPolicy), "The policy has no rule that fits"),
    row("D04", SignIn, Some(C::ScopeDenied), "The rule limits the scopes"),
    row("D05", SignIn, Some(C::NoPolicy), "The rule limits the people"),
    row("D06", CheckKind(R::Request), Some(C::ScopeRefused), "A scope that does not exist"),
    row("D07", Prevented, None, "The scope openid is forgotten"),
    row("D08", Prevented, None, "The scopes email and profile are forgotten"),
    row("D09", Verification, Some(C::ClaimMissing), "The claim was not made"),
    row("D10", Verification, Some(C::ClaimInAccessToken), "The claim is for the access token"),
    row("D11", Verification, Some(C::ClaimInUserinfo), "The claim is not always in the ID token"),
    row("D12", Verification, Some(C::ClaimMissing), "The claim is bound to a scope"),
    row("D13", Verification, Some(C::ClaimMisspelled), "The claim has nearly the right name"),
    row("D14", SignIn, Some(C::ClaimFailed), "The claim's expression fails"),
    row("D15", Verification, Some(C::ClaimMissing), "The claim is inactive or on another server"),
    row("D16", Unseen, None, "A claim has a reserved name"),
    row("D17", SignIn, Some(C::UnknownUser), "The claim holds another name than our users have"),
    row("D18", SignIn, Some(C::GroupsOverflow), "The groups claim matches too many"),
    row("D19", Verification, Some(C::AudienceDiffers), "The audience is another"),
    row("D20", Prevented, None, "The access token of the org server is read"),
    row("D21", Unseen, None, "The access token lives too long"),
    row("E01", SignIn, Some(C::NotAssigned), "The person is not assigned"),
    row("E02", SignIn, Some(C::NotAssigned), "Nobody is assigned"),
    row("E03", SignIn, Some(C::NotAssigned), "The assigned group is empty"),
    row("E04", SignIn, Some(C::NotAssigned), "The native app is not assigned"),
    row("E05", Unseen, None, "Federation Broker Mode"),
    row("E06", NeverBack, Some(C::SignOnPolicy), "The app's sign-in policy denies"),
    row("E07", NeverBack, Some(C::AccountSuspended), "The account is suspended or locked"),
    row("E08", SignIn, Some(C::UnknownUser), "Nobody here has this login"),
    row("E09", Prevented, None, "The e-mail differs in case"),
    row("E10", SignIn, Some(C::UnknownUser), "The e-mail is an alias"),
    row("E11", Prevented, None, "The e-mail changed later"),
    row("E12", SignIn, Some(C::LinkedToOther), "The e-mail has a new owner"),
    row("E13", SignIn, Some(C::UnknownUser), "The app's user name is no e-mail"),
    row("E14", SignIn, Some(C::EmailMissing), "The e-mail is empty"),
    row("E15", SignIn, Some(C::EmailUnverified), "The e-mail is not verified"),
    row("E16", SignIn, Some(C::UnknownUser), "The Okta login here is another than at Okta"),
    row("E17", CheckKind(R::Organization), Some(C::OrganizationChanged), "The organization was made anew"),
    row("E18", Prevented, None, "Google and Microsoft stay on"),
    row("E19", Prevented, None, "The administrator locks everybody out"),
    row("F01", CheckKind(R::Discovery), Some(C::ClockSkew), "Our clock is slow"),
    row("F02", CheckKind(R::Discovery), Some(C::ClockFast), "Our clock is fast"),
    row("F03", Prevented, None, "The keys were rotated"),
    row("F04", CheckKind(R::Keys), Some(C::KeyPinned), "The app has a key of its own"),
    row("F05", CheckKind(R::Discovery), Some(C::IssuerOtherName), "The issuer changed while it was remembered"),
    row("F06", Prevented, None, "A proxy rewrites the host"),
    row("F07", Prevented, None, "A strict cookie"),
    row("F08", Prevented, None, "form_post with a lax cookie"),
    row("F09", SignIn, Some(C::StateUnknown), "Another browser finishes"),
    row("F10", SignIn, Some(C::StateReplayed), "Back, or a double click"),
    row("F11", SignIn, Some(C::CodeRefused), "The code is too old"),
    row("F12", SignIn, Some(C::CallbackMalformed), "A scanner visits the callback"),
    row("F13", Prevented, None, "Two tabs at once"),
    row("F14", Prevented, None, "Endpoints of two servers"),
    row("F15", SignIn, Some(C::CodeRefused), "The code is another client's"),
    row("F16", CheckKind(R::Secret), Some(C::RateLimited), "Too many requests"),
    row("F17", CheckKind(R::Discovery), Some(C::ProviderUnavailable), "Okta has an outage"),
    row("F18", Prevented, None, "The token request comes from a browser"),
    row("F19", NeverBack, Some(C::EmbeddedBrowser), "A browser inside an app"),
    row("F20", CheckKind(R::Native), Some(C::RedirectUnregistered), "The native app's redirect URI is not registered"),
    row("F21", Prevented, None, "The native redirect page keeps the code"),
    row("F22", CheckKind(R::Redirect), Some(C::PageUnreadable), "A page in another language"),
];
