//! What happened, what to do about it, and the reference to look it up by.

use leptos::prelude::*;
use locales::keys;

use crate::{
    ui::{badge::Tone, icon::icon},
    words::{Text, t},
};

/// A sentence that stays until its reason is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub tone: Tone,
    pub picture: &'static str,
    pub title: Text,
    pub advice: Option<Text>,
    /// Further lines, such as the provider's own words.
    pub details: Vec<Text>,
    pub reference: Option<String>,
}

impl Notice {
    /// Something went wrong.
    pub fn new(title: impl Into<Text>, advice: impl Into<Text>) -> Self {
        Self {
            tone: Tone::Bad,
            picture: "alert",
            title: title.into(),
            advice: Some(advice.into()),
            details: Vec::new(),
            reference: None,
        }
    }

    /// Something to know.
    pub fn info(tone: Tone, picture: &'static str, title: impl Into<Text>) -> Self {
        Self { tone, picture, title: title.into(), advice: None, details: Vec::new(), reference: None }
    }

    #[must_use]
    pub fn icon(mut self, picture: &'static str) -> Self {
        self.picture = picture;
        self
    }

    #[must_use]
    pub fn advice(mut self, advice: impl Into<Text>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<Text>) -> Self {
        self.details.push(detail.into());
        self
    }

    #[must_use]
    pub fn reference(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }
}

/// Draws it; `actions` stand under the text. What is wrong is announced, what is good to know is not.
#[must_use]
pub fn notice(notice: Notice, actions: Option<AnyView>) -> AnyView {
    let role = (notice.tone == Tone::Bad).then_some("alert");
    view! {
        <div class="notice" data-tone=notice.tone.code() role=role>
            {icon(notice.picture)}
            <div class="notice-text">
                <p class="notice-title">{t(notice.title)}</p>
                {notice.advice.map(|advice| view! { <p>{t(advice)}</p> })}
                {notice.details.into_iter().map(|detail| view! { <p class="small">{t(detail)}</p> }).collect_view()}
                {notice
                    .reference
                    .map(|reference| {
                        view! {
                            <p class="small">{t(keys::PROBLEM_REFERENCE)} " " <code>{reference}</code></p>
                        }
                    })}
                {actions.map(|actions| view! { <div class="notice-actions">{actions}</div> })}
            </div>
        </div>
    }
    .into_any()
}
