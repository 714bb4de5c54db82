//! From the code to the person: token request, signature, claims, userinfo, in this order.
//!
//! What is remembered of discovery can be out of date. Nobody is refused for it: before that it is
//! read once more, at most once a minute an issuer, and what depends on it is judged again.

use std::sync::Arc;

use api::{Cause, Provider, UtcMillis, sign_ins::Stage};

use super::{
    ConnectionConfig, Failure, Metadata, Person, RelyingParty, Started, TokenAuth,
    claims::{self, Claims, Expected},
    jose,
    keys::Finding,
    person,
    token::{self, Tokens},
    trust::Trust,
    userinfo::{self, Userinfo},
};
use crate::secret::Secret;

impl RelyingParty {
    /// From the code to the person. The attempt must be consumed before: whatever comes of it, no
    /// endpoint that may have looked at the code gets it a second time. Takes at most 5 s for each
    /// of its requests: four, and where something is refused as many again.
    pub async fn exchange(
        &self,
        connection: &ConnectionConfig,
        started: &Started<'_>,
        code: &Secret,
        now: UtcMillis,
    ) -> Result<Person, Failure> {
        let trust = self.trusts.of(connection);
        let metadata = trust.metadata(&self.outbound, UtcMillis::MIN, now).await?;
        let mut exchange = Exchange {
            relying: self,
            trust: &trust,
            connection,
            started,
            metadata,
            now,
        };
        exchange.check_callback_issuer().await?;
        let tokens = exchange.tokens(code).await?;
        (started.passed)(Stage::CodeExchanged);
        let skew_ms = tokens.date.map(|date| date - now);
        let claims = exchange
            .claims(&tokens)
            .await
            .map_err(|failure| blame_clock(failure, skew_ms))?;
        (started.passed)(Stage::TokenVerified);
        let userinfo = exchange.userinfo(&tokens, &claims).await?;
        (started.passed)(Stage::UserinfoRead);
        person::of(connection, claims, userinfo, tokens, skew_ms)
    }
}

/// One exchange, with the document that it goes by.
struct Exchange<'a> {
    relying: &'a RelyingParty,
    trust: &'a Trust,
    connection: &'a ConnectionConfig,
    started: &'a Started<'a>,
    metadata: Arc<Metadata>,
    now: UtcMillis,
}

