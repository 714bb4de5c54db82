//! What must be left behind by a sign-in that was refused, and what was stored: read from the
//! tables, where no answer of the server can pretend.

use api::Cause;
use server::db::Param;

use crate::desk::{Browser, Desk, Reply};

/// An attempt, as its row has it.
#[derive(Debug)]
pub(crate) struct AttemptRow {
    pub(crate) outcome: String,
    pub(crate) cause: Option<String>,
    pub(crate) provider_said: Option<String>,
    /// Neither nonce nor verifier is there any more.
    pub(crate) is_emptied: bool,
    pub(crate) is_consumed: bool,
    pub(crate) is_ended: bool,
    pub(crate) return_to: Option<String>,
    /// Every text of the row.
    all: String,
}

/// The row of an attempt with this reference number.
pub(crate) async fn attempt(desk: &Desk, reference: &str) -> AttemptRow {
    let number = reference.to_owned();
    let found = desk.app.db.read(move |tx| {
        let row = tx.row(
            "select outcome, cause, provider_said, nonce, verifier, consumed_at, ended_at,
                    return_to, claimed_login, address, id, settings_id
             from attempts where reference = $1",
            &[Param::from(&number)],
        )?;
        let mut row = row.expect("an attempt with this reference");
        let (outcome, cause, provider_said) = (row.text()?, row.opt_text()?, row.opt_text()?);
        let (nonce, verifier) = (row.opt_text()?, row.opt_text()?);
        let (consumed_at, ended_at) = (row.opt_int()?, row.opt_int()?);
        let return_to = row.opt_text()?;
        let mut all = vec![cause.clone(), provider_said.clone(), return_to.clone()];
        for _ in 0..4 {
            all.push(row.opt_text()?);
        }
        Ok(AttemptRow {
            outcome,
            cause,
            provider_said,
            is_emptied: nonce.is_none() && verifier.is_none(),
            is_consumed: consumed_at.is_some(),
            is_ended: ended_at.is_some(),
            return_to,
            all: all.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        })
    });
    found.await.expect("the row is read")
}

/// Asserts everything that a refusal owes: nobody is in, the attempt's row has the cause and no
/// secret, the page says so in plain HTML under its reference number. `back` is the address that
/// the browser came back to; gives the reference.
pub(crate) async fn refused(
    desk: &Desk,
    browser: &mut Browser,
    reply: Reply,
    cause: Cause,
    what: &str,
    back: &str,
) -> String {
    assert_eq!(
        reply.status.as_u16(),
        303,
        "{what}: {} {}",
        reply.status,
        reply.text
    );
    assert_eq!(
        reply.header("referrer-policy"),
        expected_referrer(back),
        "{what}"
    );
    let location = reply.location();
    let reference = location
        .strip_prefix("/sign-in/refused?reference=")
        .unwrap_or_else(|| panic!("{what}: went to {location}"))
        .to_owned();
    let row = attempt(desk, &reference).await;
    assert_eq!(row.cause.as_deref(), Some(cause.code()), "{what}: {row:?}");
    assert_eq!(row.outcome, "failed", "{what}");
    assert!(row.is_ended && row.is_emptied, "{what}: {row:?}");
    assert!(!browser.is_signed_in().await, "{what}: somebody is in");
    let page = browser.get(&location).await;
    assert_eq!(page.status.as_u16(), 403, "{what}");
    plain_page(&page, what);
    assert!(
        page.text.contains(&reference),
        "{what}: no reference on the page"
    );
    for name in ["code", "state"] {
        for secret in parameters(back, name)
            .into_iter()
            .filter(|it| it.len() >= 16)
        {
            assert!(!row.all.contains(&secret), "{what}: the row has the {name}");
            assert!(
                !page.text.contains(&secret),
                "{what}: the page has the {name}"
            );
            assert!(
                !location.contains(&secret),
                "{what}: the address has the {name}"
            );
        }
    }
    reference
}

fn expected_referrer(back: &str) -> &'static str {
    let path = back.split('?').next().unwrap_or_default();
    if path.ends_with("/callback") {
        "no-referrer"
    } else {
        "same-origin"
    }
}

/// HTML of the server's own: nothing that runs, nothing from elsewhere, small, kept by nobody.
pub(crate) fn plain_page(page: &Reply, what: &str) {
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{what}"
    );
    assert_eq!(page.header("cache-control"), "no-store", "{what}");
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'"),
        "{what}"
    );
    assert!(
        !page.text.contains("<script") && !page.text.contains(".wasm"),
        "{what}"
    );
    assert!(
        page.text.len() < 15_000,
        "{what}: {} bytes",
        page.text.len()
    );
}

/// Every value that an address has for a parameter.
pub(crate) fn parameters(address: &str, name: &str) -> Vec<String> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// The one value that an address has for a parameter.
pub(crate) fn parameter(address: &str, name: &str) -> String {
    let all = parameters(address, name);
    assert_eq!(all.len(), 1, "{name} in {address}");
    all.into_iter().next().expect("one value")
}

/// What a query that counts says.
pub(crate) async fn count(desk: &Desk, sql: &'static str) -> i64 {
    let counted = desk.app.db.read(move |tx| {
        let row = tx.row(sql, &[])?;
        row.expect("a count").int()
    });
    counted.await.expect("counted")
}

pub(crate) async fn sessions(desk: &Desk) -> i64 {
    count(desk, "select count(*) from sessions").await
}

pub(crate) async fn identities(desk: &Desk) -> i64 {
    count(desk, "select count(*) from identities").await
}

/// How often this was written to the audit log.
pub(crate) async fn audited(desk: &Desk, act: &'static str) -> i64 {
    let counted = desk.app.db.read(move |tx| {
        let row = tx.row(
            "select count(*) from audit_events where event = $1",
            &[Param::from(act)],
        )?;
        row.expect("a count").int()
    });
    counted.await.expect("counted")
}

/// The names of an address's parameters, in their order.
pub(crate) fn query_names(address: &str) -> Vec<String> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}
