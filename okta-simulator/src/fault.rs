//! How a provider can misbehave: one variant a way. What each one changes is where the answer is made.

/// Where in a sign-in a fault shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Everywhere,
    Discovery,
    Keys,
    Callback,
    TokenEndpoint,
    IdToken,
    Userinfo,
}

impl Stage {
    pub const ALL: [Self; 7] = [
        Self::Everywhere,
        Self::Discovery,
        Self::Keys,
        Self::Callback,
        Self::TokenEndpoint,
        Self::IdToken,
        Self::Userinfo,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Discovery => "Discovery",
            Self::Keys => "Keys",
            Self::Callback => "Way back to the app",
            Self::TokenEndpoint => "Token endpoint",
            Self::IdToken => "ID token",
            Self::Userinfo => "Userinfo",
        }
    }
}

/// A new fault is one line here and one `if` where the answer is made. `Variant(i64 = 5)` carries an amount, 5 by default.
macro_rules! faults {
    ($($stage:ident { $($variant:ident $(($amount:ty = $default:literal))? $id:literal $title:literal)* })*) => {
        /// A way to misbehave. Several can be switched on at once.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($(#[doc = $title] $variant $(($amount))?,)*)*
        }

        impl Fault {
            /// Every fault, with its default amount where it has one, in the order of a sign-in.
            pub const ALL: &'static [Self] = &[$($(Self::$variant $(($default))?,)*)*];

            /// Stable, in snake case: for forms, URLs and test names.
            pub fn id(self) -> &'static str {
                match self { $($(Self::$variant { .. } => $id,)*)* }
            }

            pub fn title(self) -> &'static str {
                match self { $($(Self::$variant { .. } => $title,)*)* }
            }

            pub fn stage(self) -> Stage {
                match self { $($(Self::$variant { .. } => Stage::$stage,)*)* }
            }
        }
    };
}

faults! {
    Everywhere {
        Down "down" "Every endpoint answers 503"
        Slow(i64 = 10_000) "slow" "Every endpoint waits this many milliseconds"
        RateLimited "rate_limited" "Every endpoint but the metadata answers 429"
        ClockSkew(i64 = 600) "clock_skew" "Okta's clock is wrong by this many seconds (negative: it is slow)"
    }
    Discovery {
        DiscoveryIssuerMismatch "discovery_issuer_mismatch" "Discovery names another issuer"
        DiscoveryHtml "discovery_html" "Discovery answers with a web page"
        DiscoveryOtherHost "discovery_other_host" "Discovery sends the token request to another host"
        DiscoveryHuge "discovery_huge" "Discovery answers with 64 MiB"
        DiscoveryStatus(i64 = 503) "discovery_status" "Discovery answers with this status"
        DiscoveryPromisesIssuer "discovery_promises_issuer" "Discovery promises iss in the callback, which does not come"
        DiscoveryRedirect "discovery_redirect" "Discovery answers with a redirect to another host"
    }
    Keys {
        KeysEmpty "keys_empty" "The key set is empty"
        KeysHuge "keys_huge" "The key set is 64 MiB long"
        KeysHtml "keys_html" "The keys endpoint answers with a web page"
        KeysLate "keys_late" "The key set lacks the newest key, once: it is being rotated"
        KeysDown "keys_down" "The keys endpoint answers 503"
        KeysSlow(i64 = 10_000) "keys_slow" "The keys endpoint waits this many milliseconds"
    }
    Callback {
        AccessDenied "access_denied" "The person comes back with access_denied"
        CodeAndError "code_and_error" "The person comes back with a code and an error"
        CallbackStateWrong "callback_state_wrong" "The person comes back with another state"
        CallbackStateMissing "callback_state_missing" "The person comes back without a state"
        CallbackStateTwice "callback_state_twice" "The person comes back with two states"
        RequestExpired "request_expired" "The person comes back with login_required: the request expired"
        ScopeUnknown "scope_unknown" "The request's scopes are not known"
        StateRefused "state_refused" "The request's state is refused"
        ChallengeForgotten "challenge_forgotten" "The request's PKCE challenge gets lost"
        CallbackIssuerWrong "callback_issuer_wrong" "The person comes back with the iss of another provider"
    }
    TokenEndpoint {
        Token500 "token_500" "The token endpoint answers 500"
        TokenHtml "token_html" "The token endpoint answers with a web page"
        TokenHuge "token_huge" "The token endpoint answers with 64 MiB"
        TokenSlow(i64 = 10_000) "token_slow" "The token endpoint waits this many milliseconds"
        TokenRedirect "token_redirect" "The token endpoint answers with a redirect to another host"
        TokenDropped "token_dropped" "The token endpoint closes the connection"
        TokenInvalidClient "token_invalid_client" "The token endpoint answers invalid_client"
        TokenAuthenticationFailed "token_authentication_failed" "The token endpoint answers that client authentication failed"
        TokenForeignWords "token_foreign_words" "Token, introspection and request endpoints say why in Spanish"
        TokenInvalidGrant "token_invalid_grant" "The token endpoint answers invalid_grant"
        AuthorizationStripped "authorization_stripped" "A proxy takes the Authorization header off"
        TokenOtherRedirectUri "token_other_redirect_uri" "The token endpoint says that the redirect URI is another one"
        TokenOtherServer "token_other_server" "The token endpoint says that the grant is another authorization server's"
        TokenOtherClient "token_other_client" "The token endpoint says that the grant is another client's"
        TokenBrowserRequest "token_browser_request" "The token endpoint takes the request for a browser's"
        TokenErrorWith200 "token_error_with_200" "The token endpoint answers an error with status 200"
        TokenWithoutIdToken "token_without_id_token" "The token answer has no ID token"
        TokenWithoutAccessToken "token_without_access_token" "The token answer has no access token"
        TokenTypeUnknown "token_type_unknown" "The token answer has an unknown token type"
        TokenDuplicateNames "token_duplicate_names" "The token answer names id_token twice"
    }
    IdToken {
        WrongNonce "wrong_nonce" "Another nonce"
        MissingNonce "missing_nonce" "No nonce"
        WrongIssuer "wrong_issuer" "Another issuer"
        MissingIssuer "missing_issuer" "No issuer"
        WrongAudience "wrong_audience" "Another audience"
        ExtraAudience "extra_audience" "A stranger as second audience"
        MissingAudience "missing_audience" "No audience"
        WrongAuthorizedParty "wrong_authorized_party" "azp names another client"
        MissingSubject "missing_subject" "No subject"
        MissingIssuedAt "missing_issued_at" "No time of issue"
        MissingExpiry "missing_expiry" "No expiry"
        Expired "expired" "Expired an hour ago"
        IssuedInFuture "issued_in_future" "Issued an hour from now"
        ExpiryAsText "expiry_as_text" "The expiry is a text, not a number"
        BadSignature "bad_signature" "Signed by a key that is not published, under the name of one that is"
        AlgNone "alg_none" "Not signed at all (alg none)"
        Hs256Secret "hs256_secret" "Signed with the client secret (HS256)"
        Hs256PublicKey "hs256_public_key" "Signed with the public key as an HMAC secret (HS256)"
        Es256 "es256" "Signed with ES256, though RS256 is announced"
        UnknownKid "unknown_kid" "Signed by a key of a name that is not published"
        JwkHeader "jwk_header" "The token brings its own key in its header"
        WrongAtHash "wrong_at_hash" "at_hash of another access token"
        DuplicateNames "duplicate_names" "The payload names sub twice"
        IdTokenWithoutEmail "id_token_without_email" "No e-mail in the ID token"
        IdTokenEmailUnverified "id_token_email_unverified" "email_verified is false in the ID token"
    }
    Userinfo {
        UserinfoOtherSubject "userinfo_other_subject" "Userinfo answers for another subject"
        UserinfoWithoutSubject "userinfo_without_subject" "Userinfo has no subject"
        Userinfo500 "userinfo_500" "Userinfo answers 500"
        UserinfoHtml "userinfo_html" "Userinfo answers with a web page"
        UserinfoHuge "userinfo_huge" "Userinfo answers with 64 MiB"
        UserinfoWithoutEmail "userinfo_without_email" "Userinfo has no e-mail"
        UserinfoEmailUnverified "userinfo_email_unverified" "email_verified is false in userinfo"
        UserinfoOtherEmail "userinfo_other_email" "Userinfo has another e-mail than the ID token"
    }
}

