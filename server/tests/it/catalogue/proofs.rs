//! Rows that an administrator's round trip shows by the claims that came.

use api::{
    Cause, Provider,
    cause::{How, ROWS, Row},
    connections::ClaimNote,
    paths,
};

use crate::{
    desk::{ADMIN, Desk},
    on_both,
};

use super::{Scene, mistake_of};

pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.how == How::Verification)
}

/// The causes of what a round trip has to say of the claims, each once.
async fn noted(scene: &mut Scene<'_>) -> Vec<&'static str> {
    scene
        .desk
        .round_trip(&mut scene.admin, Provider::Okta, ADMIN)
        .await
        .expect_location("/settings/integrations/sso/okta?proved=1");
    let path = paths::connection(Provider::Okta);
    let connection = scene.admin.get(&path).await.expect_status(200).json;
    let notes = connection["verification"]["notes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut causes: Vec<&str> = notes
        .into_iter()
        .map(|note| serde_json::from_value::<ClaimNote>(note).expect("a note"))
        .map(|note| note.fault.cause().code())
        .collect();
    causes.dedup();
    causes
}

async fn shown(desk: &Desk) {
    let mut scene = Scene::new(desk, &desk.okta.issuer_default()).await;
    assert!(
        noted(&mut scene).await.is_empty(),
        "an honest server is found fault with"
    );
    for row in rows() {
        desk.okta.play(mistake_of(row));
        let told = noted(&mut scene).await;
        assert_eq!(
            told,
            [row.cause.map_or("", Cause::code)],
            "{}: {}",
            row.id,
            row.mistake
        );
        desk.okta.undo_all();
        assert!(noted(&mut scene).await.is_empty(), "after {}", row.id);
    }
}

on_both! {
    async fn the_claims_of_a_round_trip_tell_their_row(desk: Desk) {
        shown(&desk).await;
    }
}
