//! What the discovery documents say, at each of the three providers.

use serde_json::{Map, Value, json};

use crate::http::{Call, Params, Problem};
use crate::org::app::{App, ClientAuth};
use crate::place::{Endpoint, Place, Tree};

const OKTA_CLAIMS: [&str; 31] = [
    "iss",
    "ver",
    "sub",
    "aud",
    "iat",
    "exp",
    "jti",
    "auth_time",
    "amr",
    "idp",
    "nonce",
    "name",
    "nickname",
    "preferred_username",
    "given_name",
    "middle_name",
    "family_name",
    "email",
    "email_verified",
    "profile",
    "zoneinfo",
    "locale",
    "address",
    "phone_number",
    "picture",
    "website",
    "gender",
    "birthdate",
    "updated_at",
    "at_hash",
    "c_hash",
];

pub(crate) const OKTA_SCOPES: [&str; 8] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "device_sso",
    "interclient_access",
];

const REQUEST_ALGORITHMS: [&str; 9] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
];

pub(super) fn document(call: &Call, query: Option<&str>) -> Result<Map<String, Value>, Problem> {
    call.issuer_exists()?;
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let document = match call.tree {
        Tree::Org | Tree::Custom(_) => {
            let app = params.filled("client_id").map(|client_id| {
                call.app(client_id).ok_or_else(|| {
                    Problem::api(
                        400,
                        "invalid_client",
                        "Invalid value for 'client_id' parameter.",
                    )
                })
            });
            let app = app.transpose()?;
            // An issuer's endpoints bear the issuer's name.
            let place = call.issuing_place(app.as_ref());
            let mut document = okta(call, &place);
            let says_more = call.engine.world().habits.per_client_lists;
            if let Some(app) = app.filter(|_| says_more) {
                describe_one_client(call, &place, &app, &mut document);
            }
            document
        }
        Tree::Google => google(call),
        Tree::Microsoft(_) => microsoft(call),
    };
    Ok(document)
}

fn okta(call: &Call, place: &Place) -> Map<String, Value> {
    let at = |endpoint| call.tree.endpoint(place, endpoint);
    let methods = [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "none",
    ];
    let mut scopes: Vec<String> = OKTA_SCOPES.iter().map(ToString::to_string).collect();
    match &call.tree {
        Tree::Custom(id) => scopes.extend(
            call.engine
                .world()
                .server(id)
                .map(|server| server.scopes.clone())
                .unwrap_or_default(),
        ),
        Tree::Org | Tree::Google | Tree::Microsoft(_) => scopes.push("groups".to_owned()),
    }
    let grants = [
        "authorization_code",
        "implicit",
        "refresh_token",
        "password",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:openid:params:grant-type:ciba",
        "urn:okta:params:oauth:grant-type:otp",
        "http://auth0.com/oauth/grant-type/mfa-otp",
        "urn:okta:params:oauth:grant-type:oob",
        "http://auth0.com/oauth/grant-type/mfa-oob",
    ];
    let encodings = ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"];
    object(json!({
        "issuer": call.tree.issuer(place),
        "authorization_endpoint": at(Endpoint::Authorize),
        "token_endpoint": at(Endpoint::Token),
        "userinfo_endpoint": at(Endpoint::Userinfo),
        "registration_endpoint": format!("{}/oauth2/v1/clients", place.base),
        "jwks_uri": at(Endpoint::Keys),
        "response_types_supported": ["code", "id_token", "code id_token", "code token", "id_token token", "code id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post", "okta_post_message"],
        "grant_types_supported": grants,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "id_token_encryption_alg_values_supported": encodings,
        "id_token_encryption_enc_values_supported": ["A256GCM"],
        "scopes_supported": scopes,
        "token_endpoint_auth_methods_supported": methods,
        "claims_supported": OKTA_CLAIMS,
        "code_challenge_methods_supported": ["S256"],
        "introspection_endpoint": at(Endpoint::Introspect),
        "introspection_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": at(Endpoint::Revoke),
        "revocation_endpoint_auth_methods_supported": methods,
        "end_session_endpoint": at(Endpoint::Logout),
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": REQUEST_ALGORITHMS,
        "pushed_authorization_request_endpoint": at(Endpoint::Par),
        "backchannel_token_delivery_modes_supported": ["poll"],
        "dpop_signing_alg_values_supported": ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
    }))
}

/// With `client_id` the document describes that one client.
fn describe_one_client(call: &Call, place: &Place, app: &App, document: &mut Map<String, Value>) {
    let method = match app.client_auth {
        ClientAuth::Secret => "client_secret_basic",
        ClientAuth::SecretInBody => "client_secret_post",
        ClientAuth::PrivateKey => "private_key_jwt",
        ClientAuth::None => "none",
    };
    let subject = if app.pairwise { "pairwise" } else { "public" };
    let keys = call.tree.endpoint(place, Endpoint::Keys);
    for (name, value) in [
        ("response_types_supported", json!(app.response_types())),
        ("subject_types_supported", json!([subject])),
        ("grant_types_supported", json!(app.grant_types())),
        ("token_endpoint_auth_methods_supported", json!([method])),
        (
            "introspection_endpoint_auth_methods_supported",
            json!([method]),
        ),
        (
            "revocation_endpoint_auth_methods_supported",
            json!([method]),
        ),
        (
            "registration_endpoint",
            json!(format!("{}/oauth2/v1/clients/{}", place.base, app.id)),
        ),
        ("jwks_uri", json!(format!("{keys}?client_id={}", app.id))),
        ("request_parameter_supported", json!(false)),
    ] {
        document.insert(name.into(), value);
    }
}

fn google(call: &Call) -> Map<String, Value> {
    let at = |endpoint| call.tree.endpoint(&call.place, endpoint);
    object(json!({
        "issuer": call.tree.issuer(&call.place),
        "authorization_endpoint": at(Endpoint::Authorize),
        "token_endpoint": at(Endpoint::Token),
        "userinfo_endpoint": at(Endpoint::Userinfo),
        "revocation_endpoint": at(Endpoint::Revoke),
        "jwks_uri": at(Endpoint::Keys),
        "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token", "none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "picture", "sub"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
    }))
}

fn microsoft(call: &Call) -> Map<String, Value> {
    let at = |endpoint| call.tree.endpoint(&call.place, endpoint);
    object(json!({
        "issuer": call.tree.issuer(&call.place),
        "authorization_endpoint": at(Endpoint::Authorize),
        "token_endpoint": at(Endpoint::Token),
        "userinfo_endpoint": at(Endpoint::Userinfo),
        "end_session_endpoint": at(Endpoint::Logout),
        "jwks_uri": at(Endpoint::Keys),
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"],
        "tenant_region_scope": "EU",
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
