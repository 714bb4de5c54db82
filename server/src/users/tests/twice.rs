//! Whoever is found by two words of theirs is found once, whichever way one pages.

use api::{
    Email, Role,
    users::{UserFilter, ValidUser},
};

use super::{BOUNDS, Bounds, By, Place, both_ways, postgres, sqlite};
use crate::{db::Tx, error::Error, users::store};

/// Two words of each stand next to each other among those that begin alike.
fn fill(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for number in 0..30 {
        let id = format!("019abcde-0000-7000-8000-{number:012x}");
        let user = ValidUser {
            name: format!("An{number:02}a An{number:02}b"),
            okta_login: None,
            email: Email::parse(&format!("{number:02}@northwind.example")).expect("an e-mail"),
            role: Role::Member,
        };
        store::insert(tx, &id, &user, None, 1_000)?;
        ids.push(id);
    }
    Ok(ids)
}

async fn once(place: Place) {
    let found = place.db.write(|tx| {
        let ids = fill(tx)?;
        let filter = UserFilter {
            search: Some("an".into()),
            ..UserFilter::default()
        };
        let bounds = Bounds { few: 4, ..BOUNDS };
        let reversed: Vec<String> = ids.iter().rev().cloned().collect();
        for (descending, expected) in [(false, ids), (true, reversed)] {
            for found in both_ways(tx, &filter, (By::Match, descending), bounds) {
                assert_eq!(found, expected, "descending: {descending}");
            }
        }
        Ok(())
    });
    found.await.expect("every assertion holds");
}

#[tokio::test]
async fn on_sqlite() {
    once(sqlite()).await;
}

#[tokio::test]
async fn on_postgres() {
    once(postgres()).await;
}
