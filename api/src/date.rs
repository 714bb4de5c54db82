//! Dates without a time, `YYYY-MM-DD`, in the calendar of ISO 8601 and in UTC.

use crate::{UtcMillis, field::FieldFault};

const DAY: i64 = 86_400_000;

/// The first millisecond of a date; None for what is no date between 2000 and 2999.
#[must_use]
pub fn begins(text: &str) -> Option<UtcMillis> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        let digits = part.bytes().all(|it| it.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let long = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(2000..3000).contains(&year) || !(1..=long).contains(&day) {
        return None;
    }
    // Days since 1970-01-01, with years that begin in March (so that a leap day is the last one).
    let years = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = 365 * years + years / 4 - years / 100 + years / 400 + of_year - 719_468;
    Some(days * DAY)
}

/// Whole days from a moment until a date begins; negative once it is past, 0 on the day itself.
#[must_use]
pub fn days_until(text: &str, now: UtcMillis) -> Option<i64> {
    Some((begins(text)? - now.div_euclid(DAY) * DAY) / DAY)
}

/// A moment as RFC 3339 has it, with milliseconds, in UTC.
#[must_use]
pub fn timestamp(at: UtcMillis) -> String {
    let (days, rest) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    // The reverse of the above: years that begin in March, eras of 400 years.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = years + era * 400 + i64::from(month <= 2);
    let (seconds, millis) = (rest / 1000, rest % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// A date, or nothing.
pub fn optional(text: &str) -> Result<Option<String>, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        Ok(None)
    } else if begins(text).is_some() {
        Ok(Some(text.to_owned()))
    } else {
        Err(FieldFault::NotADate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_one_of_the_calendar() {
        assert_eq!(begins("2000-01-01"), Some(946_684_800_000));
        assert_eq!(begins("2026-11-21"), Some(1_795_219_200_000));
        assert_eq!(
            begins("2028-03-01").map(|it| it - DAY),
            begins("2028-02-29")
        );
        for wrong in [
            "2027-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "1999-12-31",
            "2026-1-01",
            "21.11.2026",
            "2026-11-2é",
            "+026-11-21",
            "",
        ] {
            assert_eq!(begins(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_written_and_its_date_read_back() {
        assert_eq!(timestamp(1_795_219_200_001), "2026-11-21T00:00:00.001Z");
        let mut at = begins("2000-01-01").expect("a date");
        while at < begins("2410-01-01").expect("a date") {
            let text = timestamp(at + DAY - 1);
            assert_eq!(begins(&text[..10]), Some(at), "{text}");
            assert!(text.ends_with("T23:59:59.999Z"), "{text}");
            at += DAY;
        }
    }

    #[test]
    fn days_are_counted_from_midnight_to_midnight() {
        let noon = 1_795_219_200_000 + DAY / 2;
        assert_eq!(days_until("2026-11-21", noon), Some(0));
        assert_eq!(days_until("2026-11-22", noon), Some(1));
        assert_eq!(days_until("2026-12-21", noon), Some(30));
        assert_eq!(days_until("2026-11-20", noon), Some(-1));
    }
}
