//! The user form and the users' table, with the server answered here.

mod bulk;
mod claimed;
mod detail;
mod further;
mod keyboard;
mod meanwhile;
mod mended;
mod refused;
mod rows;
mod unconfirmed;
mod view;

use api::{
    Role, Status, User,
    users::{Attention, Found, StatusCounts, UserDetail, UserEvent, UserList},
};
use console::{
    navigation::{Place, Step, use_place},
    pages::users::{detail as user_page, list, new},
    ui::el::live,
};
use leptos::prelude::*;
use locales::Language;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON, fire, speak},
    server::{Reply, Server},
};

pub(crate) fn user(name: &str, status: Status) -> User {
    User {
        id: name.to_lowercase(),
        name: name.to_owned(),
        email: format!("{}@northwind.example", name.to_lowercase()),
        okta_login: (status != Status::Suspended).then(|| "login".to_owned()),
        status,
        role: Role::Member,
        attention: None,
        first_sign_in_at: None,
        last_sign_in_at: (status == Status::Active).then_some(NOON - 300_000),
        created_at: NOON,
        version: 1,
    }
}

pub(crate) fn page(users: Vec<User>, next: Option<&str>) -> Reply {
    let counts = StatusCounts {
        all: 3,
        active: 1,
        inactive: 1,
        needs_attention: 0,
        suspended: 1,
    };
    Reply::json(&UserList {
        users,
        next: next.map(str::to_owned),
        previous: None,
        found: Found {
            count: 3,
            or_more: false,
        },
        counts,
    })
}

/// The table, and where it is.
fn table() -> (Desk, Place) {
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        list::users()
    });
    (desk, place.get_untracked().expect("a place"))
}

/// The table or one user, by the address, as the app has it; and where it is.
fn table_and_user() -> (Desk, Place) {
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        place.set(Some(here));
        // Another path is another page.
        let is_table = Memo::new(move |_| here.path.with(|it| it == "/users"));
        live(move || {
            if is_table.get() {
                list::users()
            } else {
                user_page::user("ada".to_owned())
            }
        })
    });
    (desk, place.get_untracked().expect("a place"))
}

fn shown_user() -> Reply {
    Reply::json(&UserDetail {
        user: user("Ada", Status::Active),
        identities: Vec::new(),
        unconfirmed: Vec::new(),
        attempts: Vec::new(),
        sessions: Vec::new(),
        history: Vec::new(),
        has_password: false,
    })
}

#[wasm_bindgen_test]
async fn the_okta_login_is_the_e_mail_until_somebody_types_another() {
    let server = Server::answering(|_| Reply::Never);
    let desk = Desk::with(new::new_user);
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@northwind.example");
    desk.until("it follows", |desk| {
        desk.field("Okta login (optional)").value() == "ada@northwind.example"
    })
    .await;
    desk.type_into("Okta login (optional)", "alovelace");
    desk.type_into("E-mail", "ada.lovelace@northwind.example");
    crate::desk::tick().await;
    assert_eq!(desk.field("Okta login (optional)").value(), "alovelace");
    desk.press("Save & close");
    desk.until("sent", |_| !server.log().is_empty()).await;
    let asked = server.last();
    assert_eq!(asked.line(), "POST /api/users");
    assert!(
        asked.body.contains(r#""okta_login":"alovelace""#),
        "{}",
        asked.body
    );
    assert!(asked.body.contains(r#""role":"member""#), "{}", asked.body);
}

#[wasm_bindgen_test]
async fn what_was_done_in_a_shell_is_of_the_command_line() {
    let _server = Server::answering(|_| {
        let by = |actor: &str| UserEvent {
            id: actor.to_owned(),
            at: NOON,
            event: "user.suspended".to_owned(),
            actor: actor.to_owned(),
        };
        Reply::json(&UserDetail {
            user: user("Ada", Status::Active),
            identities: Vec::new(),
            unconfirmed: Vec::new(),
            attempts: Vec::new(),
            sessions: Vec::new(),
            history: vec![by(api::audit::COMMAND_LINE), by("Grace")],
            has_password: false,
        })
    });
    let desk = Desk::with(|| user_page::user("ada".to_owned()));
    desk.until_sees("from the command line").await;
    assert!(desk.sees("by Grace"));
}

#[wasm_bindgen_test]
async fn each_status_is_a_word_and_who_never_came_is_said_to() {
    let _server = Server::answering(|_| {
        let users = [
            ("Ada", Status::Active),
            ("Grace", Status::Inactive),
            ("Tony", Status::Suspended),
            ("Alan", Status::NeedsAttention),
            ("Edsger", Status::NeedsAttention),
        ];
        let mut users = users.map(|(name, status)| user(name, status));
        let changed = || Attention::LoginChanged { now: "x".into() };
        // Whoever is barred is so for another reason.
        users[2].attention = Some(changed());
        users[3].attention = Some(changed());
        users[4].attention = Some(Attention::SecondIdentity { sub: "x".into() });
        page(users.to_vec(), None)
    });
    let desk = Desk::with(list::users);
    desk.until("the rows", |desk| desk.all("rowheader", "").len() == 5)
        .await;
    let rows: Vec<String> = desk
        .all("row", "")
        .iter()
        .map(web_sys::HtmlElement::inner_text)
        .collect();
    assert!(
        rows[1].contains("Active") && rows[1].contains("5 minutes ago"),
        "{}",
        rows[1]
    );
    assert!(
        rows[2].contains("Inactive") && rows[2].contains("Never"),
        "{}",
        rows[2]
    );
    assert!(
        rows[3].contains("Suspended") && rows[3].contains("Not assigned"),
        "{}",
        rows[3]
    );
    for (row, why) in [(&rows[4], "Login changed"), (&rows[5], "Second account")] {
        assert!(
            row.contains("Needs attention") && row.contains(why),
            "{row}"
        );
    }
    assert!(!rows[3].contains("Login changed"), "{}", rows[3]);
    speak(Language::French);
    desk.until_sees("Identifiant modifié").await;
    speak(Language::English);
    desk.until_sees("Login changed").await;
    assert!(desk.has("link", "Inactive 1"));
    assert_eq!(
        desk.find("link", "Grace").get_attribute("href").as_deref(),
        Some("/users/grace")
    );
}

#[wasm_bindgen_test]
async fn the_next_page_comes_under_the_first() {
    let server = Server::answering(|asked| {
        if asked.path.contains("after=") {
            page(vec![user("Tony", Status::Suspended)], None)
        } else {
            page(
                vec![user("Ada", Status::Active), user("Grace", Status::Inactive)],
                Some("c2"),
            )
        }
    });
    let desk = Desk::with(list::users);
    desk.until_sees("2 of 3").await;
    desk.press("Load more");
    desk.until_sees("3 of 3").await;
    assert_eq!(desk.all("rowheader", "").len(), 3);
    assert_eq!(
        server.lines(),
        ["GET /api/users", "GET /api/users?after=c2"]
    );
    assert!(!desk.has("button", "Load more"));
}

#[wasm_bindgen_test]
async fn an_empty_deployment_says_what_to_do_next() {
    let _server = Server::answering(|_| page(Vec::new(), None));
    let desk = Desk::with(list::users);
    desk.until_sees("No users yet").await;
    assert_eq!(
        desk.all("link", "New user").len(),
        2,
        "at the top, and where one looks"
    );
}

#[wasm_bindgen_test]
async fn a_search_stands_in_the_address_and_the_address_in_the_search() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|_| page(Vec::new(), None));
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        list::users()
    });
    let search: web_sys::HtmlInputElement = {
        let found = desk.find("searchbox", "Search name, e-mail or Okta login");
        found.dyn_into().expect("an input")
    };
    search.set_value(" grace ");
    fire(&search, "input");
    desk.until_sees("Nobody matches “grace”").await;
    assert_eq!(server.last().line(), "GET /api/users?search=grace");
    assert_eq!(
        window().location().search().expect("a query"),
        "?search=grace"
    );
    assert_eq!(search.value(), " grace ", "what one types stays as it is");
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
    desk.until("the box is empty", |_| search.value().is_empty())
        .await;
    desk.until_sees("No users yet").await;
}

