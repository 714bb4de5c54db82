//! `/practice/people`: the directory: "Add person", change an e-mail, deactivate.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

use crate::http::{Call, Params};
use crate::org::person::{NewPerson, Person};
use crate::page::esc;
use crate::page::form::{Text, act, checkbox, readonly, submit};

use super::frame::{Frame, Section, panel, see, state, table};
use super::gone;

const LIST: &str = "/practice/people";

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    listed(
        &call,
        &Params::parse(query.unwrap_or_default().as_bytes()),
        &Params::default(),
        None,
    )
}

fn listed(call: &Call, query: &Params, typed: &Params, checked: Option<&Checked>) -> Response {
    let people = call.engine.world().people.clone();
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|person| {
            let link = format!(
                "<a href=\"{LIST}/{}\">{}</a>",
                esc(&person.id),
                esc(&person.name())
            );
            vec![
                link,
                esc(&person.login),
                esc(&person.email),
                state(person.active),
            ]
        })
        .collect();
    let add = format!(
        "<form method=\"post\" action=\"{LIST}\" class=\"stack\">{}{}</form>",
        fields(typed, checked),
        submit("Add person")
    );
    let content = format!(
        "<div class=\"panel\">{}</div>",
        table(
            "People",
            &["Person", "Username", "Primary email", "Status"],
            &rows,
            "There is nobody yet."
        )
    ) + &panel("Add person", &add);
    Frame::new(
        Section::People,
        "People",
        "Everybody who can sign in at Okta.",
        content,
    )
    .problem(checked.is_some())
    .show(call, query)
}

/// What is wrong with the fields of a person.
#[derive(Default)]
struct Checked {
    first_name: Option<&'static str>,
    last_name: Option<&'static str>,
    login: Option<&'static str>,
    email: Option<&'static str>,
}

fn fields(typed: &Params, checked: Option<&Checked>) -> String {
    let none = Checked::default();
    let errors = checked.unwrap_or(&none);
    let text = |label, name, error| {
        Text {
            label,
            name,
            value: typed.get(name).unwrap_or_default(),
            hint: "",
            error,
        }
        .html()
    };
    [
        text("First name", "first_name", errors.first_name),
        text("Last name", "last_name", errors.last_name),
        text("Username", "login", errors.login),
        text("Primary email", "email", errors.email),
    ]
    .concat()
}

/// `own`: the id of the person whose username it may be.
fn check(call: &Call, params: &Params, own: &str) -> Result<NewPerson, Checked> {
    let text = |name: &str| params.get(name).unwrap_or_default().trim().to_owned();
    let missing = |name: &str| text(name).is_empty().then_some("Enter a value.");
    let address = |name: &str| (!text(name).contains('@')).then_some("Enter an address with an @.");
    let taken = call
        .engine
        .world()
        .person_by_login(&text("login"))
        .is_some_and(|person| person.id != own);
    let checked = Checked {
        first_name: missing("first_name"),
        last_name: missing("last_name"),
        login: address("login").or(taken.then_some("Somebody has this username already.")),
        email: address("email"),
    };
    let wrong = [
        checked.first_name,
        checked.last_name,
        checked.login,
        checked.email,
    ]
    .iter()
    .any(Option::is_some);
    if wrong {
        Err(checked)
    } else {
        Ok(NewPerson {
            first_name: text("first_name"),
            last_name: text("last_name"),
            login: text("login"),
            email: text("email"),
        })
    }
}

/// `POST /practice/people`: adds somebody and shows them.
pub(super) async fn create(call: Call, body: Bytes) -> Response {
    let params = Params::parse(&body);
    match check(&call, &params, "") {
        Ok(person) => {
            let id = call.engine.world().add_person(person);
            see(&format!("{LIST}/{id}"), "created")
        }
        Err(checked) => listed(&call, &Params::default(), &params, Some(&checked)),
    }
}

pub(super) async fn show(
    call: Call,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let person = call.engine.world().person(&id).cloned();
    let Some(person) = person else { return gone() };
    let typed = [
        ("first_name", &person.first_name),
        ("last_name", &person.last_name),
        ("login", &person.login),
        ("email", &person.email),
    ];
    let typed = Params(
        typed
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .to_vec(),
    );
    profile(&call, &query, &person, &typed, None)
}

fn profile(
    call: &Call,
    query: &Params,
    person: &Person,
    typed: &Params,
    checked: Option<&Checked>,
) -> Response {
    let path = format!("{LIST}/{}", esc(&person.id));
    let form = format!(
        "<form method=\"post\" action=\"{path}\" class=\"stack\">{}{}{}</form>",
        fields(typed, checked),
        checkbox(
            "The e-mail is verified",
            "email_verified",
            "yes",
            person.email_verified
        ),
        submit("Save")
    );
    let ids = readonly("User ID", "user-id", &person.id)
        + &readonly(
            "Subject at Google",
            "google-subject",
            &person.google_subject,
        )
        + &readonly(
            "Object ID at Microsoft",
            "microsoft-object-id",
            &person.microsoft_object_id,
        );
    let button = state(person.active)
        + &act(
            &format!("{path}/status"),
            if person.active {
                "Deactivate"
            } else {
                "Activate"
            },
            "",
            &[],
        );
    let name = person.name();
    Frame::new(
        Section::People,
        &name,
        "A change of e-mail or username keeps the user ID.",
        panel("Profile", &form) + &panel("Identifiers", &ids),
    )
    .actions(button)
    .problem(checked.is_some())
    .show(call, query)
}

/// `POST /practice/people/{id}`: the profile.
pub(super) async fn save(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let person = call.engine.world().person(&id).cloned();
    let Some(mut person) = person else {
        return gone();
    };
    person.email_verified = params.get("email_verified").is_some();
    match check(&call, &params, &id) {
        Ok(typed) => {
            (
                person.first_name,
                person.last_name,
                person.login,
                person.email,
            ) = (typed.first_name, typed.last_name, typed.login, typed.email);
            if let Some(kept) = call.engine.world().person_mut(&id) {
                *kept = person;
            }
            see(&format!("{LIST}/{id}"), "saved")
        }
        Err(checked) => profile(&call, &Params::default(), &person, &params, Some(&checked)),
    }
}

/// `POST /practice/people/{id}/status`: on, or off.
pub(super) async fn switch(call: Call, Path(id): Path<String>) -> Response {
    let mut world = call.engine.world();
    let Some(person) = world.person_mut(&id) else {
        return gone();
    };
    person.active = !person.active;
    see(
        &format!("{LIST}/{id}"),
        if person.active {
            "activated"
        } else {
            "deactivated"
        },
    )
}
