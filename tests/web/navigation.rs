//! Going from page to page.

use api::{Provider, users::UserQuery};
use console::{
    navigation::{Place, use_place, value_of},
    paths::{self, Route},
    ui::el::{el, link},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

/// Links, and where one is. The address of the test's own page comes back with the guard.
fn desk(place: RwSignal<Option<Place>>) -> (Desk, Back) {
    let back = Back(window().location().pathname().expect("a path"));
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        el("div")
            .child(link(paths::users()).child("Users"))
            .child(link("/auth/okta/start".to_owned()).child("Out"))
            .child(
                link(paths::users())
                    .attr("target", "_blank")
                    .child("Beside"),
            )
            .done()
    });
    (desk, back)
}

struct Back(String);

impl Drop for Back {
    fn drop(&mut self) {
        let history = window().history().expect("a history");
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&self.0));
    }
}

/// Whether the console took the press; the browser is kept from following the rest.
fn is_ours(target: &web_sys::HtmlElement, with_control: bool) -> bool {
    let taken = std::rc::Rc::new(std::cell::Cell::new(false));
    let seen = std::rc::Rc::clone(&taken);
    let after = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(
        move |event: web_sys::Event| {
            seen.set(event.default_prevented());
            event.prevent_default();
        },
    );
    let function: &js_sys::Function = after.as_ref().unchecked_ref();
    window()
        .add_event_listener_with_callback("click", function)
        .expect("listening");
    let init = web_sys::MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_ctrl_key(with_control);
    let click =
        web_sys::MouseEvent::new_with_mouse_event_init_dict("click", &init).expect("an event");
    target.dispatch_event(&click).expect("dispatched");
    window()
        .remove_event_listener_with_callback("click", function)
        .expect("listening no more");
    taken.get()
}

#[wasm_bindgen_test]
async fn a_plain_press_of_one_of_our_links_loads_no_page() {
    let place = RwSignal::new(None);
    let (desk, _back) = desk(place);
    let place = place.get_untracked().expect("a place");
    assert!(is_ours(&desk.find("link", "Users"), false));
    assert_eq!(place.path.get_untracked(), "/users");
    assert_eq!(place.moves.get_untracked(), 1);
    assert_eq!(window().location().pathname().expect("a path"), "/users");
}

#[wasm_bindgen_test]
async fn everything_else_is_left_to_the_browser() {
    let place = RwSignal::new(None);
    let (desk, _back) = desk(place);
    assert!(
        !is_ours(&desk.find("link", "Users"), true),
        "control opens another tab"
    );
    assert!(
        !is_ours(&desk.find("link", "Out"), false),
        "not a page of the console"
    );
    assert!(
        !is_ours(&desk.find("link", "Beside"), false),
        "meant for another tab"
    );
    assert_eq!(
        place
            .get_untracked()
            .expect("a place")
            .moves
            .get_untracked(),
        0
    );
}

#[wasm_bindgen_test]
fn a_query_is_decoded_once() {
    assert_eq!(value_of("?search=100%2525&x=1", "search"), "100%25");
    assert_eq!(value_of("?search=a%20b+c", "search"), "a b c");
    assert_eq!(value_of("?x=1", "search"), "");
}

#[wasm_bindgen_test]
fn every_address_that_is_built_reads_back() {
    let routes = [
        (paths::overview(), Route::Overview),
        (paths::users(), Route::Users),
        (paths::new_user(), Route::NewUser),
        (paths::user("0192f0c1"), Route::User("0192f0c1".to_owned())),
        (paths::organization(), Route::Organization),
        (paths::integrations(), Route::Integrations),
        (
            paths::connection(Provider::Okta),
            Route::Connection(Provider::Okta),
        ),
        (
            paths::connect(Provider::Google),
            Route::Connect(Provider::Google),
        ),
    ];
    for (path, route) in routes {
        assert_eq!(paths::route(&path), route, "{path}");
        assert_eq!(paths::route(&format!("{path}/")), route, "{path}/");
    }
    for path in [
        "/nope",
        "/users/1/2",
        "/settings",
        "/settings/integrations/sso/ldap",
    ] {
        assert_eq!(paths::route(path), Route::Unknown, "{path}");
    }
}

#[wasm_bindgen_test]
fn a_filter_in_the_address_reads_back() {
    let mut wish = UserQuery::default();
    assert_eq!(paths::users_with(&wish), "/users");
    wish.filter.search = Some("o'neil & co".to_owned());
    wish.filter.status = Some(api::Status::NeedsAttention);
    wish.descending = true;
    let url = paths::users_with(&wish);
    let query = url
        .split_once('?')
        .map(|(_, query)| format!("?{query}"))
        .expect("a query");
    let pairs = ["search", "status", "order"].map(|name| (name, value_of(&query, name)));
    let read = UserQuery::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str())));
    assert_eq!(read, Ok(wish));
}
