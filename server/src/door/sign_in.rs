//! The sign-in page, and behind its quiet link the page for trouble with the administrators' form.
//! Neither knows whether an account exists.

use api::{Provider, paths};
use locales::{Key, keys};

use super::{
    frame::{Frame, page},
    html::Html,
    link,
};

/// A sentence above the way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notification {
    /// The session ran out, or an administrator ended it.
    SessionEnded,
    /// The page that was asked for needs a session.
    SignInFirst,
    /// The way in that was used is not on.
    DisabledByOkta,
    /// The rate limit was reached.
    TooMany,
    /// E-mail and password do not fit: the same for known and unknown addresses.
    PasswordRefused,
    /// E-mail and code do not fit: the same for known and unknown addresses.
    CodeRefused,
    /// The form's token does not fit the browser's cookie.
    FormExpired,
}

impl Notification {
    pub const ALL: [Self; 7] = [
        Self::SessionEnded,
        Self::SignInFirst,
        Self::DisabledByOkta,
        Self::TooMany,
        Self::PasswordRefused,
        Self::CodeRefused,
        Self::FormExpired,
    ];

    fn key(self) -> Key {
        match self {
            Self::SessionEnded => keys::DOOR_NOTICE_SESSION_ENDED,
            Self::SignInFirst => keys::DOOR_NOTICE_SIGN_IN_FIRST,
            Self::DisabledByOkta => keys::DOOR_NOTICE_SWITCHED_OFF,
            Self::TooMany => keys::DOOR_NOTICE_TOO_MANY,
            Self::PasswordRefused => keys::DOOR_NOTICE_PASSWORD_REFUSED,
            Self::CodeRefused => keys::DOOR_NOTICE_CODE_REFUSED,
            Self::FormExpired => keys::DOOR_NOTICE_FORM_EXPIRED,
        }
    }

    /// Whether something went wrong, or it is only worth knowing.
    fn tone(self) -> &'static str {
        match self {
            Self::SessionEnded | Self::SignInFirst => "plain",
            Self::DisabledByOkta
            | Self::TooMany
            | Self::PasswordRefused
            | Self::CodeRefused
            | Self::FormExpired => "bad",
        }
    }
}

/// What the sign-in page is told.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    pub frame: Frame<'a>,
    /// The providers that are active; none while nothing is connected.
    pub ways: &'a [Provider],
    /// A path of this site to go to afterwards.
    pub return_to: Option<&'a str>,
    pub notice: Option<Notification>,
}

/// What the page for trouble is told.
#[derive(Clone, Copy, Debug)]
pub struct Administrator<'a> {
    pub frame: Frame<'a>,
    pub return_to: Option<&'a str>,
    /// Whether a code is asked for instead of a password.
    pub code: bool,
    /// What was typed in the try that was refused: it need not be typed again.
    pub email: Option<&'a str>,
    pub notice: Option<Notification>,
}

/// The sign-in page: one button for each way in.
#[must_use]
pub fn sign_in(sign_in: &SignIn<'_>) -> String {
    let frame = &sign_in.frame;
    page(frame, frame.say(keys::DOOR_SIGN_IN_TITLE), |html| {
        let words = match sign_in.ways {
            [] => frame.say(keys::DOOR_SIGN_IN_NOTHING).to_owned(),
            [only] => frame.say_of(keys::DOOR_SIGN_IN_USES, *only),
            [_, ..] => frame.say(keys::DOOR_SIGN_IN_CHOOSE).to_owned(),
        };
        html.leaf("p", &[], &words);
        notice(html, frame, sign_in.notice);
        for way in Provider::ALL {
            if sign_in.ways.contains(&way) {
                way_in(html, frame, way, sign_in.return_to);
            }
        }
        let administrator = link::with_return_to(paths::SIGN_IN_ADMINISTRATOR, sign_in.return_to);
        let (class, words) = if sign_in.ways.is_empty() {
            ("button plain", keys::DOOR_SIGN_IN_ADMINISTRATOR)
        } else {
            ("quiet", keys::DOOR_SIGN_IN_TROUBLE)
        };
        html.leaf(
            "a",
            &[("class", class), ("href", &administrator)],
            frame.say(words),
        );
    })
}

