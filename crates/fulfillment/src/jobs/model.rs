//! What a job is, when its workers must be paid, and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, FileId, Holidays, Invalid, JobId, OrderId, Typed, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::availability::Asks;
use workforce::{Needs, SkillId};

use super::pay_day::{PayDay, PayRule};
use super::unit_files::MOST_UNIT_FILES;
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

text_enum!(
    /// How a job finds its people.
    OfferRule {
        /// In turn: each is offered a portion, whoever has had least of their wish first.
        Fair = "fair",
        /// Before everybody it fits at once: whoever claims first has it.
        FirstCome = "first_come",
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
    /// From which level on, 1 to 3; without a skill it says nothing.
    pub skill_level: i16,
    /// What it asks of how it is done.
    pub asks: Asks,
    /// The last day work is received.
    pub work_due_on: NaiveDate,
    /// Within how many business days after its receipt the work is inspected.
    pub inspect_days: i16,
    /// On which day of the month after its receipt it is paid.
    pub pay_day: PayDay,
    /// When it was first offered.
    pub offered_at: Option<DateTime<Utc>>,
    /// When it was split off.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
    /// How many of the ordered pieces one unit stands for.
    pub unit_pieces: i32,
    /// How it finds its people.
    pub offer_rule: OfferRule,
    /// How often the line of a fair job has begun anew since it was offered.
    pub offer_wave: i16,
    /// Since when anybody whom it fits may take of it; none while it is offered in turn or to nobody.
    pub pool_opened_at: Option<DateTime<Utc>>,
    /// When coordination was told that it fits nobody, or that nobody takes it.
    pub pool_alerted_at: Option<DateTime<Utc>>,
    /// How many days what somebody claimed of it is kept without a sign of theirs.
    pub keep_days: i16,
    /// Which version of its rules is in force, from 1.
    pub rules_number: i32,
    /// When the original client of re-entrusted work pays the town; none for any other work.
    pub original_pay_on: Option<NaiveDate>,
    /// The one day on which re-entrusted work is paid; what is received later is paid by `pay_day`.
    pub fixed_pay_on: Option<NaiveDate>,
    /// Which line of the order its units are of, 1 for the first: they count at its price. None where nobody has said.
    pub order_line: Option<i16>,
    /// How many people look at each version that is checked, one after the other: one, or two.
    pub review_levels: i16,
    /// Its units are to be worked from something that has not been given to them: it is not offered, and another job with the
    /// material takes its place.
    pub lacks_material: bool,
}

impl Job {
    /// How many days a claim is kept without a sign of its holder, where nobody says otherwise: a week, so that somebody with
    /// one free morning a week loses nothing.
    pub const USUAL_KEEP_DAYS: i64 = 7;

    /// The day by which work received on `receipt` is inspected: so many business days after it.
    pub fn inspected_by(&self, receipt: NaiveDate) -> NaiveDate {
        business_days_after(receipt, self.inspect_days)
    }

    /// The day on which work received on `receipt` is paid.
    pub fn paid_on(&self, receipt: NaiveDate) -> NaiveDate {
        PayRule::new(self.pay_day, self.fixed_pay_on).of_receipt(receipt)
    }

    /// What it asks of whoever does it.
    pub fn needs(&self) -> Needs {
        Needs {
            skill: self.skill_id,
            level: self.skill_level,
            asks: self.asks,
            due_on: Some(self.work_due_on),
        }
    }

    /// The same work on another day.
    pub(crate) fn due_by(self, day: NaiveDate) -> Self {
        Self { work_due_on: day, ..self }
    }

    /// What one unit's pay comes to in an hour, rounded down; a rough comparison, not a wage.
    pub fn yen_per_hour(&self) -> Yen {
        Yen(self.unit_pay.0.saturating_mul(60) / i64::from(self.unit_minutes.max(1)))
    }
}

/// So many business days after `day`, as every inspection is counted: the town's own and the client's.
pub(crate) fn business_days_after(day: NaiveDate, count: i16) -> NaiveDate {
    Holidays::published().business_days_after(day, u32::try_from(count).unwrap_or_default()).0
}

/// A job with where its units stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobWithProgress {
    /// The job.
    pub job: Job,
    /// Its units.
    pub progress: Progress,
}

