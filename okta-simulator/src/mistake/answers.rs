//! Rows O: ways of Okta's that are nobody's mistake, and deceive whoever takes them for one.

use crate::fault::Fault;
use crate::org::app::{IssuerMode, LoginInitiated, UsernameFormat};
use crate::org::habits::ErrorPages;

use super::{How, Mistake, Row, issuer, web_apps};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::O01,
        "Okta's error page was replaced by the customer's",
        "It is the same page for every error, and says nothing.",
        How::Okta(|world| world.habits.error_pages = ErrorPages::Replaced),
    ),
    Row::new(
        Mistake::O02,
        "Okta's pages speak as they did some years ago",
        "The redirect URI must be an absolute URI that is whitelisted.",
        How::Okta(|world| world.habits.error_pages = ErrorPages::Older),
    ),
    Row::new(
        Mistake::O03,
        "prompt=none without a session ends on Okta's page",
        "login_required as a page in place of a redirect.",
        How::Okta(|world| world.habits.silence_ends_on_page = true),
    ),
    Row::new(
        Mistake::O04,
        "Discovery with client_id lists what everybody may",
        "Whether a grant is ticked cannot be read from it.",
        How::Okta(|world| world.habits.per_client_lists = false),
    ),
    Row::new(
        Mistake::O05,
        "preferred_username is an array of two spellings",
        "Seen once in the field.",
        How::Okta(|world| web_apps(world, |app| app.username = UsernameFormat::TwoSpellings)),
    ),
    Row::new(
        Mistake::O06,
        "Okta is slow",
        "Every answer takes ten seconds.",
        How::Okta(|world| world.faults.set(Fault::Slow(10_000))),
    ),
    Row::new(
        Mistake::O07,
        "The keys are published by nobody",
        "The key set is empty.",
        How::Okta(|world| world.faults.set(Fault::KeysEmpty)),
    ),
    Row::new(
        Mistake::O08,
        "The organization has a custom domain, and issues under the name that it is asked by",
        "Everything works under both names.",
        How::OktaAndForm(
            |world| {
                world.habits.custom_domain = Some("login.northwind.localhost".to_owned());
                web_apps(world, |app| app.issuer_mode = IssuerMode::Dynamic);
            },
            |names| issuer(names.at("login.northwind.localhost")),
        ),
    ),
    Row::new(
        Mistake::O09,
        "The tile begins the sign-in at the app",
        "The tile opens the initiate login URI with iss.",
        How::Okta(|world| {
            web_apps(world, |app| {
                app.login_initiated = LoginInitiated::Either;
                let callback = app.sign_in_redirect_uris.first();
                app.initiate_login_uri =
                    callback.map(|uri| uri.replacen("/callback", "/initiate", 1));
            });
        }),
    ),
];
