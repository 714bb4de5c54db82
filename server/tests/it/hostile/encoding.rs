//! Tokens that two readers could read in two ways, or that cost more to read than they are worth.

use api::Cause;
use serde_json::{Value, json};

use super::{accepted, bad_token};
use crate::{
    on_both,
    puppet::{KID, Moment, Puppet, Script, Signer, encoded, raw, signed, with_header},
};

type Row = (&'static str, Cause, fn(&Moment) -> String);

fn text(it: &Moment) -> String {
    Value::Object(it.claims()).to_string()
}

/// The claims as text, with something put in after the opening brace.
fn with_text(it: &Moment, more: &str) -> String {
    raw(text(it).replacen('{', &format!("{{{more}"), 1).as_bytes())
}

/// The honest token with one part bent and the signature made anew over what it is then.
fn resigned(it: &Moment, bend: impl Fn(&str, &str) -> (String, String)) -> String {
    let token = signed(it.claims());
    let parts: Vec<&str> = token.split('.').collect();
    let (header, payload) = bend(parts[0], parts[1]);
    let signed = format!("{header}.{payload}");
    let signature = Signer::rsa().signature(signed.as_bytes());
    format!("{signed}.{}", encoded(&signature))
}

/// The honest token, its three parts put together in another way.
fn joined(it: &Moment, join: impl Fn(&str, &str, &str) -> String) -> String {
    let token = signed(it.claims());
    let parts: Vec<&str> = token.split('.').collect();
    join(parts[0], parts[1], parts[2])
}

const TWICE: [Row; 6] = [
    ("sub twice", Cause::TokenClaims, |it| {
        with_text(it, "\"sub\":\"00uEvil\",")
    }),
    ("aud twice", Cause::TokenClaims, |it| {
        with_text(it, "\"aud\":\"evil\",")
    }),
    ("email twice, once escaped", Cause::TokenClaims, |it| {
        with_text(it, "\"\\u0065mail\":\"evil@northwind.example\",")
    }),
    ("twice in a claim of its own", Cause::TokenClaims, |it| {
        with_text(it, "\"x\":{\"a\":1,\"a\":2},")
    }),
    ("kid twice", Cause::TokenClaims, |it| {
        let header = format!("{{\"alg\":\"RS256\",\"kid\":\"{KID}\",\"kid\":\"other\"}}");
        Signer::rsa().token(&header, text(it).as_bytes())
    }),
    ("alg twice", Cause::TokenClaims, |it| {
        let header = format!("{{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"{KID}\"}}");
        Signer::rsa().token(&header, text(it).as_bytes())
    }),
];

const PAYLOADS: [Row; 13] = [
    ("a list", Cause::TokenClaims, |it| {
        raw(format!("[{}]", text(it)).as_bytes())
    }),
    ("a text", Cause::TokenClaims, |it| {
        raw(json!(text(it)).to_string().as_bytes())
    }),
    ("null", Cause::TokenClaims, |_| raw(b"null")),
    ("nothing", Cause::TokenClaims, |_| raw(b"")),
    ("something after it", Cause::TokenClaims, |it| {
        raw(format!("{} {{}}", text(it)).as_bytes())
    }),
    ("a BOM", Cause::TokenClaims, |it| {
        raw(format!("\u{feff}{}", text(it)).as_bytes())
    }),
    ("no UTF-8", Cause::TokenClaims, |it| {
        let mut bytes = text(it).replacen('{', "{\"x\":\"?\",", 1).into_bytes();
        bytes[6] = 0xff;
        raw(&bytes)
    }),
    ("half a surrogate", Cause::TokenClaims, |it| {
        with_text(it, "\"x\":\"\\ud800\",")
    }),
    ("NaN", Cause::TokenClaims, |it| with_text(it, "\"x\":NaN,")),
    ("a comment", Cause::TokenClaims, |it| {
        with_text(it, "/* x */")
    }),
    ("a comma too many", Cause::TokenClaims, |it| {
        with_text(it, ",")
    }),
    ("cut short", Cause::TokenClaims, |it| {
        let text = text(it);
        raw(&text.as_bytes()[..text.len() - 1])
    }),
    ("a raw line end in a text", Cause::TokenClaims, |it| {
        with_text(it, "\"x\":\"a\nb\",")
    }),
];

const BASE64: [Row; 10] = [
    ("padding", Cause::TokenClaims, |it| {
        resigned(it, |header, payload| {
            (format!("{header}=="), payload.to_owned())
        })
    }),
    ("a blank", Cause::TokenClaims, |it| {
        resigned(it, |header, payload| {
            (header.to_owned(), format!("{payload} "))
        })
    }),
    ("a line end", Cause::TokenClaims, |it| {
        resigned(it, |header, payload| {
            (
                header.to_owned(),
                format!("{}\n{}", &payload[..8], &payload[8..]),
            )
        })
    }),
    ("the other alphabet", Cause::TokenClaims, |it| {
        resigned(it, |header, payload| {
            (header.to_owned(), format!("{payload}+/+/"))
        })
    }),
    ("bits that mean nothing", Cause::TokenClaims, |it| {
        // Two characters carry one byte: the last four bits are to be zero.
        resigned(it, |_, payload| {
            ("ew".replace('w', "x"), payload.to_owned())
        })
    }),
    ("four parts", Cause::TokenAlgorithm, |it| {
        joined(it, |a, b, c| format!("{a}.{b}.{c}."))
    }),
    ("five parts", Cause::TokenAlgorithm, |it| {
        joined(it, |a, b, c| format!("{a}.{b}.{c}.{b}.{c}"))
    }),
    ("a dot in front", Cause::TokenAlgorithm, |it| {
        joined(it, |a, b, c| format!(".{a}.{b}.{c}"))
    }),
    ("no header", Cause::TokenClaims, |it| {
        joined(it, |_, b, c| format!(".{b}.{c}"))
    }),
    ("no token at all", Cause::TokenAlgorithm, |_| {
        "an-opaque-token".to_owned()
    }),
];

const HEAVY: [Row; 5] = [
    ("100 KB", Cause::TokenClaims, |it| {
        it.with("x", json!("y".repeat(100_000)))
    }),
    ("nested", Cause::TokenClaims, |it| {
        let deep = 12_000;
        with_text(
            it,
            &format!("\"x\":{}{},", "[".repeat(deep), "]".repeat(deep)),
        )
    }),
    ("an encrypted one", Cause::TokenEncrypted, |_| {
        let header = json!({ "alg": "RSA1_5", "enc": "A128CBC-HS256" }).to_string();
        format!("{}.a.b.c.d", encoded(header.as_bytes()))
    }),
    ("a bomb that unpacks", Cause::TokenEncrypted, |_| {
        let header = json!({ "alg": "dir", "enc": "A128GCM", "zip": "DEF" }).to_string();
        format!("{}..b.c.d", encoded(header.as_bytes()))
    }),
    ("a header of 60 KB", Cause::TokenClaims, |it| {
        let header = json!({ "alg": "RS256", "kid": KID, "x": "y".repeat(60_000) });
        with_header(&header, it.claims())
    }),
];

on_both! {
    async fn a_token_that_can_be_read_in_two_ways_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in TWICE.into_iter().chain(PAYLOADS) {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
    }

    async fn a_token_in_another_spelling_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in BASE64 {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
    }

    async fn a_token_that_is_too_heavy_is_refused_unread(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in HEAVY {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
        // Many claims are no crime: they are cut where they are shown.
        let many = Script {
            id_token: |it| {
                let mut claims = it.claims();
                for number in 0..1500 {
                    claims.insert(format!("claim_{number}"), json!(number));
                }
                signed(claims)
            },
            ..Script::default()
        };
        accepted(&desk, &puppet, many, "1,500 claims").await;
    }
}
