//! What comes after the month: pay is closed, answered and transferred, and the client is asked and pays, the last time too late.
//! What goes wrong in an office goes wrong here: nobody has said what kind of work one job is, a payment is noted that was none,
//! somebody objects, a fault costs something, an invoice is wrong and is returned.

use chrono::{Days, NaiveDate};
use fulfillment::credits::{self, CreditInput, CreditLineInput};
use fulfillment::deductions::{self, DecideDeductionInput, DeductionInput};
use fulfillment::invoices::{self, BillInput, Invoice, InvoiceError, PaymentInput};
use fulfillment::statements::{
    self, AnswerInput, CloseInput, CorrectInput, PaidDayInput, PaidInput, Statement, StatementError,
    StatementFilter, UndoPaymentInput, Waiting,
};
use fulfillment::tax::WorkKind;
use fulfillment::withholdings::{self, WithholdingInput};
use kernel::{CompanyId, JobId, Paging};

use super::month::{HOUR, Month};
use super::scenario::Order;
use super::town::Town;
use crate::Stop;

/// How many days after a month's end it is closed.
const CLOSED_AFTER: u64 = 5;

impl Month<'_> {
    /// Says what kind of work a job is. Of the last order's nobody says it before it is missed.
    pub(super) fn say_kind_in_time(&self, number: usize, order: &Order, job: JobId) -> Result<(), Stop> {
        if number + 1 < self.scenario.orders.len() { self.say_kind(order, job) } else { Ok(()) }
    }

    fn say_kind(&self, order: &Order, job: JobId) -> Result<(), Stop> {
        let skill = order.skill.and_then(|skill| self.scenario.skills.get(skill));
        self.town.say_kind(job, skill.is_some_and(|name| name == "translation"))
    }

    /// Closes, asks and pays month by month until nothing is left.
    pub(super) fn settle(&mut self) -> Result<(), Stop> {
        let (town, mut is_first) = (&self.town, true);
        let asked = self.close_months(town, |month_end| {
            self.close_month(month_end)?;
            let mut issued = town.ask(town.client.company, month_end)?;
            if is_first {
                issued = self.put_right(issued, month_end)?;
                is_first = issued.is_empty();
            }
            if let Some(up) = &self.upstream {
                issued.extend(town.ask(up.client.company, month_end)?);
            }
            self.go_wrong()?;
            Ok(issued)
        })?;
        self.take_in(&asked)?;
        self.react()
    }

    /// Closes a town's months one after another, some days after each, and pays what is due before the next; gives the invoices
    /// that `close` issued.
    pub(super) fn close_months(
        &self,
        town: &Town,
        mut close: impl FnMut(NaiveDate) -> Result<Vec<Invoice>, Stop>,
    ) -> Result<Vec<Invoice>, Stop> {
        let first_day = self.date(self.scenario.days) + Days::new(1);
        let day_of = |month: &Waiting| (month.month_end + Days::new(CLOSED_AFTER)).max(first_day);
        let months = town.stage.act(town.coordinator, statements::waiting)?;
        let mut asked = Vec::new();
        for (place, month) in months.iter().enumerate() {
            town.stage.turn_to(day_of(month), 10 * HOUR);
            asked.extend(close(month.month_end)?);
            town.pay(months.get(place + 1).map(day_of))?;
        }
        Ok(asked)
    }

    /// Closes what can be closed, says what was missing for the rest, and closes that.
    fn close_month(&self, month_end: NaiveDate) -> Result<(), Stop> {
        let stage = &self.town.stage;
        self.town.close(month_end)?;
        stage.wait(1);
        for job in stage.act(self.town.coordinator, |tx| statements::undecided_jobs(tx, month_end))? {
            let number = self.orders.iter().find(|(_, one)| one.has(job.id)).map(|(number, _)| *number);
            if let Some(order) = number.and_then(|number| self.scenario.orders.get(number)) {
                self.say_kind(order, job.id)?;
            }
        }
        stage.wait(1);
        self.town.close(month_end)
    }

    /// On the first invoice all was wrong: it is returned and its work asked for anew. Of the new one ten yen were too much. Gives those
    /// that are to be paid.
    fn put_right(&self, issued: Vec<Invoice>, month_end: NaiveDate) -> Result<Vec<Invoice>, Stop> {
        let (stage, coordinator) = (&self.town.stage, self.town.coordinator);
        let mut standing = issued.into_iter();
        let Some(wrong) = standing.next() else { return Ok(Vec::new()) };
        stage.wait(1);
        let whole = CreditInput {
            reason: "請求先の部署がちがっていた".into(),
            whole: "yes".into(),
            lines: Vec::new(),
        };
        stage.act(coordinator, |tx| credits::issue(tx, wrong.id, &whole))?;
        stage.wait(1);
        let anew = self.town.ask(self.town.client.company, month_end)?;
        if let Some(one) = anew.last() {
            let ten = CreditLineInput { position: "1".into(), amount: "10".into() };
            let part =
                CreditInput {
                    reason: "端数の値引き".into(), whole: String::new().into(), lines: vec![ten]
                };
            stage.act(coordinator, |tx| credits::issue(tx, one.id, &part))?;
        }
        Ok(standing.chain(anew).collect())
    }

    fn unpaid(&self) -> Result<Vec<Statement>, Stop> {
        let paging = Paging::first(100);
        let list = |tx: &mut db::Tx<'_>| statements::list(tx, StatementFilter::Unpaid, None, &paging);
        Ok(self.town.stage.act(self.town.coordinator, list)?.items)
    }

    /// A payment that was none, an objection and its correction, and a deduction; everybody else says that theirs is right.
    fn go_wrong(&self) -> Result<(), Stop> {
        let (stage, coordinator) = (&self.town.stage, self.town.coordinator);
        let unanswered = self.unpaid()?.into_iter().filter(|one| one.answer.is_none());
        for (place, one) in unanswered.enumerate() {
            stage.wait(1);
            let says = |answer: &str, objection: &str| AnswerInput {
                version: one.version.to_string().into(),
                answer: answer.into(),
                objection: objection.into(),
            };
            match place {
                0 => {
                    let paid = PaidInput { version: one.version.to_string().into(), ..PaidInput::default() };
                    stage.act(coordinator, |tx| statements::pay(tx, one.id, &paid))?;
                    stage.wait(1);
                    let reason = "別の人の振込を取り違えて記録した";
                    let undo = UndoPaymentInput {
                        payment: "1".into(),
                        reason: reason.into(),
                        ..UndoPaymentInput::default()
                    };
                    stage.act(coordinator, |tx| statements::undo_payment(tx, one.id, &undo))?;
                }
                1 => {
                    let objection = says("objected", "名前の字がちがいます。");
                    stage.act(one.person_id, |tx| statements::answer(tx, one.id, &objection))?;
                    let corrected = CorrectInput { reason: "氏名の字を直した".into() };
                    stage.act(coordinator, |tx| statements::correct(tx, one.id, &corrected))?;
                }
                _ => {
                    stage.act(one.person_id, |tx| statements::answer(tx, one.id, &says("confirmed", "")))?;
                }
            }
        }
        self.deduct()
    }

    /// For the first fault on record somebody asks for a deduction, and somebody else agrees.
    fn deduct(&self) -> Result<(), Stop> {
        let (stage, coordinator, [second, _]) = (&self.town.stage, self.town.coordinator, self.town.checkers);
        for one in self.unpaid()? {
            let faults = stage.act(coordinator, |tx| deductions::faults(tx, one.id))?;
            let Some(fault) = faults.first() else { continue };
            stage.wait(1);
            let asked = DeductionInput {
                review_id: fault.review_id.to_string().into(),
                amount: "100".into(),
                reason: "見本と違うままの提出".into(),
                ground: "value_lost".into(),
                basis: "お客様の値引き100円".into(),
                agreed_on: fault.found_on.max(self.scenario.begins_on).to_string().into(),
            };
            let asked = stage.act(coordinator, |tx| deductions::ask(tx, one.id, &asked))?;
            let yes = DecideDeductionInput { approve: "yes".into() };
            stage.act(second, |tx| deductions::decide(tx, asked.id, &yes))?;
            return Ok(());
        }
        Ok(())
    }

    /// Clients pay on the day; the town's own pays its last invoice a month late and in two parts.
    fn take_in(&self, asked: &[Invoice]) -> Result<(), Stop> {
        let is_own = |invoice: &Invoice| invoice.company_id == self.town.client.company;
        let Some(last) = asked.iter().map(|invoice| invoice.due_on).max() else { return Ok(()) };
        let last_own = asked.iter().filter(|invoice| is_own(invoice)).map(|invoice| invoice.due_on).max();
        self.town.stage.turn_to(last + Days::new(30), 9 * HOUR);
        for invoice in asked {
            if is_own(invoice) && Some(invoice.due_on) == last_own {
                self.town.receive(invoice, Some(1), invoice.due_on + Days::new(3))?;
                self.town.receive(invoice, None, invoice.due_on + Days::new(30))?;
            } else {
                self.town.receive(invoice, None, invoice.due_on)?;
            }
        }
        Ok(())
    }
}

