//! What an attempt's outcome means for its message. A pure function; no database here.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::messages::{Category, DOUBT_PAUSE, Step};
use crate::smtp::{Outcome, Reason};

/// What is judged besides the outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) category: Category,
    /// 1 for the first attempt.
    pub(super) attempt: i16,
    pub(super) created_at: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
    /// Between 0 and 1: where in the range of possible waits this one falls.
    pub(super) draw: f64,
}

/// What becomes of the message, and what its attempt's row says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict {
    /// What happens to the message.
    pub(super) step: Step,
    /// The attempt's outcome in its row.
    pub(super) outcome: &'static str,
    /// Not tried again before this.
    pub(super) not_before: Option<DateTime<Utc>>,
    /// Whether the attempt counts; one that a relay never let begin does not.
    pub(super) counts: bool,
    /// Why it was refused or put off.
    pub(super) reason: Option<&'static str>,
    /// Whether the address is dead.
    pub(super) suppress: bool,
}

impl Verdict {
    fn new(step: Step, outcome: &'static str) -> Self {
        Self { step, outcome, not_before: None, counts: true, reason: None, suppress: false }
    }
}

/// The verdict on one attempt.
///
/// A refusal for good ends the message only if it is about the recipient. Policy, our sender, size and our own bytes
/// are for a person to mend: the message is held, not lost. A relay that hangs up before the dot ends no message
/// either, however often: only the message's own time to live does.
pub(super) fn judge(outcome: &Outcome, facts: &Facts) -> Verdict {
    match outcome {
        Outcome::Accepted { .. } => Verdict::new(Step::Accept, "accepted"),
        Outcome::RelayDown { .. } => Verdict { counts: false, ..Verdict::new(Step::GiveBack, "relay_down") },
        Outcome::Unknown { .. } => {
            Verdict { not_before: after(facts.now, DOUBT_PAUSE), ..Verdict::new(Step::Doubt, "unknown") }
        }
        Outcome::Rejected { reason: Reason::Recipient, suppress, .. } => Verdict {
            reason: Some(Reason::Recipient.as_str()),
            suppress: *suppress,
            ..Verdict::new(Step::Reject, "rejected")
        },
        Outcome::Rejected { reason, .. } => {
            Verdict { reason: Some(reason.as_str()), ..Verdict::new(Step::Hold, "held") }
        }
        Outcome::Deferred { why, retry_after, .. } => {
            let reason = Some(why.as_str());
            let waited = (facts.now - facts.created_at).to_std().unwrap_or_default();
            if why.patience().is_some_and(|patience| waited >= patience) {
                return Verdict { reason, ..Verdict::new(Step::Reject, "rejected") };
            }
            if facts.attempt >= facts.category.policy().attempts && !outcome.strains_relay() {
                return Verdict { reason, ..Verdict::new(Step::GiveUp, "deferred") };
            }
            let wait = *retry_after + jitter(why.first_wait(), facts);
            Verdict { reason, not_before: after(facts.now, wait), ..Verdict::new(Step::Defer, "deferred") }
        }
    }
}

/// Full jitter over a ceiling that doubles with each attempt, on top of the wait the relay asked for: failures of one
/// moment do not come back together.
fn jitter(first: Duration, facts: &Facts) -> Duration {
    let doublings = u32::try_from(facts.attempt.saturating_sub(1)).unwrap_or(0).min(16);
    let ceiling = first.saturating_mul(1 << doublings).min(facts.category.policy().longest_wait);
    ceiling.mul_f64(facts.draw.clamp(0.0, 1.0))
}

fn after(now: DateTime<Utc>, wait: Duration) -> Option<DateTime<Utc>> {
    TimeDelta::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::{Cause, Reply, Stage, classify};

    fn facts(category: Category, attempt: i16) -> Facts {
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(100);
        Facts { category, attempt, created_at: now - TimeDelta::hours(1), now, draw: 0.5 }
    }

    fn said(stage: Stage, reply: &str) -> Outcome {
        let (code, text) = reply.split_once(' ').unwrap();
        classify(stage, Cause::Reply(Reply::new(code.parse().unwrap(), text)))
    }

    #[test]
    fn each_answer_of_a_relay_has_its_consequence() {
        for (stage, reply, step, outcome, suppress) in [
            (Stage::Final, "250 2.0.0 queued as X", Step::Accept, "accepted", false),
            (Stage::Auth, "535 5.7.8 wrong password", Step::GiveBack, "relay_down", false),
            (Stage::Banner, "554 no", Step::GiveBack, "relay_down", false),
            (Stage::Recipient, "450 4.2.0 greylisted", Step::Defer, "deferred", false),
            (Stage::Recipient, "550 5.1.1 user unknown", Step::Reject, "rejected", true),
            (Stage::Recipient, "552 5.2.2 mailbox full", Step::Defer, "deferred", false),
            (Stage::Final, "554 5.7.1 spam", Step::Hold, "held", false),
            (Stage::Mail, "550 5.7.1 not your domain", Step::Hold, "held", false),
            (Stage::Final, "552 5.3.4 too large", Step::Hold, "held", false),
            (Stage::Final, "421 4.3.2 going away", Step::Doubt, "unknown", false),
        ] {
            let verdict = judge(&said(stage, reply), &facts(Category::Work, 1));
            assert_eq!(
                (verdict.step, verdict.outcome, verdict.suppress),
                (step, outcome, suppress),
                "{reply}"
            );
            assert_eq!(verdict.counts, outcome != "relay_down", "{reply}");
        }
    }

    #[test]
    fn waits_grow_with_the_attempts_and_end() {
        let greylisted = said(Stage::Recipient, "450 4.2.0 greylisted");
        let wait = |attempt| {
            let facts = facts(Category::Work, attempt);
            judge(&greylisted, &facts).not_before.map(|time| (time - facts.now).num_seconds())
        };
        assert_eq!(wait(1), Some(300 + 150));
        assert_eq!(wait(3), Some(300 + 600));
        assert_eq!(wait(19), Some(300 + 2 * 3_600));
        let last = judge(&greylisted, &facts(Category::Work, 20));
        assert_eq!((last.step, last.not_before), (Step::GiveUp, None));
        let closing = said(Stage::Mail, "421 4.3.2 going away");
        assert_eq!(judge(&closing, &facts(Category::Work, 20)).step, Step::Defer);
    }

    #[test]
    fn a_full_mailbox_is_given_up_after_three_days_without_suppression() {
        let full = said(Stage::Recipient, "552 5.2.2 mailbox full");
        let mut facts = facts(Category::Legal, 5);
        facts.created_at = facts.now - TimeDelta::hours(72);
        let verdict = judge(&full, &facts);
        assert_eq!((verdict.step, verdict.suppress), (Step::Reject, false));
    }
}
