//! What is done at Okta about what the page says: told by the page's own words, never by the mistake.

use locales::keys;

use super::{Story, words};
use crate::{okta, words::in_language};

/// What the administrator comes back with.
pub(super) enum Brought {
    Nothing,
    Domain(String),
    Credentials { id: String, secret: String },
}

/// One of Okta's own forms, and what to do there.
enum Do {
    ReadDomain,
    ReadCredentials,
    /// The address that the page offers to copy.
    Register,
    /// Tick or untick, and save.
    Switch(&'static str),
    Press(&'static str),
    Assign,
    AddPolicy,
    ClaimAgain,
}

/// The end of the way that the page names, a word of Okta's that it says, and what a reader of both does.
const MENDS: [(&str, &str, Do); 9] = [
    ("the domain under your name", "", Do::ReadDomain),
    ("Client Credentials", "", Do::ReadCredentials),
    ("Login", "Sign-in redirect URIs", Do::Register),
    (
        "Grant type",
        "Authorization Code",
        Do::Switch("Authorization Code"),
    ),
    (
        "General",
        "Require Demonstrating Proof of Possession (DPoP)",
        Do::Switch("Require Demonstrating Proof of Possession (DPoP) header in token requests"),
    ),
    ("beside its name", "Active", Do::Press("Activate")),
    ("Assignments", "Assign", Do::Assign),
    ("Access Policies", "Authorization Code", Do::AddPolicy),
    ("Claims", "Always", Do::ClaimAgain),
];

impl Story<'_> {
    /// Does what the page says. A button that mends by itself is pressed; else the first way that the page names is gone.
    pub(super) async fn mend(&self) -> Brought {
        let admin = &self.admin;
        for offer in ["Use {issuer}", words(keys::CHECKS_SWAP)] {
            let said = in_language(offer, admin.language());
            let start = said[0].split('{').next().unwrap_or_default();
            let offered = admin.offers(start).await;
            if let [only] = &*offered {
                admin.press(only).await;
                return Brought::Nothing;
            }
        }
        let ways = admin.ways().await;
        let way = ways.first().expect("the page says where to mend it");
        let (_, _, done) = MENDS
            .iter()
            .find(|(end, word, _)| way.path.ends_with(end) && way.around.contains(word))
            .unwrap_or_else(|| panic!("nobody would know what to do about {way:?}"));
        let uri = if matches!(done, Do::Register) {
            self.copy(keys::CONNECT_REDIRECT_URI).await
        } else {
            String::new()
        };
        let here = admin.path().await;
        admin.go(&self.desk.okta.admin_url()).await;
        self.walk(&way.path).await;
        let brought = self.act(done, &uri, &way.around).await;
        admin.go(&here).await;
        brought
    }

    async fn act(&self, done: &Do, uri: &str, said: &str) -> Brought {
        let admin = &self.admin;
        match done {
            Do::ReadDomain => return Brought::Domain(admin.value("Okta domain").await),
            Do::ReadCredentials => {
                return Brought::Credentials {
                    id: admin.value("Client ID").await,
                    secret: admin.value("Client Secret").await,
                };
            }
            Do::Register => {
                admin.fill("Sign-in redirect URIs", uri).await;
                admin.press("Save").await;
                admin.see("Saved.").await;
            }
            Do::Switch(name) => {
                admin.choose(name).await;
                admin.press("Save").await;
                admin.see("Saved.").await;
            }
            Do::Press(name) => {
                admin.press(name).await;
                admin.see(&format!("{name}d.")).await;
            }
            Do::Assign => {
                admin.press("Assign Ada Lovelace").await;
                admin.see("Remove Ada Lovelace").await;
            }
            Do::AddPolicy => okta::add_access_policy(admin, "People of the console").await,
            Do::ClaimAgain => {
                for name in ["upn", "uid"].into_iter().filter(|it| said.contains(it)) {
                    let row = admin.row(name).await;
                    let value = row.split(' ').nth(1).expect("an expression").to_owned();
                    admin.press(&format!("Delete {name}")).await;
                    admin.see("Removed.").await;
                    okta::add_claim(admin, name, &value).await;
                }
            }
        }
        Brought::Nothing
    }
}
