//! Elements, all of one type: whatever is in them, the code that draws them is compiled once.
//!
//! What the `view!` macro makes has a type of its own for each element on each page, with code to build it and code to
//! compare it; for this console that was 67 kB (brotli) more, and 150 in all are the goal. An [`El`] is a Leptos view like
//! any other: it stands among them, its parts follow signals, and what changes as a whole is a [`live`] closure, which
//! is drawn anew.

mod drawn;

use std::borrow::Cow;

use leptos::{prelude::*, tachys::renderer::types::Element};
use locales::Key;
use wasm_bindgen::{JsCast, JsValue};

use crate::words::{Text, t};

/// What can stand inside an element.
pub trait Inside {
    fn inside(self) -> AnyView;
}

/// An element that is not drawn yet.
pub struct El {
    tag: &'static str,
    parts: Vec<Part>,
    children: Vec<AnyView>,
}

/// What belongs to an element besides its children.
enum Part {
    Fixed(&'static str, Cow<'static, str>),
    /// An attribute that follows signals; none takes it away.
    Live(&'static str, Box<dyn Fn() -> Option<String> + Send>),
    /// A property that follows signals: what a person typed is no attribute.
    Property(&'static str, Box<dyn Fn() -> JsValue + Send>),
    On(&'static str, Box<dyn FnMut(web_sys::Event) + Send>),
    /// Somebody needs the element itself.
    Keep(Spot),
}

/// Where an element is kept for whoever has to speak to it: to focus it, or to open it.
#[derive(Clone, Copy)]
pub struct Spot(StoredValue<Option<Element>, LocalStorage>);

impl Default for Spot {
    fn default() -> Self {
        Self(StoredValue::new_local(None))
    }
}

impl Spot {
    /// The element, once it was drawn, as what it is.
    #[must_use]
    pub fn get<T: JsCast>(self) -> Option<T> {
        self.0.try_get_value().flatten()?.dyn_into().ok()
    }
}

/// An element of this name.
#[must_use]
pub fn el(tag: &'static str) -> El {
    El {
        tag,
        parts: Vec::new(),
        children: Vec::new(),
    }
}

#[must_use]
pub fn div(class: &'static str) -> El {
    el("div").class(class)
}

#[must_use]
pub fn span(class: &'static str) -> El {
    el("span").class(class)
}

#[must_use]
pub fn p(class: &'static str) -> El {
    el("p").class(class)
}

/// A link. One to a page of the console does not load it again.
#[must_use]
pub fn link(href: String) -> El {
    el("a").attr("href", href)
}

/// Monospaced: what is carried from one place to another.
#[must_use]
pub fn code(text: impl Into<String>) -> El {
    el("code").child(text.into())
}

/// What is drawn anew whenever a signal changes that it reads.
#[must_use]
pub fn live<V: Inside>(draw: impl Fn() -> V + Send + 'static) -> AnyView {
    let draw: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || draw().inside());
    draw.into_any()
}

/// Several, one after the other.
#[must_use]
pub fn group(views: Vec<AnyView>) -> AnyView {
    views.into_any()
}

impl El {
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        if class.is_empty() {
            self
        } else {
            self.attr("class", class)
        }
    }

    #[must_use]
    pub fn attr(self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.part(Part::Fixed(name, value.into()))
    }

    /// An attribute that is there or not.
    #[must_use]
    pub fn flag(self, name: &'static str, on: bool) -> Self {
        if on { self.attr(name, "") } else { self }
    }

    /// An attribute in words: it follows the language.
    #[must_use]
    pub fn says(self, name: &'static str, text: impl Into<Text>) -> Self {
        let text = text.into();
        self.live(name, move || Some(text.read()))
    }

    /// An attribute that follows signals.
    #[must_use]
    pub fn live(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + Send + 'static,
    ) -> Self {
        self.part(Part::Live(name, Box::new(value)))
    }

    /// An attribute without a value that comes and goes with signals.
    #[must_use]
    pub fn live_flag(self, name: &'static str, on: impl Fn() -> bool + Send + 'static) -> Self {
        self.live(name, move || on().then(String::new))
    }

    /// What stands in a field.
    #[must_use]
    pub fn value(self, value: RwSignal<String>) -> Self {
        self.part(Part::Property(
            "value",
            Box::new(move || value.get().into()),
        ))
    }

    /// Whether a box or a radio is marked.
    #[must_use]
    pub fn checked(self, on: impl Fn() -> bool + Send + 'static) -> Self {
        self.part(Part::Property("checked", Box::new(move || on().into())))
    }

    #[must_use]
    pub fn on(self, event: &'static str, act: impl FnMut(web_sys::Event) + Send + 'static) -> Self {
        self.part(Part::On(event, Box::new(act)))
    }

    #[must_use]
    pub fn keep(self, spot: Spot) -> Self {
        self.part(Part::Keep(spot))
    }

    #[must_use]
    pub fn child(mut self, child: impl Inside) -> Self {
        self.children.push(child.inside());
        self
    }

    #[must_use]
    pub fn children(mut self, children: Vec<AnyView>) -> Self {
        self.children.extend(children);
        self
    }

    /// Erased, as every child is.
    #[must_use]
    #[inline(never)]
    pub fn done(self) -> AnyView {
        self.into_any()
    }

    #[inline(never)]
    fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

impl Inside for AnyView {
    fn inside(self) -> AnyView {
        self
    }
}

impl Inside for El {
    fn inside(self) -> AnyView {
        self.done()
    }
}

impl Inside for Text {
    #[inline(never)]
    fn inside(self) -> AnyView {
        t(self).into_any()
    }
}

impl Inside for Key {
    fn inside(self) -> AnyView {
        Text::from(self).inside()
    }
}

impl Inside for String {
    #[inline(never)]
    fn inside(self) -> AnyView {
        self.into_any()
    }
}

impl Inside for &'static str {
    fn inside(self) -> AnyView {
        self.to_owned().inside()
    }
}

impl Inside for () {
    #[inline(never)]
    fn inside(self) -> AnyView {
        ().into_any()
    }
}

impl<T: Inside> Inside for Option<T> {
    fn inside(self) -> AnyView {
        match self {
            Some(view) => view.inside(),
            None => ().inside(),
        }
    }
}

impl<T: Inside> Inside for Vec<T> {
    fn inside(self) -> AnyView {
        group(self.into_iter().map(Inside::inside).collect())
    }
}
