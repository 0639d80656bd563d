//! The account a town pays from, what is due on a day, and on which days money goes. No database here.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Checks, Code, Holidays, Invalid, PersonId, Typed, WorkerId, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::bank_accounts::{AccountKind, BankAccount, Banks, fields};

use super::file::PAYER_CHARACTERS;
use crate::statements::StatementId;

kernel::id!(
    /// That a file of transfers was made (振込データ).
    TransferFileId
);

/// The account a town pays from, as its bank knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Payer {
    /// The code that the bank gave the town for its files (振込依頼人コード, 委託者コード), ten digits.
    pub originator_code: String,
    /// Whose account it is, in half-width kana as files have it.
    pub name: String,
    /// The bank's code, four digits.
    pub bank: String,
    /// The branch's code, three digits.
    pub branch: String,
    /// Its kind.
    pub kind: AccountKind,
    /// Its number, seven digits.
    pub number: String,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// Counts changes; an edit names the version it was based on.
    pub version: i32,
}

/// The account a town pays from, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "originator_code": "0000012345", "name": "ミホンチョウ テレワーク", "bank": "0143", "branch": "205",
    "kind": "ordinary", "number": "0000123"
}]))]
pub struct PayerInput {
    /// The code that the bank gave for files of transfers, ten digits; required.
    pub originator_code: Typed,
    /// Whose account it is, in kana as the bank has it; required.
    pub name: Typed,
    /// The bank's code, four digits; required.
    pub bank: Typed,
    /// The branch's code, three digits; required.
    pub branch: Typed,
    /// An [`AccountKind`]'s word; required.
    #[schemars(with = "Option<AccountKind>")]
    pub kind: Typed,
    /// The account's number, up to seven digits; required.
    pub number: Typed,
}

/// [`PayerInput`] that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PayerFields {
    pub(super) originator_code: String,
    pub(super) name: String,
    pub(super) bank: String,
    pub(super) branch: String,
    pub(super) kind: AccountKind,
    pub(super) number: String,
}

impl PayerInput {
    /// What stands now, to be changed.
    pub fn of(payer: &Payer) -> Self {
        Self {
            originator_code: payer.originator_code.as_str().into(),
            name: payer.name.as_str().into(),
            bank: payer.bank.as_str().into(),
            branch: payer.branch.as_str().into(),
            kind: payer.kind.as_str().into(),
            number: payer.number.as_str().into(),
        }
    }

    pub(super) fn checked(&self, banks: &Banks) -> Result<PayerFields, Invalid> {
        let mut checks = Checks::new();
        let originator_code = fields::digits(&mut checks, "originator_code", &self.originator_code, 10..=10);
        let name = fields::kana(&mut checks, "name", &self.name, PAYER_CHARACTERS);
        let (bank, branch) = fields::branch(&mut checks, banks, &self.bank, &self.branch);
        let kind = checks.choice("kind", &self.kind).unwrap_or(AccountKind::Ordinary);
        let number = fields::number(&mut checks, &self.number);
        checks.done(PayerFields { originator_code, name, bank, branch, kind, number })
    }
}

/// Where a payment goes, as far as whoever pays is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Their worker has entered an account.
    Entered,
    /// They have, at a bank or a branch that the list does not know.
    NoBank,
    /// They have entered none.
    Missing,
}

/// A statement that is due, as whoever pays sees it: of its account only whether there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuePayment {
    /// The statement.
    pub statement_id: StatementId,
    /// To which worker.
    pub worker_id: WorkerId,
    /// Who that is.
    pub person_id: PersonId,
    /// What is to be transferred.
    pub payable: Yen,
    /// Where that goes. Whether its bank is known is seen only where accounts are opened.
    pub destination: Destination,
}

/// What is due on a day to everybody but whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDay {
    /// The agreed day.
    pub pay_on: NaiveDate,
    /// Its statements that are not paid and in no file, in the order they were made.
    pub payments: Vec<DuePayment>,
}

