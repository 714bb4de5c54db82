//! Where the focus goes when what has it is drawn anew: an act changes what there is to press.

use leptos::prelude::*;
use web_sys::Element;

use crate::ui::page::focus;

/// Called before something is drawn anew. Whoever has the focus in it has it afterwards on the act that takes the place
/// of theirs, on the heading of their section, or on the page's where the whole part may be gone.
pub(super) fn keep() {
    let Some(held) = document().active_element() else {
        return;
    };
    let around = |part| held.closest(part).ok().flatten();
    let to = if around(".page-actions").is_some() {
        ".page-actions button".to_owned()
    } else if let Some(section) = around(".column > section") {
        let column = section.parent_element().map_or(0, |it| place(&it));
        let section = place(&section);
        format!(".columns > :nth-child({column}) > :nth-child({section}) h2")
    } else {
        "h1".to_owned()
    };
    request_animation_frame(move || {
        // Whoever did not lose it has it where they are.
        let at = document().active_element();
        if at.is_none_or(|it| it.tag_name() == "BODY") {
            focus(&to);
        }
    });
}

/// The first is 1.
fn place(of: &Element) -> usize {
    std::iter::successors(Some(of.clone()), Element::previous_element_sibling).count()
}
