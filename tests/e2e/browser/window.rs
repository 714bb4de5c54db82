//! The browser around the page: its width, light or dark, pictures of it.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::Browser;

const OVERFLOW: &str = include_str!("overflow.js");

/// Wide, usual, narrow, and one whose letters are all as wide as an m. `xtask/src/packages.rs` installs them.
const FONTS: [&str; 4] = [
    "DejaVu Sans",
    "Liberation Sans",
    "Inter",
    "DejaVu Sans Mono",
];

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub(crate) const BOTH: [Self; 2] = [Self::Light, Self::Dark];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Browser {
    pub(super) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let tools = thirtyfour::cdp::Cdp::new(self.session().clone());
        match tools.send_raw(method, parameters).await {
            Ok(value) => value,
            Err(error) => panic!("{method}: {error}"),
        }
    }

    /// Lets the pages of the product write to the clipboard and this test read it, as a person's press on a button would.
    pub(crate) async fn may_use_clipboard(&self) {
        let grant = json!({
            "origin": self.product, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
        });
        self.devtools("Browser.grantPermissions", grant).await;
    }

    pub(crate) async fn clipboard(&self) -> String {
        let look = "const done = arguments[arguments.length - 1];
            navigator.clipboard.readText().then(done, (problem) => done(`${problem}`))";
        let text = self
            .session()
            .execute_async(look, Vec::new())
            .await
            .expect("a clipboard");
        text.json().as_str().expect("a text").to_owned()
    }

    /// The same as if the person had signed out in another tab.
    pub(crate) async fn sign_out_elsewhere(&self) {
        self.session().delete_all_cookies().await.expect("cookies");
    }

    /// The page's source as it is now, with what stands in its fields.
    pub(crate) async fn everything(&self) -> String {
        let look = "return document.documentElement.outerHTML
            + [...document.querySelectorAll('input, textarea')].map((it) => it.value).join(' ')";
        let text = self.look(look, Vec::new()).await;
        text.as_str().expect("a text").to_owned()
    }

    /// Makes the page this wide.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    /// The system's theme, which a page follows until a person chooses another.
    pub(crate) async fn prefer(&self, theme: Theme) {
        let features =
            json!({ "features": [{ "name": "prefers-color-scheme", "value": theme.code() }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// What sticks out to the right, of the window or of its own box, in any of the fonts: nothing on a page that is well
    /// made, whatever font a machine has.
    pub(crate) async fn overflow(&self) -> Vec<String> {
        let found = self.look(OVERFLOW, vec![json!(FONTS)]).await;
        serde_json::from_value(found).expect("texts")
    }

    /// The page's background, to tell light from dark.
    pub(crate) async fn is_dark(&self) -> bool {
        let look = "const rgb = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number);
            return rgb[0] + rgb[1] + rgb[2] < 384";
        self.look(look, Vec::new()).await == json!(true)
    }

    /// Waits until nothing moves any more: a colour on its way to another is neither.
    pub(crate) async fn rest(&self) {
        let look = "const done = arguments[arguments.length - 1];
            document.fonts.ready.then(() => Promise.all(document.getAnimations().map((it) => it.finished.catch(() => 0))))
              .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))";
        self.until("rest", async || {
            let rested = self.session().execute_async(look, Vec::new()).await;
            rested.map(drop).map_err(|error| error.to_string())
        })
        .await;
    }

    /// What axe-core, whose source is `axe`, finds on the page.
    pub(crate) async fn axe(&self, axe: &str) -> Vec<String> {
        self.rest().await;
        if self.look("return typeof axe", Vec::new()).await == json!("undefined") {
            self.script(axe, Vec::new()).await.expect("axe loads");
        }
        let found = self
            .session()
            .execute_async(include_str!("axe.js"), Vec::new())
            .await
            .expect("axe runs");
        serde_json::from_value(found.json().clone()).expect("texts")
    }

    /// A picture of the whole page, of this width and at least this height.
    pub(crate) async fn picture(&self, path: &Path, width: u32, height: u32) {
        self.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }))
            .await;
        let whole = self
            .look("return document.scrollingElement.scrollHeight", Vec::new())
            .await;
        let whole = whole.as_u64().and_then(|it| u32::try_from(it).ok());
        // A window as high as the page: what sticks to its edges is where it is when nobody scrolled.
        self.resize(width, whole.expect("a height").max(height))
            .await;
        self.rest().await;
        let shot = self
            .devtools("Page.captureScreenshot", json!({ "format": "png" }))
            .await;
        let bytes = STANDARD
            .decode(shot["data"].as_str().expect("a picture"))
            .expect("base64");
        std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.resize(width, height).await;
        self.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": false }))
            .await;
    }
}
