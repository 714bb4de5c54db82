//! The one place that sends a request.
//!
//! Knows the header that each change carries, versions, problems, an ended session and a request that nobody waits
//! for any more. It must not know what is asked for.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use api::{Problem, ProblemCode, json::FromJson, paths as server};
use leptos::prelude::window;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

use super::{json, reauthentication};
use crate::{navigation, paths};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The server could not be reached.
    Offline,
    /// The server answered with a problem.
    Problem(Problem),
    /// The answer is not of this contract: something else stands before the server, or it is another version.
    Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The version that a change is based on (`If-Match`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    None,
    Of(i64),
}

/// Whether an ended session leads to the sign-in page, or is an answer like another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Ask,
    Stay,
}

/// What is sent.
#[derive(Clone)]
enum Body {
    Json(String),
    /// Comma-separated values.
    File(web_sys::File),
}

/// Stops the request when whoever waits for it is gone.
struct Abort(web_sys::AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An answer that is on its way. The question is asked when somebody waits for it, and given up when nobody does.
///
/// Boxed, and read by a function: there are a hundred questions, and only one piece of code then that sends them.
pub struct Asked<T> {
    sent: Sent,
    read: fn(&str) -> Result<T, Trouble>,
}

type Sent = Pin<Box<dyn Future<Output = Result<String, Trouble>>>>;

impl<T> Future for Asked<T> {
    type Output = Result<T, Trouble>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let read = self.read;
        let sent = self.sent.as_mut().poll(context);
        sent.map(|answer| answer.and_then(|text| read(&text)))
    }
}

pub(super) fn get<T: FromJson>(path: &str) -> Asked<T> {
    asked(Method::Get, path, Version::None, None, read)
}

/// What is never asked, and so never answered.
pub(super) fn never<T: FromJson>() -> Asked<T> {
    let sent = Box::pin(std::future::pending());
    Asked { sent, read }
}

/// A change with an answer.
pub(super) fn post<T: FromJson>(path: &str, version: Version, body: &impl Serialize) -> Asked<T> {
    asked(Method::Post, path, version, Some(written(body)), read)
}

/// A replacement, whose answer is the new state.
pub(super) fn put<T: FromJson>(path: &str, version: i64, body: &impl Serialize) -> Asked<T> {
    let version = Version::Of(version);
    asked(Method::Put, path, version, Some(written(body)), read)
}

/// A file with an answer; the browser reads it while it sends it.
pub(super) fn file<T: FromJson>(path: &str, file: &web_sys::File) -> Asked<T> {
    let body = Some(Body::File(file.clone()));
    let sent = sent(Method::Post, path, Version::None, body, Door::Ask);
    Asked { sent, read }
}

/// A change without an answer that would be read.
pub(super) fn act(path: &str, version: Version) -> Asked<()> {
    asked(Method::Post, path, version, Some("{}".to_owned()), unread)
}

/// The same on something that was shown.
pub(super) fn act_on(path: &str, version: Version, shown: &impl Serialize) -> Asked<()> {
    asked(Method::Post, path, version, Some(written(shown)), unread)
}

pub(super) fn delete(path: &str, version: Version) -> Asked<()> {
    asked(Method::Delete, path, version, None, unread)
}

fn asked<T>(
    method: Method,
    path: &str,
    version: Version,
    body: Option<String>,
    read: fn(&str) -> Result<T, Trouble>,
) -> Asked<T> {
    let sent = sent(method, path, version, body.map(Body::Json), Door::Ask);
    Asked { sent, read }
}

/// What is asked before anybody is signed in: a 401 is no reason to leave.
pub(super) fn anonymous<T>(
    method: Method,
    path: &str,
    body: Option<String>,
    read: fn(&str) -> Result<T, Trouble>,
) -> Asked<T> {
    let sent = sent(
        method,
        path,
        Version::None,
        body.map(Body::Json),
        Door::Stay,
    );
    Asked { sent, read }
}

