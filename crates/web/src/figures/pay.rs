//! What the town pays its workers, by pay day: totals for the office, names for those who run the work. Both come from the
//! ledger of what is certain, so they agree.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::earnings::{self, PaidPerson, PaidTotal};
use fulfillment::statements;
use kernel::{Language, PersonId, Yen, date_in_japan};
use serde::Serialize;
use workforce::Worker;
use workforce::workers;

use crate::asked_day::AskedDay;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts;
use crate::paths;
use crate::phrases::{counted, said};
use crate::routes::may_get;
use crate::shell::Crumb;

#[derive(Serialize)]
struct DaysPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<DayRow>,
}

#[derive(Serialize)]
struct DayRow {
    day: String,
    /// Empty for whoever may not see names.
    href: String,
    people: String,
    units: String,
    amount: String,
}

fn crumbs(call: &Call) -> Vec<Crumb> {
    if may_get(call, "/figures") { vec![Crumb::new(call, "nav-figures", "/figures")] } else { Vec::new() }
}

fn path(on: NaiveDate) -> String {
    format!("/figures/pay/{on}")
}

/// `GET /figures/pay`: every pay day, the latest first. There are some for each month, so they come whole.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (days, today) = call
        .db(|tx| -> Result<_, DbError> { Ok((earnings::pay_days(tx, None)?, date_in_japan(tx.now()))) })
        .await?;
    let may_see_names = may_get(&call, "/figures/pay/{day}");
    let row = |day: &PaidTotal| DayRow {
        day: format::full_date(call.language, day.on),
        href: if may_see_names { path(day.on) } else { String::new() },
        people: format::count(day.people),
        units: format::count(day.units),
        amount: format::yen(call.language, day.amount),
    };
    let next = days.iter().find(|day| day.on >= today);
    let page = DaysPage {
        title: call.text("pay-title"),
        crumbs: crumbs(&call),
        answer: next.map_or_else(|| call.text("pay-none-coming"), |day| sentence(&call, "pay-next", day)),
        rows: days.iter().rev().map(row).collect(),
    };
    call.page("figures/pay.html", &page)
}

fn sentence(call: &Call, key: &str, day: &PaidTotal) -> String {
    let words = [
        ("day", format::full_date(call.language, day.on)),
        ("people", format::count(day.people)),
        ("amount", format::yen(call.language, day.amount)),
    ];
    said(call, key, words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

#[derive(Serialize)]
struct DayPage {
    title: String,
    crumbs: Vec<Crumb>,
    rows: Vec<PersonRow>,
    people: String,
    units: String,
    amount: String,
}

#[derive(Serialize)]
struct PersonRow {
    name: String,
    href: String,
    units: String,
    amount: String,
}

struct Facts {
    paid: Vec<PaidPerson>,
    names: HashMap<PersonId, String>,
    workers: HashMap<PersonId, Worker>,
}

fn facts(tx: &mut Tx<'_>, language: Language, on: NaiveDate) -> Result<Facts, DbError> {
    let paid = earnings::paid_on(tx, on)?;
    let people: Vec<PersonId> = paid.iter().map(|one| one.person).collect();
    Ok(Facts {
        names: parts::people(tx, language, people.iter().copied())?,
        workers: workers::of_people(tx, &people)?.into_iter().collect(),
        paid,
    })
}

/// `GET /figures/pay/{day}`: who is paid what on a day; everybody, because a transfer is made from it.
pub(crate) async fn day(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let AskedDay(on) = call.id("day")?;
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, on)).await?;
    if facts.paid.is_empty() {
        return Err(Failure::not_found());
    }
    let mut trail = crumbs(&call);
    trail.push(Crumb::new(&call, "pay-title", "/figures/pay"));
    let row = |one: &PaidPerson| PersonRow {
        name: facts.names.get(&one.person).cloned().unwrap_or_default(),
        href: facts.workers.get(&one.person).map(|worker| paths::worker(worker.id)).unwrap_or_default(),
        units: format::count(one.units),
        amount: format::yen(language, one.amount),
    };
    let people = i64::try_from(facts.paid.len()).unwrap_or(i64::MAX);
    let page = DayPage {
        title: said(&call, "pay-day-title", [("day", &format::full_date(language, on))]),
        crumbs: trail,
        rows: facts.paid.iter().map(row).collect(),
        people: counted(&call, "pay-people", "count", people),
        units: format::count(facts.paid.iter().map(|one| one.units).sum()),
        amount: format::yen(language, facts.paid.iter().map(|one| one.amount).sum::<Yen>()),
    };
    call.page("figures/pay_day.html", &page)
}

/// What is to be paid next, for the homes of those who pay: where statements wait to be paid, what all of them come to, as their
/// list says it; else the next day on which something certain is paid, before tax.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ToPay {
    /// Statements that are not paid.
    Stated {
        /// How many.
        count: i64,
        /// What is transferred for them.
        payable: Yen,
        /// The first of their days.
        first_on: NaiveDate,
    },
    /// What stands on no statement yet.
    Earned(PaidTotal),
}

/// [`ToPay`] in the reader's language.
#[derive(Debug, Serialize)]
pub(crate) struct NextPay {
    label: String,
    amount: String,
    /// To how many people, or on how many statements.
    of: String,
    href: String,
}

/// What is to be paid next; none where nothing is.
pub(crate) fn next(tx: &mut Tx<'_>) -> Result<Option<ToPay>, DbError> {
    let days = statements::unpaid_days(tx)?;
    if let Some(first) = days.first() {
        let (count, payable) = statements::count_unpaid(tx)?;
        return Ok(Some(ToPay::Stated { count, payable, first_on: first.pay_on }));
    }
    let today = date_in_japan(tx.now());
    Ok(earnings::pay_days(tx, Some(today))?.into_iter().next().map(ToPay::Earned))
}

impl NextPay {
    /// What the tile says.
    pub(crate) fn of(call: &Call, next: ToPay) -> Self {
        let day = |on: NaiveDate| format::short_date(call.language, on);
        match next {
            ToPay::Stated { count, payable, first_on } => Self {
                label: call.text("pay-stated-tile"),
                amount: format::yen(call.language, payable),
                of: said(call, "pay-stated-of", [("count", &format::count(count)), ("day", &day(first_on))]),
                href: "/statements".to_owned(),
            },
            ToPay::Earned(total) => Self {
                label: said(call, "pay-next-tile", [("day", &day(total.on))]),
                amount: format::yen(call.language, total.amount),
                of: counted(call, "pay-people", "count", total.people),
                href: path(total.on),
            },
        }
    }
}
