//! What clients asked about deliveries: one question with its answer, and JSON. What waits stands on top of `/deliveries`.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies;
use db::{DbError, Tx};
use fulfillment::client_questions::{self, ClientQuestion, ClientQuestionId, ClientQuestionKey, ReplyInput};
use fulfillment::orders::{self, Order};
use fulfillment::{acceptance, deliveries};
use kernel::{DeliveryId, Language};
use serde::Serialize;

use crate::api::{self, At, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, When};
use crate::paths;
use crate::shell::Crumb;

struct Facts {
    question: ClientQuestion,
    number: i32,
    order: Order,
    company: String,
    /// Whether a link opens the delivery, so that an answer can be read.
    is_open: bool,
    /// Who answered; empty while it waits.
    answered_by: String,
}

fn facts(tx: &mut Tx<'_>, id: ClientQuestionId, language: Language) -> Result<Facts, DbError> {
    let question = client_questions::find(tx, id)?;
    let delivery = deliveries::find(tx, question.delivery_id)?;
    let order = orders::find(tx, delivery.order_id)?;
    let mut people = parts::people(tx, language, question.answered_by)?;
    Ok(Facts {
        number: delivery.number,
        company: companies::find(tx, order.company_id)?.name,
        is_open: acceptance::opens_until(tx, delivery.id)?.is_some(),
        answered_by: question.answered_by.and_then(|by| people.remove(&by)).unwrap_or_default(),
        order,
        question,
    })
}

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    here: String,
    client: String,
    question: String,
    asked: When,
    answer: String,
    answered: Option<When>,
    answered_by: String,
    /// The delivery's page.
    delivery: String,
    is_open: bool,
    form: FormView,
}

/// Where a question is answered.
pub(super) fn path(id: ClientQuestionId) -> String {
    format!("/client-questions/{id}")
}

async fn render(
    call: &Call,
    id: ClientQuestionId,
    form: &Form,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    let Facts { question, order, .. } = &facts;
    let delivery = paths::delivery(question.delivery_id);
    let number = parts::say(call, "deliveries-number", &[("number", facts.number.to_string())]);
    let page = Page {
        title: call.text("deliveries-question-title"),
        crumbs: vec![
            Crumb::new(call, "nav-deliveries", "/deliveries"),
            Crumb::named(&order.title, paths::order(order.id)),
            Crumb::named(number, delivery.as_str()),
        ],
        here: path(id),
        client: parts::say(
            call,
            "deliveries-asked-by",
            &[("company", facts.company.clone()), ("name", question.name.clone())],
        ),
        question: question.question.clone(),
        asked: When::of(language, question.asked_at),
        answer: question.answer.clone().unwrap_or_default(),
        answered: question.answered_at.map(|at| When::of(language, at)),
        answered_by: facts.answered_by,
        delivery,
        is_open: facts.is_open,
        form: form.view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "deliveries/question.html", &page)
}

/// `GET /client-questions/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /client-questions/{id}`
pub(crate) async fn reply(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ClientQuestionId, _) = (call.id("id")?, call.form());
    let input = ReplyInput { answer: form.get("answer").into() };
    match call.db(move |tx| client_questions::reply(tx, id, &input)).await {
        Ok(_question) => Ok(call.done(path(id), "done-deliveries-replied")),
        Err(failure) if failure.is_about_input() || parts::stays(&failure) => {
            render(&call, id, &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /api/v1/client-questions`
pub(crate) async fn open(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<ClientQuestion>, Failure> {
    let paging = paged.paging::<ClientQuestionKey>();
    Ok(call.db(move |tx| client_questions::open(tx, &paging)).await?.into())
}

/// `GET /api/v1/deliveries/{id}/questions`
pub(crate) async fn of_delivery(
    call: Rc<Call>,
    At(id): At<DeliveryId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<ClientQuestion>, Failure> {
    let paging = paged.paging::<ClientQuestionKey>();
    let asked = call.db(move |tx| -> Result<_, DbError> {
        let delivery = deliveries::find(tx, id)?;
        client_questions::of_delivery(tx, delivery.id, &paging)
    });
    Ok(asked.await?.into())
}

/// `POST /api/v1/client-questions/{id}/answer`
pub(crate) async fn answer(
    call: Rc<Call>,
    At(id): At<ClientQuestionId>,
    Json(input): Json<ReplyInput>,
) -> Result<Once<One<ClientQuestion>>, Failure> {
    api::once(&call, move |tx| client_questions::reply(tx, id, &input).map(One)).await
}
