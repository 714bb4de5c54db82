//! The fields of an app integration, as Okta labels them, and what is wrong with them.

use std::collections::BTreeSet;

use crate::http::Params;
use crate::org::app::{App, AppType, Assignment, NewApp};
use crate::page::form::{Text, checkbox, group, radio};

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct AppForm {
    pub(super) name: String,
    pub(super) refresh_token: bool,
    /// One a line.
    /// "Authorization Code" is not ticked.
    without_code: bool,
    implicit: bool,
    pub(super) sign_in: String,
    /// One a line.
    pub(super) sign_out: String,
    name_error: Option<&'static str>,
    sign_in_error: Option<String>,
    sign_out_error: Option<String>,
}

impl AppForm {
    /// As Okta fills the fields in before anybody has typed.
    pub(super) fn fresh(app_type: AppType) -> Self {
        let (sign_in, sign_out) = match app_type {
            AppType::Web | AppType::SinglePage | AppType::Service => (
                "http://localhost:8080/authorization-code/callback",
                "http://localhost:8080",
            ),
            AppType::Native => (
                "localhost.okta.practice:/callback",
                "localhost.okta.practice:/",
            ),
        };
        Self {
            name: "My Web App".to_owned(),
            sign_in: sign_in.to_owned(),
            sign_out: sign_out.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn of(app: &App) -> Self {
        Self {
            name: app.name.clone(),
            refresh_token: app.refresh_token,
            without_code: !app.authorization_code,
            implicit: app.implicit,
            sign_in: app.sign_in_redirect_uris.join("\n"),
            sign_out: app.sign_out_redirect_uris.join("\n"),
            ..Self::default()
        }
    }

    pub(super) fn read(params: &Params) -> Self {
        let text = |name: &str| {
            params
                .get(name)
                .unwrap_or_default()
                .replace("\r\n", "\n")
                .trim()
                .to_owned()
        };
        let mut form = Self {
            name: text("name"),
            refresh_token: params.all("grant").any(|grant| grant == "refresh_token"),
            without_code: !params
                .all("grant")
                .any(|grant| grant == "authorization_code"),
            implicit: params.all("grant").any(|grant| grant == "implicit"),
            sign_in: text("sign_in"),
            sign_out: text("sign_out"),
            ..Self::default()
        };
        form.name_error = form.name.is_empty().then_some("Enter a name.");
        form.sign_in_error = if lines(&form.sign_in).is_empty() {
            Some("Enter at least one address.".to_owned())
        } else {
            bad_address(&form.sign_in)
        };
        form.sign_out_error = bad_address(&form.sign_out);
        form
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.name_error.is_some() || self.sign_in_error.is_some() || self.sign_out_error.is_some()
    }

    pub(super) fn html(&self) -> String {
        let name = Text {
            label: "App integration name",
            name: "name",
            value: &self.name,
            hint: "",
            error: self.name_error,
        };
        let sign_in = Text {
            label: "Sign-in redirect URIs",
            name: "sign_in",
            value: &self.sign_in,
            hint: "One a line. Compared byte by byte with what the app sends.",
            error: self.sign_in_error.as_deref(),
        };
        let sign_out = Text {
            label: "Sign-out redirect URIs",
            name: "sign_out",
            value: &self.sign_out,
            hint: "One a line; may be empty.",
            error: self.sign_out_error.as_deref(),
        };
        let grants = checkbox(
            "Authorization Code",
            "grant",
            "authorization_code",
            !self.without_code,
        ) + &checkbox(
            "Refresh Token",
            "grant",
            "refresh_token",
            self.refresh_token,
        ) + &checkbox("Implicit (hybrid)", "grant", "implicit", self.implicit);
        [
            name.html(),
            group("Grant type", &grants),
            sign_in.lines_html(),
            sign_out.lines_html(),
        ]
        .concat()
    }

    pub(super) fn new_app(&self, assignment: Assignment) -> NewApp {
        NewApp {
            name: self.name.clone(),
            sign_in_redirect_uris: lines(&self.sign_in),
            sign_out_redirect_uris: lines(&self.sign_out),
            refresh_token: self.refresh_token,
            initiate_login_uri: None,
            assignment,
        }
    }

    pub(super) fn save(&self, app: &mut App) {
        app.name.clone_from(&self.name);
        app.refresh_token = self.refresh_token;
        app.authorization_code = !self.without_code;
        app.implicit = self.implicit;
        app.sign_in_redirect_uris = lines(&self.sign_in);
        app.sign_out_redirect_uris = lines(&self.sign_out);
    }
}

/// "Assignments" of a new app.
pub(super) fn assignments_html() -> String {
    group(
        "Assignments",
        &(radio(
            "Allow everyone in your organization to access",
            "assignments",
            "everyone",
            false,
        ) + &radio("Skip group assignment for now", "assignments", "skip", true)),
    )
}

pub(super) fn assignment(params: &Params) -> Assignment {
    if params.get("assignments") == Some("everyone") {
        Assignment::Everyone
    } else {
        Assignment::Only(BTreeSet::new())
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn bad_address(text: &str) -> Option<String> {
    lines(text)
        .into_iter()
        .find_map(|line| match url::Url::parse(&line) {
            Ok(url) if url.fragment().is_some() => Some(format!(
                "{line} has a fragment, which no redirect URI may have."
            )),
            Ok(_) => None,
            Err(_) => Some(format!(
                "{line} is not an absolute address, such as https://app.example/callback."
            )),
        })
}
