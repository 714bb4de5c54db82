//! What the form's buttons do: save, check, and go to the provider.

use std::sync::Arc;

use api::{Connection, Provider, checks::Trigger};
use leptos::prelude::*;
use locales::keys;

use super::draft::Draft;
use crate::{
    api::{self as server, Trouble},
    navigation,
    pages::checks::{self, Ladder},
    problems,
    ui::{
        el::{Inside, Spot, View, div, live},
        form::Form,
        task::{Act, Only, act, later},
        toast::{Toasts, use_toasts},
    },
};

/// How far a press goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    Saved,
    Checked,
    /// To the provider, unless the checks find what would fail there.
    Verified,
    /// The same, whatever they found.
    Anyway,
}

#[derive(Clone, Copy)]
pub(super) struct Trip {
    draft: Draft,
    form: Form,
    ladder: Ladder,
    pub(super) saving: RwSignal<bool>,
    pub(super) connecting: RwSignal<bool>,
    /// Whether somebody else saved in the meantime.
    pub(super) stale: RwSignal<bool>,
    toasts: Toasts,
    spot: Spot,
    /// An issuer was taken while the checks that offered it were not at their end.
    took: StoredValue<bool>,
}

impl Trip {
    pub(super) fn new(draft: Draft, form: Form) -> Self {
        Self {
            draft,
            form,
            ladder: Ladder::new(draft.provider()),
            saving: RwSignal::new(false),
            connecting: RwSignal::new(false),
            stale: RwSignal::new(false),
            toasts: use_toasts(),
            spot: Spot::default(),
            took: StoredValue::new(false),
        }
    }

    pub(super) fn press(self, until: Until) -> Act {
        act(move || self.go(until))
    }

    fn go(self, until: Until) {
        if !self.form.begin() {
            return;
        }
        self.saving.set(until == Until::Saved);
        self.connecting.set(until == Until::Verified);
        later(async move {
            let answer = self.way(until).await;
            if answer == Ok(true) {
                // The browser is leaving: nothing is to be pressed any more.
                return;
            }
            self.saving.try_set(false);
            self.connecting.try_set(false);
            self.form.busy.try_set(false);
            if let Err(trouble) = answer {
                self.fail(&trouble);
            } else if self.took.try_update_value(std::mem::take) == Some(true) {
                self.go(Until::Checked);
            }
        });
    }

    fn fail(self, trouble: &Trouble) {
        self.stale.try_set(problems::is_stale(trouble));
        self.form
            .fail(problems::notice(trouble), problems::refused(trouble));
    }

    /// Whether it led to the provider.
    async fn way(self, until: Until) -> Result<bool, Trouble> {
        let Self { draft, ladder, .. } = self;
        if until == Until::Saved || !draft.is_saved() {
            draft.save().await?;
            ladder.outdate();
        }
        self.form.saved();
        match until {
            Until::Saved => {
                self.toasts.done(keys::CONNECT_SAVED);
                return Ok(false);
            }
            Until::Checked => {
                ladder.climbed(Trigger::Request).await?;
                return Ok(false);
            }
            Until::Verified => {
                // Checks that cannot be run tell nothing, and stop nobody: the round trip says what is wrong.
                let _ = ladder.climbed(Trigger::Connect).await;
            }
            Until::Anyway => {}
        }
        // Whoever left the page in the meantime stays where they are.
        let Some(version) = draft.version() else {
            return Ok(false);
        };
        if until == Until::Verified && untrack(|| ladder.has_failed()) {
            self.reveal();
            return Ok(false);
        }
        // What was typed while it was checked is neither checked nor saved: it is not left behind.
        if !draft.is_saved() {
            return Ok(false);
        }
        let trip = server::connect(draft.provider(), version).await?;
        let is_here = draft.version().is_some();
        if is_here {
            navigation::leave(&trip.location);
        }
        Ok(is_here)
    }

    /// What failed may stand below the window's edge.
    fn reveal(self) {
        request_animation_frame(move || {
            if let Some(panel) = self.spot.get::<web_sys::Element>() {
                panel.scroll_into_view();
            }
        });
    }

    /// What was changed with one press is shown, next to what is typed, and checked.
    fn mended(self, provider: Provider) {
        later(async move {
            match server::connection(provider).await {
                Ok(now) => self.take(now),
                Err(trouble) => self.fail(&trouble),
            }
        });
    }

    fn take(self, now: Connection) {
        if self.draft.renew(now) {
            self.go(Until::Checked);
        }
    }

    /// The checks, from the first press on that asks for them.
    pub(super) fn checks(self) -> View {
        let Self { draft, ladder, .. } = self;
        let begun = Only::new(move || ladder.is_begun());
        let provider = draft.provider();
        let around = checks::Form {
            again: self.press(Until::Checked),
            anyway: self.press(Until::Anyway),
            take: Arc::new(move |issuer: &str| {
                self.form.typed("issuer", draft.issuer, issuer.to_owned());
                // It asks for what goes with it: the secret.
                if self.form.busy.get_untracked() {
                    self.took.set_value(true);
                } else {
                    self.go(Until::Checked);
                }
            }),
        };
        let mended = act(move || self.mended(provider));
        let panel = live(move || {
            begun.get().then(|| {
                draft.with(|saved| ladder.draw(saved, mended.clone(), Some(around.clone())))
            })
        });
        div("").keep(self.spot).child(panel).inside()
    }
}
