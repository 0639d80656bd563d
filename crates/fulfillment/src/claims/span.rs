//! How long what somebody claimed of a job is kept without a sign of theirs: a promise of hours until a day is no lock of
//! minutes, so it rests for days, its holder is asked twice, and only then it goes on to others. No database here.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::JobId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::rounds::hours;

/// A sign within this time of the last one moves nothing: whoever works leaves many.
const SIGNS_APART: TimeDelta = TimeDelta::hours(1);
/// How many allowed hours lie between the last question and the end, at least: more than a whole day, whenever a mail may come.
const LAST_CALL: TimeDelta = TimeDelta::hours(13);
/// The parts of a span, in percent, after which its holder is asked.
const HALF: i16 = 50;
const LAST: i16 = 80;

/// How long a claim is kept, as its holder sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ClaimKept")]
pub struct Kept {
    /// Until when, if nothing is heard of its holder; every sign of theirs begins the span anew.
    pub until: DateTime<Utc>,
    /// Whether its holder was asked if they go on.
    pub is_asked: bool,
}

/// A span as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// How far it was when its holder was last asked, in percent.
    pub(super) asked: i16,
    pub(super) look_at: Option<DateTime<Utc>>,
}

/// What is to be done about a span now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing before then.
    Wait(DateTime<Utc>),
    /// Its holder is asked whether they go on.
    Ask(Span),
    /// It is over.
    End,
}

impl Span {
    /// A span that begins now: so many days, ending in an hour in which somebody may be expected to act.
    pub(super) fn begun(now: DateTime<Utc>, days: i16) -> Self {
        let until = hours::opens(now + TimeDelta::days(days.into()));
        Self { from: now, until, asked: 0, look_at: Some(part(now, until, HALF)) }
    }

    /// The span after a sign of its holder; `None` where it is as good as new.
    pub(super) fn renewed(&self, now: DateTime<Utc>, days: i16) -> Option<Self> {
        let is_fresh = self.asked == 0 && self.look_at.is_some() && now - self.from < SIGNS_APART;
        (!is_fresh).then(|| Self::begun(now, days))
    }

    /// What is to be done now. It never ends at night, and never before whoever was asked last had a day to answer.
    pub(super) fn step(&self, now: DateTime<Utc>) -> Step {
        if self.asked == LAST {
            return match hours::opens(now.max(self.until)) {
                at if at == now => Step::End,
                at => Step::Wait(at),
            };
        }
        let (half, last) = (part(self.from, self.until, HALF), part(self.from, self.until, LAST));
        if now >= last {
            let until = self.until.max(hours::after(now, LAST_CALL));
            Step::Ask(Self { until, asked: LAST, look_at: Some(until), ..*self })
        } else if now >= half && self.asked < HALF {
            Step::Ask(Self { asked: HALF, look_at: Some(last), ..*self })
        } else {
            Step::Wait(if self.asked < HALF { half } else { last })
        }
    }

    /// Whether its holder is asked for the last time.
    pub(super) const fn is_last_call(&self) -> bool {
        self.asked == LAST
    }

    pub(super) const fn kept(&self) -> Kept {
        Kept { until: self.until, is_asked: self.asked > 0 }
    }
}

/// The moment at which so much of a span has passed, in percent.
fn part(from: DateTime<Utc>, until: DateTime<Utc>, percent: i16) -> DateTime<Utc> {
    from + (until - from) * i32::from(percent) / 100
}

/// One person's claims of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpanOf {
    pub(super) job: JobId,
    pub(super) person: kernel::PersonId,
    pub(super) since: DateTime<Utc>,
    pub(super) span: Span,
}

#[cfg(test)]
mod tests {
    use kernel::JST;
    use proptest::prelude::*;

    use super::*;

    /// A moment by the clock in Japan.
    fn at(local: &str) -> DateTime<Utc> {
        format!("{local}:00+09:00").parse().unwrap()
    }

    #[test]
    fn its_holder_is_asked_at_half_time_and_once_more_and_then_it_ends() {
        let span = Span::begun(at("2026-05-01T10:00"), 10);
        assert_eq!((span.until, span.look_at), (at("2026-05-11T10:00"), Some(at("2026-05-06T10:00"))));
        assert_eq!(span.step(at("2026-05-06T09:59")), Step::Wait(at("2026-05-06T10:00")));
        let Step::Ask(half) = span.step(at("2026-05-06T10:00")) else { panic!("asked at half time") };
        assert_eq!((half.asked, half.until), (50, span.until));
        assert_eq!(half.step(at("2026-05-07T00:00")), Step::Wait(at("2026-05-09T10:00")));
        let Step::Ask(last) = half.step(at("2026-05-09T10:00")) else { panic!("asked once more") };
        assert!(last.is_last_call() && !half.is_last_call());
        assert_eq!(last.step(at("2026-05-11T09:59")), Step::Wait(span.until));
        assert_eq!(last.step(at("2026-05-11T10:00")), Step::End);
    }

    #[test]
    fn a_last_question_that_comes_late_leaves_a_day_to_answer() {
        let span = Span::begun(at("2026-05-01T10:00"), 2);
        let Step::Ask(last) = span.step(at("2026-05-20T23:00")) else { panic!("asked, not ended") };
        assert_eq!((last.asked, last.until), (80, at("2026-05-22T09:00")));
    }

    #[test]
    fn a_sign_begins_the_span_anew_and_many_at_once_are_one() {
        let span = Span::begun(at("2026-05-01T10:00"), 7);
        assert_eq!(span.renewed(at("2026-05-01T10:59"), 7), None);
        let later = at("2026-05-03T23:00");
        let renewed = span.renewed(later, 7).unwrap();
        assert_eq!((renewed.from, renewed.until), (later, at("2026-05-11T08:00")), "no claim ends at night");
        let Step::Ask(asked) = span.step(at("2026-05-05T10:00")) else { panic!("asked") };
        assert_eq!(asked.renewed(at("2026-05-05T10:00"), 7).unwrap().asked, 0);
        let resting = Span { look_at: None, ..span };
        assert!(
            resting.renewed(at("2026-05-01T10:01"), 7).is_some(),
            "what is to be done again is looked at again"
        );
    }

    proptest! {
        #[test]
        fn whenever_it_is_looked_at_its_holder_was_asked_a_day_before_it_ends_by_day(
            start in 1_700_000_000i64..1_900_000_000, days in 2i16..=60, gaps in prop::collection::vec(60i64..400_000, 1..60),
        ) {
            let mut now = DateTime::from_timestamp(start, 0).unwrap();
            let mut span = Span::begun(now, days);
            let begun = now;
            let mut last_call = None;
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                match span.step(now) {
                    Step::Wait(until) => prop_assert!(until > now),
                    Step::Ask(asked) => {
                        prop_assert!(asked.asked > span.asked && asked.look_at > Some(now));
                        last_call = asked.is_last_call().then_some(now);
                        span = asked;
                    }
                    Step::End => {
                        let hour = now.with_timezone(&JST).format("%H:%M").to_string();
                        prop_assert!(("08:00"..="20:00").contains(&hour.as_str()), "{}", hour);
                        prop_assert!(now - last_call.unwrap() >= TimeDelta::hours(24));
                        prop_assert!(now - begun >= TimeDelta::days(days.into()));
                        break;
                    }
                }
            }
        }
    }
}
