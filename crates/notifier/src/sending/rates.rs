//! How fast mail goes to one domain: a relay that hands us to a carrier's servers is slowed down, or shut out, when too
//! much goes there at once, and ten thousand mails to one domain must not keep the others waiting.
//!
//! Each domain has a share that fills again evenly (GCRA). A message beyond it is put back with its turn, which is
//! written into its row (`store::postpone`): when it is claimed again about then, it goes without asking here, so each
//! waits once, however many there are (`t30_a_flood_to_one_domain_arrives_turn_by_turn`). Who comes much later than its
//! turn has given it up and asks anew, so that what a broken relay held up does not go all at once. The share is one
//! process's own; turns hold across processes.
//!
//! Mails about accounts have a share of their own, because somebody sits before the page that asks for the code
//! (`t30_a_code_does_not_wait_behind_a_flood_to_its_own_domain`). Towns in need of the same share at the same time divide
//! it: turns once given are kept, so for the time of the first one's backlog two towns together get half as much again
//! (`towns_divide_a_share_while_both_need_it`).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kernel::OrganizationId;

use crate::messages::Category;

/// Domains remembered at a time; those whose share is full again are forgotten first.
const MOST: usize = 10_000;

/// The share of each recipient domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DomainRate {
    /// Messages a second, in the long run.
    pub per_second: u16,
    /// Messages at once after a rest.
    pub burst: u16,
}

/// What is divided: the mails about accounts to one domain, or all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Share {
    is_account: bool,
    domain: String,
}

impl Share {
    pub(super) fn of(category: Category, domain: &str) -> Self {
        Self { is_account: category == Category::Account, domain: domain.to_ascii_lowercase() }
    }
}

/// When each town's part of each share will be full again.
#[derive(Debug, Default)]
pub(super) struct Rates {
    full_at: Mutex<HashMap<Share, HashMap<OrganizationId, Instant>>>,
}

impl Rates {
    /// `None`: it may go now. Otherwise its turn comes after that long; nobody else gets that turn.
    pub(super) fn take(
        &self,
        rate: DomainRate,
        share: Share,
        town: OrganizationId,
        now: Instant,
    ) -> Option<Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MOST {
            full_at.retain(|_, towns| towns.values().any(|at| *at > now));
        }
        let towns = full_at.entry(share).or_default();
        towns.retain(|_, at| *at > now);
        let others = towns.keys().filter(|other| **other != town).count();
        let divided = u32::try_from(others).unwrap_or(u32::MAX).saturating_add(1);
        let each = Duration::from_secs(1) / u32::from(rate.per_second.max(1));
        let depth = each * u32::from(rate.burst.max(1));
        let entry = towns.entry(town).or_insert(now);
        let next = (*entry).max(now) + each * divided;
        *entry = next;
        let wait = next.saturating_duration_since(now).saturating_sub(depth);
        (!wait.is_zero()).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: DomainRate = DomainRate { per_second: 10, burst: 3 };
    const TOWN: OrganizationId = OrganizationId(1);

    fn work(domain: &str) -> Share {
        Share::of(Category::Work, domain)
    }

    fn tenths(count: u32) -> Duration {
        Duration::from_millis(100) * count
    }

    #[test]
    fn after_the_burst_turns_come_evenly_and_each_is_its_own() {
        let (rates, now) = (Rates::default(), Instant::now());
        let take = |share, now| rates.take(RATE, share, TOWN, now);
        let waits: Vec<_> = (0..6).map(|_| take(work("docomo.example"), now)).collect();
        assert_eq!(waits, [None, None, None, Some(tenths(1)), Some(tenths(2)), Some(tenths(3))]);
        assert_eq!(take(work("other.example"), now), None, "others do not wait");
        assert_eq!(take(Share::of(Category::Account, "docomo.example"), now), None, "nor do codes");
        assert_eq!(take(work("DOCOMO.example"), now + Duration::from_secs(1)), None, "it fills again");
    }

    #[test]
    fn towns_divide_a_share_while_both_need_it() {
        let (rates, now) = (Rates::default(), Instant::now());
        let take = |town, now| rates.take(RATE, work("docomo.example"), OrganizationId(town), now);
        for _ in 0..1_000 {
            take(1, now);
        }
        let waits: Vec<_> = (0..3).map(|_| take(2, now)).collect();
        assert_eq!(
            waits,
            [None, Some(tenths(1)), Some(tenths(3))],
            "at half the rate, and not behind a thousand"
        );
        let later = now + Duration::from_secs(200);
        assert_eq!([take(2, later), take(2, later), take(2, later)], [None; 3], "alone it has all of it");
    }
}
