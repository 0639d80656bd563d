//! Reading statements: one with its paper, pages for those who pay and for whoever is paid, and what waits to be closed.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use kernel::{JobId, Page, Paging, PersonId, WorkerId, Yen};

use super::model::{
    Closing, Statement, StatementAnswer, StatementFilter, StatementId, StatementKey, StatementLine,
    StatementPaper, UndecidedJob, UndonePayment, UnpaidDay, Waiting,
};
use super::store::{ClosingRow, LineRow, PaperRow, StatementRow, unpaid_to_others};
use crate::jobs::PayRule;
use crate::schema::{
    pay_closings, statement_lines, statement_undone_payments, statement_versions, statements,
};
use crate::transfers::TransferFileId;

/// One statement; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: StatementId) -> Result<Statement, DbError> {
    let row: StatementRow =
        statements::table.filter(statements::id.eq(id)).select(StatementRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// One of the acting person's own; [`DbError::NotFound`] for anybody else's.
pub fn mine(tx: &mut Tx<'_>, id: StatementId) -> Result<Statement, DbError> {
    let person = crate::acting_person(tx)?;
    let statement = find(tx, id)?;
    if statement.person_id == person { Ok(statement) } else { Err(DbError::NotFound) }
}

/// What a version of a statement says; the newest where none is named.
pub fn paper(tx: &mut Tx<'_>, id: StatementId, number: Option<i32>) -> Result<StatementPaper, DbError> {
    let mut query = statement_versions::table
        .filter(statement_versions::statement_id.eq(id))
        .order(statement_versions::number.desc())
        .select(PaperRow::as_select())
        .into_boxed();
    if let Some(number) = number {
        query = query.filter(statement_versions::number.eq(number));
    }
    let row: PaperRow = query.first(tx.conn())?;
    let lines: Vec<LineRow> = statement_lines::table
        .filter(statement_lines::statement_id.eq(id))
        .filter(statement_lines::number.eq(row.number))
        .order(statement_lines::position)
        .select(LineRow::as_select())
        .load(tx.conn())?;
    Ok(row.with(lines.into_iter().map(StatementLine::from).collect()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = statement_undone_payments)]
struct UndoneRow {
    number: i32,
    version: i32,
    payable: Yen,
    paid_on: NaiveDate,
    paid_by: PersonId,
    reason: String,
    undone_by: PersonId,
    undone_at: DateTime<Utc>,
}

impl From<UndoneRow> for UndonePayment {
    fn from(row: UndoneRow) -> Self {
        Self {
            number: row.number,
            version: row.version,
            payable: row.payable,
            paid_on: row.paid_on,
            paid_by: row.paid_by,
            reason: row.reason,
            undone_by: row.undone_by,
            undone_at: row.undone_at,
        }
    }
}

/// The payments of a statement that were noted by mistake, the oldest first; hardly ever one.
pub fn undone_payments(tx: &mut Tx<'_>, id: StatementId) -> Result<Vec<UndonePayment>, DbError> {
    let rows: Vec<UndoneRow> = statement_undone_payments::table
        .filter(statement_undone_payments::statement_id.eq(id))
        .order(statement_undone_payments::number)
        .select(UndoneRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(UndonePayment::from).collect())
}

/// Statements by their day of payment, the latest first, of one worker where one is named.
pub fn list(
    tx: &mut Tx<'_>,
    filter: StatementFilter,
    worker: Option<WorkerId>,
    paging: &Paging<StatementKey>,
) -> Result<Page<Statement, StatementKey>, DbError> {
    let mut query = statements::table
        .order((statements::pay_on.desc(), statements::id.desc()))
        .limit(paging.probe())
        .select(StatementRow::as_select())
        .into_boxed();
    query = match filter {
        StatementFilter::All => query,
        StatementFilter::Unpaid => query.filter(statements::paid_on.is_null()),
        StatementFilter::Paid => query.filter(statements::paid_on.is_not_null()),
        StatementFilter::Objected => query
            .filter(statements::paid_on.is_null())
            .filter(statements::answer.eq(StatementAnswer::Objected)),
    };
    if let Some(worker) = worker {
        query = query.filter(statements::worker_id.eq(worker));
    }
    page(tx, query, paging)
}

/// The acting person's own, the latest payment first.
pub fn my_list(
    tx: &mut Tx<'_>,
    paging: &Paging<StatementKey>,
) -> Result<Page<Statement, StatementKey>, DbError> {
    let person = crate::acting_person(tx)?;
    let query = statements::table
        .filter(statements::person_id.eq(person))
        .order((statements::pay_on.desc(), statements::id.desc()))
        .limit(paging.probe())
        .select(StatementRow::as_select())
        .into_boxed();
    page(tx, query, paging)
}

type Query<'q> =
    statements::BoxedQuery<'q, diesel::pg::Pg, diesel::helper_types::AsSelect<StatementRow, diesel::pg::Pg>>;

fn page(
    tx: &mut Tx<'_>,
    mut query: Query<'_>,
    paging: &Paging<StatementKey>,
) -> Result<Page<Statement, StatementKey>, DbError> {
    if let Some(StatementKey(pay_on, id)) = paging.after {
        let earlier = statements::pay_on.eq(pay_on).and(statements::id.lt(id));
        query = query.filter(statements::pay_on.lt(pay_on).or(earlier));
    }
    let rows: Vec<StatementRow> = query.load(tx.conn())?;
    let rows = rows.into_iter().map(Statement::from).collect();
    Ok(Page::cut(rows, paging, |one: &Statement| StatementKey(one.pay_on, one.id)))
}

/// How many of the acting person's own wait for their word before they are paid.
pub fn to_confirm(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let person = crate::acting_person(tx)?;
    Ok(statements::table
        .filter(statements::person_id.eq(person))
        .filter(statements::answer.is_null())
        .filter(statements::paid_on.is_null())
        .count()
        .get_result(tx.conn())?)
}

/// What somebody's statements of one pay day come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedDay {
    /// What is transferred for them: with consumption tax, less what is withheld.
    pub payable: Yen,
    /// The day on which the last of them was paid; none while one is not.
    pub paid_on: Option<NaiveDate>,
}

/// The acting person's own by their day of payment. There are some for each month, so they come whole.
pub fn my_days(tx: &mut Tx<'_>) -> Result<BTreeMap<NaiveDate, StatedDay>, DbError> {
    let person = crate::acting_person(tx)?;
    let rows: Vec<(NaiveDate, Yen, Option<NaiveDate>)> = statements::table
        .filter(statements::person_id.eq(person))
        .group_by(statements::pay_on)
        .select((
            statements::pay_on,
            sql::<BigInt>("sum(payable)::bigint"),
            sql::<Nullable<Date>>("CASE WHEN count(paid_on) = count(*) THEN max(paid_on) END"),
        ))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(on, payable, paid_on)| (on, StatedDay { payable, paid_on })).collect())
}

