//! A deal's lines: as its page shows them, and the form that sets them.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{Code, DealId};
use sales::deals::{self, AmountBasis, Deal, DealStatus};
use sales::lines::{self, DealLine, DealLines, LinesInput};
use serde::Serialize;

use super::{crumbs_below, step};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, said, word};
use crate::quotes::form::{self, LineForm, Step};
use crate::shell::Crumb;

/// What a person types into a row.
const TYPED: [&str; 4] = ["job_kind", "quantity", "unit_price", "unit_minutes"];

/// The lines as a deal's page shows them.
#[derive(Serialize)]
pub(super) struct LinesView {
    rows: Vec<LineRow>,
    total: String,
    minutes: String,
    /// Where the deal's amount comes from, in words.
    basis: String,
    edit: String,
}

#[derive(Serialize)]
struct LineRow {
    job_kind: String,
    quantity: String,
    unit_price: String,
    minutes: String,
    amount: String,
}

impl LinesView {
    pub(super) fn of(call: &Call, deal: &Deal, lines: &DealLines) -> Self {
        let language = call.language;
        let row = |line: &DealLine| LineRow {
            job_kind: line.job_kind.clone(),
            quantity: format::count(line.quantity.into()),
            unit_price: format::yen(language, line.unit_price),
            minutes: format::duration(language, line.unit_minutes.into()),
            amount: format::yen(language, line.amount),
        };
        Self {
            rows: lines.lines.iter().map(row).collect(),
            total: format::yen(language, lines.total),
            minutes: format::duration(language, lines.minutes),
            basis: word(call, "deal-amount-basis", deal.amount_basis),
            edit: step(deal.id, "lines"),
        }
    }
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    deal: String,
    action: String,
    cancel: String,
    version: i32,
    rows: Vec<usize>,
    /// The standing quote's amount, which is the deal's; empty where none stands.
    quoted: String,
    form: FormView,
}

fn form_page(call: &Call, deal: &Deal, rows: usize, form: &Form, failure: Option<&Failure>) -> FormPage {
    let quoted = deal.amount_basis == AmountBasis::Quote;
    FormPage {
        title: call.text("deal-lines-title"),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        deal: deal.title.clone(),
        action: step(deal.id, "lines"),
        cancel: paths::deal(deal.id),
        version: deal.version,
        rows: (0..rows).collect(),
        quoted: if quoted {
            said(call, "deal-lines-quoted", [("amount", &format::yen(call.language, deal.amount))])
        } else {
            String::new()
        },
        form: form.view(call, failure),
    }
}

fn filled(deal: &Deal, lines: &DealLines) -> Form {
    let by_hand = deal.amount_basis == AmountBasis::Hand && deal.amount.0 > 0;
    let form = if by_hand { Form::default().preset("amount", deal.amount.0) } else { Form::default() };
    lines.lines.iter().enumerate().fold(form, |form, (index, line)| {
        let name = |field| form::name_of(index, field);
        form.preset(&name("job_kind"), &line.job_kind)
            .preset(&name("quantity"), line.quantity)
            .preset(&name("unit_price"), line.unit_price.0)
            .preset(&name("unit_minutes"), line.unit_minutes)
    })
}

/// `GET /deals/{id}/lines`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let (deal, lines) = call
        .db(move |tx| -> Result<_, DbError> { Ok((deals::find(tx, id)?, lines::of_deal(tx, id)?)) })
        .await?;
    if deal.state.status() != DealStatus::Open {
        return Ok(call.see_other(paths::deal(id)));
    }
    let rows = lines.lines.len().max(form::ROWS);
    call.page("deals/lines.html", &form_page(&call, &deal, rows, &filled(&deal, &lines), None))
}

/// `POST /deals/{id}/lines`: the form again with one more row, or the lines as they are from now on.
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let LineForm { form, rows, step } = LineForm::parse(&call.body, &TYPED);
    let version = form.version()?;
    if step == Step::Rows {
        let deal = call.db(move |tx| deals::find(tx, id)).await?;
        let page = FormPage { version, ..form_page(&call, &deal, rows, &form, None) };
        return call.page("deals/lines.html", &page);
    }
    let input: LinesInput = form.input()?;
    match call.db(move |tx| lines::set(tx, id, version, &input)).await {
        Ok(_deal) => Ok(call.done(paths::deal(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let failure = form::at_rows(failure);
            let mut deal = call.db(move |tx| deals::find(tx, id)).await?;
            if failure.code != Code::Stale {
                deal.version = version;
            }
            let page = form_page(&call, &deal, rows, &form, Some(&failure));
            let status: StatusCode = phrases::again(&failure);
            call.page_with(status, "deals/lines.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
