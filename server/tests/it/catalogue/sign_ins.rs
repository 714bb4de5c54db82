//! Rows that a sign-in tells which comes back.

use api::{Cause, Provider, cause::How, cause::ROWS, connections::MatchBy, paths};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use okta_simulator::Tile;

use crate::on_both;

use super::{LOGIN, ON_A_PHONE, Scene, mistake_of, row, told};

/// Rows in which an account is met for the first time: nothing is known of it but its names.
const NEW_HERE: [&str; 5] = ["D17", "E10", "E13", "E14", "E16"];

/// Rows that somebody plays in a browser.
pub(crate) const IN_A_BROWSER: [&str; 4] = ["C19", "F09", "F10", "F12"];

/// Rows that only a connection knows which matches users by e-mail.
const BY_EMAIL: [&str; 1] = ["E15"];

async fn play(scene: &Scene<'_>, id: &str) {
    let row = row(id);
    let cause = row.cause.expect("a row that is told");
    scene.desk.okta.play(mistake_of(row));
    let login = match id {
        "E08" => "new.comer@northwind.example".to_owned(),
        "E12" => LOGIN.to_owned(),
        _ => scene.login(),
    };
    assert_eq!(
        scene.told(&login).await,
        cause.code(),
        "{id}: {}",
        row.mistake
    );
    scene.desk.okta.undo_all();
    scene.desk.pass(60);
}

/// The rows that a sign-in tells and the practice Okta plays.
pub(crate) fn rows() -> impl Iterator<Item = &'static str> {
    ROWS.iter()
        .filter(|row| row.how == How::SignIn && !ON_A_PHONE.contains(&row.id))
        .map(|row| row.id)
        .filter(|id| !IN_A_BROWSER.contains(id))
}

on_both! {
    async fn a_sign_in_that_comes_back_tells_its_row(desk: Desk) {
        let scene = Scene::new(&desk, &desk.okta.issuer_org()).await;
        let policies = |id: &&str| id.starts_with('D') && *id != "D18";
        for id in rows().filter(|id| NEW_HERE.contains(id) && !policies(id)) {
            play(&scene, id).await;
        }
        scene.mended("new accounts").await;
        let others = |id: &&str| !NEW_HERE.contains(id) && !BY_EMAIL.contains(id) && !policies(id);
        for id in rows().filter(others) {
            play(&scene, id).await;
            scene.mended(id).await;
        }
    }

    async fn sign_in_matched_by_email_tells_its_row(desk: Desk) {
        let issuer = desk.okta.issuer_org();
        let scene = Scene::matched_by(&desk, &issuer, MatchBy::Email).await;
        for id in BY_EMAIL {
            play(&scene, id).await;
            scene.mended(id).await;
        }
    }

    async fn a_sign_in_at_a_custom_server_tells_its_row(desk: Desk) {
        let scene = Scene::new(&desk, &desk.okta.issuer_default()).await;
        let policies = |id: &&str| id.starts_with('D');
        for id in rows().filter(policies).filter(|id| NEW_HERE.contains(id)) {
            play(&scene, id).await;
        }
        scene.mended("new accounts").await;
        for id in rows().filter(policies).filter(|id| !NEW_HERE.contains(id)) {
            play(&scene, id).await;
            scene.mended(id).await;
        }
    }

    /// C19, F09, F10, F12.
    async fn what_a_browser_does_wrong_tells_its_row(desk: Desk) {
        let scene = Scene::new(&desk, &desk.okta.issuer_org()).await;
        let expected = |id: &str| row(id).cause.map_or("", Cause::code);

        let mut browser = desk.browser();
        let back = desk.until_callback(&mut browser, Provider::Okta, LOGIN).await;
        let reply = desk.browser().get(&back).await;
        assert_eq!(told(&desk, &reply).await, expected("F09"));
        browser.get(&back).await.expect_location("/");
        // With a session the person is where they wanted to be.
        browser.cookies.remove("__Host-sso_session");
        let reply = browser.get(&back).await;
        assert_eq!(told(&desk, &reply).await, expected("F10"));
        let reply = desk.browser().get(&paths::auth_callback(Provider::Okta)).await;
        assert_eq!(told(&desk, &reply).await, expected("F12"));

        desk.okta.play(mistake_of(row("C19")));
        let app = desk.okta.apps()[0].id.clone();
        let Tile::Post { to, id_token } = desk.okta.press_tile(&app, LOGIN) else {
            panic!("the tile sends no token");
        };
        let mut browser = desk.browser();
        let request = Request::builder()
            .method(Method::POST)
            .uri(to.strip_prefix(crate::desk::PUBLIC_URL).expect("our callback"))
            .header(header::ORIGIN, desk.okta.base_url())
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("id_token={id_token}")))
            .expect("a request");
        let reply = browser.send(request).await;
        assert_eq!(told(&desk, &reply).await, expected("C19"));
        assert!(!browser.is_signed_in().await);
        scene.mended("C19").await;
    }
}