impl Fault {
    /// The fault of this id, with its default amount.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.id() == id)
    }

    /// Seconds, milliseconds or a status, as the title says, for the faults that have an amount.
    pub fn amount(self) -> Option<i64> {
        if let Self::ClockSkew(amount)
        | Self::DiscoveryStatus(amount)
        | Self::KeysSlow(amount)
        | Self::TokenSlow(amount)
        | Self::Slow(amount) = self
        {
            Some(amount)
        } else {
            None
        }
    }

    /// The same fault with another amount; faults without one stay as they are.
    #[must_use]
    pub fn with_amount(mut self, new: i64) -> Self {
        if let Self::ClockSkew(amount)
        | Self::DiscoveryStatus(amount)
        | Self::KeysSlow(amount)
        | Self::TokenSlow(amount)
        | Self::Slow(amount) = &mut self
        {
            *amount = new;
        }
        self
    }
}

/// The faults that are on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn set(&mut self, fault: Fault) {
        self.clear(fault);
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self, fault: Fault) {
        self.0.retain(|on| on.id() != fault.id());
    }

    pub(crate) fn clear_all(&mut self) {
        self.0.clear();
    }

    pub(crate) fn on(&self, fault: Fault) -> bool {
        self.find(fault).is_some()
    }

    /// The fault as it is switched on, whatever its amount.
    pub(crate) fn find(&self, fault: Fault) -> Option<Fault> {
        self.0.iter().copied().find(|on| on.id() == fault.id())
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    /// Seconds by which the provider's clock is wrong.
    pub(crate) fn skew(&self) -> i64 {
        self.find(Fault::ClockSkew(0))
            .and_then(Fault::amount)
            .unwrap_or(0)
    }

    /// How long an endpoint waits before it answers.
    pub(crate) fn delay(&self, fault: Fault) -> std::time::Duration {
        let milliseconds = self.find(fault).and_then(Fault::amount).unwrap_or(0);
        std::time::Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_own_id_in_snake_case_and_is_found_by_it() {
        for (index, fault) in Fault::ALL.iter().enumerate() {
            assert!(
                fault
                    .id()
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{}",
                fault.id()
            );
            assert_eq!(
                Fault::ALL.iter().position(|other| other.id() == fault.id()),
                Some(index)
            );
            assert_eq!(Fault::from_id(fault.id()), Some(*fault));
        }
    }

    #[test]
    fn an_amount_is_kept_and_a_second_setting_replaces_the_first() {
        let mut faults = Faults::default();
        faults.set(Fault::ClockSkew(600));
        faults.set(Fault::ClockSkew(-30));
        assert_eq!(faults.skew(), -30);
        assert_eq!(faults.list().len(), 1);
    }
}
