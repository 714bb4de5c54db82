//! A page's frame: its title, one line of what it is for, actions, the way to it; the browser's title, and the focus.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use crate::words::{Text, t};

/// One step of the way to a page.
#[derive(Clone, PartialEq)]
pub struct Crumb {
    pub label: Text,
    /// None: there is no page there, or it is this one.
    pub href: Option<String>,
}

impl Crumb {
    pub fn to(label: impl Into<Text>, href: String) -> Self {
        Self { label: label.into(), href: Some(href) }
    }

    pub fn here(label: impl Into<Text>) -> Self {
        Self { label: label.into(), href: None }
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
    pub actions: Option<AnyView>,
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
        Self { title, lede: Some(lede), crumbs: Vec::new(), actions: None }
    }

    #[must_use]
    pub fn lede(mut self, lede: impl Into<Text>) -> Self {
        self.lede = Some(Signal::stored(lede.into()));
        self
    }

    #[must_use]
    pub fn actions(mut self, actions: AnyView) -> Self {
        self.actions = Some(actions);
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
pub fn page(head: Head, body: AnyView) -> AnyView {
    let frame: Frame = expect_context();
    let Head { title, lede, crumbs, actions } = head;
    frame.crumbs.set(crumbs);
    // The browser's title is outside of what is drawn.
    Effect::new(move |_| document().set_title(&format!("{} · {}", title.get().read(), frame.site.get())));
    let heading = NodeRef::<html::H1>::new();
    let came = frame.moves.get_untracked() > 0;
    // So is the focus. Without it a screen reader would not notice that the page is another.
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && came
        {
            let _ = heading.focus();
        }
    });
    view! {
        <header class="page-head">
            <div class="page-title">
                <h1 tabindex="-1" node_ref=heading>
                    {move || title.get().read()}
                </h1>
                {lede.map(|lede| view! { <p class="lede">{move || lede.get().read()}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="page-actions">{actions}</div> })}
        </header>
        {body}
    }
    .into_any()
}

/// Takes the focus to the heading of a page that stayed.
pub fn focus_heading() {
    if let Ok(Some(heading)) = document().query_selector("main h1")
        && let Ok(heading) = heading.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = heading.focus();
    }
}

/// A panel with a heading of its own.
#[must_use]
pub fn section(title: impl Into<Text>, actions: Option<AnyView>, body: AnyView) -> AnyView {
    panel(title.into(), actions, body)
}

fn panel(title: Text, actions: Option<AnyView>, body: AnyView) -> AnyView {
    view! {
        <section class="panel">
            <header class="panel-head">
                <h2>{t(title)}</h2>
                {actions}
            </header>
            {body}
        </section>
    }
    .into_any()
}
