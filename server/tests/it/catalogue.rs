//! Every row of the catalogue, played by the practice Okta: it is told as its own cause and as no
//! other row's, and what is nobody's mistake is told as nothing.

mod harmless;
mod never_back;
mod pasted;
mod phones;
mod proofs;
mod rungs;
mod sign_ins;

use api::{
    Provider,
    cause::{ROWS, Row},
    connections::MatchBy,
    paths,
};
use okta_simulator::{Claim, Mistake, NewPerson};
use serde_json::json;

use crate::{
    checks,
    desk::{ADMIN, Browser, Desk, Reply},
    witness,
};

/// What Mia's name is at Okta; her e-mail is another.
pub(crate) const LOGIN: &str = "m.member@northwind.example";
const EMAIL: &str = "mia@northwind.example";

/// The mistake that a row of the catalogue is.
pub(crate) fn mistake_of(row: &Row) -> Mistake {
    Mistake::from_id(row.id).expect("the practice Okta knows every row")
}

pub(crate) fn row(id: &str) -> &'static Row {
    let found = ROWS.iter().find(|row| row.id == id);
    found.expect("a row of the catalogue")
}

/// A deployment that is connected, with Mia in it, who is the first in Okta's directory.
pub(crate) struct Scene<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) admin: Browser,
    mia: String,
}

/// The cause, by its code, that a refusal is recorded with.
pub(crate) async fn told(desk: &Desk, refusal: &Reply) -> String {
    let attempt = witness::attempt(desk, &refusal.reference()).await;
    attempt.cause.unwrap_or_default()
}

impl<'a> Scene<'a> {
    pub(crate) async fn new(desk: &'a Desk, issuer: &str) -> Self {
        Self::matched_by(desk, issuer, MatchBy::OktaLogin).await
    }

    /// The same where users are matched by another value.
    pub(crate) async fn matched_by(desk: &'a Desk, issuer: &str, match_by: MatchBy) -> Self {
        let mia = NewPerson::new("Mia", "Member", EMAIL).login(LOGIN);
        let mia = desk.okta.add_person(mia);
        desk.person("Ada", "Lovelace", ADMIN);
        for (name, value) in [("upn", "user.email"), ("uid", "user.id")] {
            desk.okta.add_claim("default", Claim::id_token(name, value));
        }
        let mut admin = desk.administrator().await;
        let (client_id, client_secret) = desk.web_app();
        let form = json!({
            "issuer": issuer, "client_id": client_id, "client_secret": client_secret,
            "audience": issuer.contains("/oauth2/").then_some("api://default"),
            "match_by": match_by,
        });
        checks::save(&mut admin, &form).await;
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.in_force().await;
        // `upn` has the e-mail, as the guide for such a server says.
        let okta_login = if issuer.contains("/oauth2/") {
            EMAIL
        } else {
            LOGIN
        };
        let user = json!({
            "name": "Mia Member", "email": EMAIL, "okta_login": okta_login, "role": "member",
        });
        admin.post(paths::USERS, &user).await.expect_status(201);
        Self { desk, admin, mia }
    }

    /// Mia's name at Okta as it is now.
    pub(crate) fn login(&self) -> String {
        let people = self.desk.okta.people();
        let mia = people.iter().find(|person| person.id == self.mia);
        mia.map_or_else(|| LOGIN.to_owned(), |mia| mia.login.clone())
    }

    /// Signs somebody in in a new browser. None: Okta kept them on a page of its own.
    pub(crate) async fn sign_in(&self, login: &str) -> Option<(Browser, Reply)> {
        let mut browser = self.desk.browser();
        let reply = browser.get(&paths::auth_start(Provider::Okta)).await;
        let back = self.desk.okta.authorize(&reply.location(), login).ok()?;
        let reply = browser.get(&back).await;
        Some((browser, reply))
    }

    /// The cause of the refusal that a sign-in ended in, by its code; empty for who is let in.
    pub(crate) async fn told(&self, login: &str) -> String {
        let Some((_, reply)) = self.sign_in(login).await else {
            return "a page of Okta's".to_owned();
        };
        if reply.location() == "/" {
            return String::new();
        }
        told(self.desk, &reply).await
    }

    /// Takes every mistake back; whoever signs in now is let in.
    pub(crate) async fn mended(&self, after: &str) {
        self.desk.okta.undo_all();
        // What was looked up while the mistake was made is not believed for ever.
        self.desk.pass(3600);
        assert_eq!(self.told(LOGIN).await, "", "after {after}");
    }
}

/// The row that only a phone meets, whose sign-in this server does not see.
const ON_A_PHONE: [&str; 1] = ["E04"];

#[test]
fn at_least_ninety_rows_are_played() {
    let mut played: Vec<&str> = sign_ins::rows()
        .chain(sign_ins::IN_A_BROWSER)
        .chain(rungs::rows().map(|row| row.id))
        .chain(pasted::rows().map(|row| row.id))
        .chain(proofs::rows().map(|row| row.id))
        .chain(never_back::rows().map(|row| row.id))
        .chain(ON_A_PHONE)
        .collect();
    played.sort_unstable();
    let told = ROWS.iter().filter(|row| row.cause.is_some());
    let mut wanted: Vec<&str> = told.map(|row| row.id).collect();
    wanted.sort_unstable();
    assert_eq!(played, wanted, "each row once");
    assert!(played.len() >= 90, "{} rows", played.len());
}
