//! Every question to the server, one function each.
//!
//! It must not know how a request travels (`http` does) nor what the answer looks like on the screen.

mod http;
mod json;
pub mod reauthentication;

use api::{
    Connection, ConnectionForm, Organization, Overview, ProblemCode, Provider,
    ReauthenticationForm, Session, User, UserForm, UserList,
    audit::{AuditList, AuditQuery},
    break_glass::{BreakGlass, CodeForm, RecoveryCodes},
    checks::{CheckForm, CheckLine, CheckReport, Look, LookForm, Trigger},
    connections::{ConnectionList, MatchPreview, TestSignIn},
    files::Managed,
    guide::GuideNotes,
    notifications::NotificationList,
    organization::OrganizationForm,
    paths,
    retention::{Retention, RetentionForm},
    secret::{NextSecretForm, SecretForm, Secrets},
    set_up::{SetUpForm, SetUpState},
    sign_ins::{AttemptList, AttemptQuery, DayList},
    users::{
        Attention, BulkForm, BulkJob, ConfirmIdentity, Found, Import, ImportColumns, Jobs,
        UserDetail, UserFilter, UserQuery,
    },
    webhook::{Delivery, Webhook, WebhookForm, WebhookSaved},
};
use locales::Language;

pub use http::{Asked, Trouble};
use http::{Method, Version};

use crate::paths::{asking, encoded, outcome_word, with};

type Answer<T> = Result<T, Trouble>;

/// The texts of a language, in the order of the keys. The hash keeps texts of another build out of a cache.
pub fn locale(language: Language) -> Asked<Vec<String>> {
    let path = format!("{}?v={}", paths::locale(language.tag()), locales::HASH);
    http::anonymous(Method::Get, &path, None, http::read)
}

pub fn session() -> Asked<Session> {
    http::get(paths::SESSION)
}

/// Confirms who is signed in: a right answer makes the session's sign-in recent.
pub fn reauthenticate(form: &ReauthenticationForm) -> Asked<Session> {
    http::post(paths::REAUTHENTICATE, Version::None, form)
}

/// Signs out, and gives where to go next: to the provider's own sign-out when the server says so. An ended session is
/// as good as one that ends now.
pub async fn sign_out() -> Answer<String> {
    let answer: Answer<TestSignIn> =
        http::anonymous(Method::Post, paths::AUTH_SIGN_OUT, None, http::read).await;
    match answer {
        Ok(trip) => Ok(trip.location),
        Err(Trouble::Unreadable) => Ok(paths::SIGNED_OUT.to_owned()),
        Err(Trouble::Problem(problem)) if problem.code == ProblemCode::SignedOut => {
            Ok(paths::SIGNED_OUT.to_owned())
        }
        Err(trouble) => Err(trouble),
    }
}

pub fn set_up_state() -> Asked<SetUpState> {
    http::anonymous(Method::Get, paths::SET_UP, None, http::read)
}

pub fn set_up(form: &SetUpForm) -> Asked<()> {
    let body = Some(http::written(form));
    http::anonymous(Method::Post, paths::SET_UP, body, http::unread)
}

pub fn overview() -> Asked<Overview> {
    http::get(paths::OVERVIEW)
}

pub fn organization() -> Asked<Organization> {
    http::get(paths::ORGANIZATION)
}

pub fn rename_organization(version: i64, form: &OrganizationForm) -> Asked<Organization> {
    http::put(paths::ORGANIZATION, version, form)
}

pub fn connections() -> Asked<ConnectionList> {
    http::get(paths::CONNECTIONS)
}

pub fn connection(provider: Provider) -> Asked<Connection> {
    http::get(&paths::connection(provider))
}

pub fn save_connection(
    provider: Provider,
    version: i64,
    form: &ConnectionForm,
) -> Asked<Connection> {
    http::put(&paths::connection(provider), version, form)
}

/// Who would be matched differently if users were matched by the other value.
pub fn match_preview(provider: Provider) -> Asked<MatchPreview> {
    http::get(&paths::match_preview(provider))
}

