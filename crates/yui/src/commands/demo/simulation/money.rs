//! What comes after the month: pay is closed, answered and transferred, and the client is asked and pays, the last time too late.
//! What goes wrong in an office goes wrong here: nobody has said what kind of work one job is, a payment is noted that was none,
//! somebody objects, a fault costs something, an invoice is wrong and is returned.

use chrono::{Days, NaiveDate};
use fulfillment::credits::{self, CreditInput, CreditLineInput};
use fulfillment::deductions::{self, DecideDeductionInput, DeductionInput};
use fulfillment::invoices::{self, BillInput, Invoice, InvoiceError, PaymentInput};
use fulfillment::statements::{
    self, AnswerInput, CloseInput, CorrectInput, PaidDayInput, PaidInput, Statement, StatementError,
    StatementFilter, UndoPaymentInput,
};
use fulfillment::tax::WorkKind;
use fulfillment::withholdings::{self, WithholdingInput};
use kernel::{JobId, Paging};

use super::month::{HOUR, Month};
use super::scenario::Order;
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
        let translates = skill.is_some_and(|name| name == "translation");
        let kind = if translates { WorkKind::Translation } else { WorkKind::DataEntry };
        let input = WithholdingInput { kind: kind.as_str().into(), ..WithholdingInput::default() };
        self.town.stage.act(self.town.coordinator, |tx| withholdings::decide(tx, job, &input))?;
        Ok(())
    }

    /// Closes, asks and pays month by month until nothing is left.
    pub(super) fn settle(&mut self) -> Result<(), Stop> {
        let coordinator = self.town.coordinator;
        let first_day = self.date(self.scenario.days) + Days::new(1);
        let mut asked = Vec::new();
        for month in self.town.stage.act(coordinator, statements::waiting)? {
            let day = (month.month_end + Days::new(CLOSED_AFTER)).max(first_day);
            self.town.stage.turn_to(day, 10 * HOUR);
            self.close_month(month.month_end)?;
            let issued = self.ask_client(month.month_end)?;
            asked.extend(if asked.is_empty() { self.put_right(issued, month.month_end)? } else { issued });
            self.go_wrong()?;
            self.pay()?;
        }
        self.take_in(&asked)?;
        self.react()
    }

    /// Closes what can be closed, says what was missing for the rest, and closes that.
    fn close_month(&self, month_end: NaiveDate) -> Result<(), Stop> {
        let stage = &self.town.stage;
        let input = CloseInput { closed_on: month_end.to_string().into() };
        let close = || {
            stage.act(self.town.coordinator, |tx| match statements::close(tx, &input) {
                Err(StatementError::Undecided | StatementError::NothingToClose) => Ok(()),
                closed => closed.map(|_closing| ()),
            })
        };
        close()?;
        stage.wait(1);
        for job in stage.act(self.town.coordinator, |tx| statements::undecided_jobs(tx, month_end))? {
            let number = self.orders.iter().find(|(_, one)| one.job == job.id).map(|(number, _)| *number);
            if let Some(order) = number.and_then(|number| self.scenario.orders.get(number)) {
                self.say_kind(order, job.id)?;
            }
        }
        stage.wait(1);
        close()
    }

    fn ask_client(&self, month_end: NaiveDate) -> Result<Vec<Invoice>, Stop> {
        let input = BillInput {
            company_id: self.town.company.to_string().into(),
            closed_on: month_end.to_string().into(),
        };
        self.town.stage.act(self.town.coordinator, |tx| match invoices::bill_all(tx, &input) {
            Err(InvoiceError::NothingToBill) => Ok(Vec::new()),
            issued => issued,
        })
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
        let anew = self.ask_client(month_end)?;
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
        for (place, one) in self.unpaid()?.into_iter().enumerate() {
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
                    let undo = UndoPaymentInput { payment: "1".into(), reason: reason.into() };
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

    /// Transfers what is due, each on its day.
    fn pay(&self) -> Result<(), Stop> {
        let (stage, coordinator) = (&self.town.stage, self.town.coordinator);
        for day in stage.act(coordinator, statements::unpaid_days)? {
            stage.turn_to(day.pay_on, 11 * HOUR);
            let paid = PaidDayInput {
                pay_on: day.pay_on.to_string().into(),
                statements: day.statements.to_string().into(),
                payable: day.payable.0.to_string().into(),
                paid_on: String::new().into(),
            };
            stage.act(coordinator, |tx| statements::pay_all(tx, &paid))?;
        }
        Ok(())
    }

    /// The client pays on the day, and the last invoice a month late and in two parts.
    fn take_in(&self, asked: &[Invoice]) -> Result<(), Stop> {
        let stage = &self.town.stage;
        let Some(last) = asked.iter().map(|invoice| invoice.due_on).max() else { return Ok(()) };
        stage.turn_to(last + Days::new(30), 9 * HOUR);
        let comes_in = |invoice: &Invoice, amount: i64, day: NaiveDate| {
            let input = PaymentInput {
                received_on: day.to_string().into(),
                amount: amount.to_string().into(),
                ..PaymentInput::default()
            };
            stage.act(self.town.coordinator, |tx| invoices::receive(tx, invoice.id, &input))
        };
        for invoice in asked {
            let rest = stage.act(self.town.coordinator, |tx| invoices::find(tx, invoice.id))?.rest().0;
            if invoice.due_on < last {
                comes_in(invoice, rest, invoice.due_on)?;
            } else {
                comes_in(invoice, 1, invoice.due_on + Days::new(3))?;
                comes_in(invoice, rest - 1, invoice.due_on + Days::new(30))?;
            }
        }
        Ok(())
    }
}
