//! What a statement is, what its lines come to, and how its clock stands. No database here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use kernel::{JobId, PersonId, TaxRate, WorkerId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tax;
use crate::terms::TermsDigest;
use crate::transfers::TransferFileId;

kernel::id!(
    /// One statement of pay (支払通知書): one payment to one worker.
    StatementId
);

text_enum!(
    /// What a worker says of a statement.
    StatementAnswer {
        /// It is right.
        Confirmed = "confirmed",
        /// Something is not as they think.
        Objected = "objected",
    }
);

text_enum!(
    /// How a statement stands.
    StatementState {
        /// It waits for its worker's word and its payment.
        Issued = "issued",
        /// Its worker confirmed it; its payment is to come.
        Confirmed = "confirmed",
        /// Its worker says that something is wrong.
        Objected = "objected",
        /// It is paid.
        Paid = "paid",
    }
);

text_enum!(
    /// How near a payment's day is.
    PayClock {
        /// There is time.
        Calm = "calm",
        /// Its day comes within [`NEAR_DAYS`] days, or is today.
        Near = "near",
        /// The agreed day has passed.
        Late = "late",
        /// The last day the law allows has passed.
        Unlawful = "unlawful",
    }
);

text_enum!(
    /// Why a statement has a version.
    VersionCause {
        /// It is the first.
        First = "first",
        /// More of the same payment became certain.
        Added = "added",
        /// A deduction was approved.
        Deduction = "deduction",
        /// Something was wrong.
        Correction = "correction",
    }
);

text_enum!(
    /// What a line is about.
    LineKind {
        /// Units that were received.
        Unit = "unit",
        /// What fixes are paid beside, because the specification changed.
        Fix = "fix",
        /// The share of work that was called off.
        Compensation = "compensation",
        /// The share of parts that were handed over.
        Share = "share",
        /// What is taken off for a recorded fault of the worker's.
        Deduction = "deduction",
    }
);

/// How many days before its payment a statement is pointed out.
pub const NEAR_DAYS: u64 = 5;

/// How many days before its payment work that nobody has looked at is pointed out: it has to be looked at, closed and paid until then.
pub const UNCHECKED_NEAR_DAYS: u64 = 10;

/// A statement with how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// To which worker.
    pub worker_id: WorkerId,
    /// Who that is.
    pub person_id: PersonId,
    /// The agreed day of payment.
    pub pay_on: NaiveDate,
    /// The last day the law allows: the sixtieth from the first receipt, or the thirtieth from the original client's day.
    pub pay_by: NaiveDate,
    /// When its first version was made.
    pub created_at: DateTime<Utc>,
    /// Its newest version.
    pub version: i32,
    /// What that comes to, to be transferred.
    pub payable: Yen,
    /// What its worker says of that version.
    pub answer: Option<StatementAnswer>,
    /// When they said so.
    pub answered_at: Option<DateTime<Utc>>,
    /// What they think is wrong; empty where they do not.
    pub objection: String,
    /// On which day it was paid.
    pub paid_on: Option<NaiveDate>,
    /// Who noted that.
    pub paid_by: Option<PersonId>,
    /// How many payments of it were noted by mistake and taken back.
    pub undone: i32,
    /// The file of transfers that pays it, while that stands, and once it is paid the one that did. While it waits in one, nothing of
    /// it changes.
    pub transfer_file_id: Option<TransferFileId>,
}

/// A payment that was noted by mistake, and why it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UndonePayment {
    /// 1 for the first of its statement.
    pub number: i32,
    /// The version that was said to be transferred.
    pub version: i32,
    /// What that came to.
    pub payable: Yen,
    /// The day on which it was said to be paid.
    pub paid_on: NaiveDate,
    /// Who said so.
    pub paid_by: PersonId,
    /// What was wrong, for the worker to read.
    pub reason: String,
    /// Who took it back.
    pub undone_by: PersonId,
    /// When.
    pub undone_at: DateTime<Utc>,
}

impl Statement {
    /// How it stands.
    pub fn state(&self) -> StatementState {
        match (self.paid_on, self.answer) {
            (Some(_), _) => StatementState::Paid,
            (None, Some(StatementAnswer::Confirmed)) => StatementState::Confirmed,
            (None, Some(StatementAnswer::Objected)) => StatementState::Objected,
            (None, None) => StatementState::Issued,
        }
    }

