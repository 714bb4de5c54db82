//! App integrations: what a relying party is to the organization.

use std::collections::BTreeSet;

/// Who plays the provider towards an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    Okta,
    Google,
    Microsoft,
}

/// "Application type" when an app integration is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppType {
    /// Has a client secret.
    Web,
    /// Public client: no secret, PKCE always.
    Native,
}

/// "Assignments" of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// "Allow everyone in your organization to access".
    Everyone,
    /// The user ids (`00u…`) that may; empty after "Skip group assignment for now".
    Only(BTreeSet<String>),
}

/// "Refresh Token" of an app, once the grant is ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// "Use persistent token".
    Persistent,
    /// "Rotate token after every use": the old one works for `grace` seconds more (0 to 60).
    EveryUse { grace: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    pub value: String,
    pub active: bool,
}

/// An app integration. Change one with [`crate::PracticeOkta::change_app`].
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a tick box of Okta's form, and none depends on another"
)]
pub struct App {
    /// Also the client id: `0oa…` at Okta.
    pub id: String,
    pub name: String,
    pub provider: Provider,
    pub app_type: AppType,
    /// Okta keeps at most two, so that one can be exchanged for the next without a gap.
    pub secrets: Vec<Secret>,
    /// "Sign-in redirect URIs"; compared byte by byte.
    pub sign_in_redirect_uris: Vec<String>,
    /// "Sign-out redirect URIs".
    pub sign_out_redirect_uris: Vec<String>,
    /// Grant type "Authorization Code".
    pub authorization_code: bool,
    /// Grant type "Refresh Token".
    pub refresh_token: bool,
    pub rotation: Rotation,
    /// "Require PKCE as additional verification". A native app requires it whatever this says.
    pub pkce_required: bool,
    pub assignment: Assignment,
    pub active: bool,
}

impl App {
    pub(crate) fn allows(&self, user_id: &str) -> bool {
        match &self.assignment {
            Assignment::Everyone => true,
            Assignment::Only(people) => people.contains(user_id),
        }
    }

    pub(crate) fn needs_pkce(&self) -> bool {
        match self.app_type {
            AppType::Native => true,
            AppType::Web => self.pkce_required,
        }
    }

    /// The secret that a token would be signed with, were it signed with one.
    pub(crate) fn first_secret(&self) -> &str {
        self.secrets
            .iter()
            .find(|secret| secret.active)
            .map_or("", |secret| secret.value.as_str())
    }

    pub(crate) fn accepts_secret(&self, given: &str) -> bool {
        self.secrets
            .iter()
            .any(|secret| secret.active && secret.value == given)
    }

    pub(crate) fn grant_types(&self) -> Vec<&'static str> {
        let mut grants = Vec::new();
        if self.authorization_code {
            grants.push("authorization_code");
        }
        if self.refresh_token {
            grants.push("refresh_token");
        }
        grants
    }
}

/// What "Create App Integration" asks for.
#[derive(Clone, Debug)]
pub struct NewApp {
    pub name: String,
    pub sign_in_redirect_uris: Vec<String>,
    pub sign_out_redirect_uris: Vec<String>,
    pub refresh_token: bool,
    pub assignment: Assignment,
}

impl NewApp {
    /// Without redirect URIs or refresh tokens, and nobody assigned.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            sign_in_redirect_uris: Vec::new(),
            sign_out_redirect_uris: Vec::new(),
            refresh_token: false,
            assignment: Assignment::Only(BTreeSet::new()),
        }
    }

    /// One more "Sign-in redirect URI".
    #[must_use]
    pub fn sign_in_redirect(mut self, uri: &str) -> Self {
        self.sign_in_redirect_uris.push(uri.to_owned());
        self
    }

    /// One more "Sign-out redirect URI".
    #[must_use]
    pub fn sign_out_redirect(mut self, uri: &str) -> Self {
        self.sign_out_redirect_uris.push(uri.to_owned());
        self
    }

    /// Ticks the grant type "Refresh Token".
    #[must_use]
    pub fn refresh_token(mut self) -> Self {
        self.refresh_token = true;
        self
    }

    /// "Allow everyone in your organization to access".
    #[must_use]
    pub fn everyone(mut self) -> Self {
        self.assignment = Assignment::Everyone;
        self
    }
}
