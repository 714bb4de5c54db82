//! Any sequence of moves, compared with a model of the connection's life that is written down here
//! once more, in another way: what every answer is, and where every connection stands after it.

use api::{Provider, paths};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use super::{okta_form, save, shown};
use crate::{
    desk::{ADMIN, Browser, Desk, PASSWORD, callback_url, version_of},
    on_both,
};

/// What somebody does next.
#[derive(Clone, Copy, Debug)]
enum Step {
    Save(Provider),
    Prove(Provider),
    Enable(Provider),
    Disable(Provider),
    /// From the session of a password.
    Confirm,
    /// From a new session that came through Okta.
    ConfirmFromOkta,
    Undo,
    /// A quarter of an hour goes by.
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    let provider = || prop_oneof![3 => Just(Provider::Okta), 2 => Just(Provider::Google)];
    prop_oneof![
        3 => provider().prop_map(Step::Save),
        5 => provider().prop_map(Step::Prove),
        8 => provider().prop_map(Step::Enable),
        2 => provider().prop_map(Step::Disable),
        3 => Just(Step::Confirm),
        3 => Just(Step::ConfirmFromOkta),
        1 => Just(Step::Undo),
        1 => Just(Step::Wait),
    ]
}

/// One connection in the model: the numbers of its settings, and whether the draft is proved.
#[derive(Clone, Debug)]
struct One {
    state: &'static str,
    live: Option<u32>,
    draft: Option<(u32, bool)>,
}

const NEW: One = One {
    state: "not_connected",
    live: None,
    draft: None,
};

/// The model: what the rules say, in as few words as possible.
#[derive(Debug)]
struct Model {
    okta: One,
    google: One,
    /// Both as they were when the trial began.
    trial: Option<(One, One)>,
    saved: u32,
}

type Refused = &'static str;

impl Model {
    fn of(&mut self, provider: Provider) -> &mut One {
        match provider {
            Provider::Okta => &mut self.okta,
            Provider::Google | Provider::Microsoft => &mut self.google,
        }
    }

    fn act(&mut self, step: Step) -> Result<(), Refused> {
        match step {
            Step::Save(provider) => {
                self.saved += 1;
                let draft = Some((self.saved, false));
                let it = self.of(provider);
                it.draft = draft;
                if ["not_connected", "verified"].contains(&it.state) {
                    it.state = "draft";
                }
            }
            Step::Prove(provider) => {
                let it = self.of(provider);
                match (&mut it.draft, it.live) {
                    (Some((_, proved)), _) => *proved = true,
                    (None, Some(_)) => {}
                    (None, None) => return Err("illegal_move"),
                }
                if it.state == "draft" {
                    it.state = "verified";
                }
            }
            Step::Enable(provider) => {
                let it = self.of(provider);
                if it.state == "trial" || (is_on(it) && it.draft.is_none()) {
                    return Err("illegal_move");
                }
                let (chosen, proved) = match (it.draft, it.live) {
                    (Some((_, false)), Some(live)) if !is_on(it) => (live, true),
                    (Some(draft), _) => draft,
                    (None, Some(live)) => (live, true),
                    (None, None) => return Err("illegal_move"),
                };
                return self.on(provider, chosen, proved);
            }
            Step::Disable(provider) => {
                let it = self.of(provider);
                if it.state != "connected" {
                    return Err("illegal_move");
                }
                it.state = "disabled";
            }
            Step::Confirm if self.trial.is_some() => return Err("confirm_from_okta"),
            Step::Confirm => return Err("illegal_move"),
            Step::ConfirmFromOkta => {
                self.trial.take().ok_or("illegal_move")?;
                self.okta.state = "connected";
            }
            Step::Undo => return self.undo().ok_or("illegal_move"),
            Step::Wait => drop(self.undo()),
        }
        Ok(())
    }

    fn on(&mut self, provider: Provider, chosen: u32, proved: bool) -> Result<(), Refused> {
        if provider == Provider::Google && is_on(&self.okta) {
            return Err("okta_active");
        }
        if !proved {
            return Err("lockout_risk");
        }
        let before = (self.okta.clone(), self.google.clone());
        let it = self.of(provider);
        it.live = Some(chosen);
        it.draft = it.draft.filter(|(draft, _)| *draft != chosen);
        it.state = "connected";
        if provider == Provider::Okta {
            self.okta.state = "trial";
            if is_on(&self.google) {
                self.google.state = "disabled_by_okta";
            }
            self.trial = Some(before);
        }
        Ok(())
    }

    fn undo(&mut self) -> Option<()> {
        let (okta, google) = self.trial.take()?;
        let draft = self.okta.draft.or(okta.draft);
        self.okta = One { draft, ..okta };
        if self.okta.state == "verified" && draft.is_some_and(|(_, proved)| !proved) {
            self.okta.state = "draft";
        }
        if is_on(&google) {
            self.google.state = google.state;
        }
        Some(())
    }
}

fn is_on(it: &One) -> bool {
    ["trial", "connected"].contains(&it.state)
}

