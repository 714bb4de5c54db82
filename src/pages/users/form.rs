//! The form of a user, for a new one and for one that there is.

use std::sync::Arc;

use api::{Email, Role, User, UserForm};
use leptos::prelude::*;
use locales::keys;

use crate::{
    navigation::unsaved,
    paths, problems,
    ui::{
        button::{Weight, link_button, submit},
        el::{El, Inside, View, div, live, p},
        field::{Kind, Look, choice, field},
        form::Form,
        task::{Act, watch},
    },
    words::Text,
};

/// What the fields hold.
#[derive(Clone, Copy)]
pub struct Fields {
    name: RwSignal<String>,
    email: RwSignal<String>,
    okta_login: RwSignal<String>,
    role: RwSignal<String>,
    /// What the role is until it is saved; empty for a new user.
    saved_role: RwSignal<String>,
    /// The version of the user that what is typed goes with.
    version: RwSignal<i64>,
    /// Whether the Okta login was typed: until then it follows the e-mail.
    by_hand: RwSignal<bool>,
}

impl Fields {
    /// For a new user, of whom nothing is known, or the login that they came with: it need not be an e-mail, and is
    /// theirs whatever the e-mail.
    #[must_use]
    pub fn starting(login: &str) -> Self {
        let email = Email::parse(login).map_or("", |_| login);
        let role = role_code(Role::Member);
        Self::with(["", email, login, role], !login.is_empty())
    }

    /// For a user whom [`Fields::show`] shows.
    #[must_use]
    pub fn known() -> Self {
        Self::with([""; 4], true)
    }

    /// As a user is now; what was typed over stays. Where somebody else changed the same field, the version stays too:
    /// the server then refuses to save, since whoever typed saw something else.
    pub fn show(self, user: &User) {
        let login = user.okta_login.as_deref().unwrap_or_default();
        let mut fits = true;
        for (field, now) in [
            (self.name, user.name.as_str()),
            (self.email, &user.email),
            (self.okta_login, login),
            (self.role, role_code(user.role)),
        ] {
            fits &= unsaved::renew(field, now.to_owned());
        }
        self.saved_role.set(role_code(user.role).to_owned());
        if fits {
            self.version.set(user.version);
        }
    }

    /// The version of the user that a change is based on.
    #[must_use]
    pub fn version(self) -> i64 {
        self.version.get_untracked()
    }

    fn with([name, email, okta_login, role]: [&str; 4], by_hand: bool) -> Self {
        let signal = |text: &str| RwSignal::new(text.to_owned());
        Self {
            name: signal(name),
            email: signal(email),
            okta_login: signal(okta_login),
            role: signal(role),
            saved_role: signal(""),
            version: RwSignal::new(0),
            by_hand: RwSignal::new(by_hand),
        }
    }

    /// As the server takes it; tracked.
    #[must_use]
    pub fn form(self) -> UserForm {
        UserForm {
            name: self.name.get(),
            email: self.email.get(),
            okta_login: Some(self.okta_login.get()).filter(|it| !it.trim().is_empty()),
            role: if self.role.get() == role_code(Role::Admin) {
                Role::Admin
            } else {
                Role::Member
            },
        }
    }

    /// The form's state, checked by the rules that the server has.
    #[must_use]
    pub fn checked(self) -> Form {
        Form::new(move || {
            self.form()
                .validate()
                .map_or_else(|it| problems::faults(&it), |_| Vec::new())
        })
    }

    /// The Okta login is the e-mail at most organizations, so it is typed once.
    fn follow_email(self) {
        let Self {
            email,
            okta_login,
            by_hand,
            ..
        } = self;
        watch(move || {
            let email = email.get();
            if !by_hand.get_untracked() && okta_login.get_untracked() != email {
                okta_login.set(email);
            }
        });
        watch(move || {
            if okta_login.get() != email.get_untracked() {
                by_hand.set(true);
            }
        });
    }
}

/// Draws it. `status` is what stands next to the Okta login.
#[must_use]
pub fn user_form(form: Form, fields: Fields, status: Option<View>, send: Act) -> El {
    fields.follow_email();
    let email = Look {
        kind: Kind::Email,
        ..Look::default()
    };
    let login = Look {
        kind: Kind::Code,
        hint: Some(keys::USER_OKTA_LOGIN_HINT.into()),
        optional: true,
        ..Look::default()
    };
    let roles = [
        (Role::Member, keys::ROLE_MEMBER, keys::ROLE_MEMBER_MEANS),
        (Role::Admin, keys::ROLE_ADMIN, keys::ROLE_ADMIN_MEANS),
    ];
    let roles =
        roles.map(|(role, label, means)| (role_code(role), label.into(), Some(Text::from(means))));
    let role = fields.role;
    let choose = Arc::new(move |code: &'static str| form.typed("role", role, code.to_owned()));
    let login = div("field-and-state")
        .child(field(
            form,
            "okta_login",
            keys::USERS_OKTA_LOGIN,
            fields.okta_login,
            login,
            None,
        ))
        .child(status.map(|it| div("next-to").child(it)));
    let inside = div("fields")
        .child(field(
            form,
            "name",
            keys::USERS_NAME,
            fields.name,
            Look::default(),
            None,
        ))
        .child(field(
            form,
            "email",
            keys::USERS_EMAIL,
            fields.email,
            email,
            None,
        ))
        .child(login)
        .child(choice(
            "role",
            keys::USERS_ROLE,
            roles.to_vec(),
            role.into(),
            choose,
            false,
        ))
        // It stays in its place, so that it is read out when it has something to say.
        .child(p("hint").attr("role", "status").child(live(move || {
            let loses = fields.saved_role.with(|it| it == role_code(Role::Admin))
                && role.with(|it| it == role_code(Role::Member));
            loses.then_some(keys::USER_MAKE_MEMBER_MEANS)
        })));
    let actions = div("form-actions")
        .child(link_button(
            paths::users(),
            keys::ACTION_CANCEL,
            Weight::Plain,
            "",
        ))
        .child(submit(keys::USER_SAVE, form.busy.into()));
    form.draw(send, vec![inside.done(), actions.inside()])
}

fn role_code(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Member => "member",
    }
}
