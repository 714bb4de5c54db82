//! One fetch for all who wait, and the last good value through an outage.

use std::sync::atomic::AtomicUsize;

use api::Cause;

use super::*;

const HOUR: UtcMillis = 60 * MINUTE;

/// Counts its fetches and answers with the count, or fails.
#[derive(Default)]
struct Source {
    fetches: AtomicUsize,
    down: std::sync::atomic::AtomicBool,
    max_age: Option<u64>,
}

impl Source {
    async fn fetch(&self) -> Result<Fetched<usize>, Failure> {
        let count = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        // Others get to run, and to ask for the same.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        if self.down.load(Ordering::SeqCst) {
            return Err(Failure::new(Cause::Unreachable, format!("down {count}")));
        }
        Ok(Fetched {
            value: count,
            max_age: self.max_age,
        })
    }

    fn count(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    fn down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }
}

async fn get(slot: &Slot<usize>, source: &Source, now: UtcMillis) -> Result<usize, Failure> {
    slot.get(now, async |_| source.fetch().await)
        .await
        .map(|value| *value)
}

async fn newer(slot: &Slot<usize>, source: &Source, now: UtcMillis) -> Option<usize> {
    let seen = slot.last().expect("a value");
    slot.newer_than(&seen, now, async |_| source.fetch().await)
        .await
        .map(|value| *value)
}

#[tokio::test]
async fn a_value_is_kept_as_long_as_its_provider_says_within_bounds() {
    for (max_age, kept, gone) in [
        (None, HOUR - 1, HOUR),
        (Some(0), 5 * MINUTE - 1, 5 * MINUTE),
        (Some(600), 10 * MINUTE - 1, 10 * MINUTE),
        (Some(u64::MAX), 24 * HOUR - 1, 24 * HOUR),
        (Some(3_885_115), 24 * HOUR - 1, 24 * HOUR),
    ] {
        let (slot, source) = (
            Slot::default(),
            Source {
                max_age,
                ..Source::default()
            },
        );
        for (now, count) in [(0, 1), (kept, 1), (gone, 2)] {
            assert_eq!(
                get(&slot, &source, now).await,
                Ok(count),
                "{max_age:?} {now}"
            );
        }
    }
}

#[tokio::test]
async fn a_clock_set_back_does_not_keep_it() {
    let (slot, source) = (Slot::default(), Source::default());
    assert_eq!(get(&slot, &source, 10 * HOUR).await, Ok(1));
    assert_eq!(get(&slot, &source, 10 * HOUR - 1000).await, Ok(1));
    assert_eq!(get(&slot, &source, 0).await, Ok(2));
}

