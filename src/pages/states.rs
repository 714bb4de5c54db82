//! The product's states as icon, word and colour; the same on every page.

use api::{Connection, ConnectionState, Outcome, Provider, Role, Status};
use locales::{Key, keys};

use crate::{
    paths,
    ui::{
        badge::{Tone, badge},
        button::{Weight, link_button},
        el::El,
    },
    words::Text,
};

/// Where a user stands.
#[must_use]
pub fn status(status: Status) -> El {
    let (tone, picture) = match status {
        Status::Inactive => (Tone::Bad, "clock"),
        Status::Active => (Tone::Good, "check"),
        Status::NeedsAttention => (Tone::Warning, "warning"),
        Status::Suspended => (Tone::Neutral, "pause"),
    };
    badge(tone, picture, status_name(status))
}

/// A status in one word.
#[must_use]
pub fn status_name(status: Status) -> Key {
    match status {
        Status::Inactive => keys::STATUS_INACTIVE,
        Status::Active => keys::STATUS_ACTIVE,
        Status::NeedsAttention => keys::STATUS_NEEDS_ATTENTION,
        Status::Suspended => keys::STATUS_SUSPENDED,
    }
}

/// Where a connection is in its life. Google and Microsoft cannot be on while Okta is: that is said instead of their
/// own state.
#[must_use]
pub fn connection(state: ConnectionState) -> El {
    let (tone, picture) = match state {
        ConnectionState::NotConnected => (Tone::Neutral, "off"),
        ConnectionState::Draft => (Tone::Accent, "draft"),
        ConnectionState::Verified => (Tone::Accent, "key"),
        ConnectionState::Trial => (Tone::Warning, "clock"),
        ConnectionState::Connected => (Tone::Good, "check"),
        ConnectionState::Degraded => (Tone::Warning, "warning"),
        ConnectionState::DisabledByOkta | ConnectionState::Disabled => (Tone::Neutral, "power"),
    };
    badge(tone, picture, connection_name(state))
}

/// A connection's state in words.
#[must_use]
pub fn connection_name(state: ConnectionState) -> Key {
    match state {
        ConnectionState::NotConnected => keys::CONNECTION_STATE_NOT_CONNECTED,
        ConnectionState::Draft => keys::CONNECTION_STATE_DRAFT,
        ConnectionState::Verified => keys::CONNECTION_STATE_PROVEN,
        ConnectionState::Trial => keys::CONNECTION_STATE_TRIAL,
        ConnectionState::Connected => keys::CONNECTION_STATE_CONNECTED,
        ConnectionState::Degraded => keys::CONNECTION_STATE_DEGRADED,
        ConnectionState::DisabledByOkta => keys::CONNECTION_STATE_SWITCHED_OFF,
        ConnectionState::Disabled => keys::CONNECTION_STATE_DISABLED,
    }
}

/// How a sign-in ended.
#[must_use]
pub fn outcome(outcome: Outcome) -> El {
    let (tone, picture, label) = match outcome {
        Outcome::Started => (Tone::Neutral, "clock", keys::OUTCOME_STARTED),
        Outcome::Succeeded => (Tone::Good, "check", keys::OUTCOME_SUCCEEDED),
        Outcome::Failed => (Tone::Bad, "close", keys::OUTCOME_FAILED),
        Outcome::NotCompleted => (Tone::Warning, "never-back", keys::OUTCOME_NEVER_CAME_BACK),
    };
    badge(tone, picture, label)
}

/// A role's word.
#[must_use]
pub fn role_name(role: Role) -> Key {
    match role {
        Role::Admin => keys::ROLE_ADMIN,
        Role::Member => keys::ROLE_MEMBER,
    }
}

/// A text about a provider, by its own name.
#[must_use]
pub fn about(key: Key, provider: Provider) -> Text {
    Text::with(key, &[("provider", provider.name())])
}

/// What the provider said of a failure, as its words and not ours.
#[must_use]
pub fn said(provider: Provider, said: &str) -> Text {
    Text::with(
        keys::ATTEMPTS_SAID,
        &[("provider", provider.name()), ("said", said)],
    )
}

/// Where to go on with a connection: to connect it, or to its page.
#[must_use]
pub fn next_step(connection: &Connection, weight: Weight) -> El {
    let provider = connection.provider;
    let (href, label, weight) = match connection.state {
        ConnectionState::NotConnected => {
            (paths::connect(provider), keys::CONNECTION_CONNECT, weight)
        }
        ConnectionState::Draft => (paths::connect(provider), keys::CONNECTION_CONTINUE, weight),
        ConnectionState::Verified
        | ConnectionState::Trial
        | ConnectionState::Connected
        | ConnectionState::Degraded
        | ConnectionState::DisabledByOkta
        | ConnectionState::Disabled => (
            paths::connection(provider),
            keys::CONNECTION_OPEN,
            Weight::Plain,
        ),
    };
    link_button(href, about(label, provider), weight, "")
}
