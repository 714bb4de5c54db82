//! What browsers see: the frame of every page, and the pages of the sign-in itself. Plain HTML; style and script are files.

#![expect(
    clippy::format_collect,
    reason = "pages are small, and a row a line is easier to read than a fold"
)]

pub(crate) mod form;

use std::fmt::Write as _;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::org::app::Provider;
use crate::org::habits::ErrorPages;
use crate::org::person::Person;

/// Without form-action: the sign-in form's answer is a redirect to the app, and browsers hold that against form-action too.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Text for an element or a quoted attribute.
pub(crate) fn esc(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A page that stands alone in the middle of the window.
fn alone(status: StatusCode, title: &str, brand: &str, content: &str) -> Response {
    let (title, brand) = (esc(title), esc(brand));
    document(
        status,
        &title,
        &format!(
            "<header><p class=\"practice\">{brand} · for practice, not the real one</p></header><main class=\"alone\"><div class=\"card\">{content}</div></main>"
        ),
        "",
    )
}

/// The frame of every page. `title` is HTML already.
pub(crate) fn document(status: StatusCode, title: &str, body: &str, end: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<link rel=\"icon\" href=\"/practice/assets/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/practice/assets/practice.css\">\n</head>\n<body>{body}{end}</body>\n</html>\n"
    );
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, html).into_response()
}

fn brand(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "Practice Okta",
        Provider::Google => "Practice Google",
        Provider::Microsoft => "Practice Microsoft",
    }
}

/// What the sign-in page shows.
pub(crate) struct SignIn<'a> {
    pub(crate) organization: &'a str,
    pub(crate) provider: Provider,
    /// The app's name.
    pub(crate) app: &'a str,
    pub(crate) ticket: &'a str,
    /// A login: that person is listed first, and stands in the field.
    pub(crate) hint: &'a str,
    pub(crate) people: &'a [Person],
    pub(crate) problem: Option<&'a str>,
}

pub(crate) fn sign_in(page: &SignIn<'_>) -> Response {
    let brand = brand(page.provider);
    let (organization, app, ticket, hint) = (
        esc(page.organization),
        esc(page.app),
        esc(page.ticket),
        esc(page.hint),
    );
    let problem = page
        .problem
        .map(|text| format!("<p class=\"problem\" role=\"alert\">{}</p>", esc(text)))
        .unwrap_or_default();
    let (first, others): (Vec<&Person>, Vec<&Person>) = page
        .people
        .iter()
        .partition(|person| person.login.eq_ignore_ascii_case(page.hint));
    let mut list = String::new();
    for person in first.into_iter().chain(others) {
        let initials: String = [&person.first_name, &person.last_name]
            .iter()
            .filter_map(|name| name.chars().next())
            .collect();
        write!(
            list,
            "<li><button name=\"login\" value=\"{login}\"><span class=\"initials\" aria-hidden=\"true\">{initials}</span> \
             <span class=\"who\">{name}</span> <span class=\"login\">{login}</span></button></li>",
            login = esc(&person.login),
            initials = esc(&initials),
            name = esc(&person.name()),
        )
        .expect("a String takes every write");
    }
    let content = format!(
        "<p class=\"brand\"><span aria-hidden=\"true\"></span>{organization}</p><h1>Sign in</h1>\
         <p class=\"muted\">to continue to {app}</p>{problem}\
         <form method=\"post\" action=\"/signin\" class=\"stack\"><input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">\
         <p class=\"field\"><label for=\"login\">Username</label>\
         <input id=\"login\" name=\"login\" value=\"{hint}\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" required></p>\
         <button class=\"button\" data-tone=\"primary\">Sign in</button></form>\
         <form method=\"post\" action=\"/signin\"><input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">\
         <h2 id=\"people\">Or choose a person</h2><ul class=\"people\" aria-labelledby=\"people\">{list}</ul></form>"
    );
    let status = if page.problem.is_some() {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    alone(
        status,
        &format!("{} - Sign in", page.organization),
        brand,
        &content,
    )
}

/// Okta's own refusal: the app never hears of it.
pub(crate) fn refusal(title: &str, code: &str, description: &str) -> Response {
    let (code, description) = (esc(code), esc(description));
    let content = format!(
        "<h1>400</h1><p>Your request resulted in an error. {description}</p>\
         <dl class=\"facts\"><dt>Identity Provider</dt><dd>Unknown</dd><dt>Error Code</dt><dd>{code}</dd><dt>Description</dt><dd>{description}</dd></dl>"
    );
    alone(StatusCode::BAD_REQUEST, title, "Practice Okta", &content)
}

/// A description as it stood on an older page, or on a translated one.
pub(crate) fn words(pages: ErrorPages, description: &str) -> String {
    let redirect = description.contains("'redirect_uri'");
    match pages {
        ErrorPages::Older if redirect => "The 'redirect_uri' parameter must be an absolute URI that is whitelisted in the client app settings.".to_owned(),
        ErrorPages::Usual | ErrorPages::Replaced | ErrorPages::Older => description.to_owned(),
        ErrorPages::Spanish if redirect => "El parámetro debe ser una URI de redireccionamiento de inicio de sesión de la configuración de la aplicación cliente.".to_owned(),
        ErrorPages::Spanish => "La solicitud no es válida para la aplicación cliente.".to_owned(),
    }
}

/// What a customer put in the place of Okta's error page.
pub(crate) fn replaced() -> Response {
    let content = "<h1>Something went wrong</h1><p>Please call the help desk of Northwind.</p>";
    alone(
        StatusCode::BAD_REQUEST,
        "Northwind help",
        "Northwind",
        content,
    )
}

pub(crate) fn not_found() -> Response {
    alone(
        StatusCode::NOT_FOUND,
        "Page not found",
        "Practice Okta",
        "<h1>404</h1><p>There is no such page here.</p><p><a href=\"/practice\">Practice Okta</a></p>",
    )
}

pub(crate) fn signed_out(organization: &str) -> Response {
    let content = format!(
        "<p class=\"brand\"><span aria-hidden=\"true\"></span>{}</p><h1>Signed out</h1>\
         <p>No one is signed in at Okta in this browser. The next sign-in asks who it is.</p><p><a href=\"/practice\">Practice Okta</a></p>",
        esc(organization)
    );
    alone(
        StatusCode::OK,
        &format!("{organization} - Signed out"),
        "Practice Okta",
        &content,
    )
}

/// `response_mode=form_post`: the answer travels in a form that sends itself.
pub(crate) fn form_post(to: &str, pairs: &[(&'static str, String)]) -> Response {
    let fields: String = pairs
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                esc(value)
            )
        })
        .collect();
    let content = format!(
        "<h1>Back to the app</h1><form method=\"post\" action=\"{}\">{fields}<button class=\"button\">Continue</button></form>",
        esc(to)
    );
    document(
        StatusCode::OK,
        "Back to the app",
        &format!("<main class=\"alone\"><div class=\"card\">{content}</div></main>"),
        "<script src=\"/practice/assets/submit.js\"></script>",
    )
}
