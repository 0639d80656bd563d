//! `GET /review/{submission}` and the verdict on it. After a verdict the next submission is there at once.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::fixes::{self, Wish};
use fulfillment::jobs::{self, Job};
use fulfillment::orders::{self, Order};
use fulfillment::reviews::{self, Fault, Review, ReviewInput, ReviewKey, ReviewReason, Verdict};
use fulfillment::rules::{self, WorkRules};
use fulfillment::submissions::{self, Version};
use fulfillment::units::{self, Unit, UnitState};
use kernel::{Code, FileId, JobId, Language, Paging, PersonId, SubmissionId};
use serde::Serialize;

use super::asking::{Asking, Desk};
use super::versions::{self, FileLink, VersionRow};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice, When};
use crate::paths;
use crate::questions::thread;
use crate::shell::Crumb;
use crate::work_rules::MadeUnder;

struct Facts {
    now: DateTime<Utc>,
    reader: PersonId,
    unit: Unit,
    job: Job,
    order: Order,
    versions: Vec<Version>,
    people: HashMap<PersonId, String>,
    files: BTreeMap<FileId, StoredFile>,
    materials: Vec<StoredFile>,
    desk: Desk,
    next: Option<SubmissionId>,
    /// How many others wait.
    more: i64,
    /// What the client wanted mended, and what was decided about it.
    wishes: Vec<Wish>,
    /// The rules its maker knew, and those in force; none of work from before versions were kept.
    made_under: Option<(WorkRules, WorkRules)>,
}

/// Everything about one submission; makers of any version are refused.
fn facts(tx: &mut Tx<'_>, id: SubmissionId, reader: PersonId, language: Language) -> Result<Facts, Failure> {
    let submission = submissions::find(tx, id)?;
    let unit = units::find(tx, submission.unit_id)?;
    let versions = submissions::of_unit(tx, unit.id)?;
    if versions.iter().any(|version| version.submission.maker_id == reader) {
        return Err(Failure::of(Code::OwnWork));
    }
    let order = orders::find(tx, unit.order_id)?;
    let is_waiting = UnitState::TO_REVIEW.contains(&unit.state);
    let desk = Desk::read(tx, unit.job_id, &submission, reader, language)?;
    let mut first = versions.iter().filter_map(|version| version.first_review.as_ref());
    let is_own_first = first.any(|first| first.submission_id == id && first.checker_id == reader);
    let is_counted = is_waiting && !desk.is_taken() && !is_own_first;
    Ok(Facts {
        now: tx.now(),
        reader,
        desk,
        job: jobs::find(tx, unit.job_id)?,
        next: next_after(tx, order.due_on, id)?,
        more: (reviews::waiting_count(tx)? - i64::from(is_counted)).max(0),
        wishes: fixes::wishes(tx, unit.id)?,
        made_under: made_under(tx, unit.job_id, submission.rules_number)?,
        order,
        people: parts::people(tx, language, versions::people(&versions))?,
        files: versions::files(tx, &versions)?,
        materials: versions::materials(tx, unit.id)?,
        versions,
        unit,
    })
}

fn made_under(
    tx: &mut Tx<'_>,
    job: JobId,
    known: Option<i32>,
) -> Result<Option<(WorkRules, WorkRules)>, DbError> {
    let Some(known) = known else { return Ok(None) };
    Ok(Some((rules::find(tx, job, known)?, rules::newest(tx, job)?)))
}

/// The submission that follows in the queue, or the first of all others.
fn next_after(tx: &mut Tx<'_>, due_on: NaiveDate, id: SubmissionId) -> Result<Option<SubmissionId>, DbError> {
    let after = Some(ReviewKey(due_on, id));
    if let Some(later) = reviews::waiting(tx, &Paging { after, ..Paging::first(1) })?.items.first() {
        return Ok(Some(later.submission));
    }
    let first = reviews::waiting(tx, &Paging::first(2))?.items;
    Ok(first.iter().map(|item| item.submission).find(|other| *other != id))
}

#[derive(Serialize)]
struct ReviewPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: UnitState,
    answer: String,
    /// Somebody let it pass, and another person decides.
    is_second: bool,
    due: Due,
    job: String,
    order: String,
    order_href: String,
    unit_href: String,
    rules: String,
    made_under: Option<MadeUnder>,
    /// Where whoever checks may ask how it is meant.
    questions_href: String,
    content: String,
    materials: Vec<FileLink>,
    current: VersionRow,
    earlier: Vec<VersionRow>,
    /// Empty where this version can no longer be judged.
    action: String,
    newest: Option<String>,
    next: Option<String>,
    more: String,
    /// What the client wanted mended in earlier versions, the newest first.
    wishes: Vec<WishView>,
    asking: Asking,
    form: FormView,
    reasons: Vec<Choice>,
    faults: Vec<Choice>,
}

