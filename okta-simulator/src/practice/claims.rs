//! `/practice/authorization-servers/{id}/claims`: the "Claims" tab, and "Add Claim".

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use crate::http::{Call, Params};
use crate::org::authorization_server::{AuthorizationServer, Claim, TokenType};
use crate::page::esc;
use crate::page::form::{Text, act, select, submit};

use super::frame::{panel, see, table};
use super::gone;
use super::servers::{framed, path};

/// Names that Okta keeps for itself.
const RESERVED: [&str; 16] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "jti",
    "ver",
    "nonce",
    "auth_time",
    "at_hash",
    "amr",
    "idp",
    "cid",
    "scp",
    "acr",
    "c_hash",
];

pub(super) async fn list(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let server = call.engine.world().server(&id).cloned();
    match server {
        Some(server) => listed(&call, &query, &server, &Params::default(), (None, None)),
        None => gone(),
    }
}

/// `errors`: of the name, and of the value.
fn listed(
    call: &Call,
    query: &Params,
    server: &AuthorizationServer,
    typed: &Params,
    errors: (Option<&str>, Option<&str>),
) -> Response {
    let tab = format!("{}/claims", path(&server.id));
    let rows: Vec<Vec<String>> = server
        .claims
        .iter()
        .enumerate()
        .map(|(index, claim)| {
            let (token, when) = describe(claim);
            let scopes = if claim.scopes.is_empty() {
                "Any".to_owned()
            } else {
                claim.scopes.iter().cloned().collect::<Vec<_>>().join(", ")
            };
            let delete = act(
                &tab,
                "Delete",
                &claim.name,
                &[("delete", &index.to_string())],
            );
            let switch = if claim.active {
                String::new()
            } else {
                act(
                    &tab,
                    "Activate",
                    &claim.name,
                    &[("activate", &index.to_string())],
                )
            };
            let when = if claim.active { when } else { "inactive" };
            vec![
                esc(&claim.name),
                format!("<code>{}</code>", esc(&claim.expression)),
                esc(&scopes),
                format!("{token}, {when}"),
                switch + &delete,
            ]
        })
        .collect();
    let value = |name| typed.get(name).unwrap_or_default();
    let name = Text {
        label: "Name",
        name: "name",
        value: value("name"),
        hint: "",
        error: errors.0,
    };
    let token = select(
        "Include in token type",
        "token",
        value("token"),
        &[("id", "ID Token"), ("access", "Access Token")],
    );
    let when = select(
        "Include in token when",
        "when",
        value("when"),
        &[
            ("always", "Always"),
            ("userinfo", "Userinfo / id_token request"),
        ],
    );
    let kind = select(
        "Value type",
        "kind",
        "expression",
        &[("expression", "Expression")],
    );
    let expression = Text {
        label: "Value",
        name: "value",
        value: value("value"),
        hint: "user.email, user.id, user.login, user.firstName, user.lastName, appuser.userName, \"a text\", joined by +.",
        error: errors.1,
    };
    let scopes = Text {
        label: "Include in the following scopes",
        name: "scopes",
        value: value("scopes"),
        hint: "Empty: any scope.",
        error: None,
    };
    let add = format!(
        "<form method=\"post\" action=\"{tab}\" class=\"stack\">{}{token}{when}{kind}{}{}{}</form>",
        name.html(),
        expression.html(),
        scopes.html(),
        submit("Create")
    );
    let content = panel(
        "Claims",
        &table(
            "Claims",
            &["Name", "Value", "Scopes", "Token", ""],
            &rows,
            "There is no claim yet.",
        ),
    ) + &panel("Add Claim", &add);
    framed(
        call,
        query,
        server,
        &tab,
        content,
        errors.0.is_some() || errors.1.is_some(),
    )
}

fn describe(claim: &Claim) -> (&'static str, &'static str) {
    match (claim.token_type, claim.always) {
        (TokenType::Id, true) => ("ID Token", "Always"),
        (TokenType::Id, false) => ("ID Token", "Userinfo / id_token request"),
        (TokenType::Access, true | false) => ("Access Token", "Always"),
    }
}

/// `POST …/claims`: `delete` or `activate` with a number, or a new claim.
pub(super) async fn change(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let page = format!("{}/claims", path(&id));
    let server = call.engine.world().server(&id).cloned();
    let Some(mut server) = server else {
        return gone();
    };
    let number = |name: &str| params.get(name).and_then(|text| text.parse::<usize>().ok());
    if let Some(claim) = number("activate").and_then(|index| server.claims.get_mut(index)) {
        claim.active = true;
        keep(&call, server);
        return see(&page, "activated");
    }
    if let Some(index) = number("delete") {
        if index < server.claims.len() {
            server.claims.remove(index);
        }
        keep(&call, server);
        return see(&page, "removed");
    }
    let text = |name: &str| params.get(name).unwrap_or_default().trim().to_owned();
    let token_type = if params.get("token") == Some("access") {
        TokenType::Access
    } else {
        TokenType::Id
    };
    let claim = Claim {
        name: text("name"),
        token_type,
        always: token_type == TokenType::Access || params.get("when") != Some("userinfo"),
        expression: text("value"),
        scopes: params.words("scopes").into_iter().collect(),
        active: true,
    };
    let errors = (
        name_error(&server, &claim),
        claim
            .expression
            .is_empty()
            .then_some("Enter an expression, for example user.email."),
    );
    if errors.0.is_some() || errors.1.is_some() {
        return listed(&call, &Params::default(), &server, &params, errors);
    }
    server.claims.push(claim);
    keep(&call, server);
    see(&page, "created")
}

fn name_error(server: &AuthorizationServer, claim: &Claim) -> Option<&'static str> {
    // In access tokens Okta writes uid itself; in ID tokens the name is free.
    let reserved = RESERVED.contains(&claim.name.as_str())
        || (claim.token_type == TokenType::Access && claim.name == "uid");
    if claim.name.is_empty() || claim.name.contains(char::is_whitespace) {
        Some("Enter a name without blanks.")
    } else if reserved {
        Some("Okta keeps this name for itself.")
    } else if server
        .claims
        .iter()
        .any(|other| other.name == claim.name && other.token_type == claim.token_type)
    {
        Some("There is a claim of this name already.")
    } else {
        None
    }
}

fn keep(call: &Call, server: AuthorizationServer) {
    if let Some(kept) = call.engine.world().server_mut(&server.id) {
        *kept = server;
    }
}
