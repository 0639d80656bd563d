//! What a milestone is, and what may be entered for one. No database here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, CompanyId, FiscalYear, Invalid, PersonId, Span, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RoadmapError;
use crate::deals::optional_choice;
use crate::forecasts::Position;
use crate::targets::{Metric, Unit};

kernel::id!(
    /// A milestone (マイルストーン) of a fiscal year's roadmap.
    MilestoneId
);

kernel::text_enum!(
    /// Where a milestone stands.
    MilestoneState {
        /// It is to be reached.
        Planned = "planned",
        /// It was reached.
        Done = "done",
        /// Nobody wants it any more.
        Dropped = "dropped",
    }
);

/// A milestone of a fiscal year's roadmap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The year whose roadmap it stands in.
    pub fiscal_year: FiscalYear,
    /// What is reached, in one line.
    pub title: String,
    /// How, and what else is to be known; may be empty.
    pub note: String,
    /// Who sees to it.
    pub owner_id: PersonId,
    /// The day it was planned for at first.
    pub planned_on: NaiveDate,
    /// The day it is planned for now.
    pub due_on: NaiveDate,
    /// What is counted, where it is bound to a metric.
    pub metric: Option<Metric>,
    /// How much of it is wanted.
    pub value: Option<i64>,
    /// Planned, done or dropped.
    pub state: MilestoneState,
    /// The day in Japan on which it was reached.
    pub done_on: Option<NaiveDate>,
    /// The milestones it waits for, in their order.
    pub needs: Vec<MilestoneId>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

impl Milestone {
    /// How many days later it is planned for, or was reached, than at first; negative where sooner.
    pub fn slipped_days(&self) -> i64 {
        (self.done_on.unwrap_or(self.due_on) - self.planned_on).num_days()
    }

    /// Whether its day has passed and it is still to be reached.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.state == MilestoneState::Planned && self.due_on < today
    }

    /// The last day that counts for its metric: the one on which it was reached, else its own. While it is late that is
    /// today: what comes after its day brings it about all the same, and counts once somebody says that it is reached.
    pub(super) fn counts_until(&self, today: NaiveDate) -> NaiveDate {
        let open = if self.is_late(today) { today } else { self.due_on };
        self.done_on.unwrap_or(open)
    }

    pub(super) fn must_be(&self, state: MilestoneState) -> Result<(), RoadmapError> {
        if self.state == state { Ok(()) } else { Err(RoadmapError::State(self.state)) }
    }
}

/// One time a milestone was moved to another day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MilestoneMove")]
pub struct Move {
    /// The milestone.
    pub milestone_id: MilestoneId,
    /// The day it was planned for.
    pub from_on: NaiveDate,
    /// The day it was planned for then.
    pub to_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who moved it.
    pub person_id: PersonId,
    /// When.
    pub moved_at: DateTime<Utc>,
}

/// A milestone as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "fiscal_year": 2026, "title": "取引先10社", "due_on": "2026-09-30", "metric": "new_clients", "value": 10 }]))]
pub struct MilestoneInput {
    /// The fiscal year; required. Says nothing in a correction.
    pub fiscal_year: Typed,
    /// What is reached; required.
    pub title: Typed,
    /// How, and what else is to be known.
    pub note: Typed,
    /// Who sees to it; whoever enters it where empty.
    pub owner_id: Typed,
    /// The day; required.
    pub due_on: Typed,
    /// What is counted from the fiscal year's first day on; empty for a milestone that somebody says is done.
    #[schemars(with = "Option<Metric>")]
    pub metric: Typed,
    /// How much of it; required with a metric.
    pub value: Typed,
    /// The milestones it waits for.
    pub needs: Vec<Typed>,
    /// Why it is moved; required in a correction that names another day.
    pub reason: Typed,
}

/// On which day a milestone was reached, as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "done_on": "2026-09-18" }]))]
pub struct ReachedInput {
    /// The day in Japan; today where empty, and no later than that.
    pub done_on: Typed,
}

