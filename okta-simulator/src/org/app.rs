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
    /// "Single-Page Application": a public client too.
    SinglePage,
    /// "API Services": client credentials only, and nobody ever signs in.
    Service,
}

/// "Client authentication" of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// "Client secret": in the header or in the body.
    Secret,
    /// A secret in the body only. Whether Okta ever insists on it is not documented.
    SecretInBody,
    /// "Public key / Private key": there is no secret any more.
    PrivateKey,
    /// "None".
    None,
}

/// "Issuer" of an app's ID tokens, and of a custom authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerMode {
    /// "Okta URL".
    OktaUrl,
    /// "Custom URL": the custom domain.
    CustomUrl,
    /// "Dynamic": whichever of the two the request came to.
    Dynamic,
}

/// "Login initiated by" of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginInitiated {
    /// "App Only".
    AppOnly,
    /// "Either Okta or App", "Redirect to app to initiate login (OIDC Compliant)".
    Either,
    /// "Send ID Token directly to app (Okta Simplified)".
    Simplified,
}

/// "Application username format".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameFormat {
    OktaUsername,
    /// "Okta username prefix": what stands before the @.
    Prefix,
    /// Seen once in the field: an array of two spellings.
    TwoSpellings,
    /// The expression finds nothing, and the claim is left out.
    Empty,
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub client_auth: ClientAuth,
    /// "Sign-in redirect URIs"; compared byte by byte.
    pub sign_in_redirect_uris: Vec<String>,
    /// "Sign-out redirect URIs".
    pub sign_out_redirect_uris: Vec<String>,
    /// Grant type "Authorization Code".
    pub authorization_code: bool,
    /// Grant type "Refresh Token".
    pub refresh_token: bool,
    /// Grant type "Implicit (hybrid)".
    pub implicit: bool,
    pub rotation: Rotation,
    /// "Require PKCE as additional verification". A native app requires it whatever this says.
    pub pkce_required: bool,
    /// "Require Demonstrating Proof of Possession (DPoP) header in token requests".
    pub dpop: bool,
    /// "User consent: Require consent".
    pub consent: bool,
    /// ID tokens are encrypted (JWE): nobody here has the key.
    pub encrypted_id_token: bool,
    /// `subject_type` pairwise: `sub` differs from app to app.
    pub pairwise: bool,
    /// `request_object_signing_alg` is set: unsigned requests are refused.
    pub signed_requests: bool,
    /// The client may not use a custom authorization server.
    pub org_server_only: bool,
    /// False: token requests come from outside the app's network zones.
    pub in_network_zone: bool,
    /// The app has a signing key of its own, which only `keys?client_id=` publishes.
    pub pinned_key: bool,
    /// A "Groups claim" with a filter that matches every group.
    pub groups_claim: bool,
    pub issuer_mode: IssuerMode,
    pub username: UsernameFormat,
    pub login_initiated: LoginInitiated,
    /// "Initiate login URI".
    pub initiate_login_uri: Option<String>,
    /// False: the app's sign-in policy lets nobody through.
    pub sign_in_allowed: bool,
    pub assignment: Assignment,
    /// Ids of the groups that are assigned, besides the people.
    pub assigned_groups: BTreeSet<String>,
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
            AppType::Native | AppType::SinglePage => true,
            AppType::Web | AppType::Service => self.pkce_required,
        }
    }

    /// Whether the app proves itself with a secret.
    pub(crate) fn has_secrets(&self) -> bool {
        match self.client_auth {
            ClientAuth::Secret | ClientAuth::SecretInBody => true,
            ClientAuth::PrivateKey | ClientAuth::None => false,
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

    pub(crate) fn response_types(&self) -> Vec<&'static str> {
        let mut types = Vec::new();
        if self.authorization_code {
            types.push("code");
        }
        if self.implicit {
            types.extend(["id_token", "id_token token"]);
        }
        types
    }

    pub(crate) fn grant_types(&self) -> Vec<&'static str> {
        let mut grants = Vec::new();
        if self.app_type == AppType::Service {
            grants.push("client_credentials");
            return grants;
        }
        if self.authorization_code {
            grants.push("authorization_code");
        }
        if self.refresh_token {
            grants.push("refresh_token");
        }
        if self.implicit {
            grants.push("implicit");
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
    pub initiate_login_uri: Option<String>,
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
            initiate_login_uri: None,
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

    /// "Login initiated by" *Either Okta or App*, with its "Initiate login URI": the dashboard has a tile.
    #[must_use]
    pub fn initiate_login(mut self, uri: &str) -> Self {
        self.initiate_login_uri = Some(uri.to_owned());
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
