//! What happened in the last days: sign-ins a day, why they failed, who has not arrived yet.

use api::{
    Overview, Status,
    sign_ins::{Day, DayList},
};
use locales::{cause_title, keys};

use crate::{
    api as server,
    navigation::use_place,
    paths, problems,
    ui::{
        chart::{Bar, Columns, Series, columns, download, share},
        el::{El, Inside, View, div, el, group, link, live, p, span},
        format::{number, utc_date},
        load::{Remote, bones, empty},
        page::section,
        table::{Column, row, table},
        task::Only,
    },
    words::{Text, counted},
};

const WINDOWS: [u32; 2] = [14, 90];

const DAYS: [Column; 4] = [
    Column::new(keys::CHARTS_DAY),
    Column::kind(keys::OUTCOME_SUCCEEDED, "count"),
    Column::kind(keys::OUTCOME_FAILED, "count"),
    Column::kind(keys::OUTCOME_NEVER_CAME_BACK, "count"),
];

const CAUSES: [Column; 3] = [
    Column::new(keys::CHARTS_CAUSE),
    Column::kind(keys::CHARTS_ATTEMPTS, "count"),
    Column::kind(keys::CHARTS_CAUSES, "bar"),
];

const HEALTH: [Column; 3] = [
    Column::new(keys::CHARTS_DAY),
    Column::kind(keys::CHARTS_HEALTHY, "count"),
    Column::kind(keys::CHARTS_DEGRADED, "count"),
];

const STEPS: [Column; 3] = [
    Column::new(keys::CHARTS_STEP),
    Column::kind(keys::USERS_TITLE, "count"),
    Column::kind(keys::CHARTS_ARRIVAL, "bar"),
];

const DAY_IN_MINUTES: u64 = 24 * 60;

/// The charts. Nothing where nobody has come yet: the first steps say what to do then.
#[must_use]
pub(super) fn charts(overview: &Overview) -> View {
    if overview.recent.is_empty() {
        return ().inside();
    }
    let place = use_place();
    let window = Only::new(move || {
        let asked = place.query("days");
        WINDOWS
            .into_iter()
            .find(|it| it.to_string() == asked)
            .unwrap_or(WINDOWS[0])
    });
    let days = Remote::new(move || {
        let window = window.get();
        problems::asked(server::sign_in_days(window))
    });
    let drawn =
        move |draw: fn(&DayList) -> View| days.draw(|| bones("form", 3), move |it| draw(&it));
    let first = section(keys::CHARTS_DAYS, Some(windows(window)), drawn(by_day));
    let causes = section(keys::CHARTS_CAUSES, None, drawn(by_cause));
    let arrival = section(keys::CHARTS_ARRIVAL, None, arrival(overview));
    let health = section(keys::CHARTS_HEALTH, None, drawn(health));
    group(vec![
        first.done(),
        health.done(),
        div("columns")
            .attr("data-wide", "first")
            .child(div("column").child(causes))
            .child(div("column").child(arrival))
            .done(),
    ])
}

fn windows(window: Only<u32>) -> El {
    let chips: Vec<El> = WINDOWS
        .into_iter()
        .map(|days| {
            let label = Text::with(keys::CHARTS_LAST, &[("n", &days.to_string())]);
            let chip = link(paths::with(
                paths::overview(),
                &[("days", days.to_string())],
            ))
            .class("chip")
            .live("aria-current", move || {
                (window.get() == days).then(|| "true".to_owned())
            })
            .child(label);
            el("li").child(chip)
        })
        .collect();
    el("nav")
        .says("aria-label", keys::CHARTS_WINDOW)
        .child(el("ul").class("chips").child(chips))
}

fn by_day(list: &DayList) -> View {
    let sum = |of: fn(&Day) -> u64| list.days.iter().map(of).sum::<u64>();
    let succeeded = sum(|it| it.succeeded);
    let failed = sum(|it| it.failed);
    let never = sum(|it| it.not_completed);
    if succeeded + failed + never == 0 {
        return empty(
            "clock",
            keys::CHARTS_EMPTY_TITLE,
            keys::CHARTS_EMPTY_FIX,
            None,
        )
        .done();
    }
    let values = [
        ("succeeded", &*succeeded.to_string()),
        ("failed", &*failed.to_string()),
        ("never", &*never.to_string()),
        ("n", &*list.days.len().to_string()),
    ];
    let series = |label, tone, fill| Series { label, tone, fill };
    let bars = list.days.iter().map(|day| Bar {
        at: day.at,
        counts: vec![day.succeeded, day.failed, day.not_completed],
    });
    let drawn = columns(Columns {
        title: keys::CHARTS_DAYS.into(),
        said: Text::with(keys::CHARTS_DAYS_SAID, &values),
        series: vec![
            series(keys::OUTCOME_SUCCEEDED, "good", "solid"),
            series(keys::OUTCOME_FAILED, "bad", "stripes"),
            series(keys::OUTCOME_NEVER_CAME_BACK, "warning", "dots"),
        ],
        bars: bars.collect(),
        most: None,
        heads: DAYS.to_vec(),
        csv: csv(api::paths::SIGN_IN_DAYS_CSV, list),
    });
    div("panel-body").child(drawn).done()
}

