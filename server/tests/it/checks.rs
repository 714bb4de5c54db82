//! The checks: an honest provider passes them, and each mistake is told as what it is.

mod endpoints;
mod hostile;
mod private;
mod renewal;
mod turns;
mod words;

use api::{Cause, Provider, paths};
use okta_simulator::{Fault, NewApp};
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk, callback_url, version_of},
    on_both,
};

/// The rungs of a run, by name.
pub(crate) struct Ladder(pub(crate) Vec<Value>);

impl Ladder {
    pub(crate) fn rung(&self, name: &str) -> &Value {
        self.0
            .iter()
            .find(|check| check["kind"] == name)
            .unwrap_or_else(|| panic!("no rung {name} in {:?}", self.0))
    }

    /// Every cause that is told, but those that are only likely.
    pub(crate) fn causes(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter_map(|check| check["cause"].as_str())
            .collect()
    }

    #[track_caller]
    pub(crate) fn all_passed(&self) {
        for check in &self.0 {
            assert_eq!(check["verdict"], "passed", "{check}");
        }
    }

    #[track_caller]
    pub(crate) fn tells(&self, rung: &str, verdict: &str, cause: Cause) {
        let check = self.rung(rung);
        assert_eq!(check["verdict"], verdict, "{:#?}", self.0);
        assert_eq!(check["cause"], cause.code(), "{:#?}", self.0);
    }
}

/// Climbs, as the console does; the lines have to come to an end with the run as it is kept.
pub(crate) async fn climb(admin: &mut Browser, provider: Provider) -> Ladder {
    let reply = admin
        .post(&paths::checks(provider), &json!({ "trigger": "request" }))
        .await
        .expect_status(200);
    let lines: Vec<Value> = reply
        .text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let (end, rungs) = lines.split_last().expect("lines");
    let rungs: Vec<Value> = rungs.iter().map(|line| line["check"].clone()).collect();
    let mut sorted = rungs.clone();
    let kept = end["end"]["checks"].as_array().expect("the run").clone();
    sorted.sort_by_key(|check| kept.iter().position(|it| it["kind"] == check["kind"]));
    for check in &sorted {
        assert!(kept.contains(check), "{check} was told and not kept");
    }
    Ladder(kept)
}

/// Saves settings that differ from those of an honest web app.
pub(crate) async fn save(admin: &mut Browser, form: &Value) {
    let path = paths::connection(Provider::Okta);
    let version = version_of(admin, path.clone()).await;
    admin.put(&path, version, form).await.expect_status(200);
}

/// Where the phone's people are sent back to.
pub(crate) const NATIVE_REDIRECT_URI: &str = "com.okta.northwind:/callback";

pub(crate) fn native(desk: &Desk) -> String {
    desk.okta.create_native_app(
        NewApp::named("Phone")
            .sign_in_redirect(NATIVE_REDIRECT_URI)
            .refresh_token()
            .everyone(),
    )
}

