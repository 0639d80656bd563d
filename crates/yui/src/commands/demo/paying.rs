//! What the demo town has paid: every month up to the last one is closed, what is due is paid, and most workers have confirmed
//! what comes next. Amounts are invented as the orders' are. It is the past: nobody is mailed about it, and nobody whom no
//! mail reaches has to be called about it.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use fulfillment::credits::{self, CreditInput, CreditLineInput};
use fulfillment::invoices::{self, BillInput, Invoice, InvoiceError, PaymentInput};
use fulfillment::statements::{
    self, AnswerInput, CloseInput, PaidDayInput, StatementError, StatementFilter, last_month_end,
};
use fulfillment::tax::WorkKind;
use fulfillment::transfers::{self, TransferError, TransferInput};
use fulfillment::withholdings::{self, WithholdingInput};
use kernel::{CompanyId, Holidays, Paging};
use workforce::bank_accounts::Banks;
use workforce::sealing::SealingKeys;

use super::calendar::before;
use super::stage::Stage;
use crate::Stop;

/// Who closes and pays.
const COORDINATOR: &str = "coordinator";

/// What a job's title says of its kind of work; whatever names none of these is typed in.
const KINDS: [(&[&str], WorkKind); 5] = [
    (&["記事", "説明文", "案内文"], WorkKind::Manuscript),
    (&["翻訳", "ranslation", "Review"], WorkKind::Translation),
    (&["校正"], WorkKind::Proofreading),
    (&["写真", "組版"], WorkKind::Design),
    (&["録音", "文字起こし"], WorkKind::Transcription),
];

/// Closes and pays, month by month, what was received up to the month before last.
pub(super) fn past(stage: &Stage, keys: &SealingKeys) -> Result<(), Stop> {
    stage.turn_to(before(stage.today, 1), 17 * 60);
    say_kinds(stage)?;
    let coordinator = stage.who(COORDINATOR)?;
    let last = last_month_end(stage.today);
    for month in stage.act(coordinator, statements::waiting)? {
        if month.month_end < last {
            stage.turn_to(following(month.month_end), 10 * 60);
            close_by(stage, month.month_end)?;
        }
    }
    pay_what_is_due(stage, keys)
}

/// Closes last month, and this one up to yesterday where all of that is paid by now, so that something waits to be paid. The
/// stage stands on the evening before today afterwards.
pub(super) fn last_month(stage: &Stage, keys: &SealingKeys) -> Result<(), Stop> {
    let (last, yesterday) = (last_month_end(stage.today), before(stage.today, 1));
    stage.turn_to(following(last).min(yesterday), 10 * 60);
    close_by(stage, last)?;
    pay_what_is_due(stage, keys)?;
    stage.turn_to(yesterday, 17 * 60);
    if stage.act(stage.who(COORDINATOR)?, statements::count_unpaid)?.0 == 0 {
        close_by(stage, yesterday)?;
    }
    confirm(stage)?;
    ask_clients(stage)
}

/// What was accepted is asked for month by month up to the last. Whose day has passed has paid, but for the last of them, who is
/// late. Of the newest, which is not due yet, a little is returned.
fn ask_clients(stage: &Stage) -> Result<(), Stop> {
    let (coordinator, yesterday) = (stage.who(COORDINATOR)?, before(stage.today, 1));
    let waiting = stage.act(coordinator, invoices::unbilled)?;
    let Some(first) = waiting.iter().map(|client| client.since).min() else { return Ok(()) };
    let mut closed_on = last_month_end(first + Months::new(1));
    let mut asked = Vec::new();
    while closed_on <= last_month_end(stage.today) {
        stage.turn_to(following(closed_on).min(yesterday), 14 * 60);
        for client in waiting.iter().filter(|client| client.since <= closed_on) {
            asked.extend(bill(stage, client.company_id, closed_on)?);
        }
        closed_on = last_month_end(closed_on + Months::new(2));
    }
    stage.turn_to(yesterday, 17 * 60);
    if let Some(newest) = asked.iter().rfind(|invoice| invoice.due_on > yesterday) {
        return_some(stage, newest)?;
    }
    asked.retain(|invoice| invoice.due_on <= yesterday);
    asked.sort_by_key(|invoice| (invoice.due_on, std::cmp::Reverse(invoice.total)));
    let _late = asked.pop();
    for invoice in &asked {
        let paid = PaymentInput {
            amount: invoice.total.0.to_string().into(),
            received_on: invoice.due_on.to_string().into(),
            ..PaymentInput::default()
        };
        stage.act(coordinator, |tx| invoices::receive(tx, invoice.id, &paid))?;
    }
    Ok(())
}

/// A little too much was asked for: what a talk about the price came to, and was forgotten.
fn return_some(stage: &Stage, invoice: &Invoice) -> Result<(), Stop> {
    let part = CreditInput {
        reason: "打合せで決めた端数の値引きを入れていなかったため（例）".into(),
        lines: vec![CreditLineInput { position: "1".into(), amount: "500".into() }],
        ..CreditInput::default()
    };
    stage.act(stage.who(COORDINATOR)?, |tx| credits::issue(tx, invoice.id, &part)).map(drop)
}