/// A job as typed, with the units it is split into: `count` of them, the rows of `csv`, or `file_ids`; one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "名刺の入力", "rules": "表の見出しのとおりに入力する", "unit_minutes": 20, "unit_pay": 300, "work_due_on": "2027-03-10", "pay_day": 25, "count": 50 }]))]
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
    /// From which level of it on, 1 to 3; empty means 1.
    pub skill_level: Typed,
    /// `yes` where calls have to be made or taken.
    pub asks_phone: Typed,
    /// `yes` where video calls have to be joined.
    pub asks_video: Typed,
    /// `yes` where it takes more than an hour at a time.
    pub asks_long_slots: Typed,
    /// The last day work is received; required, not after the order's day while that lies ahead.
    pub work_due_on: Typed,
    /// Business days of inspection after receipt, 1 to 20; empty means 5.
    pub inspect_days: Typed,
    /// The day of the month after receipt on which it is paid, 10 to 28; empty means 25.
    pub pay_day: Typed,
    /// How it finds its people; empty means `fair`.
    #[schemars(with = "Option<OfferRule>")]
    pub offer_rule: Typed,
    /// How many days a claim is kept without a sign of its holder, 2 to 60; empty means 7.
    pub keep_days: Typed,
    /// How many people look at each version that is checked, one after the other, 1 or 2; empty means 1.
    pub review_levels: Typed,
    /// Which line of the order its units are of, 1 for the first; empty where the order has one, or where they are of no one of them.
    pub order_line: Typed,
    /// How many units, 1 to 100,000; empty where rows or files say it.
    pub count: Typed,
    /// What their labels begin with; empty means the title.
    pub label_prefix: Typed,
    /// Comma-separated text: the first column is the label, the others what the worker works from.
    // Bytes of an uploaded file become this text through `files::rows::text_of`.
    pub csv: Typed,
    /// `true` where the first row of `csv` names the columns.
    pub csv_header: Typed,
    /// Files that the caller uploaded before, up to 1,000: one unit for each, called as the file is.
    pub file_ids: Vec<FileId>,
    /// `yes` where its units may be more than what is left of the order; without it they are refused.
    // Whoever takes a request asks for it; what the town makes of itself, such as the same again, asks nobody.
    pub more_than_ordered: Typed,
    /// The id of a job of the same order of which nobody holds a unit: its samples, checks and sampling go over to this one, and
    /// it is called off. Empty for a job beside the others.
    pub in_place_of: Typed,
}

/// What may be corrected of a job while nobody holds a unit of it; every field is written. Each is as in [`JobInput`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "名刺の入力", "rules": "表の見出しのとおりに入力する", "unit_minutes": 25, "unit_pay": 450, "work_due_on": "2027-03-10", "pay_day": 25 }]))]
pub struct JobEditInput {
    /// What it is called; required.
    pub title: Typed,
    /// How the work is to be done; required.
    pub rules: Typed,
    /// Minutes one unit usually takes; required.
    pub unit_minutes: Typed,
    /// Yen before tax for one unit; required.
    pub unit_pay: Typed,
    /// How many of the ordered pieces one unit stands for; empty means one.
    pub unit_pieces: Typed,
    /// A skill's id; empty means anybody.
    pub skill_id: Typed,
    /// From which level of it on, 1 to 3; empty means 1.
    pub skill_level: Typed,
    /// `yes` where calls have to be made or taken.
    pub asks_phone: Typed,
    /// `yes` where video calls have to be joined.
    pub asks_video: Typed,
    /// `yes` where it takes more than an hour at a time.
    pub asks_long_slots: Typed,
    /// The last day work is received; required.
    pub work_due_on: Typed,
    /// Business days of inspection after receipt, 1 to 20; empty means 5.
    pub inspect_days: Typed,
    /// The day of the month after receipt on which it is paid, 10 to 28; empty means 25.
    pub pay_day: Typed,
    /// How it finds its people; empty means `fair`.
    #[schemars(with = "Option<OfferRule>")]
    pub offer_rule: Typed,
    /// How many days a claim is kept without a sign of its holder, 2 to 60; empty means 7.
    pub keep_days: Typed,
    /// How many people look at each version that is checked, one after the other, 1 or 2; empty means 1.
    pub review_levels: Typed,
}

