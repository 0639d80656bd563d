//! What a forecast is made from and comes to. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{BoardStageId, Checks, DealId, Invalid, PersonId, Span, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::DealStatus;

kernel::id!(
    /// The deals as they stood once in a week.
    SnapshotId
);

kernel::id!(
    /// What somebody thinks a forecast will be more or less.
    AdjustmentId
);

/// From which probability on, in percent, an open deal counts as committed (確実).
pub const COMMIT_FROM: i16 = 80;
/// From which probability on an open deal counts in the best case (最良).
pub const BEST_CASE_FROM: i16 = 40;

/// A deal as a forecast sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The deal.
    pub deal: DealId,
    /// Whose it is.
    pub owner: PersonId,
    /// Its stage.
    pub stage: BoardStageId,
    /// Where it stands.
    pub state: DealStatus,
    /// What it is worth before tax.
    pub amount: Yen,
    /// How likely a deal of its stage is won, in percent.
    pub probability: i16,
    /// When it should be decided.
    pub expected_close_on: Option<NaiveDate>,
    /// The day in Japan on which it was won.
    pub won_on: Option<NaiveDate>,
    /// When it was entered; a frozen one does not say.
    pub created_at: Option<DateTime<Utc>>,
}

impl Position {
    /// Whether it counts in the days of `span`: open and expected in them, or won in them.
    pub fn falls_in(&self, span: Span) -> bool {
        let day = match self.state {
            DealStatus::Open => self.expected_close_on,
            DealStatus::Won => self.won_on,
            DealStatus::Lost | DealStatus::Dormant => None,
        };
        day.is_some_and(|day| span.holds(day))
    }

    /// Whether it is open and should have been decided before the days of `span`, on a day that has passed.
    pub fn is_left_before(&self, span: Span, today: NaiveDate) -> bool {
        let day = self.expected_close_on.filter(|_| self.state == DealStatus::Open);
        day.is_some_and(|day| day < span.first && day < today)
    }

    /// What it counts with in a weighted forecast: all of a won deal, of an open one its amount × its probability, rounded
    /// down; nothing outside `span`.
    pub fn weighted(&self, span: Span) -> Yen {
        match self.state {
            _ if !self.falls_in(span) => Yen::ZERO,
            DealStatus::Won => self.amount,
            _ => self.amount.percent(u8::try_from(self.probability.clamp(0, 100)).unwrap_or_default()),
        }
    }

    fn open_from(&self, span: Span, probability: i16) -> Yen {
        let counts = self.state == DealStatus::Open && self.falls_in(span) && self.probability >= probability;
        if counts { self.amount } else { Yen::ZERO }
    }
}

/// How many deals, and for how much before tax.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ForecastPart")]
pub struct Part {
    /// How many.
    pub count: i64,
    /// What they are worth.
    pub amount: Yen,
}

impl Part {
    fn of<'a>(deals: impl Iterator<Item = &'a Position>) -> Self {
        deals.fold(Self::default(), |part, deal| Self {
            count: part.count + 1,
            amount: Yen(part.amount.0.saturating_add(deal.amount.0)),
        })
    }
}

/// What is expected of some days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ForecastOutlook")]
pub struct Outlook {
    /// Won in them.
    pub won: Part,
    /// Open, and expected to be decided in them.
    pub open: Part,
    /// Won, and of each open deal its amount × its stage's probability.
    pub weighted: Yen,
    /// Won, and open deals of 80 percent and more.
    pub commit: Yen,
    /// Won, and open deals of 40 percent and more.
    pub best_case: Yen,
    /// Open deals without a day on which they should be decided: they count nowhere.
    pub undated: Part,
    /// Open deals in these days whose day has passed: they count as expected, but nobody has said when now.
    pub overdue: Part,
    /// Open deals whose day has passed and lies before these days: they count in days that are over, and not in these.
    pub earlier: Part,
}

/// What `positions` come to in `span`, seen on `today`.
pub fn outlook(positions: &[Position], span: Span, today: NaiveDate) -> Outlook {
    let is = |state: DealStatus| move |deal: &&Position| deal.state == state && deal.falls_in(span);
    let won = Part::of(positions.iter().filter(is(DealStatus::Won)));
    let late = |deal: &&Position| deal.expected_close_on.is_some_and(|day| day < today);
    let undated = |deal: &&Position| deal.state == DealStatus::Open && deal.expected_close_on.is_none();
    let more = |from: i16| {
        Yen(won.amount.0 + positions.iter().map(|deal| deal.open_from(span, from).0).sum::<i64>())
    };
    Outlook {
        won,
        open: Part::of(positions.iter().filter(is(DealStatus::Open))),
        weighted: positions.iter().map(|deal| deal.weighted(span)).sum(),
        commit: more(COMMIT_FROM),
        best_case: more(BEST_CASE_FROM),
        undated: Part::of(positions.iter().filter(undated)),
        overdue: Part::of(positions.iter().filter(is(DealStatus::Open)).filter(late)),
        earlier: Part::of(positions.iter().filter(|deal| deal.is_left_before(span, today))),
    }
}

kernel::text_enum!(
    /// Who thinks so: whose forecast it is, or who answers for them. Both stand side by side, and neither is written over.
    #[schemars(rename = "ForecastSide")]
    Side {
        /// Whose deals they are.
        Owner = "owner",
        /// An officer or an administrator.
        Manager = "manager",
    }
);

/// What somebody thinks a forecast will be more or less than reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ForecastAdjustment")]
pub struct Adjustment {
    /// Its id; the newest of a person and side counts.
    pub id: AdjustmentId,
    /// For which days.
    pub span: Span,
    /// Whose forecast.
    pub person_id: PersonId,
    /// Who thinks so.
    pub side: Side,
    /// Yen more; negative for less.
    pub amount: Yen,
    /// Why.
    pub reason: String,
    /// Who wrote it.
    pub set_by: PersonId,
    /// When.
    pub set_at: DateTime<Utc>,
}