/// Begins the round trip: gives where to send the browser.
pub fn connect(provider: Provider, version: i64) -> Asked<TestSignIn> {
    http::post(&paths::connect(provider), Version::Of(version), &Empty {})
}

pub fn checks(provider: Provider) -> Asked<CheckReport> {
    http::get(&paths::checks(provider))
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
pub fn look(pasted: &str) -> Asked<Look> {
    let form = LookForm {
        pasted: pasted.to_owned(),
    };
    http::post(paths::LOOK, Version::None, &form)
}

pub fn guide() -> Asked<GuideNotes> {
    http::get(paths::GUIDE)
}

pub fn keep_guide(notes: &GuideNotes) -> Asked<GuideNotes> {
    http::put(paths::GUIDE, 0, notes)
}

pub fn disable_connection(provider: Provider, version: i64) -> Asked<()> {
    http::act(&paths::disable(provider), Version::Of(version))
}

/// Switches on what was proved, or over to it.
pub fn enable(provider: Provider, version: i64) -> Asked<()> {
    http::act(&paths::enable(provider), Version::Of(version))
}

pub fn confirm_trial() -> Asked<()> {
    http::act(&paths::confirm(Provider::Okta), Version::None)
}

pub fn undo_trial(version: i64) -> Asked<()> {
    http::act(&paths::revert(Provider::Okta), Version::Of(version))
}

pub fn break_glass() -> Asked<BreakGlass> {
    http::get(paths::BREAK_GLASS)
}

/// Ten new recovery codes, which are shown this once.
pub fn make_recovery_codes() -> Asked<RecoveryCodes> {
    http::post(paths::RECOVERY_CODES, Version::None, &Empty {})
}

pub fn test_recovery_code(form: &CodeForm) -> Asked<BreakGlass> {
    http::post(paths::TEST_CODE, Version::None, form)
}

/// What is known of the client secret, and of the next one.
pub fn secrets(provider: Provider) -> Asked<Secrets> {
    http::get(&paths::secret(provider))
}

pub fn date_secret(provider: Provider, version: i64, form: &SecretForm) -> Asked<Secrets> {
    http::put(&paths::secret(provider), version, form)
}

pub fn keep_next_secret(provider: Provider, version: i64, form: &NextSecretForm) -> Asked<Secrets> {
    http::put(&paths::next_secret(provider), version, form)
}

pub fn drop_next_secret(provider: Provider) -> Asked<()> {
    http::delete(&paths::next_secret(provider), Version::None)
}

pub fn notices() -> Asked<NotificationList> {
    http::get(paths::NOTIFICATIONS)
}

pub fn dismiss(id: &str) -> Asked<()> {
    http::act(&paths::dismiss(&encoded(id)), Version::None)
}

pub fn webhook() -> Asked<Webhook> {
    http::get(paths::WEBHOOK)
}

pub fn save_webhook(version: i64, form: &WebhookForm) -> Asked<WebhookSaved> {
    http::put(paths::WEBHOOK, version, form)
}

pub fn rotate_webhook(version: i64) -> Asked<WebhookSaved> {
    http::post(paths::WEBHOOK_ROTATE, Version::Of(version), &Empty {})
}

/// Sends a test; how that went.
pub fn test_webhook() -> Asked<Delivery> {
    http::post(paths::WEBHOOK_TEST, Version::None, &Empty {})
}

/// Which fields a file owns.
pub fn owned() -> Asked<Managed> {
    http::get(paths::FILES)
}

pub fn users(query: &UserQuery) -> Asked<UserList> {
    http::get(&asking(paths::USERS, &query.pairs()))
}

/// In the place of a question that the server would refuse.
pub fn no_users() -> Asked<UserList> {
    http::never()
}

pub fn user(id: &str) -> Asked<UserDetail> {
    http::get(&paths::user(&encoded(id)))
}

/// How many a filter finds, exactly.
pub fn count_users(filter: &UserFilter) -> Asked<Found> {
    http::get(&asking(paths::USERS_COUNT, &filter.pairs()))
}

pub fn begin_bulk(form: &BulkForm) -> Asked<BulkJob> {
    http::post(paths::BULK, Version::None, form)
}

pub fn bulk_job(id: &str) -> Asked<BulkJob> {
    http::get(&paths::bulk_job(&encoded(id)))
}

pub fn apply_bulk(id: &str) -> Asked<BulkJob> {
    http::post(&paths::bulk_apply(id), Version::None, &Empty {})
}

pub fn undo_bulk(id: &str) -> Asked<BulkJob> {
    http::post(&paths::bulk_undo(id), Version::None, &Empty {})
}

/// Sends a file to find out what its rows would do.
pub fn begin_import(file: &web_sys::File, columns: &ImportColumns) -> Asked<Import> {
    http::file(&asking(paths::IMPORTS, &columns.pairs()), file)
}

pub fn import(id: &str) -> Asked<Import> {
    http::get(&paths::import(&encoded(id)))
}

/// The files and bulk acts of the last days.
pub fn jobs() -> Asked<Jobs> {
    http::get(paths::JOBS)
}

/// Takes the rows that can be taken.
pub fn apply_import(id: &str) -> Asked<Import> {
    http::post(&paths::import_apply(id), Version::None, &Empty {})
}

/// Confirms that an Okta account, as it was shown, is this administrator's.
pub fn confirm_identity(id: &str, version: Option<i64>, shown: &ConfirmIdentity) -> Asked<()> {
    let version = version.map_or(Version::None, Version::Of);
    http::act_on(&paths::confirm_identity(id), version, shown)
}

pub fn unbind_user(id: &str, version: i64) -> Asked<()> {
    http::act(&paths::unlink(id), Version::Of(version))
}

pub fn end_sessions(id: &str) -> Asked<()> {
    http::delete(&paths::user_sessions(id), Version::None)
}

pub fn end_session(id: &str, session: &str) -> Asked<()> {
    http::delete(&paths::user_session(id, session), Version::None)
}

pub fn create_user(form: &UserForm) -> Asked<User> {
    http::post(paths::USERS, Version::None, form)
}

pub fn save_user(id: &str, version: i64, form: &UserForm) -> Asked<User> {
    http::put(&paths::user(id), version, form)
}

pub fn suspend_user(id: &str, version: i64) -> Asked<()> {
    http::act(&paths::suspend(id), Version::Of(version))
}

pub fn reinstate_user(id: &str, version: i64) -> Asked<()> {
    http::act(&paths::reinstate(id), Version::Of(version))
}

/// Takes what needs attention as it was shown: a changed login becomes the user's.
pub fn accept_user(id: &str, version: i64, shown: Option<&Attention>) -> Asked<()> {
    http::act_on(&paths::accept(id), Version::Of(version), &shown)
}

pub fn delete_user(id: &str, version: i64) -> Asked<()> {
    http::delete(&paths::user(id), Version::Of(version))
}

/// A page of the audit log.
pub fn audit(query: &AuditQuery) -> Asked<AuditList> {
    let number = |it: Option<i64>| it.map(|it| it.to_string());
    let values = [
        ("actor", query.actor.clone()),
        ("event", query.event.clone()),
        ("target", query.target.clone()),
        ("from", number(query.from)),
        ("until", number(query.until)),
        ("before", query.before.clone()),
        ("row", number(query.row)),
    ];
    http::get(&asked(paths::AUDIT, values))
}

/// A page of sign-ins, or what is new of them.
pub fn sign_ins(query: &AttemptQuery) -> Asked<AttemptList> {
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
        ("limit", query.limit.map(|it| it.to_string())),
    ];
    http::get(&asked(paths::SIGN_INS, values))
}

/// How sign-ins of the last days ended.
pub fn sign_in_days(days: u32) -> Asked<DayList> {
    http::get(&format!("{}?days={days}", paths::SIGN_IN_DAYS))
}

pub fn retention() -> Asked<Retention> {
    http::get(paths::RETENTION)
}

pub fn save_retention(version: i64, form: &RetentionForm) -> Asked<Retention> {
    http::put(paths::RETENTION, version, form)
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
