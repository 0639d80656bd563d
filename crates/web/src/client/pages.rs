//! Opening a delivery's link, looking at the delivery, and its files.

use std::rc::Rc;

use actix_web::HttpResponse;
use fulfillment::acceptance::{self, ClientAnswer};
use kernel::{FileId, UnitId};
use serde::Deserialize;

use super::link;
use super::view::{self, DeliveryPage, Opened, Step, answer_field};
use crate::call::Call;
use crate::failure::Failure;
use crate::files;
use crate::forms::Form;

/// `GET /c/{secret}`
pub(crate) async fn enter(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = link::enter(&call);
    link::friendly(&call, answer)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LookQuery {
    /// `accepted`: show every radio set to it. Nothing is answered by that.
    all: String,
    /// `code`: the field for the mailed code, whether that still counts or not.
    enter: String,
}

/// `GET /delivery`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = look(&call).await;
    link::friendly(&call, answer)
}

async fn look(call: &Call) -> Result<HttpResponse, Failure> {
    let opened = link::run(call, view::open).await?;
    if opened.is_answered() {
        let page = DeliveryPage::new(call, &opened, Step::Look, &Form::default(), None);
        return call.page("client/receipt.html", &page);
    }
    let query: LookQuery = call.query();
    let preset = query.all == ClientAnswer::Accepted.as_str();
    let form = if preset { all_accepted(&opened) } else { opened.typed() };
    let step = if preset { Step::Look } else { step(&opened, query.enter == "code") };
    let page = DeliveryPage::new(call, &opened, step, &form, None).with_preset(preset);
    call.page("client/delivery.html", &page)
}

/// A code that counts is asked for at once, one that does not only where its page is asked for.
fn step(opened: &Opened, wants_code: bool) -> Step {
    match opened.answering.code {
        Some(code) if code.counts || wants_code => Step::Code,
        _ => Step::Look,
    }
}

fn all_accepted(opened: &Opened) -> Form {
    let fields = opened.waiting().map(|unit| answer_field(unit.unit));
    fields.fold(Form::default(), |form, field| form.preset(&field, ClientAnswer::Accepted))
}

/// `GET /delivery/files/{unit}/{file}`: a file of one unit of the delivery behind the link.
pub(crate) async fn file(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = download(&call).await;
    link::friendly(&call, answer)
}

async fn download(call: &Call) -> Result<HttpResponse, Failure> {
    let (unit, file): (UnitId, FileId) = (call.id("unit")?, call.id("file")?);
    let file = link::run(call, move |tx, secret| acceptance::download(tx, secret, unit, file)).await?;
    files::send(call, &file).await
}
