//! How a request's body and version are read: strictly, with a named error.

use api::ProblemCode;
use axum::{
    body::{Body as RawBody, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The largest body that any address takes.
const MAX: usize = 64 * 1024;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

/// The version that a change is based on, from `If-Match`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version(pub(crate) i64);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !is_json {
            return Err(ProblemCode::NotJson.into());
        }
        let bytes = read(request.into_body()).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // A known shape with wrong contents is another fault than no JSON at all.
            if error.is_data() {
                Error::Invalid(Vec::new())
            } else {
                ProblemCode::BadRequest.into()
            }
        })
    }
}

/// Reads a body of at most 64 KiB.
pub(crate) async fn read(body: RawBody) -> Result<Bytes, Error> {
    match Limited::new(body, MAX).collect().await {
        Ok(all) => Ok(all.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ProblemCode::TooLarge.into()),
        Err(_) => Err(ProblemCode::BadRequest.into()),
    }
}

impl<S: Sync> FromRequestParts<S> for Version {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let value = parts
            .headers
            .get(header::IF_MATCH)
            .ok_or(ProblemCode::VersionRequired)?;
        value
            .to_str()
            .ok()
            .and_then(|text| text.trim().trim_matches('"').parse().ok())
            .map(Self)
            .ok_or_else(|| ProblemCode::BadRequest.into())
    }
}
