//! `/my-bank`: the worker's own account at a bank, masked; entering, changing and taking it away.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use workforce::bank_accounts::{self, AccountKind, BankAccountInput, MaskedAccount};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::my_units::not_registered;
use crate::offers::card;
use crate::phrases::{self, Choice, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct BankPage {
    title: String,
    crumbs: Vec<Crumb>,
    account: Option<AccountView>,
    kinds: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct AccountView {
    bank: String,
    branch: String,
    kind: String,
    last_digits: String,
    holder: String,
    changed_at: String,
    /// Whether the list knows no such bank or branch, so that nothing can be transferred to it.
    is_at_no_bank: bool,
}

fn view(call: &Call, account: &MaskedAccount) -> AccountView {
    let banks = &call.app.settings.banks;
    let named = |code: &str, name: Option<&String>| match name {
        Some(name) => format!("{name} ({code})"),
        None => code.to_owned(),
    };
    AccountView {
        bank: named(&account.bank, account.bank_name.as_ref()),
        branch: named(&account.branch, account.branch_name.as_ref()),
        kind: word(call, "bank-kind", account.kind),
        last_digits: account.last_digits.clone(),
        holder: account.holder.clone(),
        changed_at: format::full_moment(call.language, account.changed_at),
        is_at_no_bank: banks.lack(&account.bank, &account.branch),
    }
}

async fn page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let (keys, banks) = (call.app.settings.sealing.clone(), call.app.settings.banks.clone());
    let account = call
        .db(move |tx| -> Result<_, Failure> {
            let worker = card::worker(tx, person)?;
            Ok(bank_accounts::find_masked(tx, &keys, &banks, worker.id)?)
        })
        .await?;
    let page = BankPage {
        title: call.text("bank-title"),
        crumbs: vec![Crumb::new(call, "my-pay-title", "/my-pay")],
        account: account.as_ref().map(|account| view(call, account)),
        kinds: phrases::choices(call, "bank-kind", AccountKind::ALL),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_bank/index.html", &page)
}

/// `GET /my-bank`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(page) = not_registered::page(&call).await? {
        return Ok(page);
    }
    page(&call, &Form::default().preset("kind", AccountKind::Ordinary), None).await
}

/// `POST /my-bank`
pub(crate) async fn put(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: BankAccountInput = form.input()?;
    let (keys, banks) = (call.app.settings.sealing.clone(), call.app.settings.banks.clone());
    match call.db(move |tx| bank_accounts::put(tx, &keys, &banks, &input)).await {
        Ok(_kept) => Ok(call.done("/my-bank", "done-bank-kept")),
        Err(failure) if failure.is_about_input() => page(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /my-bank/remove`
pub(crate) async fn remove(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.db(bank_accounts::remove).await?;
    Ok(call.done("/my-bank", "done-bank-removed"))
}
