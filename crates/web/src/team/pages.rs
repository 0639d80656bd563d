//! `/team`

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Language, PersonId, date_in_japan};
use sales::team::{self, PlaceInput, Policy, PolicyInput, Team, TeamPlace};
use serde::Serialize;

use crate::call::Call;
use crate::deals::may_sell;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases;
use crate::shell::Crumb;
use crate::words::role_names;

struct Facts {
    team: Team,
    policies: Vec<Policy>,
    people: BTreeMap<PersonId, Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let (team, policies) = (team::standing(tx)?, team::policies(tx)?);
    let mut named: Vec<PersonId> = team.places.iter().map(|place| place.person_id).collect();
    named.extend(policies.iter().map(|policy| policy.person_id));
    Ok(Facts { people: persons::find_many(tx, &named)?, team, policies, now: tx.now() })
}

#[derive(Serialize)]
struct TeamPage {
    title: String,
    as_of: String,
    may_write: bool,
    policy: Option<PolicyView>,
    older: Vec<PolicyView>,
    version: i32,
    rows: Vec<Row>,
    total: String,
    form: FormView,
}

#[derive(Serialize)]
struct PolicyView {
    version: i32,
    body: String,
    who: String,
    at: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    roles: String,
    area: String,
    hours: String,
    edit: String,
}

/// Minutes as hours, zero too: `7.5時間`, `0時間`.
fn hours(language: Language, minutes: i64) -> String {
    match (minutes, language) {
        (0, Language::Ja) => "0時間".to_owned(),
        (0, Language::En) => "0 h".to_owned(),
        (minutes, language) => format::duration(language, minutes),
    }
}

fn edit_path(id: PersonId) -> String {
    format!("/team/people/{id}")
}

async fn page(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let facts = call.db(facts).await?;
    let name =
        |id: PersonId| facts.people.get(&id).map(|person| person.name_in(call.language)).unwrap_or_default();
    let policy = |policy: &Policy| PolicyView {
        version: policy.version,
        body: policy.body.clone(),
        who: name(policy.person_id),
        at: format::full_date(call.language, date_in_japan(policy.created_at)),
    };
    let row = |place: &TeamPlace| Row {
        id: format!("person-{}", place.person_id),
        name: name(place.person_id),
        roles: facts
            .people
            .get(&place.person_id)
            .map(|person| role_names(call.language, person.roles.iter().copied()))
            .unwrap_or_default(),
        area: place.area.clone(),
        hours: hours(call.language, i64::from(place.weekly_minutes)),
        edit: edit_path(place.person_id),
    };
    let standing = facts.team.policy.as_ref();
    let fresh = Form::default().preset("body", standing.map_or("", |policy| &policy.body));
    let page = TeamPage {
        title: call.text("team-title"),
        as_of: format::full_date(call.language, date_in_japan(facts.now)),
        may_write: may_sell(call),
        version: standing.map_or(0, |policy| policy.version),
        policy: standing.map(policy),
        older: facts.policies.iter().skip(1).map(policy).collect(),
        rows: facts.team.places.iter().map(row).collect(),
        total: hours(call.language, facts.team.weekly_minutes),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "team/index.html", &page)
}

/// `GET /team`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /team/policy`
pub(crate) async fn declare(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, version) = (form.input::<PolicyInput>()?, form.version()?);
    match call.db(move |tx| team::declare(tx, version, &input)).await {
        Ok(_declared) => Ok(call.done("/team", "done-policy-declared")),
        Err(failure) if failure.is_about_input() => page(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct PlacePage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: i32,
    form: FormView,
}

async fn place_page(
    call: &Call,
    id: PersonId,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(facts).await?;
    let place =
        facts.team.places.iter().find(|place| place.person_id == id).ok_or_else(Failure::not_found)?;
    let person = facts.people.get(&id).ok_or_else(Failure::not_found)?;
    let fresh = Form::default().preset("area", &place.area).preset(
        "weekly_hours",
        if place.version == 0 { String::new() } else { typed_hours(place.weekly_minutes) },
    );
    let page = PlacePage {
        title: person.name_in(call.language),
        crumbs: vec![Crumb::new(call, "team-title", "/team")],
        action: edit_path(id),
        version: place.version,
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "team/place.html", &page)
}

/// Minutes as they are typed: `7.5`.
fn typed_hours(minutes: i32) -> String {
    let hundredths = (i64::from(minutes) * 100 + 30) / 60;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `GET /team/people/{id}`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    place_page(&call, call.id("id")?, None).await
}

/// `POST /team/people/{id}`
pub(crate) async fn place(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PersonId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<PlaceInput>()?, form.version()?);
    match call.db(move |tx| team::place(tx, id, version, &input)).await {
        Ok(_placed) => Ok(call.done("/team", "done-saved")),
        Err(failure) if failure.is_about_input() => place_page(&call, id, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_come_back_as_they_were_typed() {
        for (minutes, typed) in [(450, "7.5"), (0, "0"), (600, "10"), (80, "1.33"), (20, "0.33")] {
            assert_eq!(typed_hours(minutes), typed);
        }
    }
}
