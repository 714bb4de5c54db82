//! What a page of the table reads: at most so many rows whatever is asked, and no more of them among ten times as many
//! users.

use api::users::UserSort;

use super::{Bounds, By, Place, Question, filters, find, postgres, sqlite};
use crate::{crowd::Crowd, db::Tx};

/// A tenth of what the server allows, so that a table of this size could not be read whole.
const TIGHT: Bounds = Bounds {
    few: 80,
    many: 600,
    places: 1_200,
    rows: 50,
};
/// With the numbers of users, the domains, and what is looked up for each row.
const BUDGET: usize = 2_500;
const PAGES: usize = 3;

async fn filled(place: &Place, people: u32) {
    let crowd = Crowd {
        people,
        attempts: people,
        seed: 1,
        now: 1_795_000_000_000,
        issuer: "https://northwind.okta.com".into(),
        actor: ("019abcde-0000-7000-8000-000000000001".into(), "Ada".into()),
    };
    crowd
        .settle(&place.db, &|_, _, _| ())
        .await
        .expect("settled");
}

/// The most that one of the first pages reads, and what was asked for.
fn most(tx: &mut Tx<'_>) -> (usize, String) {
    let mut most = (0, String::new());
    for filter in filters() {
        let mut orders: Vec<By> = UserSort::ALL.iter().map(|it| By::Column(*it)).collect();
        orders.extend(filter.search.is_some().then_some(By::Match));
        for (by, descending) in orders.into_iter().flat_map(|by| [(by, false), (by, true)]) {
            let mut start = None;
            for page in 0..PAGES {
                let question = Question {
                    filter: filter.clone(),
                    by,
                    descending,
                    start,
                    backwards: false,
                    limit: 50,
                    bounds: TIGHT,
                };
                let before = tx.read;
                let answer = find(tx, &question).expect("an answer");
                let read = tx.read - before;
                assert!(read >= answer.users.len());
                if read > most.0 {
                    most = (
                        read,
                        format!("page {page} of {filter:?} {by:?} {descending}"),
                    );
                }
                start = answer.next;
                if start.is_none() {
                    break;
                }
            }
        }
    }
    most
}

async fn no_more_among_many(small: Place, large: Place) {
    filled(&small, 2_000).await;
    filled(&large, 20_000).await;
    let few = small.db.read(|tx| Ok(most(tx))).await.expect("asked");
    let many = large.db.read(|tx| Ok(most(tx))).await.expect("asked");
    for (read, asked) in [few, many] {
        assert!(read <= BUDGET, "{read} rows for {asked}");
    }
}

#[tokio::test]
async fn is_the_same_among_ten_times_as_many_on_sqlite() {
    no_more_among_many(sqlite(), sqlite()).await;
}

#[tokio::test]
async fn is_the_same_among_ten_times_as_many_on_postgres() {
    no_more_among_many(postgres(), postgres()).await;
}
