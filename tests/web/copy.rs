//! Values that are carried elsewhere.

use console::ui::{copy::copy_field, el::Inside};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::{JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, description, replace};

const URI: &str = "https://sso.northwind.example/auth/okta/callback";

/// The browser's clipboard asks for a permission that no test can give.
fn clipboard(copied: RwSignal<String>) {
    let write = Closure::<dyn Fn(String) -> js_sys::Promise>::new(move |text: String| {
        copied.set(text);
        js_sys::Promise::resolve(&JsValue::UNDEFINED)
    });
    let own = js_sys::Object::new();
    replace(&own, "writeText", &write.into_js_value());
    replace(&window().navigator(), "clipboard", &own);
}

fn desk() -> Desk {
    Desk::with(|| {
        copy_field(
            "uri",
            keys::CONNECT_REDIRECT_URI,
            URI.to_owned(),
            Some(keys::ORGANIZATION_REDIRECT_HINT.into()),
        )
        .inside()
    })
}

#[wasm_bindgen_test]
async fn a_value_is_shown_whole_and_cannot_be_changed() {
    let desk = desk();
    let field = desk.field("Sign-in redirect URI");
    assert_eq!(field.value(), URI);
    assert!(field.read_only());
    assert_eq!(description(&field), "Register exactly this one at Okta.");
}

#[wasm_bindgen_test]
async fn a_value_is_copied_and_that_is_said() {
    let copied = RwSignal::new(String::new());
    clipboard(copied);
    let desk = desk();
    desk.press("Copy: Sign-in redirect URI");
    desk.until("said", |desk| {
        desk.has("button", "Copied: Sign-in redirect URI")
    })
    .await;
    assert_eq!(copied.get_untracked(), URI);
    assert!(
        desk.all("status", "")
            .iter()
            .any(|it| it.text_content().as_deref() == Some("Copied"))
    );
}

#[wasm_bindgen_test]
async fn without_a_clipboard_the_value_is_marked() {
    replace(&window().navigator(), "clipboard", &JsValue::UNDEFINED);
    let desk = desk();
    desk.press("Copy: Sign-in redirect URI");
    let field = desk.field("Sign-in redirect URI");
    assert_eq!(
        field.selection_end().expect("a selection"),
        Some(u32::try_from(URI.len()).expect("short"))
    );
    assert!(
        desk.has("button", "Copy: Sign-in redirect URI"),
        "nothing is claimed"
    );
}
