//! What a job is, when its workers must be paid, and what may be entered for one. No database here.

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, JobId, OrderId, Typed, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::SkillId;

use super::units_csv;
use crate::orders::Progress;
use crate::units::store::NewUnit;

text_enum!(
    /// Where a job stands.
    JobState {
        /// Split off, not yet offered.
        Draft = "draft",
        /// Before workers.
        Offered = "offered",
        /// Nothing of it is open any more.
        Closed = "closed",
    }
);

/// A kind of piece inside an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The order it is part of.
    pub order_id: OrderId,
    /// What it is called.
    pub title: String,
    /// How the work is to be done.
    pub rules: String,
    /// Where it stands.
    pub state: JobState,
    /// How long one unit usually takes.
    pub unit_minutes: i32,
    /// Pay for one unit, before tax.
    pub unit_pay: Yen,
    /// What a worker must be able to do, if anything.
    pub skill_id: Option<SkillId>,
    /// The last day work is received.
    pub work_due_on: NaiveDate,
    /// Within how many days after it the work is inspected.
    pub inspect_days: i16,
    /// When it is paid.
    pub pay_on: NaiveDate,
    /// When it was first offered.
    pub offered_at: Option<DateTime<Utc>>,
    /// When it was split off.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
    /// How many of the ordered pieces one unit stands for.
    pub unit_pieces: i32,
}

impl Job {
    /// The day by which received work is inspected.
    pub fn inspected_by(&self) -> NaiveDate {
        plus(self.work_due_on, u64::try_from(self.inspect_days).unwrap_or_default())
    }

    /// The same work on another day, paid as many days later as before.
    pub(crate) fn due_by(self, day: NaiveDate) -> Self {
        let pay_after = self.pay_on - self.work_due_on;
        let pay_on = day.checked_add_signed(pay_after).unwrap_or(NaiveDate::MAX);
        Self { work_due_on: day, pay_on, ..self }
    }

    /// What one unit's pay comes to in an hour, rounded down; a rough comparison, not a wage.
    pub fn yen_per_hour(&self) -> Yen {
        Yen(self.unit_pay.0.saturating_mul(60) / i64::from(self.unit_minutes.max(1)))
    }
}

/// A job with where its units stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobWithProgress {
    /// The job.
    pub job: Job,
    /// Its units.
    pub progress: Progress,
}

/// The last day on which work received on `receipt` may be paid: within 60 days, the day of receipt being the
/// first (Freelance Act art. 4 para. 1), so that 2026-05-15 leads to 2026-07-13.
pub fn last_pay_day(receipt: NaiveDate) -> NaiveDate {
    plus(receipt, 59)
}

pub(crate) fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// A job as typed, with the units it is split into: `count` of them, or the rows of `csv`, which wins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "名刺の入力", "rules": "表の見出しのとおりに入力する", "unit_minutes": 20, "unit_pay": 300, "work_due_on": "2027-03-10", "pay_on": "2027-04-30", "count": 50 }]))]
pub struct JobInput {
    /// What it is called; required.
    pub title: Typed,
    /// How the work is to be done; required, it becomes part of every terms notice.
    pub rules: Typed,
    /// Minutes one unit usually takes; required.
    pub unit_minutes: Typed,
    /// Yen before tax for one unit; required.
    pub unit_pay: Typed,
    /// How many of the ordered pieces one unit stands for, up to a million; empty means one.
    pub unit_pieces: Typed,
    /// A skill's id; empty means anybody.
    pub skill_id: Typed,
    /// The last day work is received; required, not after the order's day.
    pub work_due_on: Typed,
    /// Days of inspection after it, 1 to 30; empty means 5.
    pub inspect_days: Typed,
    /// When it is paid; required, at most 59 days after `work_due_on`.
    pub pay_on: Typed,
    /// How many units, 1 to 100,000.
    pub count: Typed,
    /// What their labels begin with; empty means the title.
    pub label_prefix: Typed,
    /// Comma-separated text: the first column is the label, the others what the worker works from.
    // Bytes of an uploaded file become this text through `super::csv_text`.
    pub csv: Typed,
    /// `true` where the first row of `csv` names the columns.
    pub csv_header: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JobFields {
    pub(super) title: String,
    pub(super) rules: String,
    pub(super) unit_minutes: i32,
    pub(super) unit_pay: Yen,
    pub(super) unit_pieces: i32,
    pub(super) skill_id: Option<SkillId>,
    pub(super) work_due_on: NaiveDate,
    pub(super) inspect_days: i16,
    pub(super) pay_on: NaiveDate,
}

/// How many units one job has at most.
pub(super) const MOST_UNITS: usize = 100_000;

impl JobInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(
        &self,
        today: NaiveDate,
        order_due_on: NaiveDate,
    ) -> Result<(JobFields, Vec<NewUnit>), Invalid> {
        let mut checks = Checks::new();
        let narrow = |number: i64| i32::try_from(number).unwrap_or_default();
        let days = checks.optional_number("inspect_days", &self.inspect_days, 1..=30).unwrap_or(5);
        let pieces = checks.optional_number("unit_pieces", &self.unit_pieces, 1..=1_000_000).unwrap_or(1);
        let (work_due_on, pay_on) = self.days(&mut checks, today, order_due_on);
        let fields = JobFields {
            title: checks.required_line("title", &self.title, 200),
            rules: checks.required_lines("rules", &self.rules, 10_000),
            unit_minutes: narrow(checks.number("unit_minutes", &self.unit_minutes, 1..=6000)),
            unit_pay: Yen(checks.number("unit_pay", &self.unit_pay, 1..=10_000_000)),
            unit_pieces: narrow(pieces),
            skill_id: checks.optional_number("skill_id", &self.skill_id, 1..=i64::MAX).map(SkillId),
            inspect_days: i16::try_from(days).unwrap_or(5),
            work_due_on,
            pay_on,
        };
        let units = self.units(&mut checks);
        checks.done((fields, units))
    }

