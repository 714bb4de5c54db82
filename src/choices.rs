//! What a person chose for their browser, language and theme: cookies, because the server's own pages follow them too.
//!
//! They are no secret, and nothing depends on them but how things look.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The names, which the server knows.
pub const LANGUAGE: &str = "language";
pub const THEME: &str = "theme";

/// A year, in seconds.
const KEPT: u32 = 31_536_000;

/// The choice of this name, if one was made.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    let document: JsValue = document().into();
    let all = js_sys::Reflect::get(&document, &"cookie".into())
        .ok()?
        .as_string()?;
    let found = all
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned())
}

/// Keeps a choice for a year; none forgets it.
pub fn keep(name: &str, value: Option<&str>) {
    let (value, age) = value.map_or(("", 0), |value| (value, KEPT));
    let cookie = format!("{name}={value}; Path=/; Secure; Max-Age={age}; SameSite=Lax");
    let document: JsValue = document().into();
    // A browser that keeps no cookies keeps no choice.
    let _ = js_sys::Reflect::set(&document, &"cookie".into(), &cookie.into());
}