impl DueDay {
    /// Who has something to get, by where that goes.
    fn going(&self, destination: Destination) -> impl Iterator<Item = &DuePayment> {
        self.payments.iter().filter(move |one| one.payable > Yen::ZERO && one.destination == destination)
    }

    /// What a file of it holds: whoever has something to get and an account.
    pub(super) fn to_transfer(&self) -> impl Iterator<Item = &DuePayment> {
        self.going(Destination::Entered)
    }

    /// The same with whose account is at a bank or branch that the list does not know.
    pub(super) fn at_known_banks(
        mut self,
        accounts: &BTreeMap<WorkerId, BankAccount>,
        banks: &Banks,
    ) -> Self {
        for one in &mut self.payments {
            if accounts.get(&one.worker_id).is_some_and(|account| banks.lack(&account.bank, &account.branch))
            {
                one.destination = Destination::NoBank;
            }
        }
        self
    }

    /// How many payments a file of it holds, and what they come to.
    pub fn transferable(&self) -> (i64, Yen) {
        (count(self.to_transfer()), self.to_transfer().map(|one| one.payable).sum())
    }

    /// Who has something to get and has entered no account.
    pub fn without_account(&self) -> impl Iterator<Item = &DuePayment> {
        self.going(Destination::Missing)
    }

    /// How many those are.
    pub fn count_without_account(&self) -> i64 {
        count(self.without_account())
    }

    /// Whose account is at a bank or branch that the list does not know.
    pub fn at_no_bank(&self) -> impl Iterator<Item = &DuePayment> {
        self.going(Destination::NoBank)
    }

    /// How many those are.
    pub fn count_at_no_bank(&self) -> i64 {
        count(self.at_no_bank())
    }

    /// How many have something to get that no file takes: both of these.
    pub fn count_left_out(&self) -> i64 {
        self.count_without_account() + self.count_at_no_bank()
    }

    /// How many statements come to nothing, so that nothing is transferred for them.
    pub fn count_of_nothing(&self) -> i64 {
        count(self.payments.iter().filter(|one| one.payable <= Yen::ZERO))
    }
}

fn count<'a>(payments: impl Iterator<Item = &'a DuePayment>) -> i64 {
    i64::try_from(payments.count()).unwrap_or(i64::MAX)
}

/// A file of transfers as it is asked for: what its page showed, so that nothing goes into it that nobody saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransferInput {
    /// The agreed day of the payments; required.
    pub pay_on: Typed,
    /// The day on which the bank moves the money; empty means [`usual_day`].
    pub transfer_on: Typed,
    /// The version of the account it is paid from; required.
    pub payer_version: Typed,
    /// How many payments the file is to hold; required.
    pub payments: Typed,
    /// What they come to, in yen; required.
    pub total: Typed,
    /// How many are left out on purpose because they have no account, or one at a bank that the list does not know; empty means nobody.
    pub leave_out: Typed,
    /// The newest standing file of the day that the page showed; empty means that it showed none.
    pub newest_file: Typed,
}

/// [`TransferInput`] that passed every rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) transfer_on: NaiveDate,
    /// Which version of the paying account, how many payments, and what they came to.
    pub(super) shown: (i64, i64, Yen),
    pub(super) left_out: i64,
}

impl TransferInput {
    /// Whether the page showed this file; what cannot be read shows none.
    pub(super) fn has_seen(&self, file: TransferFileId) -> bool {
        self.newest_file.as_str().trim().parse::<i64>().is_ok_and(|newest| newest >= file.0)
    }

    pub(super) fn pay_on(&self) -> Result<NaiveDate, Invalid> {
        let mut checks = Checks::new();
        let day = checks.date("pay_on", &self.pay_on);
        checks.done(day)
    }