#[inline(never)]
fn sent(method: Method, path: &str, version: Version, body: Option<Body>, door: Door) -> Sent {
    Box::pin(send(method, path.to_owned(), version, body, door))
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where answers are read")]
pub(super) fn unread(_: &str) -> Result<(), Trouble> {
    Ok(())
}

/// Not inlined: a type is then read by one piece of code, however many requests answer it.
#[inline(never)]
pub(super) fn read<T: FromJson>(text: &str) -> Result<T, Trouble> {
    json::read(text).map_err(|_| Trouble::Unreadable)
}

pub(super) fn written(body: &impl Serialize) -> String {
    // Wire types have string keys, so they always serialize. To say so in a panic would bring every
    // text of every error along.
    serde_json::to_string(body).unwrap_or_default()
}

/// Everything else goes through here, and is compiled once whatever the types.
async fn send(
    method: Method,
    path: String,
    version: Version,
    body: Option<Body>,
    door: Door,
) -> Result<String, Trouble> {
    loop {
        let abort = Abort(web_sys::AbortController::new().map_err(offline)?);
        let request = request(method, &path, version, body.clone(), &abort.0).map_err(offline)?;
        let response = fetch(&request).await?;
        let text = text_of(&response).await?;
        if response.ok() {
            return Ok(text);
        }
        let trouble = refused(&response, &text, door).await;
        // What takes a recent sign-in is sent again once the person confirmed who they are.
        if !takes_recent_sign_in(&trouble) || !reauthentication::confirmed().await {
            return Err(trouble);
        }
    }
}

fn takes_recent_sign_in(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::Problem(problem) if problem.code == ProblemCode::ReauthenticationRequired
    )
}

/// An answer of lines, each told as soon as it is there. It ends when whoever waits is gone.
pub(super) async fn lines(
    path: &str,
    body: String,
    tell: &mut dyn FnMut(&str),
) -> Result<(), Trouble> {
    let abort = Abort(web_sys::AbortController::new().map_err(offline)?);
    let request = request(
        Method::Post,
        path,
        Version::None,
        Some(Body::Json(body)),
        &abort.0,
    );
    let response = fetch(&request.map_err(offline)?).await?;
    if !response.ok() {
        let text = text_of(&response).await?;
        return Err(refused(&response, &text, Door::Ask).await);
    }
    // By name: the typed way to a stream's reader is a feature of web-sys that nothing else needs.
    let stream = named(&response, "body")?;
    let reader = call(&stream, "getReader")?;
    let mut kept: Vec<u8> = Vec::new();
    loop {
        let piece: js_sys::Promise = call(&reader, "read")?.unchecked_into();
        let piece = JsFuture::from(piece).await.map_err(offline)?;
        if named(&piece, "done")?.is_truthy() {
            return Ok(());
        }
        kept.extend(js_sys::Uint8Array::new(&named(&piece, "value")?).to_vec());
        while let Some(end) = kept.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = kept.drain(..=end).collect();
            tell(String::from_utf8_lossy(&line).trim_end());
        }
    }
}

fn named(of: &JsValue, name: &str) -> Result<JsValue, Trouble> {
    js_sys::Reflect::get(of, &name.into()).map_err(offline)
}

fn call(of: &JsValue, name: &str) -> Result<JsValue, Trouble> {
    let function: js_sys::Function = named(of, name)?.unchecked_into();
    function.call0(of).map_err(offline)
}

async fn fetch(request: &Request) -> Result<Response, Trouble> {
    let response = JsFuture::from(window().fetch_with_request(request))
        .await
        .map_err(offline)?;
    Ok(response.unchecked_into())
}

async fn text_of(response: &Response) -> Result<String, Trouble> {
    let text = JsFuture::from(response.text().map_err(offline)?)
        .await
        .map_err(offline)?;
    Ok(text.as_string().unwrap_or_default())
}

/// Why the answer is none; with an ended session the page is left, unless something is on it that would be lost.
async fn refused(response: &Response, text: &str, door: Door) -> Trouble {
    if response.status() == ProblemCode::SignedOut.status()
        && door == Door::Ask
        && !navigation::unsaved::any()
    {
        navigation::leave(&paths::sign_in(&navigation::here()));
        // The page is being left: whoever waits goes on waiting, and nothing flashes up.
        std::future::pending::<()>().await;
    }
    read(text).map_or_else(|other| other, Trouble::Problem)
}

fn request(
    method: Method,
    path: &str,
    version: Version,
    body: Option<Body>,
    abort: &web_sys::AbortController,
) -> Result<Request, JsValue> {
    let init = RequestInit::new();
    init.set_method(method.name());
    init.set_signal(Some(&abort.signal()));
    let kind = match body {
        None => None,
        Some(Body::Json(body)) => {
            init.set_body(&body.into());
            Some("application/json")
        }
        Some(Body::File(file)) => {
            init.set_body(&file);
            Some("text/csv")
        }
    };
    let request = Request::new_with_str_and_init(path, &init)?;
    let headers = request.headers();
    headers.set("accept", "application/json")?;
    if method != Method::Get {
        headers.set(server::CSRF_HEADER, "1")?;
    }
    if let Some(kind) = kind {
        headers.set("content-type", kind)?;
    }
    if let Version::Of(version) = version {
        headers.set("if-match", &format!("\"{version}\""))?;
    }
    Ok(request)
}

/// Why exactly a request did not come through, a browser tells nobody.
fn offline(_: JsValue) -> Trouble {
    Trouble::Offline
}
