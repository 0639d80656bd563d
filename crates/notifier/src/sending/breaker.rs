//! One relay's circuit breaker: a relay that refuses us is left alone for a while, and no message pays for it.
//!
//! Open: nobody sends there. When the pause is over one sender opens a conversation as a probe, without a message;
//! if that works the breaker closes. Pauses double until a message has really passed.

use std::time::{Duration, Instant};

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause: how late a repaired relay may be noticed.
const LONGEST: Duration = Duration::from_mins(1);
/// Conversations broken off in a row that open the breaker.
const STRAINS: u32 = 3;
/// How long one probe keeps others from probing.
const PROBE: Duration = Duration::from_mins(3);

#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// `None`: closed.
    open_until: Option<Instant>,
    /// Openings since a message last passed.
    trips: u32,
    /// Broken conversations since a message last passed.
    strains: u32,
}

impl Breaker {
    pub(super) fn is_closed(&self) -> bool {
        self.open_until.is_none()
    }

    /// When to look again, if open.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        self.open_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    /// Whether a probe is due; the caller has to make it, and nobody else gets the same answer meanwhile.
    pub(super) fn take_probe(&mut self, now: Instant) -> bool {
        let due = self.open_until.is_some_and(|until| until <= now);
        if due {
            self.open_until = Some(now + PROBE);
        }
        due
    }

    /// The probe opened a conversation.
    pub(super) fn mended(&mut self) {
        self.open_until = None;
        self.strains = 0;
    }

    /// A message got an answer of its own, good or bad.
    pub(super) fn passed(&mut self) {
        self.trips = 0;
        self.strains = 0;
    }

    /// A conversation was cut short.
    pub(super) fn strained(&mut self, now: Instant) {
        self.strains += 1;
        if self.strains >= STRAINS && self.is_closed() {
            self.open(now);
        }
    }

    /// The relay is not usable. Those who were on their way when it went down find it open and change nothing.
    pub(super) fn broke(&mut self, now: Instant) {
        if self.is_closed() {
            self.open(now);
        }
    }

    /// The probe failed.
    pub(super) fn still_broken(&mut self, now: Instant) {
        self.open(now);
    }

    fn open(&mut self, now: Instant) {
        let pause = FIRST.saturating_mul(1 << self.trips.min(10)).min(LONGEST);
        self.trips += 1;
        self.strains = 0;
        self.open_until = Some(now + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_one_sender_probes() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        breaker.broke(start);
        breaker.broke(start);
        assert!(!breaker.is_closed());
        assert!(!breaker.take_probe(start));
        let later = start + FIRST;
        assert!(breaker.take_probe(later));
        assert!(!breaker.take_probe(later), "one probe at a time");
        breaker.still_broken(later);
        assert_eq!(breaker.wait(later), FIRST * 2);
        breaker.mended();
        assert!(breaker.is_closed());
        breaker.broke(later);
        assert_eq!(breaker.wait(later), FIRST * 4, "a probe is no proof");
        breaker.mended();
        breaker.passed();
        breaker.broke(later);
        assert_eq!(breaker.wait(later), FIRST);
    }

    #[test]
    fn fault_24_two_hours_of_refusal_cost_about_one_probe_a_minute() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        breaker.broke(start);
        let mut probes = 0;
        for second in 0..7_200 {
            let now = start + Duration::from_secs(second);
            if breaker.take_probe(now) {
                probes += 1;
                breaker.still_broken(now);
            }
        }
        assert!((115..=130).contains(&probes), "{probes} probes");
        assert!(
            breaker.wait(start + Duration::from_hours(2)) <= LONGEST,
            "mended, it is noticed within a minute"
        );
    }

    #[test]
    fn three_broken_conversations_in_a_row_open_it() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.strained(now);
        breaker.strained(now);
        breaker.passed();
        breaker.strained(now);
        breaker.strained(now);
        assert!(breaker.is_closed());
        breaker.strained(now);
        assert!(!breaker.is_closed());
    }

    #[test]
    fn no_pause_is_longer_than_the_longest() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..40 {
            breaker.still_broken(now);
        }
        assert_eq!(breaker.wait(now), LONGEST);
    }
}
