//! Elements, all of one type: whatever is in them, the code that draws them is compiled once.
//!
//! What the `view!` macro makes has a type of its own for each element on each page, with code to build it and code to
//! compare it; for this console that was 120 kB of a bundle of which 150 are the goal. An [`El`] is a Leptos view like
//! any other: it stands among them, its parts follow signals, and what changes as a whole is a [`live`] closure, which
//! is drawn anew.

use std::borrow::Cow;

use leptos::{
    attr::any_attribute::AnyAttribute,
    prelude::*,
    tachys::{
        hydration::Cursor,
        no_attrs,
        renderer::types::{Element, Node},
        view::{Mountable, Position, PositionState},
    },
};
use locales::Key;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use crate::words::{Text, t};

const SVG: &str = "http://www.w3.org/2000/svg";

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
    El { tag, parts: Vec::new(), children: Vec::new() }
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
        if class.is_empty() { self } else { self.attr("class", class) }
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
    pub fn live(self, name: &'static str, value: impl Fn() -> Option<String> + Send + 'static) -> Self {
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
        self.part(Part::Property("value", Box::new(move || value.get().into())))
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

/// An element that is drawn, with what keeps it up to date.
pub struct Drawn {
    node: Element,
    #[expect(dead_code, reason = "held: dropping a child's state stops its effects")]
    children: Vec<<AnyView as Render>::State>,
    #[expect(dead_code, reason = "held: dropping an effect stops it")]
    following: Vec<RenderEffect<()>>,
}

impl Render for El {
    type State = Drawn;

    fn build(self) -> Drawn {
        let node = created(self.tag);
        let following = self.parts.into_iter().filter_map(|part| part.apply(&node)).collect();
        let children = self
            .children
            .into_iter()
            .map(|child| {
                let mut child = child.build();
                child.mount(&node, None);
                child
            })
            .collect();
        Drawn { node, children, following }
    }

    /// What is drawn again takes the place of what was there: parts that change one by one follow their signals.
    fn rebuild(self, state: &mut Drawn) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

fn created(tag: &'static str) -> Element {
    let document = document();
    let made = match tag {
        "svg" | "use" => document.create_element_ns(Some(SVG), tag),
        _ => document.create_element(tag),
    };
    made.expect("our tags are names of elements")
}

impl Part {
    fn apply(self, node: &Element) -> Option<RenderEffect<()>> {
        match self {
            Self::Fixed(name, value) => {
                set(node, name, &value);
                None
            }
            Self::Live(name, value) => {
                let node = node.clone();
                Some(followed(Box::new(move || match value() {
                    Some(value) => set(&node, name, &value),
                    None => drop(node.remove_attribute(name)),
                })))
            }
            Self::Property(name, value) => {
                let node = node.clone();
                Some(followed(Box::new(move || drop(js_sys::Reflect::set(&node, &name.into(), &value())))))
            }
            Self::On(event, act) => {
                // The browser drops it with the element.
                let act = Closure::wrap(act as Box<dyn FnMut(web_sys::Event)>).into_js_value();
                let _ = node.add_event_listener_with_callback(event, act.unchecked_ref());
                None
            }
            Self::Keep(spot) => {
                spot.0.try_set_value(Some(node.clone()));
                None
            }
        }
    }
}

fn set(node: &Element, name: &'static str, value: &str) {
    // Fails for names that are none, and ours are.
    let _ = node.set_attribute(name, value);
}

fn followed(run: Box<dyn Fn()>) -> RenderEffect<()> {
    RenderEffect::new(move |_| run())
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.node.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        let _ = parent.insert_before(&self.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.node.parent_element() else { return false };
        child.mount(&parent, Some(&self.node));
        true
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.node.clone()]
    }
}

no_attrs!(El);

/// Leptos asks this of every view; only a server that renders would use it, and ours does not.
impl RenderHtml for El {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        // An empty element of the same name: the browser draws the rest.
        buf.push('<');
        buf.push_str(self.tag);
        buf.push_str("></");
        buf.push_str(self.tag);
        buf.push('>');
    }

    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) -> Drawn {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
