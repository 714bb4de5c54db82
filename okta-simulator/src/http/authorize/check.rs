//! The checks of an authorization request, in Okta's order as far as it is known, with Okta's words.

use crate::fault::Fault;
use crate::http::discovery::OKTA_SCOPES;
use crate::http::token::ORG_SERVER_ONLY;
use crate::http::{Call, Params, Problem};
use crate::org::app::{App, AppType, Provider};
use crate::org::grant::{Pending, ResponseMode};
use crate::place::Tree;

use super::{WayBack, listed};

/// How long a person may look at the sign-in page, in milliseconds.
const PATIENCE: i64 = 3_600_000;

const BAD_STATE: &str = "The authentication request has an invalid 'state' parameter.";

const PROMPTS: [&str; 5] = [
    "none",
    "login",
    "consent",
    "login consent",
    "enroll_authenticator",
];

/// What is wrong with a request, and whether the app hears of it.
pub(crate) enum Rejection {
    /// Okta's own page.
    Page(Problem),
    /// Back to the app with `error` and `error_description`.
    Back(WayBack, &'static str, String),
}

pub(crate) fn check(call: &Call, params: &Params) -> Result<Pending, Rejection> {
    let app = client(call, params)?;
    let redirect_uri = redirect_uri(call, params, &app)?;
    let response_mode = match params.filled("response_mode") {
        None | Some("query") => Some(ResponseMode::Query),
        Some("fragment") => Some(ResponseMode::Fragment),
        Some("form_post") => Some(ResponseMode::FormPost),
        Some(_) => None,
    };
    let state = params.filled("state").map(str::to_owned);
    let back = WayBack {
        redirect_uri: redirect_uri.clone(),
        mode: response_mode.unwrap_or(ResponseMode::Query),
        state: state.clone(),
    };
    let refuse = |error: &'static str, description: String| {
        Err(Rejection::Back(back.clone(), error, description))
    };

    if let (Tree::Custom(_), Err(problem)) = (&call.tree, call.issuer_exists()) {
        return match problem {
            Problem::Api {
                code: "E0000007", ..
            } => refuse(
                "invalid_request",
                "The authorization server id is invalid.".into(),
            ),
            Problem::Api { .. }
            | Problem::OAuth { .. }
            | Problem::Page { .. }
            | Problem::Bearer { .. } => Err(Rejection::Page(problem)),
        };
    }
    let Some(state) = state else {
        return refuse("invalid_request", BAD_STATE.into());
    };
    if call.engine.world().faults.on(Fault::StateRefused) {
        return refuse("invalid_request", BAD_STATE.into());
    }
    if app.org_server_only && matches!(call.tree, Tree::Custom(_)) {
        return refuse("unauthorized_client", ORG_SERVER_ONLY.into());
    }
    if app.signed_requests && params.filled("request").is_none() {
        // Okta's words for a request that is not signed at all are not documented.
        let description = "The request object is missing or is not signed by the client.";
        return refuse("invalid_request_object", description.into());
    }
    if params.get("response_type") != Some("code") || (app.implicit && !app.authorization_code) {
        return refuse(
            "unsupported_response_type",
            listed(
                "The response type is not supported by the authorization server. Configured response types:",
                &app.response_types(),
            ),
        );
    }
    let Some(response_mode) = response_mode else {
        let modes = ["query", "fragment", "form_post", "okta_post_message"];
        return refuse(
            "unsupported_response_mode",
            listed(
                "The response mode is not supported by the authorization server. Valid response modes:",
                &modes,
            ),
        );
    };
    if !app.authorization_code {
        let grants = app.grant_types();
        return refuse(
            "unauthorized_client",
            listed(
                "The client is not authorized to use the provided grant type. Configured grant types:",
                &grants,
            ),
        );
    }
    let scopes = params.words("scope");
    if let Err((error, description)) = check_scopes(call, &app, &scopes) {
        return refuse(error, description);
    }
    let challenge = match check_challenge(&app, params) {
        Ok(challenge) => challenge,
        Err(description) => return refuse("invalid_request", description.to_owned()),
    };
    let prompt = params.words("prompt");
    if !prompt.iter().all(|word| {
        PROMPTS.contains(&word.as_str())
            || (word == "select_account" && call.tree.provider() != Provider::Okta)
    }) {
        return refuse(
            "invalid_request",
            listed(
                "Invalid value for 'prompt' parameter. Supported values:",
                &PROMPTS,
            ),
        );
    }
    let max_age = params.filled("max_age").and_then(|text| text.parse().ok());
    if max_age == Some(0) && prompt.iter().any(|word| word == "none") {
        return refuse("login_required", "The client specified not to prompt, but the client app requires re-authentication or MFA.".into());
    }
    Ok(Pending {
        client_id: app.id,
        tree: call.tree.clone(),
        redirect_uri,
        response_mode,
        scopes,
        state,
        nonce: params.filled("nonce").map(str::to_owned),
        challenge: challenge.filter(|_| !call.engine.world().faults.on(Fault::ChallengeForgotten)),
        prompt,
        max_age,
        login_hint: params.filled("login_hint").map(str::to_owned),
        expires_at: call.engine.now() + PATIENCE,
    })
}

