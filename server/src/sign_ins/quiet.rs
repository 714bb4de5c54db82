//! What the two ways in behind the quiet link share: the form as it is posted, the session that it opens, and the way
//! back to it.
//!
//! It must not know who may enter.

use std::net::IpAddr;

use super::ReturnPath;
use crate::{
    App, access, audit::Audit, body, cookies, db::Tx, error::Error, ids, limits, sessions, set_up,
};
use api::{ProblemCode, SignedInBy, paths};
use axum::{
    extract::Request,
    http::{header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};

/// One of the forms: which field it asks for besides the e-mail, how long that is at most, and how it is reached.
pub(super) struct Door {
    pub(super) field: &'static str,
    pub(super) longest: usize,
    /// Of the form's own address, up to an `&`.
    pub(super) query: &'static str,
}

/// What was posted.
pub(super) struct Knock {
    pub(super) parts: Parts,
    /// Who it comes from.
    pub(super) address: IpAddr,
    /// None: no e-mail address at all.
    pub(super) email: Option<api::Email>,
    /// The password or the code.
    pub(super) word: String,
    pub(super) return_to: ReturnPath,
}

impl Door {
    /// What was posted.
    pub(super) async fn open(&self, app: &App, request: Request) -> Result<Knock, Error> {
        let (parts, raw) = request.into_parts();
        access::same_site(&parts.headers, &app.settings.public_url)?;
        let address = limits::address(&parts, &app.settings.trusted_proxies);
        self.read(parts, address, body::read(raw).await?.as_ref())
    }

    fn read(&self, parts: Parts, address: IpAddr, body: &[u8]) -> Result<Knock, Error> {
        let (mut email, mut word, mut return_to) = (None, None, ReturnPath::parse(None));
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "email" => email = Some(api::Email::parse(&value).ok()),
                "return_to" => return_to = ReturnPath::parse(Some(&value)),
                name if name == self.field => word = Some(value.into_owned()),
                _ => return Err(ProblemCode::BadRequest.into()),
            }
        }
        match (email, word) {
            (Some(email), Some(word)) if word.len() <= self.longest => Ok(Knock {
                parts,
                address,
                email,
                word,
                return_to,
            }),
            _ => Err(ProblemCode::BadRequest.into()),
        }
    }

    /// Back to the form: a redirect, so that reloading the page does not send the word again.
    pub(super) fn back(&self, return_to: &ReturnPath, notice: &str) -> Response {
        let to = format!(
            "{}?{}notice={notice}&return_to={}",
            paths::SIGN_IN_ADMINISTRATOR,
            self.query,
            return_to.encoded()
        );
        Redirect::to(&to).into_response()
    }
}

/// The session that a form opens.
pub(crate) struct Opening {
    id: String,
    token: String,
    user_agent: Option<String>,
    /// The browser's session of before.
    before: Option<[u8; 32]>,
    signed_in_by: SignedInBy,
}

impl Opening {
    /// Its cookie's value is known to nobody but the browser once it is answered.
    pub(crate) fn new(app: &App, parts: &Parts, now: api::UtcMillis, by: SignedInBy) -> Self {
        Self {
            id: ids::uuid(now, &app.entropy),
            token: ids::token(&app.entropy),
            user_agent: set_up::user_agent(&parts.headers),
            before: sessions::token_hash(&parts.headers),
            signed_in_by: by,
        }
    }

    /// The answer that brings the browser its cookie, once the session was written.
    pub(super) fn answer(&self, return_to: &ReturnPath) -> Response {
        self.with_cookie(Redirect::to(return_to.as_str()))
    }

    /// Any answer, with the cookie.
    pub(crate) fn with_cookie(&self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        if let Some(cookie) = cookies::set(cookies::SESSION, &self.token) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Writes the session of whoever acts here.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, audit: &Audit) -> Result<(), Error> {
        let new = sessions::NewSession {
            user_id: audit.actor_id.as_deref().ok_or(ProblemCode::Internal)?,
            signed_in_by: self.signed_in_by,
            authenticated_at: audit.now,
            issuer: None,
            id_token: None,
            address: &audit.address,
            user_agent: self.user_agent.as_deref(),
        };
        sessions::end_of_browser(tx, self.before.as_ref())?;
        sessions::insert(tx, &self.id, &self.token, audit.now, &new)
    }
}
