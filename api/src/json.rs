//! How a type of the contract is read from JSON that somebody parsed already.
//!
//! serde's readers are a sixth of what the console's browser would fetch: each type has its own code for every way in
//! which it could fail. Here reading always gives a value, and whoever parsed the JSON remembers whether it was that of
//! the contract. The server reads with serde: it says what is wrong, and refuses fields that it does not know.

pub use api_derive::FromJson;

/// JSON that was parsed, as whoever parsed it holds it. What is asked for and is not so fails, and gives something.
pub trait Json: Sized {
    /// What an object has under a name; none has is absent.
    #[must_use]
    fn get(&self, name: &str) -> Self;

    /// The items of a list.
    fn items(&self) -> impl Iterator<Item = Self>;

    /// Null, or absent.
    fn is_none(&self) -> bool;

    fn text(&self) -> String;

    /// A whole number.
    fn whole(&self) -> i64;

    fn flag(&self) -> bool;

    /// Which of these texts it is: 0 if it is none of them.
    fn one_of(&self, texts: &[&str]) -> usize;

    /// It is not of the contract.
    fn fail(&self);
}

/// What can be read from JSON. Fields are read out of line: there are many more of them than types.
pub trait FromJson: Sized {
    fn read<J: Json>(json: &J) -> Self;

    /// A field that has to be there, unless it is an option.
    #[inline(never)]
    fn field<J: Json>(json: &J, name: &str) -> Self {
        Self::read(&json.get(name))
    }

    /// A field that may be left out.
    #[inline(never)]
    fn field_or_default<J: Json>(json: &J, name: &str) -> Self
    where
        Self: Default,
    {
        let value = json.get(name);
        if value.is_none() {
            Self::default()
        } else {
            Self::read(&value)
        }
    }
}

impl FromJson for String {
    fn read<J: Json>(json: &J) -> Self {
        json.text()
    }
}

impl FromJson for bool {
    fn read<J: Json>(json: &J) -> Self {
        json.flag()
    }
}

impl FromJson for i64 {
    fn read<J: Json>(json: &J) -> Self {
        json.whole()
    }
}

macro_rules! smaller {
    ($($number:ty)*) => {
        $(impl FromJson for $number {
            fn read<J: Json>(json: &J) -> Self {
                json.whole().try_into().unwrap_or_else(|_| {
                    json.fail();
                    0
                })
            }
        })*
    };
}

smaller!(u64 u32 u16);

impl<T: FromJson> FromJson for Option<T> {
    fn read<J: Json>(json: &J) -> Self {
        (!json.is_none()).then(|| T::read(json))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read<J: Json>(json: &J) -> Self {
        json.items().map(|it| T::read(&it)).collect()
    }
}
