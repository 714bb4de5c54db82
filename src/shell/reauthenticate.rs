//! "Confirm it’s you": the one dialog that opens when an act takes a sign-in of the last ten minutes. The page stays, so
//! nothing that was typed is lost; once the identity is confirmed, the act is sent again.
//!
//! It must not know which act that is.

use std::time::Duration;

use api::{Provider, ReauthenticationForm, ReauthenticationMethod, Session, paths};
use leptos::prelude::*;
use locales::{Key, keys};
use web_sys::HtmlDialogElement;

use crate::{
    api::{self as server, reauthentication},
    problems,
    session::use_session,
    ui::{
        button::{Weight, button, submit},
        el::{El, Inside, Spot, View, div, el, group, live, p},
        field::{Kind, Look, field},
        form::Form,
        task::{act, later, watch},
    },
};

/// How often it is asked whether the sign-in at Okta is done.
const LOOK: Duration = Duration::from_secs(2);
/// An attempt that takes longer than ten minutes will not end any more.
const LOOKS: u32 = 300;

const PASSWORD: &str = "reauthenticate-password";
const CODE: &str = "reauthenticate-code";

/// The session that has to be confirmed, while it is asked.
#[derive(Clone, Copy)]
struct Asked {
    before: RwSignal<Option<Session>>,
    /// Of the page.
    session: RwSignal<Session>,
    /// What is said of the way through Okta.
    said: RwSignal<Option<Key>>,
}

/// The dialog; there is one.
#[must_use]
pub fn dialog() -> El {
    let asked = Asked {
        before: RwSignal::new(None),
        session: use_session(),
        said: RwSignal::new(None),
    };
    let spot = Spot::default();
    reauthentication::ask_here();
    watch(move || {
        if reauthentication::is_asked() {
            later(asked.begin());
        } else {
            asked.before.set(None);
        }
    });
    // The browser's modal state is not an attribute that could be drawn.
    watch(move || {
        let is_asked = asked.before.with(Option::is_some);
        if let Some(dialog) = spot.get::<HtmlDialogElement>() {
            if !is_asked {
                dialog.close();
            } else if !dialog.open() {
                let _ = dialog.show_modal();
            }
        }
    });
    el("dialog")
        .class("dialog")
        .attr("aria-labelledby", "reauthenticate")
        .attr("aria-describedby", "reauthenticate-why")
        .keep(spot)
        .on("close", move |_| {
            let is_open = spot
                .get::<HtmlDialogElement>()
                .is_some_and(|dialog| dialog.open());
            // A dialog that goes with its page closes after its state is gone.
            let was_asked = asked.before.try_with_untracked(Option::is_some);
            if !is_open && was_asked == Some(true) {
                reauthentication::answer(false);
            }
        })
        .child(live(move || {
            asked.before.get().map(|session| asked.inside(&session))
        }))
}

impl Asked {
    /// Which ways are open the server says now, and not when the page was loaded.
    async fn begin(self) {
        match server::session().await {
            Ok(session) => {
                self.said.try_set(None);
                self.before.try_set(Some(session));
            }
            Err(_) => reauthentication::answer(false),
        }
    }

    fn inside(self, session: &Session) -> View {
        let is_open = |method| session.reauthenticate_by.contains(&method);
        let okta = is_open(ReauthenticationMethod::Okta).then(|| self.through_okta());
        let password = is_open(ReauthenticationMethod::Password);
        let code = is_open(ReauthenticationMethod::Code);
        let typed = (password || code).then(|| self.form(password, code));
        let none =
            (okta.is_none() && typed.is_none()).then(|| p("").child(keys::REAUTHENTICATE_NONE));
        let cancel = button(keys::ACTION_CANCEL, act(|| reauthentication::answer(false)));
        group(vec![
            el("h2")
                .attr("id", "reauthenticate")
                .child(keys::REAUTHENTICATE_TITLE)
                .done(),
            p("")
                .attr("id", "reauthenticate-why")
                .child(keys::REAUTHENTICATE_WHY)
                .done(),
            none.inside(),
            okta.inside(),
            typed.inside(),
            div("dialog-actions").child(cancel).done(),
        ])
    }

    /// Okta opens in a tab of its own. That it was done there this page sees in its session.
    fn through_okta(self) -> El {
        let open = act(move || {
            let start = format!("{}?reauthenticate=1", paths::auth_start(Provider::Okta));
            let tab = window().open_with_url_and_target(&start, "_blank");
            if tab.is_ok_and(|tab| tab.is_some()) {
                self.said.set(Some(keys::REAUTHENTICATE_WAITING));
                self.look(LOOKS);
            } else {
                self.said.set(Some(keys::REAUTHENTICATE_BLOCKED));
            }
        });
        div("stack")
            .child(button(keys::REAUTHENTICATE_OKTA, open).weight(Weight::Primary))
            .child(
                p("hint")
                    .attr("role", "status")
                    .child(live(move || self.said.get().inside())),
            )
    }

    /// Looks again and again until the session is confirmed or nobody waits any more.
    fn look(self, left: u32) {
        set_timeout(
            move || {
                let Some(before) = self.before.try_get_untracked().flatten() else {
                    return;
                };
                later(async move {
                    match server::session().await {
                        Ok(now) if now.authenticated_at > before.authenticated_at => self.end(now),
                        Ok(_) | Err(_) if left > 0 => self.look(left - 1),
                        Ok(_) | Err(_) => {}
                    }
                });
            },
            LOOK,
        );
    }

    fn form(self, password: bool, code: bool) -> El {
        let (secret, single) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let wish = move || ReauthenticationForm {
            password: Some(secret.get()).filter(|it| !it.is_empty()),
            code: Some(single.get())
                .filter(|it| !it.trim().is_empty() && secret.with(String::is_empty)),
        };
        let first = if password { PASSWORD } else { CODE };
        let form = Form::new(move || {
            let missing = wish() == ReauthenticationForm::default();
            let fault = missing.then(|| (first.to_owned(), keys::FIELD_REQUIRED));
            fault.into_iter().collect()
        })
        .only_asks();
        let send = act(move || {
            if !form.begin() {
                return;
            }
            let wish = untrack(wish);
            later(async move {
                match server::reauthenticate(&wish).await {
                    Ok(session) => {
                        form.end();
                        self.end(session);
                    }
                    Err(trouble) => {
                        let refused = problems::refused(&trouble).into_iter();
                        let refused =
                            refused.map(|(name, key)| (format!("reauthenticate-{name}"), key));
                        form.fail(problems::notice(&trouble), refused.collect());
                    }
                }
            });
        });
        let password = password.then(|| {
            let look = Look {
                kind: Kind::Secret,
                complete: "current-password",
                ..Look::default()
            };
            field(
                form,
                PASSWORD,
                keys::REAUTHENTICATE_PASSWORD,
                secret,
                look,
                None,
            )
        });
        let code = code.then(|| {
            let look = Look {
                kind: Kind::Code,
                hint: Some(keys::REAUTHENTICATE_CODE_HINT.into()),
                optional: password.is_some(),
                ..Look::default()
            };
            field(form, CODE, keys::REAUTHENTICATE_CODE, single, look, None)
        });
        let fields = div("fields").child(password).child(code);
        let actions =
            div("form-actions").child(submit(keys::REAUTHENTICATE_CONFIRM, form.busy.into()));
        form.draw(send, vec![fields.done(), actions.done()])
    }

    /// The identity is confirmed: what waits is sent again.
    fn end(self, session: Session) {
        self.session.try_set(session);
        reauthentication::answer(true);
    }
}
