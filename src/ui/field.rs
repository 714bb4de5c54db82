//! Fields: label above, hint under it, error in its place.
//!
//! They must not know what a value means.

use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    ui::{form::Form, icon::icon},
    words::{Text, t},
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

/// A field of one line. What is given as children stands between the field and its error.
#[component]
pub fn Field(
    form: Form,
    /// The JSON name, by which check and server speak of it.
    name: &'static str,
    label: Key,
    value: RwSignal<String>,
    #[prop(optional)] look: Look,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    let shown = RwSignal::new(false);
    let edited = StoredValue::new(false);
    let secret = look.kind == Kind::Secret;
    let fault = Memo::new(move |_| form.fault(name));
    let error_id = format!("{name}-error");
    let hint_id = format!("{name}-hint");
    let described = {
        let hint = look.hint.is_some().then(|| hint_id.clone());
        let also = Some(look.also.to_owned()).filter(|it| !it.is_empty());
        let error = error_id.clone();
        move || {
            let error = fault.get().map(|_| error.clone());
            let ids: Vec<String> = hint.iter().chain(also.iter()).cloned().chain(error).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let kind = move || match look.kind {
        Kind::Plain | Kind::Code => "text",
        Kind::Email => "email",
        Kind::Secret if shown.get() => "text",
        Kind::Secret => "password",
    };
    let code = matches!(look.kind, Kind::Code | Kind::Secret);
    view! {
        <div class="field">
            {label_of(name, label, look.optional)}
            <div class="field-box">
                <input
                    id=name
                    name=name
                    type=kind
                    class:code=code
                    placeholder=look.placeholder
                    autocomplete=if look.complete.is_empty() { "off" } else { look.complete }
                    autocapitalize="none"
                    spellcheck="false"
                    aria-required=(!look.optional).then_some("true")
                    aria-invalid=move || fault.get().map(|_| "true")
                    aria-describedby=described
                    prop:value=move || value.get()
                    on:input=move |event| {
                        edited.set_value(true);
                        form.edit(name);
                        value.set(event_target_value(&event));
                    }
                    on:blur=move |_| {
                        if edited.get_value() {
                            form.leave(name);
                        }
                    }
                />
                {secret.then(|| reveal(shown))}
            </div>
            {look.hint.map(|hint| view! { <p class="hint" id=hint_id>{t(hint)}</p> })}
            {children.map(|children| children())}
            {error_of(fault, error_id)}
        </div>
    }
    .into_any()
}

fn label_of(id: &'static str, label: Key, optional: bool) -> AnyView {
    view! {
        <label for=id>
            {t(label)}
            {optional.then(|| view! { <span class="optional">" " {t(keys::FORM_OPTIONAL)}</span> })}
        </label>
    }
    .into_any()
}

fn error_of(fault: Memo<Option<Key>>, id: String) -> AnyView {
    (move || {
        fault.get().map(|key| {
            view! {
                <p class="error" id=id.clone()>
                    {icon("alert")}
                    <span>{t(key)}</span>
                </p>
            }
        })
    })
    .into_any()
}

fn reveal(shown: RwSignal<bool>) -> AnyView {
    let label = move || if shown.get() { keys::ACTION_HIDE } else { keys::ACTION_SHOW };
    view! {
        <button
            class="icon-button"
            type="button"
            aria-label=move || t(label())()
            on:click=move |_| shown.update(|it| *it = !*it)
        >
            {move || icon(if shown.get() { "eye-off" } else { "eye" })}
        </button>
    }
    .into_any()
}

/// One of a few: its value, its label, and one line on what it means where that is not plain.
pub type Of = (&'static str, Text, Option<Text>);

/// One of a few, all of them visible: a radio each.
#[component]
pub fn Choice(
    name: &'static str,
    label: Key,
    options: Vec<Of>,
    #[prop(into)] value: Signal<String>,
    on_choose: Callback<&'static str>,
    #[prop(optional)] compact: bool,
) -> AnyView {
    let option = move |(code, text, means): Of| {
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=name
                    value=code
                    prop:checked=move || value.with(|it| it == code)
                    on:change=move |_| on_choose.run(code)
                />
                <span class="option-text">
                    <span>{t(text)}</span>
                    {means.map(|means| view! { <span class="hint">{t(means)}</span> })}
                </span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="choice" data-compact=compact.then_some("")>
            <legend>{t(label)}</legend>
            <div class="options">{options.into_iter().map(option).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
