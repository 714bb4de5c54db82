//! The sign-ins of the crowd, in the order of their time: working days, an outage, and whoever
//! cannot come in and why.

use api::{Cause, UtcMillis};

use super::{
    Crowd, DAY,
    dice::{Dice, id},
    person::{self, Standing, standing},
};

/// How far back they go.
pub(super) const SPAN: UtcMillis = 80 * DAY;
const HOUR: UtcMillis = 60 * 60 * 1000;
/// So many tries to find somebody who fits.
const TRIES: u32 = 60;
/// On this day before now, from this hour on, the client secret was wrong for two hours.
const OUTAGE: (i64, i64) = (23, 9);

/// How many of a hundred working hours fall into each hour of the day (UTC).
const DAYTIME: [u64; 24] = [
    1, 1, 1, 1, 2, 4, 12, 30, 52, 46, 34, 28, 26, 34, 30, 24, 18, 12, 8, 5, 4, 3, 2, 1,
];
const AGENTS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
];
/// Causes and how common they are.
const CAUSES: [(Cause, u64); 12] = [
    (Cause::UnknownUser, 26),
    (Cause::NotAssigned, 24),
    (Cause::UserSuspended, 12),
    (Cause::AttemptExpired, 9),
    (Cause::AccessDenied, 7),
    (Cause::StateUnknown, 6),
    (Cause::LoginRequired, 5),
    (Cause::NoLogin, 4),
    (Cause::EmailsDiffer, 3),
    (Cause::ProviderError, 2),
    (Cause::StateReplayed, 1),
    (Cause::CodeRefused, 1),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Succeeded,
    NotCompleted,
    Failed(Cause),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) started_at: UtcMillis,
    pub(super) end: End,
    /// By number.
    pub(super) person: Option<u32>,
    dice: u64,
    number: u32,
}

/// What a row has beside who, when and how.
pub(super) struct Rest {
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) back_at: Option<UtcMillis>,
    pub(super) ended_at: Option<UtcMillis>,
    pub(super) stages: Option<String>,
    pub(super) said: Option<&'static str>,
    pub(super) stranger: Option<String>,
    pub(super) address: String,
    pub(super) agent: &'static str,
}

/// The first and the last sign-in of each person among these; 0 is none.
pub(super) fn seen(crowd: &Crowd) -> Vec<(UtcMillis, UtcMillis)> {
    let mut seen = vec![(0, 0); crowd.people as usize];
    for attempt in attempts(crowd) {
        if let (End::Succeeded, Some(number)) = (attempt.end, attempt.person) {
            let (first, last) = &mut seen[number as usize];
            if *first == 0 {
                *first = attempt.started_at;
            }
            *last = attempt.started_at;
        }
    }
    seen
}

/// Every one, the oldest first.
pub(super) fn attempts(crowd: &Crowd) -> impl Iterator<Item = Attempt> + '_ {
    let first = (crowd.now - SPAN).div_euclid(HOUR) * HOUR;
    let hours = (crowd.now - first).div_euclid(HOUR);
    let weight = move |hour: i64| {
        let at = first + hour * HOUR;
        let of_day = usize::try_from(at.div_euclid(HOUR).rem_euclid(24)).unwrap_or_default();
        // 1970 began on a Thursday.
        let is_weekend = matches!(at.div_euclid(DAY).rem_euclid(7), 2 | 3);
        DAYTIME[of_day] * if is_weekend { 1 } else { 9 }
    };
    let whole: u64 = (0..hours).map(weight).sum();
    let all = u64::from(crowd.attempts);
    let mut before = 0;
    let mut number = 0_u32;
    (0..hours).flat_map(move |hour| {
        let share = |weight: u64| weight * all / whole.max(1);
        let count = share(before + weight(hour)) - share(before);
        before += weight(hour);
        let begin = number;
        number += u32::try_from(count).unwrap_or_default();
        let step = HOUR / i64::try_from(count.max(1)).unwrap_or(1);
        (begin..number).map(move |number| {
            let mut dice = Dice::new(crowd.seed, 3, number);
            let at = first + hour * HOUR + step * i64::from(number - begin) + dice.time(step);
            attempt(crowd, number, at, dice)
        })
    })
}

