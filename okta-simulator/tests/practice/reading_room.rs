//! The reading room shows what a mistake changes, keeps secrets to itself, and changes nothing.

use okta_simulator::{Config, Mistake, Reader, Reading, Words};

use crate::mistakes::rehearsal;
use crate::rp::Rp;

#[tokio::test]
async fn what_a_mistake_changes_is_shown_without_making_it() {
    let (rp, _) = rehearsal().await;
    rp.okta.play(Mistake::E02);
    let secrets = rp.okta.apps();
    for (mistake, wanted) in [
        (Mistake::A07, "00oplaODtXoEq1eQo0g3"),
        (Mistake::A13, "E0000015"),
        (Mistake::B05, "The client secret supplied"),
        (Mistake::B13, "The client application is not active."),
        (Mistake::C01, "must be a Login redirect URI"),
        (Mistake::D01, "Policy+evaluation+failed"),
        (Mistake::D13, "&quot;UPN&quot;"),
        (Mistake::F16, "E0000047"),
        (Mistake::B18, "Encrypted: 5 parts."),
        (Mistake::A06, "No such address."),
    ] {
        let path = format!("/practice/reading-room?mistake={}", mistake.id());
        let page = rp.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(
            page.text.contains(wanted),
            "{}: {}",
            mistake.id(),
            page.text
        );
        assert!(page.text.contains("Differs"), "{}", mistake.id());
        assert!(
            !page.text.contains(&rp.secret),
            "{} shows the secret",
            mistake.id()
        );
    }
    assert_eq!(rp.okta.played(), [Mistake::E02]);
    assert_eq!(rp.okta.apps(), secrets);
}

#[tokio::test]
async fn every_mistake_can_be_read_about_in_an_empty_organization() {
    let okta = okta_simulator::PracticeOkta::start(Config::seeded(3))
        .await
        .expect("a free port");
    let http = crate::rp::http();
    for mistake in Mistake::ALL {
        let url = format!(
            "{}/practice/reading-room?mistake={}",
            okta.base_url(),
            mistake.id()
        );
        let page = http.get(&url).send().await.expect("an answer");
        assert_eq!(page.status(), 200, "{}", mistake.id());
        let page = page.text().await.expect("a page");
        let differs = page.contains("Differs");
        let quiet = mistake.elsewhere().is_some();
        assert!(
            !(quiet && differs),
            "{} shows what it cannot play",
            mistake.id()
        );
    }
    assert!(okta.apps().is_empty() && okta.people().is_empty());
}

#[tokio::test]
async fn the_words_of_the_console_are_shown_in_each_language() {
    let reader = Reader::new(|id| {
        (id == "b13").then(|| Reading {
            cause: Some("client_inactive".to_owned()),
            seen: "By the checks".to_owned(),
            menu: Some("Applications › Applications".to_owned()),
            words: [("en", "Inactive <app>"), ("fr", "Application inactive")]
                .map(|(language, title)| Words {
                    language: language.to_owned(),
                    title: title.to_owned(),
                    fix: "Activate it.".to_owned(),
                })
                .to_vec(),
        })
    });
    let rp = Rp::with(Config::seeded(1).reader(reader)).await;
    let page = rp.get("/practice/reading-room?mistake=b13").await.text;
    for wanted in [
        "Inactive &lt;app&gt;",
        "lang=\"fr\"",
        "Application inactive",
        "client_inactive",
        "Applications › Applications",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let page = rp.get("/practice/reading-room?mistake=b14").await.text;
    assert!(page.contains("No console has told this Okta"));
}
