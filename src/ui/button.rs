//! Buttons, and links that look like them.

use leptos::prelude::*;

use crate::{
    ui::{
        el::{El, Inside, View, el, group, link},
        icon::icon,
        task::Act,
    },
    words::Text,
};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    #[default]
    Plain,
    /// One on a page.
    Primary,
    /// Takes something away.
    Danger,
    /// Hardly there.
    Quiet,
}

impl Weight {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Primary => "primary",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A button on its way to be drawn.
pub struct Button {
    label: Text,
    /// None: it submits the form that it stands in.
    act: Option<Act>,
    weight: Weight,
    picture: &'static str,
    busy: Option<Signal<bool>>,
    off: Option<(Signal<bool>, &'static str)>,
}

/// A button that does something.
pub fn button(label: impl Into<Text>, act: Act) -> Button {
    Button {
        label: label.into(),
        act: Some(act),
        weight: Weight::Plain,
        picture: "",
        busy: None,
        off: None,
    }
}

/// The primary button of a form: it sends it.
pub fn submit(label: impl Into<Text>, busy: Signal<bool>) -> Button {
    Button {
        label: label.into(),
        act: None,
        weight: Weight::Primary,
        picture: "",
        busy: Some(busy),
        off: None,
    }
}

impl Button {
    #[must_use]
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    #[must_use]
    pub fn picture(mut self, picture: &'static str) -> Self {
        self.picture = picture;
        self
    }

    /// While it is busy it keeps the focus and its place, and a second press does nothing.
    #[must_use]
    pub fn busy(mut self, busy: impl Into<Signal<bool>>) -> Self {
        self.busy = Some(busy.into());
        self
    }

    /// While it is off a press does nothing; the element of this id says why.
    #[must_use]
    pub fn off(mut self, off: Signal<bool>, why: &'static str) -> Self {
        self.off = Some((off, why));
        self
    }
}

impl Inside for Button {
    fn inside(self) -> View {
        let Self {
            label,
            act,
            weight,
            picture,
            busy,
            off,
        } = self;
        let is_busy = move || busy.is_some_and(|it| it.get());
        let is_off = move || is_busy() || off.is_some_and(|(off, _)| off.get());
        let drawn = el("button")
            .class("button")
            .attr("type", if act.is_some() { "button" } else { "submit" })
            .attr("data-weight", weight.code())
            .child(face(picture, label));
        let drawn = if busy.is_some() || off.is_some() {
            drawn
                .live("aria-disabled", move || is_off().then(|| "true".to_owned()))
                .live_flag("data-busy", is_busy)
        } else {
            drawn
        };
        let drawn = match off {
            Some((_, why)) => drawn.attr("aria-describedby", why),
            None => drawn,
        };
        let press = move |event: web_sys::Event| {
            if untrack(is_off) {
                event.prevent_default();
            } else if let Some(act) = &act {
                act();
            }
        };
        drawn.on("click", press).done()
    }
}

/// A link to another page, drawn as a button.
#[must_use]
pub fn link_button(
    href: String,
    label: impl Into<Text>,
    weight: Weight,
    picture: &'static str,
) -> El {
    link(href)
        .class("button")
        .attr("data-weight", weight.code())
        .child(face(picture, label.into()))
}

/// A button of an icon alone; its name is for those who do not see it, and for whoever hovers.
#[must_use]
pub fn icon_button(picture: &'static str, name: impl Into<Text>) -> El {
    el("button")
        .class("icon-button")
        .attr("type", "button")
        .says("aria-label", name)
        .child(icon(picture))
}

fn face(picture: &'static str, label: Text) -> View {
    let picture = (!picture.is_empty()).then(|| icon(picture));
    group(vec![picture.inside(), el("span").child(label).done()])
}
