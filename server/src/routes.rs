//! Every route of the server in one table: method, path, who may, what it takes and answers.
//!
//! The router, the OpenAPI document and the test that walks every route as everybody are made
//! from this table, so none of them can forget one.

use api::{
    audit::{AuditList, AuditQuery},
    break_glass::{BreakGlass, CodeForm, RecoveryCodes},
    checks::{CheckForm, CheckLine, CheckReport, Look, LookForm},
    connections::{ConnectionList, TestSignIn},
    files::Managed,
    guide::GuideNotes,
    notifications::NotificationList,
    organization::OrganizationForm,
    paths,
    retention::{Retention, RetentionForm},
    secret::{NextSecretForm, SecretForm, Secrets},
    set_up::{SetUpForm, SetUpState},
    sign_ins::{AttemptList, AttemptQuery, DayList},
    users::{UserDetail, UserFilter, UserPaging},
    webhook::{Delivery, Webhook, WebhookForm, WebhookSaved},
};
use axum::{
    Json, Router,
    extract::State,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter, any, get, on},
};
use utoipa::ToSchema;

use crate::{
    App,
    access::{self, Permission},
    audit, break_glass, checks, connections, console, envelope,
    error::Error,
    files, guide, notifications,
    openapi::{self, Shape},
    organization, overview, pages, retention, sessions, set_up, sign_ins, users, webhook,
};

/// One route of the API.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub permission: Permission,
    /// What it does, in the words of the OpenAPI document.
    pub summary: &'static str,
    /// Whether a change needs `If-Match`.
    pub versioned: bool,
    /// Whether some of its requests take a sign-in of the last ten minutes; with [`Permission::RecentAdmin`] all do.
    pub recent_for_some: bool,
    /// Whether it heeds `If-Match` where that is sent.
    pub heeds_version: bool,
    /// The fields of its query.
    pub(crate) asks: Vec<Shape>,
    pub(crate) takes: Option<Shape>,
    pub(crate) answers: Option<Shape>,
    handler: MethodRouter<App>,
}

impl Route {
    fn asks<T: ToSchema>(mut self) -> Self {
        self.asks.push(Shape::of::<T>());
        self
    }

    fn takes<T: ToSchema>(mut self) -> Self {
        self.takes = Some(Shape::of::<T>());
        self
    }

    fn answers<T: ToSchema>(mut self) -> Self {
        self.answers = Some(Shape::of::<T>());
        self
    }

    fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    fn recent_for_some(mut self) -> Self {
        self.recent_for_some = true;
        self
    }

    fn heeds_version(mut self) -> Self {
        self.heeds_version = true;
        self
    }
}

macro_rules! route {
    ($method:ident $path:expr, $permission:ident, $summary:literal, $handler:path) => {
        Route {
            method: Method::$method,
            path: $path,
            permission: Permission::$permission,
            summary: $summary,
            versioned: false,
            heeds_version: false,
            recent_for_some: false,
            asks: Vec::new(),
            takes: None,
            answers: None,
            handler: on(MethodFilter::$method, $handler),
        }
    };
}

