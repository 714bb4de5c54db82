//! The door's pages as answers: reads what a page is told, and hands it to `door`.

use api::{Provider, Role, paths};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use locales::Language;

use crate::{
    App, access,
    body::Segment,
    connections, console, cookies,
    door::{self, Frame, NoteKind, Notification, Theme},
    envelope::csp,
    error::Error,
    organization,
    request_id::RequestId,
    sessions,
    sign_ins::{self, ReturnPath},
};

/// In which language and theme a person sees a page, and where that page is.
pub(crate) struct Look {
    pub(crate) language: Language,
    /// Whether the language was chosen with this request: then it is kept.
    chosen: bool,
    pub(crate) theme: Option<Theme>,
    here: String,
}

impl Look {
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let chosen = query(uri, "language").and_then(|tag| Language::from_tag(&tag));
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        let language = chosen
            .or_else(|| cookies::get(headers, cookies::LANGUAGE).and_then(Language::from_tag))
            .or_else(|| accepted.and_then(Language::from_header))
            .unwrap_or_default();
        Self {
            language,
            chosen: chosen.is_some(),
            theme: cookies::get(headers, cookies::THEME).and_then(Theme::from_code),
            here: here(uri),
        }
    }

    fn frame<'a>(&'a self, organization: &'a str) -> Frame<'a> {
        Frame {
            language: self.language,
            theme: self.theme,
            organization: Some(organization).filter(|name| !name.is_empty()),
            here: &self.here,
        }
    }

    fn answer(&self, status: StatusCode, html: String, beyond: Option<&str>) -> Response {
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::from_str(&csp::door(beyond)) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.language.tag()),
        );
        if self.chosen {
            let cookie = cookies::keep(cookies::LANGUAGE, self.language.tag());
            if let Some(cookie) = cookie {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        response
    }
}

/// Path and query without the language: the link to the other one adds it again.
fn here(uri: &Uri) -> String {
    if uri.path().starts_with("/auth/") {
        // No page is there, and a callback's code and state belong into none.
        return paths::SIGN_IN.to_owned();
    }
    let mut kept = form_urlencoded::Serializer::new(String::new());
    let mut any = false;
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if name != "language" {
            kept.append_pair(&name, &value);
            any = true;
        }
    }
    if any {
        format!("{}?{}", uri.path(), kept.finish())
    } else {
        uri.path().to_owned()
    }
}

fn query(uri: &Uri, name: &str) -> Option<String> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Where to go afterwards, if it is anywhere but home.
fn return_to(uri: &Uri) -> Option<String> {
    let path = ReturnPath::parse(query(uri, "return_to").as_deref());
    Some(path.as_str().to_owned()).filter(|path| path != "/")
}

fn notice(uri: &Uri) -> Option<Notification> {
    match query(uri, "notice").as_deref() {
        Some("ended") => Some(Notification::SessionEnded),
        Some("too_many") => Some(Notification::TooMany),
        Some("refused") => Some(Notification::PasswordRefused),
        _ => None,
    }
}

/// `GET /sign-in`.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let return_to = return_to(&parts.uri);
    if access::actor(&app, &parts).await?.is_some() {
        let to = return_to.as_deref().unwrap_or("/");
        return Ok(Redirect::to(to).into_response());
    }
    let (organization, ways) = app
        .db
        .peek(|tx| Ok((organization::name(tx)?, connections::active(tx)?)))
        .await?;
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::sign_in(&door::SignIn {
        frame: look.frame(&organization),
        ways: &ways,
        return_to: return_to.as_deref(),
        notice: notice(&parts.uri),
    });
    Ok(look.answer(StatusCode::OK, html, None))
}

/// `GET /sign-in/administrator`: advice for members, and the administrators' form.
pub(crate) async fn administrator(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let (organization, okta_is_on) = app
        .db
        .peek(|tx| {
            Ok((
                organization::name(tx)?,
                connections::okta(tx)?.now.is_some(),
            ))
        })
        .await?;
    let look = Look::of(&parts.headers, &parts.uri);
    let return_to = return_to(&parts.uri);
    // While Okta is on, passwords are off; a code works at any time.
    let code = okta_is_on || query(&parts.uri, "with").as_deref() == Some("code");
    let notice = notice(&parts.uri).map(|notice| match notice {
        Notification::PasswordRefused if code => Notification::CodeRefused,
        other => other,
    });
    let html = door::administrator(&door::Administrator {
        frame: look.frame(&organization),
        return_to: return_to.as_deref(),
        code,
        email: None,
        notice,
    });
    Ok(look.answer(StatusCode::OK, html, None))
}

/// `GET /sign-in/refused?reference=`: why in one sentence, what to do, and the number.
pub(crate) async fn refused(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let reference = query(&parts.uri, "reference").unwrap_or_default();
    let now = app.clock.now();
    let (organization, found) = app
        .db
        .peek(move |tx| {
            let found = sign_ins::by_reference(tx, &reference, now)?;
            Ok((organization::name(tx)?, found))
        })
        .await?;
    let Some((attempt, return_to)) = found else {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    };
    let Some(cause) = attempt.cause else {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    };
    let look = Look::of(&parts.headers, &parts.uri);
    let another = Some(attempt.provider).filter(|it| *it == Provider::Okta);
    let html = door::refused(&door::Refused {
        frame: look.frame(&organization),
        cause,
        reference: &attempt.reference,
        return_to: return_to.as_deref(),
        another_account: another,
    });
    Ok(look.answer(StatusCode::FORBIDDEN, html, None))
}

