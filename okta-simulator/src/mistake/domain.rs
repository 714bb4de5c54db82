//! Rows A: which Okta it is, and which of its authorization servers.

use crate::org::World;
use crate::org::app::IssuerMode;
use crate::org::authorization_server::Claim;

use super::{How, Mistake, Row, issuer, web_apps};

/// The domain that the organization has besides Okta's.
const CUSTOM_DOMAIN: &str = "login.northwind.localhost";

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::A01,
        "The Admin Console's domain was pasted",
        "Discovery answers, with an issuer that lacks -admin; the token endpoint sends to a sign-in page.",
        How::Form(|names| {
            let (first, rest) = names.host.split_once('.').unwrap_or((names.host, ""));
            issuer(names.at(&format!("{first}-admin.{rest}")))
        }),
    ),
    Row::new(
        Mistake::A02,
        "The domain was pasted with a slash at its end",
        "Okta's issuer never has one: taken literally, the two are not the same.",
        How::Form(|names| issuer(format!("{}/", names.base))),
    ),
    Row::new(
        Mistake::A03,
        "The address of a page was pasted",
        "Taken literally, there is no document under this address.",
        How::Form(|names| issuer(format!("{}/app/UserHome?fromLogin=true", names.base))),
    ),
    Row::new(
        Mistake::A04,
        "The metadata URL was pasted",
        "Taken literally, the end of the address comes twice.",
        How::Form(|names| {
            issuer(format!(
                "{}/oauth2/default/.well-known/openid-configuration",
                names.base
            ))
        }),
    ),
    Row::new(
        Mistake::A05,
        "http:// was pasted in place of https://",
        "A code or a secret would travel in clear. Only this practice Okta may be asked by http.",
        How::Form(|_| issuer("http://northwind.okta.com")),
    ),
    Row::new(
        Mistake::A06,
        "The placeholder of a manual was pasted",
        "There is no such name.",
        How::Form(|_| issuer("https://{yourOktaDomain}/oauth2/default")),
    ),
    Row::new(
        Mistake::A07,
        "The organization's name is mistyped",
        "Another organization answers, with status 200: the parked one, which stands in for every name that nobody has.",
        How::Form(|names| issuer(names.at(&swapped(names.host)))),
    ),
    Row::new(
        Mistake::A08,
        "The organization is in another of Okta's clouds",
        "The parked organization answers there, which does not know the app.",
        How::Form(|names| issuer(names.at(&names.host.replace(".okta.", ".okta-emea.")))),
    ),
    Row::new(
        Mistake::A09,
        "A sandbox was pasted for production",
        "Everything works, with the wrong people.",
        How::Form(|names| issuer(names.at(&format!("dev-{}", names.host)))),
    ),
    Row::new(
        Mistake::A10,
        "The org server was pasted, though claims and policies are a custom server's",
        "People sign in; the custom claims never come.",
        How::OktaAndForm(
            |world| {
                for server in &mut world.servers {
                    for (name, value) in [("upn", "user.email"), ("uid", "user.id")] {
                        if !server.claims.iter().any(|claim| claim.name == name) {
                            server.claims.push(Claim::id_token(name, value));
                        }
                    }
                }
            },
            |names| issuer(names.base),
        ),
    ),
    Row::new(
        Mistake::A11,
        "A custom server was pasted, though the app may only use the org server",
        "The way back and the token endpoint say unauthorized_client.",
        How::OktaAndForm(
            |world| web_apps(world, |app| app.org_server_only = true),
            |names| issuer(format!("{}/oauth2/default", names.base)),
        ),
    ),
    Row::new(
        Mistake::A12,
        "There is no authorization server of this id",
        "Discovery answers 404 E0000007.",
        How::Form(|names| issuer(format!("{}/oauth2/ausDoesNotExist00697", names.base))),
    ),
    Row::new(
        Mistake::A13,
        "The organization has not bought API Access Management",
        "Every custom authorization server answers 401 E0000015.",
        How::OktaAndForm(
            |world| world.habits.api_access_management = false,
            |names| issuer(format!("{}/oauth2/default", names.base)),
        ),
    ),
    Row::new(
        Mistake::A14,
        "The authorization server is inactive",
        "It answers as if it were not there. What Okta says exactly is not documented.",
        How::OktaAndForm(
            |world| {
                for server in &mut world.servers {
                    server.active = false;
                }
            },
            |names| issuer(format!("{}/oauth2/default", names.base)),
        ),
    ),
    Row::new(
        Mistake::A15,
        "The custom domain was pasted, but the issuer is the Okta URL",
        "Discovery names another issuer than the one that was asked.",
        How::OktaAndForm(
            |world| custom_domain(world, IssuerMode::OktaUrl),
            |names| issuer(names.at(CUSTOM_DOMAIN)),
        ),
    ),
    Row::new(
        Mistake::A16,
        "A custom domain was added later, and became the issuer",
        "What worked until then names another issuer from now on.",
        How::Okta(|world| custom_domain(world, IssuerMode::CustomUrl)),
    ),
    Row::new(
        Mistake::A17,
        "The certificate of the custom domain has expired",
        "No TLS connection is made.",
        How::OktaAndForm(
            |world| {
                custom_domain(world, IssuerMode::CustomUrl);
                world.habits.certificate_expired = true;
            },
            |names| issuer(names.at(CUSTOM_DOMAIN).replacen("http://", "https://", 1)),
        ),
    ),
    Row::new(
        Mistake::A18,
        "Okta's network zones keep the server out",
        "The token endpoint answers 403 access_denied.",
        How::Okta(|world| web_apps(world, |app| app.in_network_zone = false)),
    ),
];

fn custom_domain(world: &mut World, mode: IssuerMode) {
    world.habits.custom_domain = Some(CUSTOM_DOMAIN.to_owned());
    web_apps(world, |app| app.issuer_mode = mode);
    for server in &mut world.servers {
        server.issuer_mode = mode;
    }
}

/// Two letters of the first label in the wrong order.
fn swapped(host: &str) -> String {
    let mut letters: Vec<char> = host.chars().collect();
    if letters.len() > 5 {
        letters.swap(4, 5);
    }
    letters.into_iter().collect()
}
