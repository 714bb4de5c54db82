//! How an element comes into the page and keeps up with its signals.
//!
//! It must not know which element it is.

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
use wasm_bindgen::{JsCast, closure::Closure};

use super::{El, Part};

const SVG: &str = "http://www.w3.org/2000/svg";

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
        let following = self
            .parts
            .into_iter()
            .filter_map(|part| part.apply(&node))
            .collect();
        let children = self
            .children
            .into_iter()
            .map(|child| {
                let mut child = child.build();
                child.mount(&node, None);
                child
            })
            .collect();
        Drawn {
            node,
            children,
            following,
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
        let Some(parent) = self.node.parent_element() else {
            return false;
        };
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
