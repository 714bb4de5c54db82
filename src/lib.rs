//! The console: what an administrator sees. A single page in WebAssembly, drawn by Leptos.
//!
//! In reading order: `app` puts the page together, `paths` and `navigation` say where one is, `session` who is there,
//! `words` in which language; `api` asks the server; `ui` are the pieces and `pages` the screens made of them.
//! It never holds a token, and what it hides it does not protect: the server does.

pub mod app;
pub mod shell;

pub mod choices;
pub mod navigation;
pub mod paths;
pub mod session;
pub mod theme;
pub mod words;

pub mod api;
pub mod problems;

pub mod pages;
pub mod ui;