/// The routes of the API.
#[must_use]
pub fn table() -> Vec<Route> {
    vec![
        route!(GET paths::HEALTHZ, Public, "Check liveness", alive),
        route!(GET paths::READYZ, Public, "Check readiness, including the database", ready),
        route!(GET paths::OPENAPI, Public, "Get the OpenAPI document", openapi::show),
        route!(GET paths::SET_UP, Public, "Get the setup state", set_up::show)
            .answers::<SetUpState>(),
        route!(POST paths::SET_UP, Public, "Set up the deployment with the one-time token", set_up::perform)
            .takes::<SetUpForm>(),
        route!(GET paths::SESSION, Member, "Get the current session", sessions::show)
            .answers::<api::Session>(),
        route!(POST paths::REAUTHENTICATE, Admin, "Confirm your identity with a password or a code", sign_ins::reauthenticate)
            .takes::<api::ReauthenticationForm>()
            .answers::<api::Session>(),
        route!(GET paths::OVERVIEW, Admin, "Get the overview: connection state and user and sign-in counts", overview::show)
            .answers::<api::Overview>(),
        route!(GET paths::ORGANIZATION, Admin, "Get the organization", organization::show)
            .answers::<api::Organization>(),
        route!(PUT paths::ORGANIZATION, Admin, "Rename the organization", organization::rename)
            .versioned()
            .takes::<OrganizationForm>()
            .answers::<api::Organization>(),
        route!(GET paths::CONNECTIONS, Admin, "List connections", connections::list)
            .answers::<ConnectionList>(),
        route!(GET paths::CONNECTION, Admin, "Get a connection", connections::show)
            .answers::<api::Connection>(),
        route!(PUT paths::CONNECTION, RecentAdmin, "Save a connection draft; members aren’t affected", connections::save)
            .versioned()
            .takes::<api::ConnectionForm>()
            .answers::<api::Connection>(),
        route!(GET paths::MATCH_PREVIEW, Admin, "Preview which users would be matched differently", connections::preview_match)
            .answers::<api::connections::MatchPreview>(),
        route!(GET paths::CHECKS, Admin, "Get the latest check run and its history", checks::show)
            .answers::<CheckReport>(),
        route!(POST paths::CHECKS, Admin, "Run the checks; streams one JSON line per check", checks::perform)
            .takes::<CheckForm>()
            .answers::<CheckLine>(),
        route!(GET paths::GUIDE, Admin, "Get setup guide progress", guide::show)
            .answers::<GuideNotes>(),
        route!(PUT paths::GUIDE, Admin, "Save setup guide progress", guide::keep)
            .takes::<GuideNotes>()
            .answers::<GuideNotes>(),
        route!(POST paths::LOOK, Admin, "Look up a pasted address: issuer, organization, and authorization servers", checks::look)
            .takes::<LookForm>()
            .answers::<Look>(),
        route!(POST paths::CONNECT, RecentAdmin, "Start a test sign-in with the saved settings", sign_ins::connect)
            .answers::<TestSignIn>(),
        route!(POST paths::DISABLE, RecentAdmin, "Disable a connection", connections::disable)
            .versioned()
            .answers::<api::Connection>(),
        route!(GET paths::SECRET, Admin, "Get client secret metadata: current and next", connections::show_secret)
            .answers::<Secrets>(),
        route!(PUT paths::SECRET, Admin, "Set the client secret’s expiry date", connections::date)
            .versioned()
            .takes::<SecretForm>()
            .answers::<Secrets>(),
        route!(PUT paths::NEXT_SECRET, RecentAdmin, "Save the next client secret", connections::keep_next)
            .versioned()
            .takes::<NextSecretForm>()
            .answers::<Secrets>(),
        route!(DELETE paths::NEXT_SECRET, Admin, "Delete the next client secret", connections::drop_next)
            .answers::<Secrets>(),
        route!(GET paths::NOTIFICATIONS, Admin, "List notifications that are open", notifications::list)
            .answers::<NotificationList>(),
        route!(POST paths::DISMISS, Admin, "Dismiss a notification for all administrators", notifications::dismiss),
        route!(GET paths::WEBHOOK, Admin, "Get the webhook and its recent deliveries", webhook::show)
            .answers::<Webhook>(),
        route!(PUT paths::WEBHOOK, Admin, "Set or remove the webhook URL", webhook::save)
            .versioned()
            .takes::<WebhookForm>()
            .answers::<WebhookSaved>(),
        route!(POST paths::WEBHOOK_ROTATE, Admin, "Rotate the webhook signing secret", webhook::rotate)
            .versioned()
            .answers::<WebhookSaved>(),
        route!(POST paths::WEBHOOK_TEST, Admin, "Send a test notification and return the result", webhook::test)
            .answers::<Delivery>(),
        route!(GET paths::FILES, Admin, "Get the fields managed by a configuration file", files::show)
            .answers::<Managed>(),
        route!(POST paths::ENABLE, RecentAdmin, "Enable a verified connection; starts a trial for Okta", connections::enable)
            .versioned()
            .answers::<api::Connection>(),
        route!(POST paths::CONFIRM, Admin, "Confirm the trial from a session that signed in with Okta after it started", connections::confirm)
            .answers::<api::Connection>(),
        route!(POST paths::REVERT, Admin, "Revert the trial now", connections::revert)
            .versioned()
            .answers::<api::Connection>(),
        route!(GET paths::BREAK_GLASS, Admin, "Get emergency access: recovery codes and recent use", break_glass::show)
            .answers::<BreakGlass>(),
        route!(POST paths::RECOVERY_CODES, RecentAdmin, "Generate ten recovery codes and revoke the old ones", break_glass::make)
            .answers::<RecoveryCodes>(),
        route!(POST paths::TEST_CODE, Admin, "Test a recovery code without using it", break_glass::test)
            .takes::<CodeForm>()
            .answers::<BreakGlass>(),
        route!(GET paths::USERS, Admin, "List users with search, filters, and sorting", users::list)
            .asks::<UserFilter>()
            .asks::<UserPaging>()
            .answers::<api::UserList>(),
        route!(POST paths::USERS, Admin, "Create a user", users::create)
            .recent_for_some()
            .takes::<api::UserForm>()
            .answers::<api::User>(),
        route!(GET paths::USER, Admin, "Get a user with identity links, sessions, history, and recent sign-ins", users::show)
            .answers::<UserDetail>(),
        route!(PUT paths::USER, Admin, "Update a user", users::edit)
            .recent_for_some()
            .versioned()
            .takes::<api::UserForm>()
            .answers::<api::User>(),
        route!(DELETE paths::USER, Admin, "Delete a user", users::delete).heeds_version(),
        route!(POST paths::SUSPEND, Admin, "Suspend a user and end their sessions", users::suspend)
            .heeds_version()
            .answers::<api::User>(),
        route!(POST paths::REINSTATE, Admin, "Reinstate a suspended user", users::reinstate)
            .recent_for_some()
            .heeds_version()
            .answers::<api::User>(),
        route!(POST paths::ACCEPT, Admin, "Accept the change that flagged a user, as it was shown", users::accept)
            .heeds_version()
            .takes::<api::users::Attention>()
            .answers::<api::User>(),
        route!(GET paths::USERS_COUNT, Admin, "Count the users matching a filter", users::count)
            .answers::<api::users::Found>(),
        route!(GET paths::JOBS, Admin, "List recent imports and bulk actions", users::jobs)
            .answers::<api::users::Jobs>(),
        route!(POST paths::BULK, Admin, "Start a bulk action", users::begin_bulk)
            .recent_for_some()
            .takes::<api::users::BulkForm>()
            .answers::<api::users::BulkJob>(),
        route!(GET paths::BULK_JOB, Admin, "Get a bulk action’s progress", users::show_bulk)
            .answers::<api::users::BulkJob>(),
        route!(POST paths::BULK_APPLY, Admin, "Apply a previewed bulk action", users::apply_bulk)
            .recent_for_some()
            .answers::<api::users::BulkJob>(),
        route!(POST paths::BULK_UNDO, Admin, "Undo a bulk action", users::undo_bulk)
            .recent_for_some()
            .answers::<api::users::BulkJob>(),
        route!(GET paths::EXPORT, Admin, "Export the filtered users as CSV", users::export),
        route!(POST paths::IMPORTS, Admin, "Upload a CSV file and preview the import", users::begin_import)
            .answers::<api::users::Import>(),
        route!(GET paths::IMPORT, Admin, "Get an import’s progress", users::show_import)
            .answers::<api::users::Import>(),
        route!(POST paths::IMPORT_APPLY, Admin, "Apply an import: all valid rows or none", users::apply_import)
            .recent_for_some()
            .answers::<api::users::Import>(),
        route!(GET paths::IMPORT_INVALID_ROWS, Admin, "Download the invalid rows as CSV", users::invalid_rows),
        route!(POST paths::CONFIRM_IDENTITY, RecentAdmin, "Confirm that an Okta account is this administrator’s", users::confirm_identity)
            .heeds_version()
            .takes::<api::users::ConfirmIdentity>()
            .answers::<api::User>(),
        route!(POST paths::UNLINK, Admin, "Unlink a user’s Okta identity; the next sign-in creates a new link", users::unlink)
            .recent_for_some()
            .heeds_version()
            .answers::<api::User>(),
        route!(DELETE paths::USER_SESSIONS, Admin, "End all sessions of a user", users::end_sessions),
        route!(DELETE paths::USER_SESSION, Admin, "End one session of a user", users::end_session),
        route!(GET paths::SIGN_INS, Admin, "List sign-in attempts, newest first, or get one by its reference", sign_ins::list)
            .asks::<AttemptQuery>()
            .answers::<AttemptList>(),
        route!(GET paths::ADOPTION_CSV, Admin, "Export the adoption funnel as CSV: created, login assigned, signed in", overview::arrival_csv),
        route!(GET paths::SIGN_IN_DAYS, Admin, "Get sign-in outcomes per day and causes of failures", sign_ins::days)
            .answers::<DayList>(),
        route!(GET paths::SIGN_IN_DAYS_CSV, Admin, "Export sign-ins per day as CSV", sign_ins::days_csv),
        route!(GET paths::SIGN_IN_CAUSES_CSV, Admin, "Export causes of failed sign-ins as CSV", sign_ins::causes_csv),
        route!(GET paths::AUDIT, Admin, "List audit events, newest first", audit::list)
            .asks::<AuditQuery>()
            .answers::<AuditList>(),
        route!(GET paths::AUDIT_EXPORT, Admin, "Export the audit log as JSON lines, oldest first", audit::export),
        route!(GET paths::RETENTION, Admin, "Get retention settings", retention::show)
            .answers::<Retention>(),
        route!(PUT paths::RETENTION, Admin, "Update retention settings", retention::change)
            .versioned()
            .takes::<RetentionForm>()
            .answers::<Retention>(),
    ]
}

