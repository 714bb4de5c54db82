//! What an administrator's round trip showed.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause, json::FromJson, users::Status};

/// What came back from the provider in an administrator's round trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verification {
    pub at: UtcMillis,
    #[serde(serialize_with = "crate::names::escaped")]
    pub by: String,
    /// Who signed in there.
    pub sub: String,
    pub login: String,
    /// The claims with their values, in the order of their names; strings are cut at 200 characters.
    pub claims: Vec<Claim>,
    /// The user that this account is, or would be at a sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<VerificationUser>,
    /// Why no user is: what a sign-in with this account would be refused for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Cause>,
    /// The administrator who made it, where this account can become their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimable_by: Option<String>,
    /// Of the settings that it proves, in hexadecimal.
    #[serde(default)]
    pub fingerprint: String,
    /// Claims that are missing, or nearly right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<ClaimNote>,
    /// How far the provider's clock is ahead of ours, in milliseconds (±1 s).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// The scopes that the provider says it granted; empty where it does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Whether a refresh token came with the tokens.
    #[serde(default)]
    pub refresh_token: bool,
}

/// One claim and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claim {
    pub name: String,
    pub id_token: Option<String>,
    pub userinfo: Option<String>,
}

/// A claim that is not where, or not what, it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimNote {
    /// The claim as it should be named, such as `upn`.
    pub claim: String,
    pub fault: ClaimFault,
    /// The name under which it came, if that is the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
}

/// What is wrong with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClaimFault {
    /// It came nowhere.
    Missing,
    /// It came under nearly the right name, such as `UPN`.
    NearName,
    /// It is in the access token and not in the ID token.
    AccessTokenOnly,
    /// It is in userinfo and not in the ID token: "Userinfo / id_token request" instead of "Always".
    UserinfoOnly,
    /// `aud` of the access token is not the audience that is entered here.
    OtherValue,
}

impl ClaimFault {
    pub const ALL: [Self; 5] = [
        Self::Missing,
        Self::NearName,
        Self::AccessTokenOnly,
        Self::UserinfoOnly,
        Self::OtherValue,
    ];

    /// Its entry of the catalogue.
    #[must_use]
    pub fn cause(self) -> Cause {
        match self {
            Self::Missing => Cause::ClaimMissing,
            Self::NearName => Cause::ClaimMisspelled,
            Self::AccessTokenOnly => Cause::ClaimInAccessToken,
            Self::UserinfoOnly => Cause::ClaimInUserinfo,
            Self::OtherValue => Cause::AudienceDiffers,
        }
    }
}

/// The user of a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerificationUser {
    pub id: String,
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    /// Their Okta login, where the account came with it: a new bond would be made by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub okta_login: Option<String>,
    /// The status that this account gives them at the first sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Status>,
}
