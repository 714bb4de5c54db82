//! Rows that the ladder tells before anybody signs in, and what it must not tell of an honest Okta.

use std::collections::BTreeSet;

use api::{
    Cause, Provider,
    cause::{How, ROWS, Row},
};
use okta_simulator::{Field, IssuerMode, Mistake};
use serde_json::{Value, json};

use crate::{
    checks::{self, Ladder},
    desk::Desk,
    on_both,
};

use super::{Scene, mistake_of};

/// The console's form at the practice Okta.
struct Form<'a> {
    scene: Scene<'a>,
    issuer: String,
    audience: Option<&'static str>,
    client_id: String,
    client_secret: String,
    native_client_id: String,
}

impl<'a> Form<'a> {
    async fn new(desk: &'a Desk, issuer: String) -> Self {
        let scene = Scene::new(desk, &issuer).await;
        let app = desk.okta.apps()[0].clone();
        let mut form = Self {
            scene,
            audience: issuer.contains("/oauth2/").then_some("api://default"),
            issuer,
            client_id: app.id,
            client_secret: app.secrets[0].value.clone(),
            native_client_id: checks::native(desk),
        };
        form.fill(None).await;
        form.climb().await.all_passed();
        form
    }

    /// Saves what is right, but for what the mistake pastes.
    async fn fill(&mut self, mistake: Option<Mistake>) {
        let pastes = mistake
            .map(|it| self.scene.desk.okta.pastes(it))
            .unwrap_or_default();
        let text = |field, right: &str| {
            let paste = pastes.iter().find(|paste| paste.field == field);
            paste.map_or_else(|| right.to_owned(), |paste| paste.text.clone())
        };
        let form = json!({
            "issuer": text(Field::Issuer, &self.issuer),
            "client_id": text(Field::ClientId, &self.client_id),
            "client_secret": text(Field::ClientSecret, &self.client_secret),
            "native_client_id": text(Field::NativeClientId, &self.native_client_id),
            "native_redirect_uri": checks::NATIVE_REDIRECT_URI,
            "audience": self.audience,
        });
        checks::save(&mut self.scene.admin, &form).await;
    }

    async fn climb(&mut self) -> Ladder {
        checks::climb(&mut self.scene.admin, Provider::Okta).await
    }

    /// Makes a mistake, climbs, and takes it back.
    async fn with(&mut self, mistake: Mistake) -> Ladder {
        let desk = self.scene.desk;
        desk.okta.play(mistake);
        let pasted = !desk.okta.pastes(mistake).is_empty();
        if pasted {
            self.fill(Some(mistake)).await;
        }
        let ladder = self.climb().await;
        desk.okta.undo_all();
        if pasted {
            self.fill(None).await;
        }
        ladder
    }

    /// The row's rung tells its cause, no rung tells another row's, and mended all is well.
    async fn tells(&mut self, row: &Row) {
        let How::CheckKind(rung) = row.how else {
            panic!("{} is told elsewhere", row.id);
        };
        let cause = row.cause.expect("a row that is told");
        let ladder = self.with(mistake_of(row)).await;
        let about = |check: &Value| format!("{} {}: {check}", row.id, row.mistake);
        let told: Vec<&Value> = ladder
            .0
            .iter()
            .filter(|it| it["cause"] == cause.code())
            .collect();
        assert!(!told.is_empty(), "{} is not told: {:#?}", row.id, ladder.0);
        for check in &told {
            assert!(
                ["failed", "warning", "inconclusive"]
                    .contains(&check["verdict"].as_str().unwrap_or_default()),
                "{}",
                about(check)
            );
        }
        // Two rows of the catalogue are told by one rung later or earlier than it says.
        let home = serde_json::to_value(rung).expect("a rung's name");
        let near = told.iter().any(|check| check["kind"] == home) || LATER.contains(&row.id);
        assert!(near, "{} is told by another rung: {told:?}", row.id);
        let others: BTreeSet<&str> = ROWS
            .iter()
            .filter_map(|other| other.cause)
            .filter(|other| *other != cause)
            .map(Cause::code)
            .collect();
        for check in &ladder.0 {
            let other = check["cause"].as_str().unwrap_or_default();
            assert!(!others.contains(other), "{}", about(check));
        }
        self.climb().await.all_passed();
    }
}