    /// How its clock stands on `today`; a paid one is judged by the day it was paid on.
    pub fn clock(&self, today: NaiveDate) -> PayClock {
        let day = self.paid_on.unwrap_or(today);
        if day > self.pay_by {
            PayClock::Unlawful
        } else if day > self.pay_on {
            PayClock::Late
        } else if self.paid_on.is_none() && day + Days::new(NEAR_DAYS) >= self.pay_on {
            PayClock::Near
        } else {
            PayClock::Calm
        }
    }
}

/// One version of a statement as it was issued; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementPaper {
    /// 1 for the first.
    pub number: i32,
    /// Why there is this version.
    pub cause: VersionCause,
    /// The same in words, where somebody decided it; empty otherwise.
    pub reason: String,
    /// Everything on it was received by this day.
    pub closed_on: NaiveDate,
    /// The town's legal name.
    pub orderer_name: String,
    /// Its postal address.
    pub orderer_address: String,
    /// The worker's name.
    pub worker_name: String,
    /// The worker's 登録番号, where it held on a day on which something on it was received; empty otherwise.
    pub registration_number: String,
    /// The sum of the lines, before tax.
    pub amount: Yen,
    /// The part of it from which income tax is withheld.
    pub withholding_base: Yen,
    /// The rate of consumption tax.
    pub tax_rate: TaxRate,
    /// Consumption tax on the sum, rounded down once.
    pub tax: Yen,
    /// Income tax withheld.
    pub withheld: Yen,
    /// What is transferred: sum plus consumption tax less what is withheld.
    pub payable: Yen,
    /// SHA-256 of everything the paper says, hexadecimal.
    pub sha256: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// By whom.
    pub issued_by: PersonId,
    /// Its lines.
    pub lines: Vec<StatementLine>,
}

/// A line of a statement: alike units of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementLine {
    /// What it is about.
    pub kind: LineKind,
    /// The job.
    pub job_id: JobId,
    /// What the job was called.
    pub title: String,
    /// How many.
    pub units: i32,
    /// For each, before tax; below zero for a deduction.
    pub unit_price: Yen,
    /// `units` × `unit_price`.
    pub amount: Yen,
    /// Whether income tax is withheld from it.
    pub is_withheld: bool,
    /// The first day of receipt among them.
    pub first_received_on: NaiveDate,
    /// The last one.
    pub last_received_on: NaiveDate,
    /// How much of the tax on it the town may deduct from its own, in percent: by the days of receipt and the worker's registration
    /// on them. It is the town's own matter, so programs of workers do not read it.
    #[serde(skip)]
    pub deductible_percent: u8,
}

/// Something a worker is to be paid or, for a deduction, not to be paid; a line is made of those that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: LineKind,
    pub(crate) job_id: JobId,
    pub(crate) title: String,
    /// Below zero for a deduction.
    pub(crate) amount: Yen,
    pub(crate) is_withheld: bool,
    pub(crate) received_on: NaiveDate,
}

/// Lines of `items`: those of one job, kind, price and deductible share together, jobs in their order. `deductible` says how much of
/// the tax on what was received on a day may be deducted, in percent.
pub(super) fn lines_of(items: &[Item], deductible: impl Fn(NaiveDate) -> u8) -> Vec<StatementLine> {
    let mut lines: BTreeMap<(JobId, LineKind, Yen, u8), StatementLine> = BTreeMap::new();
    for item in items {
        let percent = deductible(item.received_on);
        let line = lines
            .entry((item.job_id, item.kind, item.amount, percent))
            .or_insert_with(|| StatementLine::first(item, percent));
        line.units += 1;
        line.amount = Yen(line.unit_price.0.saturating_mul(i64::from(line.units)));
        line.first_received_on = line.first_received_on.min(item.received_on);
        line.last_received_on = line.last_received_on.max(item.received_on);
    }
    lines.into_values().collect()
}

impl StatementLine {
    fn first(item: &Item, deductible_percent: u8) -> Self {
        Self {
            kind: item.kind,
            job_id: item.job_id,
            title: item.title.clone(),
            units: 0,
            unit_price: item.amount,
            amount: Yen::ZERO,
            is_withheld: item.is_withheld,
            first_received_on: item.received_on,
            last_received_on: item.received_on,
            deductible_percent,
        }
    }
}

/// What lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) amount: Yen,
    pub(super) withholding_base: Yen,
    pub(super) tax: Yen,
    pub(super) withheld: Yen,
    pub(super) payable: Yen,
}

