//! A table that becomes cards where there is no room for columns.
//!
//! Roles are written out: a browser drops a table's own when its rows are drawn as blocks.

use leptos::prelude::*;
use locales::Key;

use crate::words::{Text, t};

/// One column.
#[derive(Clone, Copy)]
pub struct Column {
    pub label: Key,
    /// How it is drawn: `data-kind` of its cells. Empty is plain text.
    pub kind: &'static str,
}

impl Column {
    #[must_use]
    pub const fn new(label: Key) -> Self {
        Self { label, kind: "" }
    }

    #[must_use]
    pub const fn kind(label: Key, kind: &'static str) -> Self {
        Self { label, kind }
    }
}

/// The table; `rows` were drawn by [`row`] with the same columns.
#[must_use]
pub fn table(caption: impl Into<Text>, columns: &[Column], rows: Vec<AnyView>) -> AnyView {
    let heads = columns
        .iter()
        .map(|column| {
            view! { <th role="columnheader" scope="col" data-kind=column.kind>{t(column.label)}</th> }.into_any()
        })
        .collect();
    drawn(caption.into(), heads, rows)
}

fn drawn(caption: Text, heads: Vec<AnyView>, rows: Vec<AnyView>) -> AnyView {
    view! {
        <div class="table-box">
            <table class="table" role="table">
                <caption class="visually-hidden">{t(caption)}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One row. The first cell is the row's heading.
#[must_use]
pub fn row(columns: &[Column], cells: Vec<AnyView>) -> AnyView {
    let mut cells = columns.iter().zip(cells);
    let head = cells.next().map(|(column, cell)| {
        view! { <th role="rowheader" scope="row" data-kind=column.kind>{cell}</th> }
    });
    let rest: Vec<AnyView> = cells
        .map(|(column, cell)| {
            view! {
                <td role="cell" data-kind=column.kind>
                    <span class="cell-label" aria-hidden="true">{t(column.label)}</span>
                    {cell}
                </td>
            }
            .into_any()
        })
        .collect();
    view! {
        <tr role="row">
            {head}
            {rest}
        </tr>
    }
    .into_any()
}
