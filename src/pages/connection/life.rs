//! Where a connection is in its life, and the next step: what is missing with the place to mend it, the switch, the
//! way back.

use api::{Connection, ConnectionState, Provider, connections::Missing};
use locales::{Key, cause_title, keys};

use crate::{
    api::{self as server, Trouble},
    pages::{
        causes::{self, Facts},
        checks::way,
        states,
    },
    paths, problems,
    session::{self, use_session},
    ui::{
        badge::Tone,
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, el, group, p},
        format::when,
        load::Remote,
        notice::{Notice, notice},
        overlay::{Question, use_confirm},
        task::{Act, act, later},
        toast::use_toasts,
    },
    words::Text,
};

/// What the state means for members, where that is not plain.
pub(super) fn standing(connection: &Connection) -> View {
    let provider = connection.provider;
    let say = |tone, means: Key| {
        let prove = connection.unverified.then(|| {
            let href = paths::connect(provider);
            link_button(href, keys::CONNECTION_PROVE, Weight::Plain, "").done()
        });
        notice(
            Notice::info(tone, "info", states::about(means, provider)),
            prove,
        )
    };
    let undone = connection.reverted_at.map(|at| {
        notice(
            Notice::info(Tone::Warning, "back-in", keys::TRIAL_UNDONE),
            Some(p("small").child(when(at)).done()),
        )
    });
    let means = match connection.state {
        ConnectionState::Trial | ConnectionState::Connected | ConnectionState::Degraded
            if connection.unverified =>
        {
            Some(say(Tone::Accent, keys::CONNECTION_UNPROVEN_MEANS))
        }
        ConnectionState::Draft => Some(say(Tone::Accent, keys::CONNECTION_DRAFT_MEANS)),
        ConnectionState::Verified => Some(say(Tone::Accent, keys::LIFE_PROVEN_MEANS)),
        ConnectionState::DisabledByOkta => {
            Some(say(Tone::Neutral, keys::CONNECTION_SWITCHED_OFF_MEANS))
        }
        ConnectionState::Disabled => Some(say(Tone::Neutral, keys::CONNECTION_DISABLED_MEANS)),
        ConnectionState::NotConnected
        | ConnectionState::Trial
        | ConnectionState::Connected
        | ConnectionState::Degraded => None,
    };
    let degraded = connection.degraded.map(|it| {
        let facts = Facts::default();
        let why = causes::why(it.cause, provider, facts);
        let said = Notice::new(cause_title(it.cause), why)
            .detail(states::about(keys::DEGRADED_MEANS, provider));
        let since = p("small").child(when(it.since)).done();
        notice(
            said,
            Some(group(vec![
                causes::steps(it.cause, provider, facts).done(),
                since,
                way(it.cause, provider).inside(),
            ])),
        )
    });
    group(vec![undone.inside(), means.inside(), degraded.inside()])
}

/// The next step, and the way back.
pub(super) fn next(connection: &Connection, remote: Remote<Connection>) -> El {
    let body = div("panel-body stack");
    let provider = connection.provider;
    let text = |key: Key| p("").child(states::about(key, provider));
    match connection.state {
        ConnectionState::NotConnected | ConnectionState::Draft => body
            .child(text(keys::CONNECTION_TO_SWITCH_ON))
            .child(missing(connection))
            .child(div("actions").child(states::next_step(connection, Weight::Primary))),
        ConnectionState::Verified | ConnectionState::DisabledByOkta | ConnectionState::Disabled => {
            body.child(text(on_means(provider)))
                .child(missing(connection))
                .child(switch_on(connection, keys::CONNECTION_SWITCH_ON, remote))
        }
        ConnectionState::Trial => body
            .child(text(keys::TRIAL_MEANS))
            .child(undo(connection, remote)),
        ConnectionState::Connected | ConnectionState::Degraded => {
            let over = (!connection.live).then(|| {
                group(vec![
                    (!connection.unverified)
                        .then(|| text(keys::LIFE_SWITCH_OVER_MEANS))
                        .inside(),
                    missing(connection).inside(),
                    switch_on(connection, keys::LIFE_SWITCH_OVER, remote).inside(),
                ])
            });
            body.child(text(keys::CONNECTION_ON_MEANS))
                .child(since(connection))
                .child(over)
                .child(switch_off(connection, remote))
        }
    }
}

