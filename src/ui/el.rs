//! Elements and what stands in them, all of one type: the code that draws them is compiled once, whatever they are.
//!
//! What the `view!` macro makes has a type of its own for each element on each page, with code to build it and code to
//! compare it; for this console that was 80 kB (brotli) more, and 150 in all are the goal. A [`View`] is a Leptos view
//! like any other: its parts follow signals, and what changes as a whole is a [`live`] closure, which is drawn anew.

mod drawn;

use std::borrow::Cow;

use leptos::{prelude::*, tachys::renderer::types::Element};
use locales::Key;
use wasm_bindgen::{JsCast, JsValue};

use crate::words::Text;

/// What can be seen, or nothing.
pub enum View {
    Nothing,
    El(El),
    /// Follows the language.
    Words(Said),
    /// Words that are nobody's to translate.
    Plain(String),
    /// Drawn anew whenever a signal changes that it reads.
    Live(Box<dyn Fn() -> View + Send>),
    /// One after the other.
    Several(Vec<View>),
}

/// Words in the language of now.
type Said = Box<dyn Fn() -> String + Send>;

/// What can stand inside an element.
pub trait Inside {
    fn inside(self) -> View;
}

/// An element that is not drawn yet. A pointer: it is handed from call to call while it is made.
pub struct El(Box<Made>);

struct Made {
    tag: &'static str,
    parts: Vec<Part>,
    children: Vec<View>,
}

/// What belongs to an element besides its children.
enum Part {
    Fixed(&'static str, Cow<'static, str>),
    /// An attribute that follows the language.
    Says(&'static str, Said),
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
#[inline(never)]
pub fn el(tag: &'static str) -> El {
    El(Box::new(Made {
        tag,
        parts: Vec::new(),
        children: Vec::new(),
    }))
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
pub fn live<V: Inside>(draw: impl Fn() -> V + Send + 'static) -> View {
    View::Live(Box::new(move || draw().inside()))
}

/// What is put into words: it follows the language.
#[must_use]
pub fn said(read: impl Fn() -> String + Send + 'static) -> View {
    View::Words(Box::new(read))
}

/// Several, one after the other.
#[must_use]
pub fn group(views: Vec<View>) -> View {
    View::Several(views)
}

impl View {
    fn of_now(self) -> Self {
        match self {
            Self::Words(said) => Self::Plain(said()),
            Self::El(el) => Self::El(el.of_now()),
            Self::Several(views) => Self::Several(views.into_iter().map(Self::of_now).collect()),
            other => other,
        }
    }
}

impl El {
    /// In words of now: whoever draws it draws it again in another language. Following the language in each cell of
    /// many costs more than the cell.
    #[must_use]
    pub fn of_now(mut self) -> Self {
        let made = &mut *self.0;
        for part in &mut made.parts {
            if let Part::Says(name, said) = part {
                *part = Part::Fixed(name, said().into());
            }
        }
        let children = std::mem::take(&mut made.children);
        made.children = children.into_iter().map(View::of_now).collect();
        self
    }

    #[must_use]
    #[inline(never)]
    pub fn class(self, class: &'static str) -> Self {
        if class.is_empty() {
            self
        } else {
            self.attr("class", class)
        }
    }

    #[must_use]
    #[inline(never)]
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
        self.said(name, move || text.read())
    }

    /// The same of what is put into words, a moment for instance.
    #[must_use]
    pub fn said(self, name: &'static str, read: impl Fn() -> String + Send + 'static) -> Self {
        self.part(Part::Says(name, Box::new(read)))
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
    pub fn child(self, child: impl Inside) -> Self {
        self.with(child.inside())
    }

    #[must_use]
    pub fn children(mut self, children: Vec<View>) -> Self {
        self.0.children.extend(children);
        self
    }

    /// As a view.
    #[must_use]
    pub fn done(self) -> View {
        View::El(self)
    }

    #[inline(never)]
    fn with(mut self, child: View) -> Self {
        self.0.children.push(child);
        self
    }

    #[inline(never)]
    fn part(mut self, part: Part) -> Self {
        self.0.parts.push(part);
        self
    }
}

impl Inside for View {
    fn inside(self) -> View {
        self
    }
}

impl Inside for El {
    fn inside(self) -> View {
        View::El(self)
    }
}

impl Inside for Text {
    fn inside(self) -> View {
        said(move || self.read())
    }
}

impl Inside for Key {
    fn inside(self) -> View {
        Text::from(self).inside()
    }
}

impl Inside for String {
    fn inside(self) -> View {
        View::Plain(self)
    }
}

impl Inside for &'static str {
    fn inside(self) -> View {
        View::Plain(self.to_owned())
    }
}

impl Inside for () {
    fn inside(self) -> View {
        View::Nothing
    }
}

impl<T: Inside> Inside for Option<T> {
    fn inside(self) -> View {
        self.map_or(View::Nothing, Inside::inside)
    }
}

impl<T: Inside> Inside for Vec<T> {
    fn inside(self) -> View {
        View::Several(self.into_iter().map(Inside::inside).collect())
    }
}
