//! What happens later, and what happens when a signal changes: boxed, so that it is compiled once for all of them.

use std::{future::Future, pin::Pin, sync::Arc};

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

/// Runs now, and again whenever a signal changes that it reads: for the world outside of what is drawn.
pub fn watch(run: impl Fn() + 'static) {
    watched(Box::new(run));
}

fn watched(run: Box<dyn Fn()>) {
    Effect::new(move |_| run());
}