    fn days(&self, checks: &mut Checks, today: NaiveDate, order_due_on: NaiveDate) -> (NaiveDate, NaiveDate) {
        let work_due_on = checks.date("work_due_on", &self.work_due_on);
        let pay_on = checks.date("pay_on", &self.pay_on);
        // A date that could not be read is reported already and comes back as the default.
        if work_due_on == NaiveDate::default() {
            return (work_due_on, pay_on);
        }
        if work_due_on < today {
            checks.problem("work_due_on", Code::InThePast);
        }
        not_after(checks, "work_due_on", work_due_on, order_due_on);
        if pay_on != NaiveDate::default() {
            not_after(checks, "pay_on", pay_on, last_pay_day(work_due_on));
            if pay_on < work_due_on {
                checks.problem("pay_on", Code::OutOfRange);
            }
        }
        (work_due_on, pay_on)
    }

    fn units(&self, checks: &mut Checks) -> Vec<NewUnit> {
        if !self.csv.as_str().trim().is_empty() {
            let header = matches!(self.csv_header.as_str().trim(), "true" | "on" | "1");
            return units_csv::read(checks, self.csv.as_str(), header);
        }
        let most = i64::try_from(MOST_UNITS).unwrap_or(i64::MAX);
        let count = usize::try_from(checks.number("count", &self.count, 1..=most)).unwrap_or_default();
        let prefix = checks.line("label_prefix", &self.label_prefix, 190);
        let prefix =
            if prefix.is_empty() { self.title.as_str().trim().chars().take(190).collect() } else { prefix };
        let width = count.to_string().len();
        let label = |number| NewUnit { label: format!("{prefix} {number:0width$}"), content: String::new() };
        (1..=count).map(label).collect()
    }
}

fn not_after(checks: &mut Checks, field: &str, day: NaiveDate, last: NaiveDate) {
    if day > last {
        checks.bounded(field, Code::TooLate, last);
    }
}

#[cfg(test)]
mod tests {
    use kernel::Bound;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn input() -> JobInput {
        JobInput {
            title: "入力".into(),
            rules: "見本のとおり".into(),
            unit_minutes: "20".into(),
            unit_pay: "400".into(),
            work_due_on: "2026-05-15".into(),
            pay_on: "2026-07-13".into(),
            count: "12".into(),
            ..JobInput::default()
        }
    }

    fn problems(input: &JobInput) -> Vec<(String, Code, Option<Bound>)> {
        let invalid = input.checked(day("2026-05-01"), day("2026-05-31")).unwrap_err();
        invalid.0.into_iter().map(|problem| (problem.field, problem.code, problem.bound)).collect()
    }

    #[test]
    fn the_sixtieth_day_counts_the_day_of_receipt() {
        // domain.md 3.1: two public posts print 7/14 and are wrong.
        assert_eq!(last_pay_day(day("2026-05-15")), day("2026-07-13"));
        assert!(input().checked(day("2026-05-01"), day("2026-05-31")).is_ok());
        let late = JobInput { pay_on: "2026-07-14".into(), ..input() };
        assert_eq!(problems(&late), [("pay_on".to_owned(), Code::TooLate, Some(day("2026-07-13").into()))]);
    }

    #[test]
    fn work_is_due_between_today_and_the_orders_day() {
        let due =
            |text: &str, pay: &str| JobInput { work_due_on: text.into(), pay_on: pay.into(), ..input() };
        assert_eq!(
            problems(&due("2026-06-01", "2026-06-30")),
            [("work_due_on".to_owned(), Code::TooLate, Some(day("2026-05-31").into()))]
        );
        assert_eq!(problems(&due("2026-04-30", "2026-05-31"))[0].1, Code::InThePast);
        assert_eq!(
            problems(&due("2026-05-20", "2026-05-19")),
            [("pay_on".to_owned(), Code::OutOfRange, None)]
        );
        assert_eq!(problems(&due("", "2026-05-19")), [("work_due_on".to_owned(), Code::Required, None)]);
    }

    #[test]
    fn counted_units_are_labelled_so_that_they_sort() {
        let (_, units) = input().checked(day("2026-05-01"), day("2026-05-31")).unwrap();
        assert_eq!((units.len(), units[0].label.as_str()), (12, "入力 01"));
        let many = JobInput { count: "100001".into(), ..input() };
        assert_eq!(problems(&many), [("count".to_owned(), Code::OutOfRange, Some(Bound::Number(100_000)))]);
        assert_eq!(problems(&JobInput { count: "0".into(), ..input() })[0].1, Code::OutOfRange);
    }
}
