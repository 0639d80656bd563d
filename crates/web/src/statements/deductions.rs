//! `/statements/{id}/deductions`: asking for a deduction, and a second person's word.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::deductions::{
    self, DecideDeductionInput, Deduction, DeductionGround, DeductionId, DeductionInput, Fault,
};
use fulfillment::statements::{self, StatementId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::phrases::said;
use crate::shell::Crumb;

#[derive(Serialize)]
struct AskPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    faults: Vec<Choice>,
    grounds: Vec<Choice>,
    form: FormView,
}

/// What a fault has cost, in words.
pub(super) fn ground_text(call: &Call, ground: DeductionGround) -> String {
    call.text(&parts::text_key("deduction-ground", ground.as_str()))
}

/// The lawful ground of a deduction in one sentence; empty in one from before it was asked for.
pub(super) fn grounds(call: &Call, one: &Deduction) -> String {
    let (Some(ground), Some(agreed)) = (one.ground, one.agreed_on) else { return String::new() };
    let words = [
        ("ground", ground_text(call, ground)),
        ("basis", one.basis.clone()),
        ("day", format::full_date(call.language, agreed)),
    ];
    said(call, "deduction-grounds", words.each_ref().map(|(key, text)| (*key, text.as_str())))
}

fn fault_choice(call: &Call, fault: &Fault) -> Choice {
    let words = [
        ("unit", parts::unit_name(call, &fault.job_title, &fault.label)),
        ("comment", fault.comment.clone()),
        ("most", format::yen(call.language, fault.most)),
    ];
    let label = said(call, "deduction-fault", words.each_ref().map(|(key, text)| (*key, text.as_str())));
    Choice::new(fault.review_id, label)
}

async fn render(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let id: StatementId = call.id("id")?;
    let faults = call
        .db(move |tx| -> Result<_, DbError> {
            statements::find(tx, id)?;
            deductions::faults(tx, id)
        })
        .await?;
    let back = format!("/statements/{id}");
    let page = AskPage {
        title: call.text("deduction-ask"),
        crumbs: vec![
            Crumb::new(call, "statements-title", "/statements"),
            Crumb::new(call, "statement-title", back.clone()),
        ],
        action: format!("{back}/deductions"),
        back,
        faults: faults.iter().map(|fault| fault_choice(call, fault)).collect(),
        grounds: DeductionGround::ALL
            .iter()
            .map(|ground| Choice::new(ground.as_str(), ground_text(call, *ground)))
            .collect(),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "statements/deduct.html", &page)
}

/// `GET /statements/{id}/deductions`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, &Form::default(), None).await
}

/// `POST /statements/{id}/deductions`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: StatementId = call.id("id")?;
    let form = call.form();
    let input: DeductionInput = form.input()?;
    match call.db(move |tx| deductions::ask(tx, id, &input)).await {
        Ok(_asked) => Ok(call.done(format!("/statements/{id}"), "done-deduction-asked")),
        Err(failure) if parts::stays(&failure) => render(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /deductions/{id}`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeductionId = call.id("id")?;
    let input: DecideDeductionInput = call.form().input()?;
    let decided = call.db(move |tx| deductions::decide(tx, id, &input)).await?;
    let done =
        if decided.is_approved == Some(true) { "done-deduction-approved" } else { "done-deduction-refused" };
    Ok(call.done(format!("/statements/{}", decided.statement_id), done))
}
