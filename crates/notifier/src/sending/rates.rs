//! How fast mail goes to one domain: a relay that hands us to a carrier's servers is slowed down, or shut out, when too
//! much goes there at once, and ten thousand mails to one domain must not keep the others waiting.
//!
//! Each domain has a share that fills again evenly (GCRA). A message beyond it is put back with its turn, which is
//! written into its row (`store::postpone`): when it is claimed again about then, it goes without asking here, so each
//! waits once, however many there are (`t30_a_flood_to_one_domain_arrives_turn_by_turn`). Who comes much later than its
//! turn has given it up and asks anew, so that what a broken relay held up does not go all at once. The share is one
//! process's own; turns hold across processes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// When each domain's share will be full again.
#[derive(Debug, Default)]
pub(super) struct Rates {
    full_at: Mutex<HashMap<String, Instant>>,
}

impl Rates {
    /// `None`: it may go now. Otherwise its turn comes after that long; nobody else gets that turn.
    pub(super) fn take(&self, rate: DomainRate, domain: &str, now: Instant) -> Option<Duration> {
        let each = Duration::from_secs(1) / u32::from(rate.per_second.max(1));
        let depth = each * u32::from(rate.burst.max(1));
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MOST {
            full_at.retain(|_, at| *at > now);
        }
        let entry = full_at.entry(domain.to_ascii_lowercase()).or_insert(now);
        let next = (*entry).max(now) + each;
        *entry = next;
        let wait = next.saturating_duration_since(now).saturating_sub(depth);
        (!wait.is_zero()).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: DomainRate = DomainRate { per_second: 10, burst: 3 };

    #[test]
    fn after_the_burst_turns_come_evenly_and_each_is_its_own() {
        let (rates, now) = (Rates::default(), Instant::now());
        let waits: Vec<_> = (0..6).map(|_| rates.take(RATE, "docomo.example", now)).collect();
        let tenth = |count| Some(Duration::from_millis(100) * count);
        assert_eq!(waits, [None, None, None, tenth(1), tenth(2), tenth(3)]);
        assert_eq!(rates.take(RATE, "other.example", now), None, "others do not wait");
        assert_eq!(rates.take(RATE, "DOCOMO.example", now + Duration::from_secs(1)), None, "it fills again");
    }
}
