//! From an empty deployment to *active* by the guide, without a mouse. Mistakes are made on the way, and each is mended
//! by doing what the page says and nothing else.

mod mends;
mod walk;

use std::sync::Arc;

use api::{Cause, FieldFault};
use locales::{Key, Language, cause_title, field_fault, keys, text};
use okta_simulator::{Field, Mistake};

use crate::{
    axe,
    browser::Browser,
    console,
    desk::{ADMIN, Desk},
    life, okta, on_both, on_one,
    screens::Found,
};
use mends::Brought;

on_both!(the_guide_leads_through_every_mistake_to_active, 1);
on_one!(the_same_in_french, 1);

const APP: &str = "SSO Console";
const NATIVE_APP: &str = "SSO Console on phones";

async fn the_guide_leads_through_every_mistake_to_active(desk: &Desk) {
    Story::begin(desk, Language::English).await.play().await;
}

async fn the_same_in_french(desk: &Desk) {
    Story::begin(desk, Language::French).await.play().await;
}

/// Who follows the guide, and what was found hard to use on the way.
struct Story<'a> {
    desk: &'a Desk,
    admin: Arc<Browser>,
    axe: String,
    found: Found,
}

/// What the English page says.
fn words(key: Key) -> &'static str {
    text(Language::English, key)
}

impl<'a> Story<'a> {
    async fn begin(desk: &'a Desk, language: Language) -> Self {
        desk.person("Ada", "Lovelace");
        let admin = desk.browser_in(language).await;
        admin.gives_up_the_mouse();
        admin.may_use_clipboard().await;
        console::set_up(desk, &admin).await;
        Self {
            desk,
            admin,
            axe: axe::source(),
            found: Found::default(),
        }
    }

    async fn play(self) {
        self.where_is_okta().await;
        self.create_the_apps().await;
        self.paste_the_credentials().await;
        self.check().await;
        self.go_there_and_back().await;
        let admin = &self.admin;
        life::go_live(admin, async |admin| okta::sign_in(admin, ADMIN).await).await;
        self.later().await;
        self.found.expect_nothing();
    }

    /// What the page shows now can be used by everybody.
    async fn look_closely(&self, name: &str) {
        self.found.add(name, self.admin.axe(&self.axe).await);
    }

    /// The page names this cause.
    async fn names(&self, cause: Cause) {
        self.admin.see(words(cause_title(cause))).await;
        self.look_closely(cause.code()).await;
    }

    /// What somebody pastes who makes this mistake.
    fn pasted(&self, mistake: Mistake, field: Field) -> String {
        let pastes = self.desk.okta.pastes(mistake);
        let paste = pastes.into_iter().find(|paste| paste.field == field);
        paste.expect("something is pasted").text
    }

    /// *Where is your Okta?*: a manual's placeholder, the Admin Console's address, another cloud, a name that nobody has.
    async fn where_is_okta(&self) {
        let admin = &self.admin;
        admin.press("Connect Okta").await;
        admin.arrive(words(keys::GUIDED_WHERE)).await;
        self.look_closely("where").await;
        for (mistake, cause) in [
            (Mistake::A06, Cause::AddressUnreadable),
            (Mistake::A01, Cause::AdminDomain),
            (Mistake::A08, Cause::OtherCloud),
            (Mistake::A07, Cause::OrganizationUnknown),
        ] {
            self.look_for(&self.pasted(mistake, Field::Issuer)).await;
            self.names(cause).await;
            if let Brought::Domain(domain) = self.mend().await {
                self.look_for(&domain).await;
            }
            admin.see(words(keys::GUIDED_FOUND)).await;
        }
        let custom = format!("Use {}", self.desk.okta.issuer_default());
        admin.press(&custom).await;
    }

    async fn look_for(&self, pasted: &str) {
        let field = words(keys::CONNECT_ISSUER);
        self.admin.fill(field, pasted).await;
        self.admin.press(words(keys::GUIDED_LOOK)).await;
    }

