//! `/coachings`: whom somebody is to sit down with, and what they agreed.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::coachings::{self, CoachingId, CoachingKey, HeldInput, OpenCoaching};
use kernel::{Language, Page, Paging, PersonId, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts::{self, When};
use crate::phrases::address;
use crate::shell::Crumb;

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    label: String,
    href: String,
    maker: String,
    since: When,
}

struct Facts {
    open: Page<OpenCoaching, CoachingKey>,
    count: i64,
    people: HashMap<PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, paging: &Paging<CoachingKey>, language: Language) -> Result<Facts, DbError> {
    let open = coachings::waiting(tx, paging)?;
    let people = parts::people(tx, language, open.items.iter().map(|open| open.coaching.person_id))?;
    Ok(Facts { open, count: coachings::count_open(tx)?, people })
}

/// `GET /coachings`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<CoachingKey>(call.query::<PageQuery>().after.as_str());
    let (language, paging) = (call.language, Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, &paging, language)).await?;
    let here = |key: &str| address("/coachings", &[("after", key)]);
    let row = |open: &OpenCoaching| Row {
        id: format!("coaching-{}", open.coaching.id),
        label: parts::unit_name(&call, &open.job_title, &open.label),
        href: format!("/coachings/{}", open.coaching.id),
        maker: facts.people.get(&open.coaching.person_id).cloned().unwrap_or_default(),
        since: When::of(language, open.coaching.opened_at),
    };
    let page = ListPage {
        title: call.text("coachings-title"),
        crumbs: vec![Crumb::new(&call, "nav-review", "/review")],
        answer: match facts.count {
            0 => String::new(),
            count => parts::say_count(&call, "coachings-answer", count),
        },
        rows: facts.open.items.iter().map(row).collect(),
        next: facts.open.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("coachings/index.html", &page)
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    unit_href: String,
    maker: String,
    when: When,
    comment: String,
    /// On which day it was held; empty while it is open.
    held: String,
    note: String,
    form: FormView,
}

async fn render(
    call: &Call,
    id: CoachingId,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let (one, maker, today) = call
        .db(move |tx| -> Result<_, DbError> {
            let one = coachings::find(tx, id)?;
            let mut people = parts::people(tx, language, [one.coaching.person_id])?;
            let maker = people.remove(&one.coaching.person_id).unwrap_or_default();
            Ok((one, maker, date_in_japan(tx.now())))
        })
        .await?;
    let fresh = Form::default().preset("held_on", today);
    let label = parts::unit_name(call, &one.job_title, &one.label);
    let page = OnePage {
        title: call.text("coachings-one"),
        crumbs: vec![Crumb::new(call, "coachings-title", "/coachings")],
        answer: parts::say(call, "coachings-one-answer", &[("label", label), ("name", maker.clone())]),
        action: format!("/coachings/{id}"),
        unit_href: format!("/units/{}", one.coaching.unit_id),
        maker,
        when: When::of(language, one.coaching.opened_at),
        comment: one.comment,
        held: one.coaching.held_on.map_or_else(String::new, |day| format::full_date(language, day)),
        note: one.coaching.note,
        form: form.unwrap_or(&fresh).view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "coachings/show.html", &page)
}

/// `GET /coachings/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, None, None).await
}

/// `POST /coachings/{id}`
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CoachingId = call.id("id")?;
    let form = call.form();
    let input: HeldInput = form.input()?;
    match call.db(move |tx| coachings::close(tx, id, &input)).await {
        Ok(_closed) => Ok(call.done("/coachings", "done-coachings-closed")),
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
