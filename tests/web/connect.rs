//! The connect form: typing, pasting, errors, and what is sent when.

mod checked;
mod matching;
mod sending;

use api::{
    Cause, Connection, ConnectionState, Provider,
    connections::{Failure, MatchBy, SecretInfo, Settings},
    files::{Managed, ManagedBy},
};
use console::pages::connect::connect;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON, description, focused},
    server::{Reply, Server},
};

const ISSUER: &str = "Okta domain or metadata URL";
const CLIENT_ID: &str = "Client ID";
const SECRET: &str = "Client secret";
const NATIVE: &str = "Native client ID (optional)";
const AUDIENCE: &str = "Audience (optional)";
const A_CLIENT_ID: &str = "0oa1gwbkhjPYwHEzQ0x7";
const A_SECRET: &str = "PrAcTiCe-secret-of-forty-characters-0001";

/// A connection of which nothing was saved yet.
pub(crate) fn nothing(provider: Provider) -> Connection {
    Connection {
        provider,
        state: ConnectionState::NotConnected,
        version: 0,
        redirect_uri: format!(
            "https://sso.northwind.example/auth/{}/callback",
            provider.code()
        ),
        sign_out_redirect_uri: "https://sso.northwind.example/signed-out".to_owned(),
        initiate_login_uri: (provider == Provider::Okta)
            .then(|| "https://sso.northwind.example/auth/okta/initiate".to_owned()),
        settings: None,
        secret: None,
        unverified: false,
        live: false,
        guard: Vec::new(),
        trial: None,
        reverted_at: None,
        degraded: None,
        active_since: None,
        verification: None,
        failure: None,
    }
}

/// One with a saved draft.
pub(crate) fn draft() -> Connection {
    Connection {
        state: ConnectionState::Draft,
        version: 3,
        settings: Some(Settings {
            issuer: "https://northwind.okta.com".to_owned(),
            client_id: A_CLIENT_ID.to_owned(),
            native_client_id: None,
            native_redirect_uri: None,
            audience: None,
            hosted_domain: None,
            tenant: None,
            match_by: MatchBy::OktaLogin,
            allow_unverified_email: false,
        }),
        secret: Some(SecretInfo {
            last_four: "ab12".to_owned(),
            set_at: NOON,
            set_by: "Ada Lovelace".to_owned(),
            expires_on: None,
        }),
        ..nothing(Provider::Okta)
    }
}

/// The form, once the connection was read.
async fn desk(connection: Connection) -> (Desk, Server) {
    let provider = connection.provider;
    let server = Server::answering(move |_| Reply::json(&connection));
    let desk = Desk::with(move || connect(provider));
    desk.until("the form", |desk| desk.has("button", "Connect now"))
        .await;
    (desk, server)
}

/// Pastes as the browser does: the field has the text, then says so.
fn paste(desk: &Desk, label: &str, text: &str) {
    desk.type_into(label, text);
    desk.leave_field(label);
}

#[wasm_bindgen_test]
async fn it_has_both_documents_fields_and_the_address_to_carry_to_okta() {
    let (desk, _server) = desk(nothing(Provider::Okta)).await;
    for label in [ISSUER, CLIENT_ID, SECRET, NATIVE, AUDIENCE] {
        assert!(desk.has("textbox", label), "{label}");
    }
    let uri = desk.field("Sign-in redirect URI");
    assert!(uri.read_only());
    assert_eq!(
        uri.value(),
        "https://sso.northwind.example/auth/okta/callback"
    );
    assert!(desk.has("button", "Copy: Sign-in redirect URI"));
    assert!(desk.has("button", "Copy: Sign-out redirect URI"));
    assert!(desk.sees("Applications › Applications › Create App Integration"));
}

#[wasm_bindgen_test]
async fn what_a_file_owns_can_be_read_only_and_names_the_file() {
    let connection = draft();
    let _server = Server::answering(move |asked| match asked.path.as_str() {
        "/api/files" => Reply::json(&Managed {
            managed_by: Some(ManagedBy {
                file: "sso.toml".to_owned(),
                applied_at: NOON,
                fields: vec!["okta.client_id".to_owned(), "okta.issuer".to_owned()],
            }),
        }),
        _ => Reply::json(&connection),
    });
    let desk = Desk::with(move || connect(Provider::Okta));
    desk.until_sees("The file sso.toml owns some of these settings.")
        .await;
    assert!(desk.field(ISSUER).read_only() && desk.field(CLIENT_ID).read_only());
    assert!(!desk.field(SECRET).read_only() && !desk.field(AUDIENCE).read_only());
}