    /// Whoever has no account, or one at no bank, is left out with a word of it, or nothing is made.
    pub(super) fn checked(
        &self,
        due: &DueDay,
        today: NaiveDate,
        holidays: &Holidays,
    ) -> Result<Wanted, Invalid> {
        let mut checks = Checks::new();
        let usual = usual_day(due.pay_on, today, holidays);
        let transfer_on = checks.optional_date("transfer_on", &self.transfer_on).unwrap_or(usual);
        let last = last_day(due.pay_on, today, holidays);
        if transfer_on < today {
            checks.problem("transfer_on", Code::InThePast);
        } else if transfer_on > last {
            checks.bounded("transfer_on", Code::TooLate, last);
        } else if !is_bank_day(transfer_on, holidays) {
            let before = holidays.bank_day_on_or_before(transfer_on);
            checks.bounded("transfer_on", Code::NotABankDay, if before < today { usual } else { before });
        }
        let shown = (
            checks.number("payer_version", &self.payer_version, 0..=i64::from(i32::MAX)),
            checks.number("payments", &self.payments, 0..=i64::from(i32::MAX)),
            Yen(checks.number("total", &self.total, 0..=Yen::MOST.0)),
        );
        let left_out = checks.optional_number("leave_out", &self.leave_out, 0..=i64::from(i32::MAX));
        let left_out = left_out.unwrap_or_default();
        let (without_account, at_no_bank) = (due.count_without_account(), due.count_at_no_bank());
        if at_no_bank > 0 && left_out != due.count_left_out() {
            checks.bounded("leave_out", Code::BanksUnknown, at_no_bank);
        } else if without_account > 0 && left_out == 0 {
            checks.bounded("leave_out", Code::AccountsMissing, without_account);
        }
        checks.done(Wanted { transfer_on, shown, left_out })
    }
}

/// How long after it was due money may still be ordered to go.
const LATE_DAYS: u64 = 7;

/// The day on which the money of `pay_on` goes where nobody says another: the last on or before it on which banks transfer, and once
/// that has passed the next there is.
pub fn usual_day(pay_on: NaiveDate, today: NaiveDate, holidays: &Holidays) -> NaiveDate {
    let agreed = holidays.bank_day_on_or_before(pay_on);
    if agreed >= today {
        return agreed;
    }
    bank_day_from(today, holidays)
}

/// The last day on which it may go: the agreed one, or the next bank day after today where that comes later, because on the day itself
/// many banks take no file for it any more. What is late goes within a week.
pub fn last_day(pay_on: NaiveDate, today: NaiveDate, holidays: &Holidays) -> NaiveDate {
    let usual = usual_day(pay_on, today, holidays);
    if usual <= pay_on {
        pay_on.max(bank_day_from(today + Days::new(1), holidays))
    } else {
        usual + Days::new(LATE_DAYS)
    }
}

fn bank_day_from(first: NaiveDate, holidays: &Holidays) -> NaiveDate {
    first.iter_days().take(30).find(|day| is_bank_day(*day, holidays)).unwrap_or(first)
}

fn is_bank_day(day: NaiveDate, holidays: &Holidays) -> bool {
    holidays.bank_day_on_or_before(day) == day
}

/// That a file of transfers was made. It pays the statements that name it, until it is voided. Neither the file nor an account is
/// kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TransferFile {
    /// Its id.
    pub id: TransferFileId,
    /// The agreed day of the payments.
    pub pay_on: NaiveDate,
    /// The day on which the bank moves the money.
    pub transfer_on: NaiveDate,
    /// How many payments.
    pub payments: i32,
    /// What they come to.
    pub total: Yen,
    /// How many were left out on purpose, because they had entered no account or one at a bank that the list does not know.
    pub without_account: i32,
    /// SHA-256 of the file, hexadecimal: whoever has one can show that it is this one.
    pub sha256: String,
    /// Who made it.
    pub made_by: PersonId,
    /// When.
    pub made_at: DateTime<Utc>,
    /// At which version the paying account stood; none where nobody wrote that down.
    pub payer_version: Option<i32>,
    /// When it was voided, because it was not sent to the bank.
    pub voided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub voided_by: Option<PersonId>,
}

