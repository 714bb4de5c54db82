//! Redirect URIs that are nearly ours: what people register instead.

use api::Cause;
use url::Url;

/// The likeliest first; the cause is what each differs in.
pub(super) fn of(redirect_uri: &str) -> Vec<(Cause, String)> {
    let Ok(ours) = Url::parse(redirect_uri) else {
        return Vec::new();
    };
    let other_scheme = if ours.scheme() == "https" {
        "http"
    } else {
        "https"
    };
    let slashed = match redirect_uri.strip_suffix('/') {
        Some(without) => without.to_owned(),
        None => format!("{redirect_uri}/"),
    };
    let scheme = redirect_uri.replacen(ours.scheme(), other_scheme, 1);
    let mut all = vec![
        (Cause::RedirectSlash, slashed.clone()),
        (Cause::RedirectScheme, scheme.clone()),
    ];
    all.extend(hosts(&ours).map(|uri| (Cause::RedirectHost, uri)));
    all.extend(ports(&ours, redirect_uri).map(|uri| (Cause::RedirectPort, uri)));
    all.extend(cases(&ours).map(|uri| (Cause::RedirectCase, uri)));
    all.push((
        Cause::RedirectScheme,
        slashed.replacen(ours.scheme(), other_scheme, 1),
    ));
    let known = all.clone();
    let mut seen = Vec::new();
    for (cause, uri) in known {
        if uri != redirect_uri && !seen.iter().any(|(_, other)| *other == uri) {
            seen.push((cause, uri));
        }
    }
    seen
}

/// With or without `www.`.
fn hosts(ours: &Url) -> impl Iterator<Item = String> {
    let host = ours.host_str().unwrap_or_default();
    let other = match host.strip_prefix("www.") {
        Some(without) => without.to_owned(),
        None => format!("www.{host}"),
    };
    let local = match host {
        "localhost" => Some("127.0.0.1"),
        "127.0.0.1" => Some("localhost"),
        _ => None,
    };
    let text = ours.to_string();
    let host = format!("://{host}");
    [Some(other), local.map(str::to_owned)]
        .into_iter()
        .flatten()
        .map(move |other| text.replacen(&host, &format!("://{other}"), 1))
}

/// Without the port that is there; with the usual one, and the usual one of servers behind a
/// proxy, where none is.
fn ports(ours: &Url, redirect_uri: &str) -> impl Iterator<Item = String> {
    let host = ours.host_str().unwrap_or_default();
    let with =
        |port: u16| redirect_uri.replacen(&format!("://{host}"), &format!("://{host}:{port}"), 1);
    match ours.port() {
        Some(port) => vec![redirect_uri.replacen(&format!(":{port}"), "", 1)],
        None if ours.scheme() == "https" => vec![with(443), with(8443)],
        None => vec![with(80), with(8080)],
    }
    .into_iter()
}

/// The path in other letters.
fn cases(ours: &Url) -> impl Iterator<Item = String> {
    let base = ours.origin().ascii_serialization();
    let path = ours.path();
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| {
            first.to_uppercase().chain(letters).collect()
        })
    };
    let each: Vec<String> = path.split('/').map(capital).collect();
    let last = path
        .rsplit_once('/')
        .map(|(before, last)| format!("{before}/{}", capital(last)));
    let first = path
        .strip_prefix('/')
        .map(|rest| format!("/{}", capital(rest)));
    [
        Some(each.join("/")),
        first,
        last,
        Some(path.to_uppercase()),
        Some(path.to_lowercase()),
    ]
    .into_iter()
    .flatten()
    .map(move |path| format!("{base}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_differs_and_says_in_what() {
        let all = of("https://sso.example/auth/okta/callback");
        for (cause, uri) in [
            (
                Cause::RedirectSlash,
                "https://sso.example/auth/okta/callback/",
            ),
            (
                Cause::RedirectScheme,
                "http://sso.example/auth/okta/callback",
            ),
            (
                Cause::RedirectHost,
                "https://www.sso.example/auth/okta/callback",
            ),
            (
                Cause::RedirectPort,
                "https://sso.example:443/auth/okta/callback",
            ),
            (
                Cause::RedirectCase,
                "https://sso.example/Auth/Okta/Callback",
            ),
            (
                Cause::RedirectCase,
                "https://sso.example/auth/okta/Callback",
            ),
            (
                Cause::RedirectScheme,
                "http://sso.example/auth/okta/callback/",
            ),
        ] {
            assert!(all.contains(&(cause, uri.to_owned())), "{uri}");
        }
        assert!(all.len() <= 12, "{} requests", all.len());
        let port = of("http://localhost:8080/auth/okta/callback");
        assert!(port.contains(&(
            Cause::RedirectPort,
            "http://localhost/auth/okta/callback".into()
        )));
        assert!(port.contains(&(
            Cause::RedirectHost,
            "http://127.0.0.1:8080/auth/okta/callback".into()
        )));
    }
}
