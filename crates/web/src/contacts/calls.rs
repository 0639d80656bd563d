//! What a contact said about being called: writing it down, and the record of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::call_wishes::{self, CallWish, CallWishInput, Wish};
use clients::contacts::Contact;
use clients::{companies, contacts};
use db::{DbError, Tx};
use kernel::{ContactId, PersonId, person_in};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    may_be_called: bool,
    phone: String,
    record: Vec<Line>,
    wishes: Vec<Choice>,
    action: String,
    form: FormView,
}

#[derive(Serialize)]
struct Line {
    wish: String,
    note: String,
    at: String,
    by: String,
}

/// A contact, their company's name, their record and who wrote it.
struct Facts {
    contact: Contact,
    company: String,
    record: Vec<CallWish>,
    writers: BTreeMap<PersonId, Person>,
}

fn facts(tx: &mut Tx<'_>, id: ContactId) -> Result<Facts, DbError> {
    let contact = contacts::find(tx, id)?;
    let company = companies::find(tx, contact.company_id)?.name;
    let record = call_wishes::history(tx, id)?;
    let writers = persons::find_many(
        tx,
        &record.iter().filter_map(|line| person_in(&line.recorded_by)).collect::<Vec<_>>(),
    )?;
    Ok(Facts { contact, company, record, writers })
}

async fn page(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let id: ContactId = call.id("id")?;
    let Facts { contact, company, record, writers } = call.db(move |tx| facts(tx, id)).await?;
    let line = |line: CallWish| Line {
        by: person_in(&line.recorded_by)
            .and_then(|person| writers.get(&person))
            .map(|person| person.name_in(call.language))
            .unwrap_or_default(),
        wish: word(call, "call-wish", line.wish),
        note: line.note,
        at: format::moment(call.language, line.recorded_at),
    };
    let empty =
        Form::default().preset("wish", if contact.may_be_called { Wish::Refused } else { Wish::Welcome });
    let form = returned.map_or(&empty, |(form, _)| form);
    let page = Page {
        title: call.text("call-wishes-title"),
        crumbs: vec![
            Crumb::new(call, "nav-companies", "/companies"),
            Crumb::named(company, paths::company(contact.company_id)),
            Crumb::named(contact.display_name(), format!("{}/edit", paths::contact(id))),
        ],
        may_be_called: contact.may_be_called,
        phone: contact.phone.clone(),
        record: record.into_iter().map(line).collect(),
        wishes: phrases::choices(call, "call-wish", Wish::ALL),
        action: format!("{}/calls", paths::contact(id)),
        form: form.view(call, returned.map(|(_, failure)| failure)),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "contacts/calls.html", &page)
}

/// `GET /contacts/{id}/calls`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /contacts/{id}/calls`
pub(crate) async fn record(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ContactId, _) = (call.id("id")?, call.form());
    let input: CallWishInput = form.input()?;
    let here = format!("{}/calls", paths::contact(id));
    match call.once(&form, move |tx| call_wishes::record(tx, id, &input).map(|_contact| here)).await {
        Ok(back) => Ok(call.done(back, "done-call-wish-recorded")),
        Err(failure) if failure.is_about_input() => page(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}
