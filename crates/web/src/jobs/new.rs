//! Splitting a job off an order: its terms, and its units by count or from a comma-separated file, whose rows are
//! shown before they become units.

use std::rc::Rc;

use ::files::rows::{RowsProblem, text_of, text_of_workbook};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobEditInput, JobInput, MinimumWage, OfferRule, PayDay};
use fulfillment::orders::{self, Order, OrderLine, Pieces};
use kernel::{Code, FieldProblem, Holidays, Invalid, JobId, OrderId, Typed, Yen, date_in_japan, text};
use serde::{Deserialize, Serialize};
use workforce::skills::{self, Skill};

use super::csv_rows::{self, BadRow, Problem};
use super::more;
use super::preview::{self, Preview};
use super::unit_files;
use super::wage;
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;
use crate::files;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;
use crate::uploads::{self, Upload};

/// A file's text longer than this is not put back into the form: the form could not be sent again.
const LONGEST_KEPT: usize = 60 * 1024;

/// The job in whose place another is split off: a field of the form, and of the address that leads to it.
const IN_PLACE_OF: &str = "in_place_of";

fn replaced(form: &Form) -> Option<JobId> {
    typed_number(form.get(IN_PLACE_OF)).map(JobId)
}

/// Business days between the end of inspection and the client's own day, for what comes back and for delivering.
const BUFFER_DAYS: u32 = 2;
const INSPECT_DAYS: u32 = 5;

pub(super) struct Facts {
    pub(super) today: NaiveDate,
    pub(super) order: Order,
    lines: Vec<OrderLine>,
    pieces: Pieces,
    skills: Vec<Skill>,
    wage: Option<MinimumWage>,
    /// The job in whose place another is split off.
    replaced: Option<Job>,
}

pub(super) fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<Facts, DbError> {
    facts_in_place(tx, id, None)
}

