//! `/statements/transfer`: what a file of transfers of a pay day holds, who is left out, which were made, and making one.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::statements::{self, UnpaidDay};
use fulfillment::transfers::{self, DueDay, DuePayment, MadeFile, Payer, TransferFile, TransferInput};
use kernel::{Holidays, Language, PersonId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Tab};
use crate::overtaken::is_overtaken;
use crate::paths;
use crate::phrases::{self, address, said, word};
use crate::shell::Crumb;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DayQuery {
    day: Typed,
}

#[derive(Serialize)]
struct TransferPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// The pay days that are open, where there are several.
    days: Vec<Tab>,
    /// Whether there is a day to speak of.
    has_day: bool,
    /// From where the town pays, field by field; nothing while it has not said so.
    payer: Option<PayerView>,
    payments: String,
    total: String,
    /// What comes to nothing, and what pays the reader: neither is in the file. Each in words, or empty.
    nothing: String,
    own: String,
    missing: Vec<Missing>,
    /// How many those are, and the words of the box that leaves them out.
    missing_text: String,
    leave_out: String,
    files: Vec<FileRow>,
    /// Whether a file can be made: there is an account to pay from, and something to be paid to one.
    may_make: bool,
    form: FormView,
    form_day: String,
    form_payer: i32,
    form_payments: i64,
    form_total: i64,
    form_missing: i64,
}

#[derive(Serialize)]
struct PayerView {
    originator_code: String,
    name: String,
    account: String,
}

#[derive(Serialize)]
struct Missing {
    name: String,
    href: String,
    amount: String,
}

#[derive(Serialize)]
struct FileRow {
    made: String,
    by: String,
    transfer_on: String,
    payments: String,
    total: String,
    digest: String,
}

/// What the database says.
struct Facts {
    payer: Option<Payer>,
    days: Vec<UnpaidDay>,
    due: Option<DueDay>,
    files: Vec<TransferFile>,
    people: HashMap<PersonId, String>,
    now: DateTime<Utc>,
}

/// Of the day that is asked for, or else of the next that is to be paid.
fn facts(tx: &mut Tx<'_>, asked: Option<NaiveDate>, language: Language) -> Result<Facts, DbError> {
    let days = statements::unpaid_days(tx)?;
    let pay_on = asked.or_else(|| days.first().map(|day| day.pay_on));
    let (due, files) = match pay_on {
        Some(day) => (Some(transfers::due(tx, day)?), transfers::files_of_day(tx, day)?),
        None => (None, Vec::new()),
    };
    let missing = due.iter().flat_map(DueDay::without_account).map(|one| one.person_id);
    let people = parts::people(tx, language, missing.chain(files.iter().map(|file| file.made_by)))?;
    Ok(Facts { payer: transfers::payer(tx)?, now: tx.now(), days, due, files, people })
}

impl Facts {
    fn name(&self, person: PersonId) -> String {
        self.people.get(&person).cloned().unwrap_or_default()
    }
}

async fn render(
    call: &Call,
    asked: Option<NaiveDate>,
    refused: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, asked, language)).await?;
    let due = facts.due.as_ref();
    let pay_on = due.map(|due| due.pay_on);
    let (payments, total) = due.map(DueDay::transferable).unwrap_or_default();
    let form_missing = due.map_or(0, DueDay::count_without_account);
    let usual = |day| transfers::usual_day(day, date_in_japan(facts.now), Holidays::published());
    let fresh = match pay_on {
        Some(day) => Form::default().preset("transfer_on", usual(day)),
        None => Form::default(),
    };
    let form = match refused {
        // Who was overtaken says anew of those that are missing now that they are left out.
        Some((form, failure)) if is_overtaken(Some(failure)) => form.without("leave_out"),
        Some((form, _)) => form.clone(),
        None => fresh,
    };
    let failure = refused.map(|(_, failure)| failure);
    let page = TransferPage {
        title: call.text("transfer-title"),
        crumbs: vec![Crumb::new(call, "statements-title", "/statements")],
        answer: answer(call, &facts),
        days: days(call, &facts, pay_on),
        has_day: pay_on.is_some(),
        payer: facts.payer.as_ref().map(|payer| payer_view(call, payer)),
        payments: format::count(payments),
        total: format::yen(language, total),
        nothing: nothing(call, due),
        own: own(call, &facts, pay_on),
        missing: due
            .into_iter()
            .flat_map(DueDay::without_account)
            .map(|one| missing(call, &facts, one))
            .collect(),
        missing_text: phrases::counted(call, "transfer-missing-text", "people", form_missing),
        leave_out: phrases::counted(call, "transfer-leave-out", "people", form_missing),
        files: facts.files.iter().map(|file| file_row(call, &facts, file)).collect(),
        may_make: facts.payer.is_some() && payments > 0,
        form: form.view(call, failure),
        form_day: pay_on.map(|day| day.to_string()).unwrap_or_default(),
        form_payer: facts.payer.as_ref().map_or(0, |payer| payer.version),
        form_payments: payments,
        form_total: total.0,
        form_missing,
    };
    call.page_with(failure.map_or(StatusCode::OK, phrases::again), "transfers/index.html", &page)
}

