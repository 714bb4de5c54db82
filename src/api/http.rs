//! The one place that sends a request.
//!
//! Knows the header that each change carries, versions, problems, an ended session and a request that nobody waits
//! for any more. It must not know what is asked for.

use api::{Problem, ProblemCode, paths as server};
use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

use super::json;
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

/// Stops the request when whoever waits for it is gone.
struct Abort(web_sys::AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Trouble> {
    read(&send(Method::Get, path, Version::None, None, Door::Ask).await?)
}

/// A change with an answer.
pub(super) async fn post<T: DeserializeOwned>(
    path: &str,
    version: Version,
    body: &impl Serialize,
) -> Result<T, Trouble> {
    read(&send(Method::Post, path, version, Some(written(body)), Door::Ask).await?)
}

/// A replacement, whose answer is the new state.
pub(super) async fn put<T: DeserializeOwned>(
    path: &str,
    version: i64,
    body: &impl Serialize,
) -> Result<T, Trouble> {
    read(
        &send(
            Method::Put,
            path,
            Version::Of(version),
            Some(written(body)),
            Door::Ask,
        )
        .await?,
    )
}

/// A change without an answer that would be read.
pub(super) async fn act(path: &str, version: Version) -> Result<(), Trouble> {
    send(
        Method::Post,
        path,
        version,
        Some("{}".to_owned()),
        Door::Ask,
    )
    .await
    .map(drop)
}

pub(super) async fn delete(path: &str, version: Version) -> Result<(), Trouble> {
    send(Method::Delete, path, version, None, Door::Ask)
        .await
        .map(drop)
}

/// What is asked before anybody is signed in: a 401 is no reason to leave.
pub(super) async fn anonymous(
    method: Method,
    path: &str,
    body: Option<String>,
) -> Result<String, Trouble> {
    send(method, path, Version::None, body, Door::Stay).await
}

/// Not inlined: a type is then read by one piece of code, however many requests answer it.
#[inline(never)]
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Trouble> {
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
    path: &str,
    version: Version,
    body: Option<String>,
    door: Door,
) -> Result<String, Trouble> {
    let abort = Abort(web_sys::AbortController::new().map_err(offline)?);
    let request = request(method, path, version, body.as_deref(), &abort.0).map_err(offline)?;
    let response = fetch(&request).await?;
    let text = text_of(&response).await?;
    if response.ok() {
        return Ok(text);
    }
    Err(refused(&response, &text, door).await)
}

/// An answer of lines, each told as soon as it is there. It ends when whoever waits is gone.
pub(super) async fn lines(
    path: &str,
    body: String,
    tell: &mut dyn FnMut(&str),
) -> Result<(), Trouble> {
    let abort = Abort(web_sys::AbortController::new().map_err(offline)?);
    let request = request(Method::Post, path, Version::None, Some(&body), &abort.0);
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

/// Why the answer is none; with an ended session the page is left.
async fn refused(response: &Response, text: &str, door: Door) -> Trouble {
    if response.status() == ProblemCode::SignedOut.status() && door == Door::Ask {
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
    body: Option<&str>,
    abort: &web_sys::AbortController,
) -> Result<Request, JsValue> {
    let init = RequestInit::new();
    init.set_method(method.name());
    init.set_signal(Some(&abort.signal()));
    if let Some(body) = body {
        init.set_body(&body.into());
    }
    let request = Request::new_with_str_and_init(path, &init)?;
    let headers = request.headers();
    headers.set("accept", "application/json")?;
    if method != Method::Get {
        headers.set(server::CSRF_HEADER, "1")?;
    }
    if body.is_some() {
        headers.set("content-type", "application/json")?;
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