#[wasm_bindgen_test]
async fn what_is_pasted_is_understood_at_once() {
    let (desk, _server) = desk(nothing(Provider::Okta)).await;
    for (pasted, understood) in [
        (
            "https://Northwind.okta.com/",
            "https://northwind.okta.com, the organization’s own authorization server",
        ),
        (
            "https://northwind.okta.com/oauth2/default/.well-known/openid-configuration",
            "https://northwind.okta.com/oauth2/default, authorization server default",
        ),
        (
            "northwind-admin.okta.com/admin/dashboard",
            "https://northwind.okta.com, the organization’s own",
        ),
    ] {
        desk.type_into(ISSUER, pasted);
        desk.until_sees(&format!("Issuer: {understood}")).await;
    }
    assert!(desk.sees("the Admin Console’s address was replaced"));
    desk.type_into(ISSUER, "northwind");
    desk.until("nothing is understood", |desk| !desk.sees("Issuer:"))
        .await;
    assert!(
        !desk.sees("not an organization’s address"),
        "not while one types"
    );
    desk.leave_field(ISSUER);
    desk.until_sees("not an organization’s address").await;
}

#[wasm_bindgen_test]
async fn each_mistake_of_pasting_is_named_in_its_field_when_one_leaves_it() {
    let (desk, _server) = desk(nothing(Provider::Okta)).await;
    for (label, pasted, said) in [
        (ISSUER, "http://northwind.okta.com", "http:// is not safe"),
        (
            ISSUER,
            "https://{yourOktaDomain}/oauth2/default",
            "manual’s placeholder",
        ),
        (
            CLIENT_ID,
            "PrAcTiCe0secret0of0forty0characters00001",
            "looks like a client secret",
        ),
        (SECRET, A_CLIENT_ID, "looks like a client ID"),
        (SECRET, "••••••••••••", "dots that hide the value"),
    ] {
        paste(&desk, label, pasted);
        desk.until("named", |desk| {
            description(&desk.field(label)).contains(said)
        })
        .await;
    }
    desk.type_into(CLIENT_ID, A_CLIENT_ID);
    paste(&desk, NATIVE, A_CLIENT_ID);
    desk.until("named", |desk| {
        description(&desk.field(NATIVE)).contains("web app’s client ID")
    })
    .await;
}

#[wasm_bindgen_test]
async fn connecting_with_nothing_entered_names_what_is_needed_and_sends_nothing() {
    let (desk, server) = desk(nothing(Provider::Okta)).await;
    desk.press("Connect now");
    desk.until("the first has the focus", |_| {
        focused().as_deref() == Some(ISSUER)
    })
    .await;
    for label in [ISSUER, CLIENT_ID, SECRET] {
        assert!(
            description(&desk.field(label)).contains("fill in this field"),
            "{label}"
        );
    }
    assert!(!desk.field(NATIVE).has_attribute("aria-invalid"));
    assert_eq!(server.lines(), ["GET /api/connections/okta"]);
}

#[wasm_bindgen_test]
async fn a_stored_secret_is_named_by_its_end_and_asked_for_again_when_the_issuer_moves() {
    let (desk, _server) = desk(draft()).await;
    assert_eq!(desk.field(ISSUER).value(), "https://northwind.okta.com");
    assert_eq!(desk.field(SECRET).value(), "");
    let told = description(&desk.field(SECRET));
    assert!(
        told.contains("Ends in ab12, set") && told.contains("by Ada Lovelace"),
        "{told}"
    );
    assert!(told.contains("Leave the field empty to keep it."), "{told}");
    desk.type_into(ISSUER, "other.okta.com");
    desk.press("Connect now");
    desk.until("asked again", |desk| {
        description(&desk.field(SECRET)).contains("paste the client secret")
    })
    .await;
}

#[wasm_bindgen_test]
async fn how_the_last_round_trip_failed_is_said_with_cause_and_fix_and_the_form_stays_filled() {
    let failed = Connection {
        failure: Some(Failure {
            at: NOON - 60_000,
            cause: Cause::NotAssigned,
            reference: "K7QF-2MZX".to_owned(),
            provider_said: Some(
                "access_denied: User is not assigned to the client application.".to_owned(),
            ),
        }),
        ..draft()
    };
    let (desk, _server) = desk(failed).await;
    let alert = desk.find("alert", "").inner_text();
    for part in [
        "not assigned",
        "Assignments",
        "Okta said: “access_denied: User is not",
        "K7QF-2MZX",
        "1 minute ago",
    ] {
        assert!(alert.contains(part), "{part} in {alert}");
    }
    assert_eq!(desk.field(CLIENT_ID).value(), A_CLIENT_ID);
}

#[wasm_bindgen_test]
async fn google_and_microsoft_have_fields_of_their_own() {
    let (google, _server) = desk(nothing(Provider::Google)).await;
    assert!(google.has("textbox", "Workspace domain (optional)"));
    assert!(!google.has("textbox", ISSUER) && !google.has("textbox", NATIVE));
    drop(google);
    let (microsoft, _server) = desk(nothing(Provider::Microsoft)).await;
    paste(&microsoft, "Directory (tenant) ID", "common");
    microsoft.until_sees("not a directory’s ID").await;
    assert!(!microsoft.has("textbox", ISSUER));
}
