//! How far a target is: pace on business days, what is still missing, what it would take, and whether its parts add up.
//! No database here.

use std::collections::BTreeMap;

use kernel::{Holidays, Period, PersonId, Span, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Metric, Scope, Target, TargetId};

/// Where a target should be by the end of a day, if every business day of its period did the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pace {
    /// The period's business days.
    pub business_days: i64,
    /// Those up to and with the day.
    pub elapsed: i64,
    /// What should be reached by then, rounded down.
    pub expected: i64,
    /// What is reached more than that; negative where it is less.
    pub ahead: i64,
}

/// The pace of a target by the end of `today`. `None` where the holidays of the period are not known yet: nobody guesses.
pub fn pace(
    holidays: &Holidays,
    span: Span,
    today: chrono::NaiveDate,
    target: i64,
    actual: i64,
) -> Option<Pace> {
    let business_days = span.business_days(holidays).filter(|days| *days > 0)?;
    let elapsed = if today < span.first {
        0
    } else {
        Span { last: span.last.min(today), ..span }.business_days(holidays)?
    };
    let expected = share(target, elapsed, business_days);
    Some(Pace { business_days, elapsed, expected, ahead: actual - expected })
}

/// `whole × part ÷ of`, rounded down; wide enough for yen.
fn share(whole: i64, part: i64, of: i64) -> i64 {
    let product = i128::from(whole) * i128::from(part);
    i64::try_from(product.div_euclid(i128::from(of.max(1)))).unwrap_or(i64::MAX)
}

/// `whole × part ÷ of`, rounded up.
fn share_up(whole: i64, part: i64, of: i64) -> i64 {
    let (product, of) = (i128::from(whole) * i128::from(part), i128::from(of.max(1)));
    i64::try_from((product + of - 1).div_euclid(of)).unwrap_or(i64::MAX)
}

/// What the last year of selling came to: deals that were won or lost in it, without those entered directly, which nobody
/// could have lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SellingSample")]
pub struct Sample {
    /// Deals won.
    pub won: i64,
    /// Deals lost.
    pub lost: i64,
    /// What the won ones are worth before tax.
    pub amount: Yen,
    /// Their work in minutes, by the quotes they were won on.
    pub minutes: i64,
    /// Deals won of companies that had ordered nothing before: each made a new client.
    pub new_won: i64,
    /// Deals lost of companies that had ordered nothing before.
    pub new_lost: i64,
}

/// How many deals of new companies have to be decided before their own share says anything.
const LEAST_NEW: i64 = 5;

kernel::text_enum!(
    /// Which deals a need is reckoned from.
    #[schemars(rename = "NeedBasis")]
    Basis {
        /// Every deal decided in the year.
        All = "all",
        /// Those of companies that had ordered nothing before.
        NewClients = "new_clients",
        /// Every deal, because too few of new companies were decided: it may well take more.
        AllForNew = "all_for_new",
    }
);

impl Sample {
    /// How many deals it is made from.
    pub const fn size(&self) -> i64 {
        self.won + self.lost
    }

    /// The share of deals that was won, in tenths of a percent; `None` where none was closed.
    pub fn win_permille(&self) -> Option<i64> {
        (self.size() > 0).then(|| share(self.won, 1000, self.size()))
    }

    /// The deals that say how new clients are won, as won and decided: those of new companies, or all where these are too
    /// few or none of them was won.
    fn of_new(&self) -> (i64, i64, Basis) {
        let decided = self.new_won + self.new_lost;
        if decided >= LEAST_NEW && self.new_won > 0 {
            (self.new_won, decided, Basis::NewClients)
        } else {
            (self.won, self.size(), Basis::AllForNew)
        }
    }

    /// What a won deal is worth on average.
    pub fn average(&self) -> Option<Yen> {
        (self.won > 0).then(|| Yen(self.amount.0.div_euclid(self.won)))
    }
}

/// What it would take to close a gap at the pace of the last year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ActivityNeeded")]
pub struct Needed {
    /// Deals to bring to a decision: the gap ÷ (share won × average amount), rounded up.
    pub deals: i64,
    /// The same gap in minutes of workers; null where the quotes of the year's won deals name none.
    pub minutes: Option<i64>,
    /// How many deals were decided in the year that this is reckoned from.
    pub sample: i64,
    /// Which deals those are.
    pub basis: Basis,
}

