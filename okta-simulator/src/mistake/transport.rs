//! Rows F: clocks, keys, networks and browsers.

use crate::fault::Fault;
use crate::org::World;
use crate::org::app::{AppType, IssuerMode, Provider};
use crate::org::habits::ErrorPages;
use crate::org::pinned_ring;

use super::redirect::unregistered;
use super::{How, Mistake, Row, web_apps};

/// By so much the two clocks differ, in seconds: more than tokens are valid for.
const FAR: i64 = 4_000;

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::F01,
        "The server's clock is slow",
        "Okta's Date header, and every token, are ahead of it.",
        How::Okta(|world| world.faults.set(Fault::ClockSkew(FAR))),
    ),
    Row::new(
        Mistake::F02,
        "The server's clock is fast",
        "Tokens have expired when they arrive.",
        How::Okta(|world| world.faults.set(Fault::ClockSkew(-FAR))),
    ),
    Row::new(
        Mistake::F03,
        "The signing keys were replaced while the app kept the old ones",
        "A kid that nobody has seen; asking again for the keys mends it.",
        How::Okta(World::rotate_keys),
    ),
    Row::new(
        Mistake::F04,
        "The app has a signing key of its own",
        "Only keys?client_id= publishes it.",
        How::Okta(|world| {
            let mut pinned = Vec::new();
            web_apps(world, |app| {
                app.pinned_key = true;
                pinned.push(pinned_ring(&app.id));
            });
            for ring in pinned {
                world.add_ring(&ring);
            }
        }),
    ),
    Row::new(
        Mistake::F05,
        "Discovery was kept beyond a change of the issuer",
        "Tokens name another issuer than the document that was kept.",
        How::Okta(|world| {
            world.habits.custom_domain = Some("login.northwind.localhost".to_owned());
            web_apps(world, |app| app.issuer_mode = IssuerMode::CustomUrl);
            for server in &mut world.servers {
                server.issuer_mode = IssuerMode::CustomUrl;
            }
        }),
    ),
    Row::new(
        Mistake::F06,
        "The app's own proxy changes the Host header",
        "The app sends a redirect URI that is not registered.",
        How::Elsewhere(
            "The app decides it: give it another public address than the one that is registered.",
        ),
    ),
    Row::new(
        Mistake::F07,
        "The app's state cookie is SameSite=Strict",
        "The callback comes without it.",
        How::Elsewhere("The app decides it."),
    ),
    Row::new(
        Mistake::F08,
        "response_mode=form_post with a Lax cookie",
        "The callback comes without the cookie.",
        How::Elsewhere(
            "The app decides it: ask for response_mode=form_post, which this Okta plays.",
        ),
    ),
    Row::new(
        Mistake::F09,
        "The sign-in goes on in another browser",
        "The callback comes without the cookie.",
        How::Elsewhere("Copy the address of Okta's sign-in page into another browser."),
    ),
    Row::new(
        Mistake::F10,
        "An old sign-in page was taken up again",
        "The way back says login_required: request expired.",
        How::Okta(|world| world.faults.set(Fault::RequestExpired)),
    ),
    Row::new(
        Mistake::F11,
        "The callback was so slow that the code expired",
        "The token endpoint answers invalid_grant.",
        How::Okta(|world| world.faults.set(Fault::TokenInvalidGrant)),
    ),
    Row::new(
        Mistake::F12,
        "A link scanner opens the callback",
        "A callback without a state.",
        How::Elsewhere("Open the app's callback address by hand."),
    ),
    Row::new(
        Mistake::F13,
        "Two tabs sign in at once",
        "Two states are on their way.",
        How::Elsewhere("Begin to sign in in two tabs, and end in the first."),
    ),
    Row::new(
        Mistake::F14,
        "The code of one authorization server was taken to another",
        "The token endpoint says that the grant is another server's.",
        How::Okta(|world| world.faults.set(Fault::TokenOtherServer)),
    ),
    Row::new(
        Mistake::F15,
        "The code of one client was brought by another",
        "The token endpoint says that the grant is another client's.",
        How::Okta(|world| world.faults.set(Fault::TokenOtherClient)),
    ),
    Row::new(
        Mistake::F16,
        "Too many requests",
        "Everything but the metadata answers 429, and when the minute is over.",
        How::Okta(|world| world.faults.set(Fault::RateLimited)),
    ),
    Row::new(
        Mistake::F17,
        "Okta is down",
        "Everything answers 503.",
        How::Okta(|world| world.faults.set(Fault::Down)),
    ),
    Row::new(
        Mistake::F18,
        "The token endpoint takes the request for a browser's",
        "401: browser requests must use PKCE.",
        How::Okta(|world| world.faults.set(Fault::TokenBrowserRequest)),
    ),
    Row::new(
        Mistake::F19,
        "The phone signs in in an embedded web view",
        "The phone's session and its keys are not there, so that the sign-in policy turns them away on Okta's own page.",
        How::Okta(|world| world.habits.embedded_browsers = true),
    ),
    Row::new(
        Mistake::F20,
        "The native app's redirect URI is not registered",
        "Okta shows a page of its own to phones.",
        How::Okta(|world| {
            for app in &mut world.apps {
                if app.provider == Provider::Okta && app.app_type == AppType::Native {
                    app.sign_in_redirect_uris = vec!["com.okta.practice:/callback".to_owned()];
                }
            }
        }),
    ),
    Row::new(
        Mistake::F21,
        "The native app's page keeps the code",
        "A code in an address that others can read.",
        How::Elsewhere("The app decides it."),
    ),
    Row::new(
        Mistake::F22,
        "Okta's pages are translated, and the redirect URI was not entered",
        "Whoever searches the page for English sentences finds none.",
        How::Okta(|world| {
            world.habits.error_pages = ErrorPages::Spanish;
            unregistered(world);
        }),
    ),
];
