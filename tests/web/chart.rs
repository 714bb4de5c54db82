//! Charts: what they draw, what they say to those who do not see them, and their tables.

use console::ui::{
    chart::{Bar, Columns, Series, columns},
    table::Column,
};
use leptos::prelude::document;
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, NOON};

const HEADS: [Column; 3] = [
    Column::new(keys::CHARTS_DAY),
    Column::new(keys::OUTCOME_SUCCEEDED),
    Column::new(keys::OUTCOME_FAILED),
];

fn chart(counts: &'static [[u64; 2]]) -> Desk {
    Desk::with(move || {
        let series = |label, tone, fill| Series { label, tone, fill };
        columns(Columns {
            title: "Sign-ins".into(),
            said: "3 signed in, 1 refused".into(),
            series: vec![
                series(keys::OUTCOME_SUCCEEDED, "good", "solid"),
                series(keys::OUTCOME_FAILED, "bad", "stripes"),
            ],
            bars: counts
                .iter()
                .zip(0..)
                .map(|(counts, day)| Bar {
                    at: NOON + day * 86_400_000,
                    counts: counts.to_vec(),
                })
                .collect(),
            most: None,
            heads: HEADS.to_vec(),
            csv: "/api/x.csv".to_owned(),
        })
    })
}

fn heights(selector: &str) -> Vec<u32> {
    let found = document().query_selector_all(selector).expect("a selector");
    (0..found.length())
        .filter_map(|at| found.item(at))
        .map(|node| {
            let element: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(node);
            let height = element.get_attribute("height").expect("a height");
            height.parse().expect("a number")
        })
        .collect()
}

#[wasm_bindgen_test]
async fn a_column_is_as_high_as_it_counts_and_even_one_is_seen() {
    let desk = chart(&[[1000, 1], [0, 500], [0, 0]]);
    desk.until_sees("Signed in").await;
    assert_eq!(
        heights(".chart > [data-tone=good]"),
        [60],
        "of 2,000 at most"
    );
    assert_eq!(heights(".chart > [data-tone=bad]"), [1, 30]);
    assert_eq!(
        heights(".chart > [fill='url(#stripes)']"),
        [1, 30],
        "without colour too"
    );
    assert!(desk.sees("2,000"));
}

#[wasm_bindgen_test]
async fn whoever_does_not_see_it_hears_it_and_has_its_table() {
    let desk = chart(&[[3, 1], [0, 0]]);
    desk.until_sees("As a table").await;
    let drawn = document()
        .query_selector("svg[role=img]")
        .expect("a selector")
        .expect("a picture");
    assert_eq!(
        drawn.get_attribute("aria-label").as_deref(),
        Some("3 signed in, 1 refused")
    );
    let rows = desk.all("row", "");
    assert_eq!(rows.len(), 3);
    let last = rows[1].text_content().unwrap_or_default();
    assert!(
        last.contains("Nov 22") && last.contains('0'),
        "newest first: {last}"
    );
    let csv = desk.find("link", "CSV");
    assert_eq!(csv.get_attribute("href").as_deref(), Some("/api/x.csv"));
}
