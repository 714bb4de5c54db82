//! Reads an answer: the browser parses the JSON, and the types of the contract take what they need.
//!
//! Whatever is wrong is the same to the console: the answer is not of this contract.

use std::cell::Cell;

use api::json::{FromJson, Json};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The answer is not of this contract.
#[derive(Debug)]
pub(super) struct Unreadable;

thread_local! {
    /// Whether something was not as it should be since an answer was begun. Not in each value: there is one thread, and
    /// nothing else is read meanwhile.
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Reads a value of the contract. Its numbers are whole, and below 2^53 as the browser's are.
pub(super) fn read<T: FromJson>(text: &str) -> Result<T, Unreadable> {
    let parsed = Value(JSON::parse(text).map_err(|_| Unreadable)?);
    FAILED.set(false);
    let value = T::read(&parsed);
    if FAILED.get() {
        Err(Unreadable)
    } else {
        Ok(value)
    }
}

struct Value(JsValue);

impl Value {
    fn or_fail<T: Default>(&self, found: Option<T>) -> T {
        if found.is_none() {
            self.fail();
        }
        found.unwrap_or_default()
    }
}

impl Json for Value {
    #[inline(never)]
    fn get(&self, name: &str) -> Self {
        // Fails for what is no object.
        Self(self.or_fail(Reflect::get(&self.0, &name.into()).ok()))
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        let list = self.0.dyn_ref::<Array>().cloned();
        let list = self.or_fail(list);
        (0..list.length()).map(move |at| Self(list.get(at)))
    }

    fn is_none(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    #[inline(never)]
    fn text(&self) -> String {
        self.or_fail(self.0.as_string())
    }

    #[inline(never)]
    fn whole(&self) -> i64 {
        // Beyond 2^53 the browser has another number than was sent.
        let fits = |it: &f64| it.fract() == 0.0 && it.abs() < 9_007_199_254_740_992.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is whole loses nothing below 2^53"
        )]
        let whole = self.0.as_f64().filter(fits).map(|it| it as i64);
        self.or_fail(whole)
    }

    fn flag(&self) -> bool {
        self.or_fail(self.0.as_bool())
    }

    #[inline(never)]
    fn one_of(&self, texts: &[&str]) -> usize {
        let text = self.text();
        self.or_fail(texts.iter().position(|it| *it == text))
    }

    fn fail(&self) {
        FAILED.set(true);
    }
}
