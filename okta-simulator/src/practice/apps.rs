//! `/practice/apps`: the list of app integrations, and "Create App Integration".

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::Response;

use crate::http::{Call, Params};
use crate::org::app::{App, AppType, Assignment, Provider};
use crate::page::esc;
use crate::page::form::{group, radio, submit};

use super::app_form::{AppForm, assignment, assignments_html};
use super::frame::{Frame, Section, see, state, table};

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let apps = call.engine.world().apps.clone();
    let rows: Vec<Vec<String>> = apps
        .iter()
        .map(|app| {
            let link = format!(
                "<a href=\"/practice/apps/{}\">{}</a>",
                esc(&app.id),
                esc(&app.name)
            );
            vec![
                link,
                kind(app).to_owned(),
                format!("<code>{}</code>", esc(&app.id)),
                state(app.active),
                assigned(app),
            ]
        })
        .collect();
    let content = table(
        "App integrations",
        &["Name", "Type", "Client ID", "Status", "Assigned"],
        &rows,
        "There is no app integration yet. Create one to let an app sign people in.",
    );
    Frame::new(Section::Applications, "Applications", "Every app that lets people sign in here.", format!("<div class=\"panel\">{content}</div>"))
        .actions("<a class=\"button\" data-tone=\"primary\" href=\"/practice/apps/new\">Create App Integration</a>".to_owned())
        .show(&call, &params)
}

pub(super) fn kind(app: &App) -> &'static str {
    match (app.provider, app.app_type) {
        (Provider::Okta, AppType::Web) => "Web Application",
        (Provider::Okta, AppType::Native) => "Native Application",
        (Provider::Okta, AppType::SinglePage) => "Single-Page Application",
        (Provider::Okta, AppType::Service) => "API Services",
        (Provider::Google, _) => "Google web client",
        (Provider::Microsoft, _) => "Microsoft web client",
    }
}

fn assigned(app: &App) -> String {
    match &app.assignment {
        Assignment::Everyone => "Everyone".to_owned(),
        Assignment::Only(people) => people.len().to_string(),
    }
}

/// The kinds of app that can be created, by their word in the address.
fn chosen(word: Option<&str>) -> Option<(Provider, AppType)> {
    match word {
        Some("web") => Some((Provider::Okta, AppType::Web)),
        Some("native") => Some((Provider::Okta, AppType::Native)),
        Some("google") => Some((Provider::Google, AppType::Web)),
        Some("microsoft") => Some((Provider::Microsoft, AppType::Web)),
        Some(_) | None => None,
    }
}

/// `GET /practice/apps/new`: first the kind, then, with `type`, the fields.
pub(super) async fn new(call: Call, RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let word = params.get("type").unwrap_or_default().to_owned();
    if let Some((_, app_type)) = chosen(Some(&word)) {
        return fields(&call, &params, &word, &AppForm::fresh(app_type));
    }
    let method = group(
        "Sign-in method",
        &radio("OIDC - OpenID Connect", "method", "oidc", true),
    );
    let kinds = group(
        "Application type",
        &(radio("Web Application", "type", "web", true)
            + &radio("Native Application", "type", "native", false)),
    );
    let elsewhere = group(
        "Or an app elsewhere",
        &(radio("Google web client", "type", "google", false)
            + &radio("Microsoft web client", "type", "microsoft", false)),
    );
    let content = format!(
        "<form method=\"get\" action=\"/practice/apps/new\" class=\"panel stack\">{method}{kinds}{elsewhere}{}</form>",
        submit("Next")
    );
    Frame::new(
        Section::Applications,
        "Create a new app integration",
        "First: what kind of app it is.",
        content,
    )
    .show(&call, &params)
}

fn fields(call: &Call, query: &Params, word: &str, form: &AppForm) -> Response {
    let (title, assignments) = match chosen(Some(word)) {
        Some((Provider::Okta, AppType::Native)) => {
            ("New Native App Integration", assignments_html())
        }
        Some((Provider::Google, _)) => ("New Google web client", String::new()),
        Some((Provider::Microsoft, _)) => ("New Microsoft web client", String::new()),
        Some((Provider::Okta, AppType::Web | AppType::SinglePage | AppType::Service)) | None => {
            ("New Web App Integration", assignments_html())
        }
    };
    let content = format!(
        "<form method=\"post\" action=\"/practice/apps\" class=\"panel stack\"><input type=\"hidden\" name=\"type\" value=\"{}\">{}{assignments}{}</form>",
        esc(word),
        form.html(),
        submit("Save")
    );
    Frame::new(
        Section::Applications,
        title,
        "Client ID and client secret come after saving.",
        content,
    )
    .problem(form.is_wrong())
    .show(call, query)
}

/// `POST /practice/apps`: creates the app and shows it.
pub(super) async fn create(call: Call, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let form = AppForm::read(&params);
    let word = params.get("type").unwrap_or("web");
    if form.is_wrong() {
        return fields(&call, &Params::default(), word, &form);
    }
    let (provider, app_type) = chosen(Some(word)).unwrap_or((Provider::Okta, AppType::Web));
    let assignment = match provider {
        Provider::Okta => assignment(&params),
        Provider::Google | Provider::Microsoft => Assignment::Everyone,
    };
    let app = call
        .engine
        .world()
        .create_app(provider, app_type, form.new_app(assignment));
    see(&format!("/practice/apps/{}", app.id), "created")
}
