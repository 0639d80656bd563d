//! Splitting a job off an order: its terms, and its units by count or from a comma-separated file.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{Datelike, Months, NaiveDate};
use db::{DbError, Tx};
use fulfillment::jobs::{self, JobInput};
use fulfillment::orders::{self, Order, OrderLine, Pieces};
use kernel::{Code, FieldProblem, Invalid, OrderId, Typed, Yen, date_in_japan, text};
use serde::Serialize;
use workforce::skills::{self, Skill};

use super::csv_rows::{self, BadRow, Problem};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;
use crate::uploads::{self, Upload};

/// A file's text longer than this is not put back into the form: the form could not be sent again.
const LONGEST_KEPT: usize = 60 * 1024;

struct Facts {
    today: NaiveDate,
    order: Order,
    lines: Vec<OrderLine>,
    pieces: Pieces,
    skills: Vec<Skill>,
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<Facts, DbError> {
    Ok(Facts {
        today: date_in_japan(tx.now()),
        order: orders::find(tx, id)?,
        lines: orders::lines(tx, id)?,
        pieces: orders::pieces(tx, id)?,
        skills: skills::list(tx)?,
    })
}

#[derive(Serialize)]
struct JobForm {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    cancel: String,
    form: FormView,
    errors: Vec<Problem>,
    bad_rows: Vec<BadRow>,
    /// Sentences beside these fields that name a day.
    work_due_error: String,
    pay_error: String,
    per_hour: String,
    last_pay_day: String,
    order_due: String,
    left: String,
    skills: Vec<Choice>,
}

impl JobForm {
    fn of(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> Self {
        let order = &facts.order;
        let here = paths::order(order.id);
        Self {
            title: call.text("jobs-new-title"),
            crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
            action: format!("{here}/jobs"),
            cancel: here,
            form: form.view(call, failure),
            errors: csv_rows::summary(call, failure),
            bad_rows: csv_rows::bad_rows(call, failure),
            work_due_error: csv_rows::beside(call, failure, "work_due_on"),
            pay_error: csv_rows::beside(call, failure, "pay_on"),
            per_hour: per_hour(call, form),
            last_pay_day: last_pay_day(call, form),
            order_due: parts::day(call.language, order.due_on),
            left: left(call, facts),
            skills: facts.skills.iter().map(|skill| Choice::new(skill.id, &skill.name)).collect(),
        }
    }
}

/// `1時間あたり約1,200円`, from what stands in the form; empty while it is not two numbers.
fn per_hour(call: &Call, form: &Form) -> String {
    let read = |name| typed_number(form.get(name));
    match (read("unit_pay"), read("unit_minutes")) {
        (Some(pay), Some(minutes)) => {
            let hour = Yen(pay.saturating_mul(60) / minutes);
            parts::say(call, "jobs-per-hour", &[("pay", format::yen(call.language, hour))])
        }
        _ => String::new(),
    }
}

fn typed_number(typed: &str) -> Option<i64> {
    let plain: String =
        text::fold_width(typed).chars().filter(|c| !matches!(c, ',' | ' ' | '円' | '分')).collect();
    plain.parse().ok().filter(|number| *number > 0)
}

fn typed_day(form: &Form, name: &str) -> Option<NaiveDate> {
    let mut checks = kernel::Checks::new();
    checks.optional_date(name, &Typed::from(form.get(name)))
}

fn last_pay_day(call: &Call, form: &Form) -> String {
    let last = typed_day(form, "work_due_on").map(jobs::last_pay_day);
    last.map(|day| parts::say(call, "jobs-pay-until", &[("day", parts::day(call.language, day))]))
        .unwrap_or_default()
}

fn left(call: &Call, facts: &Facts) -> String {
    let Pieces { ordered, .. } = facts.pieces;
    let counts = [("ordered", format::count(ordered)), ("left", format::count(facts.pieces.left()))];
    parts::say(call, "jobs-left", &counts)
}

/// What the form proposes: the order's title, what is left of it, its day, and the end of the month after.
fn proposal(facts: &Facts) -> Form {
    let due = facts.order.due_on.max(facts.today);
    let form = Form::default()
        .preset("title", &facts.order.title)
        .preset("work_due_on", due)
        .preset("inspect_days", 5)
        .preset("unit_pieces", 1)
        .preset("pay_on", usual_pay_day(due));
    let form = match facts.lines.first() {
        Some(line) if line.unit_minutes > 0 => form.preset("unit_minutes", line.unit_minutes),
        _ => form,
    };
    let left = facts.pieces.left();
    if left > 0 { form.preset("count", left) } else { form }
}

/// The last day of the month after the work, or the last legal day if that is sooner.
fn usual_pay_day(work_due: NaiveDate) -> NaiveDate {
    let first = work_due.with_day(1).unwrap_or(work_due);
    let end = first.checked_add_months(Months::new(2)).and_then(|day| day.pred_opt()).unwrap_or(work_due);
    end.min(jobs::last_pay_day(work_due))
}

async fn answer(call: &Call, id: OrderId, form: &Form, failure: &Failure) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    call.page_with(failure.status(), "jobs/form.html", &JobForm::of(call, &facts, form, Some(failure)))
}

/// `GET /orders/{id}/jobs/new`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let form = proposal(&facts);
    call.page_with(StatusCode::OK, "jobs/form.html", &JobForm::of(&call, &facts, &form, None))
}