/// An unknown or inactive app never gets its person back: nobody knows whose redirect URI that is.
fn client(call: &Call, params: &Params) -> Result<App, Rejection> {
    if let (Tree::Microsoft(_), Err(problem)) = (&call.tree, call.issuer_exists()) {
        return Err(Rejection::Page(problem));
    }
    let app = params.filled("client_id").and_then(|id| call.app(id));
    let app =
        app.ok_or_else(|| call.page("invalid_client", "Invalid value for 'client_id' parameter."))?;
    if !app.active {
        // Okta shows a page here too; its exact words are not documented.
        return Err(call
            .page("access_denied", "The client application is not active.")
            .into());
    }
    if app.app_type == AppType::Service {
        let description = "Clients with 'application_type' of 'service' are not allowed to access the 'authorize' endpoint.";
        return Err(call.page("invalid_request", description).into());
    }
    Ok(app)
}

/// Byte by byte: scheme, port, case, trailing slash and query all count.
fn redirect_uri(call: &Call, params: &Params, app: &App) -> Result<String, Rejection> {
    let given = params.get("redirect_uri").unwrap_or_default();
    if app
        .sign_in_redirect_uris
        .iter()
        .any(|registered| registered == given)
    {
        return Ok(given.to_owned());
    }
    let link = format!(
        "{}/admin/app/oidc_client/instance/{}#tab-general",
        call.place.admin_base(),
        app.id
    );
    let description = format!(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: {link}"
    );
    Err(call.page("invalid_request", description).into())
}

fn check_scopes(call: &Call, app: &App, scopes: &[String]) -> Result<(), (&'static str, String)> {
    if scopes.is_empty() {
        return Err(("invalid_scope", "No scopes were requested.".into()));
    }
    if call.engine.world().faults.on(Fault::ScopeUnknown) {
        let description =
            "One or more scopes are not configured for the authorization server resource.";
        return Err(("invalid_scope", description.into()));
    }
    let unknown = |scope: &&String| !OKTA_SCOPES.contains(&scope.as_str());
    match &call.tree {
        Tree::Org => {
            if scopes.iter().filter(unknown).any(|scope| scope != "groups") {
                return Err((
                    "invalid_scope",
                    "Custom scopes are not allowed for this request.".into(),
                ));
            }
        }
        Tree::Custom(id) => {
            let custom = call
                .engine
                .world()
                .server(id)
                .map(|server| server.scopes.clone())
                .unwrap_or_default();
            if scopes
                .iter()
                .filter(unknown)
                .any(|scope| !custom.contains(scope))
            {
                return Err((
                    "invalid_scope",
                    "One or more scopes are not configured for the authorization server resource."
                        .into(),
                ));
            }
        }
        Tree::Google | Tree::Microsoft(_) => {
            if scopes.iter().any(|scope| unknown(&scope)) {
                return Err((
                    "invalid_scope",
                    "Some requested scopes were invalid.".into(),
                ));
            }
        }
    }
    if !scopes.iter().any(|scope| scope == "openid")
        && scopes
            .iter()
            .any(|scope| OKTA_SCOPES.contains(&scope.as_str()))
    {
        return Err(("access_denied", "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope.".into()));
    }
    if scopes.iter().any(|scope| scope == "offline_access")
        && !app.refresh_token
        && app.provider == Provider::Okta
    {
        return Err((
            "invalid_scope",
            listed(
                "The following scopes are not allowed for this request:",
                &["offline_access"],
            ),
        ));
    }
    Ok(())
}

/// RFC 7636 §4.3, S256 only.
fn check_challenge(app: &App, params: &Params) -> Result<Option<String>, &'static str> {
    let method = params.filled("code_challenge_method");
    match params.filled("code_challenge") {
        None if method.is_some() || app.needs_pkce() => {
            Err("PKCE code challenge is required by the application.")
        }
        None => Ok(None),
        Some(_) if method != Some("S256") => {
            Err("PKCE code challenge method is not supported. Valid values: [S256]")
        }
        Some(challenge)
            if challenge.len() == 43
                && challenge
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') =>
        {
            Ok(Some(challenge.to_owned()))
        }
        Some(_) => Err("The PKCE code challenge is invalid."),
    }
}
