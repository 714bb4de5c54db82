//! The colours of the door's style, measured as WCAG 2.2 says.

use super::STYLE;

#[derive(Clone, Copy)]
enum Side {
    Light,
    Dark,
}

/// The value of a token, `light-dark(#rrggbb, #rrggbb)`, as red, green, blue.
fn colour(name: &str, side: Side) -> [f64; 3] {
    let start = format!("--{name}: light-dark(");
    let (_, after) = STYLE.split_once(&start).expect("the token is there");
    let (pair, _) = after.split_once(')').expect("the token ends");
    let (light, dark) = pair.split_once(", ").expect("two colours");
    let text = match side {
        Side::Light => light,
        Side::Dark => dark,
    };
    let part = |at: usize| {
        let byte = u8::from_str_radix(&text[at..at + 2], 16).expect("two digits");
        f64::from(byte) / 255.0
    };
    [part(1), part(3), part(5)]
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126f64.mul_add(r, 0.7152f64.mul_add(g, 0.0722 * b))
}

fn contrast(one: &str, other: &str, side: Side) -> f64 {
    let one = luminance(colour(one, side)) + 0.05;
    let other = luminance(colour(other, side)) + 0.05;
    if one > other {
        one / other
    } else {
        other / one
    }
}

#[test]
fn text_stands_out_from_what_is_behind_it() {
    for (text, behind) in [
        ("ink", "panel"),
        ("ink", "ground"),
        ("muted", "panel"),
        ("muted", "ground"),
        ("on-accent", "accent"),
        ("ink", "accent-soft"),
        ("bad", "bad-soft"),
    ] {
        for side in [Side::Light, Side::Dark] {
            let ratio = contrast(text, behind, side);
            assert!(ratio >= 4.5, "{text} on {behind}: {ratio:.2}");
        }
    }
}

#[test]
fn what_is_drawn_to_be_used_stands_out_too() {
    for (drawn, behind) in [
        ("edge", "panel"),
        ("accent", "panel"),
        ("accent", "ground"),
        ("accent", "accent-soft"),
    ] {
        for side in [Side::Light, Side::Dark] {
            let ratio = contrast(drawn, behind, side);
            assert!(ratio >= 3.0, "{drawn} on {behind}: {ratio:.2}");
        }
    }
}
