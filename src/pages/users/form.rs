//! The form of a user, for a new one and for one that there is.

use api::{Role, Status, User, UserForm};
use leptos::prelude::*;
use locales::keys;

use crate::{
    pages::states,
    paths, problems,
    ui::{
        button::{Button, Weight, link_button},
        field::{Choice, Field, Kind, Look},
        form::Form,
    },
    words::Text,
};

/// What the fields hold.
#[derive(Clone, Copy)]
pub struct Fields {
    name: RwSignal<String>,
    email: RwSignal<String>,
    okta_login: RwSignal<String>,
    role: RwSignal<Role>,
    /// Whether the Okta login was typed: until then it follows the e-mail.
    by_hand: RwSignal<bool>,
}

impl Fields {
    /// Empty, for a new user.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            okta_login: RwSignal::new(String::new()),
            role: RwSignal::new(Role::Member),
            by_hand: RwSignal::new(false),
        }
    }

    /// As a user is now.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self {
            name: RwSignal::new(user.name.clone()),
            email: RwSignal::new(user.email.clone()),
            okta_login: RwSignal::new(user.okta_login.clone().unwrap_or_default()),
            role: RwSignal::new(user.role),
            by_hand: RwSignal::new(true),
        }
    }

    /// As the server takes it; tracked.
    #[must_use]
    pub fn form(self) -> UserForm {
        UserForm {
            name: self.name.get(),
            email: self.email.get(),
            okta_login: Some(self.okta_login.get()).filter(|it| !it.trim().is_empty()),
            role: self.role.get(),
        }
    }

    /// The form's state, checked by the rules that the server has.
    #[must_use]
    pub fn checked(self) -> Form {
        Form::new(move || self.form().validate().map_or_else(|it| problems::faults(&it), |_| Vec::new()))
    }

    /// The name as it will be kept.
    #[must_use]
    pub fn name(self) -> String {
        self.name.get_untracked().trim().to_owned()
    }
}

/// Draws it. `status` is what stands next to the Okta login.
#[must_use]
pub fn user_form(form: Form, fields: Fields, status: Option<Status>, send: Callback<()>) -> AnyView {
    let Fields { name, email, okta_login, role, by_hand } = fields;
    // The Okta login is the e-mail at most organizations, so it is typed once.
    Effect::new(move |_| {
        let email = email.get();
        if !by_hand.get_untracked() && okta_login.get_untracked() != email {
            okta_login.set(email);
        }
    });
    Effect::new(move |_| {
        if okta_login.get() != email.get_untracked() {
            by_hand.set(true);
        }
    });
    let email_look = Look { kind: Kind::Email, ..Look::default() };
    let login_look =
        Look { kind: Kind::Code, hint: Some(keys::USER_OKTA_LOGIN_HINT.into()), optional: true, ..Look::default() };
    let roles = vec![
        ("member", Text::from(keys::ROLE_MEMBER), Some(Text::from(keys::ROLE_MEMBER_MEANS))),
        ("admin", Text::from(keys::ROLE_ADMIN), Some(Text::from(keys::ROLE_ADMIN_MEANS))),
    ];
    let chosen = Signal::derive(move || role_code(role.get()).to_owned());
    let choose = Callback::new(move |code: &'static str| {
        role.set(if code == role_code(Role::Admin) { Role::Admin } else { Role::Member });
    });
    let next_to = status.map(|it| view! { <div class="next-to">{states::status(it)}</div> }.into_any());
    let inside = view! {
        <div class="fields">
            <Field form=form name="name" label=keys::USERS_NAME value=name />
            <Field form=form name="email" label=keys::USERS_EMAIL value=email look=email_look />
            <div class="field-and-state">
                <Field form=form name="okta_login" label=keys::USERS_OKTA_LOGIN value=okta_login look=login_look />
                {next_to}
            </div>
            <Choice name="role" label=keys::USERS_ROLE options=roles value=chosen on_choose=choose />
        </div>
        <div class="form-actions">
            {link_button(paths::users(), keys::ACTION_CANCEL, Weight::Plain, "")}
            <Button label=keys::USER_SAVE weight=Weight::Primary busy=form.busy />
        </div>
    };
    form.draw(send, inside.into_any())
}

fn role_code(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Member => "member",
    }
}
