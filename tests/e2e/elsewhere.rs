//! The same sign-in against npm's certified `oidc-provider`, which nobody here wrote.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use api::Provider;
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    console,
    desk::{ADMIN, Desk},
    life, on_both, told,
};

on_both!(a_provider_that_nobody_here_wrote_signs_people_in, 2);

const CLIENT_ID: &str = "sso-console";
const CLIENT_SECRET: &str = "a-secret-that-is-long-enough-for-the-provider";

/// The running provider. It ends with its standard input, and that with this.
struct Certified {
    issuer: String,
    process: Child,
}

impl Certified {
    fn start(desk: &Desk) -> Self {
        let account = |first: &str, last: &str| {
            json!({
                "sub": format!("sub-of-{first}"), "email": format!("{}@northwind.example", first.to_lowercase()),
                "name": format!("{first} {last}"),
            })
        };
        let wish = json!({
            "port": 0,
            "client": {
                "id": CLIENT_ID, "secret": CLIENT_SECRET, "redirectUri": desk.callback(Provider::Okta),
            },
            "accounts": [account("Ada", "Lovelace"), account("Grace", "Hopper")],
        });
        let mut process = Command::new("node")
            .arg(node().join("oidc-provider.mjs"))
            .arg(wish.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is Node");
        let mut line = String::new();
        let out = process.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("UTF-8");
        let ready: Value = serde_json::from_str(&line).expect("the provider says where it is");
        Self {
            issuer: ready["issuer"].as_str().expect("an issuer").to_owned(),
            process,
        }
    }

    /// Its sign-in page, a button an account, then its question.
    async fn sign_in(&self, browser: &Browser, who: &str) {
        browser.arrive("Sign in to the provider").await;
        browser.press(who).await;
        browser.arrive("Allow access?").await;
        browser.press("Allow").await;
    }
}

impl Drop for Certified {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The folder with npm's packages for the tests.
pub(crate) fn node() -> PathBuf {
    let here = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node");
    told("SSO_CONSOLE_NODE").map_or_else(here, PathBuf::from)
}

async fn a_provider_that_nobody_here_wrote_signs_people_in(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.member(&caller, "Grace", "Hopper").await;
    let provider = Certified::start(desk);
    let admin = desk.browser().await;
    // Its pages have no icon, and browsers ask for one.
    admin.expect_refusal(&format!("{}/favicon.ico", provider.issuer));
    desk.enter(&admin, console::FORM).await;
    console::fill_in(&admin, &provider.issuer, CLIENT_ID, CLIENT_SECRET).await;
    admin.press("Connect now").await;
    provider
        .sign_in(&admin, &format!("Ada Lovelace ({ADMIN})"))
        .await;
    life::go_live(&admin, async |admin| {
        // Asked for anew, but not for the consent that was given before.
        admin.arrive("Sign in to the provider").await;
        admin.press(&format!("Ada Lovelace ({ADMIN})")).await;
    })
    .await;

    let member = desk.browser().await;
    member.expect_refusal(&format!("{}/favicon.ico", provider.issuer));
    member.go("/").await;
    member.press("Sign in with SSO").await;
    provider
        .sign_in(&member, "Grace Hopper (grace@northwind.example)")
        .await;
    member.arrive("You are signed in").await;
    admin.press("Users").await;
    admin.arrive("Users").await;
    assert!(admin.badge("Active", Some("Grace Hopper")).await.is_green());
}