impl Town {
    /// Says what kind of work a job is.
    pub(super) fn say_kind(&self, job: JobId, translates: bool) -> Result<(), Stop> {
        let kind = if translates { WorkKind::Translation } else { WorkKind::DataEntry };
        let input = WithholdingInput { kind: kind.as_str().into(), ..WithholdingInput::default() };
        self.stage.act(self.coordinator, |tx| withholdings::decide(tx, job, &input)).map(drop)
    }

    /// Closes what can be closed of a month.
    pub(super) fn close(&self, month_end: NaiveDate) -> Result<(), Stop> {
        let input = CloseInput { closed_on: month_end.to_string().into() };
        self.stage.act(self.coordinator, |tx| match statements::close(tx, &input) {
            Err(StatementError::Undecided | StatementError::NothingToClose) => Ok(()),
            closed => closed.map(|_closing| ()),
        })
    }

    /// Asks a client for what they accepted by a day.
    pub(super) fn ask(&self, company: CompanyId, closed_on: NaiveDate) -> Result<Vec<Invoice>, Stop> {
        let input =
            BillInput { company_id: company.to_string().into(), closed_on: closed_on.to_string().into() };
        self.stage.act(self.coordinator, |tx| match invoices::bill_all(tx, &input) {
            Err(InvoiceError::NothingToBill) => Ok(Vec::new()),
            issued => issued,
        })
    }

