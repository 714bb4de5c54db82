//! Charts: our own few shapes, readable without colour, each with its table beside it.
//!
//! Letters stand outside of the picture, so that it can be as wide as there is room. It must not know what is counted.

use locales::keys;

use crate::{
    ui::{
        el::{El, View, div, el, group, link, live, span},
        format::{number, utc_day},
        icon::icon,
        table::{Column, row, table},
    },
    words::Text,
};

/// One kind of what is counted. Its place decides on its colour and its pattern.
pub struct Series {
    pub label: locales::Key,
    /// The colour: `data-tone`.
    pub tone: &'static str,
    /// What fills it: `solid`, `stripes` or `dots`.
    pub fill: &'static str,
}

/// One column: the day that it stands for, and how many of each kind.
pub struct Bar {
    pub at: i64,
    pub counts: Vec<u64>,
}

/// What is drawn, and said of it to those who do not see it.
pub struct Columns {
    pub title: Text,
    pub said: Text,
    pub series: Vec<Series>,
    pub bars: Vec<Bar>,
    /// What a whole column stands for; without it the scale fits what was counted.
    pub most: Option<u64>,
    /// The heads of the table twin: of the columns' labels first.
    pub heads: Vec<Column>,
    pub csv: String,
}

const HEIGHT: u64 = 120;
/// Of a column and the gap beside it.
const STEP: u64 = 12;
const GAP: u64 = 3;

/// Columns, one upon the other, with the legend above and the table twin below.
#[must_use]
pub fn columns(chart: Columns) -> View {
    let Columns {
        title,
        said,
        series,
        bars,
        most,
        heads,
        csv,
    } = chart;
    let counted = bars.iter().map(|it| it.counts.iter().sum()).max();
    let most = most.unwrap_or_else(|| nice(counted.unwrap_or_default()));
    let legend: Vec<El> = series.iter().map(key).collect();
    let mut shapes = Vec::new();
    for (at, bar) in (0_u64..).zip(&bars) {
        let mut top = HEIGHT;
        for (kind, count) in series.iter().zip(&bar.counts) {
            if *count == 0 {
                continue;
            }
            // What is there is seen, however little it is.
            let height = (count * HEIGHT).div_ceil(most).min(top);
            top -= height;
            shapes.push(rect(at * STEP, top, STEP - GAP, height, kind));
        }
    }
    let width = STEP * bars.len() as u64 - GAP;
    let drawn = el("svg")
        .class("chart")
        .attr("viewBox", format!("0 0 {width} {HEIGHT}"))
        .attr("preserveAspectRatio", "none")
        .attr("role", "img")
        .says("aria-label", said)
        .child(patterns())
        .children(shapes);
    let scale = div("chart-scale")
        .attr("aria-hidden", "true")
        .child(span("").child(live(move || number(most))))
        .child(span("").child("0"));
    let (mut rows, mut ends) = (Vec::new(), Vec::new());
    let last = bars.len().saturating_sub(1);
    for (at, bar) in bars.into_iter().enumerate() {
        let said = move || live(move || utc_day(bar.at));
        if at == 0 || at == last {
            ends.push(span("").child(said()));
        }
        let mut cells = vec![said()];
        for count in bar.counts {
            cells.push(live(move || number(count)));
        }
        rows.push(row(&heads, cells));
    }
    rows.reverse();
    let below = div("chart-ends").attr("aria-hidden", "true").child(ends);
    let picture = div("chart-box").child(scale).child(drawn).child(below);
    group(vec![
        el("ul").class("legend").child(legend).done(),
        picture.done(),
        twin(table(title, &heads, rows), csv).done(),
    ])
}

/// The table twin, closed until somebody wants it, and the file.
#[must_use]
pub fn twin(table: El, csv: String) -> El {
    let details = el("details")
        .class("twin")
        .child(el("summary").child(keys::CHARTS_TABLE))
        .child(div("twin-table").child(table));
    div("chart-foot").child(download(csv)).child(details)
}

/// The link to the numbers as a file.
#[must_use]
pub fn download(csv: String) -> El {
    link(csv)
        .class("chart-csv small")
        .attr("download", "")
        .child(icon("down"))
        .child(el("span").child(keys::CHARTS_CSV))
}

/// A part of a whole, as one bar.
#[must_use]
pub fn share(part: u64, whole: u64, tone: &'static str, said: Option<Text>) -> El {
    let width = (part * 1000).checked_div(whole).unwrap_or(0);
    let kind = Series {
        label: keys::CHARTS_CSV,
        tone,
        fill: "solid",
    };
    let bar = el("svg")
        .class("share")
        .attr("viewBox", "0 0 1000 8")
        .attr("preserveAspectRatio", "none")
        .child(rect(0, 0, width, 8, &kind));
    match said {
        Some(said) => bar.attr("role", "img").says("aria-label", said),
        None => bar.attr("aria-hidden", "true"),
    }
}

fn key(series: &Series) -> El {
    let sample = el("svg")
        .class("legend-sample")
        .attr("viewBox", "0 0 12 12")
        .attr("aria-hidden", "true")
        .child(rect(0, 0, 12, 12, series));
    el("li").child(sample).child(el("span").child(series.label))
}

fn rect(x: u64, y: u64, width: u64, height: u64, series: &Series) -> View {
    let at = |shape: El| {
        shape
            .attr("x", x.to_string())
            .attr("y", y.to_string())
            .attr("width", width.to_string())
            .attr("height", height.to_string())
    };
    let plain = at(el("rect")).attr("data-tone", series.tone);
    if series.fill == "solid" {
        return plain.done();
    }
    // The pattern lies upon its colour.
    let over = at(el("rect")).attr("fill", format!("url(#{})", series.fill));
    group(vec![plain.done(), over.done()])
}

/// What tells the kinds apart where colours do not.
fn patterns() -> El {
    let pattern = |id: &'static str, path: &'static str| {
        el("pattern")
            .attr("id", id)
            .attr("width", "4")
            .attr("height", "4")
            .attr("patternUnits", "userSpaceOnUse")
            .child(el("path").attr("d", path))
    };
    el("defs")
        .child(pattern("stripes", "M-1 1L1 -1M0 4L4 0M3 5L5 3"))
        .child(pattern("dots", "M2 1v2M1 2h2"))
}

/// The next number that reads well on a scale.
fn nice(most: u64) -> u64 {
    let mut step = 1;
    loop {
        for times in [1, 2, 5] {
            if step * times >= most.max(4) {
                return step * times;
            }
        }
        step *= 10;
    }
}
