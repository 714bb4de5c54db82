//! `/practice/apps/{id}`: the "General" tab of an app integration.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use crate::http::{Call, Params, redirect};
use crate::org::app::{App, ClientAuth, Provider};
use crate::page::esc;
use crate::page::form::{act, readonly, submit};

use super::app_form::AppForm;
use super::app_settings;
use super::apps::kind;
use super::frame::{Frame, Section, panel, see, state};
use super::gone;

pub(super) async fn show(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let app = call.engine.world().app(&id).cloned();
    match app {
        Some(app) => general(&call, &params, &app, &AppForm::of(&app)),
        None => gone(),
    }
}

pub(super) fn tabs(app: &App) -> Vec<(&'static str, String)> {
    vec![
        ("General", format!("/practice/apps/{}", app.id)),
        (
            "Assignments",
            format!("/practice/apps/{}/assignments", app.id),
        ),
    ]
}

/// The button that turns an app on or off, with its state.
pub(super) fn switch_html(app: &App) -> String {
    let label = if app.active { "Deactivate" } else { "Activate" };
    state(app.active) + &act(&format!("/practice/apps/{}/status", app.id), label, "", &[])
}

fn general(call: &Call, query: &Params, app: &App, form: &AppForm) -> Response {
    let settings = format!(
        "<form method=\"post\" action=\"/practice/apps/{}\" class=\"stack\">{}{}{}</form>",
        esc(&app.id),
        form.html(),
        more_settings(app),
        submit("Save")
    );
    let content =
        panel("Client Credentials", &credentials(app)) + &panel("General Settings", &settings);
    Frame::new(Section::Applications, &app.name, kind(app), content)
        .actions(switch_html(app))
        .tabs(tabs(app), &format!("/practice/apps/{}", app.id))
        .problem(form.is_wrong())
        .show(call, query)
}

fn credentials(app: &App) -> String {
    let mut html = readonly("Client ID", "client-id", &app.id);
    match app.client_auth {
        ClientAuth::None => html.push_str(
            "<p class=\"muted\">Client authentication: None. The app proves itself with PKCE.</p>",
        ),
        ClientAuth::PrivateKey => html.push_str(
            "<p class=\"muted\">Client authentication: Public key / Private key. There is no client secret.</p>",
        ),
        ClientAuth::Secret | ClientAuth::SecretInBody => {
            for (index, secret) in app.secrets.iter().enumerate() {
                let label = match (index, secret.active) {
                    (0, true) => "Client Secret".to_owned(),
                    (0, false) => "Client Secret (inactive)".to_owned(),
                    (_, true) => format!("Client Secret {}", index + 1),
                    (_, false) => format!("Client Secret {} (inactive)", index + 1),
                };
                let field = readonly(&label, &format!("client-secret-{index}"), &secret.value);
                let path = format!("/practice/apps/{}/secrets", app.id);
                let number = index.to_string();
                let which = format!("client secret {}", index + 1);
                let buttons = if secret.active {
                    act(&path, "Deactivate", &which, &[("deactivate", &number)])
                } else {
                    act(&path, "Activate", &which, &[("activate", &number)])
                        + &act(&path, "Delete", &which, &[("delete", &number)])
                };
                html.push_str(&format_row(&(field + &buttons)));
            }
            if app.secrets.len() < 2 {
                html.push_str(&act(
                    &format!("/practice/apps/{}/secrets", app.id),
                    "Generate new secret",
                    "",
                    &[("generate", "yes")],
                ));
            }
        }
    }
    html
}

fn format_row(content: &str) -> String {
    format!("<div class=\"row\" data-align=\"end\">{content}</div>")
}

fn more_settings(app: &App) -> String {
    match app.provider {
        Provider::Okta => app_settings::html(app),
        Provider::Google | Provider::Microsoft => String::new(),
    }
}

/// `POST /practice/apps/{id}`: the general settings.
pub(super) async fn save(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let form = AppForm::read(&params);
    let Some(mut app) = call.engine.world().app(&id).cloned() else {
        return gone();
    };
    match app.provider {
        Provider::Okta => app_settings::read(&params, &mut app),
        Provider::Google | Provider::Microsoft => {}
    }
    if form.is_wrong() {
        return general(&call, &Params::default(), &app, &form);
    }
    form.save(&mut app);
    let mut world = call.engine.world();
    let wants_secret = app.has_secrets() && app.secrets.is_empty();
    if let Some(kept) = world.app_mut(&id) {
        *kept = app;
    }
    if wants_secret {
        world.create_secret(&id);
    }
    see(&format!("/practice/apps/{id}"), "saved")
}

/// `POST /practice/apps/{id}/status`: on, or off.
pub(super) async fn switch(call: Call, Path(id): Path<String>) -> Response {
    let mut world = call.engine.world();
    let Some(app) = world.app_mut(&id) else {
        return gone();
    };
    app.active = !app.active;
    see(
        &format!("/practice/apps/{id}"),
        if app.active {
            "activated"
        } else {
            "deactivated"
        },
    )
}

/// `POST /practice/apps/{id}/secrets`: `generate`, or `activate`, `deactivate` or `delete` with the secret's number.
pub(super) async fn change_secret(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let mut world = call.engine.world();
    let page = format!("/practice/apps/{id}");
    if params.get("generate").is_some() {
        world.create_secret(&id);
        return see(&page, "created");
    }
    let Some(app) = world.app_mut(&id) else {
        return gone();
    };
    let number = |name: &str| {
        params
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
            .filter(|index| *index < app.secrets.len())
    };
    if let Some(index) = number("deactivate") {
        app.secrets[index].active = false;
        see(&page, "deactivated")
    } else if let Some(index) = number("activate") {
        app.secrets[index].active = true;
        see(&page, "activated")
    } else if let Some(index) = number("delete") {
        app.secrets.remove(index);
        see(&page, "removed")
    } else {
        gone()
    }
}

/// The address that Okta's 400 page names in its text.
pub(super) async fn from_okta_link(Path(id): Path<String>) -> Response {
    redirect(&format!("/practice/apps/{id}"))
}
