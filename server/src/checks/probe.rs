//! The requests of the ladder, each with its own time limit. What they answer is judged elsewhere.

use std::{sync::Arc, time::Duration};

use api::Loopback;
use url::{Url, form_urlencoded};

use crate::{
    App,
    oidc::{
        Binding, ConnectionConfig, Landing, Metadata, NoReply, Outbound, Reply, Silence, Start,
        TokenAuth, authorize_url, token_request,
    },
    secret::Secret,
};

/// How long one rung may take: an answering provider takes a fraction of it.
const RUNG: Duration = Duration::from_millis(2800);

/// What is checked.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) config: Arc<ConnectionConfig>,
    pub(crate) audience: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) loopback: Loopback,
    pub(crate) known: Known,
}

/// What earlier runs showed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The id of the organization behind this issuer.
    pub(crate) organization: Option<String>,
    /// With these very settings the provider knew the client.
    pub(crate) client: bool,
    /// With these very settings the secret was accepted.
    pub(crate) secret: bool,
}

/// Asks a provider on behalf of one subject.
pub(super) struct Probe<'a> {
    pub(super) app: &'a App,
    pub(super) subject: &'a Subject,
    binding: Binding,
}

impl<'a> Probe<'a> {
    pub(super) fn new(app: &'a App, subject: &'a Subject) -> Self {
        let random = || app.entropy.bytes::<32>();
        Self {
            app,
            subject,
            binding: Binding::new(&random(), &random(), &random()),
        }
    }

    pub(super) fn config(&self) -> &ConnectionConfig {
        &self.subject.config
    }

    pub(super) fn outbound(&self) -> &Outbound {
        self.app.relying.outbound()
    }

    /// A page of the issuer, such as its discovery document.
    pub(super) async fn get(&self, url: &Url) -> Result<Reply, NoReply> {
        limited(self.outbound().get(url)).await
    }

    /// The token endpoint with a code that nobody has.
    pub(super) async fn token(
        &self,
        metadata: &Metadata,
        auth: TokenAuth,
    ) -> Result<Reply, NoReply> {
        let (header, form) = self.token_request(auth);
        let header = header.as_ref().map(Secret::expose);
        limited(self.outbound().post_form(&metadata.token, header, form)).await
    }

    fn token_request(&self, auth: TokenAuth) -> (Option<Secret>, String) {
        token_request(
            auth,
            self.config(),
            // Random, and as long as a code: no provider ever gave it out.
            &self.binding.state,
            &self.binding.verifier,
            &self.subject.redirect_uri,
        )
    }

    /// `POST url` with a form, as the client that authenticates so.
    async fn authenticated(
        &self,
        url: &Url,
        auth: TokenAuth,
        pairs: &[(&str, &str)],
    ) -> Result<Reply, NoReply> {
        let (header, _) = self.token_request(auth);
        let config = self.config();
        let ours = [
            ("client_id", config.client_id.as_str()),
            ("client_secret", config.client_secret.expose()),
        ];
        let ours = ours.iter().filter(|_| auth == TokenAuth::Post);
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs.iter().chain(ours))
            .finish();
        let header = header.as_ref().map(Secret::expose);
        limited(self.outbound().post_form(url, header, form)).await
    }

    /// The introspection endpoint with a token that nobody has.
    pub(super) async fn introspect(&self, url: &Url, auth: TokenAuth) -> Result<Reply, NoReply> {
        let pairs = [
            ("token", self.binding.state.expose()),
            ("token_type_hint", "access_token"),
        ];
        self.authenticated(url, auth, &pairs).await
    }

    /// The token endpoint as a phone would ask it: by the native client ID, without a secret.
    pub(super) async fn native_token(
        &self,
        metadata: &Metadata,
        client_id: &str,
    ) -> Result<Reply, NoReply> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", client_id)
            .append_pair("code", self.binding.state.expose())
            .append_pair("redirect_uri", &self.subject.redirect_uri)
            .append_pair("code_verifier", self.binding.verifier.expose())
            .finish();
        limited(self.outbound().post_form(&metadata.token, None, form)).await
    }

    /// The very address to which a browser would be sent, but without asking anybody anything.
    fn authorize_url(
        &self,
        metadata: &Metadata,
        config: &ConnectionConfig,
        redirect_uri: &str,
    ) -> Url {
        let start = Start {
            binding: &self.binding,
            redirect_uri,
            prompt: None,
            login_hint: None,
            max_age: None,
        };
        let mut url = authorize_url(metadata, config, &start);
        url.query_pairs_mut().append_pair("prompt", "none");
        url
    }

    /// The authorization endpoint, as a browser of this client's without a session.
    pub(super) async fn authorize(
        &self,
        metadata: &Metadata,
        config: &ConnectionConfig,
        redirect_uri: &str,
    ) -> Result<Landing, NoReply> {
        let url = self.authorize_url(metadata, config, redirect_uri);
        limited(self.outbound().land(&url)).await
    }

    /// The same request, pushed (RFC 9126).
    pub(super) async fn push(
        &self,
        metadata: &Metadata,
        url: &Url,
        auth: TokenAuth,
        redirect_uri: &str,
    ) -> Result<Reply, NoReply> {
        let request = self.authorize_url(metadata, self.config(), redirect_uri);
        let pairs: Vec<_> = request
            .query_pairs()
            .filter(|(name, _)| !matches!(&**name, "client_id" | "prompt"))
            .collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
        self.authenticated(url, auth, &pairs).await
    }

    /// What was sent as `state`, to know our own answer by.
    pub(super) fn state(&self) -> &str {
        self.binding.state.expose()
    }
}

/// Gives up when a rung has taken too long.
pub(super) async fn limited<T>(
    asked: impl Future<Output = Result<T, NoReply>>,
) -> Result<T, NoReply> {
    tokio::time::timeout(RUNG, asked).await.unwrap_or_else(|_| {
        Err(NoReply::Unreachable {
            why: "too slow".into(),
            how: Silence::Slow,
        })
    })
}
