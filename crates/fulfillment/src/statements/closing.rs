//! Closing: what was received by a day and stands on no statement yet goes onto the open statement of its payment, and each
//! statement that got something is issued anew.
//!
//! What a paper says is always worked out from everything that stands on it, so a version is never the one before with
//! something added by hand.

use std::collections::BTreeMap;

use accounts::{organizations, persons};
use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, SmallInt, Text};
use kernel::{JobId, Language, PersonId, TaxRate, WorkerId, Yen};
use workforce::invoice_registrations::{self, RegistrationState};

use super::events::StatementIssued;
use super::model::{
    self, Closing, Item, LineKind, Statement, StatementId, StatementPaper, Totals, VersionCause,
};
use super::typed::CloseInput;
use super::{StatementError, lists, store};
use crate::deductions;
use crate::earnings::EarningKind;
use crate::jobs::PayRule;
use crate::tax;

/// Something that was earned, with all that its payment needs.
#[derive(Debug, QueryableByName)]
struct Earned {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    worker_id: WorkerId,
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = Text)]
    kind: EarningKind,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    original_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Bool)]
    is_withheld: bool,
}

impl Earned {
    fn rule(&self) -> PayRule {
        PayRule::stored(self.pay_day, self.fixed_pay_on)
    }

    fn pay_on(&self) -> NaiveDate {
        self.rule().of_receipt(self.received_on)
    }

    /// The last day the law allows.
    fn pay_by(&self) -> NaiveDate {
        self.rule().last_of_receipt(self.received_on, self.original_pay_on)
    }

    fn item(&self) -> Item {
        Item {
            kind: match self.kind {
                EarningKind::Unit => LineKind::Unit,
                EarningKind::Fix => LineKind::Fix,
                EarningKind::Compensation => LineKind::Compensation,
                EarningKind::Share => LineKind::Share,
            },
            job_id: self.job_id,
            title: self.title.clone(),
            amount: self.amount,
            is_withheld: self.is_withheld,
            received_on: self.received_on,
        }
    }
}

/// Earnings with their jobs' newest decision about tax; to be followed by a condition.
const EARNED: &str = "SELECT e.id, t.worker_id, e.person_id, e.kind, e.amount, e.received_on, e.pay_day, e.fixed_pay_on, \
         j.original_pay_on, j.id AS job_id, j.title, COALESCE((SELECT w.withheld FROM job_withholdings w \
             WHERE w.job_id = j.id ORDER BY w.number DESC LIMIT 1), false) AS is_withheld \
     FROM earnings e JOIN units u ON u.id = e.unit_id JOIN jobs j ON j.id = u.job_id \
     JOIN terms_notices t ON t.id = e.terms_notice_id";

/// Closes everything received by a day. Whatever was closed before stays on its statement, so closing a day twice adds only
/// what became certain meanwhile. Jobs of which nobody has said what kind of work they are wait for a later closing, and this one
/// says how many those are.
pub fn close(tx: &mut Tx<'_>, input: &CloseInput) -> Result<Closing, StatementError> {
    let by = crate::acting_person(tx)?;
    let closed_on = input.checked(crate::today(tx))?;
    store::one_at_a_time(tx)?;
    let waiting = unclosed(tx, closed_on)?;
    let left = lists::undecided(tx, closed_on)?;
    if waiting.is_empty() {
        return Err(if left.0 > 0 { StatementError::Undecided } else { StatementError::NothingToClose });
    }
    let amount: Yen = waiting.iter().map(|earned| earned.amount).sum();
    let payments = by_payment(waiting);
    for ((worker, pay_on), earned) in &payments {
        let person = earned.first().map(|one| one.person_id).ok_or(DbError::NotFound)?;
        let pay_by = earned.iter().map(Earned::pay_by).min().unwrap_or(*pay_on);
        let open = store::open_of(tx, (*worker, person), *pay_on, pay_by)?;
        let ids: Vec<i64> = earned.iter().map(|one| one.id).collect();
        store::take(tx, &open, &ids)?;
        let cause = if open.version == 0 { VersionCause::First } else { VersionCause::Added };
        issue(tx, &open, closed_on, (cause, ""))?;
    }
    Ok(store::insert_closing(tx, closed_on, by, (payments.len(), amount), left)?)
}

