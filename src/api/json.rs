//! Reads an answer: the browser parses the JSON, and this hands it to serde.
//!
//! `serde_json` could do both, for 22 kB (brotli) more: a parser, messages for mistakes that nobody reads here, and for
//! each type a second way to read it as a list. Whatever is wrong is the same to the console: the answer is not of this
//! contract.

use std::fmt;

use js_sys::{Array, JSON, Object};
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
    },
    forward_to_deserialize_any,
};
use wasm_bindgen::{JsCast, JsValue};

/// The answer is not of this contract.
#[derive(Debug)]
pub(super) struct Unreadable;

/// Reads a value of the contract. Its numbers are whole, and below 2^53 as the browser's are.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(Value(JSON::parse(text).map_err(|_| Unreadable)?))
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of this contract")
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Value(JsValue);

impl Value {
    fn whole(&self) -> Result<i64, Unreadable> {
        const EXACT: f64 = 9_007_199_254_740_991.0;
        match self.0.as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it is whole and fits, as was just seen"
            )]
            Some(number) if number.fract() == 0.0 && number.abs() <= EXACT => Ok(number as i64),
            Some(_) | None => Err(Unreadable),
        }
    }

    fn text(&self) -> Result<String, Unreadable> {
        self.0.as_string().ok_or(Unreadable)
    }

    fn items(self) -> Result<Items, Unreadable> {
        if Array::is_array(&self.0) {
            Ok(Items {
                all: self.0.unchecked_into(),
                at: 0,
            })
        } else {
            Err(Unreadable)
        }
    }

    fn fields(self) -> Result<Fields, Unreadable> {
        if self.0.is_object() && !Array::is_array(&self.0) {
            Ok(Fields {
                entries: Object::entries(self.0.unchecked_ref()),
                at: 0,
            })
        } else {
            Err(Unreadable)
        }
    }
}

/// Each kind on its own: a type is then read in the one way that its JSON has.
impl<'de> Deserializer<'de> for Value {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() {
            visitor.visit_unit()
        } else if let Some(yes) = self.0.as_bool() {
            visitor.visit_bool(yes)
        } else if self.0.as_f64().is_some() {
            visitor.visit_i64(self.whole()?)
        } else if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if Array::is_array(&self.0) {
            visitor.visit_seq(self.items()?)
        } else {
            visitor.visit_map(self.fields()?)
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.whole()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.whole()?)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.whole()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(&self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.fields()?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self.text()?.into_deserializer())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u32 u128 f32 f64 char str bytes byte_buf unit unit_struct tuple tuple_struct map
    }
}

struct Items {
    all: Array,
    at: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        if self.at >= self.all.length() {
            return Ok(None);
        }
        self.at += 1;
        seed.deserialize(Value(self.all.get(self.at - 1))).map(Some)
    }
}

struct Fields {
    /// `[name, value]` each.
    entries: Array,
    at: u32,
}

impl Fields {
    fn half(&self, at: u32) -> Value {
        let entry: Array = self.entries.get(self.at).unchecked_into();
        Value(entry.get(at))
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        if self.at >= self.entries.length() {
            return Ok(None);
        }
        seed.deserialize(self.half(0)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, Unreadable> {
        let value = self.half(1);
        self.at += 1;
        seed.deserialize(value)
    }
}
