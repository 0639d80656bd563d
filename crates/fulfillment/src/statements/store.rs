//! Rows and writes of statements, their versions and lines, and of closings.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz};
use kernel::{JobId, PersonId, TaxRate, WorkerId, Yen};

use super::model::{
    Closing, LineKind, Statement, StatementAnswer, StatementId, StatementLine, StatementPaper, VersionCause,
};
use crate::schema::{pay_closings, statement_lines, statement_versions, statements};
use crate::terms::TermsDigest;
use crate::transfers::TransferFileId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = statements)]
pub(super) struct StatementRow {
    id: StatementId,
    worker_id: WorkerId,
    person_id: PersonId,
    pay_on: NaiveDate,
    pay_by: NaiveDate,
    created_at: DateTime<Utc>,
    version: i32,
    payable: Yen,
    answer: Option<StatementAnswer>,
    answered_at: Option<DateTime<Utc>>,
    objection: String,
    paid_on: Option<NaiveDate>,
    paid_by: Option<PersonId>,
    undone: i32,
    transfer_file_id: Option<TransferFileId>,
}

impl From<StatementRow> for Statement {
    fn from(row: StatementRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            person_id: row.person_id,
            pay_on: row.pay_on,
            pay_by: row.pay_by,
            created_at: row.created_at,
            version: row.version,
            payable: row.payable,
            answer: row.answer,
            answered_at: row.answered_at,
            objection: row.objection,
            paid_on: row.paid_on,
            paid_by: row.paid_by,
            undone: row.undone,
            transfer_file_id: row.transfer_file_id,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = statement_versions)]
pub(super) struct PaperRow {
    pub(super) number: i32,
    cause: VersionCause,
    reason: String,
    closed_on: NaiveDate,
    orderer_name: String,
    orderer_address: String,
    worker_name: String,
    registration_number: String,
    amount: Yen,
    withholding_base: Yen,
    tax_rate: i16,
    tax: Yen,
    withheld: Yen,
    payable: Yen,
    sha256: Vec<u8>,
    issued_at: DateTime<Utc>,
    issued_by: PersonId,
}