#[tokio::test]
async fn those_who_wait_share_one_fetch_and_its_failure() {
    let (slot, source) = (Slot::default(), Source::default());
    source.down(true);
    let all = futures_util::future::join_all((0..50).map(|_| get(&slot, &source, 0))).await;
    let failure = Failure::new(Cause::Unreachable, "down 1");
    assert!(
        all.iter().all(|one| one.as_ref() == Err(&failure)),
        "{all:?}"
    );
    assert_eq!(source.count(), 1);
    source.down(false);
    let all = futures_util::future::join_all((0..50).map(|_| get(&slot, &source, 0))).await;
    assert!(all.iter().all(|one| *one == Ok(2)), "{all:?}");
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn the_last_good_value_serves_through_an_outage() {
    let (slot, source) = (Slot::default(), Source::default());
    assert_eq!(get(&slot, &source, 0).await, Ok(1));
    source.down(true);
    for minute in 0..10 {
        for second in [0, 30] {
            let now = HOUR + minute * MINUTE + second * 1000;
            assert_eq!(get(&slot, &source, now).await, Ok(1));
        }
    }
    // Once a minute it was tried again.
    assert_eq!(source.count(), 11);
    source.down(false);
    assert_eq!(get(&slot, &source, HOUR + 10 * MINUTE).await, Ok(12));
}

#[tokio::test]
async fn a_newer_value_is_forced_at_most_once_a_minute() {
    let (slot, source) = (Slot::default(), Source::default());
    assert_eq!(get(&slot, &source, 0).await, Ok(1));
    assert_eq!(newer(&slot, &source, 10).await, Some(2));
    assert_eq!(newer(&slot, &source, 20).await, None);
    assert_eq!(newer(&slot, &source, MINUTE + 9).await, None);
    assert_eq!(newer(&slot, &source, MINUTE + 10).await, Some(3));
    source.down(true);
    assert_eq!(newer(&slot, &source, 3 * MINUTE).await, None);
    assert_eq!(newer(&slot, &source, 3 * MINUTE + 1).await, None);
    assert_eq!(source.count(), 4);
    // What failed took nothing away.
    assert_eq!(get(&slot, &source, 3 * MINUTE).await, Ok(3));
}

#[tokio::test]
async fn those_who_need_a_newer_value_share_one_fetch() {
    let (slot, source) = (Slot::default(), Source::default());
    assert_eq!(get(&slot, &source, 0).await, Ok(1));
    let all = futures_util::future::join_all((0..50).map(|_| newer(&slot, &source, 10))).await;
    assert!(all.iter().all(|one| *one == Some(2)), "{all:?}");
    assert_eq!(source.count(), 2);
}

#[tokio::test]
async fn whoever_goes_away_in_the_middle_takes_nothing_from_the_others() {
    let (slot, source) = (Slot::default(), Source::default());
    assert_eq!(get(&slot, &source, 0).await, Ok(1));
    let gone = {
        let asking = newer(&slot, &source, 10);
        futures_util::future::select(Box::pin(asking), std::future::ready(())).await
    };
    drop(gone);
    assert_eq!(source.count(), 2);
    assert_eq!(newer(&slot, &source, 11).await, Some(3));
}

#[tokio::test]
async fn value_that_was_read_before_a_given_time_is_read_again() {
    let (slot, source) = (Slot::default(), Source::default());
    let since = async |since, now| {
        let value = slot.get_since(since, now, async |_| source.fetch().await);
        value.await.map(|value| *value)
    };
    assert_eq!(since(0, 10_000).await, Ok(1));
    assert_eq!(since(10_000, 11_000).await, Ok(1));
    assert_eq!(since(10_001, 14_999).await, Ok(1), "it came just now");
    assert_eq!(since(10_001, 15_000).await, Ok(2));
    // A clock that is ahead of ours makes nobody fetch at every call.
    assert_eq!(since(HOUR, 15_001).await, Ok(2));
    source.down(true);
    assert_eq!(
        since(20_000, 21_000).await,
        Ok(2),
        "the last good one serves"
    );
    assert_eq!(since(20_000, 22_000).await, Ok(2));
    assert_eq!(source.count(), 3);
}

#[tokio::test]
async fn renewed_value_is_shared_and_its_failure_takes_nothing_away() {
    let (slot, source) = (Slot::default(), Source::default());
    assert_eq!(get(&slot, &source, 0).await, Ok(1));
    let renew = async || {
        let value = slot.renew(10, async |_| source.fetch().await).await;
        value.map(|value| *value)
    };
    let all = futures_util::future::join_all((0..50).map(|_| renew())).await;
    assert!(all.iter().all(|one| *one == Ok(2)), "{all:?}");
    source.down(true);
    let failure = Failure::new(Cause::Unreachable, "down 3");
    assert_eq!(renew().await, Err(failure));
    assert_eq!(get(&slot, &source, 20).await, Ok(2));
    slot.put(
        30,
        Fetched {
            value: 7,
            max_age: None,
        },
    );
    assert_eq!(get(&slot, &source, 40).await, Ok(7));
    slot.forget();
    assert_eq!(slot.last(), None);
}
