//! What is asked of a large organization: every page, filter, sort and search that its
//! administrator has.

use std::time::Instant;

use api::{
    Cause, paths,
    users::{AttentionKind, UserSort},
};
use serde_json::Value;

use super::sampling::Samples;
use crate::client::Client;

/// Pages of 200 that are walked to be deep: half of a million users.
const DEEP: usize = 2_500;
/// People whose names and addresses are looked for.
const SOUGHT: usize = 30;

/// A kind of question with what it cost.
pub(crate) struct Group {
    pub(crate) what: &'static str,
    /// p99 at a million, in milliseconds.
    pub(crate) goal: f64,
    pub(crate) samples: Samples,
}

pub(crate) struct Groups(pub(crate) Vec<Group>);

struct Asker<'a> {
    client: Client,
    cookie: &'a str,
    groups: Vec<Group>,
}

/// Whom a search looks for.
struct Sought {
    name: String,
    email: String,
    id: String,
}

impl Groups {
    pub(crate) async fn ask(port: u16, cookie: &str) -> Result<Self, String> {
        let mut asker = Asker {
            client: Client::connect(port).await?,
            cookie,
            groups: Vec::new(),
        };
        asker.first_pages().await?;
        let sought = asker.deep_pages().await?;
        asker.filters().await?;
        asker.searches(&sought).await?;
        asker.one_user(&sought).await?;
        asker.sign_ins(&sought).await?;
        Ok(Self(asker.groups))
    }

    pub(crate) fn print_slowest(&self) {
        for group in &self.0 {
            for (millis, path) in group.samples.slowest() {
                eprintln!("{millis:>8.1} ms  {}  {path}", group.what);
            }
        }
    }
}

fn sorts() -> Vec<String> {
    let both = |sort: &UserSort| {
        let code = sort.code();
        [format!("sort={code}"), format!("sort={code}&order=desc")]
    };
    UserSort::ALL.iter().flat_map(both).collect()
}

