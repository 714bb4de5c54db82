//! What page Okta showed in place of the way back.

use crate::oidc::Reply;

/// What kind of page was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::checks) enum Page {
    /// None: the way led back to us.
    None,
    /// The redirect URI is not registered.
    RedirectUri,
    UnknownClient,
    /// The app is for services.
    Service,
    /// The authorization server is none.
    Server,
    /// Nobody is signed in there: everything else was in order.
    Login,
    /// Fewer requests, please, or none at all at the moment.
    Busy,
    Other,
}

/// Okta's own names for its errors first, then its English words: a page can be translated.
pub(super) fn read(reply: &Reply) -> (Page, String) {
    let text = String::from_utf8_lossy(&reply.body);
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let kind = if reply.status == 429 || reply.status >= 500 {
        Page::Busy
    } else if has(&[
        "illegal_redirect_uri",
        "'redirect_uri'",
        "&#39;redirect_uri&#39;",
        "&#x27;redirect_uri&#x27;",
    ]) {
        Page::RedirectUri
    } else if has(&[
        "invalid_client_id",
        "'client_id'",
        "&#39;client_id&#39;",
        "&#x27;client_id&#x27;",
    ]) {
        Page::UnknownClient
    } else if has(&["invalid_client_application_type", "application_type"]) {
        Page::Service
    } else if has(&[
        "invalid_authorization_server",
        "authorization server id is invalid",
    ]) {
        Page::Server
    } else if has(&[
        "login_required",
        "no_existing_session",
        "interaction_required",
        "consent_required",
    ]) {
        Page::Login
    } else {
        Page::Other
    };
    (kind, format!("{} {}", reply.status, title(&text)))
}

/// The title of a page, which is where Okta sums its errors up.
fn title(text: &str) -> &str {
    let start = text.find("<title>").map(|at| at + "<title>".len());
    let rest = start.and_then(|at| text.get(at..)).unwrap_or_default();
    rest.split('<').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> Page {
        let reply = Reply {
            status,
            content_type: None,
            date: None,
            max_age: None,
            body: body.to_owned().into(),
        };
        read(&reply).0
    }

    #[test]
    fn pages_are_told_apart_by_name_before_words() {
        for (status, body, page) in [
            (
                400,
                "The 'redirect_uri' parameter must be a Login redirect URI",
                Page::RedirectUri,
            ),
            (
                400,
                "The &#39;redirect_uri&#39; parameter",
                Page::RedirectUri,
            ),
            (
                400,
                "error.errorCode: illegal_redirect_uri_enhanced",
                Page::RedirectUri,
            ),
            (
                400,
                "Invalid value for 'client_id' parameter.",
                Page::UnknownClient,
            ),
            (400, "Error Code: login_required", Page::Login),
            (400, "<title>Acme - Prohibido</title>", Page::Other),
            (200, "", Page::Other),
            (429, "'redirect_uri'", Page::Busy),
            (503, "", Page::Busy),
        ] {
            assert_eq!(kind(status, body), page, "{body}");
        }
    }
}
