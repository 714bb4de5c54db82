//! `#[derive(FromJson)]`: how a type of the contract is read from JSON that somebody parsed already.
//!
//! It goes by serde's own attributes, so that a type says once what it looks like on the wire, and refuses to compile
//! where it does not know one. It must not know who parsed the JSON: `api::json` says what that takes.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, LitStr, Result, Variant, parse_macro_input,
};

#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    read(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// What serde was told of a type, a variant or a field.
#[derive(Default)]
struct Told {
    rename: Option<String>,
    snake_case: bool,
    default: bool,
    tag: Option<String>,
}

impl Told {
    fn by(attributes: &[Attribute]) -> Result<Self> {
        let mut told = Self::default();
        for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let text = || Ok::<String, Error>(meta.value()?.parse::<LitStr>()?.value());
                let path = &meta.path;
                if path.is_ident("rename") {
                    told.rename = Some(text()?);
                } else if path.is_ident("rename_all") {
                    if text()? != "snake_case" {
                        return Err(meta.error("only snake_case is known here"));
                    }
                    told.snake_case = true;
                } else if path.is_ident("tag") {
                    told.tag = Some(text()?);
                } else if path.is_ident("default") {
                    told.default = true;
                } else if path.is_ident("skip_serializing_if") || path.is_ident("serialize_with") {
                    // Of writing: what is left out is read as its default, and what is written otherwise is read as it is.
                    text()?;
                } else if !path.is_ident("deny_unknown_fields") {
                    // What is not known is passed over: a newer server says more.
                    return Err(meta.error("not known to FromJson"));
                }
                Ok(())
            })?;
        }
        Ok(told)
    }
}

fn read(input: &DeriveInput) -> Result<Tokens> {
    let name = &input.ident;
    let told = Told::by(&input.attrs)?;
    let body = match &input.data {
        Data::Struct(data) => {
            let fields = fields(&data.fields)?;
            quote!(Self #fields)
        }
        Data::Enum(data) => {
            let codes = data
                .variants
                .iter()
                .map(|it| code(it, &told))
                .collect::<Result<Vec<String>>>()?;
            if told.tag.is_none()
                && let Some(it) = data
                    .variants
                    .iter()
                    .find(|it| !matches!(it.fields, Fields::Unit))
            {
                return Err(Error::new_spanned(it, "a variant with fields needs a tag"));
            }
            let arms = arms(data.variants.iter())?;
            let word = match &told.tag {
                // A word for each variant.
                None => quote!(json),
                // An object with a field that says which variant it is.
                Some(tag) => quote!(json.get(#tag)),
            };
            quote! {
                const ALL: &[&str] = &[#(#codes),*];
                match #word.one_of(ALL) { #(#arms),* }
            }
        }
        Data::Union(_) => return Err(Error::new_spanned(name, "no JSON is a union")),
    };
    Ok(quote! {
        impl crate::json::FromJson for #name {
            fn read<J: crate::json::Json>(json: &J) -> Self {
                #body
            }
        }
    })
}

/// What makes each variant, by its place among the words.
fn arms<'a>(variants: impl Iterator<Item = &'a Variant>) -> Result<Vec<Tokens>> {
    let mut arms = Vec::new();
    for (at, variant) in variants.enumerate() {
        let (name, fields) = (&variant.ident, fields(&variant.fields)?);
        // The first stands for what is none of them: whoever reads is told that it failed.
        arms.push(if at == 0 {
            quote!(_ => Self::#name #fields)
        } else {
            quote!(#at => Self::#name #fields)
        });
    }
    // Rust takes the first arm that fits.
    arms.rotate_left(1);
    Ok(arms)
}

fn fields(fields: &Fields) -> Result<Tokens> {
    let named = match fields {
        Fields::Named(named) => &named.named,
        Fields::Unit => return Ok(quote!()),
        Fields::Unnamed(_) => {
            return Err(Error::new_spanned(
                fields,
                "fields without names are not known to FromJson",
            ));
        }
    };
    let mut all = Vec::new();
    for field in named {
        let told = Told::by(&field.attrs)?;
        let name = &field.ident;
        let on_the_wire = told
            .rename
            .unwrap_or_else(|| name.as_ref().map(ToString::to_string).unwrap_or_default());
        all.push(if told.default {
            quote!(#name: crate::json::FromJson::field_or_default(json, #on_the_wire))
        } else {
            quote!(#name: crate::json::FromJson::field(json, #on_the_wire))
        });
    }
    Ok(quote!({ #(#all),* }))
}

/// A variant's word on the wire.
fn code(variant: &Variant, told: &Told) -> Result<String> {
    let own = Told::by(&variant.attrs)?;
    let name = variant.ident.to_string();
    Ok(match own.rename {
        Some(rename) => rename,
        None if told.snake_case => snake_case(&name),
        None => name,
    })
}

/// As serde does it: a line before each capital letter but the first.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_serde() {
        assert_eq!(snake_case("NotCompleted"), "not_completed");
        assert_eq!(snake_case("Oidc2"), "oidc2");
        assert_eq!(snake_case("A"), "a");
    }

    fn refused(item: &str) -> String {
        let input = syn::parse_str(item).expect("an item");
        read(&input).expect_err("refused").to_string()
    }

    #[test]
    fn what_it_does_not_know_does_not_compile() {
        assert!(refused("#[serde(flatten)] struct A { b: u32 }").contains("not known"));
        assert!(refused("struct A { #[serde(with = \"c\")] b: u32 }").contains("not known"));
        assert!(
            refused("#[serde(rename_all = \"camelCase\")] enum A { B }").contains("snake_case")
        );
        assert!(refused("enum A { B { c: u32 } }").contains("needs a tag"));
        assert!(refused("struct A(u32);").contains("without names"));
    }
}
