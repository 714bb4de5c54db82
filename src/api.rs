//! Every question to the server, one function each.
//!
//! It must not know how a request travels (`http` does) nor what the answer looks like on the screen.

mod http;
mod json;

use api::{
    Connection, ConnectionForm, Organization, Overview, ProblemCode, Provider, Session, User,
    UserForm, UserList,
    audit::{AuditList, AuditQuery},
    break_glass::{BreakGlass, CodeForm, RecoveryCodes},
    checks::{CheckForm, CheckLine, CheckReport, Look, LookForm, Trigger},
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
    users::{BulkForm, BulkJob, Found, UserDetail, UserFilter, UserQuery},
    webhook::{Delivery, Webhook, WebhookForm, WebhookSaved},
};
use locales::Language;

pub use http::Trouble;
use http::{Method, Version};

use crate::paths::{asking, encoded, outcome_word, with};

type Answer<T> = Result<T, Trouble>;

/// The texts of a language, in the order of the keys. The hash keeps texts of another build out of a cache.
pub async fn locale(language: Language) -> Answer<Vec<String>> {
    let path = format!("{}?v={}", paths::locale(language.tag()), locales::HASH);
    http::read(&http::anonymous(Method::Get, &path, None).await?)
}

pub async fn session() -> Answer<Session> {
    http::get(paths::SESSION).await
}

/// Signs out, and gives where to go next: to the provider's own sign-out when the server says so. An ended session is
/// as good as one that ends now.
pub async fn sign_out() -> Answer<String> {
    match http::anonymous(Method::Post, paths::AUTH_SIGN_OUT, None).await {
        Ok(text) => Ok(http::read(&text).map_or_else(
            |_| paths::SIGNED_OUT.to_owned(),
            |trip: RoundTrip| trip.location,
        )),
        Err(Trouble::Problem(problem)) if problem.code == ProblemCode::SignedOut => {
            Ok(paths::SIGNED_OUT.to_owned())
        }
        Err(trouble) => Err(trouble),
    }
}

pub async fn set_up_state() -> Answer<SetUpState> {
    http::read(&http::anonymous(Method::Get, paths::SET_UP, None).await?)
}

pub async fn set_up(form: &SetUpForm) -> Answer<()> {
    http::anonymous(Method::Post, paths::SET_UP, Some(http::written(form)))
        .await
        .map(drop)
}

pub async fn overview() -> Answer<Overview> {
    http::get(paths::OVERVIEW).await
}

pub async fn organization() -> Answer<Organization> {
    http::get(paths::ORGANIZATION).await
}

pub async fn rename_organization(version: i64, form: &OrganizationForm) -> Answer<Organization> {
    http::put(paths::ORGANIZATION, version, form).await
}

pub async fn connections() -> Answer<ConnectionList> {
    http::get(paths::CONNECTIONS).await
}

pub async fn connection(provider: Provider) -> Answer<Connection> {
    http::get(&paths::connection(provider)).await
}

pub async fn save_connection(
    provider: Provider,
    version: i64,
    form: &ConnectionForm,
) -> Answer<Connection> {
    http::put(&paths::connection(provider), version, form).await
}

/// Begins the round trip: gives where to send the browser.
pub async fn connect(provider: Provider, version: i64) -> Answer<RoundTrip> {
    http::post(&paths::connect(provider), Version::Of(version), &Empty {}).await
}

pub async fn checks(provider: Provider) -> Answer<CheckReport> {
    http::get(&paths::checks(provider)).await
}

/// Climbs the ladder of checks; each line is told as soon as it comes.
pub async fn check(
    provider: Provider,
    trigger: Trigger,
    mut tell: impl FnMut(CheckLine),
) -> Answer<()> {
    let body = http::written(&CheckForm { trigger });
    http::lines(&paths::checks(provider), body, &mut |line| {
        if let Ok(line) = http::read(line) {
            tell(line);
        }
    })
    .await
}

/// What a pasted address means, and what is there.
pub async fn look(pasted: &str) -> Answer<Look> {
    let form = LookForm {
        pasted: pasted.to_owned(),
    };
    http::post(paths::LOOK, Version::None, &form).await
}

pub async fn guide() -> Answer<GuideNotes> {
    http::get(paths::GUIDE).await
}

pub async fn keep_guide(notes: &GuideNotes) -> Answer<GuideNotes> {
    http::put(paths::GUIDE, 0, notes).await
}

pub async fn disable_connection(provider: Provider, version: i64) -> Answer<()> {
    http::act(&paths::disable(provider), Version::Of(version)).await
}

/// Switches on what was proved, or over to it.
pub async fn switch_on(provider: Provider, version: i64) -> Answer<()> {
    http::act(&paths::switch_on(provider), Version::Of(version)).await
}

pub async fn confirm_trial() -> Answer<()> {
    http::act(&paths::confirm(Provider::Okta), Version::None).await
}

pub async fn undo_trial(version: i64) -> Answer<()> {
    http::act(&paths::undo(Provider::Okta), Version::Of(version)).await
}

pub async fn break_glass() -> Answer<BreakGlass> {
    http::get(paths::BREAK_GLASS).await
}

/// Ten new recovery codes, which are shown this once.
pub async fn make_recovery_codes() -> Answer<RecoveryCodes> {
    http::post(paths::RECOVERY_CODES, Version::None, &Empty {}).await
}

pub async fn test_recovery_code(form: &CodeForm) -> Answer<BreakGlass> {
    http::post(paths::TEST_CODE, Version::None, form).await
}

/// What is known of the client secret, and of the next one.
pub async fn secrets(provider: Provider) -> Answer<Secrets> {
    http::get(&paths::secret(provider)).await
}

pub async fn date_secret(provider: Provider, version: i64, form: &SecretForm) -> Answer<Secrets> {
    http::put(&paths::secret(provider), version, form).await
}

