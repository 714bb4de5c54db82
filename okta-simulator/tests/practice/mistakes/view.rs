//! Everything that a relying party can see of the provider, as lines of text that do not depend on chance.

use std::collections::BTreeMap;

use okta_simulator::Tile;
use serde_json::Value;

use crate::rp::{ADA, Answer, CALLBACK, Rp, VERIFIER, answer, form_request, part, query};

pub(crate) const NATIVE_CALLBACK: &str = "com.northwind.app:/callback";

/// Nobody assigned her.
const NELL: &str = "nell@northwind.example";
const NEWCOMER: &str = "new.comer@northwind.example";

const TREES: [&str; 2] = ["/oauth2/v1", "/oauth2/default/v1"];

#[derive(Debug, PartialEq)]
pub(crate) struct View(Vec<String>);

impl View {
    pub(crate) async fn of(rp: &Rp, native: &str) -> Self {
        let mut view = Self(Vec::new());
        view.metadata(rp).await;
        for tree in TREES {
            view.probes(rp, tree).await;
            view.sign_in(rp, tree).await;
        }
        view.native(rp, native).await;
        for login in [NELL, NEWCOMER] {
            let back = rp.okta.authorize(&rp.authorize_url(TREES[0], &[]), login);
            view.add(
                &format!("sign-in {login}"),
                &without_chance(&format!("{back:?}")),
            );
        }
        view.tile(rp);
        view
    }

    /// Line by line, so that a difference can be read.
    pub(crate) fn assert_same(&self, other: &Self, after: &str) {
        for (honest, now) in self.0.iter().zip(&other.0) {
            assert_eq!(honest, now, "after {after}");
        }
        assert_eq!(self.0.len(), other.0.len(), "after {after}");
    }

    fn add(&mut self, name: &str, seen: &str) {
        self.0.push(format!("{name}: {seen}"));
    }

    fn answered(&mut self, name: &str, answer: &Answer) {
        let seen = format!(
            "{} {} {} {}",
            answer.status,
            answer.header("date"),
            without_chance(answer.location()),
            without_chance(&answer.text)
        );
        self.add(name, &seen);
    }

    async fn metadata(&mut self, rp: &Rp) {
        let one = format!("?client_id={}", rp.client_id);
        for path in [
            "/.well-known/okta-organization",
            "/.well-known/openid-configuration",
            "/oauth2/default/.well-known/openid-configuration",
            "/oauth2/v1/keys",
            "/oauth2/default/v1/keys",
        ] {
            for query in ["", one.as_str()] {
                let answer = rp.get(&format!("{path}{query}")).await;
                self.answered(&format!("{path}{query}"), &answer);
            }
        }
    }

    /// What can be asked without a person.
    async fn probes(&mut self, rp: &Rp, tree: &str) {
        let answer = rp.redeem(tree, "made-up").await;
        self.answered(&format!("{tree} token"), &answer);
        let answer = rp
            .post_as_app(&format!("{tree}/introspect"), &[("token", "made-up")])
            .await;
        self.answered(&format!("{tree} introspect"), &answer);
        let url = rp.authorize_url(tree, &[]);
        let pushed = query(&url);
        let pushed: Vec<(&str, &str)> = pushed
            .iter()
            .filter(|(name, _)| *name != "client_id")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = rp.post_as_app(&format!("{tree}/par"), &pushed).await;
        self.answered(&format!("{tree} par"), &answer);
        for (name, change) in [
            ("silent", [("prompt", "none")]),
            (
                "elsewhere",
                [("redirect_uri", "http://127.0.0.1:9/nowhere")],
            ),
            ("without challenge", [("code_challenge", "")]),
        ] {
            let mut change = change.to_vec();
            if name == "without challenge" {
                change.push(("code_challenge_method", ""));
                change.push(("prompt", "none"));
            }
            let answer = rp.get(&rp.authorize_url(tree, &change)).await;
            self.answered(&format!("{tree} authorize {name}"), &answer);
        }
    }