fn unclosed(tx: &mut Tx<'_>, closed_on: NaiveDate) -> Result<Vec<Earned>, DbError> {
    Ok(db::prepared(format!(
        "{EARNED} WHERE e.received_on <= $1 \
             AND NOT EXISTS (SELECT 1 FROM statement_earnings s WHERE s.earning_id = e.id) \
             AND EXISTS (SELECT 1 FROM job_withholdings w WHERE w.job_id = j.id) ORDER BY e.id"
    ))
    .bind::<Date, _>(closed_on)
    .load(tx.conn())?)
}

fn by_payment(earned: Vec<Earned>) -> BTreeMap<(WorkerId, NaiveDate), Vec<Earned>> {
    let mut payments: BTreeMap<(WorkerId, NaiveDate), Vec<Earned>> = BTreeMap::new();
    for one in earned {
        payments.entry((one.worker_id, one.pay_on())).or_default().push(one);
    }
    payments
}

/// Issues the next version of a statement from everything that stands on it, and tells its worker.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    statement: &Statement,
    closed_on: NaiveDate,
    why: (VersionCause, &str),
) -> Result<Statement, DbError> {
    let earned = standing_on(tx, statement.id)?;
    let mut items: Vec<Item> = earned.iter().map(Earned::item).collect();
    items.extend(deductions::items(tx, statement.id)?);
    let paper = draw_up(tx, statement, closed_on, why, &items)?;
    let digest = model::digest(statement.id, &paper);
    let pay_by = earned.iter().map(Earned::pay_by).min().unwrap_or(statement.pay_by);
    let issued = store::issue(tx, statement.id, pay_by, &paper, digest)?;
    queue::record(
        tx,
        &StatementIssued {
            statement: issued.id,
            version: issued.version,
            person: issued.person_id,
            closed_on,
            pay_on: issued.pay_on,
            payable: issued.payable,
        },
    )?;
    Ok(issued)
}

fn standing_on(tx: &mut Tx<'_>, id: StatementId) -> Result<Vec<Earned>, DbError> {
    Ok(db::prepared(format!(
        "{EARNED} JOIN statement_earnings s ON s.earning_id = e.id WHERE s.statement_id = $1 ORDER BY e.id"
    ))
    .bind::<BigInt, _>(id)
    .load(tx.conn())?)
}

/// The paper. Whether its worker is registered, and how much of the tax the town may deduct, goes by the day on which each piece of
/// work was received: that is the day of the supply, and closing it later changes nothing.
fn draw_up(
    tx: &mut Tx<'_>,
    statement: &Statement,
    closed_on: NaiveDate,
    (cause, reason): (VersionCause, &str),
    items: &[Item],
) -> Result<StatementPaper, DbError> {
    let issued_by = crate::acting_person(tx)?;
    let town = organizations::find(tx)?;
    let worker = persons::find(tx, statement.person_id)?;
    let answers = invoice_registrations::of_worker(tx, statement.worker_id)?;
    let newest = answers.into_iter().next();
    let is_registered = |day: NaiveDate| {
        newest.as_ref().is_some_and(|one| one.state_on(day) == RegistrationState::Registered)
    };
    let lines = model::lines_of(items, |day| tax::deductible_percent(is_registered(day), day));
    let was_registered = items.iter().any(|item| is_registered(item.received_on));
    let number = newest.as_ref().filter(|_| was_registered).and_then(|one| one.number.clone());
    let totals = Totals::of(&lines);
    Ok(StatementPaper {
        number: statement.version + 1,
        cause,
        reason: reason.to_owned(),
        closed_on,
        orderer_name: town.legal_name,
        orderer_address: town.postal_address,
        worker_name: worker.name_in(Language::Ja),
        registration_number: number.unwrap_or_default(),
        amount: totals.amount,
        withholding_base: totals.withholding_base,
        tax_rate: TaxRate::STANDARD,
        tax: totals.tax,
        withheld: totals.withheld,
        payable: totals.payable,
        sha256: String::new(),
        issued_at: tx.now(),
        issued_by,
        lines,
    })
}
