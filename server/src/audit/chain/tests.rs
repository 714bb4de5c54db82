//! Whatever is done to a row behind the server's back is found, and nothing else is.

use proptest::{collection::vec, option, prelude::*};

use super::*;

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (
        any::<i64>(),
        option::of(".{0,4}"),
        ".{0,4}",
        option::of(".{0,4}"),
        ".{0,6}",
    )
        .prop_map(|(at, actor_id, actor_name, target, detail)| Entry {
            id: format!("id {at}"),
            at,
            actor_id,
            actor_name,
            event: "user.changed".to_owned(),
            target,
            detail,
            address: None,
            request_id: Some(String::new()),
        });
    vec(entry, 1..12)
}

fn chained(entries: Vec<Entry>, begin: i64) -> (Vec<Link>, Ends) {
    let mut hash = GENESIS.to_vec();
    let mut links = Vec::new();
    for (seq, entry) in (begin + 1..).zip(entries) {
        hash = entry.hash(seq, &hash).to_vec();
        links.push(Link {
            seq,
            entry,
            hash: hash.clone(),
        });
    }
    let ends = ends_of(&links, begin, hash);
    (links, ends)
}

fn ends_of(links: &[Link], begin: i64, hash: Vec<u8>) -> Ends {
    Ends {
        seq: begin + i64::try_from(links.len()).expect("few"),
        hash,
        pruned_seq: begin,
        pruned_hash: GENESIS.to_vec(),
        least: links.first().map(|it| it.seq),
        greatest: links.last().map(|it| it.seq),
    }
}

fn number(at: usize) -> i64 {
    i64::try_from(at).expect("few")
}

/// As `verify` walks.
fn walked(links: &[Link], ends: &Ends) -> Result<(), Fault> {
    let ends = Ends {
        least: links.iter().map(|it| it.seq).min(),
        greatest: links.iter().map(|it| it.seq).max(),
        ..ends.clone()
    };
    let mut walk = Walk::new(&ends)?;
    for link in links {
        if walk.is_done() {
            break;
        }
        walk.step(link)?;
    }
    walk.end(&ends)
}

proptest! {
    #[test]
    fn a_chain_that_nobody_touched_is_whole(entries in entries(), begin in 0_i64..9) {
        let (links, ends) = chained(entries, begin);
        prop_assert_eq!(walked(&links, &ends), Ok(()));
        // Rows that follow while one walks are no fault.
        prop_assert_eq!(walked(&[], &ends_of(&[], begin, GENESIS.to_vec())), Ok(()));
    }

    #[test]
    fn a_row_that_was_altered_is_named(
        entries in entries(), begin in 0_i64..9, which in any::<prop::sample::Index>(), field in 0..9,
    ) {
        let (mut links, ends) = chained(entries, begin);
        let at = which.index(links.len());
        let link = &mut links[at];
        let entry = &mut link.entry;
        match field {
            0 => entry.at ^= 1,
            1 => entry.actor_name.push('x'),
            2 => entry.actor_id = match entry.actor_id.take() { None => Some(String::new()), Some(_) => None },
            3 => entry.event.push('x'),
            4 => entry.target = match entry.target.take() { None => Some(String::new()), Some(_) => None },
            5 => entry.detail.insert(0, 'x'),
            6 => entry.address = Some(String::new()),
            7 => entry.request_id = None,
            _ => link.hash[31] ^= 1,
        }
        prop_assert_eq!(walked(&links, &ends), Err(Fault::Altered(begin + 1 + number(at))));
    }

    #[test]
    fn what_one_field_loses_another_does_not_gain_unseen(text in ".{1,6}", more in ".{0,6}") {
        let (mut links, ends) = chained(vec![Entry {
            id: String::new(), at: 0, actor_id: None, actor_name: format!("{text}{more}"),
            event: String::new(), target: None, detail: String::new(), address: None, request_id: None,
        }], 0);
        let entry = &mut links[0].entry;
        entry.actor_name.clone_from(&more);
        entry.event = text;
        prop_assert_eq!(walked(&links, &ends), Err(Fault::Altered(1)));
    }

    #[test]
    fn a_row_that_is_gone_is_named(
        entries in entries(), begin in 0_i64..9, which in any::<prop::sample::Index>(),
    ) {
        let (mut links, ends) = chained(entries, begin);
        let at = which.index(links.len());
        links.remove(at);
        prop_assert_eq!(walked(&links, &ends), Err(Fault::Missing(begin + 1 + number(at))));
    }

    #[test]
    fn a_row_that_was_put_in_is_found(
        entries in entries(), begin in 0_i64..9, which in any::<prop::sample::Index>(), moved in any::<bool>(),
    ) {
        let (mut links, ends) = chained(entries, begin);
        let at = which.index(links.len() + 1);
        let mut forged = links[at.min(links.len() - 1)].clone();
        forged.entry.actor_name.push_str("nobody");
        if moved {
            // Those behind it were moved up to make room.
            forged.seq = begin + 1 + number(at);
            links.iter_mut().skip(at).for_each(|it| it.seq += 1);
            links.insert(at, forged);
            let first = begin + 1 + number(at);
            let found = walked(&links, &ends);
            prop_assert!(
                matches!(found, Err(Fault::Altered(seq) | Fault::Inserted(seq)) if seq == first),
                "{found:?}"
            );
        } else {
            // Before the beginning: the only number that is free.
            forged.seq = begin;
            links.insert(0, forged);
            prop_assert_eq!(walked(&links, &ends), Err(Fault::Inserted(begin)));
        }
    }

    #[test]
    fn two_rows_that_changed_places_are_found(
        entries in entries(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let (mut links, ends) = chained(entries, 0);
        let (one, other) = (one.index(links.len()), other.index(links.len()));
        prop_assume!(links[one].entry != links[other].entry);
        let (a, b) = (links[one].clone(), links[other].clone());
        links[one] = Link { seq: a.seq, ..b.clone() };
        links[other] = Link { seq: b.seq, ..a };
        prop_assert_eq!(walked(&links, &ends), Err(Fault::Altered(1 + number(one.min(other)))));
    }

    #[test]
    fn an_end_that_was_moved_is_found(entries in entries()) {
        let (links, ends) = chained(entries, 0);
        let mut shorter = ends.clone();
        shorter.seq -= 1;
        prop_assert!(walked(&links, &shorter).is_err());
        let mut other = ends;
        other.hash[0] ^= 1;
        prop_assert_eq!(walked(&links, &other), Err(Fault::End(other.seq)));
    }
}
