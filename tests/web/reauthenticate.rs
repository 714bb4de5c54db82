//! "Confirm it’s you": what was refused is sent again once the person confirmed who they are, and nothing typed is lost.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use api::{ReauthenticationMethod, Session, Status};
use console::{
    pages::users::new::new_user, session::use_session, shell::reauthenticate, ui::el::group,
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use crate::{
    desk::{Desk, NOON, after, replace},
    server::{Asked, Reply, Server},
    users::user,
};

const TITLE: &str = "Confirm it’s you";
const CREATE: &str = "POST /api/users";
const CONFIRM: &str = "POST /api/session/reauthenticate";

/// What the server knows: the session, which is recent or not, and the ways that are open.
#[derive(Clone)]
struct State {
    is_recent: Rc<Cell<bool>>,
    methods: Rc<RefCell<Vec<ReauthenticationMethod>>>,
    session: Rc<RefCell<Option<Session>>>,
}

impl State {
    fn session(&self) -> Session {
        let mut session = self.session.borrow().clone().expect("the desk's session");
        session.authenticated_at = if self.is_recent.get() {
            NOON
        } else {
            NOON - 900_000
        };
        session.reauthenticate_by.clone_from(&self.methods.borrow());
        session
    }

    fn answer(&self, asked: &Asked) -> Reply {
        match asked.line().as_str() {
            "GET /api/session" => Reply::json(&self.session()),
            CREATE if self.is_recent.get() => Reply::json(&user("Ben", Status::Inactive)),
            CREATE => Reply::Problem(403, "reauthentication_required", &[]),
            CONFIRM if asked.body.contains("right") => {
                self.is_recent.set(true);
                Reply::json(&self.session())
            }
            CONFIRM if asked.body.contains("password") => {
                Reply::Problem(422, "invalid", &[("password", "wrong_password")])
            }
            CONFIRM => Reply::Problem(422, "invalid", &[("code", "wrong_code")]),
            _ => Reply::Never,
        }
    }
}

/// The page for a new user with the dialog, filled in and sent: the dialog is open.
async fn asked(methods: &[ReauthenticationMethod]) -> (Desk, State, Server) {
    let state = State {
        is_recent: Rc::default(),
        methods: Rc::new(RefCell::new(methods.to_vec())),
        session: Rc::default(),
    };
    let server = {
        let state = state.clone();
        Server::answering(move |asked| state.answer(asked))
    };
    let known = Rc::clone(&state.session);
    let desk = Desk::with(move || {
        known.replace(Some(use_session().get_untracked()));
        group(vec![new_user(), reauthenticate::dialog().done()])
    });
    desk.type_into("Name", "Ben");
    desk.type_into("E-mail", "ben@northwind.example");
    desk.press("Save & close");
    desk.until("asked", is_open).await;
    (desk, state, server)
}

fn is_open(desk: &Desk) -> bool {
    let dialogs = desk.all("dialog", TITLE);
    dialogs.iter().any(|it| {
        let dialog: &HtmlDialogElement = it.unchecked_ref();
        dialog.open()
    })
}

fn sent(server: &Server, line: &str) -> usize {
    server.lines().iter().filter(|it| *it == line).count()
}

#[wasm_bindgen_test]
async fn password_confirms_and_the_act_is_sent_again() {
    let (desk, _, server) = asked(&[ReauthenticationMethod::Password]).await;
    assert!(!desk.has("button", "Continue with Okta"));
    assert!(!desk.has("textbox", "Recovery code or break-glass code"));
    desk.press("Confirm");
    desk.until_sees("Nothing is entered: fill in this field.")
        .await;
    assert_eq!(sent(&server, CONFIRM), 0);
    desk.type_into("Your password", "wrong");
    desk.press("Confirm");
    desk.until_sees("Enter the password of your account on this server.")
        .await;
    assert_eq!(sent(&server, CREATE), 1);
    desk.type_into("Your password", "right");
    desk.press("Confirm");
    desk.until("sent again", |desk| {
        sent(&server, CREATE) == 2 && !is_open(desk)
    })
    .await;
    let bodies: Vec<String> = server
        .log()
        .into_iter()
        .filter(|it| it.line() == CREATE)
        .map(|it| it.body)
        .collect();
    assert_eq!(bodies[0], bodies[1], "the same is sent again");
}

#[wasm_bindgen_test]
async fn cancel_keeps_what_was_typed() {
    let (desk, state, server) = asked(&[ReauthenticationMethod::Code]).await;
    desk.press("Cancel");
    desk.until("closed", |desk| !is_open(desk)).await;
    desk.until_sees("Confirm it’s you to do this.").await;
    assert_eq!(desk.field("Name").value(), "Ben");
    assert_eq!(sent(&server, CREATE), 1);
    // Once more: this time with a code.
    desk.press("Save & close");
    desk.until("asked again", is_open).await;
    assert!(!state.is_recent.get());
    desk.type_into("Recovery code or break-glass code", "right");
    desk.press("Confirm");
    desk.until("sent again", |desk| {
        sent(&server, CREATE) == 3 && !is_open(desk)
    })
    .await;
}

#[wasm_bindgen_test]
async fn okta_opens_in_a_tab_and_the_page_notices_when_it_is_done() {
    let (desk, state, server) = asked(&[ReauthenticationMethod::Okta]).await;
    let opened: Rc<RefCell<Vec<String>>> = Rc::default();
    let blocked = Rc::new(Cell::new(true));
    let open = {
        let (opened, blocked) = (Rc::clone(&opened), Rc::clone(&blocked));
        Closure::<dyn Fn(String, String) -> JsValue>::new(move |url, _| {
            opened.borrow_mut().push(url);
            if blocked.get() {
                JsValue::NULL
            } else {
                window().into()
            }
        })
    };
    replace(&window(), "open", &open.into_js_value());
    desk.press("Continue with Okta");
    desk.until_sees("The browser blocked the new tab.").await;
    blocked.set(false);
    desk.press("Continue with Okta");
    desk.until_sees("Finish in the tab that opened").await;
    assert_eq!(opened.borrow()[1], "/auth/okta/start?reauthenticate=1");
    assert_eq!(sent(&server, CREATE), 1);
    state.is_recent.set(true);
    // The page looks every two seconds.
    after(2000).await;
    desk.until("sent again", |desk| {
        sent(&server, CREATE) == 2 && !is_open(desk)
    })
    .await;
}

#[wasm_bindgen_test]
async fn dialog_says_so_when_no_way_is_open() {
    let (desk, _, _server) = asked(&[]).await;
    desk.until_sees("No way to confirm is open now.").await;
    assert!(!desk.has("button", "Confirm"));
}
