//! `/statements`: what is paid to whom and when, and one statement.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::deductions::{self, Deduction};
use fulfillment::earnings::{self, UncheckedDay};
use fulfillment::statements::{
    self, CorrectInput, PaidInput, Statement, StatementFilter, StatementId, StatementKey, StatementPaper,
    UNCHECKED_NEAR_DAYS, UndoPaymentInput, UndonePayment, UnpaidDay,
};
use fulfillment::transfers::{self, TransferFile};
use kernel::{Language, Page, Paging, PersonId, Typed, Yen, date_in_japan};
use serde::{Deserialize, Serialize};

use super::days::{DayRow, Days};
use super::sheet::{Clock, Sheet};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Tab};
use crate::paths;
use crate::phrases::{address, said};
use crate::shell::Crumb;
use crate::transfers::pages::{made_at, page_of};

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    show: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    answer: String,
    tabs: Vec<Tab>,
    days: Vec<DayRow>,
    /// Work that waits for review, by the day it is paid.
    unchecked: Vec<UncheckedRow>,
    /// Deductions that wait for a second person, on how many statements they stand; empty where none.
    deductions: Vec<Asked>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct UncheckedRow {
    day: String,
    due: format::Due,
    clock_tone: &'static str,
    units: String,
    amount: String,
    received: String,
    pay_by: String,
}

#[derive(Serialize)]
struct Asked {
    name: String,
    amount: String,
    href: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    href: String,
    state: &'static str,
    clock: Clock,
    pay_on: String,
    payable: String,
}

struct Facts {
    list: Page<Statement, StatementKey>,
    unpaid: (i64, Yen),
    days: Days,
    asked: Vec<(Deduction, PersonId)>,
    unchecked: Vec<UncheckedDay>,
    people: HashMap<PersonId, String>,
    now: chrono::DateTime<chrono::Utc>,
}

fn facts(
    tx: &mut Tx<'_>,
    filter: StatementFilter,
    paging: &Paging<StatementKey>,
    language: Language,
) -> Result<Facts, DbError> {
    let list = statements::list(tx, filter, None, paging)?;
    let mut asked = Vec::new();
    for one in deductions::open(tx)? {
        let person = statements::find(tx, one.statement_id)?.person_id;
        asked.push((one, person));
    }
    let named = list.items.iter().map(|one| one.person_id).chain(asked.iter().map(|(_, person)| *person));
    let people = parts::people(tx, language, named)?;
    Ok(Facts {
        unpaid: statements::count_unpaid(tx)?,
        days: Days::read(tx)?,
        unchecked: earnings::unchecked_days(tx)?,
        now: tx.now(),
        list,
        asked,
        people,
    })
}

/// `GET /statements`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ListQuery = call.query();
    let filter = parts::word_of(&query.show).unwrap_or(StatementFilter::Unpaid);
    let after = format::read_page_key::<StatementKey>(query.after.as_str());
    let (language, paging) = (call.language, Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, filter, &paging, language)).await?;
    let today = date_in_japan(facts.now);
    let here =
        |show: StatementFilter, key: &str| address("/statements", &[("show", show.as_str()), ("after", key)]);
    let tab = |show: &StatementFilter| Tab {
        label: call.text(&parts::text_key("statements-show", show.as_str())),
        href: here(*show, ""),
        current: *show == filter,
    };
    let name = |person: PersonId| facts.people.get(&person).cloned().unwrap_or_default();
    let row = |one: &Statement| Row {
        id: format!("statement-{}", one.id),
        name: name(one.person_id),
        href: format!("/statements/{}", one.id),
        state: one.state().as_str(),
        clock: Clock::of(&call, one, today),
        pay_on: format::full_date(language, one.pay_on),
        payable: format::yen(language, one.payable),
    };
    let page = ListPage {
        title: call.text("statements-title"),
        answer: answer(&call, facts.unpaid, facts.days.days.first()),
        tabs: StatementFilter::ALL.iter().map(tab).collect(),
        days: facts.days.rows(&call, facts.now),
        unchecked: facts.unchecked.iter().map(|day| unchecked_row(&call, day, facts.now)).collect(),
        deductions: facts
            .asked
            .iter()
            .map(|(asked, person)| Asked {
                name: name(*person),
                amount: format::yen(language, asked.amount),
                href: format!("/statements/{}", asked.statement_id),
            })
            .collect(),
        rows: facts.list.items.iter().map(row).collect(),
        next: facts.list.next.as_ref().map(|key| here(filter, &format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here(filter, "") } else { String::new() },
    };
    call.page("statements/index.html", &page)
}