pub async fn keep_next_secret(
    provider: Provider,
    version: i64,
    form: &NextSecretForm,
) -> Answer<Secrets> {
    http::put(&paths::next_secret(provider), version, form).await
}

pub async fn drop_next_secret(provider: Provider) -> Answer<()> {
    http::delete(&paths::next_secret(provider), Version::None).await
}

pub async fn notices() -> Answer<NoticeList> {
    http::get(paths::NOTICES).await
}

pub async fn dismiss(id: &str) -> Answer<()> {
    http::act(&paths::dismiss(&encoded(id)), Version::None).await
}

pub async fn webhook() -> Answer<Webhook> {
    http::get(paths::WEBHOOK).await
}

pub async fn save_webhook(version: i64, form: &WebhookForm) -> Answer<WebhookSaved> {
    http::put(paths::WEBHOOK, version, form).await
}

pub async fn rotate_webhook(version: i64) -> Answer<WebhookSaved> {
    http::post(paths::WEBHOOK_ROTATE, Version::Of(version), &Empty {}).await
}

/// Sends a test; how that went.
pub async fn test_webhook() -> Answer<Delivery> {
    http::post(paths::WEBHOOK_TEST, Version::None, &Empty {}).await
}

/// Which fields a file owns.
pub async fn owned() -> Answer<Owned> {
    http::get(paths::FILES).await
}

pub async fn users(query: &UserQuery) -> Answer<UserList> {
    http::get(&asking(paths::USERS, &query.pairs())).await
}

pub async fn user(id: &str) -> Answer<UserDetail> {
    http::get(&paths::user(&encoded(id))).await
}

/// How many a filter finds, exactly.
pub async fn count_users(filter: &UserFilter) -> Answer<Found> {
    http::get(&asking(paths::USERS_COUNT, &filter.pairs())).await
}

pub async fn begin_bulk(form: &BulkForm) -> Answer<BulkJob> {
    http::post(paths::BULK, Version::None, form).await
}

pub async fn bulk_job(id: &str) -> Answer<BulkJob> {
    http::get(&paths::bulk_job(&encoded(id))).await
}

pub async fn apply_bulk(id: &str) -> Answer<BulkJob> {
    http::post(&paths::bulk_apply(id), Version::None, &Empty {}).await
}

pub async fn undo_bulk(id: &str) -> Answer<BulkJob> {
    http::post(&paths::bulk_undo(id), Version::None, &Empty {}).await
}

pub async fn unbind_user(id: &str) -> Answer<()> {
    http::act(&paths::unbind(id), Version::None).await
}

pub async fn end_sessions(id: &str) -> Answer<()> {
    http::delete(&paths::user_sessions(id), Version::None).await
}

pub async fn end_session(id: &str, session: &str) -> Answer<()> {
    http::delete(&paths::user_session(id, session), Version::None).await
}

pub async fn create_user(form: &UserForm) -> Answer<User> {
    http::post(paths::USERS, Version::None, form).await
}

pub async fn save_user(id: &str, version: i64, form: &UserForm) -> Answer<User> {
    http::put(&paths::user(id), version, form).await
}

pub async fn suspend_user(id: &str, version: i64) -> Answer<()> {
    http::act(&paths::suspend(id), Version::Of(version)).await
}

pub async fn reinstate_user(id: &str, version: i64) -> Answer<()> {
    http::act(&paths::reinstate(id), Version::Of(version)).await
}

/// Takes what needs attention as it is: a changed login becomes the user's.
pub async fn accept_user(id: &str, version: i64) -> Answer<()> {
    http::act(&paths::accept(id), Version::Of(version)).await
}

pub async fn delete_user(id: &str, version: i64) -> Answer<()> {
    http::delete(&paths::user(id), Version::Of(version)).await
}

/// A page of the audit log.
pub async fn audit(query: &AuditQuery) -> Answer<AuditList> {
    let number = |it: Option<i64>| it.map(|it| it.to_string());
    let values = [
        ("actor", query.actor.clone()),
        ("act", query.act.clone()),
        ("target", query.target.clone()),
        ("from", number(query.from)),
        ("until", number(query.until)),
        ("before", query.before.clone()),
        ("row", number(query.row)),
    ];
    http::get(&asked(paths::AUDIT, values)).await
}

/// A page of sign-ins, or what is new of them.
pub async fn sign_ins(query: &AttemptQuery) -> Answer<AttemptList> {
    let number = |it: Option<i64>| it.map(|it| it.to_string());
    let values = [
        ("reference", query.reference.clone()),
        (
            "outcome",
            query.outcome.map(|it| outcome_word(it).to_owned()),
        ),
        ("cause", query.cause.map(|it| it.code().to_owned())),
        ("person", query.person.clone()),
        ("from", number(query.from)),
        ("until", number(query.until)),
        ("before", query.before.clone()),
        ("since", query.since.clone()),
    ];
    http::get(&asked(paths::SIGN_INS, values)).await
}

/// How sign-ins of the last days ended.
pub async fn sign_in_days(days: u32) -> Answer<DayList> {
    http::get(&format!("{}?days={days}", paths::SIGN_IN_DAYS)).await
}

pub async fn retention() -> Answer<Retention> {
    http::get(paths::RETENTION).await
}

pub async fn save_retention(version: i64, form: &RetentionForm) -> Answer<Retention> {
    http::put(paths::RETENTION, version, form).await
}

/// A path with those values that there are.
fn asked<const N: usize>(path: &str, values: [(&'static str, Option<String>); N]) -> String {
    let values: Vec<_> = values
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    with(path.to_owned(), &values)
}

/// The body of a request that says nothing but its path.
#[derive(serde::Serialize)]
struct Empty {}
