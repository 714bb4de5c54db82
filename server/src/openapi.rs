//! The OpenAPI document, made from the table of routes and the schemas of the `api` crate.

use std::collections::BTreeMap;

use api::{Problem, ProblemCode};
use axum::{Json, http::Method};
use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};

use crate::{access::Permission, routes};

/// A named schema with those that it refers to.
pub(crate) struct Shape {
    name: String,
    parts: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    pub(crate) fn of<T: ToSchema>() -> Self {
        let name = T::name().into_owned();
        let mut parts = vec![(name.clone(), T::schema())];
        T::schemas(&mut parts);
        Self { name, parts }
    }

    /// Its fields as parameters of a query; none of them has to be there.
    fn in_query(&self) -> Vec<Value> {
        let schema = json!(self.parts[0].1);
        let fields = schema["properties"].as_object().into_iter().flatten();
        fields
            .map(|(name, schema)| json!({ "name": name, "in": "query", "schema": schema }))
            .collect()
    }
}

/// `GET /api/openapi.json`.
pub(crate) async fn show() -> Json<Value> {
    Json(document())
}

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let mut schemas = BTreeMap::new();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    keep(&mut schemas, Shape::of::<Problem>());
    keep(&mut schemas, Shape::of::<ProblemCode>());
    for route in routes::table() {
        let operation = operation(&route);
        let method = route.method.as_str().to_ascii_lowercase();
        for mut query in route.asks {
            // A query is its fields: what they refer to is kept, the whole of them is not.
            query.parts.remove(0);
            keep(&mut schemas, query);
        }
        for shape in [route.takes, route.answers].into_iter().flatten() {
            keep(&mut schemas, shape);
        }
        paths
            .entry(route.path)
            .or_default()
            .insert(method, operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "SSO Console",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": crate::cookies::SESSION }
            }
        }
    })
}

fn keep(schemas: &mut BTreeMap<String, Value>, shape: Shape) {
    for (name, schema) in shape.parts {
        schemas.insert(name, json!(schema));
    }
}

fn operation(route: &routes::Route) -> Value {
    let mut parameters = Vec::new();
    for name in route
        .path
        .split('{')
        .skip(1)
        .filter_map(|it| it.split('}').next())
    {
        parameters.push(json!({
            "name": name, "in": "path", "required": true, "schema": { "type": "string" }
        }));
    }
    parameters.extend(route.asks.iter().flat_map(Shape::in_query));
    if route.method != Method::GET {
        parameters.push(json!({
            "name": api::paths::CSRF_HEADER, "in": "header", "required": true,
            "schema": { "type": "string" }
        }));
    }
    if route.versioned || route.heeds_version {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": route.versioned, "schema": { "type": "string" },
            "description": "The version that the change is based on, in quotes."
        }));
    }
    let good = match &route.answers {
        Some(shape) => {
            json!({ "description": "Done.", "content": content(shape, "application/json") })
        }
        None => json!({ "description": "Done." }),
    };
    let mut operation = json!({
        "summary": route.summary,
        "parameters": parameters,
        "responses": {
            "2XX": good,
            "default": {
                "description": "A problem (RFC 9457).",
                "content": {
                    "application/problem+json": {
                        "schema": { "$ref": "#/components/schemas/Problem" }
                    }
                }
            }
        }
    });
    if let Some(shape) = &route.takes {
        operation["requestBody"] =
            json!({ "required": true, "content": content(shape, "application/json") });
    }
    if route.permission == Permission::RecentAdmin {
        operation["description"] = json!("Takes a sign-in of the last ten minutes.");
    } else if route.recent_for_some {
        operation["description"] =
            json!("Takes a sign-in of the last ten minutes where an administrator is made.");
    }
    operation["security"] = match route.permission {
        Permission::Public => json!([]),
        Permission::Member | Permission::Admin | Permission::RecentAdmin => {
            json!([{ "session": [] }])
        }
    };
    operation
}

fn content(shape: &Shape, kind: &str) -> Value {
    let reference = format!("#/components/schemas/{}", shape.name);
    json!({ kind: { "schema": { "$ref": reference } } })
}
