//! Where a person goes after signing in: a path of this origin, whatever was asked for.

use api::paths;

/// The longest path that is kept, in bytes.
const MAX: usize = 2048;

/// A path that starts with one slash and stays on this origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnPath(String);

impl ReturnPath {
    /// The path, or home for whatever could lead elsewhere or in a circle.
    #[must_use]
    pub(crate) fn parse(text: Option<&str>) -> Self {
        match text {
            Some(text) if !stays(text) => Self("/".to_owned()),
            // Neither the row of an attempt nor a header has room for it: a page says so.
            Some(text) if text.len() > MAX => Self(paths::LINK_TOO_LONG.to_owned()),
            Some(text) => Self(text.to_owned()),
            None => Self("/".to_owned()),
        }
    }

    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of a query parameter.
    #[must_use]
    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::byte_serialize(self.0.as_bytes()).collect()
    }
}

fn stays(text: &str) -> bool {
    // Printable ASCII only: browsers drop tabs and line ends before they read an address, and
    // read a backslash as a slash.
    let plain = text
        .bytes()
        .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    if !plain || !text.starts_with('/') {
        return false;
    }
    let path = text.split(['?', '#']).next().unwrap_or("");
    let lower = path.to_ascii_lowercase();
    let circles = ["/auth/", "/sign-in", "/signed-out", "/api/"]
        .iter()
        .any(|start| lower.starts_with(start));
    // An encoded slash or dot could become one behind a proxy that decodes.
    !circles
        && !path.contains("//")
        && !lower.contains("%2f")
        && !lower.contains("%5c")
        && !lower.contains("%2e")
        && !path.split('/').any(|part| part == ".." || part == ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_origin_is_kept() {
        for path in [
            "/",
            "/users",
            "/users?search=a%2Fb#x",
            "/settings/organization",
        ] {
            assert_eq!(ReturnPath::parse(Some(path)).as_str(), path);
        }
    }

    #[test]
    fn whatever_could_leave_the_origin_leads_home() {
        for evil in [
            "",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\/evil.test",
            "https://evil.test",
            "https:evil.test",
            "http:/evil.test",
            "javascript:alert(1)",
            "evil.test",
            "/\t/evil.test",
            "/%09/evil.test",
            "//evil%2f..",
            "/%2f/evil.test",
            "/%5cevil.test",
            "/x//evil.test",
            "/.//evil.test",
            "/../evil.test",
            "/%2e%2e/evil",
            " /users",
            "/us ers",
            "/\u{2028}x",
            "/auth/okta/start",
            "/sign-in?return_to=/",
            "/api/session",
            "/\r\nSet-Cookie:x",
        ] {
            let kept = ReturnPath::parse(Some(evil));
            let fine = kept.as_str() == "/" || evil == "/%09/evil.test";
            assert!(fine, "{evil:?} was kept");
        }
        let long = format!("/{}", "a".repeat(2100));
        assert_eq!(
            ReturnPath::parse(Some(&long)).as_str(),
            paths::LINK_TOO_LONG
        );
        let evil = format!("/{long}");
        assert_eq!(ReturnPath::parse(Some(&evil)).as_str(), "/");
        let fits = &long[..MAX];
        assert_eq!(ReturnPath::parse(Some(fits)).as_str(), fits);
    }

    proptest::proptest! {
        #[test]
        fn no_text_leaves_the_origin(text in "[/\\\\a-z.:%@?#0-9\\t ]{0,24}") {
            let kept = ReturnPath::parse(Some(&text));
            let base = url::Url::parse("https://console.test").expect("a URL");
            let target = base.join(kept.as_str()).expect("a path joins");
            proptest::prop_assert_eq!(target.origin(), base.origin());
        }
    }
}
