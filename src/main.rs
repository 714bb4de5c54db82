//! Starts the console. The one place that reads the browser's clock and decides what happens first.

use std::time::Duration;

use leptos::prelude::{RwSignal, Set, set_interval};

/// How often "5 minutes ago" moves on.
const TICK: Duration = Duration::from_secs(30);

fn main() {
    let clock = RwSignal::new(now());
    set_interval(move || clock.set(now()), TICK);
    wasm_bindgen_futures::spawn_local(console::app::start(clock));
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "UTC milliseconds are whole and far below 2^53"
)]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
