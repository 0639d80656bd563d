//! `/statements/payer`: the account that the town pays from, which heads every file of transfers.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::transfers::{self, PayerInput};
use serde::Serialize;
use workforce::bank_accounts::AccountKind;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::overtaken::{Beside, Difference, is_overtaken};
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct PayerPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// 0 where the town has said none yet.
    version: i32,
    kinds: Vec<Choice>,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
    form: FormView,
}

/// The page as it stands, or the form that was refused.
async fn render(call: &Call, refused: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let payer = call.db(transfers::payer).await?;
    let stands = match &payer {
        Some(payer) => Form::of(&PayerInput::of(payer)),
        None => Form::default().preset("kind", AccountKind::Ordinary),
    };
    let kinds = phrases::choices(call, "bank-kind", AccountKind::ALL);
    let newest = payer.as_ref().map_or(0, |payer| payer.version);
    let failure = refused.map(|(_, failure)| failure);
    let overtaken = refused.filter(|(_, failure)| is_overtaken(Some(*failure)));
    // Who was overtaken has read what stands by now; who has a field to mend is still on what they began with.
    let version = match refused {
        Some((form, _)) if overtaken.is_none() => form.version().unwrap_or(newest),
        _ => newest,
    };
    let page = PayerPage {
        title: call.text("payer-title"),
        crumbs: vec![
            Crumb::new(call, "statements-title", "/statements"),
            Crumb::new(call, "transfer-title", "/statements/transfer"),
        ],
        answer: call.text(if payer.is_some() { "payer-answer" } else { "payer-answer-none" }),
        version,
        differences: overtaken.map_or_else(Vec::new, |(typed, _)| differences(call, &stands, typed, &kinds)),
        kinds,
        form: refused.map_or(&stands, |(form, _)| form).view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, phrases::again), "transfers/payer.html", &page)
}

fn differences(call: &Call, stands: &Form, typed: &Form, kinds: &[Choice]) -> Vec<Difference> {
    let beside = Beside { call, stands, typed };
    let fields = [
        beside.text("payer-originator-code", "originator_code"),
        beside.text("payer-name", "name"),
        beside.text("bank-code", "bank"),
        beside.text("bank-branch-code", "branch"),
        beside.chosen("bank-kind", "kind", kinds),
        beside.text("bank-number", "number"),
    ];
    fields.into_iter().flatten().collect()
}

/// `GET /statements/payer`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, None).await
}

/// `POST /statements/payer`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, version) = (form.input::<PayerInput>()?, form.version()?);
    let banks = call.app.settings.banks.clone();
    match call.db(move |tx| transfers::change_payer(tx, &banks, version, &input)).await {
        Ok(_kept) => Ok(call.done("/statements/transfer", "done-payer-kept")),
        Err(failure) if failure.is_about_input() => render(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}
