//! One browser and whoever sits at it: verbs of people. Each waits until it can be done, and fails with what the
//! screen shows instead.
//!
//! It must not know what the product is about.

mod eyes;
mod find;
mod hands;
mod keys;
mod window;
mod wire;

use std::{
    sync::{Arc, Mutex, atomic::AtomicBool},
    time::{Duration, Instant},
};

use locales::Language;
use serde_json::Value;
use thirtyfour::session::handle::SessionHandle;

pub(crate) use hands::Key;
pub(crate) use window::Theme;

use crate::{driver::Chromium, words};

/// Two cores build and serve beside it: slow is not wrong.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

/// A browser with a person.
pub(crate) struct Browser {
    chromium: Chromium,
    /// Where the product is: there its words are the person's language, elsewhere English.
    product: String,
    language: Mutex<Language>,
    /// Nothing is clicked.
    keyboard: AtomicBool,
    wire: Mutex<wire::Wire>,
}

impl Browser {
    pub(crate) async fn open(product: &str, language: Language) -> Self {
        let browser = Self {
            chromium: Chromium::start(language).await,
            product: product.to_owned(),
            language: Mutex::new(language),
            keyboard: AtomicBool::new(false),
            wire: Mutex::default(),
        };
        browser.report_violations().await;
        browser
    }

    fn session(&self) -> &Arc<SessionHandle> {
        &self.chromium.session
    }

    /// Opens a path of the product, or an address.
    pub(crate) async fn go(&self, to: &str) {
        let address = if to.starts_with('/') {
            format!("{}{to}", self.product)
        } else {
            to.to_owned()
        };
        if let Err(error) = self.session().goto(address.as_str()).await {
            panic!("{address} cannot be opened: {error}");
        }
    }

    pub(crate) async fn back(&self) {
        self.session().back().await.expect("there is a page before");
    }

    pub(crate) async fn reload(&self) {
        self.session()
            .refresh()
            .await
            .expect("the page loads again");
    }

    /// The person's language from now on: what the story says in English is looked for in this one.
    pub(crate) fn reads(&self, language: Language) {
        *self.language.lock().expect("nobody fails with it") = language;
    }

    pub(crate) fn language(&self) -> Language {
        *self.language.lock().expect("nobody fails with it")
    }

    /// The address in the bar.
    pub(crate) async fn address(&self) -> String {
        self.session()
            .current_url()
            .await
            .expect("an address")
            .to_string()
    }

    /// Path and query of the address.
    pub(crate) async fn path(&self) -> String {
        let url = self.session().current_url().await.expect("an address");
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    pub(crate) async fn title(&self) -> String {
        self.session().title().await.expect("a title")
    }

    /// What an English text of the product may be on this page.
    fn said(&self, english: &str, address: &str) -> Vec<String> {
        if address.starts_with(&self.product) {
            words::in_language(english, self.language())
        } else {
            vec![words::tidy(english)]
        }
    }

    /// Runs a function's body in the page: `arguments` in, JSON out.
    async fn script(&self, body: &str, arguments: Vec<Value>) -> Result<Value, String> {
        let answer = self.session().execute(body, arguments).await;
        answer
            .map(|it| it.json().clone())
            .map_err(|error| error.to_string())
    }

    /// Looks at the page by a script. A page that is just being left has nothing to look at: then once more.
    async fn look(&self, body: &str, arguments: Vec<Value>) -> Value {
        self.until("look", async || self.script(body, arguments.clone()).await)
            .await
    }

    /// Finds, looks or acts until it works. A page that draws itself again in between takes away what was found, so whatever
    /// needs an element finds it in here, and finds it again at the next try.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Result<T, String>) -> T {
        let begun = Instant::now();
        loop {
            let missing = match look().await {
                Ok(found) => return found,
                Err(missing) => missing,
            };
            if begun.elapsed() > PATIENCE {
                let address = self.address().await;
                let shown = self.text().await.unwrap_or_default();
                panic!("{what}: {missing}\nat {address}\n--- the page shows ---\n{shown}\n---");
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}