/// Told by the rung after the one that the catalogue names: what the org server says of one client
/// is the client's rung, and a grant that is the only one leaves no list to read.
const LATER: [&str; 4] = ["A15", "A16", "F05", "C12"];

pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
        .filter(|row| matches!(row.how, How::CheckKind(_)))
}

/// Whether a row is about a custom authorization server, and about it only.
fn is_custom(row: &Row) -> bool {
    ["A10", "A11", "A12", "A13", "A14"].contains(&row.id)
}

on_both! {
    async fn each_rung_tells_its_rows_at_the_org_server(desk: Desk) {
        let mut form = Form::new(&desk, desk.okta.issuer_org()).await;
        for row in rows().filter(|row| !is_custom(row)) {
            form.tells(row).await;
        }
    }

    async fn each_rung_tells_its_rows_at_a_custom_server(desk: Desk) {
        let mut form = Form::new(&desk, desk.okta.issuer_default()).await;
        let of_the_org = |row: &&Row| {
            let pastes = desk.okta.pastes(mistake_of(row));
            pastes.iter().any(|paste| paste.field == Field::Issuer && !paste.text.contains("/oauth2/"))
        };
        // Pasting the organization's own address here is row A10, whatever else is wrong with it.
        for row in rows().filter(|row| row.id == "A10" || !of_the_org(row)) {
            form.tells(row).await;
        }
    }

    async fn no_rung_tells_anything_of_an_honest_org_server(desk: Desk) {
        let form = Form::new(&desk, desk.okta.issuer_org()).await;
        nothing_is_told(form).await;
    }

    async fn no_rung_tells_anything_of_an_honest_custom_server(desk: Desk) {
        let form = Form::new(&desk, desk.okta.issuer_default()).await;
        nothing_is_told(form).await;
    }

    async fn no_rung_tells_anything_of_an_honest_custom_domain(desk: Desk) {
        desk.okta.play(Mistake::O08);
        let domain = desk.okta.url_for_host("login.northwind.localhost");
        let mut form = Form::new(&desk, domain.clone()).await;
        for issuer in [domain.clone(), format!("{domain}/oauth2/default")] {
            form.audience = issuer.contains("/oauth2/").then_some("api://default");
            form.issuer = issuer;
            form.fill(None).await;
            for mode in [IssuerMode::Dynamic, IssuerMode::CustomUrl] {
                for app in desk.okta.apps() {
                    desk.okta.change_app(&app.id, |app| app.issuer_mode = mode);
                }
                desk.okta.change_authorization_server("default", |server| server.issuer_mode = mode);
                form.climb().await.all_passed();
            }
        }
    }
}

/// 0 false alarms: neither what is nobody's mistake nor what this server makes harmless is told.
async fn nothing_is_told(mut form: Form<'_>) {
    let harmless = ROWS
        .iter()
        .filter(|row| matches!(row.how, How::Prevented | How::Unseen))
        .map(mistake_of)
        .filter(|mistake| !ANOTHERS.contains(mistake));
    for mistake in harmless.chain(WAYS) {
        form.with(mistake).await.all_passed();
    }
    // What Okta does not say is not held against it.
    let ladder = form.with(Mistake::O04).await;
    let client = ladder.rung("client");
    assert_eq!(client["verdict"], "inconclusive", "{client}");
    assert!(ladder.causes().is_empty(), "{:?}", ladder.0);
    form.climb().await.all_passed();
}

/// What another relying party sends, or what is in earnest another mistake: the implicit flow alone
/// is a grant that is not ticked.
const ANOTHERS: [Mistake; 5] = [
    Mistake::C16,
    Mistake::C17,
    Mistake::C18,
    Mistake::F14,
    Mistake::F18,
];

/// Ways of Okta's that change nothing of what the ladder asks.
const WAYS: [Mistake; 5] = [
    Mistake::O01,
    Mistake::O02,
    Mistake::O03,
    Mistake::O05,
    Mistake::O09,
];
