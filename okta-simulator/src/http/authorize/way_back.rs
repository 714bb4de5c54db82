//! How the browser is sent back to the app: parameters in the query, the fragment, or a form.

use axum::response::Response;

use crate::fault::Fault;
use crate::http::{Call, redirect};
use crate::org::grant::{Pending, ResponseMode};
use crate::page;

/// Where an answer goes, once the redirect URI is known to be the app's.
#[derive(Clone, Debug)]
pub(crate) struct WayBack {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) state: Option<String>,
}

impl WayBack {
    pub(crate) fn of(pending: &Pending) -> Self {
        Self {
            redirect_uri: pending.redirect_uri.clone(),
            mode: pending.response_mode,
            state: Some(pending.state.clone()),
        }
    }

    pub(crate) fn refuse(&self, call: &Call, error: &str, description: &str) -> Response {
        // Okta names the state before the error.
        let mut pairs = self.state_pairs(call);
        pairs.push(("error", error.to_owned()));
        pairs.push(("error_description", description.to_owned()));
        self.send(&pairs)
    }

    pub(crate) fn with_code(&self, call: &Call, code: &str) -> Response {
        let faults = call.engine.world().faults.clone();
        let mut pairs = vec![("code", code.to_owned())];
        pairs.extend(self.state_pairs(call));
        if faults.on(Fault::CodeAndError) {
            pairs.push(("error", "access_denied".to_owned()));
        }
        if faults.on(Fault::CallbackIssuerWrong) {
            pairs.push(("iss", "http://elsewhere.invalid".to_owned()));
        }
        self.send(&pairs)
    }

    fn state_pairs(&self, call: &Call) -> Vec<(&'static str, String)> {
        let faults = call.engine.world().faults.clone();
        let Some(state) = self.state.clone() else {
            return Vec::new();
        };
        if faults.on(Fault::CallbackStateMissing) {
            Vec::new()
        } else if faults.on(Fault::CallbackStateWrong) {
            vec![("state", format!("{state}1"))]
        } else if faults.on(Fault::CallbackStateTwice) {
            vec![("state", state.clone()), ("state", state)]
        } else {
            vec![("state", state)]
        }
    }

    fn send(&self, pairs: &[(&'static str, String)]) -> Response {
        let encoded: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        match self.mode {
            ResponseMode::Query => {
                let joint = if self.redirect_uri.contains('?') {
                    '&'
                } else {
                    '?'
                };
                redirect(&format!("{}{joint}{encoded}", self.redirect_uri))
            }
            ResponseMode::Fragment => redirect(&format!("{}#{encoded}", self.redirect_uri)),
            ResponseMode::FormPost => page::form_post(&self.redirect_uri, pairs),
        }
    }
}
