//! Filters, columns and density: pressed, in the address, and the same again for whoever opens that address.

use api::Status;
use console::{
    navigation::{Step, use_place},
    pages::users::list,
    ui::el::Inside,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{page, user};
use crate::{
    desk::{Desk, NOON},
    server::Server,
};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn everybody() -> Server {
    Server::answering(|_| page(vec![user("Ada", Status::Active)], None))
}

fn back() -> String {
    window().location().pathname().expect("a path")
}

/// The choice of a menu: of several of this name the one in this place.
fn choice(desk: &Desk, name: &str, at: usize) -> web_sys::HtmlElement {
    let chips = desk.all("link", name).into_iter();
    let mut chips = chips.filter(|it| it.closest(".menu").is_ok_and(|it| it.is_some()));
    chips
        .nth(at)
        .unwrap_or_else(|| panic!("no {name} in a menu"))
}

fn is_current(desk: &Desk, name: &str, at: usize) -> bool {
    choice(desk, name, at)
        .get_attribute("aria-current")
        .as_deref()
        == Some("true")
}

/// What can be seen of how the table looks.
fn looks(desk: &Desk) -> (Vec<String>, bool) {
    let heads = desk.all("columnheader", "");
    let heads = heads.iter().map(web_sys::HtmlElement::inner_text).collect();
    let compact = document().query_selector(".users[data-compact]");
    (heads, compact.expect("a selector").is_some())
}

/// Whoever opens this address.
async fn opened(url: &str) -> Desk {
    let url = url.to_owned();
    let desk = Desk::with(move || {
        use_place().go(&url, Step::Replace);
        list::users()
    });
    desk.until("the row", |desk| desk.has("link", "Ada")).await;
    desk
}

/// Where the tests were.
fn go(url: &str) {
    let _desk = Desk::with({
        let url = url.to_owned();
        move || {
            use_place().go(&url, Step::Replace);
            ().inside()
        }
    });
}

#[wasm_bindgen_test]
async fn each_filter_is_pressed_stands_in_the_address_and_is_asked() {
    let (back, server) = (back(), everybody());
    let month = NOON - NOON % DAY - 30 * DAY;
    let quarter = NOON - NOON % DAY - 90 * DAY;
    // One after another: each adds to those before.
    let presses = [
        ("Administrator", 0, "role=admin".to_owned()),
        ("Member", 0, "role=member".to_owned()),
        ("Never", 0, "role=member&last_sign_in=never".to_owned()),
        (
            "In the last 30 days",
            0,
            format!("role=member&last_sign_in=after%3A{month}"),
        ),
        (
            "Not for 90 days",
            0,
            format!("role=member&last_sign_in=before%3A{quarter}"),
        ),
        (
            "Login changed",
            0,
            format!("role=member&attention=login_changed&last_sign_in=before%3A{quarter}"),
        ),
        (
            "Second account",
            0,
            format!("role=member&attention=second_identity&last_sign_in=before%3A{quarter}"),
        ),
        // Any role, any last sign-in, whatever fits.
        (
            "Any",
            0,
            format!("attention=second_identity&last_sign_in=before%3A{quarter}"),
        ),
        ("Any", 1, "attention=second_identity".to_owned()),
    ];
    let mut url = String::from("/users");
    for (name, at, query) in presses {
        let desk = opened(&url).await;
        desk.press("Filters");
        desk.until("choices", |desk| desk.has("link", "Never"))
            .await;
        choice(&desk, name, at).click();
        let line = format!("GET /api/users?{query}");
        desk.until("asked", |_| server.last().line() == line).await;
        let search = window().location().search().expect("a query");
        assert_eq!(search, format!("?{query}"));
        url = format!("/users{search}");
        drop(desk);
        // Whoever opens the address asks the same, and sees what is chosen.
        let again = opened(&url).await;
        assert_eq!(server.last().line(), line);
        again.press("Filters");
        again
            .until("choices", |desk| desk.has("link", "Never"))
            .await;
        assert!(is_current(&again, name, at), "{name}");
    }
    go(&back);
}

#[wasm_bindgen_test]
async fn columns_and_density_stand_in_the_address_and_look_the_same_again() {
    let (back, server) = (back(), everybody());
    let mut url = String::from("/users");
    for (name, heads, compact, address) in [
        (
            "Created",
            &[
                "Name",
                "E-mail",
                "Okta login",
                "Status",
                "Role",
                "Last sign-in",
                "Created",
            ][..],
            false,
            "?columns=email.okta_login.status.role.last_sign_in_at.created_at",
        ),
        (
            "Compact",
            &[
                "Name",
                "E-mail",
                "Okta login",
                "Status",
                "Role",
                "Last sign-in",
                "Created",
            ],
            true,
            "?columns=email.okta_login.status.role.last_sign_in_at.created_at&density=compact",
        ),
        (
            "E-mail",
            &[
                "Name",
                "Okta login",
                "Status",
                "Role",
                "Last sign-in",
                "Created",
            ],
            true,
            "?columns=okta_login.status.role.last_sign_in_at.created_at&density=compact",
        ),
        (
            "Comfortable",
            &[
                "Name",
                "Okta login",
                "Status",
                "Role",
                "Last sign-in",
                "Created",
            ],
            false,
            "?columns=okta_login.status.role.last_sign_in_at.created_at",
        ),
    ] {
        let desk = opened(&url).await;
        let asked = server.lines().len();
        desk.press("View");
        // A column's name stands in the table too.
        desk.until("choices", |desk| desk.has("link", "Comfortable"))
            .await;
        choice(&desk, name, 0).click();
        let is_so = |desk: &Desk| {
            let (shown, is_compact) = looks(desk);
            let named = shown.iter().map(|it| it.trim_end_matches([' ', '↑']));
            named.eq(heads.iter().copied()) && is_compact == compact
        };
        desk.until(name, is_so).await;
        assert_eq!(
            server.lines().len(),
            asked,
            "how it looks is no question: {name}"
        );
        let search = window().location().search().expect("a query");
        assert_eq!(search, address);
        url = format!("/users{search}");
        let before = looks(&desk);
        drop(desk);
        let again = opened(&url).await;
        assert_eq!(looks(&again), before, "{name}");
    }
    go(&back);
}

/// An address, and how the console writes the same view.
#[wasm_bindgen_test]
async fn every_view_is_written_as_it_is_read() {
    let (back, _server) = (back(), everybody());
    for (read, written) in [
        ("", ""),
        ("?density=comfortable&rows=0", ""),
        (
            "?columns=email.okta_login.status.role.last_sign_in_at&order=asc",
            "?columns=email.okta_login.status.role.last_sign_in_at",
        ),
        ("?columns=name", "?columns=name"),
        (
            "?columns=role.email&density=compact",
            "?columns=role.email&density=compact",
        ),
        (
            "?density=compact&columns=status&search=a%20b",
            "?search=a%20b&columns=status&density=compact",
        ),
        (
            "?rows=70&job=j%2F1&density=compact",
            "?density=compact&rows=70&job=j%2F1",
        ),
        (
            "?limit=100&order=desc&sort=role&status=suspended",
            "?status=suspended&sort=role&order=desc&limit=100",
        ),
        (
            "?last_sign_in=before%3A5&role=admin&attention=login_changed",
            "?role=admin&attention=login_changed&last_sign_in=before%3A5",
        ),
    ] {
        let desk = opened(&format!("/users{read}")).await;
        desk.press("View");
        desk.until("choices", |desk| desk.has("link", "Compact"))
            .await;
        let density = usize::from(is_current(&desk, "Compact", 0));
        let now = choice(&desk, ["Comfortable", "Compact"][density], 0);
        assert_eq!(
            now.get_attribute("href"),
            Some(format!("/users{written}")),
            "{read}"
        );
    }
    go(&back);
}

#[wasm_bindgen_test]
async fn what_goes_out_is_the_filter_and_the_order_of_the_view() {
    let (back, _server) = (back(), everybody());
    for (view, asked) in [
        ("", ""),
        ("?search=a%26b%20%C3%A9", "?search=a%26b%20%C3%A9"),
        (
            "?search=a&status=active&role=member&attention=login_changed&last_sign_in=never&sort=email&order=desc",
            "?search=a&status=active&role=member&attention=login_changed&last_sign_in=never&sort=email&order=desc",
        ),
        // From the first row on, whatever page one is at, and whatever it looks like.
        (
            "?sort=role&after=abc&columns=email&density=compact&rows=70",
            "?sort=role",
        ),
        ("?status=suspended&before=abc&job=job1", "?status=suspended"),
    ] {
        let desk = opened(&format!("/users{view}")).await;
        let link = desk.find("link", "Export as CSV");
        let href = link.get_attribute("href");
        assert_eq!(href, Some(format!("/api/users/export{asked}")), "{view}");
    }
    go(&back);
}
