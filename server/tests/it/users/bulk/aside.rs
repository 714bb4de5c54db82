//! A login that was assigned in bulk, while a trial put the bonds aside that came of it.

use serde_json::json;

use super::{begun, numbers, people, shown, undone};
use crate::on_both;

on_both! {
    async fn whoever_came_by_the_login_before_the_trial_keeps_it(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 2).await;
        let form = json!({ "action": { "kind": "assign_login" }, "ids": ids, "expected": 2 });
        let job = begun(&mut admin, &form).await;
        desk.execute(
            "insert into suspended_identities (id, user_id, provider, issuer, sub, linked_at)
             select id, id, 'okta', 'https://before.okta.com', '00u1', 1 from users
             where email = 'person0@northwind.example'",
        ).await;
        let back = undone(&mut admin, &job).await;
        assert_eq!(numbers(&back), [2, 2, 1, 1]);
        assert_eq!(shown(&mut admin, &ids[0]).await["okta_login"], "person0@northwind.example");
        assert_eq!(desk.dump().await.rows("suspended_identities").len(), 1);
    }
}
