//! Returns of invoices: the form that issues one, and the paper.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::credits::{self, CreditId, CreditInput, CreditLineInput, LineLeft};
use fulfillment::invoices::{self, Invoice, InvoiceId};
use kernel::Yen;
use serde::Serialize;

use super::pages::title;
use super::paper::Paper;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::phrases::said;
use crate::routes::may_get;
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    cancel: String,
    lines: Vec<LineField>,
    form: FormView,
}

/// A field for each line of the invoice of which something is left.
#[derive(Serialize)]
struct LineField {
    name: String,
    label: String,
    support: String,
}

fn facts(tx: &mut Tx<'_>, id: InvoiceId) -> Result<(Invoice, Vec<LineLeft>), DbError> {
    Ok((invoices::find(tx, id)?, credits::left(tx, id)?))
}

fn form_page(call: &Call, (invoice, left): &(Invoice, Vec<LineLeft>), form: FormView) -> FormPage {
    let yen = |amount: Yen| format::yen(call.language, amount);
    let field = |line: &LineLeft| {
        let (left, rate) =
            (yen(line.left), said(call, "bill-percent", [("rate", &line.tax_rate.0.to_string())]));
        LineField {
            name: credits::field(line.position),
            label: said(call, "credit-line", [("title", line.title.as_str()), ("rate", rate.as_str())]),
            support: said(call, "credit-line-left", [("left", &left)]),
        }
    };
    let number = invoice.number.to_string();
    let total = yen(Yen(invoice.total.0 - invoice.credited.0));
    FormPage {
        title: call.text("credit-new-title"),
        crumbs: vec![
            Crumb::new(call, "invoices-title", "/invoices"),
            Crumb::named(title(call, invoice), format!("/invoices/{}", invoice.id)),
        ],
        answer: said(
            call,
            "credit-new-answer",
            [("number", number.as_str()), ("name", &invoice.company_name), ("total", &total)],
        ),
        here: format!("/invoices/{}/credits", invoice.id),
        cancel: format!("/invoices/{}", invoice.id),
        lines: left.iter().filter(|line| line.left > Yen::ZERO).map(field).collect(),
        form,
    }
}

async fn render(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let id: InvoiceId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let page = form_page(call, &facts, form.view(call, failure));
    if page.lines.is_empty() {
        return Ok(call.noted(page.cancel, "done-credit-nothing-left"));
    }
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "invoices/credit.html", &page)
}

/// `GET /invoices/{id}/credits/new`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, &Form::default(), None).await
}

/// What the form says: an amount for each line, or the whole.
fn input(form: &Form) -> CreditInput {
    let line = |(name, value): (&str, &str)| {
        let position = name.strip_prefix("line_")?;
        Some(CreditLineInput { position: position.into(), amount: value.into() })
    };
    CreditInput {
        reason: form.get("reason").into(),
        whole: form.get("whole").into(),
        lines: form.pairs().filter_map(line).collect(),
    }
}

/// `POST /invoices/{id}/credits`
pub(crate) async fn issue(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InvoiceId = call.id("id")?;
    let form = call.form();
    let input = input(&form);
    // Two clicks or a page sent again are one return.
    let issued = call.once(&form, move |tx| {
        credits::issue(tx, id, &input).map(|whole| format!("/credits/{}", whole.credit.id))
    });
    match issued.await {
        Ok(page) => Ok(call.done(page, "done-credit-issued")),
        Err(failure) if parts::stays(&failure) => render(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    invoice: String,
    send: String,
    may_write: bool,
    paper: Paper,
}

/// `GET /credits/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CreditId = call.id("id")?;
    let whole = call.db(move |tx| credits::whole(tx, id)).await?;
    let (credit, invoice) = (&whole.credit, format!("/invoices/{}", whole.credit.invoice_id));
    let (number, total) = (credit.invoice_number.to_string(), format::yen(call.language, credit.total));
    let words = [("name", credit.company_name.as_str()), ("number", &number), ("total", &total)];
    let page = OnePage {
        title: said(&call, "credit-title", [("number", &credit.number.to_string())]),
        crumbs: vec![
            Crumb::new(&call, "invoices-title", "/invoices"),
            Crumb::named(said(&call, "bill-title", [("number", &number)]), invoice.as_str()),
        ],
        answer: said(&call, "credit-answer", words),
        send: format!("/credits/{id}/send"),
        may_write: may_get(&call, "/statements"),
        paper: Paper::of_credit(&call, &whole),
        invoice,
    };
    call.page("invoices/credit_paper.html", &page)
}
