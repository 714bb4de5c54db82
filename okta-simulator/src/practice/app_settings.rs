//! What else the tabs "General" and "Sign On" of an app set: how it proves itself, and what its tokens are like.

use crate::http::Params;
use crate::org::app::{
    App, AppType, ClientAuth, IssuerMode, LoginInitiated, Rotation, UsernameFormat,
};
use crate::page::form::{Text, checkbox, group, radio, select};

const CLIENT_AUTH: [(ClientAuth, &str, &str); 4] = [
    (ClientAuth::Secret, "secret", "Client secret"),
    (
        ClientAuth::SecretInBody,
        "secret_in_body",
        "Client secret, in the body only",
    ),
    (
        ClientAuth::PrivateKey,
        "private_key",
        "Public key / Private key",
    ),
    (ClientAuth::None, "none", "None"),
];

pub(super) const ISSUERS: [(IssuerMode, &str, &str); 3] = [
    (IssuerMode::OktaUrl, "okta", "Okta URL"),
    (IssuerMode::CustomUrl, "custom", "Custom URL"),
    (IssuerMode::Dynamic, "dynamic", "Dynamic"),
];

const LOGIN: [(LoginInitiated, &str, &str); 3] = [
    (LoginInitiated::AppOnly, "app", "App Only"),
    (
        LoginInitiated::Either,
        "either",
        "Either Okta or App: Redirect to app to initiate login (OIDC Compliant)",
    ),
    (
        LoginInitiated::Simplified,
        "simplified",
        "Either Okta or App: Send ID Token directly to app (Okta Simplified)",
    ),
];

const USERNAMES: [(UsernameFormat, &str, &str); 4] = [
    (UsernameFormat::OktaUsername, "login", "Okta username"),
    (UsernameFormat::Prefix, "prefix", "Okta username prefix"),
    (UsernameFormat::TwoSpellings, "two", "Two spellings"),
    (UsernameFormat::Empty, "empty", "(None)"),
];

/// A field of one choice: its options by value, and which it is.
pub(super) fn choice<T: PartialEq>(
    label: &str,
    name: &str,
    now: &T,
    all: &[(T, &'static str, &'static str)],
) -> String {
    let options: Vec<(&str, &str)> = all.iter().map(|(_, value, text)| (*value, *text)).collect();
    let chosen = all.iter().find(|(one, ..)| one == now);
    select(
        label,
        name,
        chosen.map_or("", |(_, value, _)| value),
        &options,
    )
}

/// Keeps what is there when nothing, or nonsense, was sent.
pub(super) fn chosen<T: Copy>(params: &Params, name: &str, all: &[(T, &str, &str)], now: &mut T) {
    let sent = params.get(name);
    if let Some((one, ..)) = all.iter().find(|(_, value, _)| Some(*value) == sent) {
        *now = *one;
    }
}

pub(super) fn html(app: &App) -> String {
    let pkce = match app.app_type {
        AppType::Web | AppType::Service => checkbox(
            "Require PKCE as additional verification",
            "pkce",
            "yes",
            app.pkce_required,
        ),
        AppType::Native | AppType::SinglePage => String::new(),
    };
    let proof = pkce
        + &checkbox(
            "Require Demonstrating Proof of Possession (DPoP) header in token requests",
            "dpop",
            "yes",
            app.dpop,
        );
    let authentication = choice(
        "Client authentication",
        "client_auth",
        &app.client_auth,
        &CLIENT_AUTH,
    );
    let initiate = Text {
        label: "Initiate login URI",
        name: "initiate_login",
        value: app.initiate_login_uri.as_deref().unwrap_or_default(),
        hint: "May be empty.",
        error: None,
    };
    let login =
        choice("Login initiated by", "login", &app.login_initiated, &LOGIN) + &initiate.html();
    let consent = checkbox("Require consent", "consent", "yes", app.consent);
    let tokens = choice("Issuer", "issuer", &app.issuer_mode, &ISSUERS)
        + &choice(
            "Application username format",
            "username",
            &app.username,
            &USERNAMES,
        )
        + &checkbox(
            "Encrypt ID tokens",
            "encrypted",
            "yes",
            app.encrypted_id_token,
        )
        + &checkbox(
            "Groups claim with a filter that matches every group",
            "groups_claim",
            "yes",
            app.groups_claim,
        );
    let policy = checkbox(
        "The sign-in policy denies access",
        "deny",
        "yes",
        !app.sign_in_allowed,
    ) + &checkbox(
        "Token requests come from outside the network zone",
        "outside",
        "yes",
        !app.in_network_zone,
    );
    [
        authentication,
        group("Verification of possession", &proof),
        group("Refresh token behavior", &refresh(app)),
        group("Login", &login),
        group("User consent", &consent),
        group("Sign On", &tokens),
        group("Access", &policy),
    ]
    .concat()
}

fn refresh(app: &App) -> String {
    let (rotates, grace) = match app.rotation {
        Rotation::Persistent => (false, 30),
        Rotation::EveryUse { grace } => (true, grace),
    };
    let grace = grace.to_string();
    let grace = Text {
        label: "Grace period for token rotation",
        name: "grace",
        value: &grace,
        hint: "In seconds, 0 to 60.",
        error: None,
    };
    radio(
        "Rotate token after every use",
        "rotation",
        "every_use",
        rotates,
    ) + &radio("Use persistent token", "rotation", "persistent", !rotates)
        + &grace.html()
}

/// What was sent. Ticks that are not sent are off, choices that are not sent stay.
pub(super) fn read(params: &Params, app: &mut App) {
    let ticked = |name: &str| params.get(name).is_some();
    app.pkce_required = ticked("pkce");
    app.dpop = ticked("dpop");
    app.consent = ticked("consent");
    app.encrypted_id_token = ticked("encrypted");
    app.groups_claim = ticked("groups_claim");
    app.sign_in_allowed = !ticked("deny");
    app.in_network_zone = !ticked("outside");
    chosen(params, "client_auth", &CLIENT_AUTH, &mut app.client_auth);
    chosen(params, "issuer", &ISSUERS, &mut app.issuer_mode);
    chosen(params, "username", &USERNAMES, &mut app.username);
    chosen(params, "login", &LOGIN, &mut app.login_initiated);
    let initiate = params.get("initiate_login").unwrap_or_default().trim();
    app.initiate_login_uri = (!initiate.is_empty()).then(|| initiate.to_owned());
    if !app.has_secrets() {
        // As at Okta: there is no way back to the same secret.
        app.secrets.clear();
    }
    let grace = params
        .get("grace")
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(30_i64)
        .clamp(0, 60);
    app.rotation = if params.get("rotation") == Some("every_use") {
        Rotation::EveryUse { grace }
    } else {
        Rotation::Persistent
    };
}