/// How many are not paid, and what they come to.
pub fn count_unpaid(tx: &mut Tx<'_>) -> Result<(i64, Yen), DbError> {
    Ok(statements::table
        .filter(statements::paid_on.is_null())
        .select((sql::<BigInt>("count(*)"), sql::<BigInt>("COALESCE(sum(payable), 0)::bigint")))
        .first(tx.conn())?)
}

/// A pay day, a file of it or none, the last day the law allows, and how many with how much: of others, and of whoever asks.
type DayRow = (NaiveDate, Option<TransferFileId>, NaiveDate, (i64, Yen), (i64, Yen));

/// Every day on which something is to be transferred, the earliest first, each file of it apart and what is in none last; and apart
/// what pays whoever asks: that is noted by somebody else. There are some for each month, so they come whole.
pub fn unpaid_days(tx: &mut Tx<'_>) -> Result<Vec<UnpaidDay>, DbError> {
    let own = tx.actor().person().unwrap_or(PersonId(0));
    let count = |which: &str| sql::<BigInt>("count(*) FILTER (WHERE person_id ").sql(which);
    let payable = |which: &str| sql::<BigInt>("COALESCE(sum(payable) FILTER (WHERE person_id ").sql(which);
    let rows: Vec<DayRow> = statements::table
        .filter(statements::paid_on.is_null())
        .group_by((statements::pay_on, statements::transfer_file_id))
        .order((statements::pay_on, statements::transfer_file_id))
        .select((
            statements::pay_on,
            statements::transfer_file_id,
            sql::<Date>("min(pay_by)"),
            (
                count("<> ").bind::<BigInt, _>(own).sql(")"),
                payable("<> ").bind::<BigInt, _>(own).sql("), 0)::bigint"),
            ),
            (
                count("= ").bind::<BigInt, _>(own).sql(")"),
                payable("= ").bind::<BigInt, _>(own).sql("), 0)::bigint"),
            ),
        ))
        .load(tx.conn())?;
    let day = |row: DayRow| {
        let (pay_on, transfer_file_id, pay_by, (statements, payable), (own_statements, own_payable)) = row;
        UnpaidDay { pay_on, transfer_file_id, pay_by, statements, payable, own_statements, own_payable }
    };
    Ok(rows.into_iter().map(day).collect())
}

