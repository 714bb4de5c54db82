//! How long a record is kept, at the foot of its page.

use api::retention::{Retention, RetentionForm};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server, problems,
    ui::{
        button::submit,
        el::{El, View, div, el},
        field::{Look, field},
        form::Form,
        load::{Remote, bones},
        task::{act, later},
        toast::use_toasts,
    },
};

/// Which record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Audit,
    SignIns,
}

impl Of {
    /// The field's name, on the wire too.
    fn field(self) -> &'static str {
        match self {
            Self::Audit => "audit_days",
            Self::SignIns => "sign_in_days",
        }
    }

    fn days(self, retention: &Retention) -> Option<u32> {
        match self {
            Self::Audit => retention.audit_days,
            Self::SignIns => retention.sign_in_days,
        }
    }

    fn form(self, retention: &Retention, days: Option<u32>) -> RetentionForm {
        let (mut audit_days, mut sign_in_days) = (retention.audit_days, retention.sign_in_days);
        match self {
            Self::Audit => audit_days = days,
            Self::SignIns => sign_in_days = days,
        }
        RetentionForm {
            audit_days,
            sign_in_days,
        }
    }
}

/// The setting, closed until somebody wants it.
#[must_use]
pub fn retention(of: Of) -> View {
    let opened = RwSignal::new(false);
    let body = crate::ui::el::live(move || opened.get().then(|| setting(of)));
    el("details")
        .class("panel keep")
        .on("toggle", move |_| opened.set(true))
        .child(el("summary").child(keys::ACTIVITY_KEEP))
        .child(body)
        .done()
}

fn setting(of: Of) -> View {
    let remote = Remote::new(|| problems::asked(server::retention()));
    remote.draw(|| bones("form", 1), move |it| draw(of, &it, remote).done())
}

fn draw(of: Of, retention: &Retention, remote: Remote<Retention>) -> El {
    let toasts = use_toasts();
    let now = of.days(retention).map(|it| it.to_string());
    let days = RwSignal::new(now.unwrap_or_default());
    let retention = StoredValue::new(retention.clone());
    // Words that are no number are a number that is refused.
    let wish = move || {
        let days = days.get();
        let days = days.trim();
        let days = (!days.is_empty()).then(|| days.parse().unwrap_or(0));
        retention.with_value(|it| of.form(it, days))
    };
    let form = Form::new(move || {
        wish()
            .validate()
            .map_or_else(|it| problems::faults(&it), |()| Vec::new())
    });
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let (wish, version) = (untrack(wish), retention.with_value(|it| it.version));
        later(async move {
            match server::save_retention(version, &wish).await {
                Ok(now) => {
                    form.end();
                    toasts.done(keys::ACTIVITY_KEPT);
                    remote.put(now);
                }
                Err(trouble) => form.fail(problems::notice(&trouble), problems::refused(&trouble)),
            }
        });
    });
    let look = Look {
        optional: true,
        hint: Some(keys::ACTIVITY_KEEP_HINT.into()),
        ..Look::default()
    };
    let fields = div("fields narrow").child(field(
        form,
        of.field(),
        keys::ACTIVITY_KEEP_DAYS,
        days,
        look,
        None,
    ));
    let actions = div("form-actions").child(submit(keys::ACTION_SAVE, form.busy.into()));
    form.draw(send, vec![fields.done(), actions.done()])
}