    /// Transfers what is due, each on its day; with `before`, only what is due before that day.
    fn pay(&self, before: Option<NaiveDate>) -> Result<(), Stop> {
        for day in self.stage.act(self.coordinator, statements::unpaid_days)? {
            if before.is_some_and(|before| day.pay_on >= before) {
                continue;
            }
            self.stage.turn_to(day.pay_on, 11 * HOUR);
            let paid = PaidDayInput {
                pay_on: day.pay_on.to_string().into(),
                transfer_file_id: day
                    .transfer_file_id
                    .map(|file| file.to_string())
                    .unwrap_or_default()
                    .into(),
                statements: day.statements.to_string().into(),
                payable: day.payable.0.to_string().into(),
                paid_on: String::new().into(),
            };
            self.stage.act(self.coordinator, |tx| statements::pay_all(tx, &paid))?;
        }
        Ok(())
    }

    /// So much of an invoice comes in on a day, or all that is left of it.
    pub(super) fn receive(&self, invoice: &Invoice, amount: Option<i64>, day: NaiveDate) -> Result<(), Stop> {
        let rest = self.stage.act(self.coordinator, |tx| invoices::find(tx, invoice.id))?.rest().0;
        let input = PaymentInput {
            received_on: day.to_string().into(),
            amount: amount.unwrap_or(rest).to_string().into(),
            ..PaymentInput::default()
        };
        self.stage.act(self.coordinator, |tx| invoices::receive(tx, invoice.id, &input)).map(drop)
    }
}
