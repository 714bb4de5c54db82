//! What lies over the page: the one question before something is taken away, and menus.
//!
//! Both are the browser's own (`<dialog>`, popover): it keeps the focus inside, closes on Escape and gives the focus
//! back.

use leptos::{html, prelude::*};
use locales::keys;

use crate::{
    ui::button::{Button, Weight},
    words::{Text, t},
};

/// Says what will happen, and asks.
#[derive(Clone)]
pub struct Question {
    pub title: Text,
    pub body: Text,
    /// The button that does it: the same words as the one that asked.
    pub action: Text,
    pub weight: Weight,
    pub then: Callback<()>,
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

    /// The dialog; there is one.
    #[must_use]
    pub fn dialog(self) -> AnyView {
        let node = NodeRef::<html::Dialog>::new();
        // The browser's modal state is not an attribute that could be drawn.
        Effect::new(move |_| {
            if self.0.with(Option::is_some)
                && let Some(dialog) = node.get()
                && !dialog.open()
            {
                let _ = dialog.show_modal();
            }
        });
        let close = move || {
            if let Some(dialog) = node.get_untracked() {
                dialog.close();
            }
        };
        let inside = move || {
            self.0.get().map(|question| {
                let then = question.then;
                let cancel = Callback::new(move |()| close());
                let agree = Callback::new(move |()| {
                    close();
                    then.run(());
                });
                asked(question, cancel, agree)
            })
        };
        view! {
            <dialog
                class="dialog"
                node_ref=node
                aria-labelledby="question"
                aria-describedby="question-body"
                on:close=move |_| self.0.set(None)
            >
                {inside}
            </dialog>
        }
        .into_any()
    }
}

fn asked(question: Question, cancel: Callback<()>, agree: Callback<()>) -> AnyView {
    view! {
        <h2 id="question">{t(question.title)}</h2>
        <p id="question-body">{t(question.body)}</p>
        <div class="dialog-actions">
            <Button label=keys::ACTION_CANCEL on_press=cancel />
            <Button label=question.action weight=question.weight on_press=agree />
        </div>
    }
    .into_any()
}

/// The dialog's questions, from the context.
#[must_use]
pub fn use_confirm() -> Confirm {
    expect_context()
}

/// A button that opens a panel of the browser's own popover. `id` is the panel's, unique on the page.
#[must_use]
pub fn menu(id: &'static str, label: impl Into<Text>, face: AnyView, inside: AnyView) -> AnyView {
    drawn(id, label.into(), face, inside)
}

fn drawn(id: &'static str, label: Text, face: AnyView, inside: AnyView) -> AnyView {
    view! {
        <button class="menu-button" type="button" popovertarget=id aria-label=t(label.clone())>
            {face}
        </button>
        <div class="menu" id=id popover="auto" role="group" aria-label=t(label)>
            {inside}
        </div>
    }
    .into_any()
}
