//! The people of Northwind, the organization of the demo: names that everybody in computing knows.

use crate::org::person::NewPerson;

/// Exists at Okta and nowhere else: signs in there and is unknown to the app.
pub const UNKNOWN_TO_THE_APP: &str = "zoe@northwind.example";

/// Known to the app, but not assigned to it at Okta.
pub const NOT_ASSIGNED: &str = "nell@northwind.example";

/// First and last name; the e-mail is the first name at northwind.example, and so is the login unless `LOGINS` says otherwise.
const NAMES: [(&str, &str); 40] = [
    ("Ada", "Lovelace"),
    ("Grace", "Hopper"),
    ("Katherine", "Johnson"),
    ("Edsger", "Dijkstra"),
    ("Barbara", "Liskov"),
    ("Donald", "Knuth"),
    ("Radia", "Perlman"),
    ("Tony", "Hoare"),
    ("Frances", "Allen"),
    ("John", "Backus"),
    ("Alan", "Turing"),
    ("Margaret", "Hamilton"),
    ("Dennis", "Ritchie"),
    ("Hedy", "Lamarr"),
    ("Niklaus", "Wirth"),
    ("Adele", "Goldberg"),
    ("Ken", "Thompson"),
    ("Jean", "Bartik"),
    ("Claude", "Shannon"),
    ("Mary", "Jackson"),
    ("Robin", "Milner"),
    ("Lynn", "Conway"),
    ("Vinton", "Cerf"),
    ("Shafi", "Goldwasser"),
    ("Leslie", "Lamport"),
    ("Karen", "Spärck Jones"),
    ("Ole-Johan", "Dahl"),
    ("Kathleen", "Booth"),
    ("Kristen", "Nygaard"),
    ("Dorothy", "Vaughan"),
    ("Andrei", "Ershov"),
    ("Ida", "Rhodes"),
    ("Konrad", "Zuse"),
    ("Sophie", "Wilson"),
    ("Edgar", "Codd"),
    ("Stephanie", "Shirley"),
    ("Jim", "Gray"),
    ("Betty", "Holberton"),
    ("Zoe", "Unknown"),
    ("Nell", "Newcomer"),
];

/// Whose login is not their e-mail.
const LOGINS: [(&str, &str); 2] = [
    ("Grace", "ghopper@northwind.example"),
    ("Edsger", "e.dijkstra@northwind.example"),
];

/// Forty people. [`UNKNOWN_TO_THE_APP`] and [`NOT_ASSIGNED`] are the last two.
pub fn people() -> Vec<NewPerson> {
    NAMES
        .iter()
        .map(|(first, last)| {
            let person = NewPerson::new(
                first,
                last,
                &format!("{}@northwind.example", first.to_lowercase()),
            );
            match LOGINS.iter().find(|(name, _)| name == first) {
                Some((_, login)) => person.login(login),
                None => person,
            }
        })
        .collect()
}

/// The logins of everybody who is assigned to the demo's app: all but [`NOT_ASSIGNED`].
pub fn assigned() -> Vec<String> {
    people()
        .into_iter()
        .map(|person| person.login)
        .filter(|login| login != NOT_ASSIGNED)
        .collect()
}

/// The people that the app knows: all but [`UNKNOWN_TO_THE_APP`].
pub fn known_to_the_app() -> Vec<NewPerson> {
    people()
        .into_iter()
        .filter(|person| person.login != UNKNOWN_TO_THE_APP)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn forty_people_have_forty_addresses_and_two_are_special() {
        let people = people();
        let emails: BTreeSet<&str> = people.iter().map(|person| person.email.as_str()).collect();
        assert_eq!((people.len(), emails.len()), (40, 40));
        assert!(emails.contains(UNKNOWN_TO_THE_APP) && emails.contains(NOT_ASSIGNED));
        assert_eq!(assigned().len(), 39);
        assert!(
            known_to_the_app()
                .iter()
                .all(|person| person.email != UNKNOWN_TO_THE_APP)
        );
    }
}
