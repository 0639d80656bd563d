//! `/harassment`: whom one turns to, and the reports the reader sent or is named for.

use std::collections::HashMap;
use std::rc::Rc;

use accounts::{Person, Role, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Paging, PersonId};
use serde::Serialize;
use workforce::harassment::{
    self, DeskContact, DeskContactId, DeskContactInput, Report, ReportId, ReportState,
};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts;
use crate::phrases::{self, Choice, address, dial};

/// How many reports a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct DeskPage {
    title: String,
    contacts: Vec<ContactRow>,
    reports: Vec<ReportRow>,
    next: String,
    first: String,
    /// Somebody of the town reads reports here.
    takes_reports: bool,
    administers: bool,
    people: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct ContactRow {
    id: String,
    name: String,
    is_outside: bool,
    reach: String,
    /// For a `tel:` link; empty where there is no number.
    dial: String,
    end: String,
}

#[derive(Serialize)]
struct ReportRow {
    id: String,
    href: String,
    title: String,
    when: String,
    state: ReportState,
}

/// The names of people of the desk, and of the reporters who want to be named.
pub(super) fn names(
    tx: &mut Tx<'_>,
    language: kernel::Language,
    contacts: &[DeskContact],
    reports: &[Report],
) -> Result<HashMap<PersonId, String>, DbError> {
    let people = contacts.iter().filter_map(|contact| contact.person_id);
    parts::people(tx, language, people.chain(reports.iter().filter_map(|report| report.reporter_id)))
}

fn contact_row(names: &HashMap<PersonId, String>, contact: &DeskContact) -> ContactRow {
    let dial = dial(&contact.reach);
    ContactRow {
        id: format!("contact-{}", contact.id),
        name: match contact.person_id {
            Some(person) => names.get(&person).cloned().unwrap_or_default(),
            None => contact.name.clone(),
        },
        is_outside: contact.person_id.is_none(),
        dial: if dial.len() >= 10 { dial } else { String::new() },
        reach: contact.reach.clone(),
        end: format!("/harassment/contacts/{}/end", contact.id),
    }
}

fn report_row(call: &Call, names: &HashMap<PersonId, String>, report: &Report) -> ReportRow {
    let title = match report.reporter_id {
        _ if report.is_own => call.text("report-own"),
        Some(person) => names.get(&person).cloned().unwrap_or_default(),
        None => call.text("report-nameless"),
    };
    ReportRow {
        id: format!("report-{}", report.id),
        href: format!("/harassment/{}", report.id),
        title,
        when: format::moment(call.language, report.created_at),
        state: report.state,
    }
}

async fn page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let after = format::read_page_key::<ReportId>(query.after.as_str());
    let is_first = after.is_none();
    let administers = call.who.as_ref().is_some_and(|who| who.is(Role::Admin));
    let language = call.language;
    let (contacts, reports, named, people) = call
        .db(move |tx| -> Result<_, DbError> {
            let contacts = harassment::desk(tx)?;
            let reports = harassment::list(tx, &Paging { after, ..Paging::first(ROWS) })?;
            let named = names(tx, language, &contacts, &reports.items)?;
            let people = if administers { candidates(tx)? } else { Vec::new() };
            Ok((contacts, reports, named, people))
        })
        .await?;
    let here = |after: &str| address("/harassment", &[("after", after)]);
    let view = DeskPage {
        title: call.text("desk-title"),
        takes_reports: contacts.iter().any(|contact| contact.person_id.is_some()),
        contacts: contacts.iter().map(|contact| contact_row(&named, contact)).collect(),
        reports: reports.items.iter().map(|report| report_row(call, &named, report)).collect(),
        next: reports.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        administers,
        people: phrases::people(language, &people),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "harassment/index.html", &view)
}

/// Who can be named: those who do not only work.
fn candidates(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    let mut people: Vec<Person> = Vec::new();
    for role in [Role::Coordinator, Role::Officer, Role::Admin, Role::Adviser] {
        for person in persons::with_role(tx, role)? {
            if people.iter().all(|known| known.id != person.id) {
                people.push(person);
            }
        }
    }
    Ok(people)
}

/// `GET /harassment`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, &Form::default(), None).await
}

/// `POST /harassment/contacts`
pub(crate) async fn appoint(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: DeskContactInput = form.input()?;
    let named =
        call.once(&form, move |tx| harassment::appoint(tx, &input).map(|_contact| "/harassment".to_owned()));
    match named.await {
        Ok(desk) => Ok(call.done(desk, "done-desk-appointed")),
        Err(failure) if failure.is_about_input() => page(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /harassment/contacts/{id}/end`
pub(crate) async fn dismiss(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeskContactId = call.id("id")?;
    call.db(move |tx| harassment::dismiss(tx, id)).await?;
    Ok(call.done("/harassment", "done-desk-dismissed"))
}
