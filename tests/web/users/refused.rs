//! What cannot be asked is said, and nobody else is shown in its place.

use api::Status;
use console::{
    navigation::{Place, Step, use_place},
    pages::users::list,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use super::{page, table, user};
use crate::{
    desk::{Desk, fire, tick},
    server::{Reply, Server},
};

const REFUSED: &str = "Nobody can be looked for this way";

/// Everybody for whoever asks, the job included.
fn everybody() -> Server {
    Server::answering(|_| {
        let users = [("Ada", Status::Active), ("Grace", Status::Inactive)];
        page(users.map(|(name, it)| user(name, it)).to_vec(), None)
    })
}

fn back() -> String {
    window().location().pathname().expect("a path")
}

fn field(desk: &Desk) -> HtmlInputElement {
    desk.find("searchbox", "").dyn_into().expect("an input")
}

async fn typed(desk: &Desk, place: Place, text: &str) {
    let before = place.search.try_get_untracked();
    let field = field(desk);
    field.set_value(text);
    fire(&field, "input");
    desk.until("in the address", |_| {
        place.search.try_get_untracked() != before
    })
    .await;
}

/// No rows, nobody to select, no way out with everybody.
fn expect_nobody(desk: &Desk) {
    assert!(desk.has("alert", ""), "said at once");
    assert!(desk.all("rowheader", "").is_empty() && desk.all("checkbox", "").is_empty());
    for name in [
        "Suspend",
        "Select everybody whom the filter finds",
        "Load more",
    ] {
        assert!(!desk.has("button", name), "{name}");
    }
    assert!(!desk.has("link", "Export as CSV"));
}

#[wasm_bindgen_test]
async fn two_cells_of_a_sheet_are_two_words() {
    let (back, server) = (back(), everybody());
    let (desk, place) = table();
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    typed(&desk, place, "Grace\tHopper").await;
    desk.until("asked", |_| server.lines().len() == 2).await;
    assert_eq!(server.last().line(), "GET /api/users?search=Grace%20Hopper");
    assert_eq!(field(&desk).value(), "Grace Hopper");
    // The same by a link that somebody shared.
    place.go("/users?search=Ada%09Lovelace", Step::Replace);
    desk.until("asked", |_| server.lines().len() == 3).await;
    assert_eq!(server.last().line(), "GET /api/users?search=Ada%20Lovelace");
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn a_search_that_is_too_long_is_said_to_be_and_shows_nobody() {
    let (back, server) = (back(), everybody());
    let (desk, place) = table();
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    desk.find("checkbox", "Select all shown").click();
    desk.until_sees("2 users selected").await;
    // As many signs as the field takes, and twice as many bytes.
    let long = "щ".repeat(101);
    typed(&desk, place, &long).await;
    desk.until_sees(REFUSED).await;
    assert!(desk.sees("Search: This is too long"), "{}", desk.text());
    expect_nobody(&desk);
    assert_eq!(field(&desk).value(), long, "what one typed stays");
    assert_eq!(
        field(&desk).get_attribute("aria-invalid").as_deref(),
        Some("true")
    );
    let alert = desk.find("alert", "");
    typed(&desk, place, &format!("{long}щ")).await;
    tick().await;
    assert_eq!(
        desk.find("alert", ""),
        alert,
        "nobody is told again at each letter"
    );
    assert_eq!(server.lines(), ["GET /api/users"], "nothing was asked");
    // One letter less, and it is a search.
    typed(&desk, place, &"щ".repeat(100)).await;
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    assert_eq!((server.lines().len(), desk.sees(REFUSED)), (2, false));
    assert_eq!(field(&desk).get_attribute("aria-invalid"), None);
    assert!(desk.has("link", "Export as CSV"));
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn a_link_with_a_value_that_is_none_says_so_and_keeps_the_rest_of_the_view() {
    let (back, server) = (back(), everybody());
    let (desk, place) = table();
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    let long = "s".repeat(201);
    for (wrong, said) in [
        ("sort=nonsense", "Order: This is not the kind of value"),
        ("order=down", "Order: "),
        ("status=asleep", "Status: "),
        ("role=owner", "Role: "),
        ("attention=some", "What does not fit: "),
        ("last_sign_in=yesterday", "Last sign-in: "),
        ("limit=1000000000", "Rows at once: "),
        ("after=x&before=y", "Page: "),
        (&*format!("search={long}"), "Search: "),
    ] {
        let before = server.lines().len();
        // A search that is wrong is the only one.
        let rest = if wrong.starts_with("search") {
            ""
        } else {
            "search=a&"
        };
        let url = format!("/users?{rest}columns=email&density=compact&{wrong}");
        place.go(&url, Step::Replace);
        desk.until_sees(said).await;
        expect_nobody(&desk);
        assert_eq!(server.lines().len(), before, "nothing was asked: {wrong}");
        let without = desk.find("link", "Go on without it");
        assert_eq!(
            without.get_attribute("href"),
            Some(format!("/users?{rest}columns=email&density=compact")),
            "{wrong}"
        );
        // What only changes the look does not make it right.
        desk.press("View");
        desk.until("choices", |desk| desk.has("link", "Compact"))
            .await;
        let hides = desk
            .all("link", "E-mail")
            .into_iter()
            .next()
            .expect("a choice");
        let hides = hides.get_attribute("href").expect("an address");
        let kept = if wrong.starts_with("after") {
            "before=y"
        } else {
            wrong
        };
        assert!(hides.contains(kept), "{wrong}: {hides}");
        desk.press("View");
        place.go(
            &format!("/users?{rest}columns=email&density=compact"),
            Step::Replace,
        );
        desk.until("the rows", |desk| desk.has("link", "Ada")).await;
        assert!(!desk.sees(REFUSED), "{wrong}");
    }
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn whoever_opens_such_a_link_first_sees_it_too() {
    let back = back();
    let server = Server::answering(|_| Reply::Never);
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        here.go("/users?status=asleep", Step::Replace);
        place.set(Some(here));
        list::users()
    });
    desk.until_sees(REFUSED).await;
    expect_nobody(&desk);
    assert!(server.log().is_empty());
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
}
