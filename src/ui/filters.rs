//! Filters over a list: each takes effect as soon as it is left or chosen.
//!
//! They must not know what is filtered, nor where the choice is kept.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;
use locales::Key;

use crate::{
    ui::{
        el::{El, div, el, live},
        task::{later, watch},
    },
    words::Text,
};

/// What a filter takes.
pub enum Takes {
    /// Words; the hint says which.
    Words(Key),
    /// Words, with suggestions for what is typed.
    Suggested(Key, Suggest),
    /// A day, as the browser writes it: `2026-11-21`.
    Day,
    /// One of these: its value, and how it is called. Empty is any.
    OneOf(Vec<(String, Text)>),
}

/// What fits what is typed: the value of each, and how it is called.
pub type Suggestions = Vec<(String, String)>;
/// Finds suggestions.
pub type Suggest = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Suggestions>>> + Send + Sync>;

/// From so many letters on there are suggestions.
const ENOUGH: usize = 2;

/// One filter: its name in the address, its label, what it takes.
pub type Filter = (&'static str, Key, Takes);

/// What a filter is set to; tracked.
pub type Asked = Arc<dyn Fn(&'static str) -> String + Send + Sync>;
/// Every filter that is set.
pub type Apply = Arc<dyn Fn(Vec<(&'static str, String)>) + Send + Sync>;

/// The filters, in a row or more. `last` stands at their end.
#[must_use]
pub fn filters(label: Key, all: Vec<Filter>, asked: &Asked, apply: Apply, last: Option<El>) -> El {
    let values: Vec<(&'static str, RwSignal<String>)> = all
        .iter()
        .map(|(name, _, _)| (*name, RwSignal::new(String::new())))
        .collect();
    for (name, value) in values.clone() {
        let asked = Arc::clone(asked);
        // Another address, by a link or by going back, is another choice.
        watch(move || value.set(asked(name)));
    }
    let send = {
        let values = values.clone();
        move || {
            let set = values
                .iter()
                .map(|(name, value)| (*name, value.get_untracked().trim().to_owned()))
                .filter(|(_, value)| !value.is_empty());
            apply(set.collect());
        }
    };
    let fields: Vec<El> = all
        .into_iter()
        .zip(values)
        .map(|(filter, (_, value))| field(filter, value, send.clone()))
        .collect();
    el("form")
        .class("filters")
        .attr("role", "search")
        .says("aria-label", label)
        .on("submit", move |event| {
            event.prevent_default();
            send();
        })
        .child(fields)
        // Enter sends a form with several fields only where there is a button for it.
        .child(el("button").attr("type", "submit").attr("hidden", ""))
        .child(last)
}

fn field(
    (name, label, takes): Filter,
    value: RwSignal<String>,
    send: impl Fn() + Send + 'static,
) -> El {
    let id = format!("filter-{name}");
    let changed = move |event: web_sys::Event| {
        value.set(event_target_value(&event));
        send();
    };
    let words = move |hint: Key| {
        el("input")
            .attr("type", "search")
            .says("placeholder", hint)
            .attr("autocomplete", "off")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr("maxlength", "320")
            .value(value)
    };
    let mut list = None;
    let input = match takes {
        Takes::Words(hint) => words(hint),
        Takes::Suggested(hint, suggest) => {
            let list_id = format!("{id}-list");
            let (options, typed) = suggestions(list_id.clone(), suggest);
            list = Some(options);
            words(hint).attr("list", list_id).on("input", typed)
        }
        Takes::Day => el("input").attr("type", "date").value(value),
        Takes::OneOf(options) => {
            let options = live(move || {
                let chosen = value.get();
                options
                    .iter()
                    .map(|(code, name)| {
                        el("option")
                            .attr("value", code.clone())
                            .flag("selected", *code == chosen)
                            .child(name.clone())
                    })
                    .collect::<Vec<_>>()
            });
            el("select").child(options)
        }
    };
    div("filter")
        .child(el("label").attr("for", id.clone()).child(label))
        .child(
            input
                .attr("id", id)
                .attr("name", name)
                .on("change", changed),
        )
        .child(list)
}

/// The browser's own list, and what fills it while somebody types.
fn suggestions(id: String, suggest: Suggest) -> (El, impl FnMut(web_sys::Event) + Send + 'static) {
    let found = RwSignal::new(Suggestions::new());
    let latest = RwSignal::new(String::new());
    let options = live(move || {
        let option =
            |(value, name): (String, String)| el("option").attr("value", value).child(name);
        found.get().into_iter().map(option).collect::<Vec<_>>()
    });
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event).trim().to_owned();
        latest.set(text.clone());
        if text.chars().count() < ENOUGH {
            return;
        }
        let asked = suggest(text.clone());
        later(async move {
            let answer = asked.await;
            // A later one may have been quicker.
            if latest.try_get_untracked() == Some(text) {
                found.try_set(answer);
            }
        });
    };
    (el("datalist").attr("id", id).child(options), typed)
}
