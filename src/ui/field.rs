//! Fields: label above, hint under it, error in its place.
//!
//! They must not know what a value means.

use std::sync::Arc;

use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    ui::{
        el::{El, View, div, el, live, p, span},
        form::Form,
        icon::icon,
    },
    words::{Text, text},
};

/// What kind of text a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Plain,
    Email,
    /// Values that are carried from one place to another: monospaced, and no spelling.
    Code,
    /// Hidden until one asks to see it.
    Secret,
}

/// What is particular about a field.
#[derive(Clone, Default)]
pub struct Look {
    pub kind: Kind,
    pub hint: Option<Text>,
    pub optional: bool,
    /// The browser's `autocomplete`.
    pub complete: &'static str,
    pub placeholder: &'static str,
    /// The id of what else describes it: something among its children.
    pub also: &'static str,
}

/// A field of one line. `name` is the JSON name, by which check and server speak of it; what is given as `more` stands
/// between the field and its error.
#[must_use]
pub fn field(
    form: Form,
    name: &'static str,
    label: Key,
    value: RwSignal<String>,
    look: Look,
    more: Option<El>,
) -> El {
    let hint_id = format!("{name}-hint");
    let described = {
        let mut ids = Vec::new();
        if look.hint.is_some() {
            ids.push(hint_id.clone());
        }
        if !look.also.is_empty() {
            ids.push(look.also.to_owned());
        }
        move || {
            let mut ids = ids.clone();
            if form.fault(name).is_some() {
                ids.push(error_id(name));
            }
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let shown = RwSignal::new(false);
    let secret = look.kind == Kind::Secret;
    let input = input(form, name, value, &look)
        .live("type", move || {
            Some(look.kind.input(shown.get()).to_owned())
        })
        .live("aria-describedby", described);
    let hint = look
        .hint
        .map(|hint| p("hint").attr("id", hint_id).child(hint));
    div("field")
        .child(label_of(name, label, look.optional))
        .child(
            div("field-box")
                .child(input)
                .child(secret.then(|| reveal(shown))),
        )
        .child(hint)
        .child(more)
        .child(fault(form, name))
}

/// What is wrong with a field, once it is to be said.
#[must_use]
pub fn fault(form: Form, name: &'static str) -> View {
    live(move || {
        form.fault(name).map(|key| {
            p("error")
                .attr("id", error_id(name))
                .child(icon("alert"))
                .child(el("span").child(key))
        })
    })
}

pub(super) fn error_id(name: &str) -> String {
    format!("{name}-error")
}

/// One of several, in a list that opens: its value and its name each.
#[must_use]
pub fn select(
    form: Form,
    name: &'static str,
    label: Key,
    options: Vec<(String, Text)>,
    value: RwSignal<String>,
) -> El {
    let options: Vec<El> = options
        .into_iter()
        .map(|(code, name)| {
            let is_it = value.with_untracked(|it| *it == code);
            el("option")
                .attr("value", code)
                .flag("selected", is_it)
                .child(name)
        })
        .collect();
    let select = el("select")
        .attr("id", name)
        .attr("name", name)
        .live("aria-invalid", move || {
            form.fault(name).map(|_| "true".to_owned())
        })
        .live("aria-describedby", move || {
            form.fault(name).map(|_| error_id(name))
        })
        .on("change", move |event| {
            form.typed(name, value, event_target_value(&event));
        })
        .child(options);
    div("field")
        .child(label_of(name, label, false))
        .child(div("field-box").child(select))
        .child(fault(form, name))
}

impl Kind {
    /// The input's `type`.
    fn input(self, shown: bool) -> &'static str {
        match self {
            Self::Plain | Self::Code => "text",
            Self::Email => "email",
            Self::Secret if shown => "text",
            Self::Secret => "password",
        }
    }
}

fn input(form: Form, name: &'static str, value: RwSignal<String>, look: &Look) -> El {
    let edited = RwSignal::new(false);
    let code = matches!(look.kind, Kind::Code | Kind::Secret);
    let drawn = el("input")
        .class(if code { "code" } else { "" })
        .attr("id", name)
        .attr("name", name)
        .attr(
            "autocomplete",
            if look.complete.is_empty() {
                "off"
            } else {
                look.complete
            },
        )
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .live("aria-invalid", move || {
            form.fault(name).map(|_| "true".to_owned())
        })
        .live_flag("readonly", move || form.is_locked(name))
        .value(value)
        .on("input", move |event| {
            edited.set(true);
            form.typed(name, value, event_target_value(&event));
        })
        .on("blur", move |_| {
            if edited.try_get_untracked() == Some(true) {
                form.leave(name);
            }
        });
    let drawn = if look.optional {
        drawn
    } else {
        drawn.attr("aria-required", "true")
    };
    if look.placeholder.is_empty() {
        drawn
    } else {
        drawn.attr("placeholder", look.placeholder)
    }
}

fn label_of(id: &'static str, label: Key, optional: bool) -> El {
    let optional = optional.then(|| span("optional").child(" ").child(keys::FORM_OPTIONAL));
    el("label").attr("for", id).child(label).child(optional)
}

fn reveal(shown: RwSignal<bool>) -> El {
    let name = move || {
        Some(text(if shown.get() {
            keys::ACTION_HIDE
        } else {
            keys::ACTION_SHOW
        }))
    };
    el("button")
        .class("icon-button")
        .attr("type", "button")
        .live("aria-label", name)
        .on("click", move |_| shown.update(|it| *it = !*it))
        .child(live(move || {
            icon(if shown.get() { "eye-off" } else { "eye" })
        }))
}

/// One of a few: its value, its label, and one line on what it means where that is not plain.
pub type Of = (&'static str, Text, Option<Text>);

/// One of a few, all of them visible: a radio each.
#[must_use]
pub fn choice(
    name: &'static str,
    label: Key,
    options: Vec<Of>,
    value: Signal<String>,
    choose: Arc<dyn Fn(&'static str) + Send + Sync>,
    compact: bool,
) -> El {
    let options: Vec<El> = options
        .into_iter()
        .map(|it| option(name, it, value, Arc::clone(&choose)))
        .collect();
    el("fieldset")
        .class("choice")
        .flag("data-compact", compact)
        .child(el("legend").child(label))
        .child(div("options").child(options))
}

fn option(
    name: &'static str,
    (code, label, means): Of,
    value: Signal<String>,
    choose: Arc<dyn Fn(&'static str) + Send + Sync>,
) -> El {
    let radio = el("input")
        .attr("type", "radio")
        .attr("name", name)
        .attr("value", code)
        .checked(move || value.with(|it| it == code))
        .on("change", move |_| choose(code));
    let means = means.map(|means| span("hint").child(means));
    let text = span("option-text")
        .child(el("span").child(label))
        .child(means);
    el("label").class("option").child(radio).child(text)
}
