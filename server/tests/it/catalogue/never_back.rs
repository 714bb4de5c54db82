//! Rows in which Okta shows a page of its own and says nothing to us: nothing certain is told, and
//! the likely causes have the right one among them.

use api::{
    Cause, Provider,
    cause::{How, ROWS, Row},
};
use serde_json::Value;

use crate::on_both;

use super::{Scene, mistake_of};

pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.how == How::NeverBack)
}

on_both! {
    async fn who_never_comes_back_is_told_as_likely_only(desk: Desk) {
        let mut scene = Scene::new(&desk, &desk.okta.issuer_org()).await;
        for row in rows() {
            desk.okta.play(mistake_of(row));
            let login = scene.login();
            assert!(scene.sign_in(&login).await.is_none(), "{}: somebody came back", row.id);
            desk.pass(601);
            let attempt = desk.latest(&mut scene.admin).await;
            assert_eq!(attempt["outcome"], "not_completed", "{}: {attempt}", row.id);
            assert!(attempt.get("cause").is_none_or(Value::is_null), "{}: {attempt}", row.id);
            let cause = row.cause.expect("a likely cause");
            for checked in [true, false] {
                assert!(Cause::never_back(Provider::Okta, checked).contains(&cause), "{}", row.id);
            }
            desk.okta.undo_all();
            assert_eq!(scene.told(&scene.login()).await, "", "after {}", row.id);
        }
    }
}