    /// *Create the apps*: task by task, along the ways that the page names; a tick for each.
    async fn create_the_apps(&self) {
        let admin = &self.admin;
        admin.arrive(words(keys::GUIDED_APPS)).await;
        self.look_closely("apps").await;
        let here = admin.path().await;
        let ways: Vec<String> = admin.ways().await.into_iter().map(|it| it.path).collect();
        let [web, redirect, people, native, _, claims] = &*ways else {
            panic!("six tasks have their ways: {ways:?}");
        };
        let uri = self.copy(keys::CONNECT_REDIRECT_URI).await;
        let upn = self.copy(keys::GUIDED_UPN).await;
        let uid = self.copy(keys::GUIDED_UID).await;
        admin.go(&self.desk.okta.admin_url()).await;
        self.walk(web).await;
        admin.press("Next").await;
        admin.fill("App integration name", APP).await;
        admin.press("Save").await;
        admin.arrive(APP).await;
        self.walk(redirect).await;
        admin.fill("Sign-in redirect URIs", &uri).await;
        admin.press("Save").await;
        admin.see("Saved.").await;
        self.walk(people).await;
        admin.press("Assign Ada Lovelace").await;
        admin.see("Remove Ada Lovelace").await;
        self.walk(native).await;
        admin.press("Next").await;
        admin.fill("App integration name", NATIVE_APP).await;
        admin.choose("Refresh Token").await;
        admin.press("Save").await;
        admin.arrive(NATIVE_APP).await;
        self.walk(claims).await;
        for (name, value) in [("upn", &upn), ("uid", &uid)] {
            okta::add_claim(admin, name, value).await;
        }
        admin.go(&here).await;
        admin.arrive(words(keys::GUIDED_APPS)).await;
        for task in [
            keys::GUIDED_WEB_APP,
            keys::GUIDED_REDIRECT,
            keys::GUIDED_PEOPLE,
            keys::GUIDED_NATIVE,
            keys::GUIDED_CLAIMS,
        ] {
            admin.choose(words(task)).await;
        }
        // Whoever comes back goes on where they were.
        admin.press(words(keys::INTEGRATIONS_TITLE)).await;
        admin.arrive(words(keys::INTEGRATIONS_TITLE)).await;
        admin.press("Connect Okta").await;
    }

    /// *Paste the credentials*: swapped, hidden behind dots, the secret's id, cut off by a table.
    async fn paste_the_credentials(&self) {
        let admin = &self.admin;
        admin.arrive(words(keys::GUIDED_CREDENTIALS)).await;
        self.look_closely("credentials").await;
        let (id, secret) = self.credentials();
        let cut = format!("{}…", &secret[..12]);
        for (id, secret, fault) in [
            (&*secret, &*id, FieldFault::ClientIdInSecret),
            (&*id, "••••••••", FieldFault::Masked),
            (&*id, "ocs1aBcDeFgHiJkLmN5d", FieldFault::SecretId),
            (&*id, &*cut, FieldFault::Truncated),
        ] {
            self.paste(id, secret).await;
            admin.see(words(field_fault(fault))).await;
            self.look_closely(&format!("{fault:?}")).await;
            let Brought::Credentials { id, secret } = self.mend().await else {
                panic!("the page says where the credentials are");
            };
            admin.arrive(words(keys::GUIDED_CREDENTIALS)).await;
            admin.fill(words(keys::CONNECT_CLIENT_ID), &id).await;
            admin
                .fill(words(keys::CONNECT_CLIENT_SECRET), &secret)
                .await;
        }
        admin.press(words(keys::GUIDED_SAVE_AND_CHECK)).await;
        self.all_is_well().await;
    }

    /// What Okta shows of the app, before anybody copies it wrongly.
    fn credentials(&self) -> (String, String) {
        let apps = self.desk.okta.apps();
        let app = apps.iter().find(|app| app.name == APP).expect("the app");
        (app.id.clone(), app.secrets[0].value.clone())
    }

    async fn paste(&self, id: &str, secret: &str) {
        let admin = &self.admin;
        admin.fill(words(keys::CONNECT_CLIENT_ID), id).await;
        admin.fill(words(keys::CONNECT_CLIENT_SECRET), secret).await;
        admin.press(words(keys::GUIDED_SAVE_AND_CHECK)).await;
    }

    async fn all_is_well(&self) {
        let admin = &self.admin;
        admin.arrive(words(keys::GUIDED_CHECK)).await;
        admin.see(words(keys::CHECKS_ALL_PASSED)).await;
    }

    /// *Check*: what Okta does not say to people who sign in is named by a rung, and mended.
    async fn check(&self) {
        let admin = &self.admin;
        self.look_closely("check").await;
        self.wrong_in_the_form().await;
        for (mistake, cause) in [
            (Mistake::C02, Cause::RedirectSlash),
            (Mistake::C01, Cause::RedirectUnregistered),
            (Mistake::C12, Cause::GrantRefused),
            (Mistake::B13, Cause::ClientInactive),
            (Mistake::B17, Cause::DpopRequired),
        ] {
            self.desk.okta.play(mistake);
            admin.press(words(keys::CHECKS_AGAIN)).await;
            self.names(cause).await;
            self.mend().await;
            admin.press(words(keys::CHECKS_AGAIN)).await;
            self.all_is_well().await;
        }
        admin.press(words(keys::GUIDED_NEXT)).await;
    }

