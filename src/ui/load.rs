//! What comes from elsewhere, in its four faces: skeleton, problem, empty, content.
//!
//! It must not know where the value comes from; a future that was handed over brings it.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::{prelude::*, reactive::spawn_local_scoped_with_cancellation};
use locales::keys;

use crate::{
    ui::{
        button::Button,
        icon::icon,
        notice::{Notice, notice},
    },
    words::{Text, t},
};

/// An answer on its way. Boxed, so that each page does not bring a state machine of its own type into `Remote`.
pub type Asked<T> = Pin<Box<dyn Future<Output = Result<T, Notice>>>>;

/// A value from elsewhere. It keeps the old one while it asks again.
pub struct Remote<T: 'static> {
    value: RwSignal<Option<Arc<T>>>,
    trouble: RwSignal<Option<Notice>>,
    busy: RwSignal<bool>,
    turn: RwSignal<u32>,
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Remote<T> {}

impl<T: Send + Sync + 'static> Remote<T> {
    /// Asks now, and again whenever a signal changes that `ask` reads. The request before is then given up.
    pub fn new(ask: impl Fn() -> Asked<T> + 'static) -> Self {
        let remote = Self {
            value: RwSignal::new(None),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(true),
            turn: RwSignal::new(0),
        };
        // The world outside: a request.
        Effect::new(move |_| {
            remote.turn.track();
            let asked = ask();
            remote.busy.set(true);
            spawn_local_scoped_with_cancellation(async move { remote.take(asked.await) });
        });
        remote
    }

    fn take(self, answer: Result<T, Notice>) {
        match answer {
            Ok(value) => {
                self.trouble.set(None);
                self.value.set(Some(Arc::new(value)));
            }
            Err(trouble) => self.trouble.set(Some(trouble)),
        }
        self.busy.set(false);
    }

    /// Asks once more.
    pub fn again(self) {
        self.turn.update(|it| *it += 1);
    }

    /// The answer of a change is the new state: no need to ask for it.
    pub fn put(self, value: T) {
        self.take(Ok(value));
    }

    /// The value of now; tracked.
    #[must_use]
    pub fn value(self) -> Option<Arc<T>> {
        self.value.get()
    }

    /// Draws whichever face it has. `content` draws the empty face too: only it knows what is missing.
    pub fn draw(
        self,
        skeleton: fn() -> AnyView,
        content: impl Fn(Arc<T>) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        let body = move || match self.value.get() {
            Some(value) => content(value),
            None if self.trouble.with(Option::is_some) => ().into_any(),
            None => skeleton(),
        };
        faces(self.trouble, self.busy, Callback::new(move |()| self.again()), body.into_any())
    }
}

fn faces(
    trouble: RwSignal<Option<Notice>>,
    busy: RwSignal<bool>,
    again: Callback<()>,
    body: AnyView,
) -> AnyView {
    let problem = move || {
        trouble.get().map(|it| {
            let retry = view! { <Button label=keys::ACTION_TRY_AGAIN picture="again" busy=busy on_press=again /> };
            notice(it, Some(retry.into_any()))
        })
    };
    view! {
        <div class="load" aria-busy=move || busy.get().to_string()>
            {problem}
            {body}
        </div>
    }
    .into_any()
}

/// The empty face: what is not there, and what to do next.
#[must_use]
pub fn empty(
    picture: &'static str,
    title: impl Into<Text>,
    advice: impl Into<Text>,
    action: Option<AnyView>,
) -> AnyView {
    nothing(picture, title.into(), advice.into(), action)
}

fn nothing(picture: &'static str, title: Text, advice: Text, action: Option<AnyView>) -> AnyView {
    view! {
        <div class="empty">
            <span class="empty-icon">{icon(picture)}</span>
            <p class="empty-title">{t(title)}</p>
            <p class="muted">{t(advice)}</p>
            {action}
        </div>
    }
    .into_any()
}

/// The skeleton's parts: shapes of what will stand there. They appear after 200 ms, which the style sheet waits.
#[must_use]
pub fn bones(shape: &'static str, count: usize) -> AnyView {
    let bone = || view! { <span class="bone"></span> };
    view! {
        <div class="bones" data-shape=shape role="status">
            <span class="visually-hidden">{t(keys::SHELL_LOADING)}</span>
            {(0..count).map(|_| bone()).collect_view()}
        </div>
    }
    .into_any()
}
