//! What a browser asked for, and what it complained about: every request, every error of the console, every violation
//! of the content security policy.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Browser;

/// A request of a page.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    /// `Document`, `Fetch`, `Script` and so on.
    pub(crate) kind: String,
}

/// What was heard so far.
#[derive(Default)]
pub(super) struct Wire {
    requests: Vec<Request>,
    /// Answers that are no success, by address.
    refused: BTreeMap<String, BTreeSet<String>>,
    complaints: Vec<(String, String)>,
    expected: Vec<String>,
}

impl Browser {
    /// Makes the page say in its console what it was kept from.
    pub(super) async fn report_violations(&self) {
        let script = "addEventListener('securitypolicyviolation', (event) => console.error(
            `policy violated: ${event.violatedDirective} by ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`))";
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )
        .await;
    }

    /// Every request since the start, or since `forget_requests`.
    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.listen().await;
        self.wire
            .lock()
            .expect("nobody fails with it")
            .requests
            .clone()
    }

    /// Counts requests from here on.
    pub(crate) async fn forget_requests(&self) {
        self.listen().await;
        self.wire
            .lock()
            .expect("nobody fails with it")
            .requests
            .clear();
    }

    /// The test wants this address to answer with an error.
    pub(crate) fn expect_refusal(&self, path: &str) {
        self.wire
            .lock()
            .expect("nobody fails with it")
            .expected
            .push(path.to_owned());
    }

    /// For tests of this watch itself: does something wrong.
    pub(crate) async fn misbehave(&self, deed: &str) {
        self.script(deed, Vec::new()).await.expect("it is possible");
    }

    /// Waits until this was complained about.
    pub(crate) async fn until_complaint(&self, part: &str) {
        self.until("complaint", async || {
            let all = self.complaints().await;
            if all.iter().any(|it| it.contains(part)) {
                Ok(())
            } else {
                Err(format!("{part:?} is not in {all:?}"))
            }
        })
        .await;
    }

    pub(crate) async fn forget_complaints(&self) {
        self.listen().await;
        let mut wire = self.wire.lock().expect("nobody fails with it");
        wire.complaints.clear();
        wire.requests.clear();
    }

    /// Everything that should not have happened in this browser.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        self.listen().await;
        let wire = self.wire.lock().expect("nobody fails with it");
        let said = wire.complaints.iter().filter(|(level, message)| {
            matches!(level.as_str(), "SEVERE" | "WARNING") && !wire.may_say(message)
        });
        let said = said.map(|(level, message)| format!("{level}: {message}"));
        let away = wire
            .requests
            .iter()
            .filter(|request| !is_here(&request.url));
        said.chain(
            away.map(|request| {
                format!("asked another machine: {} {}", request.method, request.url)
            }),
        )
        .collect()
    }

    /// Reads what the driver has written down since the last time.
    async fn listen(&self) {
        let console = self
            .session()
            .get_log("browser")
            .await
            .expect("the browser's log");
        let events = self
            .session()
            .get_log("performance")
            .await
            .expect("the browser's events");
        let mut wire = self.wire.lock().expect("nobody fails with it");
        for entry in events {
            let event: Value = serde_json::from_str(&entry.message).unwrap_or_default();
            wire.hear(&event["message"]);
        }
        wire.complaints.extend(
            console
                .into_iter()
                .map(|entry| (entry.level, entry.message)),
        );
    }
}

impl Wire {
    fn hear(&mut self, event: &Value) {
        let parameters = &event["params"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match event["method"].as_str() {
            Some("Network.requestWillBeSent") => self.requests.push(Request {
                method: text(&parameters["request"]["method"]),
                url: text(&parameters["request"]["url"]),
                kind: text(&parameters["type"]),
            }),
            Some("Network.responseReceived")
                if parameters["response"]["status"]
                    .as_u64()
                    .is_some_and(|status| status >= 400) =>
            {
                let url = text(&parameters["response"]["url"]);
                self.refused
                    .entry(url)
                    .or_default()
                    .insert(text(&parameters["type"]));
            }
            Some(_) | None => {}
        }
    }

    /// A page that is itself an answer with a status of 4xx is no error of the page; nor is what the test asked for.
    fn may_say(&self, message: &str) -> bool {
        if !message.contains("Failed to load resource: the server responded with a status of") {
            return false;
        }
        let page = self
            .refused
            .iter()
            .any(|(url, kinds)| kinds.contains("Document") && message.starts_with(url));
        page || self.expected.iter().any(|path| message.contains(path))
    }
}

/// Whether an address is on this machine, or none at all.
fn is_here(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        // `data:`, `blob:`, `about:` ask nobody.
        return true;
    };
    if !matches!(scheme, "http" | "https" | "ws" | "wss") {
        return true;
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    name == "localhost" || name == "127.0.0.1"
}