impl PaperRow {
    pub(super) fn with(self, lines: Vec<StatementLine>) -> StatementPaper {
        StatementPaper {
            number: self.number,
            cause: self.cause,
            reason: self.reason,
            closed_on: self.closed_on,
            orderer_name: self.orderer_name,
            orderer_address: self.orderer_address,
            worker_name: self.worker_name,
            registration_number: self.registration_number,
            amount: self.amount,
            withholding_base: self.withholding_base,
            tax_rate: TaxRate(u8::try_from(self.tax_rate).unwrap_or(TaxRate::STANDARD.0)),
            tax: self.tax,
            withheld: self.withheld,
            payable: self.payable,
            sha256: TermsDigest::from_bytes(&self.sha256)
                .map(|digest| digest.to_string())
                .unwrap_or_default(),
            issued_at: self.issued_at,
            issued_by: self.issued_by,
            lines,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = statement_lines)]
pub(super) struct LineRow {
    kind: LineKind,
    job_id: JobId,
    title: String,
    units: i32,
    unit_price: Yen,
    amount: Yen,
    is_withheld: bool,
    first_received_on: NaiveDate,
    last_received_on: NaiveDate,
    deductible_percent: i16,
}

impl From<LineRow> for StatementLine {
    fn from(row: LineRow) -> Self {
        Self {
            kind: row.kind,
            job_id: row.job_id,
            title: row.title,
            units: row.units,
            unit_price: row.unit_price,
            amount: row.amount,
            is_withheld: row.is_withheld,
            first_received_on: row.first_received_on,
            last_received_on: row.last_received_on,
            deductible_percent: u8::try_from(row.deductible_percent).unwrap_or_default(),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = pay_closings)]
pub(super) struct ClosingRow {
    id: i64,
    closed_on: NaiveDate,
    closed_by: PersonId,
    closed_at: DateTime<Utc>,
    statements: i32,
    amount: Yen,
    left_jobs: i32,
    left_amount: Yen,
}

impl From<ClosingRow> for Closing {
    fn from(row: ClosingRow) -> Self {
        Self {
            id: row.id,
            closed_on: row.closed_on,
            closed_by: row.closed_by,
            closed_at: row.closed_at,
            statements: row.statements,
            amount: row.amount,
            left_jobs: row.left_jobs,
            left_amount: row.left_amount,
        }
    }
}

/// Of two who close at once, the second waits until the first is done, and finds nothing left.
pub(super) fn one_at_a_time(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let town = tx.organization().0;
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('closing of pay', $1))")
        .bind::<BigInt, _>(town)
        .execute(tx.conn())?;
    Ok(())
}

/// The open statement of a payment, made where there is none. What was ever put into a file of transfers takes nothing more.
pub(super) fn open_of(
    tx: &mut Tx<'_>,
    (worker, person): (WorkerId, PersonId),
    pay_on: NaiveDate,
    pay_by: NaiveDate,
) -> Result<Statement, DbError> {
    let known: Option<StatementRow> = statements::table
        .filter(statements::worker_id.eq(worker))
        .filter(statements::pay_on.eq(pay_on))
        .filter(statements::paid_on.is_null())
        .filter(statements::takes_more)
        .order(statements::id)
        .select(StatementRow::as_select())
        .for_no_key_update()
        .first(tx.conn())
        .optional()?;
    if let Some(row) = known {
        return Ok(row.into());
    }
    let now = tx.now();
    let row: StatementRow = diesel::insert_into(statements::table)
        .values((
            statements::worker_id.eq(worker),
            statements::person_id.eq(person),
            statements::pay_on.eq(pay_on),
            statements::pay_by.eq(pay_by),
            statements::created_at.eq(now),
            statements::version.eq(0),
            statements::payable.eq(Yen::ZERO),
        ))
        .returning(StatementRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Puts what was earned onto a statement, once and for all, to be listed by its next version.
pub(super) fn take(tx: &mut Tx<'_>, open: &Statement, earnings: &[i64]) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO statement_earnings (earning_id, statement_id, version) \
         SELECT earning, $2, $3 FROM unnest($1) earning",
    )
    .bind::<Array<BigInt>, _>(earnings.to_vec())
    .bind::<BigInt, _>(open.id)
    .bind::<Integer, _>(open.version + 1)
    .execute(tx.conn())?;
    Ok(())
}

/// Reads one and keeps everybody else from changing it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: StatementId) -> Result<Statement, DbError> {
    let row: StatementRow = statements::table
        .filter(statements::id.eq(id))
        .select(StatementRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// What is open of a day and pays somebody else than `by`, of one file of transfers or of none, in the order in which it is held.
#[diesel::dsl::auto_type]
pub(super) fn unpaid_to_others(pay_on: NaiveDate, file: Option<TransferFileId>, by: PersonId) -> _ {
    statements::table
        .filter(statements::pay_on.eq(pay_on))
        .filter(statements::paid_on.is_null())
        .filter(statements::transfer_file_id.is_not_distinct_from(file))
        .filter(statements::person_id.ne(by))
        .order(statements::id)
}

/// Holds what is open of a day and pays somebody else than `by`, of one file of transfers or of none.
pub(super) fn lock_unpaid(
    tx: &mut Tx<'_>,
    pay_on: NaiveDate,
    file: Option<TransferFileId>,
    by: PersonId,
) -> Result<Vec<Statement>, DbError> {
    let rows: Vec<StatementRow> = unpaid_to_others(pay_on, file, by)
        .select(StatementRow::as_select())
        .for_no_key_update()
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Statement::from).collect())
}

/// Puts statements that are held, and are in no file, into one; how many those were.
pub(super) fn put_into_file(
    tx: &mut Tx<'_>,
    held: &[StatementId],
    file: TransferFileId,
) -> Result<usize, DbError> {
    let open = statements::table
        .filter(statements::id.eq_any(held))
        .filter(statements::paid_on.is_null())
        .filter(statements::transfer_file_id.is_null());
    Ok(diesel::update(open)
        .set((statements::transfer_file_id.eq(file), statements::takes_more.eq(false)))
        .execute(tx.conn())?)
}

/// Holds everything of a file.
pub(super) fn lock_of_file(tx: &mut Tx<'_>, file: TransferFileId) -> Result<Vec<Statement>, DbError> {
    let rows: Vec<StatementRow> = statements::table
        .filter(statements::transfer_file_id.eq(file))
        .order(statements::id)
        .select(StatementRow::as_select())
        .for_no_key_update()
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Statement::from).collect())
}

