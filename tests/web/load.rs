//! What comes from elsewhere: its faces, asking again, and giving up.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use console::ui::{
    el::{Inside, el},
    load::{Remote, bones, empty},
    notice::Notice,
};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

type Answer = Result<Vec<&'static str>, Notice>;

/// Answers that are given out when the test says so.
#[derive(Clone, Default)]
struct Elsewhere {
    answers: Rc<RefCell<VecDeque<Answer>>>,
    asked: Rc<RefCell<u32>>,
    failed: Rc<RefCell<u32>>,
}

struct Waiting(Elsewhere, bool);

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.1 {
            *self.0.failed.borrow_mut() += 1;
        }
    }
}

impl Elsewhere {
    fn give(&self, answer: Answer) {
        self.answers.borrow_mut().push_back(answer);
    }

    async fn ask(self) -> Answer {
        *self.asked.borrow_mut() += 1;
        let mut waiting = Waiting(self.clone(), false);
        loop {
            let answer = self.answers.borrow_mut().pop_front();
            if let Some(answer) = answer {
                waiting.1 = true;
                return answer;
            }
            crate::desk::tick().await;
        }
    }

    fn desk(&self) -> Desk {
        let elsewhere = self.clone();
        Desk::with(move || {
            Remote::new(move || elsewhere.clone().ask()).draw(
                || bones("rows", 3),
                |names: std::sync::Arc<Vec<&'static str>>| {
                    if names.is_empty() {
                        return empty(
                            "users",
                            keys::USERS_EMPTY_TITLE,
                            keys::USERS_EMPTY_FIX,
                            None,
                        )
                        .done();
                    }
                    el("p").child(names.join(", ")).done()
                },
            )
        })
    }
}

fn trouble() -> Notice {
    Notice::new(keys::PROBLEM_UNAVAILABLE_TITLE, keys::ADVICE_IN_A_MOMENT).reference("req-4711")
}

#[wasm_bindgen_test]
async fn a_skeleton_stands_there_until_the_content_does() {
    let elsewhere = Elsewhere::default();
    let desk = elsewhere.desk();
    desk.until("the skeleton", |desk| desk.has("status", "Loading…"))
        .await;
    elsewhere.give(Ok(vec!["Ada", "Grace"]));
    desk.until_sees("Ada, Grace").await;
    assert!(!desk.has("status", "Loading…"));
}

#[wasm_bindgen_test]
async fn an_empty_answer_says_what_to_do_next() {
    let elsewhere = Elsewhere::default();
    elsewhere.give(Ok(Vec::new()));
    let desk = elsewhere.desk();
    desk.until_sees("No users yet").await;
    assert!(desk.sees("Add the first one"));
}

#[wasm_bindgen_test]
async fn a_problem_has_its_reference_and_trying_again_asks_again() {
    let elsewhere = Elsewhere::default();
    elsewhere.give(Err(trouble()));
    let desk = elsewhere.desk();
    desk.until("the problem", |desk| desk.has("alert", ""))
        .await;
    assert!(desk.sees("req-4711"));
    elsewhere.give(Ok(vec!["Ada"]));
    desk.press("Try again");
    desk.until_sees("Ada").await;
    assert!(!desk.has("alert", ""));
    assert_eq!(*elsewhere.asked.borrow(), 2);
}

#[wasm_bindgen_test]
async fn asking_again_keeps_what_is_there_also_when_it_fails() {
    let elsewhere = Elsewhere::default();
    let turn = RwSignal::new(0);
    let desk = {
        let elsewhere = elsewhere.clone();
        Desk::with(move || {
            let remote = Remote::new(move || {
                turn.track();
                elsewhere.clone().ask()
            });
            remote.draw(
                || bones("rows", 3),
                |names: std::sync::Arc<Vec<&'static str>>| names.join(", ").inside(),
            )
        })
    };
    elsewhere.give(Ok(vec!["Ada"]));
    desk.until_sees("Ada").await;
    turn.set(1);
    desk.until("asked", |_| *elsewhere.asked.borrow() == 2)
        .await;
    assert!(desk.sees("Ada") && !desk.has("status", "Loading…"));
    elsewhere.give(Err(trouble()));
    desk.until("the problem", |desk| desk.has("alert", ""))
        .await;
    assert!(desk.sees("Ada"));
}

#[wasm_bindgen_test]
async fn a_request_is_given_up_when_another_takes_its_place_or_the_page_is_left() {
    let elsewhere = Elsewhere::default();
    let turn = RwSignal::new(0);
    let mut desk = {
        let elsewhere = elsewhere.clone();
        Desk::with(move || {
            let remote = Remote::new(move || {
                turn.track();
                elsewhere.clone().ask()
            });
            remote.draw(
                || bones("rows", 3),
                |names: std::sync::Arc<Vec<&'static str>>| names.join(", ").inside(),
            )
        })
    };
    desk.until("asked", |_| *elsewhere.asked.borrow() == 1)
        .await;
    turn.set(1);
    desk.until("asked again", |_| *elsewhere.asked.borrow() == 2)
        .await;
    desk.until("the first given up", |_| *elsewhere.failed.borrow() == 1)
        .await;
    desk.leave();
    desk.until("the second given up", |_| *elsewhere.failed.borrow() == 2)
        .await;
}