    async fn sign_in(&mut self, rp: &Rp, tree: &str) {
        let url = rp.authorize_url(tree, &[("scope", "openid profile email offline_access")]);
        let back = match rp.okta.authorize(&url, ADA) {
            Ok(back) => back,
            Err(page) => {
                self.add(&format!("{tree} page"), &format!("{page:?}"));
                String::new()
            }
        };
        let url = rp.authorize_url(tree, &[]);
        let plain = rp.okta.authorize(&url, ADA);
        self.add(
            &format!("{tree} plain"),
            &without_chance(&format!("{plain:?}")),
        );
        self.add(&format!("{tree} back"), &without_chance(&back));
        let Some(code) = back.contains("code=").then(|| query(&back)["code"].clone()) else {
            return;
        };
        let answer = rp.redeem(tree, &code).await;
        if answer.status != 200 {
            return self.answered(&format!("{tree} redeemed"), &answer);
        }
        let tokens = answer.json();
        self.add(
            &format!("{tree} tokens"),
            &format!("{} {}", tokens["expires_in"], tokens["scope"]),
        );
        let id_token = tokens["id_token"].as_str().expect("an ID token");
        self.token(&format!("{tree} ID token"), id_token);
        let access = tokens["access_token"].as_str().expect("an access token");
        self.token(&format!("{tree} access token"), access);
        let userinfo = rp.userinfo(tree, access).await;
        self.answered(&format!("{tree} userinfo"), &userinfo);
        if let Some(refresh) = tokens["refresh_token"].as_str() {
            let params = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
            for _ in 0..2 {
                let answer = rp.post_as_app(&format!("{tree}/token"), &params).await;
                let kept = answer.status == 200 && answer.json()["refresh_token"] == refresh;
                self.add(
                    &format!("{tree} refresh"),
                    &format!("{} {kept}", answer.status),
                );
            }
        }
        let bye = [
            ("id_token_hint", id_token),
            ("post_logout_redirect_uri", "http://127.0.0.1:9/bye"),
        ];
        let answer = rp
            .get(&format!("{tree}/logout?{}", crate::rp::form(&bye)))
            .await;
        self.answered(&format!("{tree} logout"), &answer);
    }

    fn token(&mut self, name: &str, token: &str) {
        if token.split('.').count() != 3 {
            return self.add(name, &format!("{} parts", token.split('.').count()));
        }
        let payload: BTreeMap<String, Value> = part(token, 1)
            .as_object()
            .expect("claims")
            .clone()
            .into_iter()
            .filter(|(name, _)| name != "jti" && name != "at_hash")
            .collect();
        self.add(name, &format!("{} {payload:?}", part(token, 0)["kid"]));
    }

    async fn native(&mut self, rp: &Rp, native: &str) {
        let change = [("client_id", native), ("redirect_uri", NATIVE_CALLBACK)];
        let url = rp.authorize_url(TREES[0], &change);
        let back = rp.okta.authorize(&url, ADA);
        self.add("native sign-in", &without_chance(&format!("{back:?}")));
        let params = [
            ("grant_type", "authorization_code"),
            ("code", "made-up"),
            ("client_id", native),
            ("redirect_uri", NATIVE_CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let request = form_request(&rp.http, &rp.url("/oauth2/v1/token"), &params);
        let answer = answer(request).await;
        self.answered("native token", &answer);
        let request = form_request(
            &rp.http,
            &rp.url("/oauth2/v1/token"),
            &[
                ("grant_type", "authorization_code"),
                ("code", "made-up"),
                ("client_id", &rp.client_id),
                ("client_secret", &rp.secret),
                ("redirect_uri", CALLBACK),
            ],
        );
        self.answered("secret in the body", &crate::rp::answer(request).await);
    }

    fn tile(&mut self, rp: &Rp) {
        let pressed = match rp.okta.press_tile(&rp.client_id, ADA) {
            Tile::Get(url) => format!("GET {url}"),
            Tile::Post { to, id_token } => format!("POST {to} {}", !id_token.is_empty()),
            Tile::Missing => "nothing".to_owned(),
        };
        self.add("tile", &pressed);
    }
}

/// Without codes, request URIs and what a ticket is: they are drawn anew each time.
fn without_chance(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in ["code=", "urn:okta:", "name=\"ticket\" value=\""] {
        let mut from = 0;
        while let Some(at) = text[from..].find(mark).map(|at| from + at + mark.len()) {
            let end = text[at..]
                .find(|letter: char| !letter.is_ascii_alphanumeric())
                .map_or(text.len(), |end| at + end);
            text.replace_range(at..end, "…");
            from = at + "…".len();
        }
    }
    text
}
