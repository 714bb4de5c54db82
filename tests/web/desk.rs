//! A place to put a piece of the console, and hands and eyes for it: by role and accessible name.

use std::{cell::RefCell, future::Future};

use api::{Role, Session, SignedInBy};
use console::{
    navigation::Place,
    session, theme,
    ui::{el::View, format::Clock, overlay::Confirm, page::Frame, toast::Toasts},
    words,
};
use leptos::{mount::UnmountHandle, prelude::*};
use locales::Language;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// 2026-11-21, 12:00 UTC.
pub(crate) const NOON: i64 = 1_795_262_400_000;

type Mounted = UnmountHandle<<View as Render>::State>;

/// A piece in the page. It leaves with the desk.
pub(crate) struct Desk {
    root: HtmlElement,
    mounted: Option<Mounted>,
}

thread_local! {
    static LEFT_FOR: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl Desk {
    /// Draws in English, at noon, for an administrator of Northwind.
    pub(crate) fn with(draw: impl FnOnce() -> View + 'static) -> Self {
        speak(Language::English);
        LEFT_FOR.with_borrow_mut(Vec::clear);
        console::navigation::unsaved::forget();
        console::navigation::leave_by(|url| {
            LEFT_FOR.with_borrow_mut(|left| left.push(url.to_owned()));
        });
        let root: HtmlElement = document()
            .create_element("div")
            .expect("an element")
            .dyn_into()
            .expect("of HTML");
        document()
            .body()
            .expect("a body")
            .append_child(&root)
            .expect("in the page");
        let mounted = mount_to(root.clone(), move || {
            contexts();
            draw()
        });
        Self {
            root,
            mounted: Some(mounted),
        }
    }

    /// Takes the piece out of the page, as going to another does.
    pub(crate) fn leave(&mut self) {
        self.mounted.take();
    }

    /// The one element of this role and name.
    pub(crate) fn find(&self, role: &str, wanted: &str) -> HtmlElement {
        let found = self.all(role, wanted);
        assert_eq!(
            found.len(),
            1,
            "{role} {wanted:?} in: {}",
            self.root.inner_html()
        );
        found.into_iter().next().expect("one")
    }

    /// Whether there is such an element.
    pub(crate) fn has(&self, role: &str, wanted: &str) -> bool {
        !self.all(role, wanted).is_empty()
    }

    pub(crate) fn all(&self, wanted_role: &str, wanted: &str) -> Vec<HtmlElement> {
        let all = self.root.query_selector_all("*").expect("a selector");
        (0..all.length())
            .filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok())
            .filter(|it| role(it) == wanted_role && (wanted.is_empty() || name(it) == wanted))
            .collect()
    }

    pub(crate) fn press(&self, wanted: &str) {
        self.find("button", wanted).click();
    }

    pub(crate) fn field(&self, label: &str) -> HtmlInputElement {
        self.find("textbox", label).dyn_into().expect("an input")
    }

    /// Types into a field, as a whole: what was there is replaced.
    pub(crate) fn type_into(&self, label: &str, text: &str) {
        let field = self.field(label);
        let _ = field.focus();
        field.set_value(text);
        fire(&field, "input");
    }

    /// Goes on to somewhere else.
    pub(crate) fn leave_field(&self, label: &str) {
        let _ = self.field(label).blur();
    }

    /// Everything that can be read.
    pub(crate) fn text(&self) -> String {
        said(&self.root)
    }

    pub(crate) fn sees(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Waits until something is so, for two seconds at most.
    pub(crate) async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        for _ in 0..200 {
            if so(self) {
                return;
            }
            tick().await;
        }
        panic!("never: {what}; there is: {}", self.root.inner_html());
    }

    pub(crate) async fn until_sees(&self, text: &str) {
        self.until(text, |desk| desk.sees(text)).await;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.mounted.take();
        self.root.remove();
    }
}

/// Where the console went when it left, in order.
pub(crate) fn left_for() -> Vec<String> {
    LEFT_FOR.with_borrow(Clone::clone)
}

pub(crate) fn speak(language: Language) {
    words::put(
        language,
        locales::texts(language)
            .iter()
            .map(|it| (*it).to_owned())
            .collect(),
    );
}