/// What both sides come to: of each person the newest line of each side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ForecastAdjusted")]
pub struct Adjusted {
    /// What the owners think.
    pub owners: Yen,
    /// What their managers think, beside that.
    pub managers: Yen,
    /// The weighted forecast with both.
    pub total: Yen,
}

/// `weighted` with what both sides think; `standing` are the lines that count.
pub(super) fn adjusted(weighted: Yen, standing: &[Adjustment]) -> Adjusted {
    let of = |side: Side| -> Yen {
        standing.iter().filter(|line| line.side == side).map(|line| line.amount).sum()
    };
    let (owners, managers) = (of(Side::Owner), of(Side::Manager));
    Adjusted { owners, managers, total: Yen(weighted.0 + owners.0 + managers.0) }
}

/// An adjustment as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ForecastAdjustmentInput", extend("examples" = [{ "fiscal_year": 2026, "period": "q3", "amount": -50000, "reason": "先方の決裁が来月になりそう" }]))]
pub struct AdjustmentInput {
    /// The fiscal year; required.
    pub fiscal_year: Typed,
    /// The part of it; required.
    #[schemars(with = "Option<kernel::Period>")]
    pub period: Typed,
    /// Whose forecast; the caller's own where empty.
    pub person_id: Typed,
    /// Yen more than reckoned, or less with a minus; required.
    pub amount: Typed,
    /// Why; required.
    pub reason: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AdjustmentFields {
    pub(super) fiscal_year: kernel::FiscalYear,
    pub(super) period: kernel::Period,
    pub(super) person_id: Option<PersonId>,
    pub(super) amount: Yen,
    pub(super) reason: String,
}

impl AdjustmentInput {
    pub(super) fn checked(&self) -> Result<AdjustmentFields, Invalid> {
        let mut checks = Checks::new();
        let year = checks.number("fiscal_year", &self.fiscal_year, 1900..=2999);
        let period = checks.choice("period", &self.period);
        let person_id = crate::deals::optional_choice(&mut checks, "person_id", &self.person_id);
        let amount = checks.number("amount", &self.amount, -Yen::MOST.0..=Yen::MOST.0);
        let reason = checks.required_line("reason", &self.reason, 1000);
        let fiscal_year = kernel::FiscalYear(i32::try_from(year).unwrap_or_default());
        match period {
            Some(period) => {
                checks.done(AdjustmentFields { fiscal_year, period, person_id, amount: Yen(amount), reason })
            }
            None => Err(crate::deals::problems_of(checks)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn position(state: DealStatus, amount: i64, probability: i16, on: &str) -> Position {
        let on = if on.is_empty() { None } else { Some(day(on)) };
        Position {
            deal: DealId(1),
            owner: PersonId(1),
            stage: BoardStageId(1),
            state,
            amount: Yen(amount),
            probability,
            expected_close_on: on.filter(|_| state != DealStatus::Won),
            won_on: on.filter(|_| state == DealStatus::Won),
            created_at: None,
        }
    }

    #[test]
    fn a_forecast_counts_what_is_won_and_what_is_expected_in_its_days_alone() {
        let span = Span { first: day("2026-10-01"), last: day("2026-12-31") };
        let positions = [
            position(DealStatus::Won, 1000, 100, "2026-10-01"),
            position(DealStatus::Won, 5000, 100, "2026-09-30"),
            position(DealStatus::Open, 333, 80, "2026-12-31"),
            position(DealStatus::Open, 333, 40, "2026-11-01"),
            position(DealStatus::Open, 333, 10, "2026-11-30"),
            position(DealStatus::Open, 700, 80, "2027-01-01"),
            position(DealStatus::Open, 900, 80, ""),
            position(DealStatus::Lost, 900, 0, "2026-11-30"),
            position(DealStatus::Open, 150, 80, "2026-09-30"),
        ];
        let seen = outlook(&positions, span, day("2026-11-24"));
        assert_eq!((seen.won.count, seen.won.amount, seen.open.count), (1, Yen(1000), 3));
        // 266.4 and 133.2 and 33.3 are each rounded down.
        assert_eq!(seen.weighted, Yen(1000 + 266 + 133 + 33));
        assert_eq!((seen.commit, seen.best_case), (Yen(1333), Yen(1666)));
        assert_eq!((seen.undated.count, seen.undated.amount), (1, Yen(900)));
        assert_eq!((seen.overdue.count, seen.overdue.amount), (1, Yen(333)));
        assert_eq!((seen.earlier.count, seen.earlier.amount), (1, Yen(150)));
        let before = outlook(&positions, span, day("2026-09-30"));
        assert_eq!(before.earlier, Part::default(), "its day has not passed yet");
    }

    #[test]
    fn what_owners_and_managers_think_stands_side_by_side() {
        let line = |id: i64, person: i64, side: Side, amount: i64| Adjustment {
            id: AdjustmentId(id),
            span: Span { first: day("2026-10-01"), last: day("2026-12-31") },
            person_id: PersonId(person),
            side,
            amount: Yen(amount),
            reason: String::new(),
            set_by: PersonId(9),
            set_at: DateTime::default(),
        };
        let lines = [line(2, 1, Side::Owner, 70), line(3, 1, Side::Manager, -20), line(4, 2, Side::Owner, 5)];
        let seen = adjusted(Yen(1000), &lines);
        assert_eq!((seen.owners, seen.managers, seen.total), (Yen(75), Yen(-20), Yen(1055)));
        assert_eq!(adjusted(Yen(7), &[]).total, Yen(7));
    }
}