fn on_means(provider: Provider) -> Key {
    match provider {
        Provider::Okta => keys::LIFE_OKTA_ON_MEANS,
        Provider::Google | Provider::Microsoft => keys::LIFE_OTHER_ON_MEANS,
    }
}

fn since(connection: &Connection) -> Option<El> {
    connection.active_since.map(|at| {
        p("small muted")
            .child(keys::CONNECTION_ACTIVE_SINCE)
            .child(" ")
            .child(when(at))
    })
}

/// What keeps it from being switched on, each with the place where it is mended.
fn missing(connection: &Connection) -> Option<View> {
    if connection.guard.is_empty() {
        return None;
    }
    let items: Vec<El> = connection
        .guard
        .iter()
        .map(|it| {
            let (title, action, href) = match it {
                Missing::Verification => (
                    keys::MISSING_PROOF_TITLE,
                    keys::MISSING_PROOF_ACTION,
                    paths::connect(connection.provider),
                ),
                Missing::OktaAdministrator => (
                    keys::MISSING_OKTA_ADMINISTRATOR_TITLE,
                    keys::MISSING_OKTA_ADMINISTRATOR_ACTION,
                    paths::users(),
                ),
                Missing::BreakGlass => (
                    keys::MISSING_BREAK_GLASS_TITLE,
                    keys::MISSING_BREAK_GLASS_ACTION,
                    paths::security(),
                ),
            };
            let go = link_button(href, action, Weight::Plain, "");
            el("li").class("stack").child(p("").child(title)).child(go)
        })
        .collect();
    Some(group(vec![
        el("h3").child(keys::LIFE_MISSING_TITLE).done(),
        el("ul").class("stack").child(items).done(),
    ]))
}

/// Only where nothing is missing: a button that can but fail is none.
fn switch_on(connection: &Connection, label: Key, remote: Remote<Connection>) -> Option<El> {
    if !connection.guard.is_empty() {
        return None;
    }
    let (provider, version) = (connection.provider, connection.version);
    let done = match provider {
        Provider::Okta => keys::TRIAL_BEGAN,
        Provider::Google | Provider::Microsoft => keys::CONNECTION_NOW_ON,
    };
    let answered = answered(provider, done, remote);
    let press = act(move || {
        later(async move {
            answered(server::enable(provider, version).await);
        });
    });
    let press = button(label, press)
        .picture("power")
        .weight(Weight::Primary);
    Some(div("actions").child(press))
}

fn switch_off(connection: &Connection, remote: Remote<Connection>) -> El {
    let (provider, version) = (connection.provider, connection.version);
    let answered = answered(provider, keys::CONNECTION_NOW_OFF, remote);
    let press = asked(
        states::about(keys::CONNECTION_SWITCH_OFF_TITLE, provider),
        states::about(keys::CONNECTION_SWITCH_OFF_MEANS, provider),
        keys::CONNECTION_SWITCH_OFF,
        act(move || {
            later(async move {
                answered(server::disable_connection(provider, version).await);
            });
        }),
    );
    div("actions").child(button(keys::CONNECTION_SWITCH_OFF, press).picture("power"))
}

fn undo(connection: &Connection, remote: Remote<Connection>) -> El {
    let version = connection.version;
    let answered = answered(connection.provider, keys::TRIAL_UNDONE_NOW, remote);
    let press = asked(
        keys::TRIAL_UNDO_TITLE.into(),
        keys::TRIAL_UNDO_MEANS.into(),
        keys::TRIAL_UNDO,
        act(move || {
            later(async move {
                answered(server::undo_trial(version).await);
            });
        }),
    );
    div("actions").child(button(keys::TRIAL_UNDO, press).picture("back-in"))
}

/// Says what will happen before it does.
fn asked(title: Text, body: Text, action: Key, then: Act) -> Act {
    let confirm = use_confirm();
    act(move || {
        confirm.ask(Question {
            title: title.clone(),
            body: body.clone(),
            action: action.into(),
            weight: Weight::Danger,
            then: then.clone(),
        });
    })
}

fn answered(
    provider: Provider,
    done: Key,
    remote: Remote<Connection>,
) -> impl Fn(Result<(), Trouble>) + Copy + Send + Sync {
    let (toasts, session) = (use_toasts(), use_session());
    move |answer| {
        match answer {
            Ok(()) => toasts.done(states::about(done, provider)),
            Err(trouble) => toasts.failed(problems::notice(&trouble).title),
        }
        remote.again();
        // The banner of a trial comes and goes with it.
        session::refresh(session);
    }
}
