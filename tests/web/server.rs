//! The server, answered in the test: in the place of the browser's `fetch`.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Function, Object};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortSignal, Request, Response, ResponseInit};

use crate::desk::{after, replace};

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) body: String,
    request: Request,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).expect("a header's name")
    }

    pub(crate) fn is_given_up(&self) -> bool {
        let signal: AbortSignal = self.request.signal();
        signal.aborted()
    }

    /// "PUT /api/organization".
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What to answer.
pub(crate) enum Reply {
    Json(String),
    /// Status, code, and the refused fields as `field:fault`.
    Problem(u16, &'static str, &'static [(&'static str, &'static str)]),
    /// Something that is not of the contract.
    Page(u16, &'static str),
    /// The network is gone.
    Offline,
    /// The same, but not at once.
    Late(Box<Reply>),
    /// The same, once the test lets it go.
    Once(Rc<Cell<bool>>, Box<Reply>),
    /// The first line of a text, and the rest once the object says `go`.
    Lines(Object, String),
    /// No answer, for as long as anybody looks.
    Never,
}

impl Reply {
    pub(crate) fn json(value: &impl serde::Serialize) -> Self {
        Self::Json(serde_json::to_string(value).expect("a wire type"))
    }
}

type Answer = Rc<dyn Fn(&Asked) -> Reply>;

/// What was asked so far.
#[derive(Clone)]
pub(crate) struct Server {
    log: Rc<RefCell<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn answering(answer: impl Fn(&Asked) -> Reply + 'static) -> Self {
        let answer: Answer = Rc::new(answer);
        let server = Self { log: Rc::default() };
        let log = Rc::clone(&server.log);
        let fetch = Closure::<dyn Fn(Request) -> js_sys::Promise>::new(move |request: Request| {
            let (answer, log) = (Rc::clone(&answer), Rc::clone(&log));
            future_to_promise(async move { reply(request, answer, log).await.map(JsValue::from) })
        });
        replace(&window(), "fetch", &fetch.into_js_value());
        server
    }

    pub(crate) fn log(&self) -> Vec<Asked> {
        self.log.borrow().clone()
    }

    /// "GET /a", "PUT /b".
    pub(crate) fn lines(&self) -> Vec<String> {
        self.log().iter().map(Asked::line).collect()
    }

    /// The latest request of this line.
    pub(crate) fn of(&self, line: &str) -> Asked {
        let log = self.log().into_iter().rev();
        let found = log.into_iter().find(|it| it.line() == line);
        found.unwrap_or_else(|| panic!("nobody asked {line}: {:?}", self.lines()))
    }

    pub(crate) fn last(&self) -> Asked {
        self.log().pop().expect("something was asked")
    }
}

async fn reply(
    request: Request,
    answer: Answer,
    log: Rc<RefCell<Vec<Asked>>>,
) -> Result<Response, JsValue> {
    let url = web_sys::Url::new(&request.url())?;
    let copy = request.clone()?;
    let body = JsFuture::from(copy.text()?)
        .await?
        .as_string()
        .unwrap_or_default();
    let asked = Asked {
        method: request.method(),
        path: format!("{}{}", url.pathname(), url.search()),
        body,
        request,
    };
    let mut reply = answer(&asked);
    if let Reply::Late(late) = reply {
        after(100).await;
        reply = *late;
    }
    if let Reply::Once(lets_go, held) = reply {
        while !lets_go.get() {
            after(5).await;
        }
        reply = *held;
    }
    // Which fields a file owns is asked by every form, and no part of what a test tells.
    if asked.path != "/api/files" {
        log.borrow_mut().push(asked);
    }
    match reply {
        Reply::Json(body) => response(200, "application/json", &body),
        Reply::Problem(status, code, errors) => response(
            status,
            "application/problem+json",
            &problem(status, code, errors),
        ),
        Reply::Page(status, body) => response(status, "text/html", body),
        Reply::Lines(lets_go, text) => by_lines(&lets_go, &text),
        Reply::Offline => Err(js_sys::TypeError::new("Failed to fetch").into()),
        Reply::Late(_) | Reply::Once(..) | Reply::Never => std::future::pending().await,
    }
}

fn problem(status: u16, code: &str, errors: &[(&str, &str)]) -> String {
    let errors: Vec<String> = errors
        .iter()
        .map(|(field, fault)| format!(r#"{{"field":"{field}","fault":"{fault}"}}"#))
        .collect();
    format!(
        r#"{{"type":"about:blank#{code}","title":"x","status":{status},"code":"{code}","reference":"req-4711","errors":[{}]}}"#,
        errors.join(",")
    )
}

/// An answer that is read while it comes: the browser's own streams make it.
fn by_lines(lets_go: &Object, text: &str) -> Result<Response, JsValue> {
    const STREAM: &str = "const all = new TextEncoder().encode(text), end = all.indexOf(10) + 1;
        return new Response(new ReadableStream({
          start(it) { it.enqueue(all.slice(0, end)) },
          async pull(it) {
            while (!letsGo.go) await new Promise((then) => setTimeout(then, 5));
            it.enqueue(all.slice(end));
            it.close();
          },
        }, { highWaterMark: 0 }))";
    let made = Function::new_with_args("letsGo, text", STREAM);
    made.call2(&JsValue::NULL, lets_go, &text.into())
        .map(JsCast::unchecked_into)
}

fn response(status: u16, kind: &str, body: &str) -> Result<Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(status);
    let response = Response::new_with_opt_str_and_init(Some(body), &init)?;
    response.headers().set("content-type", kind)?;
    Ok(response.unchecked_into())
}
