//! What a file owns: said on the pages whose fields it locks.

use api::files::Managed;
use locales::keys;

use crate::{
    api as server, problems,
    ui::{
        badge::Tone,
        el::{El, View, live},
        load::Remote,
        notice::{Notice, notice},
        task::Only,
    },
    words::Text,
};

/// What a file owns, asked once a page.
pub type Ownership = Remote<Managed>;

#[must_use]
pub fn ownership() -> Ownership {
    Remote::new(|| problems::asked(server::owned()))
}

/// The file that owns this field; tracked.
#[must_use]
pub fn owner(ownership: Ownership, field: &str) -> Option<String> {
    ownership.value()?.of(field).map(str::to_owned)
}

/// The same for what is drawn anew by it: an answer that changes nothing is none.
#[must_use]
pub fn owner_of(ownership: Ownership, field: String) -> Only<Option<String>> {
    Only::new(move || owner(ownership, &field))
}

/// Says that a file owns the field that stands there.
#[must_use]
pub fn owned_by(file: &str) -> El {
    let said = Text::with(keys::FILES_OWNED, &[("file", file)]);
    notice(Notice::info(Tone::Neutral, "lock", said), None)
}

/// Says that a file owns something of an area, such as `okta`; nothing where it does not.
#[must_use]
pub fn owned_some(ownership: Ownership, area: &'static str) -> View {
    live(move || {
        ownership.value().and_then(|it| {
            let said = Text::with(keys::FILES_OWNED_SOME, &[("file", it.any(area)?)]);
            Some(notice(Notice::info(Tone::Neutral, "lock", said), None))
        })
    })
}