impl Exchange<'_> {
    /// Reads discovery once more. Whether what was refused may be judged again: the document differs
    /// in what the refusal depends on.
    async fn is_renewed(&mut self, differs: impl FnOnce(&Metadata, &Metadata) -> bool) -> bool {
        let outbound = &self.relying.outbound;
        let newer = self
            .trust
            .newer_metadata(outbound, &self.metadata, self.now)
            .await;
        match newer {
            Some(newer) if differs(&self.metadata, &newer) => {
                self.metadata = newer;
                true
            }
            Some(_) | None => false,
        }
    }

    /// RFC 9207 §2.4: compared when it is there, and missed when it was promised.
    async fn check_callback_issuer(&mut self) -> Result<(), Failure> {
        let detail = match self.started.iss {
            Some(iss) if iss == self.metadata.issuer => return Ok(()),
            Some(_) => "callback: `iss` is another issuer's",
            None if !self.metadata.names_itself_in_callback => return Ok(()),
            None => "callback: `iss` was promised and is missing",
        };
        let taken_back = |_: &Metadata, newer: &Metadata| !newer.names_itself_in_callback;
        if self.started.iss.is_none() && self.is_renewed(taken_back).await {
            return Ok(());
        }
        Err(Failure::new(Cause::CallbackIssuer, detail).hearsay())
    }

    async fn tokens(&mut self, code: &Secret) -> Result<Tokens, Failure> {
        let failure = match self.tokens_at(code).await {
            Ok(tokens) => return Ok(tokens),
            Err(failure) => failure,
        };
        // An endpoint that looked at the code is the right one.
        let asked_the_right_one = matches!(failure.cause, Cause::CodeRefused | Cause::RateLimited);
        let moved = |last: &Metadata, newer: &Metadata| {
            last.token != newer.token || last.token_auth != newer.token_auth
        };
        if !asked_the_right_one && self.is_renewed(moved).await {
            return self.tokens_at(code).await;
        }
        Err(self.named_by_the_app(failure).await)
    }

    /// Asks the token endpoint. An app that refuses the secret where it was sent, and not for what
    /// it is, gets it once in the other way that discovery offers: it looked at no code so far
    /// (RFC 6749 §3.2.1). What the app took is remembered for the next sign-in.
    async fn tokens_at(&self, code: &Secret) -> Result<Tokens, Failure> {
        let auth = self.trust.token_auth(&self.metadata);
        let refused = match self.ask(auth, code).await {
            Err(failure) if is_of_the_method(&failure) => failure,
            other => return other,
        };
        let other = match auth {
            TokenAuth::Basic if self.metadata.takes_form => TokenAuth::Post,
            TokenAuth::Post if self.metadata.token_auth == TokenAuth::Basic => TokenAuth::Basic,
            TokenAuth::Basic | TokenAuth::Post => return Err(refused),
        };
        match self.ask(other, code).await {
            Err(failure) if failure.is_of_the_secret() => Err(refused),
            taken => {
                self.trust.remember_auth(other);
                taken
            }
        }
    }

    async fn ask(&self, auth: TokenAuth, code: &Secret) -> Result<Tokens, Failure> {
        token::exchange(
            &self.relying.outbound,
            &self.metadata,
            auth,
            self.connection,
            code,
            self.started.verifier,
            self.started.redirect_uri,
        )
        .await
    }

    /// What Okta says of the app tells why it does not take the secret.
    async fn named_by_the_app(&self, mut failure: Failure) -> Failure {
        if failure.cause == Cause::AuthenticationRefused
            && self.connection.provider == Provider::Okta
        {
            let client_id = &self.connection.client_id;
            let outbound = &self.relying.outbound;
            let methods = self.trust.methods(outbound, client_id, self.now).await;
            let only = methods.as_ref().and_then(|all| match all.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            });
            failure.cause = match only {
                Some("private_key_jwt") => Cause::ClientRequiresKey,
                Some("none") => Cause::ClientIsPublic,
                Some("client_secret_jwt") => Cause::SecretMethod,
                Some(_) | None => failure.cause,
            };
        }
        failure
    }

    /// The claims of an ID token, its signature and every rule checked.
    async fn claims(&mut self, tokens: &Tokens) -> Result<Claims, Failure> {
        let failure = match self.verified(tokens).await {
            Ok(claims) => return Ok(claims),
            Err(failure) => failure,
        };
        let of_the_keys = matches!(
            failure.cause,
            Cause::SigningKeyUnknown | Cause::KeysUnreadable | Cause::ProviderUnavailable
        );
        if of_the_keys && self.is_renewed(|last, newer| last.jwks != newer.jwks).await {
            self.trust.forget_keys();
            return self.verified(tokens).await;
        }
        Err(failure)
    }

    async fn verified(&self, tokens: &Tokens) -> Result<Claims, Failure> {
        let (outbound, metadata, now) = (&self.relying.outbound, &self.metadata, self.now);
        let token = jose::parse(tokens.id_token.expose())?;
        let keys = self.trust.keys(outbound, metadata, now).await?;
        let mut finding = keys.check(&token);
        if finding == Finding::NoKey
            && let Some(newer) = self.trust.newer_keys(outbound, metadata, &keys, now).await
        {
            finding = newer.check(&token);
        }
        match finding {
            Finding::Signed => (),
            Finding::Forged => {
                return Err(Failure::new(
                    Cause::TokenSignature,
                    "the signature is wrong",
                ));
            }
            Finding::NoKey => {
                let detail = format!("no key fits, of {}", keys.len());
                return Err(Failure::new(Cause::SigningKeyUnknown, detail));
            }
            Finding::Undecided => {
                return Err(Failure::new(
                    Cause::SigningKeyUnknown,
                    "no `kid`, and several keys fit",
                ));
            }
        }
        let connection = self.connection;
        let expected = Expected {
            provider: connection.provider,
            issuer: &connection.issuer,
            client_id: &connection.client_id,
            tenant: connection.tenant.as_deref(),
            nonce: self.started.nonce.expose(),
            access_token: tokens.access_token.expose(),
            max_age: self.started.max_age,
            now,
        };
        claims::check(&token.claims()?, &expected)
    }

    async fn userinfo(&mut self, tokens: &Tokens, claims: &Claims) -> Result<Userinfo, Failure> {
        let failure = match self.userinfo_at(tokens, claims).await {
            Ok(userinfo) => return Ok(userinfo),
            Err(failure) => failure,
        };
        if failure.cause == Cause::UserinfoUnreadable
            && self
                .is_renewed(|last, newer| last.userinfo != newer.userinfo)
                .await
        {
            return self.userinfo_at(tokens, claims).await;
        }
        Err(failure)
    }

    async fn userinfo_at(&self, tokens: &Tokens, claims: &Claims) -> Result<Userinfo, Failure> {
        let access_token = tokens.access_token.expose();
        userinfo::fetch(
            &self.relying.outbound,
            &self.metadata,
            access_token,
            &claims.sub,
        )
        .await
    }
}

/// The provider refused how the client authenticated, and did not say that it knows the secret for
/// a wrong one.
fn is_of_the_method(failure: &Failure) -> bool {
    let unsaid = matches!(
        failure.cause,
        Cause::AuthenticationRefused | Cause::CredentialsLost
    );
    unsaid && failure.is_of_the_secret()
}

/// A token that is "expired" to a clock that is wrong is the clock's fault.
fn blame_clock(mut failure: Failure, skew_ms: Option<i64>) -> Failure {
    if let Some(skew) = skew_ms {
        if failure.cause == Cause::TokenExpired && skew.abs() > 60_000 {
            // Ahead of us it lives in our future; behind us its fresh tokens look old.
            failure.cause = if skew > 0 {
                Cause::ClockSkew
            } else {
                Cause::ClockFast
            };
        }
        if matches!(
            failure.cause,
            Cause::TokenExpired | Cause::ClockSkew | Cause::ClockFast
        ) {
            let seconds = skew / 1000;
            failure.detail = format!("{}; the provider is {seconds} s ahead", failure.detail);
        }
    }
    failure
}

#[cfg(test)]
mod tests;
