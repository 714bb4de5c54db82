//! Where each value is found at the provider, in the provider's own words: those are never translated.

use api::{Cause, Provider};
use locales::{Key, keys};

use crate::{
    pages::states,
    ui::{
        el::{El, el, p},
        page::section,
    },
};

/// One thing to do: a sentence of ours, and the way there in theirs.
struct Step {
    what: Key,
    way: &'static str,
}

/// The catalogue's own ways.
fn okta() -> [Step; 7] {
    let step = |what, cause: Cause| Step {
        what,
        way: cause.menu(Provider::Okta).unwrap_or_default(),
    };
    [
        step(keys::GUIDE_OKTA_APP, Cause::ClientIsPublic),
        step(keys::GUIDE_OKTA_REDIRECT, Cause::RedirectUnregistered),
        step(keys::GUIDE_OKTA_PEOPLE, Cause::NotAssigned),
        step(keys::GUIDE_OKTA_CREDENTIALS, Cause::CredentialsMixedUp),
        step(keys::GUIDE_OKTA_DOMAIN, Cause::ServerUnknown),
        step(keys::GUIDE_OKTA_NATIVE, Cause::NativeRefused),
        step(keys::GUIDE_OKTA_AUDIENCE, Cause::AudienceDiffers),
    ]
}

const GOOGLE: [Step; 3] = [
    Step {
        what: keys::GUIDE_GOOGLE_CLIENT,
        way: "Google Auth Platform › Clients › Create client › Web application",
    },
    Step {
        what: keys::GUIDE_GOOGLE_REDIRECT,
        way: "Authorized redirect URIs › Add URI",
    },
    Step {
        what: keys::GUIDE_GOOGLE_CREDENTIALS,
        way: "Clients › Additional information",
    },
];

const MICROSOFT: [Step; 4] = [
    Step {
        what: keys::GUIDE_MICROSOFT_APP,
        way: "Microsoft Entra admin center › Entra ID › App registrations › New registration",
    },
    Step {
        what: keys::GUIDE_MICROSOFT_REDIRECT,
        way: "Authentication › Add a platform › Web › Redirect URIs",
    },
    Step {
        what: keys::GUIDE_MICROSOFT_IDS,
        way: "Overview › Application (client) ID, Directory (tenant) ID",
    },
    Step {
        what: keys::GUIDE_MICROSOFT_SECRET,
        way: "Certificates & secrets › Client secrets › New client secret › Value",
    },
];

/// The steps beside the form.
pub(super) fn guide(provider: Provider) -> El {
    let okta = okta();
    let steps: &[Step] = match provider {
        Provider::Okta => &okta,
        Provider::Google => &GOOGLE,
        Provider::Microsoft => &MICROSOFT,
    };
    let items: Vec<El> = steps.iter().map(step).collect();
    section(
        states::about(keys::GUIDE_TITLE, provider),
        None,
        el("ol").class("guide").child(items),
    )
}

fn step(step: &Step) -> El {
    el("li")
        .child(el("p").child(step.what))
        .child(p("way").attr("lang", "en").child(step.way))
}