    /// A secret that lost its end, another app's client ID, the two apps in each other's field.
    async fn wrong_in_the_form(&self) {
        let admin = &self.admin;
        for (mistake, cause) in [
            (Mistake::B05, Cause::ClientRefused),
            (Mistake::B03, Cause::ClientRefused),
            (Mistake::B10, Cause::ClientsSwapped),
        ] {
            self.desk.okta.play(mistake);
            admin.press(words(keys::GUIDED_CREDENTIALS)).await;
            admin.arrive(words(keys::GUIDED_CREDENTIALS)).await;
            for paste in self.desk.okta.pastes(mistake) {
                let said = |key| text(admin.language(), key);
                let field = match paste.field {
                    Field::Issuer => said(keys::CONNECT_ISSUER).to_owned(),
                    Field::ClientId => said(keys::CONNECT_CLIENT_ID).to_owned(),
                    Field::ClientSecret => said(keys::CONNECT_CLIENT_SECRET).to_owned(),
                    Field::NativeClientId => {
                        let optional = said(keys::FORM_OPTIONAL);
                        format!("{} {optional}", said(keys::CONNECT_NATIVE_CLIENT_ID))
                    }
                };
                admin.fill(&field, &paste.text).await;
            }
            admin.press(words(keys::GUIDED_SAVE_AND_CHECK)).await;
            admin.arrive(words(keys::GUIDED_CHECK)).await;
            self.names(cause).await;
            if let Brought::Credentials { id, secret } = self.mend().await {
                admin.press(words(keys::GUIDED_CREDENTIALS)).await;
                admin.arrive(words(keys::GUIDED_CREDENTIALS)).await;
                self.paste(&id, &secret).await;
            }
            self.all_is_well().await;
        }
    }

    /// *Go to Okta and back*: what only somebody who signs in meets, and what only the claims show.
    async fn go_there_and_back(&self) {
        let admin = &self.admin;
        self.desk.okta.play(Mistake::E02);
        self.set_off().await;
        okta::sign_in(admin, ADMIN).await;
        self.comes_back_without(Cause::NotAssigned).await;
        self.desk.okta.play(Mistake::D01);
        self.set_off().await;
        self.comes_back_without(Cause::NoPolicy).await;
        self.desk.okta.play(Mistake::D11);
        self.set_off().await;
        admin.arrive("Okta").await;
        admin.badge("Proven", None).await;
        let note = "The claim upn is in userinfo only: in Okta it is set to “Userinfo / id_token request” instead of “Always”.";
        admin.see(note).await;
        self.look_closely("proof with notes").await;
        self.mend().await;
        admin.press(words(keys::CONNECTION_PROVE)).await;
        self.set_off().await;
        admin.arrive("Okta").await;
        admin.see_no(note).await;
        self.look_closely("verification").await;
    }

    /// What breaks afterwards is on the first page, with the way to the checks.
    async fn later(&self) {
        let admin = &self.admin;
        self.desk.okta.play(Mistake::B07);
        admin.press(words(keys::CONNECTION_PROVE)).await;
        admin.arrive(words(keys::GUIDED_NOW)).await;
        admin.press(words(keys::GUIDED_CHECK)).await;
        admin.arrive(words(keys::GUIDED_CHECK)).await;
        admin.press(words(keys::CHECKS_AGAIN)).await;
        self.names(Cause::SecretRotated).await;
        admin.press(words(keys::OVERVIEW_TITLE)).await;
        admin.arrive(words(keys::OVERVIEW_TITLE)).await;
        let failing = words(cause_title(Cause::SecretRotated));
        admin.press(failing).await;
        admin.arrive(words(keys::GUIDED_CHECK)).await;
        admin.see(failing).await;
    }

    async fn set_off(&self) {
        let admin = &self.admin;
        admin.arrive(words(keys::GUIDED_NOW)).await;
        admin.see(words(keys::GUIDED_READY)).await;
        admin.press(words(keys::CONNECT_NOW)).await;
    }

    async fn comes_back_without(&self, cause: Cause) {
        self.admin.arrive(words(keys::GUIDED_NOW)).await;
        self.names(cause).await;
        self.mend().await;
    }
}