/// What it takes to close `gap`; `None` where there is none, or nothing to reckon it from: with no deal won, nothing is said.
pub fn needed(metric: Metric, gap: i64, sample: &Sample) -> Option<Needed> {
    if gap <= 0 || sample.won == 0 {
        return None;
    }
    match metric {
        // gap ÷ (won ÷ decided × amount ÷ won) is gap × decided ÷ amount.
        Metric::OrdersYen if sample.amount > Yen::ZERO => Some(Needed {
            deals: share_up(gap, sample.size(), sample.amount.0),
            minutes: (sample.minutes > 0).then(|| share_up(gap, sample.minutes, sample.amount.0)),
            sample: sample.size(),
            basis: Basis::All,
        }),
        Metric::NewClients => {
            let (won, decided, basis) = sample.of_new();
            Some(Needed { deals: share_up(gap, decided, won), minutes: None, sample: decided, basis })
        }
        _ => None,
    }
}

/// How far one target is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TargetProgress")]
pub struct Progress {
    /// The target.
    pub target: Target,
    /// Its days.
    pub span: Span,
    /// What is reached; null where that cannot be said: the class is gone, or the metric has nothing to be made from.
    pub actual: Option<i64>,
    /// What is missing; negative where more was reached. Null where nothing is known to be reached.
    pub gap: Option<i64>,
    /// Where it should be by now; null where holidays are not known, or where a metric does not grow day by day.
    pub pace: Option<Pace>,
    /// What it would take; null where that cannot be said, and once its days are over.
    pub needed: Option<Needed>,
}

impl Progress {
    /// How far `target` is with `actual` reached by the end of `today`.
    pub fn of(
        holidays: &Holidays,
        today: chrono::NaiveDate,
        span: Span,
        target: Target,
        actual: Option<i64>,
        sample: &Sample,
    ) -> Self {
        let gap = actual.map(|actual| target.value - actual);
        let pace = actual
            .filter(|_| target.metric.adds_up())
            .and_then(|actual| pace(holidays, span, today, target.value, actual));
        let needed = gap.filter(|_| today <= span.last).and_then(|gap| needed(target.metric, gap, sample));
        Self { target, span, actual, gap, pace, needed }
    }
}

/// What a target wants and its pace, for where nobody asks what it would take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paced {
    /// What is counted.
    pub metric: Metric,
    /// What is to be reached.
    pub target: i64,
    /// Where it should be by now; none where holidays are not known.
    pub pace: Option<Pace>,
}

impl From<&Progress> for Paced {
    fn from(one: &Progress) -> Self {
        Self { metric: one.target.metric, target: one.target.value, pace: one.pace }
    }
}

/// From which part of a period on, in percent of its business days, a pace that is behind says something.
const EARLIEST_PERCENT: i64 = 20;
/// By how many percent of what is expected a pace has to be behind.
const BEHIND_PERCENT: i64 = 10;

impl Progress {
    /// Whether the target runs today and its pace is a tenth or more behind, a fifth of its business days being over.
    pub fn is_at_risk(&self, today: chrono::NaiveDate) -> bool {
        self.span.holds(today)
            && self.pace.is_some_and(|pace| {
                pace.elapsed * 100 >= pace.business_days * EARLIEST_PERCENT
                    && pace.ahead < 0
                    && i128::from(-pace.ahead) * 100 >= i128::from(pace.expected) * i128::from(BEHIND_PERCENT)
            })
    }
}

kernel::text_enum!(
    /// Into what parts a target falls.
    Over {
        /// Everybody of the team.
        People = "people",
        /// The team, of the town.
        Team = "team",
        /// Two halves.
        Halves = "halves",
        /// Quarters.
        Quarters = "quarters",
        /// Months.
        Months = "months",
    }
);

/// A target and what its parts come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TargetRollUp")]
pub struct RollUp {
    /// The whole.
    pub target: TargetId,
    /// Into what it falls.
    pub over: Over,
    /// What the parts that are set come to.
    pub sum: i64,
    /// How many parts are set.
    pub parts: i64,
    /// How many are not, or of a person only for some of its time: of these the sum does not say all.
    pub missing: i64,
    /// What the parts come to more than the whole; negative where less.
    pub difference: i64,
}