/// What a client wanted mended, with what was decided about it.
#[derive(Serialize)]
struct WishView {
    wish: String,
    asked: When,
    /// What the maker was told; empty until somebody decided.
    comment: String,
}

impl WishView {
    fn of(call: &Call, wish: &Wish) -> Self {
        Self {
            wish: wish.note.clone(),
            asked: When::of(call.language, wish.asked_at),
            comment: wish.comment.clone().unwrap_or_default(),
        }
    }
}

/// `GET /review/{submission}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    render(&call, id, &Form::default(), None).await
}

async fn render(
    call: &Call,
    id: SubmissionId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (reader, language) = (call.person()?, call.language);
    let facts = call.db(move |tx| facts(tx, id, reader, language)).await?;
    let form = facts.desk.fitting(form);
    let page = page(call, id, &facts, (&form, form.view(call, failure)))?;
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "review/show.html", &page)
}

fn page(
    call: &Call,
    id: SubmissionId,
    facts: &Facts,
    (typed, form): (&Form, FormView),
) -> Result<ReviewPage, Failure> {
    let (unit, order) = (&facts.unit, &facts.order);
    let at = facts
        .versions
        .iter()
        .position(|version| version.submission.id == id)
        .ok_or_else(Failure::not_found)?;
    let mut rows = versions::rows(call, &facts.versions, &facts.people, &facts.files);
    // Rows come newest first.
    let current = rows.remove(facts.versions.len() - 1 - at);
    let is_newest = at + 1 == facts.versions.len();
    let waits = is_newest && UnitState::TO_REVIEW.contains(&unit.state);
    let version = facts.versions.get(at).ok_or_else(Failure::not_found)?;
    let first = version.first_review.as_ref().filter(|_| waits);
    let is_second = first.is_some();
    let is_own_first = first.is_some_and(|first| first.checker_id == facts.reader);
    let open = waits && !facts.desk.is_taken() && !is_own_first;
    let newest =
        facts.versions.last().filter(|_| !is_newest).map(|version| paths::review(version.submission.id));
    Ok(ReviewPage {
        title: parts::unit_name(call, &facts.job.title, &unit.label),
        crumbs: vec![Crumb::new(call, "nav-review", "/review")],
        state: unit.state,
        answer: call.text(match (open, waits) {
            (true, _) if is_second => "levels-say-decide",
            (true, _) if facts.job.review_levels > 1 => "levels-say-first",
            (true, _) => "review-say-decide",
            (false, true) if is_own_first => "levels-say-other",
            (false, true) => "review-say-taken",
            (false, false) => "review-say-decided",
        }),
        is_second,
        asking: Asking::of(call, &facts.desk, &version.submission, &facts.files, typed),
        due: format::due(call.language, facts.now, order.due_on),
        job: facts.job.title.clone(),
        order: order.title.clone(),
        order_href: paths::order(order.id),
        unit_href: format!("/units/{}", unit.id),
        rules: facts.made_under.as_ref().map_or(&facts.job.rules, |(known, _)| &known.text).clone(),
        made_under: facts.made_under.as_ref().map(|(known, newest)| MadeUnder::of(call, known, newest)),
        questions_href: thread::path(unit.job_id),
        content: unit.content.clone(),
        materials: facts.materials.iter().map(FileLink::of).collect(),
        current,
        earlier: rows,
        action: if open { paths::review(id) } else { String::new() },
        newest,
        next: facts.next.map(paths::review),
        more: parts::say_count(call, "review-left", facts.more),
        wishes: facts.wishes.iter().rev().map(|wish| WishView::of(call, wish)).collect(),
        form,
        reasons: Choice::words(call, "review-reason", ReviewReason::ALL),
        faults: Choice::words(call, "review-fault", Fault::ALL),
    })
}

/// `POST /review/{submission}`: decides and opens the next one.
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    let form = call.form();
    let input: ReviewInput = form.input()?;
    let decided = call
        .db(move |tx| -> Result<(Review, Option<SubmissionId>), Failure> {
            let review = reviews::decide(tx, id, input)?;
            Ok((review, reviews::next(tx, id)?))
        })
        .await;
    match decided {
        Ok((review, next)) => {
            let done = match review.verdict {
                Verdict::Pass if !review.is_last => "done-review-first",
                Verdict::Pass => "done-review-passed",
                Verdict::Return if review.coaching => "done-review-coached",
                Verdict::Return => "done-review-returned",
                Verdict::Reject => "done-review-rejected",
            };
            Ok(call.done(next.map_or_else(|| "/review".to_owned(), paths::review), done))
        }
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