fn users(query: &str) -> String {
    format!("{}?{query}", paths::USERS)
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

impl Asker<'_> {
    fn begin(&mut self, what: &'static str, goal: f64) {
        self.groups.push(Group {
            what,
            goal,
            samples: Samples::default(),
        });
    }

    /// Asks once, and notes what it took.
    async fn ask(&mut self, path: &str) -> Result<Value, String> {
        let begun = Instant::now();
        let answer = self.client.get(path, self.cookie).await?.expect(200)?;
        let millis = begun.elapsed().as_secs_f64() * 1000.0;
        if let Some(group) = self.groups.last_mut() {
            group.samples.add(millis, path);
        }
        serde_json::from_slice(&answer.body).map_err(|why| format!("{path}: {why}"))
    }

    async fn first_pages(&mut self) -> Result<(), String> {
        self.begin("users: first page, each sort", 20.0);
        for _ in 0..20 {
            for sort in sorts() {
                self.ask(&users(&sort)).await?;
            }
        }
        Ok(())
    }

    async fn deep_pages(&mut self) -> Result<Vec<Sought>, String> {
        self.begin("users: 200 a page, from the first to the 500,000th", 20.0);
        let mut sought = Vec::new();
        let mut places = Vec::new();
        for sort in ["name", "email", "last_sign_in_at", "created_at"] {
            let mut after = String::new();
            for number in 0..DEEP {
                let page = self
                    .ask(&users(&format!("sort={sort}&limit=200{after}")))
                    .await?;
                if sort == "created_at" && number % (DEEP / SOUGHT) == 0 {
                    sought.extend(sought_of(&page));
                }
                let Some(next) = page["next"].as_str() else {
                    break;
                };
                after = format!("&after={next}");
            }
            places.push((sort, after));
        }
        self.begin("users: a page in the middle, forwards and backwards", 20.0);
        for _ in 0..50 {
            for (sort, after) in &places {
                let page = self.ask(&users(&format!("sort={sort}{after}"))).await?;
                if let Some(previous) = page["previous"].as_str() {
                    self.ask(&users(&format!("sort={sort}&before={previous}")))
                        .await?;
                }
            }
        }
        Ok(sought)
    }

    async fn filters(&mut self) -> Result<(), String> {
        let week = 7 * 24 * 60 * 60 * 1000_i64;
        let now = server::clock::system_clock().now();
        let mut filters: Vec<String> = [
            "status=inactive",
            "status=active",
            "status=needs_attention",
            "status=suspended",
            "role=admin",
            "role=member",
            "last_sign_in=never",
            "status=active&role=admin",
        ]
        .map(str::to_owned)
        .into();
        for kind in AttentionKind::ALL {
            filters.push(format!("attention={}", kind.code()));
        }
        for weeks in [1, 4, 30] {
            let at = now - weeks * week;
            filters.push(format!("last_sign_in=before:{at}"));
            filters.push(format!("last_sign_in=after:{at}"));
            filters.push(format!("status=suspended&last_sign_in=after:{at}"));
        }
        self.begin("users: each filter", 20.0);
        for _ in 0..10 {
            for filter in &filters {
                self.ask(&users(filter)).await?;
            }
        }
        self.begin("users: each filter, each sort", 20.0);
        for _ in 0..2 {
            for filter in &filters {
                for sort in sorts() {
                    self.ask(&users(&format!("{filter}&{sort}"))).await?;
                }
            }
        }
        Ok(())
    }

    async fn searches(&mut self, sought: &[Sought]) -> Result<(), String> {
        let groups = [
            ("users: search of 1 letter", 1..=1),
            ("users: search of 2 letters", 2..=2),
            ("users: search of 3 letters", 3..=3),
            ("users: search of 4 to 6 letters", 4..=6),
            ("users: search of 7 to 12 letters", 7..=12),
            ("users: search of 13 to 20 letters", 13..=20),
        ];
        for (what, lengths) in groups.clone() {
            self.begin(what, 20.0);
            for length in lengths {
                for search in of_length(sought, length) {
                    self.ask(&users(&format!("search={search}"))).await?;
                }
            }
        }
        self.begin("users: the same searches, each sort", 40.0);
        let mut sorts = sorts().into_iter().cycle();
        for length in 1..=20 {
            for search in of_length(sought, length) {
                let sort = sorts.next().unwrap_or_default();
                self.ask(&users(&format!("search={search}&{sort}"))).await?;
            }
        }
        self.begin("users: search and filter, each sort", 40.0);
        let filters = [
            "status=inactive",
            "role=admin",
            "status=suspended",
            "last_sign_in=never",
        ];
        let mut filters = filters.into_iter().cycle();
        for length in 1..=12 {
            for search in of_length(sought, length) {
                let (sort, filter) = (
                    sorts.next().unwrap_or_default(),
                    filters.next().unwrap_or_default(),
                );
                self.ask(&users(&format!("search={search}&{filter}&{sort}")))
                    .await?;
            }
        }
        self.begin("users: a search that finds nobody", 20.0);
        for search in [
            "zq",
            "xxx",
            "qqqq",
            "%25",
            "_",
            "nobody%20here",
            "ada%20zzz",
            "a%20zz",
            "example%20zz",
            "@@",
            "..",
            "northwind.com",
            "%00a",
        ] {
            for _ in 0..10 {
                let path = users(&format!("search={search}"));
                if search == "%00a" {
                    self.client.get(&path, self.cookie).await?.expect(422)?;
                } else {
                    self.ask(&path).await?;
                }
            }
        }
        Ok(())
    }

    async fn one_user(&mut self, sought: &[Sought]) -> Result<(), String> {
        self.begin("one user with sign-ins, history and sessions", 20.0);
        for _ in 0..4 {
            for one in sought {
                self.ask(&paths::user(&one.id)).await?;
            }
        }
        Ok(())
    }

    async fn sign_ins(&mut self, sought: &[Sought]) -> Result<(), String> {
        let of = |query: &str| format!("{}?{query}", paths::SIGN_INS);
        self.begin("sign-ins: first page, and what is new", 20.0);
        for _ in 0..100 {
            let page = self.ask(&of("limit=50")).await?;
            let since = page["since"].as_str().unwrap_or_default().to_owned();
            self.ask(&of(&format!("since={since}"))).await?;
        }
        self.begin(
            "sign-ins: 200 a page, from the first to the 500,000th",
            20.0,
        );
        let mut before = String::new();
        let mut references = Vec::new();
        for number in 0..DEEP {
            let page = self.ask(&of(&format!("limit=200{before}"))).await?;
            if number % 25 == 0
                && let Some(reference) = page["attempts"][0]["reference"].as_str()
            {
                references.push(reference.to_owned());
            }
            let Some(next) = page["next"].as_str() else {
                break;
            };
            before = format!("&before={next}");
        }
        self.begin("sign-ins: each outcome, cause, time", 20.0);
        let now = server::clock::system_clock().now();
        for _ in 0..10 {
            for outcome in ["started", "succeeded", "failed", "not_completed"] {
                self.ask(&of(&format!("outcome={outcome}"))).await?;
                let from = now - 60 * 24 * 60 * 60 * 1000;
                let until = from + 24 * 60 * 60 * 1000;
                self.ask(&of(&format!("outcome={outcome}&from={from}&until={until}")))
                    .await?;
            }
        }
        for cause in Cause::ALL {
            self.ask(&of(&format!("cause={}", cause.code()))).await?;
            self.ask(&of(&format!("outcome=failed&cause={}", cause.code())))
                .await?;
        }
        self.begin("sign-ins: of a person, by reference", 20.0);
        for one in sought {
            self.ask(&of(&format!("person={}", encoded(&one.email))))
                .await?;
            self.ask(&of(&format!("person={}&outcome=failed", one.id)))
                .await?;
        }
        for reference in references {
            self.ask(&of(&format!("reference={reference}"))).await?;
        }
        self.begin("overview, 14 and 90 days", 20.0);
        for _ in 0..30 {
            self.ask(paths::OVERVIEW).await?;
            self.ask(&format!("{}?days=14", paths::SIGN_IN_DAYS))
                .await?;
            self.ask(&format!("{}?days=90", paths::SIGN_IN_DAYS))
                .await?;
        }
        Ok(())
    }
}

fn sought_of(page: &Value) -> Option<Sought> {
    let text = |name: &str| page["users"][0][name].as_str().map(str::to_owned);
    Some(Sought {
        name: text("name")?,
        email: text("email")?,
        id: text("id")?,
    })
}

/// So many letters of a name, of an address, and of the inside of one.
fn of_length(sought: &[Sought], length: usize) -> Vec<String> {
    let cut = |text: &str, from: usize| -> String {
        let part: String = text.chars().skip(from).take(length).collect();
        encoded(part.trim())
    };
    let mut all = Vec::new();
    for one in sought {
        let last = one.name.split(' ').next_back().unwrap_or_default();
        all.extend([cut(&one.name, 0), cut(&one.email, 0), cut(last, 0)]);
        if length > 2 {
            all.push(cut(&one.email, 2));
        }
    }
    all
}
