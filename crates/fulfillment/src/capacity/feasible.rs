//! Whether what somebody holds fits into their days. No database here.
//!
//! For one person whose work may be put down and taken up again, doing first what is due first is exact: if any order keeps
//! every day, that one does (Jackson 1955). So it is enough to ask, for each day on which something is due, whether all that is
//! due by then fits into the minutes up to then.

/// Work of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    /// Minutes it takes; none or less counts as none.
    pub(super) minutes: i64,
    /// The last day on which it is received, as an index into the person's days; days past them all count as the last.
    pub(super) due: usize,
}

/// The day that cannot be kept, and by how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shortfall {
    /// The day, as an index.
    pub(super) due: usize,
    /// Minutes that are missing by its end; more than none.
    pub(super) minutes: i64,
}

/// Minutes of all days up to and including `day`.
fn up_to(days: &[i64], day: usize) -> i64 {
    days.iter().take(day.saturating_add(1)).map(|minutes| (*minutes).max(0)).fold(0, i64::saturating_add)
}

/// The positions of `loads` in the order of their days; equal ones as they came.
fn by_due(loads: &[Load]) -> Vec<(usize, Load)> {
    let mut order: Vec<(usize, Load)> = loads.iter().copied().enumerate().collect();
    order.sort_by_key(|(_, load)| load.due);
    order
}

/// Where most is missing if everything is done in the order of its days; `None` where every day can be kept. Of days that miss
/// the same it is the first.
pub(super) fn shortfall(days: &[i64], loads: &[Load]) -> Option<Shortfall> {
    let mut needed: i64 = 0;
    let mut worst: Option<Shortfall> = None;
    for (_, load) in by_due(loads) {
        needed = needed.saturating_add(load.minutes.max(0));
        let minutes = needed.saturating_sub(up_to(days, load.due));
        if minutes > worst.map_or(0, |so_far| so_far.minutes) {
            worst = Some(Shortfall { due: load.due, minutes });
        }
    }
    worst
}

/// The fewest pieces of work whose days have to be agreed anew so that all others can be kept, as positions in `loads`: in the
/// order of days, and of what lies there the longest goes whenever a day does not hold (Moore and Hodgson 1968).
pub(super) fn fewest_late(days: &[i64], loads: &[Load]) -> Vec<usize> {
    let (mut kept, mut late): (Vec<(usize, i64)>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut needed: i64 = 0;
    for (at, load) in by_due(loads) {
        kept.push((at, load.minutes.max(0)));
        needed = needed.saturating_add(load.minutes.max(0));
        if needed > up_to(days, load.due) {
            let longest = kept.iter().enumerate().max_by_key(|(_, (_, minutes))| *minutes);
            if let Some((place, _)) = longest {
                let (at, minutes) = kept.remove(place);
                needed -= minutes;
                late.push(at);
            }
        }
    }
    late.sort_unstable();
    late
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn load(minutes: i64, due: usize) -> Load {
        Load { minutes, due }
    }

    #[test]
    fn what_is_due_by_a_day_fits_into_the_days_up_to_it_or_says_what_is_missing() {
        let week = [60, 0, 60, 60, 0, 0, 0];
        assert_eq!(shortfall(&week, &[]), None);
        assert_eq!(shortfall(&week, &[load(60, 1), load(120, 3)]), None, "to the minute");
        let over = shortfall(&week, &[load(90, 2), load(100, 3)]);
        assert_eq!(over, Some(Shortfall { due: 3, minutes: 10 }));
        let two = shortfall(&week, &[load(100, 1), load(100, 6)]);
        assert_eq!(two, Some(Shortfall { due: 1, minutes: 40 }), "of 40 and 20 the greater");
        assert_eq!(shortfall(&[], &[load(1, 0)]), Some(Shortfall { due: 0, minutes: 1 }));
        assert_eq!(shortfall(&week, &[load(180, usize::MAX)]), None, "a far day has all days before it");
    }

    #[test]
    fn the_longest_of_what_does_not_fit_is_agreed_anew() {
        let week = [60, 60, 60];
        assert_eq!(fewest_late(&week, &[load(50, 0), load(100, 1), load(60, 1)]), [1]);
        assert!(fewest_late(&week, &[load(60, 0), load(120, 2)]).is_empty());
    }

    /// Every order of so many things.
    fn orders(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let shorter = orders(count - 1);
        let places = |order: &Vec<usize>| {
            (0..count)
                .map(|at| {
                    let mut longer = order.clone();
                    longer.insert(at, count - 1);
                    longer
                })
                .collect::<Vec<_>>()
        };
        shorter.iter().flat_map(places).collect()
    }

    /// Whether working in that order, minute after minute of the days, ends everything by its day.
    fn keeps(days: &[i64], loads: &[Load], order: &[usize]) -> bool {
        let (mut day, mut used) = (0, 0);
        for at in order {
            let mut left = loads[*at].minutes;
            while left > 0 {
                let Some(minutes) = days.get(day) else { return false };
                let now = left.min(minutes - used);
                left -= now;
                used += now;
                if left > 0 {
                    (day, used) = (day + 1, 0);
                } else if day > loads[*at].due {
                    return false;
                }
            }
        }
        true
    }

    fn days() -> impl Strategy<Value = Vec<i64>> {
        proptest::collection::vec(prop_oneof![Just(0i64), 1..90i64], 1..8)
    }

    fn loads() -> impl Strategy<Value = Vec<Load>> {
        proptest::collection::vec((1..120i64, 0..8usize).prop_map(|(minutes, due)| load(minutes, due)), 0..6)
    }

    proptest! {
        /// Every order is tried; days beyond the person's last are cut, because nobody works on them.
        #[test]
        fn it_fits_exactly_where_some_order_keeps_every_day(days in days(), loads in loads()) {
            let any = orders(loads.len()).iter().any(|order| keeps(&days, &loads, order));
            prop_assert_eq!(shortfall(&days, &loads).is_none(), any);
        }

        #[test]
        fn no_smaller_set_of_days_agreed_anew_keeps_the_others(days in days(), loads in loads()) {
            let late = fewest_late(&days, &loads);
            let without = |set: u32| -> Vec<Load> {
                loads.iter().enumerate().filter(|(at, _)| set & (1 << at) == 0).map(|(_, load)| *load).collect()
            };
            let chosen = late.iter().fold(0, |set, at| set | (1 << at));
            prop_assert_eq!(shortfall(&days, &without(chosen)), None);
            let fewest = (0..1u32 << loads.len())
                .filter(|set| shortfall(&days, &without(*set)).is_none())
                .map(u32::count_ones)
                .min()
                .unwrap();
            prop_assert_eq!(late.len(), usize::try_from(fewest).unwrap());
        }

        #[test]
        fn the_missing_minutes_are_what_would_make_it_fit(days in days(), loads in loads()) {
            if let Some(missing) = shortfall(&days, &loads) {
                let mut longer = days.clone();
                longer[0] += missing.minutes;
                prop_assert_eq!(shortfall(&longer, &loads), None);
                longer[0] -= 1;
                prop_assert!(shortfall(&longer, &loads).is_some());
            }
        }
    }
}
