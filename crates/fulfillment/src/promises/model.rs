//! What a promised day is, why there is none, why it changed, and what would help. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{OrderId, PersonId, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

text_enum!(
    /// Why no day can be promised.
    Gap {
        /// Nobody in the programme offers hours.
        NoHours = "no_hours",
        /// Some of it fits nobody who offers hours.
        NobodyFits = "nobody_fits",
        /// It lies beyond what can be seen.
        TooFar = "too_far",
    }
);

text_enum!(
    /// Why a promised day is another than before.
    Cause {
        /// There was none before.
        First = "first",
        /// The client's day was moved.
        DueMoved = "due_moved",
        /// More was ordered, or units take longer than was said.
        MoreWork = "more_work",
        /// Less was ordered, or units take less time than was said.
        LessWork = "less_work",
        /// People offer more hours.
        MoreHours = "more_hours",
        /// People offer fewer hours.
        FewerHours = "fewer_hours",
        /// Work went on faster than was reckoned.
        Faster = "faster",
        /// Work went on more slowly than was reckoned.
        Slower = "slower",
    }
);

text_enum!(
    /// What would help where a day is at risk, from the cheapest on.
    RemedyKind {
        /// What is handed in is checked at once.
        CheckNow = "check_now",
        /// What a client wishes to have fixed is decided.
        DecideFixes = "decide_fixes",
        /// Somebody who is on it already takes units that are not begun.
        Split = "split",
        /// Units that are not begun are offered anew.
        ReOffer = "re_offer",
        /// A second person takes half of what is left.
        SecondWorker = "second_worker",
        /// Another day is agreed on with the client.
        Renegotiate = "renegotiate",
    }
);

/// The days by which something is done, or why there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PromisedDays")]
pub struct Days {
    /// The day by which it is done 50 times of 100.
    pub half_on: Option<NaiveDate>,
    /// The day by which it is done 85 times of 100: the one to promise.
    pub promised_on: Option<NaiveDate>,
    /// The day by which it is done 95 times of 100.
    pub nearly_on: Option<NaiveDate>,
    /// How many times of a thousand it is done after the day it is wanted for.
    pub late_permille: i16,
    /// Why there is no day to promise.
    pub gap: Option<Gap>,
}

/// What would help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PromiseRemedy")]
pub struct Help {
    /// What is done.
    pub kind: RemedyKind,
    /// With how many units.
    pub units: Option<i32>,
    /// Who has them.
    pub from: Option<PersonId>,
    /// Who would take them.
    pub to: Option<PersonId>,
}

/// How an open order looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OrderOutlook")]
pub struct Outlook {
    /// The order.
    pub order: OrderId,
    /// When this was reckoned.
    pub reckoned_at: DateTime<Utc>,
    /// The client's day as it was then.
    pub due_on: NaiveDate,
    /// Minutes of work that were left.
    pub minutes_left: i64,
    /// By when it is done.
    pub days: Days,
    /// What would help, where it is at risk.
    pub help: Option<Help>,
}

/// What a promise was reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PromiseBasis")]
pub struct Basis {
    /// The client's day.
    pub due_on: NaiveDate,
    /// Minutes of all of its work.
    pub minutes_whole: i64,
    /// Minutes that were left of it.
    pub minutes_left: i64,
    /// Minutes that everybody offers within four weeks.
    pub minutes_offered: i64,
}

/// A day that an order was promised for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OrderPromise")]
pub struct Promise {
    /// The day; none where none could be promised any more.
    pub promised_on: Option<NaiveDate>,
    /// Why it is another than the one before.
    pub cause: Cause,
    /// When it was reckoned.
    pub made_at: DateTime<Utc>,
    /// How many times of a thousand it is late for the client's day.
    pub late_permille: i16,
    /// What it was reckoned from.
    pub basis: Basis,
}

/// Offered minutes have changed where they are so many percent more or less than before.
const HOURS_PERCENT: i64 = 5;

/// Why a day is another than `before`, by what both were reckoned from: what somebody decided comes first, then the hours, and
/// only then how the work went.
pub(super) fn cause(before: Option<&Promise>, now: &Basis, day: Option<NaiveDate>) -> Cause {
    let Some(before) = before else { return Cause::First };
    let was = &before.basis;
    let hours = now.minutes_offered - was.minutes_offered;
    if was.due_on != now.due_on {
        Cause::DueMoved
    } else if now.minutes_whole != was.minutes_whole {
        if now.minutes_whole > was.minutes_whole { Cause::MoreWork } else { Cause::LessWork }
    } else if hours.saturating_mul(100).abs() > was.minutes_offered.saturating_mul(HOURS_PERCENT) {
        if hours > 0 { Cause::MoreHours } else { Cause::FewerHours }
    } else {
        let far = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
        if far(day) < far(before.promised_on) { Cause::Faster } else { Cause::Slower }
    }
}

/// Work that may come: a quote, or a deal that is still open. Whoever knows deals says so; this crate does not know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MayCome {
    /// Minutes of it, without checking and redoing.
    pub minutes: i64,
    /// The day it is wanted for, where that is known.
    pub wanted_on: Option<NaiveDate>,
    /// How likely it comes, in thousandths.
    pub likely_permille: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn promise(on: Option<&str>) -> Promise {
        Promise {
            promised_on: on.map(day),
            cause: Cause::First,
            made_at: DateTime::UNIX_EPOCH,
            late_permille: 100,
            basis: basis(),
        }
    }

    fn basis() -> Basis {
        Basis { due_on: day("2026-06-01"), minutes_whole: 600, minutes_left: 300, minutes_offered: 10_000 }
    }

    #[test]
    fn a_day_changes_for_what_somebody_decided_before_hours_before_progress() {
        let before = promise(Some("2026-05-20"));
        let why = |now: Basis, on: Option<&str>| cause(Some(&before), &now, on.map(day));
        assert_eq!(cause(None, &basis(), None), Cause::First);
        let all = Basis { due_on: day("2026-06-02"), minutes_whole: 900, minutes_offered: 1, ..basis() };
        assert_eq!(why(all, Some("2026-05-25")), Cause::DueMoved);
        let work = Basis { due_on: basis().due_on, ..all };
        assert_eq!(why(work, Some("2026-05-25")), Cause::MoreWork);
        assert_eq!(why(Basis { minutes_whole: 599, ..work }, None), Cause::LessWork);
        let hours = |minutes_offered| Basis { minutes_offered, ..basis() };
        assert_eq!(why(hours(9_499), Some("2026-05-25")), Cause::FewerHours);
        assert_eq!(why(hours(10_501), Some("2026-05-25")), Cause::MoreHours);
        assert_eq!(why(hours(9_500), Some("2026-05-25")), Cause::Slower);
        assert_eq!(why(hours(10_500), Some("2026-05-19")), Cause::Faster);
        assert_eq!(why(basis(), None), Cause::Slower, "beyond what can be seen");
        assert_eq!(cause(Some(&promise(None)), &basis(), Some(day("2027-01-01"))), Cause::Faster);
    }
}