impl TransferFile {
    /// Whether it pays its statements still.
    pub fn stands(&self) -> bool {
        self.voided_at.is_none()
    }
}

/// Where a page of them ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferKey(pub TransferFileId);

/// A file as it is handed out, once. It holds accounts in clear.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeFile {
    /// That it was made.
    pub record: TransferFile,
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for MadeFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MadeFile({}, …)", self.name)
    }
}

#[cfg(test)]
mod tests {
    use kernel::FieldProblem;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due(pay_on: &str, payments: &[(i64, bool)]) -> DueDay {
        let payment = |(number, (payable, has_account)): (i64, &(i64, bool))| DuePayment {
            statement_id: StatementId(number),
            worker_id: WorkerId(number),
            person_id: PersonId(number),
            payable: Yen(*payable),
            destination: if *has_account { Destination::Entered } else { Destination::Missing },
        };
        DueDay { pay_on: day(pay_on), payments: (1..).zip(payments).map(payment).collect() }
    }

    fn asked(transfer_on: &str, leave_out: &str) -> TransferInput {
        TransferInput {
            pay_on: "2026-12-25".into(),
            transfer_on: transfer_on.into(),
            payer_version: "1".into(),
            payments: "1".into(),
            total: "440".into(),
            leave_out: leave_out.into(),
            newest_file: "".into(),
        }
    }

    #[test]
    fn money_goes_on_the_last_bank_day_before_and_what_is_late_on_the_next() {
        let holidays = Holidays::published();
        for (pay_on, today, usual) in [
            ("2026-12-25", "2026-12-01", "2026-12-25"),
            // A Sunday, and the year's end, on which banks rest.
            ("2026-12-27", "2026-12-01", "2026-12-25"),
            ("2026-12-31", "2026-12-01", "2026-12-30"),
            // It has passed, or is too near: Saturday, the day before the new year's rest.
            ("2026-12-25", "2026-12-26", "2026-12-28"),
            ("2026-12-25", "2026-12-31", "2027-01-04"),
        ] {
            assert_eq!(usual_day(day(pay_on), day(today), holidays), day(usual), "{pay_on} on {today}");
        }
    }

    #[test]
    fn a_day_of_transfer_is_one_on_which_banks_work_between_today_and_the_agreed_one() {
        let (today, holidays) = (day("2026-12-16"), Holidays::published());
        let of = |transfer_on: &str| {
            asked(transfer_on, "").checked(&due("2026-12-25", &[(440, true)]), today, holidays)
        };
        assert_eq!(of("").unwrap().transfer_on, day("2026-12-25"));
        assert_eq!(of("2026-12-16").unwrap().transfer_on, today);
        let refused = |transfer_on: &str| of(transfer_on).unwrap_err().0.remove(0);
        assert_eq!(refused("2026-12-15").code, Code::InThePast);
        assert_eq!(refused("2026-12-28").code, Code::TooLate);
        assert_eq!(refused("25.12."), FieldProblem::new("transfer_on", Code::NotADate));
        let closed = FieldProblem::bounded("transfer_on", Code::NotABankDay, day("2026-12-18"));
        assert_eq!(refused("2026-12-20"), closed, "a Sunday, with the bank day before it");
        let late = |transfer_on: &str| {
            asked(transfer_on, "").checked(&due("2026-12-10", &[(440, true)]), today, holidays)
        };
        assert_eq!(late("").unwrap().transfer_on, today);
        assert!(late("2026-12-22").is_ok() && late("2026-12-24").is_err(), "what is late goes within a week");
    }

