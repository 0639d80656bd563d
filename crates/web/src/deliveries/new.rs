//! Sending a delivery: which of the passed units, to whom, with what words.

use std::rc::Rc;

use actix_web::HttpResponse;
use clients::{Contact, companies, contacts};
use db::{DbError, Tx};
use fulfillment::deliveries::{self, DeliverInput};
use fulfillment::jobs;
use fulfillment::orders::{self, Order, Progress};
use fulfillment::units::{self, Unit, UnitFilter, UnitKey, UnitState};
use kernel::{Code, Invalid, OrderId, Paging, UnitId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;

/// The field of the chosen units.
const UNITS: &str = "units[]";
/// Up to this many units each get a checkbox; beyond that all that passed go, a thousand at a time.
const MOST_CHOICES: usize = 200;

struct Facts {
    order: Order,
    client: String,
    passed: Vec<(Unit, String)>,
    total: i64,
    progress: Progress,
    contacts: Vec<Contact>,
    /// Passed units that bring the client nothing.
    empty: Vec<UnitId>,
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<Facts, DbError> {
    let (order, progress) = (orders::find(tx, id)?, orders::progress(tx, id)?);
    Ok(Facts {
        client: companies::find(tx, order.company_id)?.name,
        passed: passed(tx, id)?,
        total: progress.passed,
        progress,
        contacts: contacts::of_company(tx, order.company_id)?,
        empty: deliveries::without_result(tx, id)?,
        order,
    })
}

/// The passed units of every job with the job's title, as many as get a checkbox.
fn passed(tx: &mut Tx<'_>, id: OrderId) -> Result<Vec<(Unit, String)>, DbError> {
    let filter = UnitFilter { state: Some(UnitState::Passed) };
    let mut found = Vec::new();
    for job in jobs::of_order(tx, id)?.into_iter().filter(|job| job.progress.passed > 0) {
        let mut after = None;
        while found.len() < MOST_CHOICES {
            let paging = Paging { after, ..Paging::first(Paging::<UnitKey>::MOST) };
            let page = units::of_job(tx, job.job.id, filter, &paging)?;
            found.extend(page.items.into_iter().map(|unit| (unit, job.job.title.clone())));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(found)
}

#[derive(Serialize)]
struct DeliverPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    cancel: String,
    answer: String,
    form: FormView,
    units: Vec<UnitChoice>,
    /// Whether the units can be chosen one by one.
    chooses: bool,
    all_text: String,
    contacts: Vec<Choice>,
    company_href: String,
    client: String,
    is_ready: bool,
    /// Says how many units bring the client nothing; empty where all bring something.
    empty_text: String,
}

#[derive(Serialize)]
struct UnitChoice {
    value: String,
    label: String,
    support: String,
}

fn page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> DeliverPage {
    let order = &facts.order;
    let here = paths::order(order.id);
    let choices: Vec<Choice> = facts.contacts.iter().filter_map(choice).collect();
    DeliverPage {
        title: call.text("deliveries-new-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
        action: format!("{here}/deliver"),
        cancel: here,
        answer: lead(call, facts),
        form: form.view(call, failure),
        units: facts.passed.iter().map(|(unit, job)| unit_choice(call, facts, unit, job)).collect(),
        chooses: chooses(facts),
        all_text: parts::say(call, "deliveries-all", &[("count", format::count(facts.total.min(1000)))]),
        company_href: paths::company(order.company_id),
        client: facts.client.clone(),
        is_ready: facts.total > 0 && !choices.is_empty(),
        contacts: choices,
        empty_text: match i64::try_from(facts.empty.len()).unwrap_or(i64::MAX) {
            0 => String::new(),
            count => parts::say_count(call, "deliveries-empty-units", count),
        },
    }
}

/// How much of the order this is, because the client reads the same.
fn lead(call: &Call, facts: &Facts) -> String {
    let (live, rest) = (facts.progress.live(), facts.progress.not_done());
    if rest == 0 {
        return parts::say_count(call, "deliveries-ready", facts.total);
    }
    let counts =
        [("of", live), ("count", facts.total), ("rest", rest)].map(|(name, n)| (name, format::count(n)));
    parts::say(call, "deliveries-part", &counts)
}

fn chooses(facts: &Facts) -> bool {
    facts.total <= i64::try_from(MOST_CHOICES).unwrap_or(i64::MAX)
}

fn unit_choice(call: &Call, facts: &Facts, unit: &Unit, job: &str) -> UnitChoice {
    let support =
        if facts.empty.contains(&unit.id) { call.text("deliveries-empty-unit") } else { String::new() };
    UnitChoice { value: unit.id.to_string(), label: parts::unit_name(call, job, &unit.label), support }
}

/// Only people whom mail can reach.
fn choice(contact: &Contact) -> Option<Choice> {
    let email = contact.email.as_ref()?;
    Some(Choice::new(contact.id, format!("{} <{email}>", contact.display_name())))
}

/// Everything that passed is chosen, the order's own contact too.
fn proposal(facts: &Facts) -> Form {
    let mut form = Form::default();
    if let Some(contact) = facts.order.contact_id {
        form = form.preset("contact_id", contact);
    }
    facts.passed.iter().fold(form, |form, (unit, _)| form.preset(UNITS, unit.id))
}

/// `GET /orders/{id}/deliver`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let form = proposal(&facts);
    call.page("deliveries/form.html", &page(&call, &facts, &form, None))
}

/// `POST /orders/{id}/deliver`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let key = call.app.key.clone();
    let sent = match input(&form) {
        Ok(input) => {
            let assemble = move |tx: &mut Tx<'_>| deliveries::assemble(tx, &key, id, input);
            call.once(&form, move |tx| assemble(tx).map(|delivery| paths::delivery(delivery.id))).await
        }
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(delivery) => Ok(call.done(delivery, "done-deliveries-sent")),
        Err(failure) if failure.is_about_input() => {
            let facts = call.db(move |tx| facts(tx, id)).await?;
            call.page_with(
                failure.status(),
                "deliveries/form.html",
                &page(&call, &facts, &form, Some(&failure)),
            )
        }
        Err(failure) => Err(failure),
    }
}

/// No unit named means all that passed; so a form with checkboxes of which none is ticked must not get that far.
fn input(form: &Form) -> Result<DeliverInput, Failure> {
    let units: Vec<UnitId> = form.all(UNITS).iter().filter_map(|unit| unit.parse().ok()).collect();
    if units.is_empty() && form.get("all") != "yes" {
        return Err(Invalid::field(UNITS, Code::Required).into());
    }
    Ok(DeliverInput {
        unit_ids: units,
        message: form.get("message").into(),
        contact_id: form.get("contact_id").into(),
        allow_empty: form.get("allow_empty").into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_nothing_ticked_delivers_nothing() {
        assert!(input(&Form::parse(b"message=hello")).is_err());
        let all = input(&Form::parse(b"all=yes&message=hello")).unwrap();
        assert_eq!((all.unit_ids.len(), all.message.as_str()), (0, "hello"));
        let two = input(&Form::parse(b"units%5B%5D=4&units%5B%5D=5&contact_id=9")).unwrap();
        assert_eq!(two.unit_ids, [UnitId(4), UnitId(5)]);
    }
}
