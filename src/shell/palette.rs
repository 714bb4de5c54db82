//! The command palette: a page or a person by a few letters, from anywhere (Ctrl or ⌘ and K).
//!
//! A combobox with its list (WAI-ARIA Authoring Practices, "Combobox"): the focus stays in the field, and the field says
//! which entry is meant.

use api::{Provider, User};
use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use locales::{Key, keys};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, KeyboardEvent};

use crate::{
    navigation::{Place, use_place},
    pages::activity::found_people,
    paths,
    ui::{
        el::{El, Spot, View, el, live, p, span},
        icon::icon,
        task::later,
    },
    words::Text,
};

/// From so many letters on people are looked for.
const ENOUGH: usize = 2;

/// The palette, open or closed: the shell has one.
#[derive(Clone, Copy)]
pub struct Palette {
    dialog: Spot,
    /// Nothing is looked for before it is opened for the first time.
    opened: RwSignal<bool>,
    typed: RwSignal<String>,
    people: RwSignal<Vec<User>>,
    /// What those people answer.
    asked: RwSignal<String>,
    at: RwSignal<usize>,
    place: Place,
}

/// Where an entry leads, its picture, its name, and what else there is to say.
struct Entry {
    href: String,
    picture: &'static str,
    name: Text,
    more: Text,
}

fn pages() -> Vec<Entry> {
    let page = |href: String, picture, name: Key| Entry {
        href,
        picture,
        name: name.into(),
        more: "".into(),
    };
    let okta = Entry {
        href: paths::connection(Provider::Okta),
        picture: "integrations",
        name: Provider::Okta.name().into(),
        more: keys::INTEGRATIONS_TITLE.into(),
    };
    vec![
        page(paths::overview(), "house", keys::OVERVIEW_TITLE),
        page(paths::users(), "users", keys::USERS_TITLE),
        page(paths::new_user(), "plus", keys::USERS_NEW),
        page(paths::new_import(), "plus", keys::IMPORT_TITLE),
        page(paths::sign_ins(), "enter", keys::SIGN_INS_TITLE),
        page(paths::audit(), "clock", keys::AUDIT_TITLE),
        page(
            paths::organization(),
            "organization",
            keys::ORGANIZATION_TITLE,
        ),
        page(
            paths::integrations(),
            "integrations",
            keys::INTEGRATIONS_TITLE,
        ),
        okta,
        page(paths::security(), "key", keys::SECURITY_TITLE),
        page(paths::notifications(), "bell", keys::NOTIFICATIONS_TITLE),
    ]
}

