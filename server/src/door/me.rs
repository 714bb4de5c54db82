//! What a member sees who signed in without coming from an application. It must not read a clock:
//! the ages it says are of times that were handed in.

use api::{Provider, SignedInBy, UtcMillis, paths};
use locales::{fill, keys};

use super::{
    frame::{Frame, page},
    link,
};

/// What the page is told.
#[derive(Clone, Copy, Debug)]
pub struct Me<'a> {
    pub frame: Frame<'a>,
    pub name: &'a str,
    pub signed_in_by: SignedInBy,
    pub signed_in_at: UtcMillis,
    pub now: UtcMillis,
    /// Path of the console, for administrators.
    pub console: Option<&'a str>,
}

/// "You are signed in".
#[must_use]
pub fn me(me: &Me<'_>) -> String {
    let frame = &me.frame;
    page(frame, frame.say(keys::DOOR_ME_TITLE), |html| {
        html.element("dl", &[], |html| {
            let mut row = |label, value: &str| {
                html.leaf("dt", &[], frame.say(label));
                html.leaf("dd", &[], value);
            };
            row(keys::DOOR_ME_NAME, me.name);
            row(keys::DOOR_ME_ORGANIZATION, frame.organization());
            row(keys::DOOR_ME_SESSION, &how(me));
        });
        if let Some(console) = me.console {
            html.leaf(
                "a",
                &[("class", "button"), ("href", link::local(console))],
                frame.say(keys::DOOR_ME_CONSOLE),
            );
        }
        html.element(
            "form",
            &[("method", "post"), ("action", paths::AUTH_SIGN_OUT)],
            |html| {
                let words = frame.say(keys::DOOR_ME_SIGN_OUT);
                html.leaf("button", &[("class", "button plain")], words);
            },
        );
    })
}

fn how(me: &Me<'_>) -> String {
    let when = age(me);
    let (key, provider) = match me.signed_in_by {
        SignedInBy::Password => (keys::DOOR_ME_BY_PASSWORD, ""),
        SignedInBy::BreakGlass => (keys::DOOR_ME_BY_CODE, ""),
        SignedInBy::Okta => (keys::DOOR_ME_BY_PROVIDER, Provider::Okta.name()),
        SignedInBy::Google => (keys::DOOR_ME_BY_PROVIDER, Provider::Google.name()),
        SignedInBy::Microsoft => (keys::DOOR_ME_BY_PROVIDER, Provider::Microsoft.name()),
    };
    fill(
        me.frame.say(key),
        &[("provider", provider), ("when", &when)],
    )
}

/// How long ago: without a script nobody here knows the person's time zone, so no clock time.
fn age(me: &Me<'_>) -> String {
    let minutes = (me.now - me.signed_in_at).max(0) / 60_000;
    let (count, key) = match (minutes, minutes / 60) {
        (0, _) => (0, keys::DOOR_ME_NOW),
        (1, _) => (1, keys::DOOR_ME_MINUTE),
        (minutes, 0) => (minutes, keys::DOOR_ME_MINUTES),
        (_, 1) => (1, keys::DOOR_ME_HOUR),
        (_, hours) => (hours, keys::DOOR_ME_HOURS),
    };
    fill(me.frame.say(key), &[("count", &count.to_string())])
}

#[cfg(test)]
mod tests {
    use locales::Language;

    use super::*;

    #[test]
    fn an_age_is_said_in_the_largest_unit_that_fits() {
        for (minutes, english, french) in [
            (-5, "just now", "à l’instant"),
            (0, "just now", "à l’instant"),
            (1, "1 minute ago", "il y a 1 minute"),
            (59, "59 minutes ago", "il y a 59 minutes"),
            (60, "1 hour ago", "il y a 1 heure"),
            (119, "1 hour ago", "il y a 1 heure"),
            (480, "8 hours ago", "il y a 8 heures"),
        ] {
            let said = |language| {
                age(&Me {
                    frame: Frame {
                        language,
                        theme: None,
                        organization: None,
                        here: paths::ME,
                    },
                    name: "Ada",
                    signed_in_by: SignedInBy::Okta,
                    signed_in_at: 1_000_000_000,
                    now: 1_000_000_000 + minutes * 60_000,
                    console: None,
                })
            };
            assert_eq!(said(Language::English), english);
            assert_eq!(said(Language::French), french);
        }
    }
}
