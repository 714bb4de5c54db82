//! What happens later, and what happens when a signal changes: boxed, so that it is compiled once for all of them.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{prelude::*, reactive::spawn_local_scoped_with_cancellation};

/// What a press does. It can be pressed again, and held by many.
pub type Act = Arc<dyn Fn() + Send + Sync>;

type Later = Pin<Box<dyn Future<Output = ()>>>;

/// An act from a closure.
pub fn act(does: impl Fn() + Send + Sync + 'static) -> Act {
    Arc::new(does)
}

/// Runs a future to its end, whatever becomes of the page.
pub fn later(future: impl Future<Output = ()> + 'static) {
    spawned(Box::pin(future));
}

fn spawned(future: Later) {
    leptos::task::spawn_local(future);
}

/// Runs a future until whoever started it is gone or starts it again.
pub fn while_here(future: impl Future<Output = ()> + 'static) {
    spawned_here(Box::pin(future));
}

fn spawned_here(future: Later) {
    spawn_local_scoped_with_cancellation(future);
}

/// What follows signals, and is something else only when it differs: a memo whose code is compiled once, whatever it
/// holds.
pub struct Only<T> {
    memo: Memo<Held>,
    of: PhantomData<fn() -> T>,
}

type Value = Arc<dyn Any + Send + Sync>;

/// A value of any type, and how two of its type compare.
#[derive(Clone)]
struct Held {
    value: Value,
    same: fn(&Value, &Value) -> bool,
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&self.value, &other.value)
    }
}

impl<T> Clone for Only<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Only<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Only<T> {
    /// `read` is asked again whenever a signal changes that it reads.
    pub fn new(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let read = move || Held {
            value: Arc::new(read()),
            same: |one, other| one.downcast_ref::<T>() == other.downcast_ref::<T>(),
        };
        Self {
            memo: held(Box::new(read)),
            of: PhantomData,
        }
    }

    /// Whoever calls it is told of another.
    pub fn track(self) {
        self.memo.track();
    }

    /// The value of now; tracked.
    #[must_use]
    pub fn get(self) -> T {
        let held = self.memo.get().value;
        let value: &T = held.downcast_ref().expect("what it was made with");
        value.clone()
    }
}

fn held(read: Box<dyn Fn() -> Held + Send + Sync>) -> Memo<Held> {
    Memo::new(move |_| read())
}

/// Runs now, and again whenever a signal changes that it reads: for the world outside of what is drawn.
pub fn watch(run: impl Fn() + 'static) {
    watched(Box::new(run));
}

fn watched(run: Box<dyn Fn()>) {
    Effect::new(move |_| run());
}