fn attempt(crowd: &Crowd, number: u32, started_at: UtcMillis, mut dice: Dice) -> Attempt {
    let outage = (crowd.now.div_euclid(DAY) - OUTAGE.0) * DAY + OUTAGE.1 * HOUR;
    let is_outage = (outage..outage + 2 * HOUR).contains(&started_at);
    let mut end = match dice.below(1000) {
        0..600 if is_outage => End::Failed(Cause::ClientRefused),
        0..912 => End::Succeeded,
        912..948 => End::NotCompleted,
        _ => End::Failed(cause(&mut dice)),
    };
    let can_enter = |it: &Standing| {
        it.linked_at.is_some_and(|bound| bound <= started_at)
            && it.suspended_at.is_none_or(|since| since > started_at)
    };
    let person = match end {
        End::Succeeded => somebody(crowd, &mut dice, can_enter),
        End::Failed(Cause::UserSuspended) => somebody(crowd, &mut dice, |it| {
            it.suspended_at.is_some_and(|since| since <= started_at)
        }),
        End::Failed(Cause::EmailsDiffer) => somebody(crowd, &mut dice, |it| {
            it.linked_at.is_none() && it.created_at <= started_at
        }),
        End::NotCompleted | End::Failed(_) => None,
    };
    if person.is_none() && matches!(end, End::Succeeded | End::Failed(Cause::UserSuspended)) {
        end = End::Failed(Cause::UnknownUser);
    }
    Attempt {
        started_at,
        end,
        person,
        dice: dice.roll(),
        number,
    }
}

fn cause(dice: &mut Dice) -> Cause {
    let mut at = dice.below(CAUSES.iter().map(|(_, weight)| weight).sum());
    for (cause, weight) in CAUSES {
        if at < weight {
            return cause;
        }
        at -= weight;
    }
    Cause::Internal
}

/// Half of all sign-ins are a fifth of the people's.
fn somebody(crowd: &Crowd, dice: &mut Dice, fits: impl Fn(&Standing) -> bool) -> Option<u32> {
    (0..TRIES)
        .map(|_| {
            let number = dice.below(u64::from(crowd.people));
            let number = if dice.below(2) == 0 {
                number
            } else {
                number / 5 * 5
            };
            u32::try_from(number).unwrap_or_default()
        })
        .find(|number| *number < crowd.people && fits(&standing(crowd, *number)))
}

impl Attempt {
    pub(super) fn rest(&self, crowd: &Crowd, names: &person::Names) -> Rest {
        let mut dice = Dice::new(self.dice, 4, self.number);
        let back_at = self.started_at + 2_500 + dice.soon(90_000);
        let is_back = self.end != End::NotCompleted;
        let passed = match self.end {
            End::Succeeded => "cvums",
            End::Failed(Cause::EmailsDiffer | Cause::UnknownUser | Cause::UserSuspended) => "cvu",
            End::NotCompleted | End::Failed(_) => "",
        };
        let mut at = back_at - self.started_at;
        let mut stages = String::new();
        for stage in passed.chars() {
            at += 1 + dice.soon(if stage == 'c' || stage == 'u' { 400 } else { 4 });
            stages.push(stage);
            stages.push_str(&at.to_string());
        }
        let said = match self.end {
            End::Failed(Cause::NotAssigned) => {
                Some("User is not assigned to the client application.")
            }
            End::Failed(Cause::AccessDenied) => Some("The resource owner denied the request."),
            End::Failed(Cause::LoginRequired) => Some("The client specified not to prompt."),
            End::Failed(Cause::ClientRefused) => Some("The client secret supplied is invalid."),
            End::Failed(_) | End::Succeeded | End::NotCompleted => None,
        };
        let stranger = matches!(self.end, End::Failed(Cause::UnknownUser | Cause::NoLogin));
        let stranger = stranger.then(|| {
            // Partners who have an account at Okta and none here; some of them try again and again.
            let whose = u32::try_from(dice.soon(20_000)).unwrap_or_default();
            let email = person::person(crowd, names, whose).email;
            let local = email.split('@').next().unwrap_or_default().to_owned();
            format!("{local}@partner.example")
        });
        // 40 bits that no other number has.
        let code = (u64::from(self.number) * 0x9e_3779_b97b + crowd.seed) & 0xff_ffff_ffff;
        let (network, host) = (dice.below(3), dice.below(254) + 1);
        Rest {
            id: id(self.started_at, 3, self.number),
            reference: readable(code),
            back_at: is_back.then_some(back_at),
            ended_at: is_back.then_some(self.started_at + at),
            stages: Some(stages).filter(|it| !it.is_empty()),
            said,
            stranger,
            address: match network {
                0 => format!("203.0.113.{host}"),
                1 => format!("198.51.100.{host}"),
                _ => format!("192.0.2.{host}"),
            },
            agent: dice.pick(&AGENTS),
        }
    }
}

/// As reference numbers are written.
fn readable(code: u64) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut text = String::with_capacity(9);
    for place in (0..8).rev() {
        if place == 3 {
            text.push('-');
        }
        let sign = usize::try_from((code >> (place * 5)) & 31).unwrap_or_default();
        text.push(char::from(SIGNS[sign]));
    }
    text
}
