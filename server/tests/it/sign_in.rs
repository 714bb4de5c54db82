//! Signing in: who becomes Active, who is refused, and that every refusal has its cause.

use api::Provider;

use crate::on_both;

on_both! {
    async fn an_inactive_user_signs_in_and_becomes_active(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Katherine", "katherine@northwind.example").await;
        assert_eq!(user["status"], "inactive");

        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "katherine@northwind.example")
            .await
            .expect_location("/");
        assert!(browser.is_signed_in().await);
        browser.get("/").await.expect_location("/me");

        let id = user["id"].as_str().expect("an id");
        let detail = admin.get(&api::paths::user(id)).await.expect_status(200).json;
        assert_eq!(detail["user"]["status"], "active");
        assert_eq!(detail["identities"][0]["issuer"], desk.okta.issuer_org());
        let attempt = desk.latest(&mut admin).await;
        assert_eq!(attempt["outcome"], "succeeded");
        assert_eq!(attempt["user"]["name"], "Katherine Member");
    }

    async fn an_okta_user_who_is_unknown_here_is_refused_with_a_reference(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let mut browser = desk.browser();
        let reply = desk.sign_in(&mut browser, Provider::Okta, "zoe@northwind.example").await;
        let reference = reply.reference();
        assert!(!browser.is_signed_in().await);
        let page = browser.get(&reply.location()).await.expect_status(403);
        assert!(page.text.contains(&reference), "{}", page.text);
        let attempt = desk.latest(&mut admin).await;
        assert_eq!(attempt["cause"], "unknown_user");
        assert_eq!(attempt["reference"], reference);
    }
}
