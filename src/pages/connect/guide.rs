//! Where each value is found at the provider, in the provider's own words: those are never translated.

use api::Provider;
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{pages::states, ui::page::section, words::t};

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
    Step { what: keys::GUIDE_OKTA_REDIRECT, way: "General › LOGIN › Sign-in redirect URIs" },
    Step { what: keys::GUIDE_OKTA_PEOPLE, way: "Assignments › Assign" },
    Step { what: keys::GUIDE_OKTA_CREDENTIALS, way: "General › Client Credentials" },
    Step { what: keys::GUIDE_OKTA_DOMAIN, way: "Security › API › Authorization Servers › Issuer URI" },
    Step {
        what: keys::GUIDE_OKTA_NATIVE,
        way: "Applications › Applications › Create App Integration › OIDC - OpenID Connect › Native Application",
    },
    Step { what: keys::GUIDE_OKTA_AUDIENCE, way: "Security › API › Authorization Servers › Settings › Audience" },
];

const GOOGLE: [Step; 3] = [
    Step {
        what: keys::GUIDE_GOOGLE_CLIENT,
        way: "Google Auth Platform › Clients › Create client › Web application",
    },
    Step { what: keys::GUIDE_GOOGLE_REDIRECT, way: "Authorized redirect URIs › Add URI" },
    Step { what: keys::GUIDE_GOOGLE_CREDENTIALS, way: "Clients › Additional information" },
];

const MICROSOFT: [Step; 4] = [
    Step {
        what: keys::GUIDE_MICROSOFT_APP,
        way: "Microsoft Entra admin center › Entra ID › App registrations › New registration",
    },
    Step { what: keys::GUIDE_MICROSOFT_REDIRECT, way: "Authentication › Add a platform › Web › Redirect URIs" },
    Step { what: keys::GUIDE_MICROSOFT_IDS, way: "Overview › Application (client) ID, Directory (tenant) ID" },
    Step {
        what: keys::GUIDE_MICROSOFT_SECRET,
        way: "Certificates & secrets › Client secrets › New client secret › Value",
    },
];

/// The steps beside the form.
#[must_use]
pub(super) fn guide(provider: Provider) -> AnyView {
    let steps: &[Step] = match provider {
        Provider::Okta => &OKTA,
        Provider::Google => &GOOGLE,
        Provider::Microsoft => &MICROSOFT,
    };
    let items: Vec<AnyView> = steps.iter().map(step).collect();
    let body = view! { <ol class="guide">{items}</ol> };
    section(states::about(keys::GUIDE_TITLE, provider), None, body.into_any())
}

fn step(step: &Step) -> AnyView {
    view! {
        <li>
            <p>{t(step.what)}</p>
            <p class="way" lang="en">{step.way}</p>
        </li>
    }
    .into_any()
}
