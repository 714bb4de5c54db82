//! `/practice/authorization-servers`: Okta's "Security › API › Authorization Servers": the list, "Settings" and "Scopes".

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use crate::http::{Call, Params};
use crate::org::authorization_server::AuthorizationServer;
use crate::page::esc;
use crate::page::form::{Text, act, readonly, submit};
use crate::place::Tree;

use super::app_settings::{ISSUERS, choice, chosen};
use super::frame::{Frame, Section, panel, see, table};
use super::gone;

const LIST: &str = "/practice/authorization-servers";

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    listed(
        &call,
        &Params::parse(query.unwrap_or_default().as_bytes()),
        &Params::default(),
        false,
    )
}

fn listed(call: &Call, query: &Params, typed: &Params, problem: bool) -> Response {
    let servers = call.engine.world().servers.clone();
    let rows: Vec<Vec<String>> = servers
        .iter()
        .map(|server| {
            let issuer = Tree::Custom(server.id.clone()).issuer(&call.place);
            let link = format!(
                "<a href=\"{LIST}/{}\">{}</a>",
                esc(&server.id),
                esc(&server.name)
            );
            vec![
                link,
                esc(&server.audience),
                format!("<code>{}</code>", esc(&issuer)),
            ]
        })
        .collect();
    let add = format!(
        "<form method=\"post\" action=\"{LIST}\" class=\"stack\">{}{}</form>",
        fields(typed, problem),
        submit("Add Authorization Server")
    );
    let content = format!(
        "<div class=\"panel\">{}</div>",
        table(
            "Authorization servers",
            &["Name", "Audience", "Issuer URI"],
            &rows,
            "There is none."
        )
    ) + &panel("Add Authorization Server", &add);
    Frame::new(
        Section::Api,
        "API",
        "Custom authorization servers: their audience, claims and access policies.",
        content,
    )
    .tabs(vec![("Authorization Servers", LIST.to_owned())], LIST)
    .problem(problem)
    .show(call, query)
}

fn fields(typed: &Params, problem: bool) -> String {
    let text = |label, name, hint| {
        let value = typed.get(name).unwrap_or_default();
        Text {
            label,
            name,
            value,
            hint,
            error: (problem && value.trim().is_empty()).then_some("Enter a value."),
        }
        .html()
    };
    text("Name", "name", "")
        + &text(
            "Audience",
            "audience",
            "For example api://default or https://app.example/api.",
        )
}

fn filled(params: &Params) -> Option<(String, String)> {
    let text = |name| {
        params
            .get(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    text("name").zip(text("audience"))
}

/// As on Okta's list of servers.
const STATUS: [(bool, &str, &str); 2] =
    [(true, "active", "Active"), (false, "inactive", "Inactive")];

/// `POST /practice/authorization-servers`: creates one, without claims and policies, and shows it.
pub(super) async fn create(call: Call, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let Some((name, audience)) = filled(&params) else {
        return listed(&call, &Params::default(), &params, true);
    };
    let id = call.engine.world().create_server(&name, &audience);
    see(&format!("{LIST}/{id}"), "created")
}

pub(super) fn tabs(server: &AuthorizationServer) -> Vec<(&'static str, String)> {
    let base = path(&server.id);
    vec![
        ("Settings", base.clone()),
        ("Scopes", format!("{base}/scopes")),
        ("Claims", format!("{base}/claims")),
        ("Access Policies", format!("{base}/access-policies")),
    ]
}

pub(super) fn path(id: &str) -> String {
    format!("{LIST}/{}", esc(id))
}

/// The frame of a server's tabs.
pub(super) fn framed(
    call: &Call,
    query: &Params,
    server: &AuthorizationServer,
    tab: &str,
    content: String,
    problem: bool,
) -> Response {
    Frame::new(Section::Api, &server.name, "Authorization server", content)
        .tabs(tabs(server), tab)
        .problem(problem)
        .show(call, query)
}

pub(super) async fn show(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let server = call.engine.world().server(&id).cloned();
    let Some(server) = server else { return gone() };
    let typed = Params(vec![
        ("name".to_owned(), server.name.clone()),
        ("audience".to_owned(), server.audience.clone()),
    ]);
    settings(&call, &query, &server, &typed, false)
}

fn settings(
    call: &Call,
    query: &Params,
    server: &AuthorizationServer,
    typed: &Params,
    problem: bool,
) -> Response {
    let issuer = Tree::Custom(server.id.clone()).issuer(&call.place);
    let form = format!(
        "<form method=\"post\" action=\"{}\" class=\"stack\">{}{}{}{}</form>",
        path(&server.id),
        fields(typed, problem),
        choice("Issuer URL", "issuer_mode", &server.issuer_mode, &ISSUERS),
        choice("Status", "status", &server.active, &STATUS),
        submit("Save")
    );
    let addresses = readonly("Issuer", "issuer", &issuer)
        + &readonly(
            "Metadata URI",
            "metadata",
            &format!("{issuer}/.well-known/oauth-authorization-server"),
        );
    framed(
        call,
        query,
        server,
        &path(&server.id),
        panel("Settings", &form) + &panel("Addresses", &addresses),
        problem,
    )
}

/// `POST /practice/authorization-servers/{id}`: name and audience.
pub(super) async fn save(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let server = call.engine.world().server(&id).cloned();
    let Some(server) = server else { return gone() };
    let Some((name, audience)) = filled(&params) else {
        return settings(&call, &Params::default(), &server, &params, true);
    };
    if let Some(server) = call.engine.world().server_mut(&id) {
        (server.name, server.audience) = (name, audience);
        chosen(&params, "issuer_mode", &ISSUERS, &mut server.issuer_mode);
        chosen(&params, "status", &STATUS, &mut server.active);
    }
    see(&path(&id), "saved")
}

pub(super) async fn scopes(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let server = call.engine.world().server(&id).cloned();
    let Some(server) = server else { return gone() };
    let tab = format!("{}/scopes", path(&id));
    let rows: Vec<Vec<String>> = server
        .scopes
        .iter()
        .map(|scope| vec![esc(scope), act(&tab, "Delete", scope, &[("delete", scope)])])
        .collect();
    let name = Text {
        label: "Name",
        name: "name",
        value: "",
        hint: "For example crm.read; without blanks.",
        error: None,
    };
    let add = format!(
        "<form method=\"post\" action=\"{tab}\" class=\"stack\">{}{}</form>",
        name.html(),
        submit("Create")
    );
    let content = panel(
        "Scopes",
        &table(
            "Scopes",
            &["Name", ""],
            &rows,
            "Only Okta's own scopes: openid, profile, email and so on.",
        ),
    ) + &panel("Add Scope", &add);
    framed(&call, &query, &server, &tab, content, false)
}

/// `POST …/scopes`: `delete`, or a new `name`.
pub(super) async fn change_scopes(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let mut world = call.engine.world();
    let Some(server) = world.server_mut(&id) else {
        return gone();
    };
    let page = format!("{}/scopes", path(&id));
    if let Some(scope) = params.get("delete") {
        server.scopes.remove(scope);
        return see(&page, "removed");
    }
    if let Some(scope) = params.words("name").into_iter().next() {
        server.scopes.insert(scope);
    }
    see(&page, "created")
}
