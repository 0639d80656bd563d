//! A client asks something on the page of a delivery; whoever answers does so in `crate::deliveries::questions`.

use std::rc::Rc;

use actix_web::HttpResponse;
use fulfillment::client_questions::{self, QuestionInput};

use super::link;
use super::view::{self, DeliveryPage, Step};
use crate::call::Call;
use crate::failure::Failure;

/// `POST /delivery/question`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = take_question(&call).await;
    link::friendly(&call, answer)
}

async fn take_question(call: &Call) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = QuestionInput { asker: form.get("asker").into(), question: form.get("question").into() };
    match link::run(call, move |tx, secret| client_questions::ask(tx, secret, &input)).await {
        Ok(_question) => Ok(call.done("/delivery#questions", "done-client-question-asked")),
        Err(failure) if !failure.fields.is_empty() => {
            let opened = link::run(call, view::open).await?;
            let page = DeliveryPage::new(call, &opened, Step::Look, &form, Some(&failure));
            let template = if opened.is_answered() { "client/receipt.html" } else { "client/delivery.html" };
            call.page_with(failure.status(), template, &page)
        }
        Err(failure) => Err(failure),
    }
}
