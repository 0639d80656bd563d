//! `GET` and `POST /hand-overs/{id}`: what share of a unit's pay a part is worth.

use std::collections::BTreeMap;
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::hand_overs::{self, DecideInput, HandOver, HandOverId, share_of};
use fulfillment::jobs::{self, Job};
use fulfillment::units::{self, Unit};
use kernel::{FileId, Language};
use serde::Serialize;

use super::index::tenths;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice, When};
use crate::paths;
use crate::review::versions::FileLink;
use crate::shell::Crumb;

struct Facts {
    part: HandOver,
    unit: Unit,
    job: Job,
    maker: String,
    files: BTreeMap<FileId, StoredFile>,
}

fn facts(tx: &mut Tx<'_>, id: HandOverId, language: Language) -> Result<Facts, DbError> {
    let part = hand_overs::find(tx, id)?;
    let unit = units::find(tx, part.unit_id)?;
    let mut people = parts::people(tx, language, [part.person_id])?;
    Ok(Facts {
        maker: people.remove(&part.person_id).unwrap_or_default(),
        job: jobs::find(tx, unit.job_id)?,
        files: ::files::find_many(tx, &part.file_ids)?,
        unit,
        part,
    })
}

#[derive(Serialize)]
struct DecidePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    unit_href: String,
    maker: String,
    when: When,
    proposed: String,
    result_text: String,
    files: Vec<FileLink>,
    memo: String,
    content: String,
    rules: String,
    /// What was decided, in words; empty until somebody did.
    decided: String,
    reason: String,
    shares: Vec<Choice>,
    form: FormView,
}

fn page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> DecidePage {
    let Facts { part, unit, job, maker, files } = facts;
    let label = parts::unit_name(call, &job.title, &unit.label);
    let share = |count: i16| {
        let amount = format::yen(call.language, share_of(part.unit_pay, count));
        parts::say(call, "hand-overs-share", &[("tenths", tenths(call, count)), ("amount", amount)])
    };
    let link = |file: &StoredFile| FileLink { name: file.name.clone(), href: paths::file(file.id) };
    DecidePage {
        title: call.text("hand-overs-decide-title"),
        crumbs: vec![
            Crumb::new(call, "hand-overs-title", "/hand-overs"),
            Crumb::named(&label, format!("/units/{}", unit.id)),
        ],
        answer: parts::say(call, "hand-overs-decide-answer", &[("label", label)]),
        action: format!("/hand-overs/{}", part.id),
        unit_href: format!("/units/{}", unit.id),
        maker: maker.clone(),
        when: When::of(call.language, part.handed_over_at),
        proposed: share(part.tenths),
        result_text: part.result_text.clone(),
        files: part.file_ids.iter().filter_map(|id| files.get(id)).map(link).collect(),
        memo: part.memo.clone(),
        content: unit.content.clone(),
        rules: job.rules.clone(),
        decided: part.decided_tenths.map_or_else(String::new, share),
        reason: part.reason.clone(),
        shares: (0..=10).rev().map(|count| Choice::new(count, share(count))).collect(),
        form: form.view(call, failure),
    }
}

async fn render(
    call: &Call,
    id: HandOverId,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    let proposal = Form::default().preset("tenths", facts.part.tenths);
    let page = page(call, &facts, form.unwrap_or(&proposal), failure);
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "hand_overs/decide.html", &page)
}

/// `GET /hand-overs/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: HandOverId = call.id("id")?;
    render(&call, id, None, None).await
}

/// `POST /hand-overs/{id}`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: HandOverId = call.id("id")?;
    let form = call.form();
    let input: DecideInput = form.input()?;
    match call.db(move |tx| hand_overs::decide(tx, id, &input)).await {
        Ok(_decided) => Ok(call.done("/hand-overs", "done-hand-overs-decided")),
        Err(failure) if failure.is_about_input() => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
