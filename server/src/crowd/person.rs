//! One person of the crowd, by their number alone.

use api::{Role, UtcMillis};

use super::{
    Crowd, DAY,
    dice::{Dice, id},
    names::{DOMAINS, FIRST, LAST, plain},
};

/// How long ago the first ones were made.
pub(super) const SPAN: UtcMillis = 3 * 365 * DAY;
const HOUR: UtcMillis = 60 * 60 * 1000;

/// What Okta says that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    LoginChanged,
    SecondIdentity,
}

/// How a person stands, without their name: cheap enough to ask again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) created_at: UtcMillis,
    pub(super) linked_at: Option<UtcMillis>,
    pub(super) suspended_at: Option<UtcMillis>,
    pub(super) trouble: Option<Trouble>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) okta_login: Option<String>,
    pub(super) role: Role,
    pub(super) standing: Standing,
    /// The subject at the provider.
    pub(super) sub: String,
    /// The last sign-in, if it is before those that are kept.
    pub(super) earlier: UtcMillis,
}

/// The first and last names, split once.
pub(super) struct Names {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

impl Names {
    pub(super) fn new() -> Self {
        Self {
            first: FIRST.split_whitespace().collect(),
            last: LAST.split_whitespace().collect(),
        }
    }

    /// First name, last name, and how many had both before. Each pair comes once before one comes
    /// again.
    fn of(&self, crowd: &Crowd, number: u32) -> (&'static str, &'static str, u64) {
        /// Prime: it has no divisor in common with the number of pairs.
        const STEP: u64 = 1_000_003;
        let pairs = (self.first.len() * self.last.len()) as u64;
        let at = (u64::from(number) * STEP + crowd.seed % pairs) % pairs;
        let at = usize::try_from(at).unwrap_or_default();
        let (first, last) = (at % self.first.len(), at / self.first.len());
        (
            self.first[first],
            self.last[last],
            u64::from(number) / pairs,
        )
    }
}

pub(super) fn standing(crowd: &Crowd, number: u32) -> Standing {
    let mut dice = Dice::new(crowd.seed, 1, number);
    let (people, place) = (i64::from(crowd.people.max(1)), i64::from(number));
    let step = (SPAN - DAY) / people;
    let created_at = Crowd::born(crowd.now) + HOUR + step * place + dice.time(step);
    let age = crowd.now - created_at;
    let is_new = age < 30 * DAY;
    let fate = dice.below(1000);
    let wait = 10 * 60 * 1000 + dice.soon(if is_new { 20 * DAY } else { 60 * DAY });
    let comes = fate >= if is_new { 320 } else { 130 };
    let linked_at = (comes && wait < age).then_some(created_at + wait);
    // Those who were barred are among those who came, and among those who never did.
    let is_suspended = (100..118).contains(&fate) || (960..).contains(&fate);
    let suspended_at = is_suspended.then(|| {
        let since = linked_at.unwrap_or(created_at);
        since + 1 + dice.time((crowd.now - since).max(2) - 1)
    });
    let trouble = match (linked_at, fate) {
        (Some(_), 945..955) => Some(Trouble::LoginChanged),
        (Some(_), 955..960) => Some(Trouble::SecondIdentity),
        (Some(_) | None, _) => None,
    };
    Standing {
        created_at,
        linked_at,
        suspended_at,
        trouble,
    }
}

pub(super) fn person(crowd: &Crowd, names: &Names, number: u32) -> Person {
    let standing = standing(crowd, number);
    let mut dice = Dice::new(crowd.seed, 2, number);
    let (first, last, before) = names.of(crowd, number);
    let turn = if before == 0 {
        String::new()
    } else {
        (before + 1).to_string()
    };
    let domain = dice.pick(&DOMAINS);
    let email = format!("{}.{}{turn}@{domain}", plain(first), plain(last));
    let okta_login = match (dice.below(100), standing.linked_at) {
        (0..5, _) => Some(format!("u{number:06}@{domain}")),
        (5..30, None) => None,
        (_, Some(_) | None) => Some(email.clone()),
    };
    let role = if dice.below(500) == 0 {
        Role::Admin
    } else {
        Role::Member
    };
    let window = crowd.now - super::attempt::SPAN;
    let earlier = standing
        .linked_at
        .map_or(0, |bound| bound + dice.time((window - bound).max(1)));
    Person {
        id: person_id(&standing, number),
        name: format!("{first} {last}"),
        email,
        okta_login,
        role,
        sub: format!("00u{:017x}", dice.roll()),
        standing,
        earlier,
    }
}

impl Person {
    /// What Okta says of them that does not fit.
    pub(super) fn news(&self) -> Option<(Trouble, String)> {
        let trouble = self.standing.trouble?;
        let local = self.email.split('@').next().unwrap_or_default();
        let detail = match trouble {
            Trouble::LoginChanged => format!("{local}@northwind-group.example"),
            Trouble::SecondIdentity => self.sub.chars().rev().collect(),
        };
        Some((trouble, detail))
    }
}

pub(super) fn person_id(standing: &Standing, number: u32) -> String {
    id(standing.created_at, 1, number)
}
