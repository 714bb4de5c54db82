//! JSON that two readers cannot understand differently: objects without a name twice, at most 32
//! levels deep, and nothing behind the value. Serde's own maps silently keep the last of two.

use std::{collections::BTreeMap, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// How deep values may nest.
const DEPTH_MAX: usize = 32;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(Object),
}

/// A JSON number, as it was written. Always finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

/// A JSON object; no name is in it twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object(BTreeMap<String, Json>);

/// The text is not what it should be; says where, never what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads one object and nothing else.
pub(crate) fn object(bytes: &[u8]) -> Result<Object, Malformed> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Level(0)
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| Malformed(format!("JSON: {error}")))?;
    match value {
        Json::Object(object) => Ok(object),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Err(Malformed("JSON: no object".into()))
        }
    }
}

impl Object {
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value if it is a string; none when it is absent or of another type.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// None when absent. Fails when it is there and no string: a wrong type is never "absent".
    pub(crate) fn text_strictly(&self, name: &str) -> Result<Option<&str>, Malformed> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(_) => Err(Malformed(format!("`{name}` is no string"))),
        }
    }

    /// None when absent. Fails when it is there and no list of strings.
    pub(crate) fn texts_strictly(&self, name: &str) -> Result<Option<Vec<&str>>, Malformed> {
        let wrong = || Malformed(format!("`{name}` is no list of strings"));
        match self.get(name) {
            None => Ok(None),
            Some(Json::Array(items)) => items
                .iter()
                .map(|item| item.as_str().ok_or_else(wrong))
                .collect::<Result<Vec<_>, _>>()
                .map(Some),
            Some(_) => Err(wrong()),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl Json {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// A string as it is, everything else as JSON. For people to read.
    pub(crate) fn display(&self) -> String {
        match self.as_str() {
            Some(text) => text.to_owned(),
            None => self.to_string(),
        }
    }
}

impl Number {
    #[expect(
        clippy::cast_precision_loss,
        reason = "used for times in seconds and for zero; both are exact in 53 bits"
    )]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(number) => number as f64,
            Self::Negative(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(Number::Unsigned(number)) => write!(f, "{number}"),
            Self::Number(Number::Negative(number)) => write!(f, "{number}"),
            Self::Number(Number::Float(number)) => write!(f, "{number}"),
            Self::String(text) => write!(f, "{text:?}"),
            Self::Array(items) => {
                f.write_str("[")?;
                for (n, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if n == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Object(object) => {
                f.write_str("{")?;
                for (n, (name, value)) in object.iter().enumerate() {
                    write!(f, "{}{name:?}: {value}", if n == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Reads a value at this level of nesting.
struct Level(usize);

impl Level {
    fn deeper<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.0 < DEPTH_MAX {
            Ok(Self(self.0 + 1))
        } else {
            Err(E::custom("nested too deep"))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(Number::Unsigned(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(Number::Negative(number)))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Json, E> {
        if number.is_finite() {
            Ok(Json::Number(Number::Float(number)))
        } else {
            Err(E::custom("a number out of range"))
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            all.push(item);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut all = BTreeMap::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.deeper()?)?;
            if all.insert(name, value).is_some() {
                return Err(A::Error::custom("a name twice"));
            }
        }
        Ok(Json::Object(Object(all)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let deep =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        for (what, text) in [
            ("a name twice", r#"{"iss":"a","iss":"b"}"#.to_owned()),
            (
                "a name twice, once escaped",
                r#"{"iss":1,"\u0069ss":1}"#.to_owned(),
            ),
            (
                "a name twice, nested",
                r#"{"a":[{"b":{"c":1,"c":1}}]}"#.to_owned(),
            ),
            ("behind the value", "{} {}".to_owned()),
            ("behind the value", "{}x".to_owned()),
            ("cut short", "{\"a\":1".to_owned()),
            ("an array", "[]".to_owned()),
            ("a string", "\"{}\"".to_owned()),
            ("null", "null".to_owned()),
            ("nothing", String::new()),
            ("a byte order mark", "\u{feff}{}".to_owned()),
            ("NaN", "{\"a\":NaN}".to_owned()),
            ("Infinity", "{\"a\":1e999}".to_owned()),
            ("a lone surrogate", r#"{"a":"\ud800"}"#.to_owned()),
            ("a trailing comma", "{\"a\":1,}".to_owned()),
            ("a comment", "{/**/}".to_owned()),
            ("33 levels", deep(32)),
            ("100,000 levels", deep(100_000)),
        ] {
            assert!(object(text.as_bytes()).is_err(), "{what}: {text:.60}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_err(), "invalid UTF-8");
        assert!(object(b"{\"a\":\"\xc0\xaf\"}").is_err(), "overlong UTF-8");
        assert!(object(deep(31).as_bytes()).is_ok(), "32 levels");
    }

    #[test]
    fn values_keep_their_types() {
        let read = object(br#" {"s":"x","n":1,"m":-1,"f":1.5,"b":true,"z":null,"l":["a"]} "#)
            .expect("an object");
        assert_eq!(read.text("s"), Some("x"));
        assert_eq!(read.text("n"), None);
        assert!(read.text_strictly("n").is_err());
        assert_eq!(read.text_strictly("absent"), Ok(None));
        assert_eq!(read.texts_strictly("l"), Ok(Some(vec!["a"])));
        assert!(read.texts_strictly("s").is_err());
        assert_eq!(read.get("f"), Some(&Json::Number(Number::Float(1.5))));
        let shown: Vec<String> = read.iter().map(|(_, value)| value.display()).collect();
        assert_eq!(shown, ["true", "1.5", "[\"a\"]", "-1", "1", "x", "null"]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = object(&bytes);
        }

        #[test]
        fn nothing_near_json_makes_it_panic(text in "[{}\\[\\]:,\"a0-9e.\\\\u-]{0,200}") {
            let _ = object(text.as_bytes());
        }
    }
}