impl Totals {
    /// Consumption tax is rounded once for the paper, and income tax once for the payment.
    pub(super) fn of(lines: &[StatementLine]) -> Self {
        let amount: Yen = lines.iter().map(|line| line.amount).sum();
        let base: Yen = lines.iter().filter(|line| line.is_withheld).map(|line| line.amount).sum();
        // A deduction may come to more than the other lines of its kind, never to less than nothing.
        let base = Yen(base.0.clamp(0, amount.0.max(0)));
        let (tax, withheld) = (TaxRate::STANDARD.tax_on(amount), tax::withheld(base));
        let payable = Yen(amount.0 + tax.0 - withheld.0);
        Self { amount, withholding_base: base, tax, withheld, payable }
    }
}

/// The digest of everything a paper says: whoever keeps a copy can show that it is this one.
pub(super) fn digest(id: StatementId, paper: &StatementPaper) -> TermsDigest {
    let mut said = format!(
        "statement {id} version {} ({})\n{}\n{}\n{}\n{}\n{}\nclosed {}\n",
        paper.number,
        paper.cause,
        paper.orderer_name,
        paper.orderer_address,
        paper.worker_name,
        paper.registration_number,
        paper.reason,
        paper.closed_on
    );
    for line in &paper.lines {
        // Writing to a string never fails.
        let _ = writeln!(
            said,
            "{} {} {} {} x {} = {} withheld {} {}..{}",
            line.kind,
            line.job_id,
            line.title,
            line.units,
            line.unit_price.0,
            line.amount.0,
            line.is_withheld,
            line.first_received_on,
            line.last_received_on
        );
    }
    let _ = writeln!(
        said,
        "{} + {} ({} %) - {} = {}",
        paper.amount.0, paper.tax.0, paper.tax_rate.0, paper.withheld.0, paper.payable.0
    );
    TermsDigest::of(&said)
}

/// Where a page of statements ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementKey(pub NaiveDate, pub StatementId);

text_enum!(
    /// Which statements a list shows.
    StatementFilter {
        /// Those that are not paid yet.
        Unpaid = "unpaid",
        /// Those whose worker says that something is wrong, and that are not paid yet.
        Objected = "objected",
        /// Those that are paid.
        Paid = "paid",
        /// Every one.
        All = "all",
    }
);

/// What waits to be closed, by the month it was received in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// The last day of the month.
    pub month_end: NaiveDate,
    /// For how many people.
    pub people: i64,
    /// How much, before tax.
    pub amount: Yen,
    /// The first day on which something of it is paid.
    pub first_pay_on: NaiveDate,
}

/// A job of which nobody has said yet what kind of work it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UndecidedJob {
    /// The job.
    pub id: JobId,
    /// What it is called.
    pub title: String,
}

/// One run of closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Closing {
    /// Its id.
    pub id: i64,
    /// Everything received by this day.
    pub closed_on: NaiveDate,
    /// Who closed.
    pub closed_by: PersonId,
    /// When.
    pub closed_at: DateTime<Utc>,
    /// How many statements it wrote or wrote anew.
    pub statements: i32,
    /// How much came onto them, before tax.
    pub amount: Yen,
    /// Of how many jobs nobody had said what kind of work they are, so that they wait for a later closing.
    pub left_jobs: i32,
    /// How much that was, before tax.
    pub left_amount: Yen,
}

/// What is to be transferred on one day: what is left of one file of transfers, or what is in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnpaidDay {
    /// The agreed day.
    pub pay_on: NaiveDate,
    /// The file that pays these; none for those that are in no file.
    pub transfer_file_id: Option<TransferFileId>,
    /// The last day the law allows for any of them.
    pub pay_by: NaiveDate,
    /// How many statements the caller may note as paid: everybody's but their own.
    pub statements: i64,
    /// What they come to.
    pub payable: Yen,
    /// How many of them pay the caller, which somebody else notes.
    pub own_statements: i64,
    /// What those come to.
    pub own_payable: Yen,
}

