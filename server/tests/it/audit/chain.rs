//! Behind the server's back: whatever is done to the log is found.

use api::paths;
use serde_json::json;
use server::{audit::verify, db::Db};

use super::{by_password, renamed};
use crate::{desk::Desk, on_both};

/// The number of the first row that is not as it was written.
async fn fault(desk: &Desk) -> Option<i64> {
    let finding = verify(&desk.app.db).await.expect("it can be read");
    finding.fault.map(|(seq, _)| seq)
}

on_both! {
    async fn a_log_that_nobody_touched_is_whole(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 5).await;
        let finding = verify(&desk.app.db).await.expect("it can be read");
        assert_eq!((finding.rows, finding.pruned, finding.fault), (6, 0, None));
        assert_eq!(finding.head.len(), 64);
    }

    async fn each_way_to_alter_it_is_found_at_its_row(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 5).await;
        desk.execute("create table kept as select * from audit_events").await;
        let table: [(&'static str, i64); 8] = [
            ("update audit_events set detail = '{}' where seq = 3", 3),
            ("update audit_events set actor_name = 'Mallory' where seq = 1", 1),
            ("update audit_events set target = '' where seq = 4 and target is null", 4),
            ("update audit_events set at = at + 1 where seq = 6", 6),
            ("delete from audit_events where seq = 2", 2),
            ("delete from audit_events where seq = 6", 6),
            ("update audit_events set seq = 99 where seq = 2; update audit_events set seq = 2
              where seq = 3; update audit_events set seq = 3 where seq = 99", 2),
            ("insert into audit_events select 7, 'x', at, actor_id, actor_name, event, target, detail,
              address, request_id, hash from audit_events where seq = 6", 7),
        ];
        for (sql, row) in table {
            desk.execute(sql).await;
            assert_eq!(fault(&desk).await, Some(row), "{sql}");
            desk.execute("delete from audit_events; insert into audit_events select * from kept").await;
            assert_eq!(fault(&desk).await, None, "after {sql}");
        }
        desk.execute("update audit_head set seq = 5").await;
        assert_eq!(fault(&desk).await, Some(6));
        desk.execute("delete from audit_head").await;
        assert_eq!(fault(&desk).await, Some(0));
        // And without an end nothing can be done that would have to be written.
        let name = json!({ "name": "X" });
        admin.put(paths::ORGANIZATION, 6, &name).await.expect_status(500);
    }

    async fn rows_from_before_the_chain_begin_it(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 3).await;
        desk.execute(
            "update audit_events set hash = null; update audit_head set hash = substr(hash, 1, 0)",
        ).await;
        assert_eq!(fault(&desk).await, None);
        renamed_again(&mut admin).await;
        let finding = verify(&desk.app.db).await.expect("it can be read");
        assert_eq!((finding.rows, finding.fault), (5, None));
    }

    async fn many_at_once_on_two_nodes_make_one_chain(desk: Desk) {
        let admin = desk.administrator().await;
        let other = desk.another().await;
        let mut elsewhere = by_password(&other).await;
        let turns = (0..20).map(|turn| {
            let mut browser = if turn % 2 == 0 { admin.clone() } else { elsewhere.clone() };
            async move {
                let user = json!({
                    "name": format!("U {turn}"), "email": format!("u{turn}@x.example"), "role": "member",
                });
                browser.post(paths::USERS, &user).await.expect_status(201);
            }
        });
        futures_util::future::join_all(turns).await;
        let finding = verify(&desk.app.db).await.expect("it can be read");
        assert_eq!((finding.rows, finding.fault), (22, None));
        elsewhere.get(paths::AUDIT).await.expect_status(200);
    }

    async fn what_is_undone_leaves_no_gap(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = json!({ "name": "G", "email": "g@x.example", "role": "member" });
        admin.post(paths::USERS, &user).await.expect_status(201);
        admin.post(paths::USERS, &user).await.expect_status(422);
        admin.put(paths::ORGANIZATION, 9, &json!({ "name": "X" })).await.expect_status(412);
        admin.put(paths::ORGANIZATION, 1, &json!({ "name": "X" })).await.expect_status(200);
        let finding = verify(&desk.app.db).await.expect("it can be read");
        assert_eq!((finding.rows, finding.fault), (3, None));
    }

    async fn it_is_whole_while_it_is_written(desk: Desk) {
        let admin = desk.administrator().await;
        let db = Db::open(&desk.location, 1).expect("beside the server");
        let mut writer = admin.clone();
        let write = async { renamed(&mut writer, 30).await };
        let read = async {
            for _ in 0..10 {
                let finding = verify(&db).await.expect("it can be read");
                assert_eq!(finding.fault, None);
            }
        };
        tokio::join!(write, read);
    }
}

async fn renamed_again(admin: &mut crate::desk::Browser) {
    let name = json!({ "name": "Again" });
    admin
        .put(paths::ORGANIZATION, 4, &name)
        .await
        .expect_status(200);
}