/// How much of each day the connection in use was healthy.
fn health(list: &DayList) -> View {
    let sum = |of: fn(&Day) -> u32| list.days.iter().map(|it| u64::from(of(it))).sum::<u64>();
    let (healthy, degraded) = (sum(|it| it.healthy_minutes), sum(|it| it.degraded_minutes));
    let all = healthy + degraded;
    if all == 0 {
        return p("panel-body muted").child(keys::CHARTS_HEALTH_NONE).done();
    }
    let values = [
        ("healthy", &*(healthy * 100 / all).to_string()),
        ("n", &*list.days.len().to_string()),
    ];
    let said = Text::with(keys::CHARTS_HEALTH_SAID, &values);
    let series = |label, tone, fill| Series { label, tone, fill };
    let bars = list.days.iter().map(|day| Bar {
        at: day.at,
        counts: vec![day.healthy_minutes.into(), day.degraded_minutes.into()],
    });
    let drawn = columns(Columns {
        title: keys::CHARTS_HEALTH.into(),
        said: said.clone(),
        series: vec![
            series(keys::CHARTS_HEALTHY, "good", "solid"),
            series(keys::CHARTS_DEGRADED, "bad", "stripes"),
        ],
        bars: bars.collect(),
        most: Some(DAY_IN_MINUTES),
        heads: HEALTH.to_vec(),
        csv: csv(api::paths::SIGN_IN_DAYS_CSV, list),
    });
    div("panel-body stack")
        .child(p("").child(said))
        .child(drawn)
        .done()
}

fn csv(path: &str, list: &DayList) -> String {
    format!("{path}?days={}", list.days.len())
}

/// The list is its own table, with a bar in each row.
fn by_cause(list: &DayList) -> View {
    let days = list.days.len().to_string();
    let Some(most) = list.causes.first() else {
        let none = Text::with(keys::CHARTS_CAUSES_NONE, &[("n", &days)]);
        return p("panel-body muted").child(none).done();
    };
    let rows: Vec<El> = list
        .causes
        .iter()
        .take(8)
        .map(|it| {
            let mut wish = vec![("cause", it.cause.code().to_owned())];
            wish.extend(list.days.first().map(|day| ("from", utc_date(day.at))));
            let all = paths::with(paths::sign_ins(), &wish);
            let what = link(all).class("row-link").child(cause_title(it.cause));
            counted_row(&CAUSES, what.done(), it.attempts, most.attempts, "bad")
        })
        .collect();
    group(vec![
        table(keys::CHARTS_CAUSES, &CAUSES, rows)
            .flag("data-linked", true)
            .done(),
        div("panel-body")
            .child(download(csv(api::paths::SIGN_IN_CAUSES_CSV, list)))
            .done(),
    ])
}

/// From created to signed in, step by step, and the way to those who are still on it.
fn arrival(overview: &Overview) -> View {
    let (all, waiting) = (overview.users.all, overview.users.inactive);
    let rows: Vec<El> = [
        (keys::CHARTS_CREATED, all),
        (keys::CHARTS_ASSIGNED, overview.assigned),
        (keys::CHARTS_CAME, overview.signed_in),
    ]
    .into_iter()
    .map(|(step, n)| counted_row(&STEPS, step.inside(), n, all, "good"))
    .collect();
    let waiting = live(move || {
        if waiting == 0 {
            return span("muted").child(keys::CHARTS_ARRIVAL_DONE);
        }
        let said = counted(
            keys::CHARTS_ARRIVAL_WAITING_ONE,
            keys::CHARTS_ARRIVAL_WAITING_MANY,
            waiting,
        );
        link(paths::users_of(Status::Inactive)).child(said)
    });
    group(vec![
        table(keys::CHARTS_ARRIVAL, &STEPS, rows).done(),
        div("panel-body stack")
            .child(p("").child(waiting))
            .child(download(api::paths::ADOPTION_CSV.to_owned()))
            .done(),
    ])
}

/// What is counted, its number, and its part of the most as a bar.
fn counted_row(columns: &[Column; 3], what: View, n: u64, most: u64, tone: &'static str) -> El {
    let number = live(move || number(n));
    row(
        columns,
        vec![what, number, share(n, most, tone, None).done()],
    )
}
