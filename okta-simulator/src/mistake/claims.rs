//! Rows D: scopes, claims and access policies. On the org server, which has none of these, most of them change nothing.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::org::World;
use crate::org::authorization_server::{AccessPolicy, Claim, PolicyClients, Rule, TokenType};
use crate::org::group::Group;

use super::{How, Mistake, Row, web_apps};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        Mistake::D01,
        "The authorization server has no access policy",
        "The way back says access_denied: policy evaluation failed.",
        How::Okta(|world| policies(world, Vec::clear)),
    ),
    Row::new(
        Mistake::D02,
        "The access policy is for other clients",
        "The way back says access_denied: policy evaluation failed.",
        How::Okta(|world| {
            policies(world, |policies| {
                for policy in policies {
                    policy.clients = PolicyClients::Only(set("0oaElsewhere00000697"));
                }
            });
        }),
    ),
    Row::new(
        Mistake::D03,
        "The rule of the policy lacks the grant Authorization Code",
        "The way back says access_denied: policy evaluation failed.",
        How::Okta(|world| rules(world, |rule| rule.authorization_code = false)),
    ),
    Row::new(
        Mistake::D04,
        "The rule of the policy allows openid only",
        "The way back says which scopes were denied.",
        How::Okta(|world| rules(world, |rule| rule.scopes = set("openid"))),
    ),
    Row::new(
        Mistake::D05,
        "The rule of the policy is for some people only",
        "Everybody else comes back with access_denied: policy evaluation failed.",
        How::Okta(|world| rules(world, |rule| rule.people = set("00uNobody00000000697"))),
    ),
    Row::new(
        Mistake::D06,
        "A scope that is asked for does not exist",
        "The way back says invalid_scope.",
        How::Okta(|world| world.faults.set(Fault::ScopeUnknown)),
    ),
    Row::new(
        Mistake::D07,
        "openid is not among the scopes that are asked for",
        "No ID token comes.",
        How::Elsewhere(
            "Only a relying party that leaves openid out meets it: Okta then says which scope is required.",
        ),
    ),
    Row::new(
        Mistake::D08,
        "email or profile is not among the scopes that are asked for",
        "No e-mail and no user name come.",
        How::Elsewhere("Only a relying party that leaves these scopes out meets it."),
    ),
    Row::new(
        Mistake::D09,
        "The claims upn and uid were not created",
        "They are in no token.",
        How::Okta(|world| {
            for server in &mut world.servers {
                server.claims.retain(|claim| !is_named(claim));
            }
        }),
    ),
    Row::new(
        Mistake::D10,
        "The claim upn was created for the access token only",
        "It is in the access token, and neither in the ID token nor at userinfo.",
        How::Okta(|world| {
            claims(world, |claim| {
                // There Okta keeps the name uid for itself.
                if claim.name == "upn" {
                    claim.token_type = TokenType::Access;
                }
            });
        }),
    ),
    Row::new(
        Mistake::D11,
        "The claims are Userinfo / id_token request in place of Always",
        "They are at userinfo, and not in the ID token.",
        How::Okta(|world| claims(world, |claim| claim.always = false)),
    ),
    Row::new(
        Mistake::D12,
        "The claims belong to a scope that nobody asks for",
        "They are in no token.",
        How::Okta(|world| {
            for server in &mut world.servers {
                server.scopes.insert("console".to_owned());
            }
            claims(world, |claim| claim.scopes = set("console"));
        }),
    ),
    Row::new(
        Mistake::D13,
        "The claims' names are mistyped",
        "UPN comes in place of upn.",
        How::Okta(|world| claims(world, |claim| claim.name = claim.name.to_uppercase())),
    ),
    Row::new(
        Mistake::D14,
        "The claims' expression is wrong",
        "The way back says server_error: the claim could not be evaluated.",
        How::Okta(|world| {
            claims(world, |claim| {
                "user.mail()".clone_into(&mut claim.expression);
            });
        }),
    ),
    Row::new(
        Mistake::D15,
        "The claims are inactive, or another server's",
        "They are in no token.",
        How::Okta(|world| claims(world, |claim| claim.active = false)),
    ),
    Row::new(
        Mistake::D16,
        "The claims' names are Okta's own in access tokens",
        "Okta's own value comes, not the one that was meant.",
        How::Okta(|world| {
            claims(world, |claim| {
                "uid".clone_into(&mut claim.name);
                claim.token_type = TokenType::Access;
                "user.email".clone_into(&mut claim.expression);
            });
        }),
    ),
    Row::new(
        Mistake::D17,
        "upn is user.login, though people are known by their e-mail",
        "Whose login is not their e-mail is unknown.",
        How::Okta(|world| {
            for person in &mut world.people {
                if let Some((name, _)) = person.login.split_once('@') {
                    person.login = format!("{name}.northwind");
                }
            }
            claims(world, |claim| {
                "user.login".clone_into(&mut claim.expression);
            });
        }),
    ),
    Row::new(
        Mistake::D18,
        "The groups claim matches more than 100 groups",
        "The way back says server_error: too many groups.",
        How::Okta(|world| {
            for number in 1..=101 {
                world.groups.push(Group {
                    id: format!("00gMany{number:013}"),
                    name: format!("Group {number}"),
                    members: None,
                });
            }
            web_apps(world, |app| app.groups_claim = true);
        }),
    ),
    Row::new(
        Mistake::D19,
        "The server's audience is another one than the API expects",
        "aud of the access token differs.",
        How::Okta(|world| {
            for server in &mut world.servers {
                "api://elsewhere".clone_into(&mut server.audience);
            }
        }),
    ),
    Row::new(
        Mistake::D20,
        "An access token of the org server is read by somebody else than Okta",
        "It is opaque.",
        How::Elsewhere("Connect the org server: its access tokens are never anything but opaque."),
    ),
    Row::new(
        Mistake::D21,
        "Access tokens live for five minutes only",
        "expires_in is 300.",
        How::Okta(|world| rules(world, |rule| rule.access_token_minutes = 5)),
    ),
];

fn set(one: &str) -> BTreeSet<String> {
    BTreeSet::from([one.to_owned()])
}

fn policies(world: &mut World, change: fn(&mut Vec<AccessPolicy>)) {
    for server in &mut world.servers {
        change(&mut server.policies);
    }
}

fn rules(world: &mut World, change: fn(&mut Rule)) {
    for server in &mut world.servers {
        for policy in &mut server.policies {
            policy.rules.iter_mut().for_each(change);
        }
    }
}

fn is_named(claim: &Claim) -> bool {
    claim.name == "upn" || claim.name == "uid"
}

/// Changes the claims upn and uid of every server; a server without them gets them first, for something has to be wrong.
fn claims(world: &mut World, change: fn(&mut Claim)) {
    for server in &mut world.servers {
        if !server.claims.iter().any(is_named) {
            server.claims.push(Claim::id_token("upn", "user.email"));
            server.claims.push(Claim::id_token("uid", "user.id"));
        }
        server
            .claims
            .iter_mut()
            .filter(|claim| is_named(claim))
            .for_each(change);
    }
}
