//! Where each value is found at the provider, in the provider's own words: those are never translated.

use api::Provider;
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

const OKTA: [Step; 7] = [
    Step {
        what: keys::GUIDE_OKTA_APP,
        way: "Applications › Applications › Create App Integration › OIDC - OpenID Connect › Web Application",
    },
    Step {
        what: keys::GUIDE_OKTA_REDIRECT,
        way: "General › LOGIN › Sign-in redirect URIs",
    },
    Step {
        what: keys::GUIDE_OKTA_PEOPLE,
        way: "Assignments › Assign",
    },
    Step {
        what: keys::GUIDE_OKTA_CREDENTIALS,
        way: "General › Client Credentials",
    },
    Step {
        what: keys::GUIDE_OKTA_DOMAIN,
        way: "Security › API › Authorization Servers › Issuer URI",
    },
    Step {
        what: keys::GUIDE_OKTA_NATIVE,
        way: "Applications › Applications › Create App Integration › OIDC - OpenID Connect › Native Application",
    },
    Step {
        what: keys::GUIDE_OKTA_AUDIENCE,
        way: "Security › API › Authorization Servers › Settings › Audience",
    },
];

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
    let steps: &[Step] = match provider {
        Provider::Okta => &OKTA,
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
