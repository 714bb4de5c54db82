//! Files and bulk acts are found again by whoever left them.

use api::users::{BulkAction, ImportState, Job, Jobs};
use console::pages::users::import::new_import;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{answering, with};
use crate::{
    desk::{NOON, tick},
    server::{Reply, Server},
};

fn job(id: &str, act: Option<BulkAction>, state: ImportState) -> Job {
    Job {
        id: id.to_owned(),
        action: act,
        state,
        total: 1200,
        done: 700,
        by: "Grace Hopper".to_owned(),
        started_at: NOON - 300_000,
    }
}

#[wasm_bindgen_test]
async fn whoever_left_a_file_or_a_bulk_act_finds_it_below_the_form() {
    let jobs = [
        job("imp1", None, ImportState::Checked),
        job("bulk1", Some(BulkAction::Suspend), ImportState::Running),
        job("imp2", None, ImportState::Done),
        job("bulk2", Some(BulkAction::Relink), ImportState::Failed),
    ];
    let _server = Server::answering(move |_| {
        Reply::json(&Jobs {
            jobs: jobs.to_vec(),
        })
    });
    let (desk, _) = with(new_import);
    desk.until("found", |desk| desk.has("heading", "History"))
        .await;
    let rows = desk.all("row", "");
    let told: Vec<(String, String)> = rows[1..]
        .iter()
        .map(|row| {
            let link = row.query_selector("a").expect("a selector");
            let href = link.expect("a link").get_attribute("href");
            (row.inner_text(), href.expect("an address"))
        })
        .collect();
    let expected = [
        ("Import", "Not imported yet", "/users/import/imp1"),
        ("Suspend", "Working", "/users?job=bulk1"),
        ("Import", "Done", "/users/import/imp2"),
        ("Re-bind", "Failed", "/users?job=bulk2"),
    ];
    assert_eq!(told.len(), expected.len());
    for ((said, href), (name, state, to)) in told.iter().zip(expected) {
        for word in [name, state, "1,200", "Grace Hopper", "5 minutes ago"] {
            assert!(said.contains(word), "{word}: {said}");
        }
        assert_eq!(href, to);
    }
}

#[wasm_bindgen_test]
async fn where_there_is_none_nothing_is_drawn() {
    let server = answering(|| Reply::Never);
    let (desk, _) = with(new_import);
    desk.until("asked", |_| !server.log().is_empty()).await;
    desk.until("answered", |desk| !desk.sees("Loading")).await;
    tick().await;
    assert!(!desk.has("heading", "History") && !desk.has("table", ""));
}
