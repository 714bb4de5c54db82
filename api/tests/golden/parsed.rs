//! JSON that serde_json parsed, read as the console reads what its browser parsed.

use std::cell::Cell;

use api::json::{FromJson, Json};
use serde_json::Value;

/// A value, and whether something was not of the contract since it was parsed.
struct Parsed<'a> {
    value: &'a Value,
    failed: &'a Cell<bool>,
}

impl<'a> Parsed<'a> {
    fn like(&self, value: &'a Value) -> Self {
        Self {
            value,
            failed: self.failed,
        }
    }

    fn or_fail<T: Default>(&self, found: Option<T>) -> T {
        if found.is_none() {
            self.fail();
        }
        found.unwrap_or_default()
    }
}

impl Json for Parsed<'_> {
    fn get(&self, name: &str) -> Self {
        if !self.value.is_object() {
            self.fail();
        }
        self.like(self.value.get(name).unwrap_or(&Value::Null))
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        let list = self.or_fail(self.value.as_array().map(Vec::as_slice));
        list.iter().map(|it| self.like(it))
    }

    fn is_none(&self) -> bool {
        self.value.is_null()
    }

    fn text(&self) -> String {
        self.or_fail(self.value.as_str()).to_owned()
    }

    fn whole(&self) -> i64 {
        self.or_fail(self.value.as_i64())
    }

    fn flag(&self) -> bool {
        self.or_fail(self.value.as_bool())
    }

    fn one_of(&self, texts: &[&str]) -> usize {
        let at = texts.iter().position(|it| Some(*it) == self.value.as_str());
        self.or_fail(at)
    }

    fn fail(&self) {
        self.failed.set(true);
    }
}

/// The value, or none where it is not of the contract.
pub(crate) fn read<T: FromJson>(value: &Value) -> Option<T> {
    let failed = Cell::new(false);
    let read = T::read(&Parsed {
        value,
        failed: &failed,
    });
    (!failed.get()).then_some(read)
}

#[test]
fn what_is_left_out_is_none_or_its_default_and_anything_else_is_wrong() {
    use api::{FieldError, Problem, users::Attention};
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let whole = r#"{"type":"about:blank#changed","title":"x","status":412,"code":"changed","reference":"r"}"#;
    let problem: Problem = read(&json(whole)).expect("a problem");
    assert_eq!((problem.status, problem.errors), (412, Vec::new()));
    for (was, is) in [
        ("412", "\"412\""),
        ("412", "-1"),
        ("412", "70000"),
        ("412", "412.5"),
        ("412", "null"),
        ("\"changed\"", "\"unheard_of\""),
        ("\"x\"", "7"),
        ("\"title\"", "\"other\""),
        ("\"reference\":\"r\"", "\"reference\":\"r\",\"errors\":{}"),
        ("\"reference\":\"r\"", "\"reference\":\"r\",\"errors\":[7]"),
    ] {
        let other = whole.replacen(was, is, 1);
        assert_ne!(other, whole);
        assert!(read::<Problem>(&json(&other)).is_none(), "{other}");
    }
    // A newer server may say more than this console knows.
    let more = whole.replacen('{', r#"{"hint":[1],"#, 1);
    assert!(read::<Problem>(&json(&more)).is_some());
    let kind = r#"{"kind":"second_identity","sub":"00u1"}"#;
    let sub = "00u1".to_owned();
    assert_eq!(read(&json(kind)), Some(Attention::SecondIdentity { sub }));
    assert!(read::<Attention>(&json(r#"{"kind":"other","now":"a"}"#)).is_none());
    assert!(read::<Attention>(&json(r#"{"now":"a"}"#)).is_none());
    assert!(read::<FieldError>(&json("[]")).is_none());
    assert!(read::<Vec<String>>(&json(r#"["a",1]"#)).is_none());
}
