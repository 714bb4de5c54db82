//! A page of what is newest in one range of an index, or in several together, looked through with a
//! budget of rows.
//!
//! It must not know what the rows are.

use crate::error::Error;

/// So many rows at a time, where they are looked through.
pub(crate) const PART: i64 = 250;

/// What a page may cost, and where it begins.
pub(crate) struct Page<C> {
    pub(crate) limit: u32,
    /// Whether all that leads there is asked for, so that nothing has to be looked through.
    pub(crate) is_led: bool,
    /// How many ranges there are.
    pub(crate) ranges: usize,
    /// So many rows are read, of all ranges.
    pub(crate) budget: i64,
    pub(crate) below: C,
}

impl<C: Ord + Clone> Page<C> {
    /// What fits, newest first, and where the next page begins, if there is one. `read`: of each
    /// range the newest rows below a place, at most so many. No row is in two ranges.
    pub(crate) fn find<T>(
        self,
        mut read: impl FnMut(&C, i64) -> Result<Vec<Vec<T>>, Error>,
        place: impl Fn(&T) -> C,
        fits: impl Fn(&T) -> bool,
    ) -> Result<(Vec<T>, Option<C>), Error> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let ranges = i64::try_from(self.ranges).unwrap_or(i64::MAX).max(1);
        let most = if self.is_led {
            i64::from(self.limit) + 1
        } else {
            PART
        };
        let (mut found, mut left, mut below) = (Vec::new(), self.budget, self.below);
        let mut next = None;
        while found.len() <= limit {
            let part = most.min(left / ranges);
            if part <= 0 {
                next = Some(below);
                break;
            }
            let size = usize::try_from(part).unwrap_or(usize::MAX);
            let read = read(&below, part)?;
            let is_whole = read.iter().all(|it| it.len() < size);
            let mut rows: Vec<T> = read.into_iter().flatten().collect();
            left -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
            rows.sort_by_key(|it| std::cmp::Reverse(place(it)));
            let is_last = is_whole && rows.len() <= size;
            // Below these another range can have more in between.
            rows.truncate(size);
            if let Some(last) = rows.last() {
                below = place(last);
            }
            found.extend(rows.into_iter().filter(&fits));
            if is_last {
                break;
            }
        }
        if found.len() > limit {
            found.truncate(limit);
            next = found.last().map(place);
        }
        Ok((found, next))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pages_together_have_every_row_once_and_in_order(
            owners in prop::collection::vec(0..4_usize, 0..120),
            limit in 1..8_u32,
            budget in 3..40_i64,
            is_led in any::<bool>(),
        ) {
            let (mut seen, mut below) = (Vec::new(), usize::MAX);
            loop {
                let mut spent = 0;
                let asked = Page { limit, is_led, ranges: 3, budget, below };
                let (rows, next) = asked.find(
                    |below, part| {
                        Ok((0..3).map(|range| {
                            let mut of: Vec<usize> = (0..owners.len().min(*below))
                                .filter(|it| owners[*it] == range)
                                .collect();
                            of.reverse();
                            of.truncate(part.try_into().expect("a part"));
                            spent += of.len();
                            of
                        }).collect())
                    },
                    |it| *it,
                    |it| is_led || it % 5 == 0,
                ).expect("a page");
                prop_assert!(rows.len() <= limit as usize);
                prop_assert!(spent <= usize::try_from(budget).expect("a budget"));
                seen.extend(rows);
                let Some(next) = next else { break };
                prop_assert!(next < below, "it goes on");
                below = next;
            }
            let all = (0..owners.len()).rev().filter(|it| owners[*it] < 3 && (is_led || it % 5 == 0));
            prop_assert_eq!(seen, all.collect::<Vec<_>>());
        }
    }
}
