//! `/hearings/{id}`: what the client said of one kind of work.

use std::rc::Rc;

use ::files::StoredFile;
use accounts::{Person, persons};
use actix_web::HttpResponse;
use db::{DbError, Tx};
use sales::deals::{self, Deal, DealStatus};
use sales::hearings::{self, Hearing, HearingId, Question};
use serde::Serialize;

use super::unasked;
use crate::call::Call;
use crate::deals::{crumbs_below, may_sell, step};
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::word;
use crate::shell::Crumb;

/// A sample as a link.
#[derive(Debug, Serialize)]
pub(crate) struct Sample {
    href: String,
    name: String,
}

impl Sample {
    pub(crate) fn all(files: &[StoredFile]) -> Vec<Self> {
        files.iter().map(|file| Self { href: paths::file(file.id), name: file.name.clone() }).collect()
    }
}

#[derive(Serialize)]
struct Row {
    label: String,
    /// Empty where it has not been asked.
    text: String,
}

#[derive(Serialize)]
struct SheetPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What has not been asked; empty where everything has.
    unasked: String,
    rows: Vec<Row>,
    samples: Vec<Sample>,
    note: String,
    who: String,
    changed: String,
    /// Empty where the reader may not write, or the deal is over.
    edit: String,
    quote: String,
    deal: String,
}

fn read(tx: &mut Tx<'_>, id: HearingId) -> Result<(Hearing, Deal, Person), DbError> {
    let hearing = hearings::find(tx, id)?;
    let deal = deals::find(tx, hearing.deal_id)?;
    let person = persons::find(tx, hearing.person_id)?;
    Ok((hearing, deal, person))
}

fn answers(call: &Call, hearing: &Hearing) -> Vec<Row> {
    let personal = hearing.personal_data.map(|one| word(call, "hearing-has-personal-data", one));
    let row =
        |question: Question, text: String| Row { label: word(call, "hearing-question", question), text };
    vec![
        row(Question::Volume, hearing.volume.clone()),
        row(Question::Deadline, hearing.deadline.clone()),
        row(Question::PersonalData, personal.unwrap_or_default()),
        row(Question::Tools, hearing.tools.clone()),
    ]
}

/// `GET /hearings/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: HearingId = call.id("id")?;
    let (hearing, deal, person) = call.db(move |tx| read(tx, id)).await?;
    let may_write = may_sell(&call) && deal.state.status() == DealStatus::Open;
    let only_there = |href: String| if may_write { href } else { String::new() };
    let page = SheetPage {
        crumbs: crumbs_below(&call, deal.id, &deal.title),
        unasked: unasked(&call, &hearing.unasked()),
        rows: answers(&call, &hearing),
        samples: Sample::all(&hearing.samples),
        who: person.name_in(call.language),
        changed: format::moment(call.language, hearing.changed_at),
        edit: only_there(format!("{}/edit", paths::hearing(id))),
        quote: only_there(step(deal.id, "quotes/new")),
        deal: paths::deal(deal.id),
        note: hearing.note,
        title: hearing.job_kind,
    };
    call.page("hearings/show.html", &page)
}
