//! A callback by POST (`response_mode=form_post`, or Okta's "Simplified" login), which is never believed: the browser
//! sends no cookie of ours with it, so that nothing says that it belongs to the person who began.
//!
//! A code that comes so is never exchanged: a page elsewhere could sign another person in with it. An attempt that the
//! state names ends with its cause, and what the browser gets is the same whether there is one.

use api::{Cause, Provider, sign_ins::Purpose};
use axum::{
    body::{Body, to_bytes},
    http::{header, request::Parts},
    response::Response,
};
use url::form_urlencoded;

use super::{finish, store};
use crate::{
    App, access,
    error::Error,
    ids,
    limits::{self, Limit},
    oidc::Failure,
};

/// The longest form that is looked at, in bytes.
const MAX: usize = 64 * 1024;

/// What a provider posted.
pub(super) enum Posted {
    /// An ID token without a state, which no request asked for: Okta's dashboard.
    Token,
    /// The answer to a request; its state, if it came once.
    Answer(Option<String>),
}

/// What the form has; None for one that no provider sends.
pub(super) async fn read(parts: &Parts, body: Body) -> Option<Posted> {
    let is_form = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if !is_form {
        return None;
    }
    let body = to_bytes(body, MAX).await.ok()?;
    let pairs: Vec<_> = form_urlencoded::parse(&body).collect();
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    if has("id_token") && !has("state") {
        return Some(Posted::Token);
    }
    if !has("code") && !has("error") && !has("id_token") {
        return None;
    }
    let mut states = pairs.iter().filter(|(key, _)| key == "state");
    let state = match (states.next(), states.next()) {
        (Some((_, state)), None) if !state.is_empty() => Some(state.to_string()),
        (None | Some(_), _) => None,
    };
    Some(Posted::Answer(state))
}

/// Ends the attempt that the state names, and says that the sign-in failed.
pub(super) async fn end(
    app: &App,
    parts: &Parts,
    provider: Provider,
    posted: Posted,
) -> Result<Response, Error> {
    let audit = access::nobody(app, parts);
    let (cause, state) = match (posted, provider) {
        (Posted::Token, Provider::Okta) => (Cause::OktaInitiated, None),
        (Posted::Token, Provider::Google | Provider::Microsoft) => (Cause::CallbackMalformed, None),
        (Posted::Answer(state), _) => (Cause::CallbackPosted, state),
    };
    let failure = Failure::new(cause, "the callback came by POST").hearsay();
    let taken = match state {
        Some(state) => {
            let (state, now) = (ids::hash(&state), audit.now);
            app.db
                .write(move |tx| store::consume_posted(tx, provider, &state, now))
                .await?
        }
        None => None,
    };
    if let Some(attempt) = taken {
        return finish::refuse(app, &audit, provider, attempt, failure).await;
    }
    // Of no attempt of ours: counted, as other callbacks that are none.
    let address = limits::address(parts, &app.settings.trusted_proxies);
    app.limits.pass(Limit::Stray, address)?;
    finish::never_started(app, &audit, provider, Purpose::SignIn, failure).await
}