fn answer(call: &Call, facts: &Facts) -> String {
    let Some(due) = &facts.due else { return call.text("transfer-answer-none") };
    let (payments, total) = due.transferable();
    let day = format::full_date(call.language, due.pay_on);
    if payments == 0 {
        return said(call, "transfer-answer-nothing", [("day", &day)]);
    }
    let words =
        [("day", day), ("count", format::count(payments)), ("amount", format::yen(call.language, total))];
    said(call, "transfer-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

fn days(call: &Call, facts: &Facts, shown: Option<NaiveDate>) -> Vec<Tab> {
    if facts.days.len() < 2 {
        return Vec::new();
    }
    let tab = |day: &UnpaidDay| Tab {
        label: format::short_date(call.language, day.pay_on),
        href: address("/statements/transfer", &[("day", &day.pay_on.to_string())]),
        current: Some(day.pay_on) == shown,
    };
    facts.days.iter().map(tab).collect()
}

fn payer_view(call: &Call, payer: &Payer) -> PayerView {
    let words = [
        ("bank", payer.bank.clone()),
        ("branch", payer.branch.clone()),
        ("kind", word(call, "bank-kind", payer.kind)),
        ("number", payer.number.clone()),
    ];
    PayerView {
        originator_code: payer.originator_code.clone(),
        name: payer.name.clone(),
        account: said(call, "transfer-account", words.each_ref().map(|(name, text)| (*name, text.as_str()))),
    }
}

fn nothing(call: &Call, due: Option<&DueDay>) -> String {
    match due.map_or(0, DueDay::count_of_nothing) {
        0 => String::new(),
        count => phrases::counted(call, "transfer-nothing", "count", count),
    }
}

/// What pays the reader on this day; somebody else makes that file.
fn own(call: &Call, facts: &Facts, pay_on: Option<NaiveDate>) -> String {
    let day = facts.days.iter().find(|day| Some(day.pay_on) == pay_on && day.own_statements > 0);
    let Some(day) = day else { return String::new() };
    let amount = format::yen(call.language, day.own_payable);
    said(call, "transfer-own", [("count", &format::count(day.own_statements)), ("amount", &amount)])
}

fn missing(call: &Call, facts: &Facts, one: &DuePayment) -> Missing {
    Missing {
        name: facts.name(one.person_id),
        href: paths::worker(one.worker_id),
        amount: format::yen(call.language, one.payable),
    }
}

fn file_row(call: &Call, facts: &Facts, file: &TransferFile) -> FileRow {
    let left_out = i64::from(file.without_account);
    let payments = format::count(file.payments.into());
    FileRow {
        made: format::full_moment(call.language, file.made_at),
        by: facts.name(file.made_by),
        transfer_on: format::full_date(call.language, file.transfer_on),
        payments: if left_out > 0 {
            let words = [("count", payments), ("left", format::count(left_out))];
            let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
            said(call, "transfer-file-payments-left", words)
        } else {
            payments
        },
        total: format::yen(call.language, file.total),
        digest: file.sha256.clone(),
    }
}

/// `GET /statements/transfer`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DayQuery = call.query();
    render(&call, parts::word_of(&query.day), None).await
}

/// `POST /statements/transfer`: the file, once.
pub(crate) async fn make(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: TransferInput = form.input()?;
    let asked = parts::word_of(&input.pay_on);
    let keys = call.app.settings.sealing.clone();
    match call.db(move |tx| transfers::make(tx, &keys, &input)).await {
        Ok(made) => Ok(handed_out(made)),
        Err(failure) if parts::stays(&failure) => render(&call, asked, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// JIS X 0201 is what `Shift_JIS` has of single bytes, and the name that browsers know.
fn handed_out(made: MadeFile) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=Shift_JIS")
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(&made.name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(made.bytes)
}
