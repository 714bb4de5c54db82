//! What comes from elsewhere, in its four faces: skeleton, problem, empty, content.
//!
//! It must not know where the value comes from; a future that was handed over brings it.

use std::{
    any::Any,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use leptos::prelude::*;
use locales::keys;

use crate::{
    ui::{
        button::button,
        el::{El, Inside, View, div, el, live, p, span},
        icon::icon,
        notice::{Notice, notice},
        task::{Only, act, watch, while_here},
    },
    words::Text,
};

/// A value of any type: what follows is compiled once, not once for each type of answer.
type Erased = Arc<dyn Any + Send + Sync>;
type Asked = Pin<Box<dyn Future<Output = Result<Erased, Notice>>>>;

/// A value from elsewhere. It keeps the old one while it asks again.
pub struct Remote<T> {
    core: Core,
    of: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy)]
struct Core {
    value: RwSignal<Option<Erased>>,
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
    /// Asks now, and again whenever a signal changes that `ask` reads before its first await. The request before is
    /// then given up.
    pub fn new<F: Future<Output = Result<T, Notice>> + 'static>(
        ask: impl Fn() -> F + 'static,
    ) -> Self {
        let ask = move || -> Asked {
            let asked = ask();
            Box::pin(async move { asked.await.map(|value| Arc::new(value) as Erased) })
        };
        Self {
            core: Core::new(Box::new(ask)),
            of: PhantomData,
        }
    }

    /// Asks once more; whoever looks again after a while may be gone by then.
    pub fn again(self) {
        let _ = self.core.turn.try_update(|it| *it += 1);
    }

    /// The answer of a change is the new state: no need to ask for it.
    pub fn put(self, value: T) {
        self.core.take(Ok(Arc::new(value)));
    }

    /// The value of now; tracked.
    #[must_use]
    pub fn value(self) -> Option<Arc<T>> {
        self.core.value.get()?.downcast().ok()
    }

    /// Whether an answer is on its way; tracked.
    #[must_use]
    pub fn is_busy(self) -> bool {
        self.core.busy.get()
    }

    /// Draws whichever face it has. `content` draws the empty face too: only it knows what is missing.
    pub fn draw(
        self,
        skeleton: impl Fn() -> El + Send + 'static,
        content: impl Fn(Arc<T>) -> View + Send + 'static,
    ) -> View {
        let body = move |value: Erased| value.downcast().ok().map(&content).inside();
        let value = self.core.value;
        self.core.draw(
            Box::new(move || value.get()),
            Box::new(move || skeleton().done()),
            Box::new(body),
        )
    }

    /// Draws the content once, when there is a value: what is typed in it outlives the next ones, which its parts
    /// follow by themselves.
    pub fn draw_once(
        self,
        skeleton: impl Fn() -> El + Send + 'static,
        content: impl Fn(Arc<T>) -> View + Send + 'static,
    ) -> View {
        let body = move |value: Erased| value.downcast().ok().map(&content).inside();
        self.core
            .draw_once(Box::new(move || skeleton().done()), Box::new(body))
    }

    /// A part of the value, for what is drawn once; drawn anew when that part changes.
    pub fn part<P: Clone + PartialEq + Send + Sync + 'static>(
        self,
        of: impl Fn(&T) -> P + Send + Sync + 'static,
    ) -> Only<Option<P>> {
        Only::new(move || self.value().map(|it| of(&it)))
    }
}

impl Core {
    fn new(ask: Box<dyn Fn() -> Asked>) -> Self {
        let core = Self {
            value: RwSignal::new(None),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(true),
            turn: RwSignal::new(0),
        };
        watch(move || {
            core.turn.track();
            let mut asked = ask();
            // The question goes out now; whatever else follows the same signals is drawn while it is on its way.
            let answer = untrack(|| asked.as_mut().poll(&mut Context::from_waker(Waker::noop())));
            core.busy.set(true);
            while_here(async move {
                core.take(match answer {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => asked.await,
                });
            });
        });
        core
    }

    fn take(self, answer: Result<Erased, Notice>) {
        match answer {
            Ok(value) => {
                self.trouble.set(None);
                self.value.set(Some(value));
            }
            Err(trouble) => self.trouble.set(Some(trouble)),
        }
        self.busy.set(false);
    }

    fn draw_once(
        self,
        skeleton: Box<dyn Fn() -> View + Send>,
        content: Box<dyn Fn(Erased) -> View + Send>,
    ) -> View {
        let is_there = Only::new(move || self.value.with(Option::is_some));
        let shown = move || {
            is_there.track();
            self.value.get_untracked()
        };
        self.draw(Box::new(shown), skeleton, content)
    }

    fn draw(
        self,
        shown: Box<dyn Fn() -> Option<Erased> + Send>,
        skeleton: Box<dyn Fn() -> View + Send>,
        content: Box<dyn Fn(Erased) -> View + Send>,
    ) -> View {
        let again = act(move || self.turn.update(|it| *it += 1));
        let problem = live(move || {
            let retry = button(keys::ACTION_TRY_AGAIN, again.clone())
                .picture("again")
                .busy(self.busy);
            self.trouble
                .get()
                .map(|it| notice(it, Some(retry.inside())))
        });
        let body = live(move || match shown() {
            Some(value) => content(value),
            None if self.trouble.with(Option::is_some) => ().inside(),
            None => skeleton(),
        });
        div("load")
            .live("aria-busy", move || Some(self.busy.get().to_string()))
            .child(problem)
            .child(body)
            .done()
    }
}

/// The empty face: what is not there, and what to do next.
#[must_use]
pub fn empty(
    picture: &'static str,
    title: impl Into<Text>,
    advice: impl Into<Text>,
    action: Option<View>,
) -> El {
    div("empty")
        .child(span("empty-icon").child(icon(picture)))
        .child(p("empty-title").child(title.into()))
        .child(p("muted").child(advice.into()))
        .child(action)
}

/// The skeleton's parts: shapes of what will stand there. They appear after 200 ms, which the style sheet waits.
#[must_use]
pub fn bones(shape: &'static str, count: usize) -> El {
    let bones: Vec<El> = (0..count).map(|_| span("bone")).collect();
    div("bones")
        .attr("data-shape", shape)
        .attr("role", "status")
        .child(
            el("span")
                .class("visually-hidden")
                .child(keys::SHELL_LOADING),
        )
        .child(bones)
}
