//! Something secret, and every form in which it would still be readable.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A secret and where it may be all the same.
pub(super) struct Needle {
    pub(super) what: &'static str,
    pub(super) in_cookies: bool,
    pub(super) in_locations: bool,
    /// Whether the file may still have it in a page that was overwritten: it was worth something
    /// for ten minutes only.
    pub(super) in_old_pages: bool,
    /// Whether exactly one answer has it: shown once.
    pub(super) shown_once: bool,
    forms: Vec<String>,
}

impl Needle {
    pub(super) fn new(what: &'static str, secret: &str) -> Self {
        assert!(
            secret.len() >= 8,
            "{what} is too short to be looked for: {secret:?}"
        );
        Self {
            what,
            in_cookies: false,
            in_locations: false,
            in_old_pages: false,
            shown_once: false,
            forms: forms(secret),
        }
    }

    pub(super) fn in_cookies(mut self) -> Self {
        self.in_cookies = true;
        self
    }

    pub(super) fn in_locations(mut self) -> Self {
        self.in_locations = true;
        self
    }

    pub(super) fn in_old_pages(mut self) -> Self {
        self.in_old_pages = true;
        self
    }

    pub(super) fn shown_once(mut self) -> Self {
        self.shown_once = true;
        self
    }

    /// Where it begins, in whatever form.
    pub(super) fn find(&self, hay: &str) -> Option<usize> {
        self.forms.iter().find_map(|form| hay.find(form))
    }
}

/// As it is, in hex, in a URL, in base64 wherever in a longer text it stands.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex = |upper: bool| -> String {
        let one = |byte: &u8| {
            if upper {
                format!("{byte:02X}")
            } else {
                format!("{byte:02x}")
            }
        };
        bytes.iter().map(one).collect()
    };
    let encoded: String = form_urlencoded::byte_serialize(bytes).collect();
    let mut forms = vec![
        secret.to_owned(),
        hex(false),
        hex(true),
        encoded.replace('+', "%20"),
        encoded,
        format!("{bytes:?}").trim_matches(['[', ']']).to_owned(),
    ];
    for before in 0..3 {
        // What stands before it moves it against the groups of three bytes: the groups that are
        // its own alone stay the same.
        let padded = [&b"   "[..before], bytes].concat();
        let whole = (padded.len() / 3) * 4;
        for text in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            let own = if before == 0 { 0 } else { 4 };
            forms.push(text[own..whole].to_owned());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

#[test]
fn a_secret_is_found_in_every_form() {
    use base64::engine::general_purpose::STANDARD;
    let secret = "canary+of/this:test=1";
    let needle = Needle::new("a test", secret);
    let in_basic = STANDARD.encode(format!("0oa12345:{secret}"));
    let in_json = STANDARD.encode(format!("{{\"secret\":\"{secret}\",\"more\":1}}"));
    for hay in [
        format!("before {secret} after"),
        "63616e6172792b6f662f746869733a746573743d31".to_owned(),
        "63616E6172792B6F662F746869733A746573743D31".to_owned(),
        "a=canary%2Bof%2Fthis%3Atest%3D1&b".to_owned(),
        format!("Basic {in_basic}"),
        in_json,
        format!("{:?}", secret.as_bytes()),
    ] {
        assert!(needle.find(&hay).is_some(), "not found in {hay}");
    }
    assert_eq!(needle.find("canary of this test"), None);
}
