//! The server's one error: what it became, and the problem that a client is told.

use api::{FieldError, Problem, ProblemCode, connections::Missing, field::FieldFault};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{db::DbError, request_id::RequestId};

/// Anything that keeps a request from its answer.
#[derive(Debug)]
pub enum Error {
    /// A rule of ours said no.
    Refused(ProblemCode),
    /// Fields were refused.
    Invalid(Vec<FieldError>),
    /// Switching on could lock administrators out: what is missing.
    LockoutRisk(Vec<Missing>),
    /// Too many requests; seconds until the next one may come.
    TooMany(u64),
    /// More work of a kind than is done at once; seconds until another try makes sense.
    Busy(u64),
    Database(DbError),
    /// A fault of ours, for the log.
    Internal(String),
}

impl Error {
    /// One field was refused.
    #[must_use]
    pub fn field(field: &str, fault: FieldFault) -> Self {
        Self::Invalid(vec![FieldError::new(field, fault)])
    }

    /// A unique index refused the row: names the field if one of ours is behind it.
    #[must_use]
    pub fn or_taken(self, index: &str, field: &str) -> Self {
        match self {
            Self::Database(DbError::Unique(name)) if name == index => {
                Self::field(field, FieldFault::Taken)
            }
            other => other,
        }
    }

    #[must_use]
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::Refused(code) => *code,
            Self::Invalid(_) => ProblemCode::Invalid,
            Self::LockoutRisk(_) => ProblemCode::LockoutRisk,
            Self::TooMany(_) => ProblemCode::TooMany,
            Self::Database(DbError::Unavailable(_)) | Self::Busy(_) => ProblemCode::Unavailable,
            Self::Database(DbError::Unique(_) | DbError::Other(_)) | Self::Internal(_) => {
                ProblemCode::Internal
            }
        }
    }

    /// What the log says of it; nothing for what is no fault of anybody here.
    fn cause(&self) -> Option<&str> {
        match self {
            Self::Database(
                DbError::Unavailable(text) | DbError::Other(text) | DbError::Unique(text),
            )
            | Self::Internal(text) => Some(text),
            Self::Refused(_)
            | Self::Invalid(_)
            | Self::LockoutRisk(_)
            | Self::TooMany(_)
            | Self::Busy(_) => None,
        }
    }

    /// Writes the one log line that has the cause under the reference.
    pub fn log(&self, reference: &str) {
        if let Some(cause) = self.cause() {
            tracing::error!(reference, cause, "request failed");
        }
    }

    /// Seconds until another try makes sense, where waiting helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) | Self::Busy(seconds) => Some(*seconds),
            Self::Database(DbError::Unavailable(_)) => Some(5),
            Self::Refused(_)
            | Self::Invalid(_)
            | Self::LockoutRisk(_)
            | Self::Database(_)
            | Self::Internal(_) => None,
        }
    }

    /// The problem+json answer.
    #[must_use]
    pub fn respond(self, reference: &RequestId) -> Response {
        self.log(reference.as_str());
        let code = self.code();
        let retry_after = self.retry_after();
        let (errors, guard) = match self {
            Self::Invalid(errors) => (errors, Vec::new()),
            Self::LockoutRisk(missing) => (Vec::new(), missing),
            Self::Refused(_)
            | Self::TooMany(_)
            | Self::Busy(_)
            | Self::Database(_)
            | Self::Internal(_) => (Vec::new(), Vec::new()),
        };
        let problem = Problem {
            kind: format!("about:blank#{}", word(code)),
            title: title(code).to_owned(),
            status: code.status(),
            code,
            reference: reference.as_str().to_owned(),
            errors,
            guard,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, body).into_response();
        if let Some(seconds) = retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ProblemCode> for Error {
    fn from(code: ProblemCode) -> Self {
        Self::Refused(code)
    }
}

/// The request's id is known to the layer around the handlers, which turns this into the answer.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Pending::new(self));
        response
    }
}

/// An error on its way to the layer that knows the request's id.
#[derive(Clone)]
pub(crate) struct Pending(std::sync::Arc<std::sync::Mutex<Option<Error>>>);

impl Pending {
    fn new(error: Error) -> Self {
        Self(std::sync::Arc::new(std::sync::Mutex::new(Some(error))))
    }

    pub(crate) fn take(&self) -> Option<Error> {
        self.0.lock().ok()?.take()
    }
}

fn word(code: ProblemCode) -> String {
    serde_json::to_value(code)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// English, for whoever reads the raw answer; the console has its own words for the code.
pub(crate) fn title(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::BadRequest => "The request cannot be read.",
        ProblemCode::SignedOut => "Nobody is signed in.",
        ProblemCode::Forbidden => "Only an administrator may do this.",
        ProblemCode::ReauthenticationRequired => {
            "This takes a sign-in of the last 10 minutes; confirm your identity and send it again."
        }
        ProblemCode::CrossSite => "The request did not come from this console.",
        ProblemCode::NotFound => "There is no such thing.",
        ProblemCode::MethodNotAllowed => "This address takes another method.",
        ProblemCode::SetUpDone => "The deployment is set up, or the link was used.",
        ProblemCode::IllegalMove => "The connection cannot do this from its present state.",
        ProblemCode::OktaActive => "Okta is active: Google and Microsoft stay off.",
        ProblemCode::LastAdministrator => "It would leave no administrator able to enter.",
        ProblemCode::ManagedByFile => "A file owns the field: change it there and apply it.",
        ProblemCode::LockoutRisk => "Switching on could lock administrators out; see guard.",
        ProblemCode::ConfirmFromOkta => {
            "Only a session that came through Okta after the trial began can confirm it."
        }
        ProblemCode::Changed => "Somebody else changed it meanwhile.",
        ProblemCode::TooLarge => "The body is too large.",
        ProblemCode::NotJson => "The body has to be application/json.",
        ProblemCode::Invalid => "Some fields were refused.",
        ProblemCode::VersionRequired => "A change needs If-Match with the version it is based on.",
        ProblemCode::TooMany => "Too many requests.",
        ProblemCode::Internal => "The fault is ours; the log has it under the reference.",
        ProblemCode::ProviderUnreachable => "The identity provider did not answer.",
        ProblemCode::Unavailable => "The server cannot do this at the moment.",
    }
}
