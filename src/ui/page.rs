//! A page's frame: its title, one line of what it is for, actions, the way to it; the browser's title, and the focus.

use leptos::prelude::*;
use locales::Key;
use wasm_bindgen::JsCast;

use crate::{
    ui::{
        el::{El, Inside, View, div, el, group, live, p},
        task::watch,
    },
    words::Text,
};

/// One step of the way to a page.
#[derive(Clone, PartialEq)]
pub struct Crumb {
    pub label: Text,
    /// None: there is no page there, or it is this one.
    pub href: Option<String>,
}

impl Crumb {
    pub fn to(label: impl Into<Text>, href: String) -> Self {
        Self {
            label: label.into(),
            href: Some(href),
        }
    }

    pub fn here(label: impl Into<Text>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// What pages tell the shell, and the shell tells them. From the context.
#[derive(Clone, Copy)]
pub struct Frame {
    pub crumbs: RwSignal<Vec<Crumb>>,
    /// The organization's name, behind the page's in the browser's title.
    pub site: Signal<String>,
    /// How often one went from page to page.
    pub moves: Signal<u32>,
}

/// The top of a page.
pub struct Head {
    pub title: Signal<Text>,
    pub lede: Option<Signal<Text>>,
    pub crumbs: Vec<Crumb>,
    pub actions: Option<View>,
}

impl Head {
    /// A page whose title does not depend on anything.
    pub fn new(title: impl Into<Text>) -> Self {
        let title = title.into();
        Self {
            crumbs: vec![Crumb::here(title.clone())],
            title: Signal::stored(title),
            lede: None,
            actions: None,
        }
    }

    /// A page that is called after what it shows.
    pub fn called(title: Signal<Text>, lede: Signal<Text>) -> Self {
        Self {
            title,
            lede: Some(lede),
            crumbs: Vec::new(),
            actions: None,
        }
    }

    #[must_use]
    pub fn lede(mut self, lede: impl Into<Text>) -> Self {
        self.lede = Some(Signal::stored(lede.into()));
        self
    }

    #[must_use]
    pub fn actions(mut self, actions: impl Inside) -> Self {
        self.actions = Some(actions.inside());
        self
    }

    #[must_use]
    pub fn crumbs(mut self, crumbs: Vec<Crumb>) -> Self {
        self.crumbs = crumbs;
        self
    }
}

/// Draws a page, names the browser's window after it, and takes the focus to its heading when one came from another.
#[must_use]
pub fn page(head: Head, body: impl Inside) -> View {
    let frame: Frame = expect_context();
    let Head {
        title,
        lede,
        crumbs,
        actions,
    } = head;
    frame.crumbs.set(crumbs);
    // The browser's title is outside of what is drawn.
    watch(move || document().set_title(&format!("{} · {}", title.get().read(), frame.site.get())));
    if frame.moves.get_untracked() > 0 {
        // So is the focus. Without it a screen reader would not notice that the page is another.
        request_animation_frame(focus_heading);
    }
    let mut titles = div("page-title").child(
        el("h1")
            .attr("tabindex", "-1")
            .child(live(move || title.get())),
    );
    if let Some(lede) = lede {
        titles = titles.child(p("lede").child(live(move || lede.get())));
    }
    let mut top = el("header").class("page-head").child(titles);
    if let Some(actions) = actions {
        top = top.child(div("page-actions").child(actions));
    }
    group(vec![top.done(), body.inside()])
}

/// Takes the focus to the page's heading.
pub fn focus_heading() {
    focus("main h1");
}

/// Takes the focus to the first element that fits a selector.
pub fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// A panel with a heading of its own.
#[must_use]
pub fn section(title: impl Into<Text>, actions: Option<El>, body: impl Inside) -> El {
    let head = el("header")
        .class("panel-head")
        // Where the focus goes when what one pressed in it is gone.
        .child(el("h2").attr("tabindex", "-1").child(title.into()))
        .child(actions);
    el("section").class("panel").child(head).child(body)
}

/// Names and their values, one a line.
#[must_use]
pub fn facts(facts: Vec<(Key, View)>) -> El {
    let lines = facts
        .into_iter()
        .map(|(name, value)| vec![el("dt").child(name).done(), el("dd").child(value).done()]);
    el("dl").class("facts").children(lines.flatten().collect())
}
