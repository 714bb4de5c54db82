//! A table that becomes cards where there is no room for columns.
//!
//! Roles are written out: a browser drops a table's own when its rows are drawn as blocks.

use locales::Key;

use crate::{
    ui::el::{El, Inside, View, div, el},
    words::Text,
};

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
pub fn table(caption: impl Into<Text>, columns: &[Column], rows: impl Inside) -> El {
    let heads = columns.iter().map(|it| head(it, it.label)).collect();
    headed(caption, columns, heads, rows)
}

/// The table with heads of its own, each drawn by [`head`].
#[must_use]
pub fn headed(
    caption: impl Into<Text>,
    columns: &[Column],
    heads: Vec<El>,
    rows: impl Inside,
) -> El {
    let head_row = el("tr").attr("role", "row").child(heads);
    let drawn = el("table")
        .class("table")
        .attr("role", "table")
        .child(el("caption").class("visually-hidden").child(caption.into()))
        .child(el("thead").attr("role", "rowgroup").child(head_row))
        .child(el("tbody").attr("role", "rowgroup").child(rows));
    // Many columns need more room before they are columns.
    div("table-box")
        .flag("data-wide", columns.len() > 4)
        .flag("data-many", columns.len() > 6)
        .child(drawn)
}

/// A column's head with something in it.
#[must_use]
pub fn head(column: &Column, inside: impl Inside) -> El {
    el("th")
        .attr("role", "columnheader")
        .attr("scope", "col")
        .attr("data-kind", column.kind)
        .child(inside)
}

/// One row. The first cell is the row's heading. Where the table became cards, each value says what it is.
#[must_use]
pub fn row(columns: &[Column], cells: Vec<View>) -> El {
    let cells = columns.iter().zip(cells).enumerate();
    let cells: Vec<El> = cells
        .map(|(at, (column, cell))| {
            let drawn = if at == 0 {
                el("th").attr("role", "rowheader").attr("scope", "row")
            } else {
                el("td")
                    .attr("role", "cell")
                    .says("data-label", column.label)
            };
            drawn.attr("data-kind", column.kind).child(cell)
        })
        .collect();
    el("tr").attr("role", "row").child(cells)
}