/// What `app` provides.
fn contexts() {
    provide_context(Place::follow());
    provide_context(Clock(RwSignal::new(NOON)));
    provide_context(theme::Current::follow());
    provide_context(Toasts::default());
    provide_context(Confirm::default());
    let place: Place = expect_context();
    provide_context(Frame {
        crumbs: RwSignal::new(Vec::new()),
        site: Signal::stored("Northwind".to_owned()),
        moves: place.moves.into(),
    });
    provide_context(session::Current(RwSignal::new(Session {
        user_id: "0192f0c1".to_owned(),
        name: "Ada Lovelace".to_owned(),
        email: "ada@northwind.example".to_owned(),
        role: Role::Admin,
        organization: "Northwind".to_owned(),
        signed_in_by: SignedInBy::Okta,
        expires_at: NOON,
        authenticated_at: NOON,
        reauthenticate_by: Vec::new(),
        okta_simulator: None,
        trial: None,
    })));
}

/// A turn of the browser's own loop, a frame included.
pub(crate) async fn tick() {
    after(10).await;
}

pub(crate) async fn after(milliseconds: i32) {
    let turn = js_sys::Promise::new(&mut |done, _| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds)
            .expect("a timer");
    });
    JsFuture::from(turn).await.expect("it comes round");
}

/// Whether a future ends before a tick does not matter to whoever only wants it to begin.
pub(crate) fn begin(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}

/// An event that goes up, as the browser's own do.
pub(crate) fn fire(target: &Element, kind: &str) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = web_sys::Event::new_with_event_init_dict(kind, &init).expect("an event");
    target.dispatch_event(&event).expect("dispatched");
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<String> {
    document()
        .active_element()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok())
        .map(|it| name(&it))
}

/// What can be read of an element.
pub(crate) fn said(element: &Element) -> String {
    element.text_content().unwrap_or_default()
}

/// ARIA in HTML, as far as the console goes.
fn role(element: &HtmlElement) -> String {
    if let Some(role) = element.get_attribute("role") {
        return role;
    }
    let kind = element.get_attribute("type").unwrap_or_default();
    let role = match (element.tag_name().to_lowercase().as_str(), kind.as_str()) {
        ("button", _) => "button",
        ("a", _) if element.has_attribute("href") => "link",
        ("input", "radio") => "radio",
        ("input", "checkbox") => "checkbox",
        ("input", "search") => "searchbox",
        ("input", _) => "textbox",
        ("h1" | "h2" | "h3", _) => "heading",
        ("nav", _) => "navigation",
        ("dialog", _) => "dialog",
        ("fieldset", _) => "group",
        ("li", _) => "listitem",
        ("p", _) => "paragraph",
        ("time", _) => "time",
        _ => "",
    };
    role.to_owned()
}

/// The accessible name, as far as the console goes (Accessible Name and Description Computation 1.2).
fn name(element: &HtmlElement) -> String {
    if let Some(label) = element.get_attribute("aria-label") {
        return label;
    }
    if let Some(id) = element.get_attribute("aria-labelledby") {
        return document()
            .get_element_by_id(&id)
            .map(|it| said(&it))
            .unwrap_or_default();
    }
    if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
        return label_of(field);
    }
    if let Ok(Some(legend)) = element.query_selector(":scope > legend, :scope > caption") {
        return said(&legend);
    }
    said(element).trim().to_owned()
}

fn label_of(field: &HtmlInputElement) -> String {
    let selector = format!("label[for=\"{}\"]", field.id());
    if !field.id().is_empty()
        && let Ok(Some(label)) = document().query_selector(&selector)
    {
        return said(&label);
    }
    field
        .closest("label")
        .ok()
        .flatten()
        .map(|it| said(&it))
        .unwrap_or_default()
}

/// The texts that describe an element, in order.
pub(crate) fn description(element: &HtmlElement) -> String {
    let ids = element
        .get_attribute("aria-describedby")
        .unwrap_or_default();
    let texts: Vec<String> = ids
        .split_whitespace()
        .map(|id| {
            said(
                &document()
                    .get_element_by_id(id)
                    .expect("a described-by id that is there"),
            )
        })
        .collect();
    texts.join(" ")
}

/// Replaces a property of an object for good: the page of a test is its own.
pub(crate) fn replace(object: &JsValue, property: &str, value: &JsValue) {
    let descriptor = js_sys::Object::new();
    for (name, value) in [
        ("value", value),
        ("configurable", &JsValue::TRUE),
        ("writable", &JsValue::TRUE),
    ] {
        js_sys::Reflect::set(&descriptor, &name.into(), value).expect("set");
    }
    let object: js_sys::Object = object.clone().unchecked_into();
    js_sys::Object::define_property(&object, &property.into(), &descriptor);
}
