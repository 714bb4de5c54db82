//! Signing out at the provider (OpenID Connect RP-Initiated Logout 1.0 §2). The session here is
//! gone before anybody is sent there.

use url::Url;

use super::discovery::Metadata;
use crate::secret::Secret;

/// The URL that ends the session at the provider, or none where there is no such endpoint
/// (Google). It carries the ID token: it goes to the browser and never into a log.
///
/// `back` must be registered at the provider; without it the person stays on the provider's page.
pub(crate) fn url(metadata: &Metadata, id_token: &Secret, back: Option<&str>) -> Option<Url> {
    const OURS: [&str; 4] = [
        "id_token_hint",
        "post_logout_redirect_uri",
        "state",
        "client_id",
    ];
    let mut url = metadata.end_session.clone()?;
    let foreign: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !OURS.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    {
        let mut query = url.query_pairs_mut();
        query
            .extend_pairs(foreign)
            .append_pair("id_token_hint", id_token.expose());
        if let Some(back) = back {
            query.append_pair("post_logout_redirect_uri", back);
        }
    }
    Some(url)
}

#[cfg(test)]
mod tests;
