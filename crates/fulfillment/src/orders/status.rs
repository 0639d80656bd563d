//! The seven questions of product.md about a running order, and what an order's colour is made of. No database here.

use chrono::{Days, NaiveDate};
use kernel::{PersonId, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Order, Pieces, Progress};
use crate::forecast::AT_RISK_PERMILLE;

text_enum!(
    /// Whether an order will be in time (7: on schedule?).
    Schedule {
        /// Nothing speaks against it.
        OnTime = "on_time",
        /// A unit is past its own day, or its day lies after the order's; one that is due within a week has nobody or is not
        /// even split off, one is with somebody who does not take part now, whoever could take what nobody has taken has not got the hours,
        /// or the last reckoning of promised days has it come after its day in more than 15 of 100 runs.
        AtRisk = "at_risk",
        /// The order's day has passed and not everything is finished.
        Late = "late",
        /// Everything ordered is finished; what is left is to deliver it or for the client to answer.
        Done = "done",
    }
);

/// One running order on the coordinator's first screen: the seven questions of product.md.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderStatus {
    /// The order.
    pub order: Order,
    /// Pieces the client ordered against those split into units (4: short or over).
    pub pieces: Pieces,
    /// Where its units stand (1, 3, 5, 6).
    pub progress: Progress,
    /// How many people hold units (2: who does how many).
    pub workers: i64,
    /// Units past their day that are not handed in, or that nobody has (6: who is not done).
    pub late: i64,
    /// Who still has to do how many (2, 6): whoever is late first, then whoever has the most.
    pub in_hand: Vec<InHand>,
    /// Units to be done that are with people who do not take part now: they rest, or have left.
    pub held_by_absent: i64,
    /// Units to be done whose own day lies after the order's: their job was extended, or the order's day moved forward.
    pub after_order: i64,
    /// The work that is left against the hours there are for it.
    pub hours: Hours,
    /// Questions about how it is done that wait for an answer (what is waiting).
    pub questions: i64,
    /// In how many of a thousand runs it comes after its day, as that was reckoned last; none where that is too seldom to be a
    /// risk, where it was not reckoned for its day as it is now, and where everything is finished.
    pub likely_late_permille: Option<i16>,
    /// Seven: on schedule?
    pub schedule: Schedule,
}

impl OrderStatus {
    /// Units that were not done as said (3): sent back to their holder, refused, or to be mended as the client wishes.
    pub fn not_as_said(&self) -> i64 {
        self.progress.returned + self.progress.refused + self.progress.claimed_back
    }
}

/// What somebody still has to do of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "UnitsInHand")]
pub struct InHand {
    /// Who.
    pub person: PersonId,
    /// How many units.
    pub to_do: i64,
    /// Of these, past the day they agreed to.
    pub late: i64,
    /// Of these, with a day that lies after the order's.
    pub after_order: i64,
}

/// What is left to be done of an order, in minutes, against the time of those who could do it. Nobody's hours are set
/// aside for one order: what is free here may be free for several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OrderHours")]
pub struct Hours {
    /// Minutes of everything that is not handed in yet, whoever has it; of what is not split into units yet, those it was
    /// quoted with.
    pub to_do_minutes: i64,
    /// Minutes of what nobody has taken yet, split or not.
    pub open_minutes: i64,
    /// Minutes that active workers whom its open jobs fit have left until the order's day: their weekly limits, or the hours
    /// they offer where those are fewer, less what they have still to do.
    pub free_minutes: i64,
}

impl Hours {
    /// By how much the open work is more than anybody has time for.
    pub fn short_minutes(&self) -> i64 {
        (self.open_minutes - self.free_minutes).max(0)
    }
}

/// What one person does of an order (2: who does how many).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonShare {
    /// Who.
    pub person: PersonId,
    /// Units they still have to do.
    pub to_do: i64,
    /// Units they handed in that wait for a verdict.
    pub submitted: i64,
    /// Units of theirs that passed review, were delivered or accepted.
    pub finished: i64,
    /// Of what they have to do, past the day they agreed to.
    pub late: i64,
    /// The earliest day of what they have to do.
    pub next_due_on: Option<NaiveDate>,
}

/// What decides the schedule of one order beside its progress.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Strain {
    pub(super) late: i64,
    /// Units due soon that nobody holds.
    pub(super) open_soon: i64,
    /// Ordered pieces that are in no unit yet.
    pub(super) left: i64,
    /// Minutes of open work for which nobody has the hours.
    pub(super) short_minutes: i64,
    /// Units to be done that are with people who do not take part now.
    pub(super) held_by_absent: i64,
    /// Units to be done whose own day lies after the order's.
    pub(super) after_order: i64,
    /// In how many of a thousand runs it comes after its day; none where that was not reckoned.
    pub(super) late_permille: Option<i16>,
}

impl Strain {
    fn is_felt(self) -> bool {
        let counted = [self.late, self.open_soon, self.short_minutes, self.held_by_absent, self.after_order];
        counted.into_iter().any(|one| one > 0) || self.likely_late().is_some()
    }