/// What is open of a day, is in no file of transfers and pays somebody else than `by`.
pub(crate) fn unpaid_of(tx: &mut Tx<'_>, pay_on: NaiveDate, by: PersonId) -> Result<Vec<Statement>, DbError> {
    let rows: Vec<StatementRow> =
        unpaid_to_others(pay_on, None, by).select(StatementRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Statement::from).collect())
}

/// What a file of transfers pays and nobody has noted as paid yet.
pub(crate) fn unpaid_of_file(tx: &mut Tx<'_>, file: TransferFileId) -> Result<Vec<Statement>, DbError> {
    let rows: Vec<StatementRow> = statements::table
        .filter(statements::transfer_file_id.eq(file))
        .filter(statements::paid_on.is_null())
        .order(statements::id)
        .select(StatementRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Statement::from).collect())
}

/// How many a file of transfers holds, and how many of those are noted as paid.
pub(crate) fn count_of_file(tx: &mut Tx<'_>, file: TransferFileId) -> Result<(i64, i64), DbError> {
    Ok(statements::table
        .filter(statements::transfer_file_id.eq(file))
        .select((sql::<BigInt>("count(*)"), sql::<BigInt>("count(paid_on)")))
        .first(tx.conn())?)
}

/// The runs of closing, the newest first; there is a handful for each month.
pub fn closings(tx: &mut Tx<'_>) -> Result<Vec<Closing>, DbError> {
    let rows: Vec<ClosingRow> = pay_closings::table
        .order(pay_closings::id.desc())
        .limit(MOST_CLOSINGS)
        .select(ClosingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Closing::from).collect())
}

/// Two years of them.
const MOST_CLOSINGS: i64 = 60;

#[derive(QueryableByName)]
struct WaitingRow {
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = BigInt)]
    person_id: i64,
    #[diesel(sql_type = diesel::sql_types::SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

impl WaitingRow {
    /// A fixed day comes after the receipt, and so after the first of its month.
    fn pay_on(&self) -> NaiveDate {
        PayRule::stored(self.pay_day, self.fixed_pay_on).of_receipt(self.month)
    }
}

fn on_no_statement(tx: &mut Tx<'_>) -> Result<Vec<WaitingRow>, DbError> {
    Ok(diesel::sql_query(
        "SELECT date_trunc('month', received_on)::date AS month, person_id, pay_day, fixed_pay_on, \
             sum(amount)::bigint AS amount FROM earnings e \
         WHERE NOT EXISTS (SELECT 1 FROM statement_earnings s WHERE s.earning_id = e.id) \
         GROUP BY 1, person_id, pay_day, fixed_pay_on ORDER BY 1, person_id",
    )
    .load(tx.conn())?)
}

