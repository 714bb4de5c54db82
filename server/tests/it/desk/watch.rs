//! Watches every answer and every log line of every test for what must not be in them.
//!
//! The log is the product's own, at its most talkative level, and is kept to be read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

use axum::http::HeaderMap;

#[derive(Default)]
struct Seen {
    /// Client secrets, which only the way in and the way to the provider may have.
    secrets: BTreeSet<String>,
    log: String,
    /// Log lines that had a secret in them.
    leaks: Vec<String>,
}

static SEEN: Mutex<Option<Seen>> = Mutex::new(None);

fn seen() -> MutexGuard<'static, Option<Seen>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to watch, once a process.
pub(super) fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_env_filter(server::cli::log_filter(tracing::Level::TRACE))
            .with_writer(|| Line)
            .init();
    });
}

/// From here on nothing that leaves the server may have this in it.
pub(crate) fn secret(text: &str) {
    let mut seen = seen();
    seen.get_or_insert_default().secrets.insert(text.to_owned());
}

/// Everything that was logged so far, by any test.
pub(crate) fn log() -> String {
    seen().get_or_insert_default().log.clone()
}

/// Looks at an answer: no secret in it, and no token of the browser's own cookies in its body.
pub(super) fn answer(headers: &HeaderMap, text: &str, cookies: &BTreeMap<String, String>) {
    let head = format!("{headers:?}");
    let (secret, leaks) = {
        let mut seen = seen();
        let seen = seen.get_or_insert_default();
        let found = seen
            .secrets
            .iter()
            .find(|it| head.contains(*it) || text.contains(*it));
        (found.cloned(), seen.leaks.clone())
    };
    assert!(
        secret.is_none(),
        "an answer has the client secret in it: {head} {text}"
    );
    assert!(
        leaks.is_empty(),
        "the log has a client secret in it: {leaks:?}"
    );
    for (name, value) in cookies
        .iter()
        .filter(|(name, _)| name.starts_with("__Host-"))
    {
        assert!(
            !text.contains(value),
            "an answer has {name} in its body: {text}"
        );
    }
}

/// One line of the log.
struct Line;

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        let mut seen = seen();
        let seen = seen.get_or_insert_default();
        if seen.secrets.iter().any(|secret| line.contains(secret)) {
            seen.leaks.push(line.to_string());
        }
        seen.log.push_str(&line);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
