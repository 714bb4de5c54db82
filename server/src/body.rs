//! How a request's body and version are read: strictly, with a named error.

use api::{FieldError, FieldFault, ProblemCode};
use axum::{
    body::{Body as RawBody, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, header, request::Parts},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::{access, error::Error};

/// The largest body that any address takes.
const MAX: usize = 64 * 1024;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

/// The variable part of a path: an id, a provider's word, a language. All of ours are plain ASCII,
/// so whatever is not names nothing that is there.
pub(crate) struct Segment(pub(crate) String);

/// The two variable parts of a path, each as [`Segment`] takes it.
pub(crate) struct Segments(pub(crate) (String, String));

/// The version that a change is based on, from `If-Match`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version(pub(crate) i64);

/// The same for an act that replaces nothing: whoever names no version means whatever is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen(Option<i64>);

impl Seen {
    /// Refuses what was based on another version than this one.
    pub(crate) fn is_still(self, version: i64) -> Result<(), Error> {
        match self.0 {
            Some(seen) if seen != version => Err(ProblemCode::Changed.into()),
            Some(_) | None => Ok(()),
        }
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if !is_plain_json(request.headers()) {
            return Err(ProblemCode::NotJson.into());
        }
        let (parts, body) = request.into_parts();
        let bytes = read(body).await?;
        access::still_may(&parts).await?;
        // The library would take a list of values for a form.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(ProblemCode::BadRequest.into());
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            // An object with wrong contents is another fault than no JSON at all.
            match serde_json::from_slice::<IgnoredAny>(&bytes) {
                Ok(_) => Error::Invalid(vec![fault(&error)]),
                Err(_) => ProblemCode::BadRequest.into(),
            }
        })?;
        json.end().map_err(|_| ProblemCode::BadRequest)?;
        Ok(Self(value))
    }
}

/// JSON as it is: nothing here unpacks a body, and so none can unpack to more than it seems.
fn is_plain_json(headers: &HeaderMap) -> bool {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let is_plain = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    is_json && is_plain
}

/// Which field it was. The library says it in the path, but for a field that is missing, whose
/// name is in its words only.
fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let words = error.inner().to_string();
    let quoted = || words.split('`').nth(1).unwrap_or_default();
    if words.starts_with("missing field") {
        FieldError::new(quoted(), FieldFault::Required)
    } else if words.starts_with("unknown field") {
        let name: String = quoted().chars().take(100).collect();
        FieldError::new(&name, FieldFault::Unknown)
    } else if words.starts_with("duplicate field") {
        FieldError::new(quoted(), FieldFault::Malformed)
    } else {
        FieldError::new(&error.path().to_string(), FieldFault::Malformed)
    }
}

/// Reads a body of at most 64 KiB.
pub(crate) async fn read(body: RawBody) -> Result<Bytes, Error> {
    read_at_most(body, MAX).await
}

/// Reads a body of at most so many bytes.
pub(crate) async fn read_at_most(body: RawBody, max: usize) -> Result<Bytes, Error> {
    match Limited::new(body, max).collect().await {
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

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(Self(None));
        }
        let Version(version) = Version::from_request_parts(parts, state).await?;
        Ok(Self(Some(version)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .ok()
            .filter(|Path(text)| text.bytes().all(|byte| byte.is_ascii_graphic()))
            .map(|Path(text)| Self(text))
            .ok_or_else(|| ProblemCode::NotFound.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segments {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let is_plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_graphic());
        Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .ok()
            .filter(|Path((first, second))| is_plain(first) && is_plain(second))
            .map(|Path(both)| Self(both))
            .ok_or_else(|| ProblemCode::NotFound.into())
    }
}
