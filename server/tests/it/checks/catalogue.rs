//! The catalogue, row by row: each mistake, played by the practice Okta, is told as its own cause,
//! and as no other's; what is harmless is told as nothing at all.

use api::{
    Provider,
    cause::{How, ROWS, Row},
    paths,
};
use practice_okta::{Field, Mistake};
use serde_json::{Value, json};

use super::{Ladder, NATIVE_REDIRECT_URI, climb, native};
use crate::{
    desk::{Browser, Desk, version_of},
    on_both,
};

/// Errors for what this server never does wrong, played as if it did: the checks say that Okta said
/// something, and claim nothing.
const FORCED: &[&str] = &["C16", "C18", "F14", "F18"];

struct Table {
    desk: Desk,
    admin: Browser,
    honest: Value,
}

impl Table {
    async fn set(desk: Desk) -> Self {
        let mut admin = desk.administrator().await;
        let native = native(&desk);
        let (client_id, secret) = desk.web_app();
        let honest = json!({
            "issuer": desk.okta.issuer_default(), "client_id": client_id,
            "client_secret": secret, "native_client_id": native,
            "native_redirect_uri": NATIVE_REDIRECT_URI,
        });
        save(&mut admin, &honest).await;
        climb(&mut admin, Provider::Okta).await.all_passed();
        Self {
            desk,
            admin,
            honest,
        }
    }

    /// The form with what somebody pastes when they make the mistake.
    fn form(&self, mistake: Mistake) -> Option<Value> {
        let pastes = self.desk.okta.pastes(mistake);
        let mut form = self.honest.clone();
        for paste in &pastes {
            let field = match paste.field {
                Field::Issuer => "issuer",
                Field::ClientId => "client_id",
                Field::ClientSecret => "client_secret",
                Field::NativeClientId => "native_client_id",
            };
            form[field] = json!(paste.text);
        }
        if mistake == Mistake::A10 {
            // The claims are on a custom server, and so is the audience that was entered.
            form["audience"] = json!("api://default");
        }
        (!pastes.is_empty()).then_some(form)
    }

    /// What the checks tell of a mistake.
    async fn told(&mut self, mistake: Mistake) -> Ladder {
        save(&mut self.admin, &self.honest).await;
        climb(&mut self.admin, Provider::Okta).await.all_passed();
        self.desk.okta.play(mistake);
        if mistake == Mistake::F22 {
            // A page in Spanish is met only where something else is wrong.
            self.desk.okta.play(Mistake::C01);
        }
        if let Some(form) = self.form(mistake) {
            save(&mut self.admin, &form).await;
        }
        let ladder = climb(&mut self.admin, Provider::Okta).await;
        self.desk.okta.undo_all();
        ladder
    }
}

async fn save(admin: &mut Browser, form: &Value) {
    let path = paths::connection(Provider::Okta);
    let version = version_of(admin, path.clone()).await;
    admin.put(&path, version, form).await.expect_status(200);
}

fn mistake(row: &Row) -> Mistake {
    Mistake::from_id(row.id).unwrap_or_else(|| panic!("{} is not played", row.id))
}

on_both! {
    async fn each_row_of_the_ladder_is_told_as_its_own_cause_and_no_other(desk: Desk) {
        let mut table = Table::set(desk).await;
        let mut wrong = Vec::new();
        for row in ROWS {
            let How::Rung(_) = row.how else { continue };
            let ladder = table.told(mistake(row)).await;
            let mut causes = ladder.causes();
            causes.dedup();
            let cause = row.cause.expect("a cause").code();
            if causes != [cause] {
                wrong.push(format!("{} is {cause} and was told as {causes:?}", row.id));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn what_is_pasted_is_understood_or_refused_with_its_words(desk: Desk) {
        let table = Table::set(desk).await;
        let mut admin = table.admin.clone();
        for row in ROWS.iter().filter(|row| row.how == How::Paste) {
            let cause = row.cause.expect("a cause").code();
            let form = table.form(mistake(row)).expect("something is pasted");
            if cause == "credentials_mixed_up" {
                let path = paths::connection(Provider::Okta);
                let version = version_of(&mut admin, path.clone()).await;
                let reply = admin.put(&path, version, &form).await.expect_status(422);
                assert!(reply.text.contains("client_id_in_secret"), "{}", reply.text);
                continue;
            }
            let body = json!({ "pasted": form["issuer"] });
            let look = admin.post(paths::LOOK, &body).await.expect_status(200).json;
            let notes = look["notes"].as_array().expect("notes");
            assert!(notes.contains(&json!(cause)), "{}: {look:#}", row.id);
        }
    }

    /// 0 false alarms: what this server makes harmless is told as nothing by the checks.
    async fn what_is_harmless_raises_no_alarm(desk: Desk) {
        let mut table = Table::set(desk).await;
        let mut wrong = Vec::new();
        for row in ROWS {
            let quiet = matches!(row.how, How::Prevented | How::Unseen);
            let mistake = mistake(row);
            if !quiet || mistake.elsewhere().is_some() {
                continue;
            }
            let ladder = table.told(mistake).await;
            let alarm = |check: &&Value| {
                let verdict = &check["verdict"];
                *verdict == "failed" || *verdict == "warning" || !FORCED.contains(&row.id)
            };
            let told = ladder.0.iter().filter(|check| !check["cause"].is_null());
            let told: Vec<&Value> = told.filter(alarm).collect();
            if !told.is_empty() {
                wrong.push(format!("{}: {told:?}", row.id));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
