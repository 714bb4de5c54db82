//! The guide that connects Okta: what an administrator has done so far, kept between visits.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

/// How many completed_steps there may be, and how long the name of one.
const STEPS_MAX: usize = 32;
const NAME_MAX: usize = 40;

/// `GET` and `PUT /api/connections/okta/guide`: what is kept before there are settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GuideNotes {
    /// The issuer that the first step understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What was done in Okta, by the names of the boxes.
    #[serde(default)]
    pub completed_steps: Vec<String>,
}

impl GuideNotes {
    /// Whether the completed_steps are names, and not too many.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let plain = |name: &String| {
            !name.is_empty()
                && name.len() <= NAME_MAX
                && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        self.completed_steps.len() <= STEPS_MAX && self.completed_steps.iter().all(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_and_plain() {
        let of = |completed_steps: &[&str]| GuideNotes {
            issuer: None,
            completed_steps: completed_steps.iter().map(ToString::to_string).collect(),
        };
        assert!(of(&["web_app", "people"]).is_plain());
        assert!(!of(&[""]).is_plain());
        assert!(!of(&["<script>"]).is_plain());
        assert!(!of(&["x"; 33]).is_plain());
    }
}
