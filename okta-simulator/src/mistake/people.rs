//! Rows E: who may, and who is meant. Where one person is needed it is the first that the app is for.

use std::collections::BTreeSet;

use crate::org::app::{AppType, Assignment, Provider, UsernameFormat};
use crate::org::group::Group;
use crate::org::person::{NewPerson, Person};

use super::{How, Mistake, Row, change_somebody, newest, somebody, web_apps};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::E01,
        "One person is not assigned to the app",
        "They come back with access_denied, and nobody says who they are.",
        How::Okta(|world| {
            let app = newest(world, AppType::Web).map(|app| app.id.clone());
            let person = somebody(world).map(|person| person.id.clone());
            if let Some((app, person)) = app.zip(person) {
                world.unassign(&app, &person);
            }
        }),
    ),
    Row::new(
        Mistake::E02,
        "Nobody is assigned to the app",
        "Everybody comes back with access_denied.",
        How::Okta(|world| web_apps(world, |app| app.assignment = nobody())),
    ),
    Row::new(
        Mistake::E03,
        "The group that is assigned to the app is empty",
        "Everybody comes back with access_denied.",
        How::Okta(|world| {
            let id = "00gConsoleUsers00697".to_owned();
            world.groups.push(Group {
                id: id.clone(),
                name: "Console users".to_owned(),
                members: Some(BTreeSet::new()),
            });
            web_apps(world, |app| {
                app.assignment = nobody();
                app.assigned_groups = BTreeSet::from([id.clone()]);
            });
        }),
    ),
    Row::new(
        Mistake::E04,
        "The web app is assigned, the native app is not",
        "Browsers sign in; phones come back with access_denied.",
        How::Okta(|world| {
            for app in &mut world.apps {
                if app.provider == Provider::Okta && app.app_type == AppType::Native {
                    app.assignment = nobody();
                }
            }
        }),
    ),
    Row::new(
        Mistake::E05,
        "Federation Broker Mode is on",
        "Anyone in the organization may sign in.",
        How::Okta(|world| web_apps(world, |app| app.assignment = Assignment::Everyone)),
    ),
    Row::new(
        Mistake::E06,
        "The app's sign-in policy lets nobody through",
        "Okta shows a page of its own; the person never comes back.",
        How::Okta(|world| web_apps(world, |app| app.sign_in_allowed = false)),
    ),
    Row::new(
        Mistake::E07,
        "One person is deactivated",
        "They stay on Okta's page.",
        How::Okta(|world| change_somebody(world, |person| person.active = false)),
    ),
    Row::new(
        Mistake::E08,
        "One person exists at Okta only",
        "They sign in at Okta and are unknown to the app.",
        How::Okta(|world| {
            let newcomer = NewPerson::new("New", "Comer", "new.comer@northwind.example");
            let id = world.add_person(newcomer);
            let app = newest(world, AppType::Web).map(|app| app.id.clone());
            if let Some(app) = app {
                world.assign(&app, &id);
            }
        }),
    ),
    Row::new(
        Mistake::E09,
        "One person's e-mail is written in capital letters",
        "Login and e-mail differ from the app's in nothing but that.",
        How::Okta(|world| {
            change_somebody(world, |person| {
                person.login = person.login.to_uppercase();
                person.email = person.email.to_uppercase();
            });
        }),
    ),
    Row::new(
        Mistake::E10,
        "One person's e-mail is an alias",
        "Login and e-mail have a plus tag that the app does not know.",
        How::Okta(|world| {
            change_somebody(world, |person| {
                person.login = person.login.replacen('@', "+okta@", 1);
                person.email = person.email.replacen('@', "+okta@", 1);
            });
        }),
    ),
    Row::new(
        Mistake::E11,
        "One person's e-mail was changed after the first sign-in",
        "sub stays; login and e-mail are new.",
        How::Okta(|world| change_somebody(world, |person| moved(person, "married."))),
    ),
    Row::new(
        Mistake::E12,
        "One person's e-mail was given to a successor",
        "The same login and e-mail come with another sub.",
        How::Okta(|world| {
            let Some(person) = somebody(world).cloned() else {
                return;
            };
            change_somebody(world, |person| {
                moved(person, "former.");
                person.active = false;
            });
            let successor =
                NewPerson::new(&person.first_name, "Successor", &person.email).login(&person.login);
            let id = world.add_person(successor);
            let app = newest(world, AppType::Web).map(|app| app.id.clone());
            if let Some(app) = app {
                world.assign(&app, &id);
            }
        }),
    ),
    Row::new(
        Mistake::E13,
        "The app's user name is not an e-mail",
        "preferred_username is what stands before the @.",
        How::Okta(|world| web_apps(world, |app| app.username = UsernameFormat::Prefix)),
    ),
    Row::new(
        Mistake::E14,
        "E-mail addresses and user names are empty",
        "Neither the ID token nor userinfo says whom to look for.",
        How::Okta(|world| {
            web_apps(world, |app| app.username = UsernameFormat::Empty);
            for person in &mut world.people {
                person.email.clear();
            }
        }),
    ),
    Row::new(
        Mistake::E15,
        "E-mail addresses are not verified",
        "email_verified is false at userinfo; the ID token never has it.",
        How::Okta(|world| {
            for person in &mut world.people {
                person.email_verified = false;
            }
        }),
    ),
    Row::new(
        Mistake::E16,
        "One person's login is not the one that the app was told",
        "They sign in at Okta and fit nobody.",
        How::Okta(|world| {
            change_somebody(world, |person| {
                person.login = person
                    .login
                    .split('@')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                person.email = format!("{}@subsidiary.northwind.example", person.login);
            });
        }),
    ),
    Row::new(
        Mistake::E17,
        "The organization was made anew",
        "Its id, and everybody's sub, are others; the e-mails are the same.",
        How::Okta(|world| {
            world.org_id = world.chance.okta_id("00o");
            for index in 0..world.people.len() {
                let fresh = world.chance.okta_id("00u");
                let old = std::mem::replace(&mut world.people[index].id, fresh.clone());
                for app in &mut world.apps {
                    if let Assignment::Only(people) = &mut app.assignment
                        && people.remove(&old)
                    {
                        people.insert(fresh.clone());
                    }
                }
            }
        }),
    ),
    Row::new(
        Mistake::E18,
        "Google or Microsoft still let people in beside Okta",
        "Single sign-on is walked around.",
        How::Elsewhere(
            "The app decides it: connect Google as well, and try to sign in there while Okta is on.",
        ),
    ),
    Row::new(
        Mistake::E19,
        "Single sign-on was enforced before anybody had tried it",
        "Nobody gets in any more.",
        How::Elsewhere(
            "The app decides it: save a wrong secret, and try to make single sign-on the only way in.",
        ),
    ),
];

fn nobody() -> Assignment {
    Assignment::Only(BTreeSet::new())
}

/// The same person under another name.
fn moved(person: &mut Person, prefix: &str) {
    person.login = format!("{prefix}{}", person.login);
    person.email = format!("{prefix}{}", person.email);
}
