//! Who sets a deployment up, and people who sign in.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    client::Client,
    process::Server,
    provider::{CLIENT_ID, CLIENT_SECRET, Provider, email},
};

pub(crate) const ADMIN: &str = "admin@bench.example";
pub(crate) const PASSWORD: &str = "a password of the bench";

/// The administrator's part: set-up, connection, people.
pub(crate) struct Console {
    people: usize,
}

impl Console {
    /// The organization and its first administrator; their cookie.
    pub(crate) async fn begin(server: &Server, token: &str) -> Result<String, String> {
        let mut client = Client::connect(server.port).await?;
        let form = json!({
            "token": token, "organization": "Bench", "name": "Admin",
            "email": ADMIN, "password": PASSWORD,
        });
        let set_up = ("POST", api::paths::SET_UP);
        let done = client
            .change(server.port, set_up, "", 0, &form)
            .await?
            .expect(201)?;
        let session = done.cookie("__Host-sso_session").ok_or("no session")?;
        Ok(format!("__Host-sso_session={session}"))
    }

    pub(crate) async fn set_up(
        server: &Server,
        provider: &Provider,
        token: &str,
        people: usize,
    ) -> Result<Self, String> {
        let mut cookies = Self::begin(server, token).await?;
        let mut client = Client::connect(server.port).await?;
        for number in 0..people {
            let email = email(number);
            // Whoever makes the round trip and confirms has to be one.
            let role = if number == 0 { "admin" } else { "member" };
            let user = json!({
                "name": "Bench Person", "email": email, "okta_login": email, "role": role,
            });
            let path = ("POST", api::paths::USERS);
            client
                .change(server.port, path, &cookies, 0, &user)
                .await?
                .expect(201)?;
        }
        let connection = api::paths::connection(api::Provider::Okta);
        let form = json!({
            "issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        });
        let path = ("PUT", connection.as_str());
        client
            .change(server.port, path, &cookies, 0, &form)
            .await?
            .expect(200)?;
        let connect = api::paths::connect(api::Provider::Okta);
        let path = ("POST", connect.as_str());
        let begun = client
            .change(server.port, path, &cookies, 0, &Value::Null)
            .await?
            .expect(200)?;
        let browser = begun
            .cookie("__Host-sso_browser")
            .ok_or("no browser cookie")?;
        cookies = format!("{cookies}; __Host-sso_browser={browser}");
        let trip: Value = serde_json::from_slice(&begun.body).map_err(|e| e.to_string())?;
        let start = Start::read(trip["location"].as_str().unwrap_or_default(), 0, &browser)?;
        provider.sign(&start.code, &start.nonce, 0);
        let back = client.get(&start.callback, &cookies).await?.expect(303)?;
        match back.header("location") {
            Some(to) if to.ends_with("proved=1") => {}
            other => return Err(format!("the round trip ended at {other:?}")),
        }
        Self::switch_on(server, provider, &cookies).await?;
        Ok(Self { people })
    }

    /// From verified to active: recovery codes, a trial, and a new session from Okta that confirms it.
    async fn switch_on(server: &Server, provider: &Provider, cookies: &str) -> Result<(), String> {
        let mut client = Client::connect(server.port).await?;
        let made = ("POST", api::paths::RECOVERY_CODES);
        let made = client.change(server.port, made, cookies, 0, &Value::Null);
        let made: Value =
            serde_json::from_slice(&made.await?.expect(201)?.body).map_err(|e| e.to_string())?;
        let code = json!({ "code": made["codes"][0] });
        let test = ("POST", api::paths::TEST_CODE);
        let test = client.change(server.port, test, cookies, 0, &code);
        test.await?.expect(200)?;
        let version = Self::version(&mut client, cookies).await?;
        let on = api::paths::enable(api::Provider::Okta);
        let on = client.change(server.port, ("POST", &on), cookies, version, &Value::Null);
        on.await?.expect(200)?;
        let start = begin(&mut client, 0).await?;
        provider.sign(&start.code, &start.nonce, 0);
        let session = format!("__Host-sso_session={}", one(&mut client, &start).await?);
        let version = Self::version(&mut client, cookies).await?;
        let confirm = ("POST", &*api::paths::confirm(api::Provider::Okta));
        let confirm = client.change(server.port, confirm, &session, version, &Value::Null);
        confirm.await?.expect(200).map(drop)
    }

    async fn version(client: &mut Client, cookies: &str) -> Result<i64, String> {
        let path = api::paths::connection(api::Provider::Okta);
        let answer = client.get(&path, cookies).await?.expect(200)?;
        let found: Value = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        found["version"]
            .as_i64()
            .ok_or_else(|| format!("{path} has no version"))
    }
}

/// A sign-in that was started and waits at the provider.
pub(crate) struct Start {
    code: String,
    nonce: String,
    callback: String,
    cookies: String,
    person: usize,
}

impl Start {
    fn read(location: &str, person: usize, browser: &str) -> Result<Self, String> {
        let url = url::Url::parse(location).map_err(|error| format!("{location:?}: {error}"))?;
        let value = |name: &str| {
            let found = url.query_pairs().find(|(key, _)| key == name);
            found
                .map(|(_, value)| value.into_owned())
                .ok_or(format!("no {name}"))
        };
        let state = value("state")?;
        let code = format!("code-{state}");
        Ok(Self {
            callback: format!("/auth/okta/callback?code={code}&state={state}"),
            nonce: value("nonce")?,
            cookies: format!("__Host-sso_browser={browser}"),
            code,
            person,
        })
    }
}

/// Starts a sign-in.
async fn begin(client: &mut Client, person: usize) -> Result<Start, String> {
    // Of a visit before: a browser without it would be sent back once to show that it keeps cookies.
    let browser = format!("{person:0>43}");
    let cookies = format!("__Host-sso_browser={browser}");
    let answer = client
        .get("/auth/okta/start", &cookies)
        .await?
        .expect(303)?;
    let location = answer.header("location").ok_or("no location")?;
    Start::read(location, person, &browser)
}

/// People who sign in.
pub(crate) struct Driver<'a> {
    port: u16,
    provider: &'a Provider,
    people: usize,
    session: String,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(server: &Server, provider: &'a Provider, console: Console) -> Self {
        Self {
            port: server.port,
            provider,
            people: console.people,
            session: String::new(),
        }
    }

    pub(crate) fn move_to(&mut self, server: &Server) {
        self.port = server.port;
    }

    /// Whole sign-ins, one after the other.
    pub(crate) async fn sign_in(&mut self, count: usize) -> Result<(), String> {
        let starts = self.start(count).await?;
        self.sign(&starts);
        let mut client = Client::connect(self.port).await?;
        for start in &starts {
            self.session = one(&mut client, start).await?;
        }
        Ok(())
    }

    pub(crate) async fn start(&self, count: usize) -> Result<Vec<Start>, String> {
        let mut client = Client::connect(self.port).await?;
        let mut starts = Vec::with_capacity(count);
        for number in 0..count {
            starts.push(begin(&mut client, number % self.people).await?);
        }
        Ok(starts)
    }

    /// Signs the tokens of these sign-ins, before the clock runs.
    pub(crate) fn sign(&self, starts: &[Start]) {
        for start in starts {
            self.provider.sign(&start.code, &start.nonce, start.person);
        }
    }

    /// Finishes them all, so many at a time.
    pub(crate) async fn finish(&self, starts: &[Start], at_once: usize) -> Result<(), String> {
        let shares = starts.chunks(starts.len().div_ceil(at_once));
        let works = shares.map(|share| async move {
            let mut client = Client::connect(self.port).await?;
            for start in share {
                one(&mut client, start).await?;
            }
            Ok::<_, String>(())
        });
        futures_util::future::try_join_all(works).await.map(drop)
    }

    /// Finishes one each interval, whether or not the one before has ended; milliseconds each.
    pub(crate) async fn finish_at(
        &self,
        starts: &[Start],
        interval: Duration,
    ) -> Result<Vec<f64>, String> {
        let begin = Instant::now();
        let works = starts.iter().enumerate().map(|(number, start)| async move {
            let due = begin + interval * u32::try_from(number).unwrap_or(u32::MAX);
            let mut client = Client::connect(self.port).await?;
            tokio::time::sleep_until(due.into()).await;
            one(&mut client, start).await?;
            // From when it was due: a late start counts against the server too.
            Ok::<_, String>(due.elapsed().as_secs_f64() * 1000.0)
        });
        futures_util::future::try_join_all(works).await
    }

    pub(crate) async fn check_sessions(&self, count: usize, at_once: usize) -> Result<(), String> {
        let cookies = format!("__Host-sso_session={}", self.session);
        let cookies = cookies.as_str();
        let works = (0..at_once).map(|_| async move {
            let mut client = Client::connect(self.port).await?;
            for _ in 0..count / at_once {
                client
                    .get(api::paths::SESSION, cookies)
                    .await?
                    .expect(200)?;
            }
            Ok::<_, String>(())
        });
        futures_util::future::try_join_all(works).await.map(drop)
    }
}

/// Comes back from the provider; the session's token.
async fn one(client: &mut Client, start: &Start) -> Result<String, String> {
    let answer = client
        .get(&start.callback, &start.cookies)
        .await?
        .expect(303)?;
    answer
        .cookie("__Host-sso_session")
        .ok_or_else(|| format!("no session: {}", answer.head))
}
