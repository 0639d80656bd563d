//! `/companies/{id}/activities` and `/leads/{id}/notes`: what was done, newest first, todos about it, and the form.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use clients::companies;
use db::{DbError, Tx};
use kernel::{CompanyId, LeadId, Page, Paging, PersonId};
use sales::about::About;
use sales::activities::{self, Activity, ActivityKey, ActivityKind, NoteInput, Outcome};
use sales::todos::{self, Todo};
use sales::{colleagues, leads};
use serde::Serialize;

use crate::call::Call;
use crate::deals::show::at_its_field;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::forms::{Form, FormView, PageQuery};
use crate::my_day::pages::others;
use crate::paths;
use crate::phrases::{self, Choice, said, word};
use crate::shell::Crumb;
use crate::todos::{Around, TodoRow, around, new_about};

/// How many activities a page shows.
const ROWS: u16 = 50;

struct Facts {
    about: About,
    name: String,
    activities: Page<Activity, ActivityKey>,
    todos: Vec<Todo>,
    around: Around,
    people: BTreeMap<PersonId, Person>,
    colleagues: Vec<Person>,
    /// Since when the register says that the company is closed.
    closed_on: Option<NaiveDate>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, about: About, after: Option<ActivityKey>) -> Result<Facts, DbError> {
    let (about, name, company) = match about {
        About::Company(id) => {
            let company = companies::find(tx, id)?;
            (About::Company(company.id), company.name, Some(company.id))
        }
        About::Lead(id) => {
            let lead = leads::find(tx, id)?;
            (about, lead.company_name, lead.company_id)
        }
        // A deal's page shows its own.
        About::Deal(_) => return Err(DbError::NotFound),
    };
    let activities = activities::list(tx, about, &Paging { after, ..Paging::first(ROWS) })?;
    let named: Vec<PersonId> = activities.items.iter().map(|activity| activity.person_id).collect();
    let todos = todos::of(tx, about)?;
    let closed_on = match company {
        Some(company) => companies::closed_on(tx, company)?,
        None => None,
    };
    Ok(Facts {
        about,
        name,
        around: around(tx, &todos)?,
        todos,
        activities,
        people: persons::find_many(tx, &named)?,
        colleagues: colleagues::list(tx)?,
        closed_on,
        now: tx.now(),
    })
}

#[derive(Serialize)]
struct Row {
    what: String,
    at: Moment,
    who: String,
    icon: &'static str,
    note: String,
}

#[derive(Serialize)]
struct ActivitiesPage {
    title: String,
    crumbs: Vec<Crumb>,
    is_lead: bool,
    action: String,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    colleagues: Vec<Choice>,
    rows: Vec<Row>,
    next: String,
    first: String,
    todos: Vec<TodoRow>,
    todo_new: String,
    /// In words; empty while the company is open.
    closed_on: String,
    form: FormView,
}

/// What stands for a kind of activity.
pub(crate) const fn icon(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Call => "phone",
        ActivityKind::Mail => "mail",
        ActivityKind::Visit => "company",
        ActivityKind::Meeting => "people",
        ActivityKind::Note => "comment",
        ActivityKind::Task => "check",
    }
}

fn row(call: &Call, facts: &Facts, activity: &Activity) -> Row {
    let kind = word(call, "activity-kind", activity.kind);
    let what = if activity.kind == ActivityKind::Note {
        // Nothing comes of a note.
        kind
    } else {
        let outcome = word(call, "activity-outcome", activity.outcome);
        said(call, "activity-what", [("kind", &kind), ("outcome", &outcome)])
    };
    let who = facts.people.get(&activity.person_id).map(|person| person.name_in(call.language));
    Row {
        what,
        at: Moment::of(call.language, facts.now, activity.happened_at),
        who: who.unwrap_or_default(),
        icon: icon(activity.kind),
        note: activity.note.clone(),
    }
}

/// The page's address, and the way to it.
fn here(call: &Call, about: About, name: &str) -> (String, Vec<Crumb>) {
    let above = paths::about(about);
    match about {
        About::Lead(_) => (
            format!("{above}/notes"),
            vec![Crumb::new(call, "nav-leads", "/leads"), Crumb::named(name, above)],
        ),
        _ => (
            format!("{above}/activities"),
            vec![Crumb::new(call, "nav-companies", "/companies"), Crumb::named(name, above)],
        ),
    }
}

async fn page(
    call: &Call,
    about: About,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<ActivityKey>(call.query::<PageQuery>().after.as_str());
    let is_first = after.is_none();
    let facts = call.db(move |tx| facts(tx, about, after)).await?;
    let (here, crumbs) = here(call, facts.about, &facts.name);
    let is_lead = facts.about.lead().is_some();
    let fresh = Form::default().preset("kind", if is_lead { ActivityKind::Note } else { ActivityKind::Call });
    let next = |key: &ActivityKey| phrases::address(&here, &[("after", &format::page_key(key))]);
    let page = ActivitiesPage {
        title: call.text(if is_lead { "lead-notes" } else { "company-activities" }),
        crumbs,
        is_lead,
        kinds: phrases::choices(call, "activity-kind", ActivityKind::ALL),
        outcomes: phrases::choices(call, "activity-outcome", Outcome::ALL),
        colleagues: others(call, &facts.colleagues),
        rows: facts.activities.items.iter().map(|activity| row(call, &facts, activity)).collect(),
        next: facts.activities.next.as_ref().map(next).unwrap_or_default(),
        first: if is_first { String::new() } else { here.clone() },
        todos: facts.around.rows(call, facts.now, &facts.todos),
        todo_new: new_about(facts.about),
        closed_on: facts.closed_on.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
        action: here,
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "activities/index.html", &page)
}

async fn note(call: &Call, about: About) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: NoteInput = form.input()?;
    let (place, _) = here(call, about, "");
    match call.once(&form, move |tx| activities::note(tx, about, &input).map(|_noted| place)).await {
        Ok(page) => Ok(call.done(page, "done-activity-logged")),
        Err(failure) if failure.is_about_input() => {
            page(call, about, Some((&form, &at_its_field(failure)))).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /companies/{id}/activities`
pub(crate) async fn of_company(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    page(&call, About::Company(id), None).await
}

/// `POST /companies/{id}/activities`
pub(crate) async fn note_company(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    note(&call, About::Company(id)).await
}

/// `GET /leads/{id}/notes`
pub(crate) async fn of_lead(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    page(&call, About::Lead(id), None).await
}

/// `POST /leads/{id}/notes`
pub(crate) async fn note_lead(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    note(&call, About::Lead(id)).await
}
