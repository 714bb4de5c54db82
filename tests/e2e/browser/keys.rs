//! The same verbs without a mouse: Tab to what has the name, then a key.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::{
    Browser,
    find::Kind,
    hands::{Key, STOPS},
};

/// More radios than any group has.
const RADIOS: usize = 12;

impl Browser {
    /// From now on the person has no mouse.
    pub(crate) fn gives_up_the_mouse(&self) {
        self.keyboard.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_no_mouse(&self) -> bool {
        self.keyboard.load(Ordering::Relaxed)
    }

    /// Tab, and Enter.
    pub(super) async fn press_by_key(&self, name: &str) {
        self.until("press", async || self.find(Kind::Press, name).await)
            .await;
        self.tab_to(name).await;
        self.key(Key::Enter).await;
    }

    /// Tab, and what is typed takes the place of what stood there.
    pub(super) async fn fill_by_key(&self, name: &str, value: &str) {
        self.until("fill", async || self.find(Kind::Fill, name).await)
            .await;
        self.tab_to(name).await;
        self.chord(Key::Control, "a").await;
        if value.is_empty() {
            self.key(Key::Delete).await;
        } else {
            self.write(value).await;
        }
    }

    /// Tab and Space for a checkbox; for a radio Tab to its group, then the arrows.
    pub(super) async fn choose_by_key(&self, name: &str) {
        self.until("choose", async || self.find(Kind::Choose, name).await)
            .await;
        let names = self.said(name, &self.address().await);
        let fits = |focused: &str| {
            names
                .iter()
                .any(|it| focused == it || focused.starts_with(&format!("{it} ")))
        };
        for _ in 0..STOPS {
            let start = self.focused().await;
            match self.focused_type().await.as_deref() {
                Some("checkbox") if fits(&start) => return self.key(Key::Space).await,
                Some("radio") => {
                    let mut focused = start.clone();
                    for _ in 0..RADIOS {
                        if fits(&focused) {
                            // A lone radio is not chosen by coming to it.
                            return self.key(Key::Space).await;
                        }
                        self.key(Key::Down).await;
                        focused = self.focused().await;
                        if focused == start {
                            break;
                        }
                    }
                }
                Some(_) | None => {}
            }
            self.key(Key::Tab).await;
        }
        panic!(
            "the keyboard does not lead to {name:?} at {}",
            self.address().await
        );
    }

    /// Tab, and the option's first letters.
    pub(super) async fn select_by_key(&self, name: &str, option: &str) {
        self.until("select", async || self.find(Kind::Fill, name).await)
            .await;
        self.tab_to(name).await;
        self.write(option).await;
        let chosen = "return document.activeElement.selectedOptions?.[0]?.text ?? null";
        let chosen = self.look(chosen, Vec::new()).await;
        assert_eq!(chosen, json!(option), "in {name:?}");
    }

    /// A key while another is held.
    pub(crate) async fn chord(&self, held: Key, key: &str) {
        self.session()
            .action_chain()
            .key_down(held.clone())
            .send_keys(key)
            .key_up(held)
            .perform()
            .await
            .expect("keys");
    }

    async fn focused_type(&self) -> Option<String> {
        let look = "return document.activeElement?.type ?? null";
        match self.look(look, Vec::new()).await {
            Value::String(kind) => Some(kind),
            _ => None,
        }
    }
}
