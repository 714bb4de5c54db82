//! The webhook: signed messages, at least once, always with the same id, for a day at most.

use std::sync::{Arc, Mutex};

use api::{Provider, date, paths};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    desk::{Browser, Desk, Reply},
    on_both,
};

/// Somebody's receiver: keeps what comes, and answers what it is told to.
#[derive(Clone)]
struct Receiver {
    url: String,
    stage: Arc<Mutex<(u16, Vec<Message>)>>,
}

#[derive(Clone, Debug)]
struct Message {
    id: String,
    timestamp: String,
    signatures: Vec<String>,
    body: String,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let stage = Arc::new(Mutex::new((204, Vec::new())));
        let receiver = Self { url, stage };
        let router = Router::new().fallback(receive).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    fn answers(&self, status: u16) {
        self.stage.lock().expect("a receiver").0 = status;
    }

    fn messages(&self) -> Vec<Message> {
        self.stage.lock().expect("a receiver").1.clone()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|it| it.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let message = Message {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signatures: header("webhook-signature")
            .split(' ')
            .map(str::to_owned)
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let mut stage = receiver.stage.lock().expect("a receiver");
    stage.1.push(message);
    StatusCode::from_u16(stage.0).expect("a status")
}

/// As a receiver computes it, from the scheme's own description.
fn signature(secret: &str, message: &Message) -> String {
    use aws_lc_rs::hmac;
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").expect("a prefix"))
        .expect("base64");
    assert_eq!(key.len(), 32);
    let signed = format!("{}.{}.{}", message.id, message.timestamp, message.body);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

async fn shown(admin: &mut Browser) -> Value {
    admin.get(paths::WEBHOOK).await.expect_status(200).json
}

async fn save(admin: &mut Browser, url: &str) -> Reply {
    let version = shown(admin).await["version"].as_i64().expect("a version");
    admin
        .put(paths::WEBHOOK, version, &json!({ "url": url }))
        .await
}

/// Something happens that is told: the secret runs out in some days.
async fn happen(desk: &Desk, admin: &mut Browser, days: i64) {
    let on = &date::timestamp(desk.app.clock.now() + days * 86_400_000)[..10];
    let path = paths::secret(Provider::Okta);
    let version = admin.get(&path).await.json["version"]
        .as_i64()
        .expect("a version");
    admin
        .put(&path, version, &json!({ "expires_on": on }))
        .await
        .expect_status(200);
}

async fn tidy(desk: &Desk) {
    server::tidy_once(&desk.app).await.expect("tidied");
}

on_both! {
    async fn a_notice_is_delivered_signed_and_the_secret_is_shown_once(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.connected().await;
        let saved = save(&mut admin, &receiver.url).await.expect_status(200).json;
        let secret = saved["secret"].as_str().expect("a secret").to_owned();
        assert_eq!(saved["webhook"]["secret_set_by"], "Ada Lovelace");
        let again = save(&mut admin, &receiver.url).await.expect_status(200);
        assert!(again.json["secret"].is_null() && !again.text.contains(&secret));
        assert!(!shown(&mut admin).await.to_string().contains(&secret));
        for (table, column, bytes) in desk.dump().await.cells() {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains(&secret), "{table}.{column} has the signing secret");
        }

        happen(&desk, &mut admin, 7).await;
        tidy(&desk).await;
        let messages = receiver.messages();
        assert_eq!(messages.len(), 1, "{messages:?}");
        let message = &messages[0];
        assert_eq!(message.signatures, [signature(&secret, message)]);
        let body: Value = serde_json::from_str(&message.body).expect("JSON");
        assert_eq!(body["type"], "sso_console.secret_expiring");
        assert_eq!(body["data"]["provider"], "okta");
        assert_eq!(body["data"]["days"], 7);
        let seconds: i64 = message.timestamp.parse().expect("seconds");
        assert!((seconds - desk.app.clock.now() / 1000).abs() < 60);
        let delivery = shown(&mut admin).await["deliveries"][0].clone();
        assert_eq!(delivery["id"], message.id.as_str());
        assert_eq!(delivery["state"], "delivered");
        assert_eq!(delivery["status"], 204);
        tidy(&desk).await;
        assert_eq!(receiver.messages().len(), 1, "a delivered message was sent again");
    }

    async fn two_nodes_deliver_a_message_once(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.connected().await;
        save(&mut admin, &receiver.url).await.expect_status(200);
        let other = desk.another().await;
        for days in [29, 13, 6] {
            happen(&desk, &mut admin, days).await;
            let all = tokio::join!(
                server::tidy_once(&desk.app), server::tidy_once(&other.app),
                server::tidy_once(&desk.app), server::tidy_once(&other.app),
            );
            for result in [all.0, all.1, all.2, all.3] {
                result.expect("tidied");
            }
        }
        let mut ids: Vec<_> = receiver.messages().into_iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), 3, "{ids:?}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 3, "a message came twice");
    }

    async fn a_receiver_that_is_down_gets_the_same_id_later_and_after_a_day_it_is_given_up(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.connected().await;
        save(&mut admin, &receiver.url).await.expect_status(200);
        receiver.answers(503);
        happen(&desk, &mut admin, 7).await;
        tidy(&desk).await;
        tidy(&desk).await;
        assert_eq!(receiver.messages().len(), 1, "it was tried again at once");
        let waiting = shown(&mut admin).await["deliveries"][0].clone();
        assert_eq!(waiting["state"], "pending");
        assert_eq!(waiting["fault"], "status");
        assert_eq!(waiting["status"], 503);
        assert!(waiting["next_at"].as_i64() > Some(desk.app.clock.now()));
        desk.pass(11);
        receiver.answers(200);
        tidy(&desk).await;
        let messages = receiver.messages();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].id, messages[1].id);
        assert_eq!(messages[0].body, messages[1].body);
        assert_eq!(shown(&mut admin).await["deliveries"][0]["attempts"], 2);

