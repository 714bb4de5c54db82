//! Where the links of the door lead. Escaping keeps a value inside its attribute; this keeps an
//! address inside this site, or at https. It must know nothing of pages.

use api::paths;
use form_urlencoded::Serializer;
use locales::Language;

/// `path`, with the place to come back to after signing in.
pub(super) fn with_return_to(path: &str, return_to: Option<&str>) -> String {
    match return_to.filter(|it| is_local(it)) {
        Some(return_to) => {
            let query = Serializer::new(String::new())
                .append_pair("return_to", return_to)
                .finish();
            let join = if path.contains('?') { '&' } else { '?' };
            format!("{path}{join}{query}")
        }
        None => path.to_owned(),
    }
}

/// The page that is shown, in another language.
pub(super) fn in_language(here: &str, language: Language) -> String {
    let here = local(here);
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let mut pairs = Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "language" {
            pairs.append_pair(&name, &value);
        }
    }
    let query = pairs.append_pair("language", language.tag()).finish();
    format!("{path}?{query}")
}

/// A path of this site, or the sign-in page in place of anything else.
pub(super) fn local(path: &str) -> &str {
    if is_local(path) { path } else { paths::SIGN_IN }
}

/// An address elsewhere: only what a browser opens as a page. Plain http is for the practice
/// provider on this machine, which the configuration alone admits.
pub(super) fn elsewhere(address: &str) -> Option<&str> {
    let opens = address.starts_with("https://") || address.starts_with("http://");
    (opens && !address.chars().any(|c| c.is_control() || c == ' ')).then_some(address)
}

/// Browsers read `//` and `/\` as the start of another host, and drop tabs and line feeds.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_local() {
        for path in ["/", "/me", "/users?status=active#top"] {
            assert_eq!(local(path), path);
        }
        for path in [
            "",
            "me",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "javascript:alert(1)",
            "/\t/evil.test",
            "/a\n",
        ] {
            assert_eq!(local(path), paths::SIGN_IN, "{path:?}");
        }
    }

    #[test]
    fn elsewhere_is_a_page_and_nothing_that_runs() {
        assert!(elsewhere("https://company.okta.com/login/signout").is_some());
        for address in ["javascript:alert(1)", "data:text/html,x", "//evil.test", ""] {
            assert_eq!(elsewhere(address), None, "{address:?}");
        }
    }

    #[test]
    fn the_language_is_added_once_and_the_rest_stays() {
        assert_eq!(
            in_language(
                "/sign-in?language=en&return_to=%2Fusers%3Fa%3Db",
                Language::French
            ),
            "/sign-in?return_to=%2Fusers%3Fa%3Db&language=fr"
        );
        assert_eq!(in_language("/me", Language::English), "/me?language=en");
    }

    #[test]
    fn the_way_back_is_carried_only_when_it_is_ours() {
        assert_eq!(
            with_return_to("/sign-in", Some("/users?a=b&c")),
            "/sign-in?return_to=%2Fusers%3Fa%3Db%26c"
        );
        assert_eq!(with_return_to("/sign-in", Some("//evil.test")), "/sign-in");
        assert_eq!(with_return_to("/sign-in", None), "/sign-in");
    }
}
