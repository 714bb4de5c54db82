//! Rows B: which app it is, and how it proves itself.

use crate::org::World;
use crate::org::app::{App, AppType, ClientAuth, NewApp, Provider, Secret};

use super::{Field, How, Mistake, Names, Paste, Row, newest, web_apps};
use crate::fault::Fault;

/// An app that has nothing to do with the one that is connected.
const OTHER: &str = "Another app";

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::B01,
        "The client ID is cut short",
        "Discovery with client_id, and the token endpoint, do not know it.",
        How::Form(|names| {
            let id = names.app().0;
            client_id(id.get(..id.len().saturating_sub(3)).unwrap_or_default())
        }),
    ),
    Row::new(
        Mistake::B02,
        "The client ID is an app's of another organization",
        "Nobody knows it here.",
        How::Form(|_| client_id("0oaElsewhere00000697")),
    ),
    Row::new(
        Mistake::B03,
        "The client ID is another app's, the secret is the right one",
        "The token endpoint says that the secret is invalid.",
        How::OktaAndForm(another_app, |names| client_id(&other(names).0)),
    ),
    Row::new(
        Mistake::B04,
        "Client ID and secret are another app's",
        "Both are right, and the redirect URI is not registered.",
        How::OktaAndForm(another_app, |names| {
            let (id, secret) = other(names);
            both(&id, &secret)
        }),
    ),
    Row::new(
        Mistake::B05,
        "The secret is cut short",
        "The token endpoint says that the secret is invalid.",
        How::Form(|names| {
            let secret = names.app().1;
            client_secret(&secret[..secret.len().saturating_sub(4)])
        }),
    ),
    Row::new(
        Mistake::B06,
        "Client ID and secret are swapped",
        "Nobody knows this client ID.",
        How::Form(|names| {
            let (id, secret) = names.app();
            both(&secret, &id)
        }),
    ),
    Row::new(
        Mistake::B07,
        "The secret was rotated, and the old one deactivated",
        "It worked until then; now every code is exchanged in vain.",
        How::Okta(|world| {
            let fresh: Vec<String> = world
                .apps
                .clone()
                .iter()
                .map(|_| world.chance.secret())
                .collect();
            let mut fresh = fresh.into_iter();
            web_apps(world, |app| {
                for secret in &mut app.secrets {
                    secret.active = false;
                }
                app.secrets.truncate(1);
                app.secrets.extend(fresh.next().map(|value| Secret {
                    value,
                    active: true,
                }));
            });
        }),
    ),
    Row::new(
        Mistake::B08,
        "Client authentication was switched to Public key / Private key",
        "The secrets are gone; discovery with client_id says private_key_jwt.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.client_auth = ClientAuth::PrivateKey;
                app.secrets.clear();
            });
        }),
    ),
    Row::new(
        Mistake::B09,
        "The app was made as a Single-Page Application",
        "There is no secret; whoever sends one is refused.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.app_type = AppType::SinglePage;
                app.client_auth = ClientAuth::None;
                app.secrets.clear();
            });
        }),
    ),
    Row::new(
        Mistake::B10,
        "Web and native client ID are swapped",
        "The native app has no secret, the web app does not do without.",
        How::OktaAndForm(native_app, |names| {
            let native = newest(names.world, AppType::Native).map(|app| app.id.clone());
            let mut pastes = client_id(&native.unwrap_or_default());
            pastes.push(Paste {
                field: Field::NativeClientId,
                text: names.app().0,
            });
            pastes
        }),
    ),
    Row::new(
        Mistake::B11,
        "The app was made as API Services",
        "It may not use the authorization endpoint at all.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.app_type = AppType::Service;
                app.authorization_code = false;
                app.refresh_token = false;
            });
        }),
    ),
    Row::new(
        Mistake::B12,
        "The app was made as a SAML app",
        "It has an id, but nobody knows it as a client.",
        How::Form(|_| client_id("exkSamlApp0000000697")),
    ),
    Row::new(
        Mistake::B13,
        "The app is inactive",
        "Okta shows a page of its own; the token endpoint refuses the client. The exact words are not documented.",
        How::Okta(|world| web_apps(world, |app| app.active = false)),
    ),
    Row::new(
        Mistake::B14,
        "The app was deleted",
        "Nobody knows the client ID any more.",
        How::Okta(|world| world.apps.retain(|app| !is_web(app))),
    ),
    Row::new(
        Mistake::B15,
        "The app takes its secret in the body only",
        "A secret in the header is refused. Whether Okta ever insists on this is not documented.",
        How::Okta(|world| web_apps(world, |app| app.client_auth = ClientAuth::SecretInBody)),
    ),
    Row::new(
        Mistake::B16,
        "A proxy on the way takes the Authorization header off",
        "The token endpoint finds no client credentials.",
        How::Okta(|world| world.faults.set(Fault::AuthorizationStripped)),
    ),
    Row::new(
        Mistake::B17,
        "The app requires DPoP",
        "The token endpoint answers invalid_dpop_proof.",
        How::Okta(|world| web_apps(world, |app| app.dpop = true)),
    ),
    Row::new(
        Mistake::B18,
        "ID tokens of the app are encrypted",
        "The ID token is a JWE, which nobody here can open.",
        How::Okta(|world| web_apps(world, |app| app.encrypted_id_token = true)),
    ),
    Row::new(
        Mistake::B19,
        "The subject type is pairwise",
        "sub is another one than before: old links do not fit any more.",
        How::Okta(|world| web_apps(world, |app| app.pairwise = true)),
    ),
    Row::new(
        Mistake::B20,
        "The app wants signed authorization requests",
        "The way back says invalid_request_object.",
        How::Okta(|world| web_apps(world, |app| app.signed_requests = true)),
    ),
];

fn is_web(app: &App) -> bool {
    app.provider == Provider::Okta && app.app_type == AppType::Web
}

fn paste(field: Field, text: &str) -> Paste {
    Paste {
        field,
        text: text.to_owned(),
    }
}

fn client_id(text: &str) -> Vec<Paste> {
    vec![paste(Field::ClientId, text)]
}

fn client_secret(text: &str) -> Vec<Paste> {
    vec![paste(Field::ClientSecret, text)]
}

fn both(id: &str, secret: &str) -> Vec<Paste> {
    vec![
        paste(Field::ClientId, id),
        paste(Field::ClientSecret, secret),
    ]
}

fn another_app(world: &mut World) {
    let elsewhere = NewApp::named(OTHER).sign_in_redirect("https://another.example/callback");
    // First in the list: the newest stays the one that is connected.
    let app = world.create_app(Provider::Okta, AppType::Web, elsewhere);
    world.apps.retain(|other| other.id != app.id);
    world.apps.insert(0, app);
}

/// Id and secret of that app; empty while the mistake is off.
fn other(names: &Names<'_>) -> (String, String) {
    let app = names.world.apps.iter().find(|app| app.name == OTHER);
    app.map_or_else(Default::default, |app| {
        (app.id.clone(), app.first_secret().to_owned())
    })
}

/// A native app beside the web app, unless there is one already.
fn native_app(world: &mut World) {
    if newest(world, AppType::Native).is_none() {
        let app = NewApp::named("Native app").sign_in_redirect("com.northwind.app:/callback");
        world.create_app(Provider::Okta, AppType::Native, app.everyone());
    }
}
