//! The same again: the form that opens a deal like a won one, with new dates.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::Days;
use db::DbError;
use kernel::{DealId, date_in_japan};
use sales::deals::{self, Deal, DealStatus};
use sales::repeats::{self, SameAgainInput};
use serde::Serialize;

use super::{crumbs_below, step};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;

/// In how many days the next action is due, and the quote runs out, unless the person says otherwise.
const NEXT_IN: Days = Days::new(7);
const HOLDS: Days = Days::new(30);

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    deal: String,
    amount: String,
    action: String,
    cancel: String,
    form: FormView,
}

fn form_page(call: &Call, deal: &Deal, form: &Form, failure: Option<&Failure>) -> FormPage {
    FormPage {
        title: call.text("deal-again-title"),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        deal: deal.title.clone(),
        amount: phrases::amount(call, deal.amount),
        action: step(deal.id, "again"),
        cancel: paths::deal(deal.id),
        form: form.view(call, failure),
    }
}

/// `GET /deals/{id}/again`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let (deal, today) = call
        .db(move |tx| -> Result<_, DbError> { Ok((deals::find(tx, id)?, date_in_japan(tx.now()))) })
        .await?;
    if deal.state.status() != DealStatus::Won {
        return Ok(call.see_other(paths::deal(id)));
    }
    let form = Form::default()
        .preset("title", &deal.title)
        .preset("next_action_on", today + NEXT_IN)
        .preset("valid_until", today + HOLDS);
    call.page("deals/again.html", &form_page(&call, &deal, &form, None))
}

/// `POST /deals/{id}/again`
pub(crate) async fn open(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let input: SameAgainInput = form.input()?;
    match call
        .once(&form, move |tx| repeats::same_again(tx, id, &input).map(|deal| paths::deal(deal.id)))
        .await
    {
        Ok(page) => Ok(call.done(page, "done-deal-again")),
        Err(failure) if failure.is_about_input() => {
            let deal = call.db(move |tx| deals::find(tx, id)).await?;
            let page = form_page(&call, &deal, &form, Some(&failure));
            call.page_with(failure.status(), "deals/again.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
