//! What the issuer says of our client ID: Okta describes one app to whoever names it, without a
//! secret. Where it does not, that is "not told", never an error.

use api::{
    Cause,
    checks::{Fix, FixAction},
};

use super::{
    discovery,
    finding::Finding,
    organization::{self, Seen},
    probe::{Probe, Subject},
    refusal::Said,
};
use crate::oidc::{NoReply, Reply, json};

/// What was told of one client.
#[derive(Debug)]
pub(super) enum Told {
    /// There is no such client.
    Unknown(String),
    Client(Client),
    /// The general document came, or none that can be read.
    Nothing,
}

impl Told {
    /// The app, where it is described.
    pub(super) fn client(&self) -> Option<&Client> {
        match self {
            Self::Client(client) => Some(client),
            Self::Unknown(_) | Self::Nothing => None,
        }
    }
}

/// One app, as far as it is told.
#[derive(Debug)]
pub(super) struct Client {
    issuer: String,
    methods: Vec<String>,
    grants: Vec<String>,
    /// Where the keys of this app are.
    pub(super) keys: Option<String>,
}

impl Client {
    fn takes(&self, method: &str) -> bool {
        self.methods.iter().any(|it| it == method)
    }

    fn is_public(&self) -> bool {
        self.methods.len() == 1 && self.takes("none")
    }

    /// The secret in the header, as it is sent unless told otherwise.
    pub(super) fn takes_header(&self) -> bool {
        self.takes("client_secret_basic")
    }

    /// The secret in the form, and in the form only.
    pub(super) fn takes_form_only(&self) -> bool {
        self.takes("client_secret_post") && !self.takes_header()
    }

    pub(super) fn takes_secret(&self) -> bool {
        self.methods
            .iter()
            .any(|it| it.starts_with("client_secret"))
    }

    pub(super) fn grants(&self, grant: &str) -> bool {
        self.grants.iter().any(|it| it == grant)
    }
}

pub(super) async fn ask(probe: &Probe<'_>, client_id: &str) -> Result<Reply, NoReply> {
    let Some(mut url) = discovery::address(&probe.config().issuer) else {
        return Err(NoReply::Refused {
            why: "no address".into(),
        });
    };
    url.query_pairs_mut().append_pair("client_id", client_id);
    probe.get(&url).await
}

pub(super) fn read(reply: &Result<Reply, NoReply>, client_id: &str) -> Told {
    let Ok(reply) = reply else {
        return Told::Nothing;
    };
    let said = Said::of(reply);
    if reply.status == 400 && said.is("invalid_client") {
        return Told::Unknown(said.seen(reply.status));
    }
    let Ok(document) = json::object(&reply.body) else {
        return Told::Nothing;
    };
    let texts = |name: &str| -> Vec<String> {
        let list = document.texts_strictly(name).ok().flatten();
        list.unwrap_or_default()
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let text = |name: &str| document.text(name).map(str::to_owned);
    let methods = texts("token_endpoint_auth_methods_supported");
    let names_us = |name: &str| document.text(name).is_some_and(|it| it.contains(client_id));
    let is_ours = names_us("jwks_uri") || names_us("registration_endpoint") || methods.len() == 1;
    match text("issuer") {
        Some(issuer) if reply.status == 200 && is_ours => Told::Client(Client {
            issuer,
            methods,
            grants: texts("grant_types_supported"),
            keys: text("jwks_uri"),
        }),
        Some(_) | None => Told::Nothing,
    }
}

/// The same issuer on another of Okta's clouds, if exactly one of them knows the client ID, which is
/// no secret: every browser that signs in shows it.
pub(super) async fn elsewhere(probe: &Probe<'_>) -> Option<String> {
    let config = probe.config();
    let others = organization::siblings(&config.issuer, probe.subject.loopback);
    let asked = others.into_iter().map(async |other| {
        let mut url = discovery::address(&other)?;
        url.query_pairs_mut()
            .append_pair("client_id", &config.client_id);
        let told = read(&probe.get(&url).await, &config.client_id);
        matches!(told, Told::Client(_)).then_some(other)
    });
    let mut found = futures_util::future::join_all(asked)
        .await
        .into_iter()
        .flatten();
    found.next().filter(|_| found.next().is_none())
}

/// The rung, for the web app.
pub(super) fn judge(
    subject: &Subject,
    web: &Told,
    native: Option<&Told>,
    seen: Option<&Seen>,
) -> Finding {
    let client = match web {
        Told::Unknown(said) => {
            let gone = subject.known.client;
            let cause = if gone {
                Cause::ClientGone
            } else {
                Cause::ClientUnknown
            };
            return Finding::failed(cause).seen(said);
        }
        Told::Nothing => return Finding::unclear(None),
        Told::Client(client) => client,
    };
    let methods = client.methods.join(", ");
    if client.is_public() {
        let swapped = matches!(native, Some(Told::Client(native)) if native.takes_secret());
        return if swapped {
            Finding::failed(Cause::ClientsSwapped)
                .seen(&methods)
                .mend(Fix::of(FixAction::SwapClientIds))
        } else {
            Finding::failed(Cause::ClientIsPublic).seen(&methods)
        };
    }
    if !client.grants.is_empty() && !client.grants("authorization_code") {
        let grants = client.grants.join(", ");
        let service = client.grants.iter().all(|it| it == "client_credentials");
        let cause = if service {
            Cause::ClientIsService
        } else {
            Cause::GrantRefused
        };
        return Finding::failed(cause).seen(&grants);
    }
    if client.methods.len() == 1 && client.takes("private_key_jwt") {
        return Finding::failed(Cause::ClientRequiresKey).seen(&methods);
    }
    if client.methods.len() == 1 && client.takes("client_secret_jwt") {
        return Finding::failed(Cause::SecretMethod).seen(&methods);
    }
    if client.issuer != subject.config.issuer {
        return discovery::renamed(subject, &client.issuer, seen);
    }
    Finding::passed().seen(&methods)
}

/// What is wrong with the native app, as far as this tells.
pub(super) fn judge_native(native: &Told) -> Option<Finding> {
    match native {
        Told::Unknown(said) => Some(Finding::failed(Cause::NativeUnknown).seen(said)),
        Told::Client(client) if !client.takes("none") && !client.methods.is_empty() => {
            Some(Finding::failed(Cause::NativeRefused).seen(&client.methods.join(", ")))
        }
        Told::Client(client) if !client.grants("refresh_token") && !client.grants.is_empty() => {
            Some(Finding::warning(Cause::RefreshMissing).seen(&client.grants.join(", ")))
        }
        Told::Client(_) | Told::Nothing => None,
    }
}
