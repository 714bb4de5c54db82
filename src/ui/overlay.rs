//! What lies over the page: the one question before something is taken away, and menus.
//!
//! Both are the browser's own (`<dialog>`, popover): it keeps the focus inside, closes on Escape and gives the focus
//! back.

use leptos::prelude::*;
use locales::keys;
use web_sys::{Element, HtmlDialogElement};

use crate::{
    ui::{
        button::{Weight, button},
        el::{El, Inside, Spot, View, div, el, group, live},
        task::{Act, act, watch},
    },
    words::Text,
};

/// Says what will happen, and asks.
#[derive(Clone)]
pub struct Question {
    pub title: Text,
    pub body: Text,
    /// The button that does it: the same words as the one that asked.
    pub action: Text,
    pub weight: Weight,
    pub then: Act,
}

/// Where questions are asked, from the context that the shell set.
#[derive(Clone, Copy)]
pub struct Confirm(RwSignal<Option<Question>>);

impl Default for Confirm {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

impl Confirm {
    pub fn ask(self, question: Question) {
        self.0.set(Some(question));
    }

    /// Whoever asked is gone.
    pub fn take_back(self) {
        self.0.set(None);
    }

    /// The dialog; there is one.
    #[must_use]
    pub fn dialog(self) -> El {
        let spot = Spot::default();
        // The browser's modal state is not an attribute that could be drawn.
        watch(move || {
            let is_asked = self.0.with(Option::is_some);
            if let Some(dialog) = spot.get::<HtmlDialogElement>() {
                if !is_asked {
                    dialog.close();
                } else if !dialog.open() {
                    let _ = dialog.show_modal();
                }
            }
        });
        let close = move || {
            if let Some(dialog) = spot.get::<HtmlDialogElement>() {
                dialog.close();
            }
        };
        let inside = live(move || {
            self.0.get().map(|question| {
                let then = question.then.clone();
                let agree = act(move || {
                    close();
                    then();
                });
                asked(question, act(close), agree)
            })
        });
        el("dialog")
            .class("dialog")
            .attr("aria-labelledby", "question")
            .attr("aria-describedby", "question-body")
            .keep(spot)
            .on("close", move |_| {
                // The event comes later, and the next question may be asked by then.
                if spot
                    .get::<HtmlDialogElement>()
                    .is_none_or(|dialog| !dialog.open())
                {
                    self.0.set(None);
                }
            })
            .child(inside)
    }
}

fn asked(question: Question, cancel: Act, agree: Act) -> View {
    let actions = div("dialog-actions")
        .child(button(keys::ACTION_CANCEL, cancel))
        .child(button(question.action, agree).weight(question.weight));
    group(vec![
        el("h2").attr("id", "question").child(question.title).done(),
        el("p")
            .attr("id", "question-body")
            .child(question.body)
            .done(),
        actions.done(),
    ])
}

/// The dialog's questions, from the context.
#[must_use]
pub fn use_confirm() -> Confirm {
    expect_context()
}

/// A button that opens a panel of the browser's own popover. `id` is the panel's, unique on the page. What nobody looks
/// at is not drawn: each link of a menu follows the address.
#[must_use]
pub fn menu(
    id: &'static str,
    label: impl Into<Text>,
    face: impl Inside,
    inside: impl Fn() -> Vec<View> + Send + 'static,
) -> View {
    let label = label.into();
    let is_open = RwSignal::new(false);
    let opener = el("button")
        .class("menu-button")
        .attr("type", "button")
        .attr("popovertarget", id)
        .says("aria-label", label.clone())
        .child(face);
    let panel = div("menu")
        .attr("id", id)
        .attr("popover", "auto")
        .attr("role", "group")
        .says("aria-label", label)
        .on("beforetoggle", move |_| {
            if !is_open.get_untracked() {
                is_open.set(true);
            }
        })
        // Only once it is closed: whoever opened it has the focus again by then.
        .on("toggle", move |event| {
            let panel = event_target::<Element>(&event);
            if !panel.matches(":popover-open").unwrap_or(true) {
                is_open.set(false);
            }
        })
        .child(live(move || is_open.get().then(|| group(inside()))));
    group(vec![opener.done(), panel.done()])
}
