//! A client's page of a quote: looking at it, ordering in two steps, asking, declining. Whatever is refused, the page
//! comes back with everything that was typed, or as the quote stands now.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use kernel::Code;
use sales::sendings::{self, AcceptInput, AnswerError, WordsInput};

use super::link;
use super::quote_view::{self, CheckPage, Opened, Part, QuotePage};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::Form;

/// The page itself.
const PAGE: &str = "/quote";

/// `GET /q/{secret}`
pub(crate) async fn enter(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = link::enter(&call);
    link::friendly(&call, answer)
}

/// `GET /quote`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = look(&call).await;
    link::friendly(&call, answer)
}

async fn look(call: &Call) -> Result<HttpResponse, Failure> {
    let opened = link::run(call, |tx, secret| -> Result<_, Failure> {
        let opened = quote_view::open(tx, secret)?;
        let about = format!("sending:{}", opened.seen.sending);
        notifier::messages::link_used(tx, opened.seen.contact, &about)?;
        Ok(opened)
    })
    .await?;
    page(call, &opened, StatusCode::OK, Part::Look, &Form::default(), None)
}

fn page(
    call: &Call,
    opened: &Opened,
    status: StatusCode,
    part: Part,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let page = QuotePage::new(call, opened, part, form, failure);
    call.page_with(status, QuotePage::template(opened.seen.stand), &page)
}

/// The page as the quote stands now, with what was typed and why it was not taken.
async fn again(call: &Call, part: Part, form: &Form, failure: &Failure) -> Result<HttpResponse, Failure> {
    let opened = link::run(call, quote_view::open).await?;
    page(call, &opened, failure.status(), part, form, Some(failure))
}

/// `POST /quote/check`: the order once more, to be given on the next page; or the form again. Nothing is written.
pub(crate) async fn check(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = check_order(&call).await;
    link::friendly(&call, answer)
}

async fn check_order(call: &Call) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let opened = link::run(call, quote_view::open).await?;
    if let Err(failure) = same_quote(&opened, &form) {
        return again(call, Part::Order, &form, &failure).await;
    }
    if form.get("step") == "edit" {
        return page(call, &opened, StatusCode::OK, Part::Order, &form, None);
    }
    let input = order_of(&form);
    match link::run(call, move |tx, secret| sendings::check(tx, secret, &input)).await {
        Ok(()) => call.page("client/quote_check.html", &CheckPage::new(call, &opened, &form)),
        Err(failure) if failure.code == Code::AlreadyAnswered => Ok(answered_before(call)),
        Err(failure) if failure.is_about_input() && failure.code != Code::LinkGone => {
            again(call, Part::Order, &form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /quote/order`: the second step. An order that has not been looked at once more is shown for that first.
pub(crate) async fn order(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = take_order(&call).await;
    link::friendly(&call, answer)
}

async fn take_order(call: &Call) -> Result<HttpResponse, Failure> {
    let form = call.form();
    if form.get("confirmed") != "yes" {
        return check_order(call).await;
    }
    let opened = link::run(call, quote_view::open).await?;
    if let Err(failure) = same_quote(&opened, &form) {
        return again(call, Part::Order, &form, &failure).await;
    }
    let input = order_of(&form);
    match link::run(call, move |tx, secret| sendings::accept(tx, secret, &input)).await {
        Ok(_acceptance) => Ok(call.done(PAGE, "done-client-ordered")),
        Err(failure) if failure.code == Code::AlreadyAnswered => Ok(answered_before(call)),
        Err(failure) if failure.is_about_input() && failure.code != Code::LinkGone => {
            again(call, Part::Order, &form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /quote/ask`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = say(&call, &ASK).await;
    link::friendly(&call, answer)
}

/// `POST /quote/decline`
pub(crate) async fn decline(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = say(&call, &DECLINE).await;
    link::friendly(&call, answer)
}

/// One of the two things a client may say without ordering. Both stand on one page, so their fields have other names
/// than the verb's.
struct Words {
    part: Part,
    name: &'static str,
    text: &'static str,
    verb: fn(&mut db::Tx<'_>, &accounts::OrgSecret, &WordsInput) -> Result<(), AnswerError>,
    done: &'static str,
}

const ASK: Words = Words {
    part: Part::Ask,
    name: "asked_by",
    text: "question",
    verb: sendings::ask,
    done: "done-client-asked",
};
const DECLINE: Words = Words {
    part: Part::Decline,
    name: "declined_by",
    text: "reason",
    verb: sendings::decline,
    done: "done-client-declined",
};

async fn say(call: &Call, words: &Words) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let opened = link::run(call, quote_view::open).await?;
    if let Err(failure) = same_quote(&opened, &form) {
        return again(call, words.part, &form, &failure).await;
    }
    let input = WordsInput { name: form.get(words.name).into(), text: form.get(words.text).into() };
    let (secret, verb) = (link::secret(call)?, words.verb);
    let scope = link::scope(call, &secret);
    let said = call.once_in(scope, &form, move |tx| verb(tx, &secret, &input).map(|()| PAGE.to_owned()));
    match said.await {
        Ok(arrived) => Ok(call.done(arrived.location, words.done)),
        Err(failure) if failure.is_about_input() && failure.code != Code::LinkGone => {
            again(call, words.part, &form, &at_its_fields(failure, words)).await
        }
        Err(failure) => Err(failure),
    }
}

fn at_its_fields(mut failure: Failure, words: &Words) -> Failure {
    for problem in &mut failure.fields {
        let own = if problem.field == "name" { words.name } else { words.text };
        own.clone_into(&mut problem.field);
    }
    failure
}

/// Somebody with two quotes in two tabs must not answer the one with the other's form.
fn same_quote(opened: &Opened, form: &Form) -> Result<(), Failure> {
    let same = form.get("quote") == opened.seen.quote.id.to_string();
    if same { Ok(()) } else { Err(Failure::of(Code::Stale)) }
}

fn order_of(form: &Form) -> AcceptInput {
    AcceptInput {
        name: form.get("name").into(),
        order_number: form.get("order_number").into(),
        note: form.get("note").into(),
        may_order: form.get("may_order").into(),
    }
}

/// The record shows what was ordered; a second order never comes beside it.
fn answered_before(call: &Call) -> HttpResponse {
    call.noted(PAGE, "done-client-ordered-before")
}