/// The page for trouble: advice for members, and the form for administrators.
#[must_use]
pub fn administrator(administrator: &Administrator<'_>) -> String {
    let frame = &administrator.frame;
    let back = link::with_return_to(paths::SIGN_IN, administrator.return_to);
    page(frame, frame.say(keys::DOOR_ADMINISTRATOR_TITLE), |html| {
        html.leaf("p", &[], frame.say(keys::DOOR_ADMINISTRATOR_MEMBERS));
        html.leaf("h2", &[], frame.say(keys::DOOR_ADMINISTRATOR_HEADING));
        let (advice, action) = if administrator.code {
            (keys::DOOR_CODE_ADVICE, paths::AUTH_BREAK_GLASS)
        } else {
            (keys::DOOR_ADMINISTRATOR_ADVICE, paths::AUTH_PASSWORD)
        };
        html.leaf("p", &[], frame.say(advice));
        notice(html, frame, administrator.notice);
        html.element("form", &[("method", "post"), ("action", action)], |html| {
            form(html, administrator);
        });
        if !administrator.code {
            let instead = format!("{}?with=code", paths::SIGN_IN_ADMINISTRATOR);
            let instead = link::with_return_to(&instead, administrator.return_to);
            html.leaf(
                "a",
                &[("class", "quiet"), ("href", &instead)],
                frame.say(keys::DOOR_CODE_INSTEAD),
            );
        }
        html.leaf(
            "a",
            &[("class", "quiet"), ("href", &back)],
            frame.say(keys::DOOR_ADMINISTRATOR_BACK),
        );
    })
}

/// A link drawn as a button: going to the provider is a plain GET that works without a script.
fn way_in(html: &mut Html, frame: &Frame<'_>, way: Provider, return_to: Option<&str>) {
    let href = link::with_return_to(&paths::auth_start(way), return_to);
    let (class, words) = match way {
        Provider::Okta => ("button", frame.say(keys::DOOR_SIGN_IN_SSO).to_owned()),
        Provider::Google | Provider::Microsoft => {
            ("button plain", frame.say_of(keys::DOOR_SIGN_IN_WITH, way))
        }
    };
    html.leaf("a", &[("class", class), ("href", &href)], &words);
}

fn notice(html: &mut Html, frame: &Frame<'_>, notice: Option<Notification>) {
    if let Some(notice) = notice {
        let attributes = [
            ("class", "notice"),
            ("id", "notice"),
            ("data-tone", notice.tone()),
            ("role", "alert"),
        ];
        html.leaf("p", &attributes, frame.say(notice.key()));
    }
}

fn form(html: &mut Html, administrator: &Administrator<'_>) {
    let frame = &administrator.frame;
    if let Some(return_to) = administrator.return_to {
        hidden(html, "return_to", link::local(return_to));
    }
    let described = administrator.notice.map(|_| ("aria-describedby", "notice"));
    let mut field = |name, kind, label, rest: &[(&'static str, &str)]| {
        html.leaf("label", &[("for", name)], frame.say(label));
        let mut attributes = vec![("id", name), ("name", name), ("type", kind)];
        attributes.extend_from_slice(rest);
        attributes.push(("required", ""));
        attributes.extend(described);
        html.void("input", &attributes);
    };
    let mut email = vec![("autocomplete", "username")];
    email.extend(administrator.email.map(|typed| ("value", typed)));
    field("email", "email", keys::DOOR_ADMINISTRATOR_EMAIL, &email);
    let submit = if administrator.code {
        let rest = [
            ("autocomplete", "one-time-code"),
            ("spellcheck", "false"),
            ("autocapitalize", "characters"),
        ];
        field("code", "text", keys::DOOR_CODE_LABEL, &rest);
        keys::DOOR_CODE_SUBMIT
    } else {
        field(
            "password",
            "password",
            keys::DOOR_ADMINISTRATOR_PASSWORD,
            &[("autocomplete", "current-password")],
        );
        keys::DOOR_ADMINISTRATOR_SUBMIT
    };
    html.leaf("button", &[("class", "button")], frame.say(submit));
}

fn hidden(html: &mut Html, name: &str, value: &str) {
    html.void(
        "input",
        &[("type", "hidden"), ("name", name), ("value", value)],
    );
}