/// Every target of which at least one part is set, with what the parts come to. `team` is how many people sell. Metrics
/// that do not add up have no parts.
pub fn roll_ups(targets: &[Target], team: i64) -> Vec<RollUp> {
    let wholes = targets.iter().filter(|target| target.metric.adds_up());
    wholes.flat_map(|whole| of_one(targets, whole, team)).collect()
}

/// One target of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) period: Period,
    pub(super) value: i64,
    pub(super) is_above_meant: bool,
}

impl From<&Target> for Part {
    fn from(one: &Target) -> Self {
        Self { period: one.period, value: one.value, is_above_meant: one.is_above_meant }
    }
}

/// What one person is to reach in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Own {
    /// The value of their target for that very time, or what their targets for parts of it come to: of parts that lie in
    /// each other the longest counts.
    pub(super) sum: i64,
    /// How many of the period's months that says something of.
    pub(super) months: u32,
    /// Whether one of the targets counted may be above the team's.
    pub(super) is_above_meant: bool,
}

/// What these targets of one person and one metric come to in `period`; no month of it where none lies in it.
pub(super) fn own(targets: &[Part], period: Period) -> Own {
    if let Some(one) = targets.iter().find(|one| one.period == period) {
        return Own { sum: one.value, months: period.months().1, is_above_meant: one.is_above_meant };
    }
    let parts = match period.months().1 {
        12 => 6,
        6 => 3,
        _ => 1,
    };
    period.cut(parts).into_iter().map(|part| own(targets, part)).fold(Own::default(), |sum, part| Own {
        sum: sum.sum + part.sum,
        months: sum.months + part.months,
        is_above_meant: sum.is_above_meant || part.is_above_meant,
    })
}

/// What each person's targets of one metric come to in `period`, of those whose targets say anything of it.
pub(super) fn own_of_each(targets: &[Target], metric: Metric, period: Period) -> BTreeMap<PersonId, Own> {
    let mut of_each: BTreeMap<PersonId, Vec<Part>> = BTreeMap::new();
    for one in targets.iter().filter(|one| one.metric == metric && one.scope == Scope::Person) {
        if let Some(person) = one.person_id {
            of_each.entry(person).or_default().push(one.into());
        }
    }
    let owned = of_each.into_iter().map(|(person, theirs)| (person, own(&theirs, period)));
    owned.filter(|(_, own)| own.months > 0).collect()
}

fn of_people(targets: &[Target], whole: &Target, team: i64) -> Option<RollUp> {
    let each = own_of_each(targets, whole.metric, whole.period);
    let values: Vec<i64> = each.values().map(|own| own.sum).collect();
    let whole_time = each.values().filter(|own| own.months == whole.period.months().1).count();
    let missing = (team - i64::try_from(whole_time).unwrap_or_default()).max(0);
    summed(whole, Over::People, &values, team).map(|found| RollUp { missing, ..found })
}

fn of_one(targets: &[Target], whole: &Target, team: i64) -> Vec<RollUp> {
    let same = |part: &&Target| part.metric == whole.metric && part.period == whole.period;
    let of_team: Vec<i64> =
        targets.iter().filter(same).filter(|part| part.scope == Scope::Team).map(|part| part.value).collect();
    let mut found = Vec::new();
    match whole.scope {
        Scope::Town if !of_team.is_empty() => found.extend(summed(whole, Over::Team, &of_team, 1)),
        Scope::Town | Scope::Team => found.extend(of_people(targets, whole, team)),
        Scope::Person | Scope::ClientClass => {}
    }
    for (over, months) in [(Over::Halves, 6), (Over::Quarters, 3), (Over::Months, 1)] {
        let periods = whole.period.cut(months);
        let values: Vec<i64> =
            targets.iter().filter(|part| is_part(whole, part, &periods)).map(|part| part.value).collect();
        found.extend(summed(whole, over, &values, i64::try_from(periods.len()).unwrap_or_default()));
    }
    found
}

fn is_part(whole: &Target, part: &Target, periods: &[Period]) -> bool {
    let of_whom = |one: &Target| (one.metric, one.scope, one.person_id, one.tag_id);
    of_whom(part) == of_whom(whole) && periods.contains(&part.period)
}