/// `POST /orders/{id}/jobs`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let upload = uploads::read(&call).await?;
    let mut input: JobInput = upload.form.input()?;
    let kept = match file_text(&upload) {
        Ok(Some(text)) => {
            let kept = keep_text(&upload.form, &text);
            input.csv = text.into();
            kept
        }
        Ok(None) => upload.form.clone(),
        Err(failure) => return answer(&call, id, &upload.form, &failure).await,
    };
    match call.db(move |tx| jobs::split(tx, id, input)).await {
        Ok(job) => Ok(call.done(paths::job(job.id), "done-jobs-split")),
        Err(failure) if failure.is_about_input() => answer(&call, id, &kept, &failure).await,
        Err(failure) => Err(failure),
    }
}

/// The text of the uploaded file, if there is one.
fn file_text(upload: &Upload) -> Result<Option<String>, Failure> {
    let Some(file) = upload.file("csv_file") else { return Ok(None) };
    match jobs::csv_text(&file.bytes) {
        Some(text) => Ok(Some(text)),
        None => Err(Invalid(vec![FieldProblem::new("csv_file", Code::FileKind)]).into()),
    }
}

/// A chosen file cannot be put back into a form; its text can.
fn keep_text(form: &Form, text: &str) -> Form {
    if text.len() > LONGEST_KEPT {
        return form.clone();
    }
    let names = [
        "title",
        "rules",
        "unit_minutes",
        "unit_pay",
        "skill_id",
        "work_due_on",
        "inspect_days",
        "pay_on",
        "count",
        "unit_pieces",
        "label_prefix",
        "csv_header",
    ];
    let pairs = names.into_iter().map(|name| (name.to_owned(), form.get(name).to_owned()));
    Form::from_pairs(pairs.filter(|(_, value)| !value.is_empty()).collect()).preset("csv", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn pay_is_proposed_for_the_end_of_the_next_month_unless_the_law_wants_it_sooner() {
        assert_eq!(usual_pay_day(day("2026-05-15")), day("2026-06-30"));
        assert_eq!(usual_pay_day(day("2026-07-01")), day("2026-08-29"));
        assert_eq!(usual_pay_day(day("2026-12-31")), day("2027-01-31"));
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(typed_number("１，２００円"), Some(1200));
        assert_eq!(typed_number("0"), None);
        assert_eq!(typed_number(""), None);
    }

    #[test]
    fn a_small_file_comes_back_as_text_and_a_large_one_does_not() {
        let form = Form::parse("title=入力&csv_header=true".as_bytes());
        assert_eq!(keep_text(&form, "A,1\n").get("csv"), "A,1\n");
        assert_eq!(keep_text(&form, "A,1\n").get("title"), "入力");
        assert_eq!(keep_text(&form, &"x".repeat(LONGEST_KEPT + 1)).get("csv"), "");
    }
}
