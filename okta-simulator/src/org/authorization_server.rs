//! Custom authorization servers: audience, claims, scopes, access policies.

use std::collections::BTreeSet;

use super::app::IssuerMode;

/// "Include in token type" of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// "ID Token".
    Id,
    /// "Access Token".
    Access,
}

/// A custom claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub name: String,
    pub token_type: TokenType,
    /// True: "Always". False: "Userinfo / id_token request", which the code flow shows at userinfo only.
    pub always: bool,
    /// "Value", of value type "Expression": `user.email`, `user.id`, `"text"`, joined by `+`.
    pub expression: String,
    /// Scopes of "The following scopes"; empty: "Any scope".
    pub scopes: BTreeSet<String>,
    pub active: bool,
}

impl Claim {
    /// "ID Token", "Always", any scope.
    pub fn id_token(name: &str, expression: &str) -> Self {
        Self {
            name: name.to_owned(),
            token_type: TokenType::Id,
            always: true,
            expression: expression.to_owned(),
            scopes: BTreeSet::new(),
            active: true,
        }
    }

    /// "ID Token", "Userinfo / id_token request".
    pub fn userinfo_only(name: &str, expression: &str) -> Self {
        Self {
            always: false,
            ..Self::id_token(name, expression)
        }
    }

    /// "Access Token".
    pub fn access_token(name: &str, expression: &str) -> Self {
        Self {
            token_type: TokenType::Access,
            ..Self::id_token(name, expression)
        }
    }

    pub(crate) fn wanted_by(&self, scopes: &[String]) -> bool {
        self.active
            && (self.scopes.is_empty() || scopes.iter().any(|scope| self.scopes.contains(scope)))
    }
}

/// "Assign to" of an access policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyClients {
    All,
    /// "The following clients", by client id.
    Only(BTreeSet<String>),
}

/// An access policy and its rules, in their order of priority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    pub name: String,
    pub clients: PolicyClients,
    pub rules: Vec<Rule>,
}

impl AccessPolicy {
    /// For all clients, with one rule that lets everything through.
    pub fn open(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            clients: PolicyClients::All,
            rules: vec![Rule::open("Default Policy Rule")],
        }
    }
}

/// A rule: IF the grant type is one of these AND the scopes are among these THEN issue tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub active: bool,
    /// Grant type "Authorization Code".
    pub authorization_code: bool,
    /// Scopes of "The following scopes"; empty: "Any scopes".
    pub scopes: BTreeSet<String>,
    /// User ids of "User is assigned"; empty: "Any user".
    pub people: BTreeSet<String>,
    /// "Access token lifetime": 5 to 1440 minutes.
    pub access_token_minutes: i64,
}

impl Rule {
    pub fn open(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            active: true,
            authorization_code: true,
            scopes: BTreeSet::new(),
            people: BTreeSet::new(),
            access_token_minutes: 60,
        }
    }
}

/// A custom authorization server. Change one with [`crate::PracticeOkta::change_authorization_server`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationServer {
    /// `default`, or `aus…`.
    pub id: String,
    pub name: String,
    pub audience: String,
    pub claims: Vec<Claim>,
    pub policies: Vec<AccessPolicy>,
    /// Scopes beyond Okta's own.
    pub scopes: BTreeSet<String>,
    pub issuer_mode: IssuerMode,
    pub active: bool,
}

impl AuthorizationServer {
    /// Without claims, policies or scopes of its own.
    pub(crate) fn new(id: &str, name: &str, audience: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            audience: audience.to_owned(),
            claims: Vec::new(),
            policies: Vec::new(),
            scopes: BTreeSet::new(),
            issuer_mode: IssuerMode::Dynamic,
            active: true,
        }
    }
}

/// What the policies of a server say to a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Granted { access_token_minutes: i64 },
    NoMatchingPolicy,
    NoScopeAllowed,
    ScopesDenied(Vec<String>),
}

impl AuthorizationServer {
    /// The first policy for this client decides, by its first rule that fits; later policies are not asked.
    pub(crate) fn judge(&self, client_id: &str, user_id: &str, scopes: &[String]) -> Verdict {
        let policy = self.policies.iter().find(|policy| match &policy.clients {
            PolicyClients::All => true,
            PolicyClients::Only(clients) => clients.contains(client_id),
        });
        let rule = policy.and_then(|policy| {
            policy.rules.iter().find(|rule| {
                rule.active
                    && rule.authorization_code
                    && (rule.people.is_empty() || rule.people.contains(user_id))
            })
        });
        let Some(rule) = rule else {
            return Verdict::NoMatchingPolicy;
        };
        let denied: Vec<String> = scopes
            .iter()
            .filter(|scope| !rule.scopes.is_empty() && !rule.scopes.contains(*scope))
            .cloned()
            .collect();
        if denied.is_empty() {
            Verdict::Granted {
                access_token_minutes: rule.access_token_minutes,
            }
        } else if denied.len() == scopes.len() {
            Verdict::NoScopeAllowed
        } else {
            Verdict::ScopesDenied(denied)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(policies: Vec<AccessPolicy>) -> AuthorizationServer {
        AuthorizationServer {
            policies,
            ..AuthorizationServer::new("default", "default", "api://default")
        }
    }

    fn scopes(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn without_a_policy_nothing_is_granted() {
        assert_eq!(
            server(vec![]).judge("a", "u", &scopes(&["openid"])),
            Verdict::NoMatchingPolicy
        );
    }

    #[test]
    fn a_policy_for_other_clients_or_without_an_active_rule_does_not_match() {
        let mut policy = AccessPolicy::open("p");
        policy.clients = PolicyClients::Only(BTreeSet::from(["b".to_owned()]));
        assert_eq!(
            server(vec![policy]).judge("a", "u", &scopes(&["openid"])),
            Verdict::NoMatchingPolicy
        );
        let mut policy = AccessPolicy::open("p");
        policy.rules[0].active = false;
        assert_eq!(
            server(vec![policy]).judge("a", "u", &scopes(&["openid"])),
            Verdict::NoMatchingPolicy
        );
    }

    #[test]
    fn a_rule_that_names_scopes_denies_the_others_by_name() {
        let mut policy = AccessPolicy::open("p");
        policy.rules[0].scopes = BTreeSet::from(["openid".to_owned()]);
        let server = server(vec![policy]);
        assert_eq!(
            server.judge("a", "u", &scopes(&["openid"])),
            Verdict::Granted {
                access_token_minutes: 60
            }
        );
        assert_eq!(
            server.judge("a", "u", &scopes(&["openid", "email"])),
            Verdict::ScopesDenied(scopes(&["email"]))
        );
        assert_eq!(
            server.judge("a", "u", &scopes(&["email"])),
            Verdict::NoScopeAllowed
        );
    }
}
