//! What is sent a part at a time ends with the right to it.

use api::paths;
use http_body_util::BodyExt as _;

use crate::{on_both, users::import};

on_both! {
    async fn an_export_breaks_off_when_whoever_asked_may_no_more(desk: Desk) {
        let mut admin = desk.administrator().await;
        // More than one part.
        let file = format!("name,email\n{}", import::rows(1_200));
        let looked = import::looked_at(&mut admin, file).await;
        import::applied(&mut admin, &looked).await;
        let whole = admin.get(paths::EXPORT).await.expect_status(200);
        assert_eq!(whole.text.lines().count(), 1_202);
        let mut body = admin.opened(paths::EXPORT).await;
        let mut lines = 0;
        // The head, and a part.
        for _ in 0..2 {
            let part = body.frame().await.expect("a part").expect("it comes");
            let part = part.into_data().expect("bytes");
            lines += String::from_utf8_lossy(&part).lines().count();
        }
        assert_eq!(lines, 501);
        desk.execute("update users set suspended_at = 1 where role = 'admin'").await;
        assert!(body.frame().await.expect("an end").is_err());
    }

    async fn so_does_that_of_the_audit_log(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut body = admin.opened(paths::AUDIT_EXPORT).await;
        desk.execute("update users set suspended_at = 1 where role = 'admin'").await;
        assert!(body.frame().await.expect("an end").is_err());
    }
}
