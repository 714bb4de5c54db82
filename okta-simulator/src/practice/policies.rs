//! `/practice/authorization-servers/{id}/access-policies`: the "Access Policies" tab: policies and their rules.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use crate::http::{Call, Params};
use crate::org::app::{App, Provider};
use crate::org::authorization_server::{AccessPolicy, AuthorizationServer, PolicyClients, Rule};
use crate::page::esc;
use crate::page::form::{Text, act, checkbox, group, radio, submit};

use super::frame::{panel, see, state, table};
use super::gone;
use super::servers::{framed, path};

pub(super) async fn list(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let (server, apps) = {
        let world = call.engine.world();
        (world.server(&id).cloned(), world.apps.clone())
    };
    let Some(server) = server else { return gone() };
    let apps: Vec<App> = apps
        .into_iter()
        .filter(|app| app.provider == Provider::Okta)
        .collect();
    let tab = tab(&id);
    let mut content = String::new();
    if server.policies.is_empty() {
        content.push_str("<p class=\"notice\" data-tone=\"warning\">Without an access policy this server lets nobody in.</p>");
    }
    for (index, policy) in server.policies.iter().enumerate() {
        content.push_str(&panel(
            &policy.name,
            &policy_html(&tab, index, policy, &apps),
        ));
    }
    let clients: String = apps
        .iter()
        .map(|app| checkbox(&app.name, "client", &app.id, false))
        .collect();
    let assign = radio("All clients", "clients", "all", true)
        + &radio("The following clients:", "clients", "these", false)
        + &clients;
    let name = Text {
        label: "Name",
        name: "policy",
        value: "",
        hint: "",
        error: None,
    };
    let add = format!(
        "<form method=\"post\" action=\"{tab}\" class=\"stack\">{}{}{}</form>",
        name.html(),
        group("Assign to", &assign),
        submit("Create Policy")
    );
    content.push_str(&panel("Add New Access Policy", &add));
    framed(&call, &query, &server, &tab, content, false)
}

fn tab(id: &str) -> String {
    format!("{}/access-policies", path(id))
}

fn policy_html(tab: &str, index: usize, policy: &AccessPolicy, apps: &[App]) -> String {
    let number = index.to_string();
    let clients = match &policy.clients {
        PolicyClients::All => "All clients".to_owned(),
        PolicyClients::Only(ids) => {
            let names: Vec<String> = ids
                .iter()
                .map(|id| {
                    apps.iter()
                        .find(|app| app.id == *id)
                        .map_or_else(|| id.clone(), |app| app.name.clone())
                })
                .collect();
            if names.is_empty() {
                "No client".to_owned()
            } else {
                names.join(", ")
            }
        }
    };
    let rows: Vec<Vec<String>> = policy
        .rules
        .iter()
        .enumerate()
        .map(|(rule_index, rule)| {
            let scopes = if rule.scopes.is_empty() {
                "Any scopes".to_owned()
            } else {
                rule.scopes.iter().cloned().collect::<Vec<_>>().join(", ")
            };
            let grants = if rule.authorization_code {
                "Authorization Code"
            } else {
                "None"
            };
            let at = [("in", number.as_str()), ("rule", &rule_index.to_string())]
                .map(|(name, value)| (name, value.to_owned()));
            let fields = |what| {
                [
                    (at[0].0, at[0].1.as_str()),
                    (at[1].0, at[1].1.as_str()),
                    ("do", what),
                ]
            };
            let label = if rule.active {
                "Deactivate"
            } else {
                "Activate"
            };
            let buttons = act(tab, label, &rule.name, &fields("switch"))
                + &act(tab, "Delete", &rule.name, &fields("delete"));
            vec![
                esc(&rule.name),
                grants.to_owned(),
                esc(&scopes),
                format!("{} min", rule.access_token_minutes),
                state(rule.active),
                format!("<div class=\"row\">{buttons}</div>"),
            ]
        })
        .collect();
    let caption = format!("Rules of {}", policy.name);
    let rules = table(
        &caption,
        &["Rule", "Grant type", "Scopes", "Access token", "Status", ""],
        &rows,
        "There is no rule yet, and without one the policy lets nobody in.",
    );
    let (rule_name, rule_scopes, rule_minutes) = (
        format!("rule-name-{index}"),
        format!("rule-scopes-{index}"),
        format!("rule-minutes-{index}"),
    );
    let add = [
        Text {
            label: "Rule name",
            name: &rule_name,
            value: "",
            hint: "",
            error: None,
        }
        .html(),
        checkbox("Authorization Code", "grant", "authorization_code", true),
        Text {
            label: "Scopes requested",
            name: &rule_scopes,
            value: "",
            hint: "Empty: any scopes.",
            error: None,
        }
        .html(),
        Text {
            label: "Access token lifetime",
            name: &rule_minutes,
            value: "60",
            hint: "In minutes, 5 to 1440.",
            error: None,
        }
        .html(),
        submit("Create rule"),
    ];
    format!(
        "<p class=\"muted\">Assigned to: {}</p>{rules}<details><summary>Add rule</summary><form method=\"post\" action=\"{tab}\" class=\"stack\">\
         <input type=\"hidden\" name=\"add_rule\" value=\"{number}\">{}</form></details>{}",
        esc(&clients),
        add.concat(),
        act(
            tab,
            "Delete policy",
            &policy.name,
            &[("delete_policy", &number)]
        ),
    )
}

/// `POST …/access-policies`: `policy` creates one, `delete_policy`, `add_rule`, or `do` with a rule.
pub(super) async fn change(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let mut world = call.engine.world();
    let Some(server) = world.server_mut(&id) else {
        return gone();
    };
    let done = apply(server, &params);
    see(&tab(&id), done)
}

fn apply(server: &mut AuthorizationServer, params: &Params) -> &'static str {
    let number = |name: &str| params.get(name).and_then(|text| text.parse::<usize>().ok());
    if let Some(name) = params.filled("policy") {
        let clients = if params.get("clients") == Some("these") {
            PolicyClients::Only(params.all("client").map(str::to_owned).collect())
        } else {
            PolicyClients::All
        };
        server.policies.push(AccessPolicy {
            name: name.to_owned(),
            clients,
            rules: Vec::new(),
        });
        return "created";
    }
    if let Some(index) = number("delete_policy").filter(|index| *index < server.policies.len()) {
        server.policies.remove(index);
        return "removed";
    }
    if let Some(index) = number("add_rule")
        && let Some(policy) = server.policies.get_mut(index)
    {
        policy.rules.push(Rule {
            name: params
                .filled(&format!("rule-name-{index}"))
                .unwrap_or("Rule")
                .to_owned(),
            authorization_code: params.get("grant").is_some(),
            scopes: params
                .words(&format!("rule-scopes-{index}"))
                .into_iter()
                .collect(),
            access_token_minutes: number(&format!("rule-minutes-{index}"))
                .and_then(|minutes| i64::try_from(minutes).ok())
                .unwrap_or(60)
                .clamp(5, 1440),
            ..Rule::open("")
        });
        return "created";
    }
    let Some(policy) = number("in").and_then(|index| server.policies.get_mut(index)) else {
        return "saved";
    };
    let Some(index) = number("rule").filter(|index| *index < policy.rules.len()) else {
        return "saved";
    };
    if params.get("do") == Some("delete") {
        policy.rules.remove(index);
        return "removed";
    }
    policy.rules[index].active = !policy.rules[index].active;
    if policy.rules[index].active {
        "activated"
    } else {
        "deactivated"
    }
}