impl JobEditInput {
    /// What a job holds, to be corrected.
    pub fn of(job: &Job) -> Self {
        Self {
            title: job.title.clone().into(),
            rules: job.rules.clone().into(),
            unit_minutes: job.unit_minutes.to_string().into(),
            unit_pay: job.unit_pay.0.to_string().into(),
            unit_pieces: job.unit_pieces.to_string().into(),
            skill_id: job.skill_id.map(|skill| skill.to_string()).unwrap_or_default().into(),
            skill_level: job.skill_level.to_string().into(),
            asks_phone: yes(job.asks.phone),
            asks_video: yes(job.asks.video),
            asks_long_slots: yes(job.asks.long_slots),
            work_due_on: job.work_due_on.to_string().into(),
            inspect_days: job.inspect_days.to_string().into(),
            pay_day: job.pay_day.number().to_string().into(),
            offer_rule: job.offer_rule.as_str().into(),
            keep_days: job.keep_days.to_string().into(),
            review_levels: job.review_levels.to_string().into(),
        }
    }

    pub(super) fn checked(&self, today: NaiveDate, order_due_on: NaiveDate) -> Result<JobFields, Invalid> {
        let mut checks = Checks::new();
        let fields = self.read(&mut checks, today, order_due_on);
        checks.done(fields)
    }

    fn read(&self, checks: &mut Checks, today: NaiveDate, order_due_on: NaiveDate) -> JobFields {
        let narrow = |number: i64| i32::try_from(number).unwrap_or_default();
        let days = checks.optional_number("inspect_days", &self.inspect_days, 1..=MOST_INSPECT_DAYS);
        let pieces = checks.optional_number("unit_pieces", &self.unit_pieces, 1..=1_000_000).unwrap_or(1);
        JobFields {
            title: checks.required_line("title", &self.title, 200),
            rules: checks.required_lines("rules", &self.rules, 10_000),
            unit_minutes: narrow(checks.number("unit_minutes", &self.unit_minutes, 1..=6000)),
            unit_pay: Yen(checks.number("unit_pay", &self.unit_pay, 1..=10_000_000)),
            unit_pieces: narrow(pieces),
            skill_id: checks.optional_number("skill_id", &self.skill_id, 1..=i64::MAX).map(SkillId),
            skill_level: self.level(checks),
            asks: Asks {
                phone: self.asks_phone.is_yes(),
                video: self.asks_video.is_yes(),
                long_slots: self.asks_long_slots.is_yes(),
            },
            inspect_days: i16::try_from(days.unwrap_or(USUAL_INSPECT_DAYS)).unwrap_or_default(),
            work_due_on: self.due(checks, today, order_due_on),
            pay_day: PayDay::within(
                checks
                    .optional_number("pay_day", &self.pay_day, PayDay::EARLIEST..=PayDay::LATEST)
                    .unwrap_or(PayDay::USUAL),
            ),
            offer_rule: self.rule(checks),
            keep_days: self.keep_days(checks),
            review_levels: self.review_levels(checks),
        }
    }