    #[test]
    fn on_the_pay_day_itself_the_next_bank_day_may_be_chosen_and_never_a_later_one() {
        let holidays = Holidays::published();
        for (pay_on, today, last) in [
            ("2026-12-25", "2026-12-16", "2026-12-25"),
            // A Friday, before a weekend.
            ("2026-12-25", "2026-12-25", "2026-12-28"),
            // A Sunday, looked at on the Friday before.
            ("2026-12-27", "2026-12-25", "2026-12-28"),
            ("2026-12-27", "2026-12-24", "2026-12-27"),
            // It has passed.
            ("2026-12-10", "2026-12-16", "2026-12-23"),
        ] {
            assert_eq!(last_day(day(pay_on), day(today), holidays), day(last), "{pay_on} on {today}");
        }
        let of = |transfer_on: &str| {
            let due = due("2026-12-25", &[(440, true)]);
            asked(transfer_on, "").checked(&due, day("2026-12-25"), holidays)
        };
        assert_eq!(of("2026-12-28").unwrap().transfer_on, day("2026-12-28"));
        assert_eq!(of("").unwrap().transfer_on, day("2026-12-25"), "nobody is late without a word");
        let late = FieldProblem::bounded("transfer_on", Code::TooLate, day("2026-12-28"));
        assert_eq!(of("2026-12-29").unwrap_err().0, [late]);
    }

    #[test]
    fn who_has_no_account_is_left_out_by_their_number_or_named_by_it() {
        let (today, holidays) = (day("2026-12-16"), Holidays::published());
        let day_of = due("2026-12-25", &[(440, true), (880, false), (0, true), (0, false), (330, false)]);
        assert_eq!(day_of.transferable(), (1, Yen(440)));
        assert_eq!((day_of.count_without_account(), day_of.count_of_nothing()), (2, 2));
        let of = |leave_out: &str| asked("", leave_out).checked(&day_of, today, holidays);
        let missing = FieldProblem::bounded("leave_out", Code::AccountsMissing, 2_i64);
        assert_eq!(of("").unwrap_err().0, std::slice::from_ref(&missing));
        assert_eq!(of("0").unwrap_err().0, [missing]);
        assert_eq!(of("2").unwrap().left_out, 2);
    }

    #[test]
    fn who_is_at_no_bank_is_left_out_with_those_who_have_no_account_or_nothing_is_made() {
        let (today, holidays) = (day("2026-12-16"), Holidays::published());
        let mut day_of = due("2026-12-25", &[(440, true), (880, false), (330, true), (0, true)]);
        day_of.payments[2].destination = Destination::NoBank;
        day_of.payments[3].destination = Destination::NoBank;
        assert_eq!((day_of.transferable(), day_of.count_left_out()), ((1, Yen(440)), 2));
        let of = |leave_out: &str| asked("", leave_out).checked(&day_of, today, holidays);
        let unknown = [FieldProblem::bounded("leave_out", Code::BanksUnknown, 1_i64)];
        for said in ["", "0", "1", "3"] {
            assert_eq!(of(said).unwrap_err().0, unknown, "{said}");
        }
        assert_eq!(of("2").unwrap().left_out, 2);
    }

    #[test]
    fn a_paying_account_is_read_as_people_write_it_and_every_wrong_field_is_named() {
        let typed = PayerInput {
            originator_code: "００００-012345".into(),
            name: "みほんちょう　テレワーク".into(),
            bank: "0143".into(),
            branch: "205".into(),
            kind: "current".into(),
            number: "123".into(),
        };
        let fields = typed.checked(&Banks::default()).unwrap();
        assert_eq!((fields.originator_code.as_str(), fields.number.as_str()), ("0000012345", "0000123"));
        assert_eq!(fields.name, "ﾐﾎﾝﾁﾖｳ ﾃﾚﾜ-ｸ");
        let wrong = PayerInput { originator_code: "12345".into(), name: "見本町".into(), ..typed };
        let problems: Vec<_> = wrong
            .checked(&Banks::default())
            .unwrap_err()
            .0
            .into_iter()
            .map(|one| (one.field, one.code))
            .collect();
        assert_eq!(
            problems,
            [("originator_code".to_owned(), Code::TooShort), ("name".to_owned(), Code::NotBankKana)]
        );
        assert_eq!(PayerInput::default().checked(&Banks::default()).unwrap_err().0.len(), 6);
    }
}
