//! `/api/v1/statements`, `/api/v1/my-statements`, `/api/v1/deductions` and `/api/v1/jobs/{id}/withholding`

use std::rc::Rc;

use db::{DbError, Tx};
use fulfillment::deductions::{self, DecideDeductionInput, Deduction, DeductionId, DeductionInput, Fault};
use fulfillment::earnings::{self, UncheckedDay};
use fulfillment::statements::{
    self, AnswerInput, CloseInput, Closing, CorrectInput, PaidDayInput, PaidInput, Statement,
    StatementFilter, StatementId, StatementKey, StatementPaper, UndecidedJob, UndoPaymentInput,
    UndonePayment, UnpaidDay, Waiting,
};
use fulfillment::withholdings::{self, Withholding, WithholdingInput};
use kernel::{JobId, WorkerId, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which statements.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct StatementsQuery {
    /// Which of them; every one unless told.
    show: Chosen<StatementFilter>,
    /// Only those of this worker.
    worker: Chosen<WorkerId>,
}

/// A statement with the paper of its newest version.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WholeStatement {
    /// The statement.
    #[serde(flatten)]
    statement: Statement,
    /// What its newest version says.
    paper: StatementPaper,
    /// Its payments that were noted by mistake and taken back, the oldest first.
    undone_payments: Vec<UndonePayment>,
}

fn whole(tx: &mut Tx<'_>, statement: Statement) -> Result<WholeStatement, DbError> {
    let (paper, undone_payments) =
        (statements::paper(tx, statement.id, None)?, statements::undone_payments(tx, statement.id)?);
    Ok(WholeStatement { statement, paper, undone_payments })
}

/// `GET /api/v1/statements`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<StatementsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Statement>, Failure> {
    let paging = paged.paging::<StatementKey>()?;
    let (show, worker) = (query.show.0.unwrap_or(StatementFilter::All), query.worker.0);
    Ok(call.db(move |tx| statements::list(tx, show, worker, &paging)).await?.into())
}

/// `GET /api/v1/statements/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<StatementId>) -> Result<One<WholeStatement>, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let statement = statements::find(tx, id)?;
        whole(tx, statement)
    })
    .await
    .map(One)
}

/// `GET /api/v1/statements/waiting`
pub(crate) async fn waiting(call: Rc<Call>) -> Result<Listed<Waiting>, Failure> {
    Ok(call.db(statements::waiting).await?.into())
}

/// `GET /api/v1/statements/unpaid-days`
pub(crate) async fn unpaid_days(call: Rc<Call>) -> Result<Listed<UnpaidDay>, Failure> {
    Ok(call.db(statements::unpaid_days).await?.into())
}

/// `GET /api/v1/statements/unchecked-days`
pub(crate) async fn unchecked_days(call: Rc<Call>) -> Result<Listed<UncheckedDay>, Failure> {
    Ok(call.db(earnings::unchecked_days).await?.into())
}

/// `GET /api/v1/statements/undecided-jobs`
pub(crate) async fn undecided(call: Rc<Call>) -> Result<Listed<UndecidedJob>, Failure> {
    Ok(call.db(|tx| statements::undecided_jobs(tx, date_in_japan(tx.now()))).await?.into())
}

/// `GET /api/v1/statements/closings`
pub(crate) async fn closings(call: Rc<Call>) -> Result<Listed<Closing>, Failure> {
    Ok(call.db(statements::closings).await?.into())
}

/// `POST /api/v1/statements/closings`
pub(crate) async fn close(
    call: Rc<Call>,
    Json(input): Json<CloseInput>,
) -> Result<Once<Created<Closing>>, Failure> {
    api::once(&call, move |tx| statements::close(tx, &input).map(Created)).await
}

/// `POST /api/v1/statements/{id}/correct`
pub(crate) async fn correct(
    call: Rc<Call>,
    At(id): At<StatementId>,
    Json(input): Json<CorrectInput>,
) -> Result<Once<One<Statement>>, Failure> {
    api::once(&call, move |tx| statements::correct(tx, id, &input).map(One)).await
}

