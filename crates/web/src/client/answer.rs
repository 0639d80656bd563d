//! The client's answer in two steps on one form: the first mails a code, the second takes the answer. Whatever is
//! refused, the form comes back with everything that was chosen and typed.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::acceptance::{self, Answer, AnswerInput, ClientAnswer, UnitAnswer};
use kernel::{Checks, Code, Invalid, Typed};

use super::link;
use super::view::{self, DeliveryPage, Opened, Step, answer_field, note_field};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::Form;
use crate::session::Flash;

/// Where the mailed code is entered; reading it again asks for no second one.
const ENTER_CODE: &str = "/delivery?enter=code";

/// `POST /delivery/code`
pub(crate) async fn code(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = ask_for_code(&call).await;
    link::friendly(&call, answer)
}

async fn ask_for_code(call: &Call) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let opened = link::run(call, view::open).await?;
    if opened.is_answered() {
        return Ok(answered_before(call));
    }
    if let Err(failure) = same_delivery(&opened, &form).and_then(|()| Ok(complete(&opened, &form)?)) {
        return again(call, &opened, Step::Look, &form, &failure);
    }
    let (key, typed) = (call.app.key.clone(), input(&opened, &form));
    let asked = link::run(call, move |tx, secret| {
        acceptance::request_code(tx, &key, secret)?;
        acceptance::keep_typed(tx, secret, &typed)
    });
    match asked.await {
        Ok(()) => Ok(call.see_other(ENTER_CODE)),
        Err(failure) if failure.code == Code::AlreadyAnswered => Ok(answered_before(call)),
        // The newest code may still be on its way: the field for it stays.
        Err(failure) if matches!(failure.code, Code::TooManyTries | Code::LinkSpent) => {
            again(call, &opened, Step::Code, &form, &failure)
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /delivery/answer`
pub(crate) async fn answer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = take_answer(&call).await;
    link::friendly(&call, answer)
}

async fn take_answer(call: &Call) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let opened = link::run(call, view::open).await?;
    if let Err(failure) = same_delivery(&opened, &form) {
        return again(call, &opened, Step::Look, &form, &failure);
    }
    let input = input(&opened, &form);
    let refused = match link::run(call, move |tx, secret| acceptance::answer(tx, secret, input)).await {
        Ok(Answer::Taken(_receipt)) => return Ok(call.done("/delivery", "done-client-answered")),
        Ok(Answer::WrongCode { tries_left }) => Some(tries_left),
        Ok(Answer::NoCode) => None,
        Err(failure) if failure.code == Code::AlreadyAnswered => return Ok(answered_before(call)),
        Err(failure) if failure.code == Code::Stale || failure.code == Code::Conflict => {
            let fresh = link::run(call, view::open).await?;
            return again(call, &fresh, Step::Code, &form, &failure);
        }
        Err(failure) if failure.is_about_input() => return again(call, &opened, Step::Code, &form, &failure),
        Err(failure) => return Err(failure),
    };
    let failure = Failure::from(Invalid::field("code", Code::BadCode));
    // There is no field for a code that no longer counts, and the page says so instead.
    let (tries, problem) = (refused.unwrap_or(0), refused.filter(|left| *left > 0).map(|_| &failure));
    let page = DeliveryPage::new(call, &opened, Step::Code, &form, problem).with_tries_left(tries);
    call.page_with(StatusCode::UNPROCESSABLE_ENTITY, "client/delivery.html", &page)
}

fn again(
    call: &Call,
    opened: &Opened,
    step: Step,
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    let page = DeliveryPage::new(call, opened, step, form, Some(failure));
    call.page_with(failure.status(), "client/delivery.html", &page)
}

/// The receipt shows what was answered; a second answer never replaces it.
fn answered_before(call: &Call) -> HttpResponse {
    let mut response = call.see_other("/delivery");
    let flash = Flash { kind: "info", key: "done-client-answered-before".to_owned() };
    call.add_cookie(&mut response, &flash.cookie(call.app.is_secure()));
    response
}

/// Somebody with two deliveries in two tabs must not answer the one with the other's form.
fn same_delivery(opened: &Opened, form: &Form) -> Result<(), Failure> {
    let same = form.get("delivery") == opened.view.delivery.to_string();
    if same { Ok(()) } else { Err(Failure::of(Code::Stale)) }
}

/// What the verb will ask for besides the code, asked before a mail is sent for nothing.
fn complete(opened: &Opened, form: &Form) -> Result<(), Invalid> {
    let mut checks = Checks::new();
    for unit in opened.waiting() {
        let (answer, note) = (answer_field(unit.unit), note_field(unit.unit));
        if checks.choice(&answer, &Typed::from(form.get(&answer))) == Some(ClientAnswer::Fix) {
            checks.required_lines(&note, &Typed::from(form.get(&note)), 2000);
        }
    }
    checks.required_line("name", &Typed::from(form.get("name")), 100);
    checks.done(())
}

/// The verb's input: the answers that were sent, whether or not their units still wait, so that the same answer
/// sent twice is the same answer.
fn input(opened: &Opened, form: &Form) -> AnswerInput {
    let sent = opened.view.units.iter().map(|unit| (unit.unit, answer_field(unit.unit)));
    let units = sent.filter(|(_, field)| !form.get(field).is_empty()).map(|(unit_id, field)| UnitAnswer {
        unit_id,
        answer: form.get(&field).into(),
        note: form.get(&note_field(unit_id)).into(),
    });
    AnswerInput { name: form.get("name").into(), code: form.get("code").into(), units: units.collect() }
}
