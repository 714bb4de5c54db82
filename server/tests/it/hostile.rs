//! A provider that lies, breaks, or was taken over: everything wrong in what it answers is refused
//! with its own cause, and nothing is asked of it once a token is known to be bad.

mod accepted;
mod claims;
mod discovery;
mod encoding;
mod headers;
mod keys;
mod token_endpoint;
mod userinfo;

use api::{Cause, Provider};
use okta_simulator::Fault;

use crate::{
    desk::{Browser, Desk},
    puppet::{CLIENT_SECRET, Puppet, Script},
    witness,
};

const ALAN: &str = "alan@northwind.example";

/// How far a sign-in may have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// The token endpoint, and not userinfo.
    Token,
    /// Userinfo as well.
    Userinfo,
}

/// A sign-in at the practice Okta with one fault switched on.
async fn fault(desk: &Desk, fault: Fault, cause: Cause, reached: Reached) {
    desk.okta.clear_faults();
    desk.okta.set_fault(fault);
    let mut browser = desk.browser();
    let back = desk
        .until_callback(&mut browser, Provider::Okta, ALAN)
        .await;
    desk.okta.forget_requests();
    let reply = browser.get(&back).await;
    desk.okta.clear_faults();
    witness::refused(desk, &mut browser, reply, cause, fault.id(), &back).await;
    let userinfo = desk.okta.count_requests("/v1/userinfo");
    assert_eq!(
        userinfo > 0,
        reached == Reached::Userinfo,
        "{}: userinfo",
        fault.id()
    );
    assert!(
        desk.okta.count_requests("/v1/token") <= 1,
        "{}: the code twice",
        fault.id()
    );
}

/// A deployment with Alan in it, and the practice Okta connected; the administrator's browser.
async fn practice(desk: &Desk) -> Browser {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Alan", ALAN).await;
    admin
}

/// After all that was refused: nobody was bound, nobody is in, and an honest answer still works.
async fn unharmed(desk: &Desk) {
    assert_eq!(witness::identities(desk).await, 0, "somebody was bound");
    assert_eq!(
        witness::sessions(desk).await,
        1,
        "somebody is in besides the administrator"
    );
    let mut browser = desk.browser();
    desk.sign_in(&mut browser, Provider::Okta, ALAN)
        .await
        .expect_location("/");
}

/// A sign-in at the puppet that must be refused.
async fn refused(desk: &Desk, puppet: &Puppet, script: Script, cause: Cause, what: &str) {
    puppet.say(script);
    puppet.forget();
    let (mut browser, back) = puppet.until_callback(desk).await;
    let reply = browser.get(&back).await;
    let reference = witness::refused(desk, &mut browser, reply, cause, what, &back).await;
    let row = witness::attempt(desk, &reference).await;
    let said = row.provider_said.unwrap_or_default();
    assert!(
        !said.contains(CLIENT_SECRET),
        "{what}: the row has the secret"
    );
    assert!(
        puppet.asked("/v1/token") <= 1,
        "{what}: the code was sent twice"
    );
}

/// As [`refused`], for what is wrong with an ID token: userinfo must not be asked.
async fn bad_token(
    desk: &Desk,
    puppet: &Puppet,
    id_token: fn(&crate::puppet::Moment) -> String,
    cause: Cause,
    what: &str,
) {
    let script = Script {
        id_token,
        ..Script::default()
    };
    refused(desk, puppet, script, cause, what).await;
    assert_eq!(
        puppet.asked("/v1/userinfo"),
        0,
        "{what}: userinfo was asked after a bad token"
    );
}

/// A sign-in at the puppet that must work.
async fn accepted(desk: &Desk, puppet: &Puppet, script: Script, what: &str) {
    puppet.say(script);
    puppet.forget();
    let (mut browser, back) = puppet.until_callback(desk).await;
    let reply = browser.get(&back).await;
    if reply.location() != "/" {
        let row = witness::attempt(desk, &reply.reference()).await;
        panic!("{what}: {row:?}");
    }
    assert!(browser.is_signed_in().await, "{what}");
    assert_eq!(
        puppet.asked("/v1/userinfo"),
        1,
        "{what}: userinfo is always asked"
    );
}
