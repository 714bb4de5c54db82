//! What can be done with a user besides editing: suspend, let back in, delete, accept what changed.

use api::{Status, User, users::UserDetail};
use locales::{Key, keys};

use crate::{
    api::{self as server, Trouble},
    navigation::{Step, use_place},
    paths, problems,
    ui::{
        button::{Button, Weight, button},
        el::{El, Inside, View, div, group},
        load::Remote,
        overlay::{Question, use_confirm},
        task,
        toast::use_toasts,
    },
    words::Text,
};

/// What to ask of the server.
#[derive(Clone, Copy)]
enum Act {
    Suspend,
    Reinstate,
    Accept,
    Unbind,
    SignOut,
    Delete,
}

impl Act {
    async fn send(self, user: &User) -> Result<(), Trouble> {
        let (id, version) = (&user.id, user.version);
        let sent = match self {
            Self::Suspend => server::suspend_user(id, version),
            Self::Reinstate => server::reinstate_user(id, version),
            Self::Accept => server::accept_user(id, version, user.attention.as_ref()),
            Self::Unbind => server::unbind_user(id, version),
            Self::SignOut => server::end_sessions(id),
            Self::Delete => server::delete_user(id, version),
        };
        sent.await
    }

    fn done(self) -> Key {
        match self {
            Self::Suspend => keys::USER_SUSPENDED,
            Self::Reinstate => keys::USER_REINSTATED,
            Self::Accept => keys::USER_ACCEPTED,
            Self::Unbind => keys::PEOPLE_UNBOUND,
            Self::SignOut => keys::PEOPLE_SIGNED_OUT,
            Self::Delete => keys::USER_DELETED,
        }
    }
}

/// The buttons at the top of the page.
pub(super) fn actions(user: &User, remote: Remote<UserDetail>) -> View {
    let first = if user.status == Status::Suspended {
        button(keys::USER_REINSTATE, doing(Act::Reinstate, user, remote)).picture("back-in")
    } else {
        suspend(user, remote)
    };
    let delete = confirmed(
        Act::Delete,
        user,
        remote,
        keys::USER_DELETE,
        keys::USER_DELETE_MEANS,
    );
    group(vec![
        first.inside(),
        button(keys::USER_DELETE, delete).picture("trash").inside(),
    ])
}

/// Bars the user, after saying what that means.
pub(super) fn suspend(user: &User, remote: Remote<UserDetail>) -> Button {
    let press = confirmed(
        Act::Suspend,
        user,
        remote,
        keys::USER_SUSPEND,
        keys::USER_SUSPEND_MEANS,
    );
    button(keys::USER_SUSPEND, press).picture("suspend")
}

/// Takes the bond to Okta away, after saying what that means.
pub(super) fn unlink(user: &User, remote: Remote<UserDetail>) -> Button {
    let press = confirmed(
        Act::Unbind,
        user,
        remote,
        keys::PEOPLE_UNBIND,
        keys::PEOPLE_UNBIND_MEANS,
    );
    button(keys::PEOPLE_UNBIND, press)
}

/// Ends every session, after saying what that means.
pub(super) fn sign_out(user: &User, remote: Remote<UserDetail>) -> El {
    let press = confirmed(
        Act::SignOut,
        user,
        remote,
        keys::PEOPLE_SIGN_OUT,
        keys::PEOPLE_SIGN_OUT_ONE_MEANS,
    );
    div("panel-actions").child(button(keys::PEOPLE_SIGN_OUT, press))
}

/// Takes what changed at the provider: what that means stands beside it.
pub(super) fn accept(label: Key, user: &User, remote: Remote<UserDetail>) -> Button {
    button(label, doing(Act::Accept, user, remote))
}

/// First says what will happen.
fn confirmed(
    what: Act,
    user: &User,
    remote: Remote<UserDetail>,
    action: Key,
    means: Key,
) -> task::Act {
    let confirm = use_confirm();
    let then = doing(what, user, remote);
    let title = match what {
        Act::Delete => keys::USER_DELETE_TITLE,
        Act::Unbind => keys::PEOPLE_UNBIND_TITLE,
        Act::SignOut => keys::PEOPLE_SIGN_OUT_TITLE,
        Act::Suspend | Act::Reinstate | Act::Accept => keys::USER_SUSPEND_TITLE,
    };
    let name = user.name.clone();
    task::act(move || {
        confirm.ask(Question {
            title: Text::with(title, &[("name", &name)]),
            body: Text::with(means, &[("name", &name)]),
            action: action.into(),
            weight: Weight::Danger,
            then: then.clone(),
        });
    })
}

fn doing(what: Act, user: &User, remote: Remote<UserDetail>) -> task::Act {
    let (place, toasts) = (use_place(), use_toasts());
    let user = user.clone();
    task::act(move || {
        let (user, go) = (user.clone(), place.onward());
        task::later(async move {
            let sent = what.send(&user).await;
            let name = user.name;
            match (sent, what) {
                (Ok(()), Act::Delete) => {
                    toasts.done(Text::with(what.done(), &[("name", &name)]));
                    go(&paths::users(), Step::Push);
                }
                (
                    Ok(()),
                    Act::Suspend | Act::Reinstate | Act::Accept | Act::Unbind | Act::SignOut,
                ) => {
                    toasts.done(Text::with(what.done(), &[("name", &name)]));
                    remote.again();
                }
                (Err(trouble), _) => {
                    toasts.failed(problems::notice(&trouble).title);
                    if problems::is_stale(&trouble) {
                        remote.again();
                    }
                }
            }
        });
    })
}
