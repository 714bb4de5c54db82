//! Rows that are told while they are pasted.

use api::{
    Cause,
    cause::{How, ROWS, Row},
    paths,
};
use okta_simulator::{Field, Mistake};
use serde_json::{Value, json};

use crate::{desk::version_of, on_both};

use super::{Scene, mistake_of, row};

pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.how == How::Paste)
}

/// What the first step of the guide has to say of a pasted address.
fn notes(look: &Value) -> Vec<String> {
    let notes = look["notes"].as_array().into_iter().flatten();
    notes.filter_map(Value::as_str).map(str::to_owned).collect()
}

on_both! {
    async fn what_is_pasted_tells_its_row(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut told = 0;
        for row in rows() {
            let cause = row.cause.expect("a row that is told");
            for paste in desk.okta.pastes(mistake_of(row)) {
                if paste.field != Field::Issuer {
                    continue;
                }
                let form = json!({ "pasted": paste.text });
                let look = admin.post(paths::LOOK, &form).await.expect_status(200).json;
                assert_eq!(notes(&look), [cause.code()], "{}: {look}", row.id);
                told += 1;
            }
        }
        assert_eq!(told, 5, "A02 to A06");
        let form = json!({ "pasted": desk.okta.base_url() });
        let look = admin.post(paths::LOOK, &form).await.expect_status(200).json;
        assert!(notes(&look).is_empty() && look["organization"] == "found", "{look}");
    }

    /// B06: the form names both fields, and keeps nothing.
    async fn swapped_credentials_are_told_at_both_fields(desk: Desk) {
        let mut scene = Scene::new(&desk, &desk.okta.issuer_org()).await;
        let path = paths::connection(api::Provider::Okta);
        assert_eq!(row("B06").cause, Some(Cause::CredentialsMixedUp));
        let pastes = desk.okta.pastes(Mistake::B06);
        let text = |field| pastes.iter().find(|paste| paste.field == field).map(|it| it.text.clone());
        let version = version_of(&mut scene.admin, path.clone()).await;
        let form = json!({
            "issuer": desk.okta.issuer_org(),
            "client_id": text(Field::ClientId), "client_secret": text(Field::ClientSecret),
        });
        let reply = scene.admin.put(&path, version, &form).await.expect_status(422);
        assert_eq!(
            reply.faults(),
            ["client_id: secret_in_client_id", "client_secret: client_id_in_secret"]
        );
        assert_eq!(version_of(&mut scene.admin, path).await, version);
    }
}