#[wasm_bindgen_test]
async fn a_column_sorts_and_the_filter_stays_in_the_address() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|_| page(vec![user("Ada", Status::Active)], None));
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        list::users()
    });
    let go = move |url: &str| {
        let place = place.get_untracked().expect("a place");
        place.go(url, Step::Replace);
    };
    desk.until("the row", |desk| desk.has("link", "Ada")).await;
    go("/users?search=a&role=admin&columns=email&density=compact");
    desk.until("one column less", |desk| {
        !desk.has("columnheader", "Last sign-in")
    })
    .await;
    // The menu of the columns names it too, before the table.
    let head = desk.all("link", "E-mail").pop().expect("the head");
    let href = head.get_attribute("href");
    assert_eq!(
        href.as_deref(),
        Some("/users?search=a&role=admin&sort=email&columns=email&density=compact")
    );
    assert_eq!(server.last().line(), "GET /api/users?search=a&role=admin");
    // A search has an order of its own, until one sorts by a column.
    let name = desk.find("columnheader", "Name");
    assert_eq!(name.get_attribute("aria-sort"), None);
    let by_name = desk.all("link", "Name").pop().expect("the head");
    assert_eq!(
        by_name.get_attribute("href").as_deref(),
        Some("/users?search=a&role=admin&sort=name&columns=email&density=compact")
    );
    go("/users?search=a&sort=name&limit=100");
    desk.until("asked by name", |_| {
        server.last().line() == "GET /api/users?search=a&sort=name&limit=100"
    })
    .await;
    desk.until("sorted by name", |desk| {
        let heads = desk.all("columnheader", "Name ↑");
        let way = heads
            .first()
            .and_then(|head| head.get_attribute("aria-sort"));
        way.as_deref() == Some("ascending")
    })
    .await;
    go("/users?sort=email");
    desk.until("sorted", |_| {
        server.last().line() == "GET /api/users?sort=email"
    })
    .await;
    desk.until("said", |desk| {
        let head = desk.find("columnheader", "E-mail ↑");
        head.get_attribute("aria-sort").as_deref() == Some("ascending")
    })
    .await;
    go(&back);
}

#[wasm_bindgen_test]
async fn from_a_search_one_goes_to_a_page_and_back() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path == "/api/users/ada" {
            return shown_user();
        }
        page(vec![user("Ada", Status::Active)], None)
    });
    let (desk, place) = table_and_user();
    place.go("/users", Step::Push);
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    let search = desk.find("searchbox", "Search name, e-mail or Okta login");
    let search: web_sys::HtmlInputElement = search.dyn_into().expect("an input");
    search.focus().expect("focus");
    search.set_value("ada");
    fire(&search, "input");
    desk.until("asked", |_| place.search.get_untracked() == "?search=ada")
        .await;
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    desk.find("link", "Ada").click();
    desk.until("the user", |desk| desk.has("button", "Save & close"))
        .await;
    window().history().expect("a history").back().expect("back");
    desk.until("the rows", |desk| desk.has("link", "Ada")).await;
    assert_eq!(server.last().line(), "GET /api/users?search=ada");
    place.go(&back, Step::Replace);
}