on_both! {
    /// 0 false alarms: nothing of an honest provider is anything but passed.
    async fn an_honest_provider_passes_every_rung_in_both_server_modes(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, client_secret) = desk.web_app();
        let native = native(&desk);
        for (issuer, audience) in [
            (desk.okta.issuer_org(), None),
            (desk.okta.issuer_default(), Some("api://default")),
        ] {
            save(&mut admin, &json!({
                "issuer": issuer, "client_id": client_id, "client_secret": client_secret,
                "native_client_id": native, "audience": audience,
            })).await;
            let ladder = climb(&mut admin, Provider::Okta).await;
            assert_eq!(ladder.0.len(), 9);
            ladder.all_passed();
        }
    }

    async fn google_and_microsoft_have_the_rungs_that_apply(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (id, secret) = desk.okta.create_google_client(
            NewApp::named("Google").sign_in_redirect(&callback_url(Provider::Google)).everyone(),
        );
        let path = paths::connection(Provider::Google);
        admin.put(&path, 0, &json!({ "client_id": id, "client_secret": secret })).await
            .expect_status(200);
        let ladder = climb(&mut admin, Provider::Google).await;
        assert_eq!(ladder.0.len(), 3);
        ladder.all_passed();
        admin.put(&path, 1, &json!({ "client_id": id, "client_secret": format!("{secret}x") })).await
            .expect_status(200);
        climb(&mut admin, Provider::Google).await.tells("secret", "failed", Cause::ClientRefused);
    }

    async fn each_mistake_is_told_as_what_it_is(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, secret) = desk.web_app();
        let honest = json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
        });
        let with = |name: &str, value: Value| {
            let mut form = honest.clone();
            form[name] = value;
            form
        };
        let base = desk.okta.base_url();
        for (form, rung, cause) in [
            (with("client_secret", json!("another-secret-of-forty-characters-00001")), "secret", Cause::ClientRefused),
            (with("client_id", json!("0oaNobodyHasThisId00")), "client", Cause::ClientUnknown),
            (with("client_id", json!(native(&desk))), "client", Cause::ClientIsPublic),
            (with("issuer", json!(format!("{base}/oauth2/ausNobody"))), "discovery", Cause::ServerUnknown),
            (with("audience", json!("api://sso")), "address", Cause::CustomServerExpected),
        ] {
            save(&mut admin, &form).await;
            let ladder = climb(&mut admin, Provider::Okta).await;
            assert_eq!(ladder.rung(rung)["cause"], cause.code(), "{:#?}", ladder.0);
            assert_eq!(ladder.causes(), [cause.code()], "{:#?}", ladder.0);
        }
    }

    /// The name decides which organization answers; a mistyped one answers as well.
    async fn a_wrong_name_is_told_by_the_organization_that_answers(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, secret) = desk.web_app();
        let at = |host: &str| desk.okta.url_for_host(host);
        for (issuer, rung, cause, meant) in [
            (at("nortwhind.okta.localhost"), "organization", Cause::OrganizationUnknown, None),
            (at("northwind-admin.okta.localhost"), "discovery", Cause::AdminDomain,
             Some(at("northwind.okta.localhost"))),
        ] {
            save(&mut admin, &json!({
                "issuer": issuer, "client_id": client_id, "client_secret": secret,
            })).await;
            let ladder = climb(&mut admin, Provider::Okta).await;
            ladder.tells(rung, "failed", cause);
            assert_eq!(ladder.causes(), [cause.code()], "{:#?}", ladder.0);
            let mend = &ladder.rung(rung)["fix"];
            match meant {
                Some(meant) => assert_eq!(*mend, json!({ "action": "take_issuer", "issuer": meant })),
                None => assert!(mend.is_null()),
            }
        }
    }

    /// The redirect URI: missing, or registered in a form that is nearly ours.
    async fn a_redirect_uri_that_is_nearly_right_is_named(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ours = callback_url(Provider::Okta);
        for (registered, cause) in [
            ("http://elsewhere.example/callback".to_owned(), Cause::RedirectUnregistered),
            (format!("{ours}/"), Cause::RedirectSlash),
            (ours.replacen("http://", "https://", 1), Cause::RedirectScheme),
            (ours.replacen("://", "://www.", 1), Cause::RedirectHost),
            (ours.replacen(":8080", "", 1), Cause::RedirectPort),
            (ours.replacen("/callback", "/Callback", 1), Cause::RedirectCase),
        ] {
            let (client_id, secret) = desk.okta.create_web_app(
                NewApp::named("Nearly").sign_in_redirect(&registered).everyone(),
            );
            save(&mut admin, &json!({
                "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
            })).await;
            let ladder = climb(&mut admin, Provider::Okta).await;
            ladder.tells("redirect", "failed", cause);
            assert_eq!(ladder.causes(), [cause.code()], "{registered}: {:#?}", ladder.0);
            if cause != Cause::RedirectUnregistered {
                let seen = ladder.rung("redirect")["received"].as_str().expect("what was seen");
                assert!(seen.contains(&registered), "{seen}");
            }
        }
    }

    /// What worked before and does not any more is another thing than what never did.
    async fn a_secret_or_an_app_that_is_gone_is_told_from_one_that_never_was(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, secret) = desk.web_app();
        let native = native(&desk);
        save(&mut admin, &json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
            "native_client_id": native,
        })).await;
        climb(&mut admin, Provider::Okta).await.all_passed();
        desk.okta.change_app(&client_id, |app| app.secrets.clear());
        let ladder = climb(&mut admin, Provider::Okta).await;
        ladder.tells("secret", "failed", Cause::SecretRotated);
        desk.okta.change_app(&client_id, |app| app.active = false);
        let ladder = climb(&mut admin, Provider::Okta).await;
        ladder.tells("redirect", "failed", Cause::ClientInactive);
        assert_eq!(ladder.causes(), ["client_inactive", "client_inactive"], "{:#?}", ladder.0);
    }

    async fn swapped_client_ids_are_told_and_mended_with_one_click(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, secret) = desk.web_app();
        let native = native(&desk);
        save(&mut admin, &json!({
            "issuer": desk.okta.issuer_org(), "client_id": native, "client_secret": secret,
            "native_client_id": client_id,
        })).await;
        let ladder = climb(&mut admin, Provider::Okta).await;
        ladder.tells("client", "failed", Cause::ClientsSwapped);
        assert_eq!(ladder.rung("client")["fix"], json!({ "action": "swap_client_ids" }));
        assert_eq!(ladder.rung("secret")["verdict"], "skipped");
    }

    /// A provider that is down, slow, or wrong of the hour.
    async fn faults_of_the_provider_are_told(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        for (fault, rung, cause) in [
            (Fault::Down, "discovery", Cause::ProviderUnavailable),
            (Fault::DiscoveryStatus(500), "discovery", Cause::ProviderUnavailable),
            (Fault::DiscoveryStatus(502), "discovery", Cause::ProviderUnavailable),
            (Fault::DiscoveryStatus(429), "discovery", Cause::RateLimited),
            (Fault::DiscoveryStatus(404), "discovery", Cause::MetadataNotFound),
            (Fault::DiscoveryStatus(401), "discovery", Cause::ProviderForbidden),
            (Fault::DiscoveryStatus(403), "discovery", Cause::ProviderForbidden),
            (Fault::ClockSkew(600), "discovery", Cause::ClockSkew),
            (Fault::ClockSkew(-600), "discovery", Cause::ClockFast),
            (Fault::DiscoveryHtml, "discovery", Cause::DiscoveryMalformed),
            (Fault::DiscoveryHuge, "discovery", Cause::DiscoveryMalformed),
            (Fault::DiscoveryRedirect, "discovery", Cause::Redirected),
            (Fault::DiscoveryIssuerMismatch, "discovery", Cause::IssuerMismatch),
            (Fault::DiscoveryOtherHost, "discovery", Cause::DiscoveryMalformed),
            (Fault::KeysEmpty, "keys", Cause::KeysUnreadable),
            (Fault::KeysHuge, "keys", Cause::KeysUnreadable),
            (Fault::KeysHtml, "keys", Cause::KeysUnreadable),
            (Fault::KeysSlow(10_000), "keys", Cause::KeysUnreadable),
            (Fault::KeysDown, "keys", Cause::ProviderUnavailable),
            (Fault::TokenHtml, "secret", Cause::TokenMalformed),
            (Fault::TokenHuge, "secret", Cause::TokenMalformed),
            (Fault::TokenDropped, "secret", Cause::TokenUnreachable),
            (Fault::TokenRedirect, "secret", Cause::Redirected),
            (Fault::TokenSlow(10_000), "secret", Cause::ProviderSlow),
            (Fault::Token500, "secret", Cause::ProviderError),
        ] {
            desk.okta.clear_faults();
            desk.okta.set_fault(fault);
            let ladder = climb(&mut admin, Provider::Okta).await;
            ladder.tells(rung, "failed", cause);
            assert_eq!(ladder.causes(), [cause.code()], "{fault:?}: {:#?}", ladder.0);
        }
        desk.okta.clear_faults();
        climb(&mut admin, Provider::Okta).await.all_passed();
    }

    /// The first step of the guide: what is understood, and what is there.
    async fn a_look_says_what_is_there_and_what_is_not(desk: Desk) {
        let mut admin = desk.administrator().await;
        let look = async |admin: &mut Browser, pasted: &str| {
            admin.post(paths::LOOK, &json!({ "pasted": pasted })).await.expect_status(200).json
        };
        let at = |host: &str| desk.okta.url_for_host(host);
        let found = look(&mut admin, &format!("{}/app/UserHome", at("northwind.okta.localhost"))).await;
        assert_eq!(found["issuer"], at("northwind.okta.localhost"));
        assert_eq!(found["organization"], "found");
        assert_eq!(found["engine"], "identity");
        assert_eq!(found["notes"], json!(["page_address"]));
        assert_eq!(found["servers"][0]["state"], "there");
        assert_eq!(found["servers"][1]["kind"], "default");
        assert_eq!(found["servers"][1]["state"], "there");
        let parked = look(&mut admin, &at("nortwhind.okta.localhost")).await;
        assert_eq!(parked["organization"], "unknown");
        let admin_domain = look(&mut admin, &at("northwind-admin.okta.localhost")).await;
        assert_eq!(admin_domain["suggestion"], at("northwind.okta.localhost"));
        let http = look(&mut admin, "http://acme.okta.com").await;
        assert_eq!(http["fault"], "not_https");
        assert_eq!(http["suggestion"], "https://acme.okta.com");
        assert_eq!(look(&mut admin, "https://{yourOktaDomain}").await["fault"], "placeholder");
        let inside = look(&mut admin, "https://intranet.internal").await;
        assert_eq!(inside["organization"], "unreachable", "{inside}");
    }

    /// What is kept and what is told has nothing of the secret, and the audit log has a row.
    async fn a_run_is_kept_and_shown_without_a_secret(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let (client_id, secret) = desk.web_app();
        save(&mut admin, &json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
        })).await;
        climb(&mut admin, Provider::Okta).await.all_passed();
        let report = admin.get(&paths::checks(Provider::Okta)).await.expect_status(200);
        assert!(!report.text.contains(&secret));
        assert_eq!(report.json["latest"]["verdict"], "passed");
        assert_eq!(report.json["latest"]["up_to_date"], true);
        assert_eq!(report.json["history"].as_array().expect("a list").len(), 1);
        save(&mut admin, &json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "audience": "api://x",
        })).await;
        let report = admin.get(&paths::checks(Provider::Okta)).await.expect_status(200);
        assert_eq!(report.json["latest"]["up_to_date"], false);
    }

    async fn the_guide_is_kept_between_visits_and_takes_nothing_odd(desk: Desk) {
        let mut admin = desk.administrator().await;
        let empty = admin.get(paths::GUIDE).await.expect_status(200).json;
        assert_eq!(empty, json!({ "completed_steps": [] }));
        let notes = json!({ "issuer": "company-admin.okta.com", "completed_steps": ["web_app"] });
        admin.put(paths::GUIDE, 0, &notes).await.expect_status(200);
        let kept = admin.get(paths::GUIDE).await.expect_status(200).json;
        assert_eq!(kept, json!({ "issuer": "https://company.okta.com", "completed_steps": ["web_app"] }));
        for odd in [
            json!({ "completed_steps": ["<b>"] }),
            json!({ "completed_steps": [], "issuer": "https://10.0.0.1" }),
            json!({ "completed_steps": [], "secret": "x" }),
        ] {
            admin.put(paths::GUIDE, 0, &odd).await.expect_status(422);
        }
    }

    async fn the_guide_goes_on_from_the_issuer_that_was_saved(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, secret) = desk.web_app();
        let form = json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
        });
        save(&mut admin, &form).await;
        let kept = admin.get(paths::GUIDE).await.expect_status(200).json;
        assert_eq!(kept, json!({ "completed_steps": [] }), "it was not begun");
        let notes = json!({ "issuer": "https://elsewhere.okta.com", "completed_steps": ["web_app"] });
        admin.put(paths::GUIDE, 0, &notes).await.expect_status(200);
        save(&mut admin, &form).await;
        let kept = admin.get(paths::GUIDE).await.expect_status(200).json;
        assert_eq!(kept, json!({ "issuer": desk.okta.issuer_org(), "completed_steps": ["web_app"] }));
    }
}
