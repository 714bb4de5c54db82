//! The `Date` header (RFC 9110 §5.6.7), to see how far a provider's clock is from ours.

use api::UtcMillis;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads `Sat, 21 Nov 2026 19:29:00 GMT`, the one form that servers send today.
pub(super) fn parse(text: &str) -> Option<UtcMillis> {
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let day: i64 = digits(parts.next()?, 2)?;
    let month = parts.next()?;
    let month = 1 + MONTHS.iter().position(|name| *name == month)?;
    let year: i64 = digits(parts.next()?, 4)?;
    let mut clock = parts.next()?.split(':');
    let hour: i64 = digits(clock.next()?, 2)?;
    let minute: i64 = digits(clock.next()?, 2)?;
    let second: i64 = digits(clock.next()?, 2)?;
    let whole = parts.next() == Some("GMT") && parts.next().is_none() && clock.next().is_none();
    let sane = (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !whole || !sane || year < 1970 {
        return None;
    }
    let days = days_since_1970(year, i64::try_from(month).ok()?, day);
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

fn digits(text: &str, width: usize) -> Option<i64> {
    let plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// Days of the proleptic Gregorian calendar; a year begins in March, so that the leap day is last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, in_era) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_to_the_second() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Sat, 21 Nov 2026 19:29:00 GMT", Some(1_795_289_340)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun Nov  6 08:49:37 1994", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("Sun, 6 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 GMT x", None),
            ("", None),
        ] {
            assert_eq!(parse(text), seconds.map(|s: i64| s * 1000), "{text}");
        }
    }
}
