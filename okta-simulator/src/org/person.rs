//! People of the directory.

/// Somebody in the organization's directory. Change one with [`crate::PracticeOkta::change_person`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `00u…`: the `sub` at Okta; never changes.
    pub id: String,
    /// "Username": what they sign in with.
    pub login: String,
    /// "Primary email".
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    /// What `email_verified` says.
    pub email_verified: bool,
    /// False: deactivated; cannot sign in.
    pub active: bool,
    /// The `sub` at the practice Google: 21 digits.
    pub google_subject: String,
    /// The `oid` at the practice Microsoft.
    pub microsoft_object_id: String,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// What "Add person" asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub first_name: String,
    pub last_name: String,
    pub login: String,
    pub email: String,
}

impl NewPerson {
    /// Somebody whose login is their e-mail, as is usual at Okta.
    pub fn new(first_name: &str, last_name: &str, email: &str) -> Self {
        Self {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            login: email.to_owned(),
            email: email.to_owned(),
        }
    }

    /// Another login than the e-mail.
    #[must_use]
    pub fn login(mut self, login: &str) -> Self {
        login.clone_into(&mut self.login);
        self
    }
}