fn unchecked_row(call: &Call, day: &UncheckedDay, now: chrono::DateTime<chrono::Utc>) -> UncheckedRow {
    let due = format::due(call.language, now, day.pay_on);
    let until = date_in_japan(now) + chrono::Days::new(UNCHECKED_NEAR_DAYS);
    UncheckedRow {
        day: format::full_date(call.language, day.pay_on),
        clock_tone: if date_in_japan(now) > day.pay_by || day.pay_on <= until { "late" } else { due.tone },
        due,
        units: format::count(day.units),
        amount: format::yen(call.language, day.amount),
        received: format::full_date(call.language, day.received_on),
        pay_by: said(call, "statement-pay-by", [("day", &format::full_date(call.language, day.pay_by))]),
    }
}

fn answer(call: &Call, (count, payable): (i64, Yen), first: Option<&UnpaidDay>) -> String {
    let Some(first) = first else { return call.text("statements-answer-none") };
    let words = [
        ("count", format::count(count)),
        ("amount", format::yen(call.language, payable)),
        ("day", format::full_date(call.language, first.pay_on)),
    ];
    said(call, "statements-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    state: &'static str,
    clock: Clock,
    worker: String,
    worker_href: String,
    pay_by: String,
    paid: String,
    /// Which payment of it would be taken back.
    payment: i32,
    /// The file of transfers that pays it, or did, in words, and its page; empty where none does.
    file: String,
    file_href: String,
    undone: Vec<UndoneRow>,
    objection: String,
    answered: String,
    /// How much of the tax may be deducted, a line for each share.
    deductible: Vec<String>,
    versions: Vec<Tab>,
    sheet: Sheet,
    is_newest: bool,
    /// The version that stands.
    version: i32,
    deductions: Vec<DeductionRow>,
    /// Where a deduction is asked for; empty where it is paid or in a file of transfers.
    deduct_href: String,
    form: FormView,
}

#[derive(Serialize)]
struct UndoneRow {
    said: String,
    by: String,
    reason: String,
}

#[derive(Serialize)]
struct DeductionRow {
    amount: String,
    reason: String,
    grounds: String,
    asked: String,
    /// In words; empty while a second person has to decide.
    outcome: String,
    action: String,
    may_decide: bool,
}

struct OneFacts {
    statement: Statement,
    paper: StatementPaper,
    deductions: Vec<Deduction>,
    undone: Vec<UndonePayment>,
    file: Option<TransferFile>,
    people: HashMap<PersonId, String>,
    today: NaiveDate,
}

fn one(
    tx: &mut Tx<'_>,
    id: StatementId,
    version: Option<i32>,
    language: Language,
) -> Result<OneFacts, DbError> {
    let statement = statements::find(tx, id)?;
    let deductions = deductions::of_statement(tx, id)?;
    let undone = statements::undone_payments(tx, id)?;
    let named = deductions.iter().flat_map(|one| [Some(one.asked_by), one.decided_by]).flatten();
    let named = named.chain(undone.iter().flat_map(|one| [one.paid_by, one.undone_by]));
    let people = parts::people(tx, language, named.chain([statement.person_id]).chain(statement.paid_by))?;
    Ok(OneFacts {
        paper: statements::paper(tx, id, version)?,
        file: transfers::files(tx, statement.transfer_file_id.as_slice())?.pop(),
        today: date_in_japan(tx.now()),
        statement,
        deductions,
        undone,
        people,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VersionQuery {
    version: Typed,
}

async fn render(
    call: &Call,
    id: StatementId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let version = call.query::<VersionQuery>().version.as_str().trim().parse().ok();
    let language = call.language;
    let facts = call.db(move |tx| one(tx, id, version, language)).await?;
    let statement = &facts.statement;
    let name = facts.people.get(&statement.person_id).cloned().unwrap_or_default();
    let here = format!("/statements/{id}");
    let versions = (1..=statement.version).map(|number| Tab {
        label: said(call, "statement-version", [("number", &number.to_string())]),
        href: format!("{here}?version={number}"),
        current: number == facts.paper.number,
    });
    let words = [
        ("amount", format::yen(language, statement.payable)),
        ("day", format::full_date(language, statement.paid_on.unwrap_or(statement.pay_on))),
        ("name", name.clone()),
    ];
    let key = if statement.paid_on.is_some() { "statement-answer-paid" } else { "statement-answer" };
    let page = OnePage {
        title: call.text("statement-title"),
        crumbs: vec![Crumb::new(call, "statements-title", "/statements")],
        answer: said(call, key, words.each_ref().map(|(key, text)| (*key, text.as_str()))),
        state: statement.state().as_str(),
        clock: Clock::of(call, statement, facts.today),
        worker: name,
        worker_href: paths::worker(statement.worker_id),
        pay_by: format::full_date(language, statement.pay_by),
        paid: statement.paid_on.map_or_else(String::new, |day| format::full_date(language, day)),
        payment: statement.undone + 1,
        file: facts.file.as_ref().map(|file| in_file(call, file)).unwrap_or_default(),
        file_href: facts.file.as_ref().map(|file| page_of(file.pay_on)).unwrap_or_default(),
        undone: facts.undone.iter().map(|one| undone_row(call, &facts, one)).collect(),
        objection: statement.objection.clone(),
        answered: statement.answered_at.map_or_else(String::new, |at| format::moment(language, at)),
        deductible: deductible(call, &facts.paper),
        versions: if statement.version > 1 { versions.collect() } else { Vec::new() },
        sheet: Sheet::of(call, statement, &facts.paper),
        is_newest: facts.paper.number == statement.version,
        version: statement.version,
        deductions: facts.deductions.iter().map(|one| deduction_row(call, &facts, one)).collect(),
        deduct_href: if may_change(statement) { format!("{here}/deductions") } else { String::new() },
        form: form.view(call, failure),
        here,
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "statements/show.html", &page)
}

fn in_file(call: &Call, file: &TransferFile) -> String {
    said(call, "statement-in-file", [("made", &made_at(call, file))])
}

/// Whether it can be issued anew: it is not paid, and no file of transfers pays it as it is.
fn may_change(statement: &Statement) -> bool {
    statement.paid_on.is_none() && statement.transfer_file_id.is_none()
}

/// How much of the tax the town may deduct itself; the payer's own matter, which no worker reads.
fn deductible(call: &Call, paper: &StatementPaper) -> Vec<String> {
    let mut shares: BTreeMap<u8, Yen> = BTreeMap::new();
    for line in &paper.lines {
        shares.entry(line.deductible_percent).or_default().0 += line.amount.0;
    }
    let one = |(percent, amount): (u8, Yen)| {
        let words = [("percent", percent.to_string()), ("amount", format::yen(call.language, amount))];
        said(call, "statement-deductible", words.each_ref().map(|(key, text)| (*key, text.as_str())))
    };
    shares.into_iter().map(one).collect()
}

fn undone_row(call: &Call, facts: &OneFacts, one: &UndonePayment) -> UndoneRow {
    let name = |person: PersonId| facts.people.get(&person).cloned().unwrap_or_default();
    let (day, amount) =
        (format::full_date(call.language, one.paid_on), format::yen(call.language, one.payable));
    let words = [("day", day), ("amount", amount), ("name", name(one.paid_by))];
    let by = [("name", name(one.undone_by)), ("when", format::moment(call.language, one.undone_at))];
    UndoneRow {
        said: said(call, "statement-undone-said", words.each_ref().map(|(key, text)| (*key, text.as_str()))),
        by: said(call, "statement-undone-by", by.each_ref().map(|(key, text)| (*key, text.as_str()))),
        reason: one.reason.clone(),
    }
}

fn deduction_row(call: &Call, facts: &OneFacts, one: &Deduction) -> DeductionRow {
    let name = |person: PersonId| facts.people.get(&person).cloned().unwrap_or_default();
    let by = |key: &str, person: PersonId| said(call, key, [("name", &name(person))]);
    let outcome = match (one.is_approved, one.decided_by) {
        (Some(true), Some(person)) => by("deduction-approved", person),
        (Some(false), Some(person)) => by("deduction-refused", person),
        _ => String::new(),
    };
    DeductionRow {
        amount: format::yen(call.language, one.amount),
        reason: one.reason.clone(),
        grounds: super::deductions::grounds(call, one),
        asked: by("deduction-asked", one.asked_by),
        may_decide: outcome.is_empty()
            && may_change(&facts.statement)
            && call.who.as_ref().is_some_and(|who| who.person.id != one.asked_by),
        outcome,
        action: format!("/deductions/{}", one.id),
    }
}

/// `GET /statements/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /statements/{id}/paid`
pub(crate) async fn paid(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: StatementId = call.id("id")?;
    let form = call.form();
    let mut input: PaidInput = form.input()?;
    input.version = form.get("version").into();
    match call.db(move |tx| statements::pay(tx, id, &input)).await {
        Ok(_paid) => Ok(call.done(format!("/statements/{id}"), "done-statement-paid")),
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /statements/{id}/undo`: a payment was noted by mistake.
pub(crate) async fn undo(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: StatementId = call.id("id")?;
    let form = call.form();
    let input: UndoPaymentInput = form.input()?;
    match call.db(move |tx| statements::undo_payment(tx, id, &input)).await {
        Ok(_open) => Ok(call.done(format!("/statements/{id}"), "done-statement-undone")),
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /statements/{id}/correct`
pub(crate) async fn correct(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: StatementId = call.id("id")?;
    let form = call.form();
    let input: CorrectInput = form.input()?;
    match call.db(move |tx| statements::correct(tx, id, &input)).await {
        Ok(_corrected) => Ok(call.done(format!("/statements/{id}"), "done-statement-corrected")),
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