    /// In how many of a thousand runs it comes after its day, where that is a risk: the same line as for the orders at risk
    /// ([`crate::promises::at_risk`]).
    pub(super) fn likely_late(self) -> Option<i16> {
        self.late_permille.filter(|late| u32::try_from(*late).is_ok_and(|late| late > AT_RISK_PERMILLE))
    }
}

/// How many days before its day work that nobody has is a risk: a week is what a worker plans by.
const SOON_DAYS: u64 = 7;

/// The last day that counts as soon.
pub(super) fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(SOON_DAYS)).unwrap_or(NaiveDate::MAX)
}

impl Schedule {
    pub(super) fn of(due_on: NaiveDate, today: NaiveDate, progress: &Progress, strain: Strain) -> Self {
        if progress.total > 0 && progress.not_done() == 0 && strain.left == 0 {
            Self::Done
        } else if due_on < today {
            Self::Late
        } else if strain.is_felt() || (due_on <= soon(today) && strain.left > 0) {
            Self::AtRisk
        } else {
            Self::OnTime
        }
    }
}

/// How many orders stand where, over all there are: what lists that show only some of them say as totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderCounts {
    /// Opened and not begun.
    pub drafts: i64,
    /// Running, by [`Schedule`]: nothing speaks against them.
    pub on_time: i64,
    /// Running with something that may make them late.
    pub at_risk: i64,
    /// Running past their day and not finished.
    pub late: i64,
    /// Running and finished.
    pub done: i64,
    /// Running, due today and not finished.
    pub due_today: i64,
}

impl OrderCounts {
    /// From every running order there is, and how many drafts there are.
    pub(super) fn of_all(running: &[OrderStatus], drafts: i64, today: NaiveDate) -> Self {
        let mut counts = Self { drafts, ..Self::default() };
        for status in running {
            *counts.slot(status.schedule) += 1;
            counts.due_today += i64::from(status.order.due_on == today && status.progress.not_done() > 0);
        }
        counts
    }

    fn slot(&mut self, schedule: Schedule) -> &mut i64 {
        match schedule {
            Schedule::OnTime => &mut self.on_time,
            Schedule::AtRisk => &mut self.at_risk,
            Schedule::Late => &mut self.late,
            Schedule::Done => &mut self.done,
        }
    }

    /// Running orders of one colour.
    pub fn of(&self, schedule: Schedule) -> i64 {
        match schedule {
            Schedule::OnTime => self.on_time,
            Schedule::AtRisk => self.at_risk,
            Schedule::Late => self.late,
            Schedule::Done => self.done,
        }
    }

    /// All running orders.
    pub fn running(&self) -> i64 {
        self.on_time + self.at_risk + self.late + self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::UnitState;

    #[test]
    fn an_order_is_late_only_while_something_is_unfinished() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let unfinished = Progress::of([(UnitState::Working, 1), (UnitState::Accepted, 1)]);
        let finished = Progress::of([(UnitState::Delivered, 1)]);
        let calm = Strain::default();
        let strained = Strain { late: 1, ..calm };
        assert_eq!(Schedule::of(day(10), day(11), &unfinished, calm), Schedule::Late);
        assert_eq!(Schedule::of(day(10), day(11), &finished, calm), Schedule::Done);
        let short = Strain { left: 1, ..calm };
        assert_eq!(
            Schedule::of(day(10), day(11), &finished, short),
            Schedule::Late,
            "one piece is nowhere yet"
        );
        assert_eq!(Schedule::of(day(11), day(11), &unfinished, calm), Schedule::OnTime);
        assert_eq!(Schedule::of(day(18), day(11), &finished, short), Schedule::AtRisk, "a week is left");
        assert_eq!(Schedule::of(day(19), day(11), &finished, short), Schedule::OnTime);
        assert_eq!(Schedule::of(day(30), day(11), &unfinished, strained), Schedule::AtRisk);
        let hours = |open_minutes| Hours { to_do_minutes: 900, open_minutes, free_minutes: 600 };
        let open = |minutes| Strain { short_minutes: hours(minutes).short_minutes(), ..calm };
        assert_eq!(Schedule::of(day(30), day(11), &unfinished, open(600)), Schedule::OnTime, "just enough");
        assert_eq!(
            Schedule::of(day(30), day(11), &unfinished, open(601)),
            Schedule::AtRisk,
            "nobody has the time"
        );
        let reckoned = |late| Strain { late_permille: Some(late), ..calm };
        assert_eq!(Schedule::of(day(30), day(11), &unfinished, reckoned(150)), Schedule::OnTime);
        assert_eq!(Schedule::of(day(30), day(11), &unfinished, reckoned(151)), Schedule::AtRisk);
        assert_eq!(Schedule::of(day(30), day(11), &finished, reckoned(1000)), Schedule::Done);
        assert_eq!(Schedule::of(day(10), day(11), &unfinished, reckoned(1000)), Schedule::Late);
        let after = Strain { after_order: 1, ..calm };
        assert_eq!(
            Schedule::of(day(30), day(11), &unfinished, after),
            Schedule::AtRisk,
            "its day is too late"
        );
    }
}