/// `POST /api/v1/statements/{id}/paid`
pub(crate) async fn paid(
    call: Rc<Call>,
    At(id): At<StatementId>,
    Json(input): Json<PaidInput>,
) -> Result<Once<One<Statement>>, Failure> {
    api::once(&call, move |tx| statements::pay(tx, id, &input).map(One)).await
}

/// `POST /api/v1/statements/{id}/undo`
pub(crate) async fn undo(
    call: Rc<Call>,
    At(id): At<StatementId>,
    Json(input): Json<UndoPaymentInput>,
) -> Result<Once<One<Statement>>, Failure> {
    api::once(&call, move |tx| statements::undo_payment(tx, id, &input).map(One)).await
}

/// How many statements were noted as paid.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PaidCount {
    /// How many.
    paid: usize,
}

/// `POST /api/v1/statements/paid`
pub(crate) async fn paid_all(
    call: Rc<Call>,
    Json(input): Json<PaidDayInput>,
) -> Result<Once<One<PaidCount>>, Failure> {
    api::once(&call, move |tx| statements::pay_all(tx, &input).map(|paid| One(PaidCount { paid }))).await
}

/// `GET /api/v1/statements/{id}/faults`
pub(crate) async fn faults(call: Rc<Call>, At(id): At<StatementId>) -> Result<Listed<Fault>, Failure> {
    Ok(call
        .db(move |tx| -> Result<_, DbError> {
            statements::find(tx, id)?;
            deductions::faults(tx, id)
        })
        .await?
        .into())
}

/// `GET /api/v1/statements/{id}/deductions`
pub(crate) async fn of_statement(
    call: Rc<Call>,
    At(id): At<StatementId>,
) -> Result<Listed<Deduction>, Failure> {
    Ok(call
        .db(move |tx| -> Result<_, DbError> {
            statements::find(tx, id)?;
            deductions::of_statement(tx, id)
        })
        .await?
        .into())
}

/// `POST /api/v1/statements/{id}/deductions`
pub(crate) async fn ask(
    call: Rc<Call>,
    At(id): At<StatementId>,
    Json(input): Json<DeductionInput>,
) -> Result<Once<Created<Deduction>>, Failure> {
    api::once(&call, move |tx| deductions::ask(tx, id, &input).map(Created)).await
}

/// `POST /api/v1/deductions/{id}`
pub(crate) async fn decide(
    call: Rc<Call>,
    At(id): At<DeductionId>,
    Json(input): Json<DecideDeductionInput>,
) -> Result<Once<One<Deduction>>, Failure> {
    api::once(&call, move |tx| deductions::decide(tx, id, &input).map(One)).await
}

/// `GET /api/v1/my-statements`
pub(crate) async fn mine(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Statement>, Failure> {
    let paging = paged.paging::<StatementKey>()?;
    Ok(call.db(move |tx| statements::my_list(tx, &paging)).await?.into())
}

/// `GET /api/v1/my-statements/{id}`
pub(crate) async fn my_one(call: Rc<Call>, At(id): At<StatementId>) -> Result<One<WholeStatement>, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let statement = statements::mine(tx, id)?;
        whole(tx, statement)
    })
    .await
    .map(One)
}

/// `POST /api/v1/my-statements/{id}/answer`
pub(crate) async fn answer(
    call: Rc<Call>,
    At(id): At<StatementId>,
    Json(input): Json<AnswerInput>,
) -> Result<Once<One<Statement>>, Failure> {
    api::once(&call, move |tx| statements::answer(tx, id, &input).map(One)).await
}

/// `GET /api/v1/jobs/{id}/withholding`
pub(crate) async fn withholdings(call: Rc<Call>, At(id): At<JobId>) -> Result<Listed<Withholding>, Failure> {
    Ok(call
        .db(move |tx| -> Result<_, DbError> {
            fulfillment::jobs::find(tx, id)?;
            withholdings::of_job(tx, id)
        })
        .await?
        .into())
}

/// `POST /api/v1/jobs/{id}/withholding`
pub(crate) async fn withhold(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<WithholdingInput>,
) -> Result<Once<Created<Withholding>>, Failure> {
    api::once(&call, move |tx| withholdings::decide(tx, id, &input).map(Created)).await
}
