//! Forms: what may be sent, what is said when not, and where the focus goes.

use console::ui::{
    button::submit,
    el::Inside,
    field::{Look, field},
    form::Form,
    notice::Notice,
    task::act,
};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, focused};

/// Two fields that may not be empty.
#[derive(Clone, Copy)]
struct Two {
    form: RwSignal<Option<Form>>,
    sent: RwSignal<u32>,
    name: RwSignal<String>,
    email: RwSignal<String>,
}

impl Two {
    fn new() -> Self {
        Self {
            form: RwSignal::new(None),
            sent: RwSignal::new(0),
            name: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
        }
    }

    fn desk(self) -> Desk {
        Desk::with(move || {
            let Self {
                name, email, sent, ..
            } = self;
            let form = Form::new(move || {
                [("name", name), ("email", email)]
                    .into_iter()
                    .filter(|(_, value)| value.get().is_empty())
                    .map(|(field, _)| (field.to_owned(), keys::FIELD_REQUIRED))
                    .collect()
            });
            self.form.set(Some(form));
            let send = act(move || {
                if form.begin() {
                    sent.update(|it| *it += 1);
                }
            });
            let fields = vec![
                field(form, "name", keys::USERS_NAME, name, Look::default(), None).done(),
                field(
                    form,
                    "email",
                    keys::USERS_EMAIL,
                    email,
                    Look::default(),
                    None,
                )
                .done(),
                submit(keys::ACTION_SAVE, form.busy.into()).inside(),
            ];
            form.draw(send, fields).done()
        })
    }

    fn form(self) -> Form {
        self.form.get_untracked().expect("it is drawn")
    }
}

#[wasm_bindgen_test]
async fn sending_a_faulty_form_says_every_fault_and_takes_the_focus_to_the_first() {
    let two = Two::new();
    let desk = two.desk();
    desk.type_into("Name", "Ada");
    desk.press("Save");
    desk.until("the focus", |_| focused().as_deref() == Some("E-mail"))
        .await;
    assert_eq!(two.sent.get_untracked(), 0);
    assert_eq!(desk.text().matches("fill in this field").count(), 1);
    desk.type_into("Name", "");
    desk.until("both", |desk| {
        desk.text().matches("fill in this field").count() == 2
    })
    .await;
    desk.press("Save");
    desk.until("the first", |_| focused().as_deref() == Some("Name"))
        .await;
}

#[wasm_bindgen_test]
async fn a_form_is_sent_once_until_there_is_an_answer() {
    let two = Two::new();
    let desk = two.desk();
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@x.example");
    desk.press("Save");
    desk.until("busy", |desk| {
        desk.find("button", "Save").has_attribute("aria-disabled")
    })
    .await;
    desk.press("Save");
    assert_eq!(two.sent.get_untracked(), 1);
    two.form().end();
    desk.until("ready", |desk| {
        !desk.find("button", "Save").has_attribute("aria-disabled")
    })
    .await;
    desk.press("Save");
    assert_eq!(two.sent.get_untracked(), 2);
}

#[wasm_bindgen_test]
async fn what_the_server_refused_stands_in_its_field_until_that_is_edited() {
    let two = Two::new();
    let desk = two.desk();
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@x.example");
    desk.press("Save");
    let said = Notice::new(keys::PROBLEM_INVALID_TITLE, keys::ADVICE_CORRECT);
    two.form()
        .fail(said, vec![("email".to_owned(), keys::FIELD_TAKEN)]);
    desk.until_sees("Another user has this already").await;
    desk.until("the focus", |_| focused().as_deref() == Some("E-mail"))
        .await;
    assert!(
        !desk.has("alert", ""),
        "the field says it, no notice is needed"
    );
    desk.type_into("Name", "Ada L.");
    assert!(desk.sees("Another user has this already"));
    desk.type_into("E-mail", "ada@y.example");
    desk.until("gone", |desk| !desk.sees("Another user has this already"))
        .await;
}

#[wasm_bindgen_test]
async fn what_went_wrong_with_the_whole_form_is_announced_and_goes_with_the_next_try() {
    let two = Two::new();
    let desk = two.desk();
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@x.example");
    desk.press("Save");
    two.form().fail(
        Notice::new(keys::TROUBLE_OFFLINE_TITLE, keys::TROUBLE_OFFLINE_FIX),
        Vec::new(),
    );
    desk.until("announced", |desk| desk.has("alert", "")).await;
    assert!(desk.sees("The server cannot be reached."));
    assert_eq!(desk.field("Name").value(), "Ada", "what was typed stays");
    desk.press("Save");
    desk.until("gone", |desk| !desk.has("alert", "")).await;
    assert_eq!(two.sent.get_untracked(), 2);
}
