//! How far somebody came: it stands in the address, so that going back, or a link, shows the same rows.

use api::Status;
use api::{
    User,
    users::{Found, StatusCounts, UserList},
};
use console::{
    navigation::{Step, use_place},
    pages::users::list,
    ui::{el::group, overlay::use_confirm},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{shown_user, table, table_and_user, user};
use crate::{
    desk::{Desk, tick},
    server::{Asked, Reply, Server},
};

fn number(path: &str, name: &str) -> Option<usize> {
    let (_, rest) = path.split_once(name)?;
    rest.split('&').next()?.parse().ok()
}

/// A page out of so many: the cursor is how many were before it.
pub(super) fn of(count: usize, asked: &Asked) -> Reply {
    if asked.path == "/api/users/ada" {
        return shown_user();
    }
    let from = number(&asked.path, "after=").unwrap_or_default();
    let limit = number(&asked.path, "limit=").unwrap_or(50);
    let until = count.min(from + limit);
    let one = |number| User {
        id: format!("{number:036}"),
        ..user(&format!("User {number:04}"), Status::Active)
    };
    Reply::json(&UserList {
        users: (from..until).map(one).collect(),
        next: (until < count).then(|| until.to_string()),
        previous: None,
        found: Found {
            count: count as u64,
            or_more: false,
        },
        counts: StatusCounts::default(),
    })
}

pub(super) fn names(desk: &Desk) -> Vec<String> {
    let rows = desk.all("rowheader", "");
    rows.iter()
        .map(|it| it.text_content().unwrap_or_default())
        .collect()
}

async fn load_more(desk: &Desk, until: &str) {
    desk.press("Load more");
    desk.until_sees(until).await;
}

#[wasm_bindgen_test]
async fn going_back_shows_as_many_rows_as_one_had_come_to() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| of(400, asked));
    let (desk, place) = table_and_user();
    place.go("/users?sort=email", Step::Push);
    desk.until_sees("50 of 400").await;
    for so_far in ["100 of 400", "150 of 400", "200 of 400", "250 of 400"] {
        load_more(&desk, so_far).await;
    }
    desk.until("all of them", |desk| names(desk).len() == 250)
        .await;
    let before = names(&desk);
    desk.until("in the address", |_| {
        place.search.get_untracked() == "?sort=email&rows=250"
    })
    .await;
    desk.find("link", "User 0249").click();
    desk.until("the user", |desk| desk.has("button", "Save & close"))
        .await;
    let asked = server.lines().len();
    window().history().expect("a history").back().expect("back");
    desk.until_sees("250 of 400").await;
    desk.until("all of them", |desk| names(desk) == before)
        .await;
    // The first page is not kept waiting by the others, which come in few requests.
    assert_eq!(
        server.lines()[asked..],
        [
            "GET /api/users?sort=email",
            "GET /api/users?sort=email&after=50&limit=200"
        ]
    );
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn a_link_shows_as_many_rows_and_another_question_begins_anew() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| of(400, asked));
    let (desk, place) = table();
    desk.until_sees("50 of 400").await;
    let before = server.lines().len();
    place.go("/users?sort=email&limit=100&rows=130", Step::Replace);
    desk.until_sees("130 of 400").await;
    desk.until("all of them", |desk| names(desk).len() == 130)
        .await;
    assert_eq!(
        server.lines()[before..],
        [
            "GET /api/users?sort=email&limit=100",
            "GET /api/users?sort=email&after=100&limit=30"
        ]
    );
    // How it looks is no other question; whom it shows is.
    desk.press("View");
    desk.until("choices", |desk| desk.has("link", "Compact"))
        .await;
    let href = |role: &str, name: &str| {
        let link = desk.all(role, name).into_iter().next().expect("a link");
        link.get_attribute("href").expect("an address")
    };
    assert_eq!(
        href("link", "Compact"),
        "/users?sort=email&limit=100&density=compact&rows=130"
    );
    assert_eq!(
        href("link", "Active 0"),
        "/users?status=active&sort=email&limit=100"
    );
    for (address, said) in [
        ("/users?rows=20", "50 of 400"),
        ("/users?rows=many", "50 of 400"),
        ("/users?rows=-1", "50 of 400"),
        ("/users?rows=1000000000", "400 of 400"),
    ] {
        place.go("/users?sort=role", Step::Replace);
        desk.until("asked", |_| server.last().path.ends_with("sort=role"))
            .await;
        place.go(address, Step::Replace);
        desk.until_sees(said).await;
    }
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn as_many_are_shown_as_can_be_selected_and_that_is_said() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| of(1_230, asked));
    let (desk, place) = table();
    desk.until_sees("50 of 1,230").await;
    place.go("/users?rows=970", Step::Replace);
    // Not asked again: how many rows there are is no other question.
    tick().await;
    assert_eq!(server.lines().len(), 1);
    place.go("/users?sort=email&rows=970", Step::Replace);
    desk.until_sees("970 of 1,230").await;
    desk.press("Load more");
    desk.until_sees("1,000 of 1,230").await;
    assert!(
        server.last().path.ends_with("after=970&limit=30"),
        "{}",
        server.last().path
    );
    assert!(!desk.has("button", "Load more"));
    assert!(desk.sees("No more than 1,000 are shown at once"));
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn all_that_is_shown_is_selected_over_five_pages() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path.contains("/bulk") {
            return Reply::Problem(412, "changed", &[]);
        }
        of(400, asked)
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        group(vec![list::users(), use_confirm().dialog().done()])
    });
    desk.until_sees("50 of 400").await;
    for so_far in ["100 of 400", "150 of 400", "200 of 400", "250 of 400"] {
        load_more(&desk, so_far).await;
    }
    desk.find("checkbox", "Select all shown").click();
    desk.until_sees("250 users selected").await;
    desk.find("checkbox", "Select User 0007").click();
    desk.until_sees("249 users selected").await;
    desk.find("checkbox", "Select User 0007").click();
    desk.until_sees("250 users selected").await;
    desk.press("Suspend");
    desk.until_sees("until you let them back in: 250.").await;
    let agree = desk.all("button", "Suspend").pop().expect("in the dialog");
    agree.click();
    desk.until("sent", |_| {
        server.lines().contains(&"POST /api/users/bulk".to_owned())
    })
    .await;
    let sent = server.of("POST /api/users/bulk").body;
    let form: api::users::BulkForm = serde_json::from_str(&sent).expect("a form");
    let form = form.validate().expect("that the server takes");
    let mut ids = form.ids.expect("ids");
    ids.sort();
    let expected: Vec<String> = (0..250).map(|number| format!("{number:036}")).collect();
    assert_eq!((ids, form.expected), (expected, 250));
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn rows_of_one_question_are_never_asked_on_for_another() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path.ends_with("sort=role") {
            return Reply::Never;
        }
        of(400, asked)
    });
    let (desk, place) = table();
    desk.until_sees("50 of 400").await;
    // What was there is drawn again while the next answer is on its way.
    place.go("/users?status=asleep", Step::Replace);
    desk.until("refused", |desk| desk.has("alert", "")).await;
    place.go("/users?sort=email&rows=120", Step::Replace);
    desk.until_sees("120 of 400").await;
    place.go("/users?sort=role", Step::Replace);
    desk.until("asked", |_| server.last().path.ends_with("sort=role"))
        .await;
    desk.press("Load more");
    tick().await;
    assert_eq!(
        server.lines(),
        [
            "GET /api/users",
            "GET /api/users?sort=email",
            "GET /api/users?sort=email&after=50&limit=70",
            "GET /api/users?sort=role",
        ]
    );
    place.go(&back, Step::Replace);
}
