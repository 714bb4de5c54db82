//! How a view comes into the page, keeps up with its signals, and leaves.
//!
//! It must not know which view it is.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    attr::any_attribute::AnyAttribute,
    prelude::*,
    reactive::graph::{Subscriber, ToAnySubscriber},
    tachys::{
        hydration::Cursor,
        no_attrs,
        renderer::types::{Element, Node},
        view::{Mountable, Position, PositionState},
    },
};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{El, Made, Part, Said, View};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A view that is drawn, with what keeps it up to date: dropping it ends that.
pub enum Drawn {
    Nothing,
    One(One),
    Live(Live),
    Several(Vec<Drawn>),
}

/// One node: an element with what stands in it, or a text.
pub struct One {
    node: Node,
    _inside: Vec<Drawn>,
    _following: Vec<Following>,
}

/// An effect that signals forget when it is dropped. They would hold its place for ever: the words of every page that
/// was ever shown, in the one signal that has the language.
struct Following(RenderEffect<()>);

impl Drop for Following {
    fn drop(&mut self) {
        let effect = self.0.to_any_subscriber();
        effect.clear_sources(&effect);
    }
}

/// What was drawn last, and the mark in the page that it stands before.
pub struct Live {
    mark: Node,
    shown: Rc<RefCell<Drawn>>,
    _effect: Following,
}

impl Render for View {
    type State = Drawn;

    fn build(self) -> Drawn {
        match self {
            Self::Nothing => Drawn::Nothing,
            Self::El(El(made)) => Drawn::One(element(*made)),
            Self::Words(said) => Drawn::One(words(said)),
            Self::Plain(text) => Drawn::One(plain(&text)),
            Self::Live(draw) => Drawn::Live(live(draw)),
            Self::Several(views) => Drawn::Several(views.into_iter().map(Render::build).collect()),
        }
    }

    /// What is drawn again takes the place of what was there: parts that change one by one follow their signals.
    fn rebuild(self, state: &mut Drawn) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

fn element(made: Made) -> One {
    let document = document();
    let element = match made.tag {
        "svg" | "use" | "defs" | "pattern" | "path" | "rect" => {
            document.create_element_ns(Some(SVG), made.tag)
        }
        tag => document.create_element(tag),
    };
    let element = element.expect("our tags are names of elements");
    let following = made
        .parts
        .into_iter()
        .filter_map(|part| part.apply(&element))
        .collect();
    let inside = made.children.into_iter().map(|child| {
        let mut child = child.build();
        child.mount(&element, None);
        child
    });
    let inside = inside.collect();
    One {
        node: element.into(),
        _inside: inside,
        _following: following,
    }
}

fn plain(text: &str) -> One {
    One {
        node: document().create_text_node(text).into(),
        _inside: Vec::new(),
        _following: Vec::new(),
    }
}

fn words(said: Said) -> One {
    let one = plain("");
    let node = one.node.clone();
    let following = followed(Box::new(move || {
        node.set_text_content(Some(&said()));
    }));
    One {
        _following: vec![following],
        ..one
    }
}

fn live(draw: Box<dyn Fn() -> View + Send>) -> Live {
    let mark: Node = document().create_comment("").into();
    let shown = Rc::new(RefCell::new(Drawn::Nothing));
    let effect = {
        // Weak: the effect's task ends later than this is dropped, and would keep what is shown following signals that
        // are gone by then.
        let (mark, shown) = (mark.clone(), Rc::downgrade(&shown));
        followed(Box::new(move || {
            let Some(shown) = shown.upgrade() else {
                return;
            };
            let mut new = draw().build();
            let mut shown = shown.borrow_mut();
            if let Some(parent) = mark.parent_element() {
                shown.unmount();
                new.mount(&parent, Some(&mark));
            }
            *shown = new;
        }))
    };
    Live {
        mark,
        shown,
        _effect: effect,
    }
}

impl Part {
    fn apply(self, node: &Element) -> Option<Following> {
        match self {
            Self::Fixed(name, value) => {
                set(node, name, &value);
                None
            }
            Self::Says(name, said) => {
                let node = node.clone();
                Some(followed(Box::new(move || set(&node, name, &said()))))
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
                Some(followed(Box::new(move || {
                    let (name, value) = (name.into(), value());
                    // Setting what is there already would move the caret.
                    if js_sys::Reflect::get(&node, &name).as_ref() != Ok(&value) {
                        drop(js_sys::Reflect::set(&node, &name, &value));
                    }
                })))
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

fn followed(run: Box<dyn Fn()>) -> Following {
    Following(RenderEffect::new(move |_| run()))
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        match self {
            Self::Nothing => {}
            Self::One(one) => taken_out(&one.node),
            Self::Live(live) => {
                live.shown.borrow_mut().unmount();
                taken_out(&live.mark);
            }
            Self::Several(all) => all.iter_mut().for_each(Self::unmount),
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        match self {
            Self::Nothing => {}
            Self::One(one) => put_in(parent, &one.node, marker),
            Self::Live(live) => {
                live.shown.borrow_mut().mount(parent, marker);
                put_in(parent, &live.mark, marker);
            }
            Self::Several(all) => {
                for one in all {
                    one.mount(parent, marker);
                }
            }
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            Self::Nothing => false,
            Self::One(one) => put_before(&one.node, child),
            Self::Live(live) => {
                live.shown.borrow().insert_before_this(child) || put_before(&live.mark, child)
            }
            Self::Several(all) => all.iter().any(|one| one.insert_before_this(child)),
        }
    }

    fn elements(&self) -> Vec<Element> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(one) => one.node.clone().dyn_into().into_iter().collect(),
            Self::Live(live) => live.shown.borrow().elements(),
            Self::Several(all) => all.iter().flat_map(Self::elements).collect(),
        }
    }
}

fn put_in(parent: &Element, node: &Node, marker: Option<&Node>) {
    // Fails only where the marker is not the parent's, and it is.
    let _ = parent.insert_before(node, marker);
}

fn put_before(node: &Node, child: &mut dyn Mountable) -> bool {
    let Some(parent) = node.parent_element() else {
        return false;
    };
    child.mount(&parent, Some(node));
    true
}

fn taken_out(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

no_attrs!(View);

/// Leptos asks this of every view; only a server that renders would use it, and ours does not.
impl RenderHtml for View {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _buf: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        // Nothing: the browser draws it all.
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        _cursor: &Cursor,
        _position: &PositionState,
    ) -> Drawn {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
