//! The shapes in which Okta says no: two JSON bodies, a header, and a page of its own.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Call;
use crate::drive::ShownPage;
use crate::fault::Fault;
use crate::org::habits::ErrorPages;
use crate::page;

const SPANISH: &str = "La solicitud no es válida para esta aplicación.";

/// A refusal.
#[derive(Clone, Debug)]
pub(crate) enum Problem {
    /// RFC 6749 §5.2: `error` and `error_description`.
    OAuth {
        status: u16,
        error: &'static str,
        description: String,
    },
    /// The shape of Okta's REST API, which the token endpoint uses too, for an unknown client.
    Api {
        status: u16,
        code: &'static str,
        summary: String,
    },
    /// Okta's own page: nothing goes back to the app.
    Page {
        organization: String,
        code: &'static str,
        description: String,
        pages: ErrorPages,
    },
    /// RFC 6750 §3: says it in `WWW-Authenticate`, with an empty body.
    Bearer {
        status: u16,
        error: &'static str,
        description: &'static str,
        issuer: String,
    },
}

impl Problem {
    pub(crate) fn oauth(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Self::OAuth {
            status,
            error,
            description: description.into(),
        }
    }

    /// In Spanish, where the organization speaks so to apps. The codes are the same.
    #[must_use]
    pub(crate) fn said_by(mut self, call: &Call) -> Self {
        if call.engine.world().faults.on(Fault::TokenForeignWords) {
            match &mut self {
                Self::OAuth { description, .. } => SPANISH.clone_into(description),
                Self::Api { summary, .. } => SPANISH.clone_into(summary),
                Self::Page { .. } | Self::Bearer { .. } => {}
            }
        }
        self
    }

    pub(crate) fn api(status: u16, code: &'static str, summary: impl Into<String>) -> Self {
        Self::Api {
            status,
            code,
            summary: summary.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::OAuth {
                status,
                error,
                description,
            } => {
                let body = json!({ "error": error, "error_description": description });
                uncached((status_code(status), Json(body)).into_response())
            }
            Self::Api {
                status,
                code,
                summary,
            } => {
                let body = json!({
                    "errorCode": code,
                    "errorSummary": summary,
                    "errorLink": code,
                    "errorId": "oaePracticeOkta000000000",
                    "errorCauses": [],
                });
                uncached((status_code(status), Json(body)).into_response())
            }
            Self::Page {
                organization,
                code,
                description,
                pages,
            } => {
                if pages == ErrorPages::Replaced {
                    return replaced();
                }
                let description = page::words(pages, &description);
                // Okta's title is "{organization} - {summary}"; the summary of a refused request is its status.
                let title = format!("{organization} - 400 Bad Request");
                let mut response = page::refusal(&title, code, &description);
                response.extensions_mut().insert(ShownPage {
                    status: 400,
                    title,
                    text: format!("{code}: {description}"),
                });
                uncached(response)
            }
            Self::Bearer {
                status,
                error,
                description,
                issuer,
            } => {
                let challenge = format!(
                    "Bearer authorization_uri=\"{issuer}/v1/authorize\", realm=\"{issuer}\", scope=\"openid\", error=\"{error}\", error_description=\"{description}\""
                );
                let mut response = status_code(status).into_response();
                if let Ok(value) = HeaderValue::from_str(&challenge) {
                    response.headers_mut().insert(WWW_AUTHENTICATE, value);
                }
                uncached(response)
            }
        }
    }
}

/// The customer's own page: none of Okta's words, and no code.
fn replaced() -> Response {
    let mut response = page::replaced();
    response.extensions_mut().insert(ShownPage {
        status: 400,
        title: "Northwind help".to_owned(),
        text: "Something went wrong.".to_owned(),
    });
    uncached(response)
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// As Okta marks everything that is about one person or one request.
pub(crate) fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(
        CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    response
        .headers_mut()
        .insert("pragma", HeaderValue::from_static("no-cache"));
    response
}
