//! Every route of the server in one table: method, path, who may, what it takes and answers.
//!
//! The router, the OpenAPI document and the test that walks every route as everybody are made
//! from this table, so none of them can forget one.

use api::{
    audit::{AuditList, AuditQuery},
    break_glass::{BreakGlass, CodeForm, RecoveryCodes},
    checks::{CheckForm, CheckLine, CheckReport, Look, LookForm},
    connections::{ConnectionList, RoundTrip},
    files::Owned,
    guide::GuideNotes,
    notices::NoticeList,
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
    files, guide, notices,
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
        route!(GET paths::HEALTHZ, Public, "The process answers.", alive),
        route!(GET paths::READYZ, Public, "The database answers.", ready),
        route!(GET paths::OPENAPI, Public, "This document.", openapi::show),
        route!(GET paths::SET_UP, Public, "Whether set-up is needed.", set_up::show)
            .answers::<SetUpState>(),
        route!(POST paths::SET_UP, Public, "Sets the deployment up, with the token of the one-time link.", set_up::perform)
            .takes::<SetUpForm>(),
        route!(GET paths::SESSION, Member, "Who is signed in.", sessions::show)
            .answers::<api::Session>(),
        route!(POST paths::REAUTHENTICATE, Admin, "Confirms the identity of who is signed in, with a password or a code.", sign_ins::reauthenticate)
            .takes::<api::ReauthenticationForm>()
            .answers::<api::Session>(),
        route!(GET paths::OVERVIEW, Admin, "State and counts for now.", overview::show)
            .answers::<api::Overview>(),
        route!(GET paths::ORGANIZATION, Admin, "The organization.", organization::show)
            .answers::<api::Organization>(),
        route!(PUT paths::ORGANIZATION, Admin, "Renames the organization.", organization::rename)
            .versioned()
            .takes::<OrganizationForm>()
            .answers::<api::Organization>(),
        route!(GET paths::CONNECTIONS, Admin, "Every connection.", connections::list)
            .answers::<ConnectionList>(),
        route!(GET paths::CONNECTION, Admin, "One connection.", connections::show)
            .answers::<api::Connection>(),
        route!(PUT paths::CONNECTION, RecentAdmin, "Saves a draft; members notice nothing.", connections::save)
            .versioned()
            .takes::<api::ConnectionForm>()
            .answers::<api::Connection>(),
        route!(GET paths::MATCH_PREVIEW, Admin, "Who would be matched differently if users were matched by the other value.", connections::preview_match)
            .answers::<api::connections::MatchPreview>(),
        route!(GET paths::CHECKS, Admin, "The latest checks, and their history.", checks::show)
            .answers::<CheckReport>(),
        route!(POST paths::CHECKS, Admin, "Climbs the ladder of checks; a line of JSON for each rung.", checks::perform)
            .takes::<CheckForm>()
            .answers::<CheckLine>(),
        route!(GET paths::GUIDE, Admin, "How far the guide was followed.", guide::show)
            .answers::<GuideNotes>(),
        route!(PUT paths::GUIDE, Admin, "Keeps how far the guide was followed.", guide::keep)
            .takes::<GuideNotes>()
            .answers::<GuideNotes>(),
        route!(POST paths::LOOK, Admin, "Says what a pasted address means, and what is there.", checks::look)
            .takes::<LookForm>()
            .answers::<Look>(),
        route!(POST paths::CONNECT, RecentAdmin, "Begins the round trip that proves what is saved.", sign_ins::connect)
            .answers::<RoundTrip>(),
        route!(POST paths::DISABLE, RecentAdmin, "Switches the connection off.", connections::disable)
            .versioned()
            .answers::<api::Connection>(),
        route!(POST paths::ENABLE, RecentAdmin, "Switches a proved connection on again.", connections::enable)
            .versioned()
            .answers::<api::Connection>(),
        route!(GET paths::SECRET, Admin, "What is known of the client secret, and of the next one.", connections::show_secret)
            .answers::<Secrets>(),
        route!(PUT paths::SECRET, Admin, "When the client secret runs out.", connections::date)
            .versioned()
            .takes::<SecretForm>()
            .answers::<Secrets>(),
        route!(PUT paths::NEXT_SECRET, RecentAdmin, "Keeps the secret that follows the one in use.", connections::keep_next)
            .versioned()
            .takes::<NextSecretForm>()
            .answers::<Secrets>(),
        route!(DELETE paths::NEXT_SECRET, Admin, "Drops the secret that follows the one in use.", connections::drop_next)
            .answers::<Secrets>(),
        route!(GET paths::NOTICES, Admin, "What administrators are told of and nobody dismissed.", notices::list)
            .answers::<NoticeList>(),
        route!(POST paths::DISMISS, Admin, "Dismisses a notice for every administrator.", notices::dismiss),
        route!(GET paths::WEBHOOK, Admin, "The webhook and its latest deliveries.", webhook::show)
            .answers::<Webhook>(),
        route!(PUT paths::WEBHOOK, Admin, "Sets the webhook's address, or takes it away.", webhook::save)
            .versioned()
            .takes::<WebhookForm>()
            .answers::<WebhookSaved>(),
        route!(POST paths::WEBHOOK_ROTATE, Admin, "Makes a new signing secret.", webhook::rotate)
            .versioned()
            .answers::<WebhookSaved>(),
        route!(POST paths::WEBHOOK_TEST, Admin, "Sends a test and says how that went.", webhook::test)
            .answers::<Delivery>(),
        route!(GET paths::FILES, Admin, "Which fields a file owns.", files::show)
            .answers::<Owned>(),
        route!(POST paths::SWITCH_ON, RecentAdmin, "Switches a proved connection on, Okta for a trial.", connections::switch_on)
            .versioned()
            .answers::<api::Connection>(),
        route!(POST paths::CONFIRM, Admin, "Confirms the trial, from a session that came through Okta since.", connections::confirm)
            .answers::<api::Connection>(),
        route!(POST paths::UNDO, Admin, "Undoes the trial at once.", connections::undo)
            .versioned()
            .answers::<api::Connection>(),
        route!(GET paths::BREAK_GLASS, Admin, "The way back in, and its latest uses.", break_glass::show)
            .answers::<BreakGlass>(),
        route!(POST paths::RECOVERY_CODES, RecentAdmin, "Makes ten recovery codes and voids the old ones.", break_glass::make)
            .answers::<RecoveryCodes>(),
        route!(POST paths::TEST_CODE, Admin, "Tests one recovery code without using it up.", break_glass::test)
            .takes::<CodeForm>()
            .answers::<BreakGlass>(),
        route!(GET paths::USERS, Admin, "A page of users: searched, filtered, sorted.", users::list)
            .asks::<UserFilter>()
            .asks::<UserPaging>()
            .answers::<api::UserList>(),
        route!(POST paths::USERS, Admin, "Creates a user.", users::create)
            .recent_for_some()
            .takes::<api::UserForm>()
            .answers::<api::User>(),
        route!(GET paths::USER, Admin, "One user with identities, sessions, history and latest attempts.", users::show)
            .answers::<UserDetail>(),
        route!(PUT paths::USER, Admin, "Changes a user.", users::edit)
            .recent_for_some()
            .versioned()
            .takes::<api::UserForm>()
            .answers::<api::User>(),
        route!(DELETE paths::USER, Admin, "Deletes a user.", users::delete).heeds_version(),
        route!(POST paths::SUSPEND, Admin, "Suspends a user and ends their sessions.", users::suspend)
            .heeds_version()
            .answers::<api::User>(),
        route!(POST paths::REINSTATE, Admin, "Lets a suspended user back in.", users::reinstate)
            .recent_for_some()
            .heeds_version()
            .answers::<api::User>(),
        route!(POST paths::ACCEPT, Admin, "Accepts what did not fit, as it was shown.", users::accept)
            .heeds_version()
            .takes::<api::users::Attention>()
            .answers::<api::User>(),
        route!(GET paths::USERS_COUNT, Admin, "How many users a filter finds, exactly.", users::count)
            .answers::<api::users::Found>(),
        route!(GET paths::JOBS, Admin, "Files and bulk acts of the last days.", users::jobs)
            .answers::<api::users::Jobs>(),
        route!(POST paths::BULK, Admin, "Begins one act on many users.", users::begin_bulk)
            .recent_for_some()
            .takes::<api::users::BulkForm>()
            .answers::<api::users::BulkJob>(),
        route!(GET paths::BULK_JOB, Admin, "How far a bulk act is.", users::show_bulk)
            .answers::<api::users::BulkJob>(),
        route!(POST paths::BULK_APPLY, Admin, "Does what a dry run found out.", users::apply_bulk)
            .recent_for_some()
            .answers::<api::users::BulkJob>(),
        route!(POST paths::BULK_UNDO, Admin, "Takes a bulk act back.", users::undo_bulk)
            .recent_for_some()
            .answers::<api::users::BulkJob>(),
        route!(GET paths::EXPORT, Admin, "The filtered view as CSV.", users::export),
        route!(POST paths::IMPORTS, Admin, "Takes a CSV file and finds out what its rows would do.", users::begin_import)
            .answers::<api::users::Import>(),
        route!(GET paths::IMPORT, Admin, "How far an import is.", users::show_import)
            .answers::<api::users::Import>(),
        route!(POST paths::IMPORT_APPLY, Admin, "Takes the rows of a file, all of them or none.", users::apply_import)
            .recent_for_some()
            .answers::<api::users::Import>(),
        route!(GET paths::IMPORT_BAD_ROWS, Admin, "The rows that cannot be taken, as CSV.", users::bad_rows),
        route!(POST paths::CONFIRM_IDENTITY, RecentAdmin, "Confirms that an Okta account is this administrator's.", users::confirm_identity)
            .heeds_version()
            .takes::<api::users::ConfirmIdentity>()
            .answers::<api::User>(),
        route!(POST paths::UNBIND, Admin, "Takes the bond to Okta away; the next sign-in makes a new one.", users::unbind)
            .recent_for_some()
            .heeds_version()
            .answers::<api::User>(),
        route!(DELETE paths::USER_SESSIONS, Admin, "Signs the user out everywhere.", users::end_sessions),
        route!(DELETE paths::USER_SESSION, Admin, "Ends one session of the user.", users::end_session),
        route!(GET paths::SIGN_INS, Admin, "A page of attempts, newest first, or the one with a reference.", sign_ins::list)
            .asks::<AttemptQuery>()
            .answers::<AttemptList>(),
        route!(GET paths::ARRIVAL_CSV, Admin, "How many users were created, have a login, and came with it, as CSV.", overview::arrival_csv),
        route!(GET paths::SIGN_IN_DAYS, Admin, "How sign-ins ended, day by day, and why they failed.", sign_ins::days)
            .answers::<DayList>(),
        route!(GET paths::SIGN_IN_DAYS_CSV, Admin, "The days as CSV.", sign_ins::days_csv),
        route!(GET paths::SIGN_IN_CAUSES_CSV, Admin, "The causes of these days as CSV.", sign_ins::causes_csv),
        route!(GET paths::AUDIT, Admin, "A page of the audit log, newest first.", audit::list)
            .asks::<AuditQuery>()
            .answers::<AuditList>(),
        route!(GET paths::AUDIT_EXPORT, Admin, "The whole audit log as JSON lines, oldest first.", audit::export),
        route!(GET paths::RETENTION, Admin, "How long records are kept.", retention::show)
            .answers::<Retention>(),
        route!(PUT paths::RETENTION, Admin, "Changes how long records are kept.", retention::change)
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
