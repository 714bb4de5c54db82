//! The OpenAPI document: every route is in it, every reference leads somewhere.

use std::collections::BTreeSet;

use serde_json::Value;
use server::{access::Permission, openapi, routes};

/// Every `$ref` in the document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                if let ("$ref", Some(text)) = (name.as_str(), inner.as_str()) {
                    found.insert(text.to_owned());
                }
                references(inner, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(reference.strip_prefix('#')?)
}

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_referred_to() {
    let document = openapi::document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "{found:?}");
    for reference in &found {
        assert!(
            resolve(&document, reference).is_some(),
            "{reference} leads nowhere"
        );
    }
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    for name in schemas.keys() {
        let reference = format!("#/components/schemas/{name}");
        assert!(found.contains(&reference), "nobody refers to {name}");
    }
}

#[test]
fn every_route_is_in_the_document_with_what_it_takes_and_what_it_needs() {
    let document = openapi::document();
    let mut operations = 0;
    for route in routes::table() {
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][route.path][&method];
        let name = format!("{method} {}", route.path);
        assert!(operation.is_object(), "{name} is missing");
        operations += 1;
        assert_eq!(operation["summary"], route.summary, "{name}");
        assert!(operation["responses"]["2XX"].is_object(), "{name}");
        assert!(operation["responses"]["default"].is_object(), "{name}");
        let parameters = operation["parameters"].as_array().expect("parameters");
        let has = |place: &str, wanted: &str| {
            parameters
                .iter()
                .any(|it| it["in"] == place && it["name"] == wanted)
        };
        for part in route.path.split('/').filter(|part| part.starts_with('{')) {
            assert!(
                has("path", part.trim_matches(['{', '}'])),
                "{name} lacks {part}"
            );
        }
        let heeded = route.versioned || route.heeds_version;
        assert_eq!(has("header", "If-Match"), heeded, "{name}");
        assert_eq!(
            has("header", api::paths::CSRF_HEADER),
            method != "get",
            "{name}"
        );
        let is_public = route.permission == Permission::Public;
        assert_eq!(
            operation["security"] == serde_json::json!([]),
            is_public,
            "{name}"
        );
    }
    let written: usize = document["paths"]
        .as_object()
        .expect("paths")
        .values()
        .map(|path| path.as_object().expect("operations").len())
        .sum();
    assert_eq!(
        written, operations,
        "the document has operations that no route has"
    );
}

#[test]
fn the_document_is_of_the_version_that_it_says_and_has_the_structure_of_one() {
    let document = openapi::document();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let scheme = &document["components"]["securitySchemes"]["session"];
    assert_eq!(
        (&scheme["type"], &scheme["in"]),
        (&"apiKey".into(), &"cookie".into())
    );
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .expect("schemas")
    {
        let known = ["type", "oneOf", "allOf", "anyOf", "enum", "$ref"];
        assert!(
            known.iter().any(|word| schema.get(word).is_some()),
            "{name}: {schema}"
        );
        for required in schema["required"].as_array().into_iter().flatten() {
            let field = required.as_str().expect("a name");
            assert!(
                schema["properties"][field].is_object(),
                "{name} requires {field}"
            );
        }
    }
    for (path, operations) in document["paths"].as_object().expect("paths") {
        assert!(path.starts_with('/'), "{path}");
        for operation in operations.as_object().expect("operations").values() {
            let body = &operation["requestBody"];
            assert!(body.is_null() || body["content"]["application/json"]["schema"].is_object());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_answers_with_the_document_that_the_command_prints() {
    let desk = crate::desk::Desk::new(crate::desk::Engine::Sqlite).await;
    let reply = desk
        .browser()
        .get(api::paths::OPENAPI)
        .await
        .expect_status(200);
    assert_eq!(reply.json, openapi::document());
}

#[test]
fn what_a_query_takes_is_in_the_document() {
    let document = openapi::document();
    for (path, fields) in [
        (
            api::paths::USERS,
            &["after", "limit", "search", "status"][..],
        ),
        (
            api::paths::SIGN_INS,
            &["cause", "outcome", "person", "reference"],
        ),
        (api::paths::AUDIT, &["actor", "event", "target"]),
    ] {
        let parameters = &document["paths"][path]["get"]["parameters"];
        let parameters = parameters.as_array().expect("parameters");
        let names: BTreeSet<&str> = parameters
            .iter()
            .filter(|it| it["in"] == "query" && it["schema"].is_object())
            .filter_map(|it| it["name"].as_str())
            .collect();
        for field in fields {
            assert!(names.contains(field), "{path} lacks {field}: {names:?}");
        }
    }
}