impl Palette {
    /// While it is there, its keys open it.
    #[must_use]
    pub fn closed() -> Self {
        let palette = Self {
            dialog: Spot::default(),
            opened: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            people: RwSignal::new(Vec::new()),
            asked: RwSignal::new(String::new()),
            at: RwSignal::new(0),
            place: use_place(),
        };
        let press = window_event_listener_untyped("keydown", move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                && (event.ctrl_key() || event.meta_key())
                && event.key().eq_ignore_ascii_case("k")
            {
                // In some browsers it would lead to their own search.
                event.prevent_default();
                palette.open();
            }
        });
        on_cleanup(move || press.remove());
        palette
    }

    fn open(self) {
        let other = document().query_selector("dialog[open]").ok().flatten();
        if let Some(dialog) = self.dialog.get::<HtmlDialogElement>()
            && other.is_none()
        {
            self.opened.set(true);
            self.type_in(String::new());
            let _ = dialog.show_modal();
        }
    }

    fn type_in(self, text: String) {
        self.at.set(0);
        self.typed.set(text.clone());
        let search = text.trim().to_owned();
        if search.chars().count() < ENOUGH {
            return self.people.set(Vec::new());
        }
        later(async move {
            let found = found_people(search).await;
            // A later one may have been quicker.
            if self.typed.try_get_untracked().as_ref() == Some(&text) {
                self.asked.try_set(text);
                self.people.try_set(found);
            }
        });
    }

    /// What fits what is typed, each word of it; tracked.
    fn entries(self) -> Vec<Entry> {
        if !self.opened.get() {
            return Vec::new();
        }
        let typed = lower(&self.typed.get());
        let fits = |said: &str| {
            let said = lower(said);
            typed.split(' ').all(|word| said.contains(word))
        };
        let mut entries = pages();
        entries.retain(|it| fits(&it.name.read()));
        // Until the next answer is there, nobody stays whom only the last question meant.
        let is_answered = self.typed.get() == self.asked.get();
        let mut people = self.people.get();
        people.retain(|it| is_answered || fits(&format!("{} {}", it.name, it.email)));
        entries.extend(people.into_iter().map(|it| Entry {
            href: paths::user(&it.id),
            picture: "users",
            name: it.name.into(),
            more: it.email.into(),
        }));
        entries
    }

    fn go(self, href: &str) {
        if let Some(dialog) = self.dialog.get::<HtmlDialogElement>() {
            dialog.close();
        }
        self.place.visit(href);
    }

    fn press(self, event: web_sys::Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else {
            return;
        };
        let entries = untrack(|| self.entries());
        let (at, all) = (self.at.get_untracked(), entries.len().max(1));
        match key.as_str() {
            "ArrowDown" => self.at.set((at + 1) % all),
            "ArrowUp" => self.at.set((at + all - 1) % all),
            "Enter" => {
                if let Some(entry) = entries.get(at) {
                    self.go(&entry.href);
                }
            }
            _ => return,
        }
        event.prevent_default();
        // Once what is meant is marked.
        request_animation_frame(show_meant);
    }

    /// What opens it for whoever does not know the keys.
    #[must_use]
    pub fn opener(self) -> El {
        el("button")
            .class("palette-open")
            .attr("type", "button")
            .attr("aria-keyshortcuts", "Control+K Meta+K")
            .says("aria-label", keys::PALETTE_OPEN)
            .on("click", move |_| self.open())
            .child(icon("search"))
            .child(el("span").child(keys::PALETTE_OPEN))
            // Drawn by the style sheet: as a text it would have to be in the button's name.
            .child(el("kbd").attr("data-keys", "Ctrl K"))
    }

    #[must_use]
    pub fn dialog(self) -> El {
        let meant = move || {
            let at = self.at.get();
            (at < self.entries().len()).then(|| option_id(at))
        };
        let field = el("input")
            .attr("type", "text")
            .attr("role", "combobox")
            .attr("aria-expanded", "true")
            .attr("aria-controls", "palette-list")
            .attr("aria-autocomplete", "list")
            .live("aria-activedescendant", meant)
            .says("aria-label", keys::PALETTE_TITLE)
            .says("placeholder", keys::PALETTE_HINT)
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .attr("maxlength", "320")
            .attr("autofocus", "")
            .value(self.typed)
            .on("input", move |event| {
                self.type_in(event_target_value(&event));
            })
            .on("keydown", move |event| self.press(event));
        let options = live(move || {
            let entries = self.entries().into_iter().enumerate();
            entries
                .map(|(at, it)| self.option(at, it))
                .collect::<Vec<_>>()
        });
        let is_none = move || self.opened.get() && self.entries().is_empty();
        let none = live(move || is_none().then_some(keys::PALETTE_NONE));
        el("dialog")
            .class("dialog palette")
            .says("aria-label", keys::PALETTE_TITLE)
            .keep(self.dialog)
            .child(field)
            .child(
                el("ul")
                    .attr("id", "palette-list")
                    .attr("role", "listbox")
                    .says("aria-label", keys::PALETTE_TITLE)
                    .child(options),
            )
            .child(p("muted small").attr("role", "status").child(none))
    }

    fn option(self, at: usize, entry: Entry) -> View {
        let href = entry.href;
        el("li")
            .attr("id", option_id(at))
            .attr("role", "option")
            .live("aria-selected", move || {
                Some((self.at.get() == at).to_string())
            })
            .on("click", move |_| self.go(&href))
            .child(icon(entry.picture))
            .child(span("breakable").child(entry.name))
            .child(span("muted small breakable").child(entry.more))
            .done()
    }
}

/// Brings the entry that is meant into what can be seen of the list. By name: the typed way is a feature of web-sys that
/// nothing else needs.
fn show_meant() {
    let meant = document().query_selector("#palette-list [aria-selected=true]");
    if let Ok(Some(meant)) = meant
        && let Ok(scroll) = Reflect::get(&meant, &"scrollIntoView".into())
        && let Some(scroll) = scroll.dyn_ref::<Function>()
    {
        let way = Object::new();
        let _ = Reflect::set(&way, &"block".into(), &"nearest".into());
        let _ = scroll.call1(&meant, &way);
    }
}

/// By the browser: Rust would bring its own tables along.
fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

fn option_id(at: usize) -> String {
    format!("palette-{at}")
}