/// Takes everything out of a file that was voided.
pub(super) fn take_out_of_file(tx: &mut Tx<'_>, file: TransferFileId) -> Result<(), DbError> {
    diesel::update(statements::table.filter(statements::transfer_file_id.eq(file)))
        .set(statements::transfer_file_id.eq(None::<TransferFileId>))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes a version with its lines; the statement waits for its worker's word anew.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    id: StatementId,
    pay_by: NaiveDate,
    paper: &StatementPaper,
    digest: TermsDigest,
) -> Result<Statement, DbError> {
    let least_deductible = paper.lines.iter().map(|line| line.deductible_percent).min().unwrap_or(100);
    diesel::insert_into(statement_versions::table)
        .values((
            (
                statement_versions::statement_id.eq(id),
                statement_versions::number.eq(paper.number),
                statement_versions::cause.eq(paper.cause),
                statement_versions::reason.eq(&paper.reason),
                statement_versions::closed_on.eq(paper.closed_on),
                statement_versions::orderer_name.eq(&paper.orderer_name),
                statement_versions::orderer_address.eq(&paper.orderer_address),
                statement_versions::worker_name.eq(&paper.worker_name),
                statement_versions::registration_number.eq(&paper.registration_number),
                statement_versions::amount.eq(paper.amount),
            ),
            (
                statement_versions::withholding_base.eq(paper.withholding_base),
                statement_versions::tax_rate.eq(i16::from(paper.tax_rate.0)),
                statement_versions::tax.eq(paper.tax),
                statement_versions::withheld.eq(paper.withheld),
                statement_versions::payable.eq(paper.payable),
                statement_versions::deductible_percent.eq(i16::from(least_deductible)),
                statement_versions::sha256.eq(digest.bytes().to_vec()),
                statement_versions::issued_at.eq(paper.issued_at),
                statement_versions::issued_by.eq(paper.issued_by),
            ),
        ))
        .execute(tx.conn())?;
    insert_lines(tx, id, paper)?;
    let row: StatementRow = diesel::update(statements::table.filter(statements::id.eq(id)))
        .set((
            statements::pay_by.eq(pay_by),
            statements::version.eq(paper.number),
            statements::payable.eq(paper.payable),
            statements::answer.eq(None::<StatementAnswer>),
            statements::answered_at.eq(None::<DateTime<Utc>>),
            statements::objection.eq(""),
        ))
        .returning(StatementRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

fn insert_lines(tx: &mut Tx<'_>, id: StatementId, paper: &StatementPaper) -> Result<(), DbError> {
    let rows: Vec<_> = (1i32..)
        .zip(&paper.lines)
        .map(|(position, line)| {
            (
                statement_lines::statement_id.eq(id),
                statement_lines::number.eq(paper.number),
                statement_lines::position.eq(position),
                statement_lines::kind.eq(line.kind),
                statement_lines::job_id.eq(line.job_id),
                statement_lines::title.eq(&line.title),
                statement_lines::units.eq(line.units),
                statement_lines::unit_price.eq(line.unit_price),
                statement_lines::amount.eq(line.amount),
                statement_lines::is_withheld.eq(line.is_withheld),
                statement_lines::first_received_on.eq(line.first_received_on),
                statement_lines::last_received_on.eq(line.last_received_on),
                statement_lines::deductible_percent.eq(i16::from(line.deductible_percent)),
            )
        })
        .collect();
    diesel::insert_into(statement_lines::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// What a worker says of the version that stands.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    id: StatementId,
    answer: StatementAnswer,
    objection: &str,
) -> Result<Statement, DbError> {
    let now = tx.now();
    let row: StatementRow = diesel::update(statements::table.filter(statements::id.eq(id)))
        .set((
            statements::answer.eq(answer),
            statements::answered_at.eq(now),
            statements::objection.eq(objection),
        ))
        .returning(StatementRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Notes that it was paid; zero rows where it was before.
pub(super) fn pay(
    tx: &mut Tx<'_>,
    id: StatementId,
    paid_on: NaiveDate,
    by: PersonId,
) -> Result<Statement, DbError> {
    let now = tx.now();
    let unpaid = statements::table.filter(statements::id.eq(id)).filter(statements::paid_on.is_null());
    let row: StatementRow = diesel::update(unpaid)
        .set((statements::paid_on.eq(paid_on), statements::paid_by.eq(by), statements::paid_noted_at.eq(now)))
        .returning(StatementRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Takes back that it was paid, and keeps what was noted and why it was wrong; `file` is the one that pays it from now on.
pub(super) fn undo_payment(
    tx: &mut Tx<'_>,
    id: StatementId,
    file: Option<TransferFileId>,
    reason: &str,
    by: PersonId,
) -> Result<Statement, DbError> {
    let now = tx.now();
    diesel::sql_query(
        "INSERT INTO statement_undone_payments (statement_id, number, version, payable, paid_on, paid_by, \
             paid_noted_at, reason, undone_by, undone_at) \
         SELECT id, undone + 1, version, payable, paid_on, paid_by, paid_noted_at, $2, $3, $4 \
         FROM statements WHERE id = $1",
    )
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(reason)
    .bind::<BigInt, _>(by)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    let row: StatementRow = diesel::update(statements::table.filter(statements::id.eq(id)))
        .set((
            statements::paid_on.eq(None::<NaiveDate>),
            statements::paid_by.eq(None::<PersonId>),
            statements::paid_noted_at.eq(None::<DateTime<Utc>>),
            statements::undone.eq(statements::undone + 1),
            statements::transfer_file_id.eq(file),
        ))
        .returning(StatementRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Notes that those were paid that are held and were counted; how many those were. What is closed for their day meanwhile was
/// transferred by nobody.
pub(super) fn pay_all(
    tx: &mut Tx<'_>,
    counted: &[StatementId],
    paid_on: NaiveDate,
    by: PersonId,
) -> Result<usize, DbError> {
    let now = tx.now();
    let unpaid =
        statements::table.filter(statements::id.eq_any(counted)).filter(statements::paid_on.is_null());
    Ok(diesel::update(unpaid)
        .set((statements::paid_on.eq(paid_on), statements::paid_by.eq(by), statements::paid_noted_at.eq(now)))
        .execute(tx.conn())?)
}

pub(super) fn insert_closing(
    tx: &mut Tx<'_>,
    closed_on: NaiveDate,
    by: PersonId,
    (statements, amount): (usize, Yen),
    (left_jobs, left_amount): (i64, Yen),
) -> Result<Closing, DbError> {
    let now = tx.now();
    let row: ClosingRow = diesel::insert_into(pay_closings::table)
        .values((
            pay_closings::closed_on.eq(closed_on),
            pay_closings::closed_by.eq(by),
            pay_closings::closed_at.eq(now),
            pay_closings::statements.eq(i32::try_from(statements).unwrap_or(i32::MAX)),
            pay_closings::amount.eq(amount),
            pay_closings::left_jobs.eq(i32::try_from(left_jobs).unwrap_or(i32::MAX)),
            pay_closings::left_amount.eq(left_amount),
        ))
        .returning(ClosingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
