//! Numbers and moments, as the browser writes them in the language of the screen.
//!
//! It must not read the clock: what is now comes from the context.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use locales::{Language, fill, keys};
use wasm_bindgen::JsValue;

use crate::{
    ui::el::{El, el, live, said},
    words::{language, text},
};

/// What is now, in UTC milliseconds; it moves on by itself. From the context that `app` set.
#[derive(Clone, Copy)]
pub struct Clock(pub RwSignal<i64>);

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// What is longer ago is a date, whatever the clock says.
const RECENT: i64 = 72 * HOUR;

/// The browser's formatters of one language. They are slow to make and quick to use: each is made when it is needed.
struct Formats {
    language: Language,
    tags: Array,
    dates: [OnceCell<Function>; 5],
    number: OnceCell<Function>,
    relative: OnceCell<Intl::RelativeTimeFormat>,
}

/// How a moment is written.
#[derive(Clone, Copy)]
enum As {
    Time,
    Day,
    UtcDay,
    DayAndYear,
    Full,
}

impl As {
    fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Time => &[("hour", "2-digit"), ("minute", "2-digit")],
            Self::Day => &[("day", "numeric"), ("month", "short")],
            Self::UtcDay => &[("day", "numeric"), ("month", "short"), ("timeZone", "UTC")],
            Self::DayAndYear => &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
            Self::Full => &[("dateStyle", "full"), ("timeStyle", "medium")],
        }
    }
}

thread_local! {
    static FORMATS: RefCell<Option<Rc<Formats>>> = const { RefCell::new(None) };
}

impl Formats {
    fn of(language: Language) -> Rc<Self> {
        FORMATS.with_borrow_mut(|kept| match kept {
            Some(formats) if formats.language == language => Rc::clone(formats),
            _ => {
                let formats = Rc::new(Self::new(language));
                *kept = Some(Rc::clone(&formats));
                formats
            }
        })
    }

    fn new(language: Language) -> Self {
        Self {
            language,
            tags: Array::of1(&JsValue::from_str(&region(language))),
            dates: Default::default(),
            number: OnceCell::new(),
            relative: OnceCell::new(),
        }
    }

    fn date(&self, written: As, at: i64) -> String {
        let make = || Intl::DateTimeFormat::new(&self.tags, &object(written.options())).format();
        call(self.dates[written as usize].get_or_init(make), float(at))
    }

    fn number(&self, n: f64) -> String {
        let make = || Intl::NumberFormat::new(&self.tags, &Object::new()).format();
        call(self.number.get_or_init(make), n)
    }

    fn relative(&self, n: f64, unit: &str) -> String {
        let make = || Intl::RelativeTimeFormat::new(&self.tags, &object(&[("numeric", "auto")]));
        String::from(self.relative.get_or_init(make).format(n, unit))
    }
}

/// The browser's own variety of the language (`en-AU`), or the one of Europe: day before month, 24 hours.
fn region(language: Language) -> String {
    let wishes = window().navigator().languages();
    wishes
        .iter()
        .filter_map(|wish| wish.as_string())
        .find(|wish| wish.contains('-') && Language::from_tag(wish) == Some(language))
        .unwrap_or_else(|| match language {
            Language::English => "en-GB".to_owned(),
            Language::French => "fr-FR".to_owned(),
        })
}

fn object(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}

fn call(format: &Function, value: f64) -> String {
    format
        .call1(&JsValue::UNDEFINED, &value.into())
        .ok()
        .and_then(|it| it.as_string())
        .unwrap_or_default()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and UTC milliseconds are far below 2^53"
)]
fn float(n: i64) -> f64 {
    n as f64
}

/// A number with its separators.
#[must_use]
pub fn number(n: u64) -> String {
    let language = language();
    // Below a thousand there is nothing to separate.
    if n < 1000 {
        return n.to_string();
    }
    Formats::of(language).number(float(i64::try_from(n).unwrap_or(i64::MAX)))
}

/// Day, month, year: for what is long ago or has no hurry.
#[must_use]
pub fn day(at: i64) -> String {
    Formats::of(language()).date(As::DayAndYear, at)
}

/// Day and month in UTC: for what is counted by its days.
#[must_use]
pub fn utc_day(at: i64) -> String {
    Formats::of(language()).date(As::UtcDay, at)
}

/// The day in UTC, as an address has it: `2026-11-21Z`.
#[must_use]
pub fn utc_date(at: i64) -> String {
    let mut date = String::from(local(at).to_iso_string());
    date.truncate(10);
    date + "Z"
}

/// When a day begins where the browser is, or so many days later; none for what is no day. A day with a Z is that of
/// UTC.
#[must_use]
pub fn day_begins(day: &str, later: i32) -> Option<i64> {
    if let Some(day) = day.strip_suffix('Z') {
        return api::date::begins(day).map(|it| it + i64::from(later) * 24 * HOUR);
    }
    let mut parts = day.splitn(3, '-').map(|it| it.parse::<u32>().ok());
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    let month = i32::try_from(month.checked_sub(1)?).ok()?;
    let of_month = i32::try_from(of_month).ok()?.checked_add(later)?;
    let at = js_sys::Date::new_with_year_month_day(year, month, of_month).get_time();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole")]
    at.is_finite().then_some(at as i64)
}

/// Everything there is to say of a moment.
#[must_use]
pub fn full(at: i64) -> String {
    Formats::of(language()).date(As::Full, at)
}

/// A moment as one says it at `now`: "5 minutes ago", "Today, 08:41", "Yesterday, 17:02", "3 Nov", "3 Nov 2025".
#[must_use]
pub fn moment(at: i64, now: i64) -> String {
    let formats = Formats::of(language());
    let ago = (now - at).max(0);
    if ago < MINUTE {
        return text(keys::TIME_NOW);
    }
    if ago < HOUR {
        let minutes = -(ago / MINUTE);
        return formats.relative(float(minutes), "minute");
    }
    if ago < RECENT {
        let key = match days_between(at, now) {
            0 => Some(keys::TIME_TODAY),
            1 => Some(keys::TIME_YESTERDAY),
            _ => None,
        };
        if let Some(key) = key {
            return fill(&text(key), &[("time", &formats.date(As::Time, at))]);
        }
    }
    let way = if year(at) == year(now) {
        As::Day
    } else {
        As::DayAndYear
    };
    formats.date(way, at)
}

fn local(at: i64) -> js_sys::Date {
    js_sys::Date::new(&float(at).into())
}

fn year(at: i64) -> u32 {
    local(at).get_full_year()
}

/// Midnights between two moments, where the browser is. Rounded: a day has 23 or 25 hours twice a year.
fn days_between(at: i64, now: i64) -> i64 {
    let midnight = |moment: i64| {
        let date = local(moment);
        date.set_hours(0);
        date.set_minutes(0);
        date.set_seconds(0);
        date.set_milliseconds(0);
        date.get_time()
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "days between two moments are few"
    )]
    let days = ((midnight(now) - midnight(at)) / 86_400_000.0).round() as i64;
    days
}

/// A moment in a view: short, with everything in its tooltip, and moving on with the clock while it is a recent one.
#[must_use]
pub fn when(at: i64) -> El {
    let Clock(clock) = expect_context();
    let now = clock.get_untracked();
    let inside = if now - at < RECENT {
        live(move || moment(at, clock.get()))
    } else {
        said(move || moment(at, now))
    };
    el("time")
        .attr("datetime", String::from(local(at).to_iso_string()))
        .said("title", move || full(at))
        .child(inside)
}
