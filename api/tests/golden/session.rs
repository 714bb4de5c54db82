//! One sample of each type of the session and of the confirmation of identity in it.

use api::{
    ReauthenticationForm, ReauthenticationMethod, Role, Session, SignedInBy, connections::TrialSeen,
};

use super::samples::{ID, NOW};

pub(crate) fn session() -> Session {
    Session {
        user_id: ID.into(),
        name: "Ada Lovelace".into(),
        email: "ada@northwind.example".into(),
        role: Role::Admin,
        organization: "Northwind".into(),
        signed_in_by: SignedInBy::Okta,
        expires_at: NOW,
        authenticated_at: NOW - 60_000,
        reauthenticate_by: vec![ReauthenticationMethod::Okta, ReauthenticationMethod::Code],
        okta_simulator: Some("http://127.0.0.1:7080/practice".into()),
        trial: Some(TrialSeen {
            ends_at: NOW + 900_000,
            may_confirm: true,
        }),
    }
}

pub(crate) fn reauthentication_form() -> ReauthenticationForm {
    ReauthenticationForm {
        password: None,
        code: Some("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345".into()),
    }
}
