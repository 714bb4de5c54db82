//! Texts that two readers would understand differently.

use super::*;

#[test]
fn what_two_readers_could_read_differently_is_refused() {
    let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
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