        receiver.answers(500);
        happen(&desk, &mut admin, 1).await;
        for _ in 0..30 {
            tidy(&desk).await;
            desk.pass(3_600);
        }
        let mut admin = desk.browser_of_admin().await;
        let failed = shown(&mut admin).await["deliveries"].clone();
        let failed = failed.as_array().expect("deliveries").iter()
            .find(|it| it["state"] == "failed").expect("one is given up").clone();
        assert!(failed["attempts"].as_i64() > Some(5), "{failed}");
        let count = receiver.messages().iter().filter(|it| failed["id"] == it.id.as_str()).count();
        assert_eq!(failed["attempts"].as_u64(), u64::try_from(count).ok());
    }

    async fn a_node_that_dies_in_the_middle_leaves_the_message_to_another(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.connected().await;
        save(&mut admin, &receiver.url).await.expect_status(200);
        happen(&desk, &mut admin, 7).await;
        tidy(&desk).await;
        // As a node leaves it that sent the message and died before it could say so.
        desk.execute("update deliveries set state = 'pending', status = null").await;
        let other = desk.another().await;
        tidy(&other).await;
        let early = receiver.messages().len();
        desk.pass(31);
        tidy(&other).await;
        let messages = receiver.messages();
        assert_eq!(messages.len(), early + 1);
        assert_eq!(messages[early].id, messages[early - 1].id);
    }

    async fn a_new_secret_signs_beside_the_old_one_for_a_day(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.connected().await;
        let first = save(&mut admin, &receiver.url).await.json["secret"].as_str().expect("a secret").to_owned();
        let version = shown(&mut admin).await["version"].as_i64().expect("a version");
        let stale = admin.post_version(paths::WEBHOOK_ROTATE, version + 7).await;
        assert_eq!(stale.expect_status(412).code(), "changed");
        let rotated = admin.post_version(paths::WEBHOOK_ROTATE, version).await.expect_status(200).json;
        let second = rotated["secret"].as_str().expect("a secret").to_owned();
        assert_ne!(first, second);
        let tested = admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(200).json;
        assert_eq!(tested["state"], "delivered");
        let message = receiver.messages().pop().expect("a message");
        assert_eq!(message.signatures, [signature(&second, &message), signature(&first, &message)]);
        desk.pass(24 * 3600);
        let mut admin = desk.browser_of_admin().await;
        admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(200);
        let message = receiver.messages().pop().expect("a message");
        assert_eq!(message.signatures, [signature(&second, &message)]);
    }

    async fn a_test_says_how_it_went_and_is_not_repeated(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.administrator().await;
        let none = admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(409);
        assert_eq!(none.code(), "illegal_move");
        save(&mut admin, &receiver.url).await.expect_status(200);
        for (status, state, fault) in [
            (200, "delivered", Value::Null), (404, "failed", json!("status")),
            (302, "failed", json!("redirected")),
        ] {
            receiver.answers(status);
            let tested = admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(200).json;
            assert_eq!((&tested["state"], &tested["fault"]), (&json!(state), &fault), "{tested}");
            assert_eq!(tested["status"], status);
        }
        let before = receiver.messages().len();
        desk.pass(600);
        tidy(&desk).await;
        assert_eq!(receiver.messages().len(), before);
        // Nobody is there.
        save(&mut admin, "http://127.0.0.1:9/hook").await.expect_status(200);
        let tested = admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(200).json;
        assert_eq!(tested["fault"], "unreachable");
    }

    async fn a_test_is_no_way_to_knock_at_somebody_without_end(desk: Desk) {
        let receiver = Receiver::start().await;
        let admin = desk.administrator().await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let mut admin = admin.at(&limited);
        save(&mut admin, &receiver.url).await.expect_status(200);
        for _ in 0..2 {
            admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(200);
        }
        admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(429);
    }

    async fn an_address_that_this_server_must_not_call_is_refused(desk: Desk) {
        let admin = desk.administrator().await;
        let public = desk.another_with(|it| it.loopback = api::Loopback::Refused).await;
        let mut admin = admin.at(&public);
        let before = desk.dump().await;
        for (url, fault) in [
            ("http://hooks.example/", "not_https"), ("https://127.0.0.1/", "ip_address"),
            ("https://0x7f.0.0.1/", "ip_address"), ("https://localhost./", "not_an_address"),
            ("https://localhost%00.hooks.example/", "not_an_address"), ("https://[::1]/", "ip_address"),
            ("https://hooks.example:8443/x", "port"), ("https://127.0.0.0x1/", "ip_address"),
            ("https://localhost/", "not_an_address"), ("https://10.0.0.1/", "ip_address"),
            ("https://169.254.169.254/latest/meta-data", "ip_address"),
            ("https://me:pw@hooks.example/", "credentials"), ("gopher://hooks.example/", "not_https"),
            ("hooks", "not_an_address"),
        ] {
            let reply = save(&mut admin, url).await.expect_status(422);
            assert_eq!(reply.faults(), [format!("url: {fault}")], "{url}");
        }
        assert!(before == desk.dump().await);
        // What a form lets through, the client still refuses when it connects.
        save(&mut admin, "https://hooks.example/x").await.expect_status(200);
        desk.execute("update webhook set url = 'https://hooks.example:8443/x'").await;
        let tested = admin.post(paths::WEBHOOK_TEST, &Value::Null).await.expect_status(200).json;
        assert_eq!(tested["fault"], "refused");
    }

    async fn taking_the_webhook_away_gives_up_what_waits(desk: Desk) {
        let receiver = Receiver::start().await;
        let mut admin = desk.connected().await;
        save(&mut admin, &receiver.url).await.expect_status(200);
        receiver.answers(503);
        happen(&desk, &mut admin, 7).await;
        tidy(&desk).await;
        let before = desk.audit().await.len();
        let saved = save(&mut admin, " ").await.expect_status(200).json;
        assert!(saved["webhook"]["url"].is_null());
        assert_eq!(saved["webhook"]["deliveries"][0]["state"], "failed");
        assert_eq!(desk.acts_since(before).await, ["webhook.saved"]);
        desk.pass(600);
        happen(&desk, &mut admin, 1).await;
        tidy(&desk).await;
        assert_eq!(receiver.messages().len(), 1);
    }
}