fn summed(whole: &Target, over: Over, values: &[i64], wanted: i64) -> Option<RollUp> {
    let (sum, parts) = (values.iter().sum::<i64>(), i64::try_from(values.len()).unwrap_or_default());
    (parts > 0).then(|| RollUp {
        target: whole.id,
        over,
        sum,
        parts,
        missing: (wanted - parts).max(0),
        difference: sum - whole.value,
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};
    use kernel::PersonId;
    use proptest::prelude::*;

    use super::super::model::PlanId;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn target(id: i64, scope: Scope, person: Option<i64>, period: Period, value: i64) -> Target {
        Target {
            id: TargetId(id),
            plan_id: PlanId(1),
            metric: Metric::OrdersYen,
            scope,
            person_id: person.map(PersonId),
            tag_id: None,
            tag_name: None,
            period,
            value,
            is_above_meant: false,
            reason: String::new(),
            set_by: PersonId(1),
            set_at: DateTime::default(),
        }
    }

    #[test]
    fn pace_counts_business_days_and_no_holiday() {
        let september = Period::M6.span(day("2026-04-01"));
        let holidays = Holidays::published();
        // 19 to 23 September 2026 are five days off between 14 business days and 5.
        let on = |today: &str| pace(holidays, september, day(today), 1_900_000, 1_000_000).unwrap();
        assert_eq!((on("2026-09-18").business_days, on("2026-09-18").elapsed), (19, 14));
        assert_eq!(on("2026-09-23").elapsed, 14, "nothing is expected of a holiday");
        assert_eq!((on("2026-09-24").expected, on("2026-09-24").ahead), (1_500_000, -500_000));
        assert_eq!((on("2026-08-31").elapsed, on("2026-10-09").expected), (0, 1_900_000));
        let later = Period::Year.span(day("2027-04-01"));
        assert_eq!(
            pace(holidays, later, day("2027-05-01"), 1, 1),
            None,
            "no holiday of 2028 is published yet"
        );
    }

    #[test]
    fn what_it_takes_is_the_gap_over_share_and_average_and_silent_without_a_deal() {
        let sample = Sample { won: 3, lost: 7, amount: Yen(600_000), minutes: 9_000, ..Sample::default() };
        // 30 percent of 200,000 yen is 60,000 a decision: 1,000,000 takes 17 of them.
        let yen = needed(Metric::OrdersYen, 1_000_000, &sample).unwrap();
        assert_eq!((yen.deals, yen.minutes, yen.sample), (17, Some(15_000), 10));
        assert_eq!(needed(Metric::Calls, 2, &sample), None);
        assert_eq!(needed(Metric::OrdersYen, 0, &sample), None);
        assert_eq!(needed(Metric::OrdersYen, 1, &Sample { lost: 9, ..Sample::default() }), None);
        assert_eq!((Sample::default().win_permille(), Sample::default().average()), (None, None));
        assert_eq!((sample.win_permille(), sample.average()), (Some(300), Some(Yen(200_000))));
    }

    #[test]
    fn new_clients_are_won_as_new_clients_were_and_else_it_is_said() {
        let seen = |new_won, new_lost| {
            let sample = Sample { won: 8, lost: 8, new_won, new_lost, ..Sample::default() };
            let needed = needed(Metric::NewClients, 2, &sample).unwrap();
            (needed.deals, needed.sample, needed.basis)
        };
        assert_eq!(
            seen(1, 4),
            (10, 5, Basis::NewClients),
            "one of five becomes a client, and not one of two"
        );
        assert_eq!(seen(1, 3), (4, 16, Basis::AllForNew), "four are too few");
        assert_eq!(seen(0, 8), (4, 16, Basis::AllForNew), "none was won");
    }

    #[test]
    fn a_target_is_at_risk_when_a_fifth_is_over_and_a_tenth_is_missing() {
        let (holidays, sample) = (Holidays::published(), Sample::default());
        let september = Period::M6.span(day("2026-04-01"));
        let at_risk = |today: &str, actual: i64| {
            let target = target(1, Scope::Town, None, Period::M6, 1_900);
            Progress::of(holidays, day(today), september, target, Some(actual), &sample)
                .is_at_risk(day(today))
        };
        // 3 and 4 of 19 business days; 400 are expected of the fourth.
        assert!(!at_risk("2026-09-03", 0), "too early to say");
        assert!(at_risk("2026-09-04", 360) && !at_risk("2026-09-04", 361));
        assert!(!at_risk("2026-10-01", 0), "it is over");
    }

    #[test]
    fn what_does_not_add_up_is_said_with_what_is_not_set() {
        let targets = [
            target(1, Scope::Town, None, Period::Year, 100),
            target(2, Scope::Team, None, Period::Year, 90),
            target(3, Scope::Person, Some(7), Period::Year, 50),
            target(4, Scope::Person, Some(8), Period::Year, 50),
            target(5, Scope::Town, None, Period::H1, 40),
            target(6, Scope::Town, None, Period::M1, 10),
        ];
        let found: Vec<_> = roll_ups(&targets, 3)
            .into_iter()
            .map(|one| (one.target.0, one.over, one.sum, one.parts, one.missing, one.difference))
            .collect();
        assert_eq!(
            found,
            [
                (1, Over::Team, 90, 1, 0, -10),
                (1, Over::Halves, 40, 1, 1, -60),
                (1, Over::Months, 10, 1, 11, -90),
                (2, Over::People, 100, 2, 1, 10),
                (5, Over::Months, 10, 1, 5, -30),
            ]
        );
    }

    #[test]
    fn a_persons_months_stand_for_the_quarter_they_have_no_target_for() {
        let targets = [
            target(1, Scope::Team, None, Period::Q3, 100),
            target(2, Scope::Person, Some(7), Period::M7, 50),
            target(3, Scope::Person, Some(7), Period::M8, 50),
            target(4, Scope::Person, Some(7), Period::M9, 50),
            target(5, Scope::Person, Some(8), Period::M9, 20),
            target(6, Scope::Person, Some(8), Period::M10, 99),
        ];
        let found = roll_ups(&targets, 2);
        assert_eq!(found.len(), 1, "{found:?}");
        let one = found[0];
        assert_eq!((one.target.0, one.over, one.sum, one.difference), (1, Over::People, 170, 70));
        assert_eq!((one.parts, one.missing), (2, 1), "the second one's October and November are not set");
    }

    proptest! {
        /// Month by month: each month of the period belongs to the longest target around it that lies in the period.
        #[test]
        fn what_a_person_is_to_reach_is_each_of_their_longest_targets_once(
            set in proptest::collection::btree_map(0..Period::ALL.len(), 0_i64..1_000, 0..12),
            asked in 0..Period::ALL.len(),
        ) {
            let asked = Period::ALL[asked];
            let targets: Vec<Part> = set
                .iter()
                .map(|(at, value)| Part { period: Period::ALL[*at], value: *value, is_above_meant: false })
                .collect();
            let (from, count) = asked.months();
            let mut counted = BTreeMap::new();
            let mut months = 0;
            for month in from..from + count {
                let around = set.iter().map(|(at, value)| (Period::ALL[*at].months(), *value)).filter(
                    |((first, long), _)| {
                        *first <= month && month < first + long && *first >= from && first + long <= from + count
                    },
                );
                if let Some((which, value)) = around.max_by_key(|((_, long), _)| *long) {
                    counted.insert(which, value);
                    months += 1;
                }
            }
            let found = own(&targets, asked);
            prop_assert_eq!((found.sum, found.months), (counted.values().sum::<i64>(), months));
        }

        #[test]
        fn a_roll_up_is_the_sum_of_its_parts_whatever_is_set(
            months in proptest::collection::vec(0_i64..1_000_000, 12),
            year in 0_i64..12_000_000,
        ) {
            let parts = Period::Year.cut(1);
            let mut targets = vec![target(1, Scope::Town, None, Period::Year, year)];
            targets.extend(parts.iter().zip(&months).zip(2..).map(|((part, value), id)| {
                target(id, Scope::Town, None, *part, *value)
            }));
            let sum: i64 = months.iter().sum();
            let found = roll_ups(&targets, 0);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!((found[0].sum, found[0].difference, found[0].missing), (sum, sum - year, 0));
        }

        #[test]
        fn pace_never_goes_back_and_ends_at_the_target(value in 0_i64..1_000_000_000, month in 1_u32..=12) {
            let span = Period::Q2.span(kernel::FiscalYear(2026).first_day_in(month));
            let known = span.business_days(Holidays::published());
            let mut last = 0;
            for today in span.first.iter_days().take_while(|day| *day <= span.last) {
                let Some(pace) = pace(Holidays::published(), span, today, value, 0) else {
                    prop_assert!(known.is_none());
                    continue;
                };
                prop_assert!(pace.expected >= last);
                last = pace.expected;
            }
            prop_assert!(known.is_none() || last == value);
        }
    }
}
