//! The checks of a connection: in short while all is well, else open, with what is to be mended.

use api::{Connection, Provider, checks::CheckReport};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    pages::checks::{self, Ladder},
    problems,
    ui::{
        el::{Inside, View, div, el, live},
        load::{Remote, bones},
        task::act,
    },
};

/// The panel. It asks for itself, and anew whenever the connection changes.
pub(super) fn panel(
    provider: Provider,
    connection: Remote<Connection>,
    changed: impl Fn() + 'static,
) -> View {
    let report = Remote::new(move || {
        changed();
        problems::asked(server::checks(provider))
    });
    report.draw(
        || bones("form", 1),
        move |it| untrack(|| content(&it, connection)).inside(),
    )
}

fn content(report: &CheckReport, connection: Remote<Connection>) -> Option<View> {
    let shown = connection.value()?;
    let ladder = Ladder::of(shown.provider, report);
    // As it is found: a run that is begun here closes nothing under anybody's eyes.
    let is_well = report
        .latest
        .as_ref()
        .is_none_or(|it| !it.up_to_date || checks::is_green(it));
    let panel = el("details")
        .class("panel keep")
        .flag("open", !is_well)
        .child(
            el("summary").child(keys::CHECKS_TITLE).child(
                el("span")
                    .class("muted")
                    .child(live(move || ladder.brief())),
            ),
        )
        .child(
            div("stack")
                .child(ladder.draw(&shown, act(move || connection.again()), None))
                .child(checks::history(report)),
        );
    Some(panel.done())
}
