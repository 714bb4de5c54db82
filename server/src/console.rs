//! The console's files, as they were built into the binary, and who gets them.
//!
//! Its shell goes to administrators, and to whoever sets the deployment up; a member never loads
//! it. The files beside it are no secret.

use api::{ProblemCode, Role, paths};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use locales::Language;

use crate::{
    App, access,
    door::{self, Theme},
    envelope::csp,
    error::Error,
    pages, set_up,
    sign_ins::ReturnPath,
};

/// The root element as `index.html` has it.
const BARE_ROOT: &str = "<html lang=\"en\">";

struct File {
    name: &'static str,
    tag: &'static str,
    raw: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

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
        return Ok(send(file, &parts.headers));
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
            shell(&app, &parts).await
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
            Role::Admin => shell(&app, &parts).await,
            Role::Member => Ok(Redirect::to(paths::ME).into_response()),
        },
    }
}

async fn shell(app: &App, parts: &axum::http::request::Parts) -> Result<Response, Error> {
    let Some(index) = find("index.html") else {
        return pages::console_missing(app, parts, door::WithoutConsole::NotBuilt).await;
    };
    let look = pages::Look::of(&parts.headers, &parts.uri);
    let mut response = Html(dressed(index.raw, look.language, look.theme)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&csp::console(built::SCRIPT_HASHES)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// The shell in the language and theme that were chosen, from its first byte on: the script that
/// would put them on comes later, and a dark screen would flash white.
fn dressed(index: &[u8], language: Language, theme: Option<Theme>) -> String {
    let theme = theme.map_or_else(String::new, |it| format!(" data-theme=\"{}\"", it.code()));
    let root = format!("<html lang=\"{}\"{theme}>", language.tag());
    String::from_utf8_lossy(index).replacen(BARE_ROOT, &root, 1)
}

fn find(name: &str) -> Option<&'static File> {
    built::FILES.iter().find(|file| file.name == name)
}

fn send(file: &'static File, headers: &HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |coding: &str| accepted.split(',').any(|it| it.trim() == coding);
    let (bytes, coding) = match (file.brotli, file.gzip) {
        (Some(brotli), _) if takes("br") => (brotli, Some("br")),
        (_, Some(gzip)) if takes("gzip") => (gzip, Some("gzip")),
        _ => (file.raw, None),
    };
    let mut response = Response::new(Body::from(bytes));
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(kind(file.name)),
    );
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    // Trunk puts a hash into the name of what may change; what has none is asked for again.
    let hashed = file
        .name
        .split(['-', '.', '_'])
        .any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let policy = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    out.insert(header::ETAG, HeaderValue::from_static(file.tag));
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_wears_what_was_chosen() {
        let index = include_bytes!("../../index.html");
        let dark = dressed(index, Language::French, Some(Theme::Dark));
        assert!(dark.contains("<html lang=\"fr\" data-theme=\"dark\">"));
        assert_eq!(dark.matches("<html").count(), 1);
        let plain = dressed(index, Language::English, None);
        assert_eq!(plain.as_bytes(), index);
    }
}
