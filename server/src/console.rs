//! The console's files, as they were built into the binary, and who gets them.
//!
//! Its shell goes to administrators, and to whoever sets the deployment up; a member never loads
//! it. The files beside it are no secret.

use api::{ProblemCode, Role, paths};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use locales::Language;

use files::File;
pub(crate) use files::{Keep, words};

use crate::{
    App, access,
    door::{self, Theme},
    envelope::csp,
    error::Error,
    pages, set_up,
    sign_ins::ReturnPath,
};

mod files;

/// The root element as `index.html` has it.
const BARE_ROOT: &str = "<html lang=\"en\">";

mod built {
    use super::File;
    include!(concat!(env!("OUT_DIR"), "/console.rs"));
}

/// Whether the console was built into this binary.
#[must_use]
pub fn is_built() -> bool {
    find("index.html").is_some()
}

/// The bytes of every file as a browser gets them with brotli, by name.
pub fn sizes() -> impl Iterator<Item = (&'static str, usize)> {
    built::FILES
        .iter()
        .map(|file| (file.name, file.brotli.unwrap_or(file.raw).len()))
}

/// Every path that is no other route's: a file of the console, or one of its pages.
pub(crate) async fn serve(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    if path.starts_with("/api/") || path.starts_with("/auth/") {
        return Err(ProblemCode::NotFound.into());
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Err(ProblemCode::MethodNotAllowed.into());
    }
    let name = path.trim_start_matches('/');
    if name != "index.html"
        && let Some(file) = find(name)
    {
        return Ok(file.send(Keep::of(name), &parts.headers));
    }
    // A path with a dot was meant for a file: no page of the console has one.
    if path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'))
    {
        return Err(ProblemCode::NotFound.into());
    }
    if app.db.peek(set_up::needed).await? {
        return if path == "/set-up" {
            shell(&app, &parts, &[]).await
        } else {
            Ok(pages::set_up_needed(&parts))
        };
    }
    match access::actor(&app, &parts).await? {
        None => {
            let here = parts
                .uri
                .path_and_query()
                .map(axum::http::uri::PathAndQuery::as_str);
            let wanted = ReturnPath::parse(here);
            let to = match wanted.as_str() {
                "/" => paths::SIGN_IN.to_owned(),
                _ => format!("{}?return_to={}", paths::SIGN_IN, wanted.encoded()),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Some(actor) => match actor.role {
            Role::Admin => shell(&app, &parts, &[paths::SESSION]).await,
            Role::Member => Ok(Redirect::to(paths::ME).into_response()),
        },
    }
}

/// `ahead`: what its script will ask for, beside the words.
async fn shell(
    app: &App,
    parts: &axum::http::request::Parts,
    ahead: &[&str],
) -> Result<Response, Error> {
    let Some(index) = find("index.html") else {
        return pages::console_missing(app, parts, door::WithoutConsole::NotBuilt).await;
    };
    let look = pages::Look::of(&parts.headers, &parts.uri);
    let mut response = Html(dressed(index.raw, look.language, look.theme, ahead)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&csp::console(built::SCRIPT_HASHES)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// The shell in the language and theme that were chosen, from its first byte on: the script that
/// would put them on comes later, and a dark screen would flash white. What that script asks for
/// first is fetched beside it, and not after.
fn dressed(index: &[u8], language: Language, theme: Option<Theme>, ahead: &[&str]) -> String {
    let theme = theme.map_or_else(String::new, |it| format!(" data-theme=\"{}\"", it.code()));
    let root = format!("<html lang=\"{}\"{theme}>", language.tag());
    let words = format!("{}?v={}", paths::locale(language.tag()), locales::HASH);
    let link = |path: &&str| {
        format!("<link rel=\"preload\" href=\"{path}\" as=\"fetch\" crossorigin=\"anonymous\">")
    };
    let ahead: String = [words.as_str()].iter().chain(ahead).map(link).collect();
    String::from_utf8_lossy(index)
        .replacen(BARE_ROOT, &root, 1)
        .replacen("</head>", &format!("{ahead}</head>"), 1)
}

fn find(name: &str) -> Option<&'static File> {
    built::FILES.iter().find(|file| file.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_wears_what_was_chosen() {
        let index = include_bytes!("../../index.html");
        let dark = dressed(index, Language::French, Some(Theme::Dark), &[]);
        assert!(dark.contains("<html lang=\"fr\" data-theme=\"dark\">"));
        assert_eq!(dark.matches("<html").count(), 1);
        let plain = dressed(index, Language::English, None, &[paths::SESSION]);
        let (before, after) = plain.split_once("<link rel=\"preload\"").expect("preloads");
        assert!(index.starts_with(before.as_bytes()));
        assert!(index.ends_with(after.split_once("</head>").expect("an end").1.as_bytes()));
        assert!(plain.contains("href=\"/api/session\""));
    }
}