/// What stands on no statement yet by the day on which it is paid, before tax. One month of receipt is paid on several days: re-entrusted
/// work has its own.
pub(crate) fn waiting_by_pay_day(tx: &mut Tx<'_>) -> Result<BTreeMap<NaiveDate, Yen>, DbError> {
    let mut days: BTreeMap<NaiveDate, Yen> = BTreeMap::new();
    for row in on_no_statement(tx)? {
        days.entry(row.pay_on()).or_default().0 += row.amount.0;
    }
    Ok(days)
}

/// The same by the month it was received in, as it is closed, the earliest first.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>, DbError> {
    let mut months: Vec<Waiting> = Vec::new();
    let mut last_person = None;
    for row in on_no_statement(tx)? {
        let (month_end, pay_on) = (end_of(row.month), row.pay_on());
        if months.last().is_none_or(|month| month.month_end != month_end) {
            months.push(Waiting { month_end, people: 0, amount: Yen::ZERO, first_pay_on: pay_on });
            last_person = None;
        }
        if let Some(month) = months.last_mut() {
            month.people += i64::from(last_person != Some(row.person_id));
            month.amount = Yen(month.amount.0 + row.amount.0);
            month.first_pay_on = month.first_pay_on.min(pay_on);
        }
        last_person = Some(row.person_id);
    }
    Ok(months)
}

fn end_of(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).as_ref().and_then(NaiveDate::pred_opt).unwrap_or(first)
}

#[derive(QueryableByName)]
struct UndecidedRow {
    #[diesel(sql_type = BigInt)]
    id: JobId,
    #[diesel(sql_type = Text)]
    title: String,
}

#[derive(QueryableByName)]
struct LeftRow {
    #[diesel(sql_type = BigInt)]
    jobs: i64,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

/// Of how many jobs nobody has said what kind of work they are, among what was received by a day and is not closed, and how much that
/// is before tax.
pub(super) fn undecided(tx: &mut Tx<'_>, closed_on: NaiveDate) -> Result<(i64, Yen), DbError> {
    let left: LeftRow = diesel::sql_query(
        "SELECT count(DISTINCT u.job_id) AS jobs, COALESCE(sum(e.amount), 0)::bigint AS amount FROM earnings e \
         JOIN units u ON u.id = e.unit_id WHERE e.received_on <= $1 \
             AND NOT EXISTS (SELECT 1 FROM statement_earnings s WHERE s.earning_id = e.id) \
             AND NOT EXISTS (SELECT 1 FROM job_withholdings w WHERE w.job_id = u.job_id)",
    )
    .bind::<Date, _>(closed_on)
    .get_result(tx.conn())?;
    Ok((left.jobs, left.amount))
}

/// The jobs of what was received by a day and is not closed, of which nobody has said what kind of work they are.
pub fn undecided_jobs(tx: &mut Tx<'_>, closed_on: NaiveDate) -> Result<Vec<UndecidedJob>, DbError> {
    let rows: Vec<UndecidedRow> = diesel::sql_query(
        "SELECT DISTINCT j.id, j.title FROM earnings e \
         JOIN units u ON u.id = e.unit_id JOIN jobs j ON j.id = u.job_id \
         WHERE e.received_on <= $1 \
             AND NOT EXISTS (SELECT 1 FROM statement_earnings s WHERE s.earning_id = e.id) \
             AND NOT EXISTS (SELECT 1 FROM job_withholdings w WHERE w.job_id = j.id) ORDER BY j.id",
    )
    .bind::<Date, _>(closed_on)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| UndecidedJob { id: row.id, title: row.title }).collect())
}
