//! The console's pieces and its connect form, in a real browser; what the server would answer is answered here.
//!
//! Everything is found as a person finds it: by role and name.

#![cfg(target_arch = "wasm32")]

mod desk;
mod server;

mod api;
mod audit;
mod badge;
mod button;
mod chart;
mod connect;
mod connection;
mod copy;
mod el;
mod field;
mod form;
mod format;
mod guide;
mod icon;
mod import;
mod load;
mod navigation;
mod notice;
mod notices;
mod notifications;
mod overlay;
mod overview;
mod page;
mod palette;
mod reauthenticate;
mod secret;
mod sign_ins;
mod table;
mod toast;
mod typed;
mod unsaved;
mod users;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
