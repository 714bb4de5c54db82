//! What a person does: press, fill in, choose, type on the keyboard.

use serde_json::json;
use thirtyfour::{WebElement, prelude::ScriptRet};

use super::{Browser, find::Kind};

pub(crate) use thirtyfour::Key;

/// More stops than any page has.
pub(super) const STOPS: usize = 120;

impl Browser {
    /// Presses the button or link of this name.
    pub(crate) async fn press(&self, name: &str) {
        if self.has_no_mouse() {
            return self.press_by_key(name).await;
        }
        self.until("press", async || {
            let element = self.find(Kind::Press, name).await?;
            let pressed = element.click().await;
            if pressed.is_err() {
                // It may stand under the bar at the top: whoever has a mouse moves the page.
                let _ = element.scroll_into_view().await;
            }
            pressed.map_err(|error| format!("{name:?} cannot be pressed: {error}"))
        })
        .await;
    }

    /// Writes into the field of this name, in place of what stood there.
    pub(crate) async fn fill(&self, name: &str, value: &str) {
        if self.has_no_mouse() {
            return self.fill_by_key(name, value).await;
        }
        self.until("fill", async || {
            let element = self.find(Kind::Fill, name).await?;
            let done = async {
                element.clear().await?;
                element.send_keys(value).await
            };
            done.await
                .map_err(|error| format!("{name:?} cannot be filled in: {error}"))
        })
        .await;
    }

    /// Chooses a file, where the page has a field for one.
    pub(crate) async fn attach(&self, path: &str) {
        self.until("attach", async || {
            let body = "return document.querySelector('input[type=file]')";
            let answer = self.session().execute(body, Vec::new()).await;
            let answer = answer.map_err(|error| error.to_string())?;
            let field = answer.element().map_err(|error| error.to_string())?;
            let sent = field.send_keys(path).await;
            sent.map_err(|error| format!("{path:?} cannot be chosen: {error}"))
        })
        .await;
    }

    /// Chooses the radio of this name, or switches the checkbox.
    pub(crate) async fn choose(&self, name: &str) {
        if self.has_no_mouse() {
            return self.choose_by_key(name).await;
        }
        self.until("choose", async || {
            let element = self.find(Kind::Choose, name).await?;
            // People press the words; the circle beside them may be a drawing.
            let label = self.label_of(&element).await?;
            label
                .click()
                .await
                .map_err(|error| format!("{name:?} cannot be chosen: {error}"))
        })
        .await;
    }

    /// Chooses an option of the list of this name.
    pub(crate) async fn select(&self, name: &str, option: &str) {
        if self.has_no_mouse() {
            return self.select_by_key(name, option).await;
        }
        self.until("select", async || {
            let element = self.find(Kind::Fill, name).await?;
            element
                .send_keys(option)
                .await
                .map_err(|error| error.to_string())?;
            let chosen = self.script(
                "return arguments[0].selectedOptions[0]?.text",
                vec![json_of(&element)?],
            );
            let chosen = chosen.await?;
            if chosen == json!(option) {
                Ok(())
            } else {
                Err(format!("{chosen} is chosen"))
            }
        })
        .await;
    }

    async fn label_of(&self, element: &WebElement) -> Result<WebElement, String> {
        let answer = self.session().execute(
            "return arguments[0].labels[0] ?? arguments[0]",
            vec![json_of(element)?],
        );
        answer
            .await
            .and_then(ScriptRet::element)
            .map_err(|error| error.to_string())
    }

    /// What stands in the field of this name.
    pub(crate) async fn value(&self, name: &str) -> String {
        let value = self.until("read", async || {
            let element = self.find(Kind::Fill, name).await?;
            element.value().await.map_err(|error| error.to_string())
        });
        value.await.unwrap_or_default()
    }

    /// Whether the field of this name is there to be read and copied only.
    pub(crate) async fn is_read_only(&self, name: &str) -> bool {
        let attribute = self.until("look", async || {
            let element = self.find(Kind::Fill, name).await?;
            let attribute = element.attr("readonly").await;
            attribute.map_err(|error| error.to_string())
        });
        attribute.await.is_some()
    }

    /// Presses a key.
    pub(crate) async fn key(&self, key: Key) {
        self.session()
            .action_chain()
            .send_keys(key)
            .perform()
            .await
            .expect("a key");
    }

    /// Types on the keyboard, wherever the focus is.
    pub(crate) async fn write(&self, text: &str) {
        self.session()
            .action_chain()
            .send_keys(text)
            .perform()
            .await
            .expect("keys");
    }

    /// Goes on with Tab until the focus is on what has this name.
    pub(crate) async fn tab_to(&self, name: &str) {
        let names = self.said(name, &self.address().await);
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            let focused = self.focused().await;
            if names.contains(&focused) {
                return;
            }
            passed.push(focused);
            self.key(Key::Tab).await;
        }
        panic!(
            "Tab does not lead to {name:?} at {}, only to {passed:?}",
            self.address().await
        );
    }

    /// The accessible name of what has the focus; empty when that is the page itself.
    pub(crate) async fn focused(&self) -> String {
        let body = "const at = document.activeElement; return at === document.body ? null : at";
        self.until("look at the focus", async || {
            let answer = self.session().execute(body, Vec::new()).await;
            let answer = answer.map_err(|error| error.to_string())?;
            if answer.json().is_null() {
                return Ok(String::new());
            }
            let element = answer.element().map_err(|error| error.to_string())?;
            self.computed("label", &element).await
        })
        .await
    }
}

fn json_of(element: &WebElement) -> Result<serde_json::Value, String> {
    element.to_json().map_err(|error| error.to_string())
}
