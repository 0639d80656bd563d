//! `GET /workers/{id}/sampling`: how one person is looked at in each kind of work, and what is known of it.

use std::rc::Rc;

use accounts::persons::{self, Person};
use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::sampling::{self, Phase, Standing};
use kernel::WorkerId;
use serde::Serialize;
use workforce::skills;
use workforce::workers;

use super::words;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

/// A standing with the skill its kind of work asks for; none where it asks for none.
type Named = (Standing, Option<String>);

fn facts(tx: &mut Tx<'_>, id: WorkerId) -> Result<(Person, Vec<Named>), DbError> {
    let worker = workers::find(tx, id)?;
    let named = skills::list(tx)?;
    let kind = |standing: Standing| {
        let skill = named.iter().find(|skill| Some(skill.id) == standing.stream.skill_id);
        (standing, skill.map(|skill| skill.name.clone()))
    };
    let standings = sampling::of_person(tx, worker.person_id)?;
    Ok((persons::find(tx, worker.person_id)?, standings.into_iter().map(kind).collect()))
}

#[derive(Serialize)]
struct PersonPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    kind: String,
    href: String,
    phase: Phase,
    word: String,
    run: String,
    known: String,
}

fn row(call: &Call, (standing, skill): Named) -> Row {
    Row {
        kind: words::kind(call, skill, &standing.stream),
        href: paths::sampling(standing.stream.id),
        phase: standing.stream.phase,
        word: words::phase(call, standing.stream.phase),
        run: format::count(standing.stream.run.into()),
        known: words::known(call, &standing.reliability),
    }
}

/// `GET /workers/{id}/sampling`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let (person, standings) = call.db(move |tx| facts(tx, id)).await?;
    let name = person.name_in(call.language);
    let page = PersonPage {
        title: call.text("sampling-person-title"),
        answer: parts::say(&call, "sampling-person-answer", &[("name", name.clone())]),
        crumbs: vec![Crumb::new(&call, "nav-workers", "/workers"), Crumb::named(&name, paths::worker(id))],
        rows: standings.into_iter().map(|one| row(&call, one)).collect(),
    };
    call.page("sampling/person.html", &page)
}
