//! Where a cause is mended. Okta's places are in the words of its Admin Console (2026), in English: never translated.

use super::Cause;
use crate::connections::Provider;

impl Cause {
    /// Where it is mended in the provider's console, in its own words; none where it is not mended
    /// there.
    #[must_use]
    pub fn menu(self, provider: Provider) -> Option<&'static str> {
        match provider {
            Provider::Okta => self.at_okta(),
            Provider::Google => self.elsewhere().at_google(),
            Provider::Microsoft => self.elsewhere().at_microsoft(),
        }
    }

    /// What to look at when a sign-in was started and never came back, the likeliest first: in
    /// each of these the provider shows a page of its own. `checked`: the latest checks of these
    /// settings passed the redirect URI and the client.
    #[must_use]
    pub fn never_back(provider: Provider, checked: bool) -> &'static [Cause] {
        match provider {
            Provider::Okta if checked => &[
                Cause::SignOnPolicy,
                Cause::AccountSuspended,
                Cause::ClientInactive,
                Cause::EmbeddedBrowser,
            ],
            Provider::Okta => &[
                Cause::RedirectUnregistered,
                Cause::ClientUnknown,
                Cause::ClientInactive,
                Cause::SignOnPolicy,
                Cause::AccountSuspended,
                Cause::EmbeddedBrowser,
            ],
            Provider::Google | Provider::Microsoft => &[
                Cause::RedirectUnregistered,
                Cause::ClientUnknown,
                Cause::NotAssigned,
                Cause::NoPolicy,
                Cause::EmbeddedBrowser,
            ],
        }
    }
}

pub(super) const NONE: Option<&str> = None;
pub(super) const DOMAIN: Option<&str> =
    Some("Account menu (top right) › the domain under your name");
pub(super) const DOMAINS: Option<&str> = Some("Customizations › Brands › your brand › Domains");
pub(super) const SERVERS: Option<&str> =
    Some("Security › API › Authorization Servers › your server › Settings");
pub(super) const POLICIES: Option<&str> =
    Some("Security › API › Authorization Servers › your server › Access Policies");
pub(super) const SCOPES: Option<&str> =
    Some("Security › API › Authorization Servers › your server › Scopes");
pub(super) const CLAIMS: Option<&str> =
    Some("Security › API › Authorization Servers › your server › Claims");
pub(super) const NETWORKS: Option<&str> = Some("Security › Networks");
pub(super) const SYSTEM_LOG: Option<&str> = Some("Reports › System Log");
pub(super) const RATE_LIMITS: Option<&str> = Some("Reports › Rate Limits");
pub(super) const STATUS: Option<&str> = Some("status.okta.com");
pub(super) const PERSON: Option<&str> = Some("Directory › People › the person");
pub(super) const APPS: Option<&str> = Some("Applications › Applications");
pub(super) const APP: Option<&str> =
    Some("Applications › Applications › your app › Active/Inactive beside its name");
pub(super) const CREATE_APP: Option<&str> =
    Some("Applications › Applications › Create App Integration › OIDC - OpenID Connect");
pub(super) const GENERAL: Option<&str> = Some("Applications › Applications › your app › General");
pub(super) const CREDENTIALS: Option<&str> =
    Some("Applications › Applications › your app › General › Client Credentials");
pub(super) const GRANTS: Option<&str> =
    Some("Applications › Applications › your app › General › General Settings › Grant type");
pub(super) const LOGIN: Option<&str> =
    Some("Applications › Applications › your app › General › General Settings › Login");
pub(super) const CONSENT: Option<&str> =
    Some("Applications › Applications › your app › General › User consent");
pub(super) const SIGN_ON: Option<&str> = Some("Applications › Applications › your app › Sign On");
pub(super) const ISSUER: Option<&str> =
    Some("Applications › Applications › your app › Sign On › OpenID Connect ID Token › Issuer");
pub(super) const ASSIGNMENTS: Option<&str> =
    Some("Applications › Applications › your app › Assignments");