fn bill(stage: &Stage, company: CompanyId, closed_on: NaiveDate) -> Result<Vec<Invoice>, Stop> {
    let input = BillInput { company_id: company.to_string().into(), closed_on: closed_on.to_string().into() };
    stage.act(stage.who(COORDINATOR)?, |tx| match invoices::bill_all(tx, &input) {
        Err(InvoiceError::NothingToBill) => Ok(Vec::new()),
        issued => issued,
    })
}

/// Some days after a month's end, when most of it is inspected.
fn following(month_end: NaiveDate) -> NaiveDate {
    month_end + chrono::Days::new(5)
}

fn say_kinds(stage: &Stage) -> Result<(), Stop> {
    let coordinator = stage.who(COORDINATOR)?;
    let today = stage.today;
    for job in stage.act(coordinator, |tx| statements::undecided_jobs(tx, today))? {
        let kind = kind_of(&job.title);
        let (withheld, reason) = match kind.is_withheld() {
            Some(_) => ("", ""),
            None => ("no", "税務署に確認し、源泉徴収の対象でないと回答があったため(例)"),
        };
        let input =
            WithholdingInput { kind: kind.as_str().into(), withheld: withheld.into(), reason: reason.into() };
        stage.act(coordinator, |tx| withholdings::decide(tx, job.id, &input))?;
    }
    Ok(())
}

fn kind_of(title: &str) -> WorkKind {
    let named = KINDS.iter().find(|(words, _)| words.iter().any(|word| title.contains(word)));
    named.map_or(WorkKind::DataEntry, |(_, kind)| *kind)
}

fn close_by(stage: &Stage, closed_on: NaiveDate) -> Result<(), Stop> {
    let input = CloseInput { closed_on: closed_on.to_string().into() };
    stage.act(stage.who(COORDINATOR)?, |tx| match statements::close(tx, &input) {
        Ok(_) | Err(StatementError::NothingToClose) => Ok(()),
        Err(error) => Err(error),
    })
}

/// Pays, each on its day, what is due by the stage's yesterday: those with an account by a file, the others by hand.
fn pay_what_is_due(stage: &Stage, keys: &SealingKeys) -> Result<(), Stop> {
    let coordinator = stage.who(COORDINATOR)?;
    let until = before(stage.today, 1);
    let open = stage.act(coordinator, statements::unpaid_days)?;
    let due: BTreeSet<NaiveDate> = open.iter().map(|day| day.pay_on).filter(|day| *day <= until).collect();
    for pay_on in due {
        stage.turn_to(Holidays::published().bank_day_on_or_before(pay_on), 9 * 60);
        make_file(stage, keys, pay_on)?;
    }
    let days = stage.act(coordinator, statements::unpaid_days)?;
    for day in days.into_iter().filter(|day| day.pay_on <= until) {
        stage.turn_to(day.pay_on, 11 * 60);
        let paid = PaidDayInput {
            pay_on: day.pay_on.to_string().into(),
            transfer_file_id: day.transfer_file_id.map(|file| file.to_string()).unwrap_or_default().into(),
            statements: day.statements.to_string().into(),
            payable: day.payable.0.to_string().into(),
            paid_on: day.pay_on.to_string().into(),
        };
        stage.act(coordinator, |tx| statements::pay_all(tx, &paid))?;
    }
    Ok(())
}

/// The file of a day as its page shows it, without those who have entered no account.
fn make_file(stage: &Stage, keys: &SealingKeys, pay_on: NaiveDate) -> Result<(), Stop> {
    let coordinator = stage.who(COORDINATOR)?;
    let (due, payer, files) = stage.act(coordinator, |tx| -> Result<_, TransferError> {
        let payer = transfers::payer(tx)?.ok_or(TransferError::NoPayer)?;
        Ok((transfers::due(tx, pay_on)?, payer, transfers::files_of_day(tx, pay_on)?))
    })?;
    let (payments, total) = due.transferable();
    if payments == 0 {
        return Ok(());
    }
    let shown = TransferInput {
        pay_on: pay_on.to_string().into(),
        payer_version: payer.version.to_string().into(),
        payments: payments.to_string().into(),
        total: total.0.to_string().into(),
        leave_out: due.count_left_out().to_string().into(),
        newest_file: files.first().map(|file| file.id.to_string()).unwrap_or_default().into(),
        ..TransferInput::default()
    };
    stage.act(coordinator, |tx| transfers::make(tx, keys, &Banks::default(), &shown)).map(drop)
}

/// Everybody but one has looked at what is to be paid next.
fn confirm(stage: &Stage) -> Result<(), Stop> {
    let coordinator = stage.who(COORDINATOR)?;
    let open = stage.act(coordinator, |tx| {
        statements::list(tx, StatementFilter::Unpaid, None, &Paging::first(Paging::<()>::MOST))
    })?;
    let workers: BTreeSet<_> = open.items.iter().map(|one| one.worker_id).collect();
    let silent = workers.first().copied();
    for one in open.items.iter().filter(|one| Some(one.worker_id) != silent) {
        let right = AnswerInput {
            version: one.version.to_string().into(),
            answer: "confirmed".into(),
            ..AnswerInput::default()
        };
        stage.act(one.person_id, |tx| statements::answer(tx, one.id, &right))?;
    }
    Ok(())
}