    fn level(&self, checks: &mut Checks) -> i16 {
        let level = checks.optional_number("skill_level", &self.skill_level, 1..=3);
        level.and_then(|level| i16::try_from(level).ok()).unwrap_or(1)
    }

    fn keep_days(&self, checks: &mut Checks) -> i16 {
        let days = checks.optional_number("keep_days", &self.keep_days, LEAST_KEEP_DAYS..=MOST_KEEP_DAYS);
        i16::try_from(days.unwrap_or(Job::USUAL_KEEP_DAYS)).unwrap_or_default()
    }

    fn review_levels(&self, checks: &mut Checks) -> i16 {
        let levels = checks.optional_number("review_levels", &self.review_levels, 1..=2);
        levels.and_then(|levels| i16::try_from(levels).ok()).unwrap_or(1)
    }

    fn rule(&self, checks: &mut Checks) -> OfferRule {
        match self.offer_rule.as_str().trim() {
            "" => OfferRule::Fair,
            typed => typed.parse().unwrap_or_else(|_unknown| {
                checks.problem("offer_rule", Code::UnknownChoice);
                OfferRule::Fair
            }),
        }
    }

    fn due(&self, checks: &mut Checks, today: NaiveDate, order_due_on: NaiveDate) -> NaiveDate {
        let due_on = checks.date("work_due_on", &self.work_due_on);
        // A date that could not be read is reported already and comes back as the default.
        if due_on == NaiveDate::default() {
            return due_on;
        }
        if due_on < today {
            checks.problem("work_due_on", Code::InThePast);
        }
        // Once the order's own day has passed, what is left of it still has to get a day.
        if order_due_on >= today && due_on > order_due_on {
            checks.bounded("work_due_on", Code::TooLate, order_due_on);
        }
        due_on
    }
}

/// A tick as forms carry it.
fn yes(ticked: bool) -> Typed {
    if ticked { "yes" } else { "" }.into()
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
    pub(super) skill_level: i16,
    pub(super) asks: Asks,
    pub(super) work_due_on: NaiveDate,
    pub(super) inspect_days: i16,
    pub(super) pay_day: PayDay,
    pub(super) offer_rule: OfferRule,
    pub(super) keep_days: i16,
    pub(super) review_levels: i16,
}

/// How many units one job has at most.
pub(super) const MOST_UNITS: usize = 100_000;
/// The longest inspection, in business days: with weekends about a month.
const MOST_INSPECT_DAYS: i64 = 20;
const USUAL_INSPECT_DAYS: i64 = 5;
/// Two days leave a whole one between the last question and the end.
const LEAST_KEEP_DAYS: i64 = 2;
const MOST_KEEP_DAYS: i64 = 60;