/// The last day of the month before `today`'s.
pub fn last_month_end(today: NaiveDate) -> NaiveDate {
    today.with_day(1).as_ref().and_then(NaiveDate::pred_opt).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn item(job: i64, kind: LineKind, amount: i64, is_withheld: bool) -> Item {
        let received_on = day("2026-10-05");
        Item {
            kind, job_id: JobId(job), title: "入力".into(), amount: Yen(amount), is_withheld, received_on
        }
    }

    #[test]
    fn alike_units_are_one_line_and_tax_is_rounded_once() {
        let mut items = vec![item(1, LineKind::Unit, 333, false); 3];
        items[2].received_on = day("2026-10-30");
        items.push(item(1, LineKind::Fix, 120, false));
        items.push(item(2, LineKind::Unit, 55_555, true));
        let lines = lines_of(&items, |_day| 70);
        let seen: Vec<_> =
            lines.iter().map(|one| (one.job_id.0, one.kind, one.units, one.amount.0)).collect();
        assert_eq!(
            seen,
            [(1, LineKind::Unit, 3, 999), (1, LineKind::Fix, 1, 120), (2, LineKind::Unit, 1, 55_555)]
        );
        assert_eq!(
            (lines[0].first_received_on, lines[0].last_received_on),
            (day("2026-10-05"), day("2026-10-30"))
        );
        let totals = Totals::of(&lines);
        assert_eq!((totals.amount, totals.tax), (Yen(56_674), Yen(5_667)));
        // domain.md 3.4: 55,555 → 5,672.
        assert_eq!((totals.withholding_base, totals.withheld), (Yen(55_555), Yen(5_672)));
        assert_eq!(totals.payable, Yen(56_674 + 5_667 - 5_672));
    }

    #[test]
    fn what_was_received_on_either_side_of_a_change_stands_on_lines_of_its_own() {
        let mut items = vec![item(1, LineKind::Unit, 333, false); 3];
        items[0].received_on = day("2026-09-30");
        // domain.md 3.5: 80 % to 30 September 2026, then 70 %.
        let lines = lines_of(&items, |day| tax::deductible_percent(false, day));
        let seen: Vec<_> = lines.iter().map(|one| (one.units, one.deductible_percent)).collect();
        assert_eq!(seen, [(2, 70), (1, 80)]);
        assert_eq!(Totals::of(&lines).tax, Yen(99), "rounded once for the paper all the same");
    }

    #[test]
    fn a_payments_clock_turns_red_five_days_before_and_knows_the_laws_last_day() {
        let one = Statement {
            id: StatementId(1),
            worker_id: WorkerId(1),
            person_id: PersonId(1),
            pay_on: day("2026-12-25"),
            pay_by: day("2026-12-30"),
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
            payable: Yen(1),
            answer: None,
            answered_at: None,
            objection: String::new(),
            paid_on: None,
            paid_by: None,
            undone: 0,
            transfer_file_id: None,
        };
        for (today, clock) in [
            ("2026-12-19", PayClock::Calm),
            ("2026-12-20", PayClock::Near),
            ("2026-12-25", PayClock::Near),
            ("2026-12-26", PayClock::Late),
            ("2026-12-30", PayClock::Late),
            ("2026-12-31", PayClock::Unlawful),
        ] {
            assert_eq!(one.clock(day(today)), clock, "{today}");
        }
        let paid = Statement { paid_on: Some(day("2026-12-24")), paid_by: Some(PersonId(2)), ..one };
        assert_eq!((paid.clock(day("2027-03-01")), paid.state()), (PayClock::Calm, StatementState::Paid));
    }

    proptest! {
        #[test]
        fn what_is_paid_is_the_sum_of_its_lines_and_each_tax_is_rounded_once(
            units in proptest::collection::vec((1i64..4, 1i64..300_000, any::<bool>()), 1..40),
        ) {
            let withheld_from = |job: i64| job % 2 == 0;
            let items: Vec<Item> = units
                .iter()
                .map(|(job, amount, _)| item(*job, LineKind::Unit, *amount, withheld_from(*job)))
                .collect();
            let (lines, sum) = (lines_of(&items, |_day| 70), units.iter().map(|(_, amount, _)| amount).sum::<i64>());
            let totals = Totals::of(&lines);
            prop_assert_eq!(totals.amount, Yen(sum));
            prop_assert_eq!(lines.iter().map(|line| i64::from(line.units)).sum::<i64>(), i64::try_from(units.len()).unwrap());
            prop_assert_eq!(totals.tax.0, sum / 10);
            // 10.21 % up to a million, and of more 102,100 yen and 20.42 % of the rest (domain.md 3.4).
            let base: i64 = units.iter().filter(|(job, ..)| *job == 2).map(|(_, amount, _)| amount).sum();
            let withheld = match base - 1_000_000 {
                more if more > 0 => 102_100 + more * 2042 / 10_000,
                _ => base * 1021 / 10_000,
            };
            prop_assert_eq!((totals.withholding_base.0, totals.withheld.0), (base, withheld));
            prop_assert_eq!(totals.payable.0, sum + sum / 10 - withheld);
        }
    }
}
