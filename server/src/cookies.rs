//! Cookies: `__Host-` names, byte for byte; one that comes twice counts as none.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's token.
pub(crate) const SESSION: &str = "__Host-sso_session";
/// Binds sign-in attempts to the browser that started them.
pub(crate) const BROWSER: &str = "__Host-sso_browser";
/// The language and the theme that a person chose; no secret, set by the console too.
pub(crate) const LANGUAGE: &str = "language";
pub(crate) const THEME: &str = "theme";

/// The longest value that is looked at.
const MAX: usize = 512;

/// The value of a cookie, if it came exactly once.
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = None;
    let pairs = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    for pair in pairs {
        if let Some((key, value)) = pair.trim_matches(' ').split_once('=')
            && key == name
        {
            // Two of one name: one may have been planted from a sibling domain.
            if found.is_some() || value.len() > MAX {
                return None;
            }
            found = Some(value);
        }
    }
    found
}

/// A `Set-Cookie` that lasts until the browser closes.
pub(crate) fn set(name: &str, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

/// A `Set-Cookie` of a choice that the console reads too, for a year.
pub(crate) fn keep(name: &str, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Secure; SameSite=Lax; Max-Age=31536000"
    ))
    .ok()
}

/// A `Set-Cookie` that removes it.
pub(crate) fn clear(name: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_by_its_exact_name_and_only_once() {
        assert_eq!(
            get(&headers(&["a=1; __Host-sso_session=x"]), SESSION),
            Some("x")
        );
        for planted in [
            &["__Host-sso_session=x; __Host-sso_session=y"][..],
            &["__Host-sso_session=x", "__Host-sso_session=x"],
            &["\u{2000}__Host-sso_session=x"],
            &["__host-sso_session=x"],
            &["$Version=1; $__Host-sso_session=x"],
        ] {
            let headers = planted.iter().fold(HeaderMap::new(), |mut headers, value| {
                if let Ok(value) = HeaderValue::from_str(value) {
                    headers.append(header::COOKIE, value);
                }
                headers
            });
            assert_eq!(get(&headers, SESSION), None, "{planted:?}");
        }
    }
}
