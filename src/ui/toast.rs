//! A word that something was done; it leaves by itself.

use std::time::Duration;

use leptos::prelude::*;
use locales::keys;

use crate::{
    ui::{
        badge::Tone,
        button::icon_button,
        el::{El, div, el, live},
        icon::icon,
    },
    words::Text,
};

/// Long enough to read a sentence twice.
const STAYS: Duration = Duration::from_secs(6);
/// No more than these at a time: the oldest makes room.
const AT_ONCE: usize = 3;

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: Text,
}

/// Where toasts go, from the context that the shell set.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: RwSignal<u32>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            last: RwSignal::new(0),
        }
    }
}

impl Toasts {
    /// Says that something is done.
    pub fn done(self, text: impl Into<Text>) {
        self.say(Tone::Good, text.into());
    }

    /// Says that something did not work, where no form or page has a better place for it.
    pub fn failed(self, text: impl Into<Text>) {
        self.say(Tone::Bad, text.into());
    }

    fn say(self, tone: Tone, text: Text) {
        let id = self.last.get_untracked() + 1;
        self.last.set(id);
        self.shown.update(|shown| {
            shown.push(Toast { id, tone, text });
            let over = shown.len().saturating_sub(AT_ONCE);
            shown.drain(..over);
        });
        set_timeout(move || self.drop(id), STAYS);
    }

    fn drop(self, id: u32) {
        self.shown
            .try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// The corner where they appear. It is there from the start, so that screen readers watch it.
    #[must_use]
    pub fn corner(self) -> El {
        let toasts = live(move || {
            self.shown
                .get()
                .into_iter()
                .map(|toast| self.one(toast))
                .collect::<Vec<_>>()
        });
        div("toasts")
            .attr("role", "status")
            .attr("aria-live", "polite")
            .child(toasts)
    }

    fn one(self, toast: Toast) -> El {
        let Toast { id, tone, text } = toast;
        let picture = if tone == Tone::Bad { "alert" } else { "done" };
        let dismiss =
            icon_button("close", keys::ACTION_DISMISS).on("click", move |_| self.drop(id));
        div("toast")
            .attr("data-tone", tone.code())
            .child(icon(picture))
            .child(el("span").child(text))
            .child(dismiss)
    }
}

/// The toasts, from the context.
#[must_use]
pub fn use_toasts() -> Toasts {
    expect_context()
}