/// [`facts`] where the new job takes the place of `replaced`; [`DbError::NotFound`] where that is not one of the order's.
fn facts_in_place(tx: &mut Tx<'_>, id: OrderId, replaced: Option<JobId>) -> Result<Facts, DbError> {
    let before = replaced.map(|job| jobs::find(tx, job)).transpose()?;
    if before.as_ref().is_some_and(|job| job.order_id != id) {
        return Err(DbError::NotFound);
    }
    Ok(Facts {
        today: date_in_japan(tx.now()),
        order: orders::find(tx, id)?,
        lines: orders::lines(tx, id)?,
        pieces: more::pieces_without(tx, id, replaced)?,
        skills: skills::list(tx)?,
        wage: wage::of_town(tx)?,
        replaced: before,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    in_place_of: Typed,
}

/// `jobs/form.html`: a new job, or one that is corrected and keeps its units.
#[derive(Serialize)]
pub(super) struct JobForm {
    pub(super) title: String,
    pub(super) crumbs: Vec<Crumb>,
    pub(super) action: String,
    pub(super) cancel: String,
    /// What becomes of the job in whose place this one is split off; empty where there is none.
    pub(super) replaces: String,
    pub(super) form: FormView,
    pub(super) errors: Vec<Problem>,
    pub(super) bad_rows: Vec<BadRow>,
    /// Sentences beside these fields that name a bound.
    pub(super) work_due_error: String,
    pub(super) pay_error: String,
    /// More than ordered has to be confirmed.
    pub(super) asks_more: bool,
    pub(super) per_hour: String,
    /// What an hour comes to below the regional minimum wage, in words; empty where it does not.
    pub(super) wage: String,
    pub(super) order_due: String,
    pub(super) order_is_late: bool,
    pub(super) answer: String,
    pub(super) skills: Vec<Choice>,
    pub(super) rules: Vec<RuleChoice>,
    /// How many people may look at each version.
    pub(super) levels: Vec<Choice>,
    /// The lines of an order that has several; empty otherwise.
    pub(super) order_lines: Vec<Choice>,
    /// The version a correction was based on; none for a new job.
    pub(super) version: Option<i32>,
    pub(super) preview: Option<Preview>,
    /// The kinds of file a unit can be made of.
    pub(super) accept: String,
}

/// How a job finds its people, with what that means.
#[derive(Serialize)]
pub(super) struct RuleChoice {
    value: OfferRule,
    label: String,
    support: String,
}

impl RuleChoice {
    fn of(call: &Call, rule: OfferRule) -> Self {
        let key = parts::text_key("jobs-rule", rule.as_str());
        Self { value: rule, label: call.text(&key), support: call.text(&format!("{key}-text")) }
    }
}

fn order_lines(call: &Call, lines: &[OrderLine]) -> Vec<Choice> {
    if lines.len() < 2 {
        return Vec::new();
    }
    let price = |line: &OrderLine| format::yen(call.language, line.unit_price);
    let label = |line: &OrderLine| format!("{} {}", line.description, price(line));
    lines.iter().zip(1i64..).map(|(line, number)| Choice::new(number, label(line))).collect()
}

/// How many people may look at each version, one after the other.
fn levels(call: &Call) -> Vec<Choice> {
    (1..=2).map(|level| Choice::new(level, levels_in_words(call, level))).collect()
}

/// What it means that so many people look at each version.
fn levels_in_words(call: &Call, levels: i16) -> String {
    call.text(if levels > 1 { "jobs-review-levels-two" } else { "jobs-review-levels-one" })
}

/// Within how many days what is handed in is looked at, and by how many people.
pub(super) fn inspection(call: &Call, job: &Job) -> String {
    let days = parts::say_count(call, "jobs-inspection", job.inspect_days.into());
    format!("{days} · {}", levels_in_words(call, job.review_levels))
}

impl JobForm {
    pub(super) fn of(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> Self {
        let order = &facts.order;
        let here = paths::order(order.id);
        let hour = hour(form);
        let is_in_place = facts.replaced.is_some();
        Self {
            title: call.text(if is_in_place { "jobs-material-title" } else { "jobs-new-title" }),
            crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
            action: format!("{here}/jobs"),
            cancel: facts.replaced.as_ref().map_or(here, |before| paths::job(before.id)),
            replaces: facts
                .replaced
                .as_ref()
                .map(|before| parts::say(call, "jobs-material-replaces", &[("job", before.title.clone())]))
                .unwrap_or_default(),
            form: form.view(call, failure),
            errors: csv_rows::summary(call, failure),
            bad_rows: csv_rows::bad_rows(call, failure),
            work_due_error: csv_rows::beside(call, failure, "work_due_on"),
            pay_error: csv_rows::beside(call, failure, "pay_day"),
            asks_more: more::is_asked(form, failure),
            per_hour: hour.map(|hour| wage::per_hour(call, hour)).unwrap_or_default(),
            wage: hour.and_then(|hour| wage::warning(call, hour, facts.wage)).unwrap_or_default(),
            order_due: parts::day(call.language, order.due_on),
            order_is_late: order.due_on < facts.today,
            answer: left(call, facts),
            skills: facts.skills.iter().map(|skill| Choice::new(skill.id, &skill.name)).collect(),
            order_lines: order_lines(call, &facts.lines),
            rules: OfferRule::ALL.iter().map(|rule| RuleChoice::of(call, *rule)).collect(),
            levels: levels(call),
            version: None,
            preview: None,
            accept: files::accepted_kinds(),
        }
    }
}

/// What an hour comes to, from what stands in the form; nothing while that is not two numbers.
fn hour(form: &Form) -> Option<Yen> {
    let read = |name| typed_number(form.get(name));
    let (pay, minutes) = (read("unit_pay")?, read("unit_minutes")?);
    Some(Yen(pay.saturating_mul(60) / minutes))
}

pub(super) fn typed_number(typed: &str) -> Option<i64> {
    let plain: String =
        text::fold_width(typed).chars().filter(|c| !matches!(c, ',' | ' ' | '円' | '分')).collect();
    plain.parse().ok().filter(|number| *number > 0)
}

fn left(call: &Call, facts: &Facts) -> String {
    let Pieces { ordered, .. } = facts.pieces;
    let counts = [("ordered", format::count(ordered)), ("left", format::count(facts.pieces.left()))];
    parts::say(call, "jobs-left", &counts)
}

/// What the form proposes: the order's title, what is left of it, and a day that leaves time to inspect and to deliver.
fn proposal(facts: &Facts) -> Form {
    if let Some(before) = &facts.replaced {
        let line = before.order_line.map(|line| line.to_string()).unwrap_or_default();
        return Form::of(&JobEditInput::of(before)).preset("order_line", line).preset(IN_PLACE_OF, before.id);
    }
    let form = Form::default()
        .preset("title", &facts.order.title)
        .preset("work_due_on", usual_due_day(facts.order.due_on, facts.today))
        .preset("inspect_days", INSPECT_DAYS)
        .preset("keep_days", Job::USUAL_KEEP_DAYS)
        .preset("unit_pieces", 1)
        .preset("offer_rule", OfferRule::Fair)
        .preset("review_levels", 1)
        .preset("pay_day", PayDay::USUAL);
    let form = match facts.lines.first() {
        Some(line) if line.unit_minutes > 0 => form.preset("unit_minutes", line.unit_minutes),
        _ => form,
    };
    let left = facts.pieces.left();
    if left > 0 { form.preset("count", left) } else { form }
}

/// The client's day less inspection and buffer, in business days; today where that is past.
fn usual_due_day(order_due: NaiveDate, today: NaiveDate) -> NaiveDate {
    Holidays::published().business_days_before(order_due, INSPECT_DAYS + BUFFER_DAYS).max(today)
}

async fn answer(call: &Call, id: OrderId, form: &Form, failure: &Failure) -> Result<HttpResponse, Failure> {
    let replaced = replaced(form);
    let facts = call.db(move |tx| facts_in_place(tx, id, replaced)).await?;
    call.page_with(failure.status(), "jobs/form.html", &JobForm::of(call, &facts, form, Some(failure)))
}

/// `GET /orders/{id}/jobs/new`: beside the others, or with what is known of the job whose place it takes.
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let query: Query = call.query();
    let replaced = typed_number(query.in_place_of.as_str()).map(JobId);
    let facts = call.db(move |tx| facts_in_place(tx, id, replaced)).await?;
    let form = proposal(&facts);
    call.page_with(StatusCode::OK, "jobs/form.html", &JobForm::of(&call, &facts, &form, None))
}

/// `POST /orders/{id}/jobs`: a file's rows are shown first, and become units with the second press.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let upload = uploads::read(&call).await?;
    let mut form = upload.form.clone();
    match file_text(&call, &upload).await {
        Ok(Some(text)) => form = with_text(&form, &text),
        Ok(None) => {}
        Err(failure) => return answer(&call, id, &kept(&form), &failure).await,
    }
    let replaced = replaced(&form);
    if !form.get("back").is_empty() {
        // From the preview, to correct what was typed: nothing of it is lost.
        let facts = call.db(move |tx| facts_in_place(tx, id, replaced)).await?;
        let form = kept(&form.without("back").without("step"));
        return call.page_with(StatusCode::OK, "jobs/form.html", &JobForm::of(&call, &facts, &form, None));
    }
    let is_file = !form.get("csv").trim().is_empty();
    let has_files = unit_files::are_chosen(&upload);
    if is_file && has_files {
        let twice = Failure::from(Invalid::field(unit_files::FIELD, Code::SaidTwice));
        return answer(&call, id, &kept(&form), &twice).await;
    }
    let facts = call.db(move |tx| facts_in_place(tx, id, replaced)).await?;
    if (is_file || has_files) && typed_number(form.get("count")) == Some(facts.pieces.left()) {
        // What the form proposed and nobody typed.
        form = form.without("count");
    }
    let input: JobInput = form.input()?;
    if is_file && upload.form.get("step") != "split" {
        return match input.preview(facts.today, facts.order.due_on) {
            Ok(rows) => look(&call, &facts, &form, &rows),
            Err(invalid) => answer(&call, id, &kept(&form), &invalid.into()).await,
        };
    }
    let is_confirmed = is_file || form.get(more::FIELD) == more::YES;
    let most = if is_confirmed { None } else { Some(more::Most::of(&form, facts.pieces)) };
    let split = if has_files {
        unit_files::split(&call, id, &upload, input, most).await
    } else if let Err(failure) = more::within(&call, most, form.get("count")) {
        Err(more::beside(failure, input.preview(facts.today, facts.order.due_on)))
    } else {
        call.once(&form, move |tx| {
            moving_days(tx, |tx| jobs::split(tx, id, input)).map(|job| paths::job(job.id))
        })
        .await
    };
    match split {
        Ok(job) => Ok(call.done(job, "done-jobs-split")),
        Err(failure) if failure.is_about_input() => answer(&call, id, &kept(&form), &failure).await,
        Err(failure) => Err(failure),
    }
}

/// The rows as the units they would become; nothing is written.
fn look(call: &Call, facts: &Facts, form: &Form, rows: &[jobs::NewUnit]) -> Result<HttpResponse, Failure> {
    let page = JobForm {
        preview: Some(preview::of(call, form, rows, facts.pieces)),
        answer: call.text("jobs-preview-answer"),
        ..JobForm::of(call, facts, form, None)
    };
    call.page_with(StatusCode::OK, "jobs/preview.html", &page)
}

/// The text of the uploaded file, if there is one: of a workbook its first sheet.
async fn file_text(call: &Call, upload: &Upload) -> Result<Option<String>, Failure> {
    let Some(file) = upload.file("csv_file") else { return Ok(None) };
    let refused = |code| Failure::from(Invalid::field("csv_file", code));
    if file.is_cut {
        return Err(refused(Code::TooLarge));
    }
    if file.bytes.is_empty() {
        return Err(refused(Code::FileEmpty));
    }
    let text = if file.bytes.starts_with(WORKBOOK) {
        let bytes = file.bytes.clone();
        // Unpacking takes a while, and others wait on this thread.
        let read = tokio::task::spawn_blocking(move || text_of_workbook(&bytes)).await;
        read.map_err(|stopped| Failure::internal(stopped.to_string()))?.map_err(unread)?
    } else {
        let no_text = |line| refused(Code::FileKind).in_words(files::no_text_on(call, &file.name, line));
        text_of(&file.bytes).map_err(no_text)?
    };
    if text.len() > uploads::LONGEST_TEXT { Err(refused(Code::TooLarge)) } else { Ok(Some(text)) }
}

/// What a workbook begins with, as every archive of its kind.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// Why a workbook gives no rows, beside the field it was chosen in, or by its row.
fn unread(problem: RowsProblem) -> Failure {
    let (field, code) = match problem {
        RowsProblem::RowTooLong(line) => (format!("csv.{line}"), Code::TooLong),
        RowsProblem::TooManyColumns(line) => (format!("csv.{line}"), Code::TooManyCells),
        RowsProblem::Bomb => ("csv_file".to_owned(), Code::TooLarge),
        RowsProblem::Damaged(_) | RowsProblem::Io(_) => ("csv_file".to_owned(), Code::FileKind),
    };
    Invalid(vec![FieldProblem::new(&field, code)]).into()
}

/// The form with a chosen file's text in the place of the file.
fn with_text(form: &Form, text: &str) -> Form {
    form.without("csv").preset("csv", text)
}

/// What is put back into a form that was refused: a text too long for a field is left out.
fn kept(form: &Form) -> Form {
    if form.get("csv").len() > LONGEST_KEPT { form.without("csv") } else { form.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_proposed_day_leaves_business_days_to_inspect_and_to_deliver() {
        // Seven business days before Thursday 24 September 2026, over five days off: Thursday 10 September.
        assert_eq!(usual_due_day(day("2026-09-24"), day("2026-09-01")), day("2026-09-10"));
        assert_eq!(usual_due_day(day("2026-09-24"), day("2026-09-20")), day("2026-09-20"));
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(typed_number("１，２００円"), Some(1200));
        assert_eq!(typed_number("0"), None);
        assert_eq!(typed_number(""), None);
    }

    #[test]
    fn a_small_file_comes_back_as_text_and_a_large_one_does_not() {
        let form = Form::parse("title=入力&csv_header=true&csv=".as_bytes());
        let small = kept(&with_text(&form, "A,1\n"));
        assert_eq!((small.get("csv"), small.get("title")), ("A,1\n", "入力"));
        assert_eq!(kept(&with_text(&form, &"x".repeat(LONGEST_KEPT + 1))).get("csv"), "");
    }
}