/// The whole server.
pub fn router(app: App) -> Router {
    let mut api = Router::new();
    for route in table() {
        let guard = from_fn_with_state((app.clone(), route.permission), access::guard);
        let mut handler = route.handler.route_layer(guard);
        if route.permission != Permission::Public {
            handler = handler.layer(from_fn_with_state(app.clone(), connections::settled));
        }
        api = api.route(route.path, handler);
    }
    api.merge(door().layer(from_fn_with_state(app.clone(), connections::settled)))
        .fallback(any(console::serve))
        .layer(from_fn(no_empty_host))
        .layer(from_fn_with_state(app.clone(), envelope::envelope))
        .with_state(app)
}

/// The pages and forms that are there for everybody; each handler decides by itself.
fn door() -> Router<App> {
    Router::new()
        .route(paths::AUTH_START, any(sign_ins::start))
        .route(paths::AUTH_CALLBACK, any(sign_ins::callback))
        .route(paths::AUTH_INITIATE, get(sign_ins::initiate))
        .route(
            paths::AUTH_PASSWORD,
            on(MethodFilter::POST, sign_ins::sign_in_with_password),
        )
        .route(
            paths::AUTH_BREAK_GLASS,
            on(MethodFilter::POST, sign_ins::sign_in_with_code),
        )
        .route(
            paths::AUTH_SIGN_OUT,
            on(MethodFilter::POST, sign_ins::sign_out),
        )
        .route(paths::SIGN_IN, get(pages::sign_in))
        .route(paths::SIGN_IN_ADMINISTRATOR, get(pages::administrator))
        .route(paths::REFUSED, get(pages::refused))
        .route(paths::REAUTHENTICATED, get(pages::reauthenticated))
        .route(paths::SIGNED_OUT, get(pages::signed_out))
        .route(paths::LINK_TOO_LONG, get(pages::link_too_long))
        .route(paths::ME, get(pages::me))
        .route(paths::DOOR_STYLE, get(pages::style))
        .route(paths::LOCALE, get(pages::locale))
}

/// RFC 9112 §3.2: a request has exactly one host. Nothing here is built from it all the same.
async fn no_empty_host(
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Result<axum::response::Response, Error> {
    let hosts = request.headers().get_all(axum::http::header::HOST).iter();
    if hosts.count() > 1 {
        return Err(api::ProblemCode::BadRequest.into());
    }
    Ok(next.run(request).await)
}

/// `GET /healthz`.
async fn alive() -> impl IntoResponse {
    Json(serde_json::json!({ "status": "ok" }))
}

/// `GET /readyz`.
async fn ready(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    app.db.peek(|tx| tx.row("select 1", &[]).map(drop)).await?;
    Ok(Json(serde_json::json!({ "status": "ready" })))
}
