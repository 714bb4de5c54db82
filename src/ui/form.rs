//! A form's state: what is wrong with which field, when it is said, and whether it is being sent.
//!
//! A field's fault is said when one leaves the field or sends the form, and goes as soon as it is mended. It must not
//! know what a field means: the page hands over a check.

use std::sync::Arc;

use leptos::prelude::*;
use locales::Key;
use wasm_bindgen::JsCast;

use crate::{
    navigation::{cancels, unsaved},
    ui::{
        el::{El, Inside, Spot, View, el, live},
        notice::{Notice, notice},
        task::Act,
    },
};

/// A field's name, and what is wrong with it.
pub type Fault = (String, Key);

type Check = Arc<dyn Fn() -> Vec<Fault> + Send + Sync>;

/// Whether a field can be read only.
type Locks = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The state of one form.
#[derive(Clone, Copy)]
pub struct Form {
    /// The page's own check.
    check: StoredValue<Check>,
    locks: StoredValue<Option<Locks>>,
    /// Whether something is lost with what was typed.
    keeps: RwSignal<bool>,
    /// What the server said, until the field is edited.
    refused: RwSignal<Vec<Fault>>,
    /// The fields that were edited and left.
    left: RwSignal<Vec<&'static str>>,
    /// Whether it was tried to send: then every fault is said.
    tried: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    /// What went wrong with the whole form.
    notice: RwSignal<Option<Notice>>,
    spot: Spot,
}

impl Form {
    /// `check` reads the fields' signals.
    pub fn new(check: impl Fn() -> Vec<Fault> + Send + Sync + 'static) -> Self {
        Self::checked(Arc::new(check))
    }

    fn checked(check: Check) -> Self {
        Self {
            check: StoredValue::new(check),
            locks: StoredValue::new(None),
            keeps: RwSignal::new(true),
            refused: RwSignal::new(Vec::new()),
            left: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
            busy: RwSignal::new(false),
            notice: RwSignal::new(None),
            spot: Spot::default(),
        }
    }

    /// The same with fields that can be read only.
    #[must_use]
    pub fn locked(self, locks: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.locks.set_value(Some(Arc::new(locks)));
        self
    }

    /// The same for a form that only asks something: it can be left without a question.
    #[must_use]
    pub fn only_asks(self) -> Self {
        self.keeps.set(false);
        self
    }

    /// Whether a field can be read only; tracked.
    #[must_use]
    pub fn is_locked(self, field: &str) -> bool {
        self.locks.get_value().is_some_and(|it| it(field))
    }

    fn wrong(self) -> Vec<Fault> {
        self.check.get_value()()
    }

    /// What is to be said of a field; tracked.
    #[must_use]
    pub fn fault(self, field: &'static str) -> Option<Key> {
        let of = |faults: &Vec<Fault>| {
            faults
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, key)| *key)
        };
        self.refused.with(of).or_else(|| {
            let said = self.tried.get() || self.left.with(|left| left.contains(&field));
            if said { of(&self.wrong()) } else { None }
        })
    }

    /// A field was left: from now on its fault is said.
    pub fn leave(self, field: &'static str) {
        // A field that goes with its page is left too.
        self.left.try_update(|left| {
            if !left.contains(&field) {
                left.push(field);
            }
        });
    }

    /// A field was edited: what the server said of it is no longer so.
    pub fn edit(self, field: &str) {
        if self
            .refused
            .with_untracked(|it| it.iter().any(|(name, _)| name == field))
        {
            self.refused
                .update(|it| it.retain(|(name, _)| name != field));
        }
    }

    /// Whether it can be sent now. When not, every fault is said and the first faulty field has the focus.
    pub fn begin(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.tried.set(true);
        self.refused.set(Vec::new());
        if !untrack(|| self.wrong()).is_empty() {
            self.focus_first_fault();
            return false;
        }
        self.notice.set(None);
        self.busy.set(true);
        true
    }

    /// A value of it was typed.
    pub fn typed(self, field: &str, value: RwSignal<String>, now: String) {
        self.edit(field);
        if self.keeps.get_untracked() {
            unsaved::type_over(self.busy, value, now);
        } else {
            value.set(now);
        }
    }

    /// What it holds is kept elsewhere now, or nobody wants it any more.
    pub fn saved(self) {
        unsaved::saved(self.busy);
    }

    /// Gives up what was typed and what was said of it.
    pub fn give_up(self) {
        self.saved();
        self.notice.set(None);
        self.refused.set(Vec::new());
        self.tried.set(false);
    }

    /// It was sent, and taken.
    pub fn end(self) {
        self.saved();
        self.busy.try_set(false);
    }

    /// It was sent, and not taken. Where fields were refused they say so, and the notice is not needed.
    pub fn fail(self, said: Notice, refused: Vec<Fault>) {
        self.busy.try_set(false);
        if refused.is_empty() {
            self.notice.try_set(Some(said));
        } else {
            self.refused.try_set(refused);
            self.focus_first_fault();
        }
    }

    fn focus_first_fault(self) {
        // After the faults were drawn.
        request_animation_frame(move || {
            if let Some(form) = self.spot.get::<web_sys::Element>()
                && let Ok(Some(field)) = form.query_selector("[aria-invalid=true]")
                && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
            {
                let _ = field.focus();
            }
        });
    }

    /// The form around its fields; `send` runs when it is submitted.
    #[must_use]
    pub fn draw(self, send: Act, inside: Vec<View>) -> El {
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            send();
        };
        el("form")
            .class("form")
            .attr("novalidate", "")
            .keep(self.spot)
            .on("submit", submit)
            // Whoever cancels a form means to lose what is in it.
            .on("click", move |event| {
                if cancels(&event) {
                    self.saved();
                }
            })
            .child(live(move || {
                self.notice.get().map(|it| notice(it, None)).inside()
            }))
            .children(inside)
    }
}
