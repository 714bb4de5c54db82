//! The console's pieces and its connect form, in a real browser; what the server would answer is answered here.
//!
//! Everything is found as a person finds it: by role and name.

#![cfg(target_arch = "wasm32")]

mod desk;
mod server;

mod api;
mod badge;
mod button;
mod connect;
mod copy;
mod el;
mod field;
mod form;
mod format;
mod guide;
mod icon;
mod load;
mod navigation;
mod notice;
mod notices;
mod notifications;
mod overlay;
mod page;
mod secret;
mod table;
mod toast;
mod users;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
