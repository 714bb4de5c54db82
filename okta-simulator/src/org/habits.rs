//! How the organization as a whole answers: what it bought, its custom domain, and which of Okta's ways it has.

/// Which 400 page stands in Okta's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorPages {
    /// Okta's own, in this year's words.
    Usual,
    /// Okta's own, in the words of some years ago.
    Older,
    Spanish,
    /// The customer's: with a custom domain it can be replaced altogether.
    Replaced,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and any of them go together"
)]
pub(crate) struct Habits {
    /// False: every custom authorization server answers 401 `E0000015`.
    pub(crate) api_access_management: bool,
    pub(crate) error_pages: ErrorPages,
    /// `prompt=none` without a session ends on Okta's page, and not at the app.
    pub(crate) silence_ends_on_page: bool,
    /// Discovery with `client_id` describes that client; otherwise its lists are everybody's.
    pub(crate) per_client_lists: bool,
    /// "Customizations > Brands > Domains".
    pub(crate) custom_domain: Option<String>,
    /// Nobody renewed the certificate of the custom domain.
    pub(crate) certificate_expired: bool,
    /// Everybody comes in a browser inside another app, which the sign-in policy turns away.
    pub(crate) embedded_browsers: bool,
}

impl Habits {
    pub(crate) fn new(api_access_management: bool) -> Self {
        Self {
            api_access_management,
            error_pages: ErrorPages::Usual,
            silence_ends_on_page: false,
            per_client_lists: true,
            custom_domain: None,
            certificate_expired: false,
            embedded_browsers: false,
        }
    }
}
