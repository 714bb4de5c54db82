//! How every error of the API looks: RFC 9457 problem details.

use serde::{Deserialize, Serialize};

use crate::{connections::Missing, field::FieldError, json::FromJson};

/// An RFC 9457 problem, media type `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank#<code>`; the code alone is what programs match.
    #[serde(rename = "type")]
    pub kind: String,
    /// One English sentence for whoever reads the raw answer.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What programs match, and what the console has words for.
    pub code: ProblemCode,
    /// The request's id: the log line with the cause has the same.
    pub reference: String,
    /// The fields that were refused; empty for other problems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What keeps the connection from being switched on; empty for other problems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guard: Vec<Missing>,
}

/// The kinds of problem, with the status that each is sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 400: the body, the path or the query cannot be read.
    BadRequest,
    /// 401: nobody is signed in, or the session has ended.
    SignedOut,
    /// 403: this person may not.
    Forbidden,
    /// 403: it takes a sign-in of the last ten minutes; `POST /api/session/reauthenticate` makes one.
    ReauthenticationRequired,
    /// 403: the request did not come from this console.
    CrossSite,
    /// 404: no such thing.
    NotFound,
    /// 405: the address takes another method.
    MethodNotAllowed,
    /// 409: set-up was done before, or its link was used.
    SetUpDone,
    /// 409: the connection cannot make this move from its present state.
    IllegalMove,
    /// 409: Okta is active, so Google and Microsoft stay off.
    OktaActive,
    /// 409: it would leave no administrator able to enter.
    LastAdministrator,
    /// 409: a file owns the field; `sso-console apply` changes it.
    ManagedByFile,
    /// 409: switching on could lock administrators out, see `guard`.
    LockoutRisk,
    /// 409: only a session that came through Okta after the trial began can confirm it.
    ConfirmFromOkta,
    /// 412: somebody else changed it since it was read.
    Changed,
    /// 413: the body is larger than 64 KiB.
    TooLarge,
    /// 415: the body is not JSON.
    NotJson,
    /// 422: fields were refused, see `errors`.
    Invalid,
    /// 428: a change needs the version that it is based on (`If-Match`).
    VersionRequired,
    /// 429: too many requests; `Retry-After` says when to come back.
    TooMany,
    /// 502: the identity provider did not answer as it should.
    ProviderUnreachable,
    /// 500: the fault is ours.
    Internal,
    /// 503: the database cannot be reached or is full.
    Unavailable,
}

impl ProblemCode {
    /// The HTTP status of the problem.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::SignedOut => 401,
            Self::Forbidden | Self::ReauthenticationRequired | Self::CrossSite => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::SetUpDone
            | Self::IllegalMove
            | Self::OktaActive
            | Self::LastAdministrator
            | Self::ManagedByFile
            | Self::LockoutRisk
            | Self::ConfirmFromOkta => 409,
            Self::Changed => 412,
            Self::TooLarge => 413,
            Self::NotJson => 415,
            Self::Invalid => 422,
            Self::VersionRequired => 428,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::ProviderUnreachable => 502,
            Self::Unavailable => 503,
        }
    }
}