/// Does it for real; the code of the refusal if it was refused.
async fn act(desk: &Desk, admin: &mut Browser, step: Step) -> Result<(), String> {
    let reply = match step {
        Step::Save(provider) => {
            let form = match provider {
                Provider::Okta => okta_form(desk),
                Provider::Google | Provider::Microsoft => google_form(desk),
            };
            save(admin, provider, &form).await
        }
        Step::Prove(provider) => {
            let begun = admin.post(&paths::connect(provider), &Value::Null).await;
            if begun.status == 200 {
                let there = begun.json["location"]
                    .as_str()
                    .expect("a location")
                    .to_owned();
                let back = desk.okta.authorize(&there, ADMIN).expect("sent back");
                let end = admin.get(&back).await.location();
                assert!(end.contains("?proved=1"), "{end}");
            }
            begun
        }
        Step::Enable(provider) => desk.switch_on(admin, provider).await,
        Step::Disable(provider) => at(admin, provider, paths::disable(provider)).await,
        Step::Confirm => {
            admin
                .post(&paths::confirm(Provider::Okta), &Value::Null)
                .await
        }
        Step::ConfirmFromOkta => desk.confirm(ADMIN).await,
        Step::Undo => at(admin, Provider::Okta, paths::revert(Provider::Okta)).await,
        Step::Wait => {
            desk.pass(15 * 60);
            // This is about connections: the administrator's session may as well last for ever.
            desk.execute(
                "update sessions set expires_at = 9000000000000, last_seen_at = 9000000000000,
                                     authenticated_at = 9000000000000
                 where signed_in_by = 'password'",
            )
            .await;
            return Ok(());
        }
    };
    if reply.status.is_success() {
        return Ok(());
    }
    assert_eq!(reply.status.as_u16(), 409, "{step:?}: {}", reply.text);
    Err(reply.code().to_owned())
}

async fn at(admin: &mut Browser, provider: Provider, path: String) -> crate::desk::Reply {
    let version = version_of(admin, paths::connection(provider)).await;
    admin.post_version(&path, version).await
}

fn google_form(desk: &Desk) -> Value {
    let app = okta_simulator::NewApp::named("SSO Console")
        .sign_in_redirect(&callback_url(Provider::Google))
        .everyone();
    let (client_id, client_secret) = desk.okta.create_google_client(app);
    json!({ "client_id": client_id, "client_secret": client_secret })
}

async fn compare(admin: &mut Browser, model: &Model, trail: &[Step]) {
    for (provider, it) in [
        (Provider::Okta, &model.okta),
        (Provider::Google, &model.google),
    ] {
        let real = shown(admin, provider).await;
        let unverified = it.draft.is_some_and(|(_, proved)| !proved);
        let in_force = it.live.is_some() && it.draft.is_none();
        assert_eq!(
            (&real["state"], &real["unverified"], &real["live"]),
            (&json!(it.state), &json!(unverified), &json!(in_force)),
            "{provider:?} after {trail:?}"
        );
    }
    assert!(
        !(is_on(&model.okta) && is_on(&model.google)),
        "both on after {trail:?}"
    );
}

/// Whoever administers can enter at any time: through Okta while it is on, else by password.
async fn expect_a_way_in(desk: &Desk, model: &Model, trail: &[Step]) {
    let mut ada = desk.browser();
    if is_on(&model.okta) {
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await;
    } else {
        let fields = [("email", ADMIN), ("password", PASSWORD)];
        ada.form(paths::AUTH_PASSWORD, &fields).await;
    }
    assert!(ada.is_signed_in().await, "nobody can enter after {trail:?}");
}

on_both! {
    async fn any_walk_through_the_life_goes_as_the_model_says(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.recovery_codes(&mut admin).await;
        let mut model = Model { okta: NEW, google: NEW, trial: None, saved: 0 };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let (mut trail, mut refused) = (Vec::new(), std::collections::BTreeMap::new());
        for _ in 0..8 {
            let walk = vec(step(), 25).new_tree(&mut runner).expect("a walk").current();
            for step in walk {
                if matches!(step, Step::ConfirmFromOkta) && !is_on(&model.okta) {
                    // Nobody comes through Okta while it is off.
                    continue;
                }
                trail.push(step);
                let expected = model.act(step);
                let real = act(&desk, &mut admin, step).await;
                assert_eq!(real.as_ref().map_err(String::as_str), expected.as_ref().map(|()| &()).map_err(|it| *it), "{trail:?}");
                if let Err(code) = expected {
                    *refused.entry(code).or_insert(0) += 1;
                }
                compare(&mut admin, &model, &trail).await;
            }
            expect_a_way_in(&desk, &model, &trail).await;
        }
        // The walk was no stroll around the legal moves only.
        for code in ["illegal_move", "okta_active", "lockout_risk", "confirm_from_okta"] {
            assert!(refused.get(code).is_some_and(|count| *count > 0), "never {code}: {refused:?}");
        }
    }
}