impl JobInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(
        &self,
        today: NaiveDate,
        order_due_on: NaiveDate,
    ) -> Result<(JobFields, Vec<NewUnit>), Invalid> {
        let mut checks = Checks::new();
        let fields = self.about().read(&mut checks, today, order_due_on);
        let units = self.units(&mut checks);
        checks.done((fields, units))
    }

    /// Everything but the units.
    fn about(&self) -> JobEditInput {
        JobEditInput {
            title: self.title.clone(),
            rules: self.rules.clone(),
            unit_minutes: self.unit_minutes.clone(),
            unit_pay: self.unit_pay.clone(),
            unit_pieces: self.unit_pieces.clone(),
            skill_id: self.skill_id.clone(),
            skill_level: self.skill_level.clone(),
            asks_phone: self.asks_phone.clone(),
            asks_video: self.asks_video.clone(),
            asks_long_slots: self.asks_long_slots.clone(),
            work_due_on: self.work_due_on.clone(),
            inspect_days: self.inspect_days.clone(),
            pay_day: self.pay_day.clone(),
            offer_rule: self.offer_rule.clone(),
            keep_days: self.keep_days.clone(),
            review_levels: self.review_levels.clone(),
        }
    }

    /// The job in whose place it is split off.
    pub fn replaces(&self) -> Result<Option<JobId>, Invalid> {
        let mut checks = Checks::new();
        let id = checks.optional_number("in_place_of", &self.in_place_of, 1..=i64::MAX).map(JobId);
        checks.done(id)
    }

    /// The files that become its units; none where rows do.
    pub(super) fn unit_files(&self) -> &[FileId] {
        if self.csv.as_str().trim().is_empty() { &self.file_ids } else { &[] }
    }

    /// The units this would become, with nothing written; for a look before splitting.
    pub fn preview(&self, today: NaiveDate, order_due_on: NaiveDate) -> Result<Vec<NewUnit>, Invalid> {
        self.checked(today, order_due_on).map(|(_, units)| units)
    }

    /// Two ways of saying how many units there are: nobody knows which was meant.
    fn said_twice(&self) -> Option<&'static str> {
        let has_rows = !self.csv.as_str().trim().is_empty();
        let has_count = !self.count.as_str().trim().is_empty();
        if has_rows && !self.file_ids.is_empty() {
            return Some("file_ids");
        }
        (has_count && (has_rows || !self.file_ids.is_empty())).then_some("count")
    }

    fn units(&self, checks: &mut Checks) -> Vec<NewUnit> {
        if let Some(field) = self.said_twice() {
            checks.problem(field, Code::SaidTwice);
        }
        if !self.csv.as_str().trim().is_empty() {
            let header = self.csv_header.is_yes();
            return units_csv::read(checks, self.csv.as_str(), header);
        }
        if !self.file_ids.is_empty() {
            if self.file_ids.len() > MOST_UNIT_FILES {
                let most = i64::try_from(MOST_UNIT_FILES).unwrap_or(i64::MAX);
                checks.bounded("file_ids", Code::OutOfRange, most);
            }
            return Vec::new();
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
            pay_day: "25".into(),
            count: "12".into(),
            ..JobInput::default()
        }
    }

    fn problems(input: &JobInput) -> Vec<(String, Code, Option<Bound>)> {
        let invalid = input.checked(day("2026-05-01"), day("2026-05-31")).unwrap_err();
        invalid.0.into_iter().map(|problem| (problem.field, problem.code, problem.bound)).collect()
    }

    #[test]
    fn a_pay_day_that_could_break_the_sixty_days_is_refused_with_the_last_one_allowed() {
        assert!(input().checked(day("2026-05-01"), day("2026-05-31")).is_ok());
        let late = JobInput { pay_day: "29".into(), ..input() };
        assert_eq!(problems(&late), [("pay_day".to_owned(), Code::OutOfRange, Some(Bound::Number(28)))]);
        let usual = JobInput { pay_day: "".into(), ..input() };
        let (fields, _) = usual.checked(day("2026-05-01"), day("2026-05-31")).unwrap();
        assert_eq!(fields.pay_day.number(), 25);
    }

    #[test]
    fn work_is_due_between_today_and_the_orders_day() {
        let due = |text: &str| JobInput { work_due_on: text.into(), ..input() };
        assert_eq!(
            problems(&due("2026-06-01")),
            [("work_due_on".to_owned(), Code::TooLate, Some(day("2026-05-31").into()))]
        );
        assert_eq!(problems(&due("2026-04-30"))[0].1, Code::InThePast);
        assert_eq!(problems(&due("")), [("work_due_on".to_owned(), Code::Required, None)]);
        let late_order = due("2026-06-10").checked(day("2026-06-05"), day("2026-05-31"));
        assert!(late_order.is_ok(), "what is left of a late order still gets a day");
    }

    #[test]
    fn inspection_counts_business_days_from_receipt() {
        // From Friday 1 May 2026: 3 to 6 May are holidays, 9 and 10 a weekend.
        assert_eq!(Holidays::published().business_days_after(day("2026-05-01"), 3).0, day("2026-05-11"));
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