impl ReachedInput {
    /// A day of the year that begins on `first`, up to `today`.
    pub(super) fn checked(&self, first: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Invalid> {
        let mut checks = Checks::new();
        let done_on = checks.optional_date("done_on", &self.done_on).unwrap_or(today);
        if done_on > today {
            checks.bounded("done_on", Code::TooLate, today);
        } else if done_on < first.min(today) {
            checks.bounded("done_on", Code::NotLater, first.pred_opt().unwrap_or(first));
        }
        checks.done(done_on)
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MilestoneFields {
    pub(super) fiscal_year: Option<FiscalYear>,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) owner_id: Option<PersonId>,
    pub(super) due_on: NaiveDate,
    pub(super) bound: Option<(Metric, i64)>,
    pub(super) needs: BTreeSet<MilestoneId>,
    pub(super) reason: String,
}

impl MilestoneInput {
    /// Checks every field and reports all problems at once. `before` is the day it is planned for, where it is there already.
    pub(super) fn checked(&self, before: Option<NaiveDate>) -> Result<MilestoneFields, Invalid> {
        let mut checks = Checks::new();
        let year = match before {
            Some(_) => None,
            None => Some(checks.number("fiscal_year", &self.fiscal_year, 1900..=2999)),
        };
        let title = checks.required_line("title", &self.title, 200);
        let note = checks.lines("note", &self.note, 2000);
        let owner_id = optional_choice(&mut checks, "owner_id", &self.owner_id);
        let due_on = checks.date("due_on", &self.due_on);
        let bound = bound(&mut checks, &self.metric, &self.value);
        let mut needs = BTreeSet::new();
        for typed in self.needs.iter().filter(|typed| !typed.as_str().trim().is_empty()) {
            needs.extend(checks.choice::<MilestoneId>("needs", typed));
        }
        let reason = checks.line("reason", &self.reason, 1000);
        if before.is_some_and(|before| before != due_on)
            && reason.is_empty()
            && due_on != NaiveDate::default()
        {
            checks.problem("reason", Code::Required);
        }
        let fiscal_year = year.map(|year| FiscalYear(i32::try_from(year).unwrap_or_default()));
        checks.done(MilestoneFields { fiscal_year, title, note, owner_id, due_on, bound, needs, reason })
    }
}

/// What a milestone is bound to: both or neither.
fn bound(checks: &mut Checks, metric: &Typed, value: &Typed) -> Option<(Metric, i64)> {
    let chosen: Option<Metric> = optional_choice(checks, "metric", metric);
    let is_counted = !metric.as_str().trim().is_empty();
    let most = match chosen.map(Metric::unit) {
        Some(Unit::Yen) => Yen::MOST.0,
        Some(Unit::Percent) => 100,
        Some(Unit::Count) | None => 1_000_000,
    };
    if !is_counted && value.as_str().trim().is_empty() {
        return None;
    }
    let value = checks.number("value", value, 1..=most);
    if !is_counted {
        checks.problem("metric", Code::Required);
    }
    chosen.map(|metric| (metric, value))
}

impl From<&Milestone> for MilestoneInput {
    /// What an edit form starts with.
    fn from(one: &Milestone) -> Self {
        Self {
            title: one.title.as_str().into(),
            note: one.note.as_str().into(),
            owner_id: one.owner_id.to_string().into(),
            due_on: one.due_on.to_string().into(),
            metric: one.metric.map(|metric| metric.to_string()).unwrap_or_default().into(),
            value: one.value.map(|value| value.to_string()).unwrap_or_default().into(),
            needs: one.needs.iter().map(|id| id.to_string().into()).collect(),
            ..Self::default()
        }
    }
}

/// Whether `milestone` would wait for itself, directly or through others, if it waited for `wanted`; `known` is what each
/// of the others waits for.
pub(super) fn goes_in_a_circle(
    known: &BTreeMap<MilestoneId, BTreeSet<MilestoneId>>,
    milestone: MilestoneId,
    wanted: &BTreeSet<MilestoneId>,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut next: Vec<MilestoneId> = wanted.iter().copied().collect();
    while let Some(one) = next.pop() {
        if one == milestone {
            return true;
        }
        if seen.insert(one) {
            next.extend(known.get(&one).into_iter().flatten());
        }
    }
    false
}

/// What the targets that hold ask of a milestone's metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MilestoneTarget")]
pub struct Agreed {
    /// The last day it is for; it counts from the fiscal year's first, as the milestone does.
    pub until: NaiveDate,
    /// Yen or a count, as the metric is counted.
    pub value: i64,
}

/// What a milestone that is bound to a metric comes to. Counts and yen are in hundredths, because half a client may be
/// expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MilestoneReading")]
pub struct Reading {
    /// What is reached, whole.
    pub reached: i64,
    /// What is expected beside that by its day, in hundredths: open deals by their stages' probabilities.
    pub weighted_hundredths: i64,
    /// What is missing with both, in hundredths; 0 where nothing is.
    pub short_hundredths: i64,
    /// The town's target of the metric from the year's first day up to the milestone's own day, or else for the whole year;
    /// null where neither is set.
    #[serde(default)]
    pub target: Option<Agreed>,
    /// The day it is counted from: the fiscal year's first. Null in what was kept before it was said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
}

impl Reading {
    /// Of a milestone that wants `value`.
    pub fn of(value: i64, reached: i64, weighted_hundredths: i64) -> Self {
        let short = value.saturating_sub(reached).saturating_mul(100).saturating_sub(weighted_hundredths);
        Self { reached, weighted_hundredths, short_hundredths: short.max(0), target: None, from_on: None }
    }
}

/// An open deal as the forecast sees it, and whose it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prospect {
    pub(super) position: Position,
    pub(super) company: CompanyId,
    /// Whether the company has never ordered.
    pub(super) is_new: bool,
}

/// What open deals that should be decided within `span` promise of a metric, in hundredths: the forecast's weights, and of a
/// company with several deals the chance that any of them is won. A metric that no deal adds to is promised nothing.
pub(super) fn weighted(metric: Metric, prospects: &[Prospect], span: Span) -> i64 {
    let due = || prospects.iter().filter(|one| one.position.falls_in(span));
    match metric {
        Metric::OrdersYen => due().map(|one| one.position.weighted(span).0.saturating_mul(100)).sum(),
        Metric::NewClients => {
            // The chance that none is won, in millionths.
            let mut none: BTreeMap<CompanyId, i64> = BTreeMap::new();
            for one in due().filter(|one| one.is_new) {
                let chance = none.entry(one.company).or_insert(1_000_000);
                *chance = *chance * (100 - i64::from(one.position.probability.clamp(0, 100))) / 100;
            }
            none.values().map(|chance| (1_000_000 - chance) / 10_000).sum()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{BoardStageId, DealId};
    use proptest::prelude::*;

    use super::*;
    use crate::deals::DealStatus;

    fn problems(input: &MilestoneInput, before: Option<NaiveDate>) -> Vec<(String, Code)> {
        let found = input.checked(before).unwrap_err().0;
        found.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn full() -> MilestoneInput {
        MilestoneInput {
            fiscal_year: "2026".into(),
            title: "取引先10社".into(),
            due_on: "2026-09-30".into(),
            ..MilestoneInput::default()
        }
    }

    #[test]
    fn a_metric_and_how_much_of_it_go_together() {
        assert_eq!(full().checked(None).unwrap().bound, None);
        let bound = MilestoneInput { metric: "new_clients".into(), value: "１０".into(), ..full() };
        assert_eq!(bound.checked(None).unwrap().bound, Some((Metric::NewClients, 10)));
        let half = MilestoneInput { metric: "new_clients".into(), ..full() };
        assert_eq!(problems(&half, None), [("value".to_owned(), Code::Required)]);
        let half = MilestoneInput { value: "10".into(), ..full() };
        assert_eq!(problems(&half, None), [("metric".to_owned(), Code::Required)]);
        let theirs = MilestoneInput { metric: "own_share".into(), value: "50".into(), ..full() };
        assert_eq!(theirs.checked(None).unwrap().bound, Some((Metric::OwnShare, 50)));
        let beyond = MilestoneInput { value: "101".into(), ..theirs };
        assert_eq!(problems(&beyond, None)[0].0, "value", "a share is a part of a whole");
    }

    #[test]
    fn whoever_moves_a_milestone_says_why() {
        let same = full();
        assert!(same.checked(Some(day("2026-09-30"))).is_ok());
        assert_eq!(problems(&same, Some(day("2026-08-31"))), [("reason".to_owned(), Code::Required)]);
    }

    #[test]
    fn nothing_was_reached_tomorrow_or_before_its_year() {
        let reached = |typed: &str| {
            ReachedInput { done_on: typed.into() }
                .checked(day("2026-04-01"), day("2026-11-27"))
                .map_err(|bad| bad.0[0].code)
        };
        assert_eq!((reached(""), reached("2026-06-15")), (Ok(day("2026-11-27")), Ok(day("2026-06-15"))));
        assert_eq!((reached("2026-11-28"), reached("2026-03-31")), (Err(Code::TooLate), Err(Code::NotLater)));
        assert_eq!(reached("31.6."), Err(Code::NotADate));
    }

    #[test]
    fn ten_client_firms_by_september_are_six_won_and_what_is_weighted() {
        let deal = |company: i64, is_new: bool, on: &str, probability: i16| Prospect {
            position: Position {
                deal: DealId(company),
                owner: PersonId(1),
                stage: BoardStageId(1),
                state: DealStatus::Open,
                amount: Yen(100_000),
                probability,
                expected_close_on: Some(day(on)),
                won_on: None,
                created_at: None,
            },
            company: CompanyId(company),
            is_new,
        };
        let until = |last: &str| Span { first: day("2026-04-01"), last: day(last) };
        let prospects = [
            deal(1, true, "2026-09-30", 80),
            deal(2, true, "2026-08-01", 60),
            // Two deals of one company: 1 − 0.6 × 0.5.
            deal(3, true, "2026-09-01", 40),
            deal(3, true, "2026-09-01", 50),
            deal(4, true, "2026-10-01", 90),
            deal(5, false, "2026-09-01", 90),
            deal(6, true, "2026-09-01", 30),
        ];
        let expected = weighted(Metric::NewClients, &prospects, until("2026-09-30"));
        assert_eq!(expected, 80 + 60 + 70 + 30);
        let reading = Reading::of(10, 6, expected);
        assert_eq!((reading.reached, reading.weighted_hundredths, reading.short_hundredths), (6, 240, 160));
        assert_eq!(Reading::of(10, 12, 0).short_hundredths, 0);
        let yen = weighted(Metric::OrdersYen, &prospects, until("2026-08-31"));
        assert_eq!(yen, 60_000 * 100);
        assert_eq!(weighted(Metric::Calls, &prospects, until("2026-09-30")), 0);
    }

    proptest! {
        #[test]
        fn what_is_added_one_by_one_never_goes_in_a_circle(
            wishes in proptest::collection::vec((0_i64..8, 0_i64..8), 0..40),
        ) {
            let mut known: BTreeMap<MilestoneId, BTreeSet<MilestoneId>> = BTreeMap::new();
            for (one, other) in wishes {
                let (one, other) = (MilestoneId(one), MilestoneId(other));
                let mut wanted = known.get(&one).cloned().unwrap_or_default();
                wanted.insert(other);
                if !goes_in_a_circle(&known, one, &wanted) {
                    known.insert(one, wanted);
                }
            }
            // In an order without circles, taking away what waits for nothing takes everything away.
            let mut left = known;
            loop {
                let waiting: BTreeSet<MilestoneId> = left.keys().copied().collect();
                let before = left.len();
                left.retain(|_, needs| needs.iter().any(|one| waiting.contains(one)));
                if left.len() == before {
                    break;
                }
            }
            prop_assert!(left.is_empty(), "a circle: {left:?}");
        }
    }
}
