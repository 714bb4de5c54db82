//! What is nobody's mistake, or what this server makes harmless: whoever signs in is let in.

use api::cause::{How, ROWS};
use okta_simulator::Mistake;

use crate::{desk::Desk, on_both};

use super::{LOGIN, Scene, mistake_of};

/// Rows in which another relying party sends what this one never does: there the practice Okta
/// answers as it would answer that one, and a refusal is all that can be seen.
const ANOTHERS: [&str; 5] = ["C16", "C17", "C18", "F14", "F18"];

/// Ways of Okta's that are no mistakes, but for an empty key set and for slowness.
const WAYS: [Mistake; 7] = [
    Mistake::O01,
    Mistake::O02,
    Mistake::O03,
    Mistake::O04,
    Mistake::O05,
    Mistake::O08,
    Mistake::O09,
];

async fn nobody_is_refused(desk: &Desk, issuer: String) {
    let scene = Scene::new(desk, &issuer).await;
    scene.mended("nothing").await;
    let prevented = ROWS
        .iter()
        .filter(|row| matches!(row.how, How::Prevented | How::Unseen))
        .filter(|row| !ANOTHERS.contains(&row.id))
        .map(mistake_of);
    for mistake in prevented.chain(WAYS) {
        desk.okta.play(mistake);
        let login = scene.login();
        assert_eq!(scene.told(&login).await, "", "{}", mistake.id());
        scene.mended(mistake.id()).await;
    }
    // Only the mistake is to blame for what the others are told.
    let causes = ROWS.iter().filter_map(|row| row.cause);
    for row in ROWS
        .iter()
        .filter(|row| ANOTHERS.contains(&row.id) && row.id != "C17")
    {
        desk.okta.play(mistake_of(row));
        let told = scene.told(LOGIN).await;
        assert!(
            !told.is_empty() && causes.clone().all(|cause| cause.code() != told),
            "{} is told as {told}",
            row.id
        );
        scene.mended(row.id).await;
    }
}

on_both! {
    async fn harmless_rows_at_the_org_server_let_everybody_in(desk: Desk) {
        let issuer = desk.okta.issuer_org();
        nobody_is_refused(&desk, issuer).await;
    }

    async fn harmless_rows_at_a_custom_server_let_everybody_in(desk: Desk) {
        let issuer = desk.okta.issuer_default();
        nobody_is_refused(&desk, issuer).await;
    }

    async fn a_custom_domain_lets_everybody_in(desk: Desk) {
        desk.okta.play(Mistake::O08);
        let issuer = desk.okta.url_for_host("login.northwind.localhost");
        let scene = Scene::new(&desk, &issuer).await;
        assert_eq!(scene.told(LOGIN).await, "");
    }
}
