//! What an audit row's detail says, as fields with their values before and after.

use std::collections::BTreeSet;

use api::audit::AuditChange;
use serde_json::Value;

/// At most so much of one value.
const VALUE_MAX: usize = 500;

/// Only what differs, where there is a before and an after.
pub(super) fn changes(detail: &str) -> Vec<AuditChange> {
    let Ok(Value::Object(fields)) = serde_json::from_str(detail) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    match (fields.get("before"), fields.get("after")) {
        (None, None) => {}
        (before, after) => compared("", before, after, &mut found),
    }
    for (name, value) in &fields {
        if !matches!(name.as_str(), "before" | "after") {
            flat(name, value, &mut found);
        }
    }
    // The order that a JSON object is read in is its reader's affair.
    found.sort_by(|one, other| one.field.cmp(&other.field));
    found
}

fn compared(
    name: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<AuditChange>,
) {
    let object = |it: Option<&Value>| it.and_then(Value::as_object).cloned();
    match (object(before), object(after)) {
        (None, None) => {
            let (before, after) = (shown(before), shown(after));
            if before != after {
                let field = name.to_owned();
                found.push(AuditChange {
                    field,
                    before,
                    after,
                });
            }
        }
        (before, after) => {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for field in names {
                let path = joined(name, field);
                compared(&path, before.get(field), after.get(field), found);
            }
        }
    }
}

/// A value that is neither before nor after: it became so.
fn flat(name: &str, value: &Value, found: &mut Vec<AuditChange>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                flat(&joined(name, field), value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            if let Some(after) = shown(Some(value)) {
                found.push(AuditChange {
                    field: name.to_owned(),
                    before: None,
                    after: Some(after),
                });
            }
        }
    }
}

fn joined(name: &str, field: &str) -> String {
    if name.is_empty() {
        field.to_owned()
    } else {
        format!("{name}.{field}")
    }
}

fn shown(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() > VALUE_MAX {
        let cut: String = text.chars().take(VALUE_MAX).collect();
        return Some(format!("{cut}…"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(detail: &str) -> Vec<String> {
        let side = |it: Option<String>| it.unwrap_or_else(|| "-".into());
        changes(detail)
            .into_iter()
            .map(|it| format!("{}: {} > {}", it.field, side(it.before), side(it.after)))
            .collect()
    }

    #[test]
    fn only_what_differs_is_told() {
        let detail = r#"{"before":{"name":"Ada","role":"member","okta_login":null},
            "after":{"name":"Ada","role":"admin","okta_login":"ada"}}"#;
        assert_eq!(
            lines(detail),
            ["okta_login: - > ada", "role: member > admin"]
        );
        let detail = r#"{"before":"Northwind","after":"Contoso"}"#;
        assert_eq!(lines(detail), [": Northwind > Contoso"]);
        let detail =
            r#"{"before":null,"after":{"issuer":"https://x","secret":{"last_four":"1234"}}}"#;
        assert_eq!(
            lines(detail),
            ["issuer: - > https://x", "secret.last_four: - > 1234"]
        );
    }

    #[test]
    fn what_has_no_before_became_so() {
        let detail = r#"{"provider":"okta","until":7,"of":{"n":null,"on":true}}"#;
        assert_eq!(
            lines(detail),
            ["of.on: - > true", "provider: - > okta", "until: - > 7"]
        );
        assert!(changes("{}").is_empty());
        assert!(changes("not json").is_empty());
    }

    #[test]
    fn a_long_value_is_cut() {
        let detail = format!(r#"{{"said":"{}"}}"#, "ä".repeat(600));
        let after = changes(&detail).remove(0).after.expect("a value");
        assert_eq!(after.chars().count(), VALUE_MAX + 1);
    }
}