/// `GET /sign-in/confirmed`: the end of a confirmation of identity through Okta.
pub(crate) async fn reauthenticated(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let organization = app.db.peek(organization::name).await?;
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::reauthenticated(&look.frame(&organization));
    Ok(look.answer(StatusCode::OK, html, None))
}

/// `GET /signed-out`.
pub(crate) async fn signed_out(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let organization = app.db.peek(organization::name).await?;
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::signed_out(&door::SignedOut {
        frame: look.frame(&organization),
        at_provider: door::AtProvider::Nothing,
    });
    Ok(look.answer(StatusCode::OK, html, None))
}

/// `GET /me`: what a member sees who came from no application.
pub(crate) async fn me(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let Some(actor) = access::actor(&app, &parts).await? else {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    };
    let id = actor.session_id.clone();
    let (organization, issuer) = app
        .db
        .peek(move |tx| Ok((organization::name(tx)?, sessions::issuer(tx, &id)?)))
        .await?;
    let beyond = issuer
        .and_then(|issuer| url::Url::parse(&issuer).ok())
        .map(|url| url.origin().ascii_serialization());
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::me(&door::Me {
        frame: look.frame(&organization),
        name: &actor.name,
        signed_in_by: actor.signed_in_by,
        signed_in_at: actor.signed_in_at,
        now: app.clock.now(),
        console: (actor.role == Role::Admin).then_some("/"),
    });
    Ok(look.answer(StatusCode::OK, html, beyond.as_deref()))
}

/// `GET /link-too-long`: where a person lands whose link was too long to be kept while they signed in.
pub(crate) async fn link_too_long(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    note(&app, &parts, NoteKind::LinkTooLong, "/", StatusCode::OK).await
}

/// In place of a sign-in that was finished before, opened again by *Back*.
pub(crate) async fn already_signed_in(
    app: &App,
    parts: &Parts,
    on: &str,
) -> Result<Response, Error> {
    let kind = NoteKind::AlreadySignedIn;
    note(app, parts, kind, on, StatusCode::OK).await
}

/// In place of a sign-in whose browser keeps no cookies.
pub(crate) async fn cookies_needed(app: &App, parts: &Parts) -> Result<Response, Error> {
    let on = match return_to(&parts.uri) {
        Some(path) => {
            let path = ReturnPath::parse(Some(&path));
            format!("{}?return_to={}", paths::SIGN_IN, path.encoded())
        }
        None => paths::SIGN_IN.to_owned(),
    };
    let kind = NoteKind::CookiesNeeded;
    note(app, parts, kind, &on, StatusCode::BAD_REQUEST).await
}

/// In place of a sign-in that another provider than the connected one initiated.
pub(crate) async fn not_initiated(app: &App, parts: &Parts) -> Result<Response, Error> {
    let kind = NoteKind::NotInitiated;
    note(app, parts, kind, paths::SIGN_IN, StatusCode::BAD_REQUEST).await
}

async fn note(
    app: &App,
    parts: &Parts,
    kind: NoteKind,
    on: &str,
    status: StatusCode,
) -> Result<Response, Error> {
    let organization = app.db.peek(organization::name).await?;
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::note(&door::Note {
        frame: look.frame(&organization),
        kind,
        on,
    });
    Ok(look.answer(status, html, None))
}

/// `GET /door.css`.
pub(crate) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, door::STYLE).into_response()
}

/// `GET /locales/{language}`: the texts of one language, in the order of the keys. A console of
/// another build names another catalogue (`?v=`), whose order is not ours: it gets none.
pub(crate) async fn locale(
    Segment(language): Segment,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Error> {
    let keep = match query(&uri, "v") {
        None => console::Keep::Asking,
        Some(asked) if asked == locales::HASH => console::Keep::Forever,
        Some(_) => return Err(api::ProblemCode::NotFound.into()),
    };
    let language = Language::ALL
        .into_iter()
        .find(|it| it.tag() == language)
        .ok_or(api::ProblemCode::NotFound)?;
    Ok(console::words(language, keep, &headers))
}

/// Before the set-up every page says so.
pub(crate) fn set_up_needed(parts: &Parts) -> Response {
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::plain_problem(&door::PlainProblem {
        frame: look.frame(""),
        problem: door::ProblemPage::SetUpNeeded,
        reference: None,
    });
    look.answer(StatusCode::SERVICE_UNAVAILABLE, html, None)
}

/// In place of a console that is not in this binary.
pub(crate) async fn console_missing(
    app: &App,
    parts: &Parts,
    why: door::WithoutConsole,
) -> Result<Response, Error> {
    let organization = app.db.peek(organization::name).await?;
    let look = Look::of(&parts.headers, &parts.uri);
    let html = door::console_missing(&door::ConsoleMissing {
        frame: look.frame(&organization),
        why,
    });
    Ok(look.answer(StatusCode::SERVICE_UNAVAILABLE, html, None))
}

/// An error as a page: one sentence and the reference.
pub(crate) fn problem(look: &Look, error: Error, id: &RequestId) -> Response {
    error.log(id.as_str());
    let code = error.code();
    let html = door::plain_problem(&door::PlainProblem {
        frame: look.frame(""),
        problem: door::ProblemPage::Problem(code),
        reference: Some(id.as_str()),
    });
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = look.answer(status, html, None);
    if let Some(seconds) = error.retry_after() {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
