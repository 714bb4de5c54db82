//! What needs attention: the alarm of a second account stays until an administrator has seen it.

use api::users::Attention;

use super::{Place, person, postgres, sqlite};
use crate::users::store;

async fn stays(place: Place) {
    let noted = place.db.write(|tx| {
        let moved = |now: &str| Attention::LoginChanged { now: now.into() };
        let second = |sub: &str| Attention::SecondIdentity { sub: sub.into() };
        store::insert(tx, "a", &person(1).0, None, 1)?;
        assert!(store::note_attention(tx, "a", &moved("ada@b.example"))?);
        assert!(
            !store::note_attention(tx, "a", &moved("ada@b.example"))?,
            "no news"
        );
        assert!(store::note_attention(tx, "a", &moved("ada@c.example"))?);
        assert!(store::note_attention(tx, "a", &second("00u2"))?);
        assert!(!store::note_attention(tx, "a", &moved("ada@d.example"))?);
        assert_eq!(store::find(tx, "a")?.attention, Some(second("00u2")));
        assert!(store::note_attention(tx, "a", &second("00u3"))?);
        store::clear_attention(tx, "a")?;
        assert!(store::note_attention(tx, "a", &moved("ada@d.example"))?);
        Ok(())
    });
    noted.await.expect("every assertion holds");
}

#[tokio::test]
async fn of_a_second_account_stays_on_sqlite() {
    stays(sqlite()).await;
}

#[tokio::test]
async fn of_a_second_account_stays_on_postgres() {
    stays(postgres()).await;
}
