//! Background work (処理): what is stuck and needs a person, what is paused, how far the long tasks are, and how much of
//! each kind there is.

use std::collections::BTreeSet;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Page, Paging, TaskId, Typed};
use notifier::messages::RelayTrouble;
use notifier::webhooks;
use queue::tasks::{self, Batch, DeadCause, Depth, Pause, Redrive, Report, TaskRow};
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::paging;
use super::pulse::{self, Link, Pulse, error_in_words, named_in};
use super::stuck;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::phrases::address;
use crate::words::task_name;

/// Tasks that one press sends off again; the rest stays for the next.
pub(super) const REDRIVEN: u16 = 1000;
/// No kind of ours has a longer name.
const LONGEST_KIND: usize = 200;
/// What passes an event on to those who listen; each kind of event has a kind of its own, all called the same.
const PASSING_ON: &str = "dispatch";

/// Whether a kind passes events on.
fn is_passing_on(kind: &str) -> bool {
    kind.split('/').next() == Some(PASSING_ON)
}

/// The kind under which amounts of `kind` are shown: what is called the same stands in one row.
pub(super) fn shown_as(kind: &str) -> &str {
    if is_passing_on(kind) { PASSING_ON } else { kind }
}

/// Depths with those of one name and state added up.
fn gathered(depths: &[Depth]) -> Vec<Depth> {
    let mut rows: Vec<Depth> = Vec::new();
    for depth in depths {
        let kind = shown_as(&depth.kind);
        match rows.iter_mut().find(|row| row.kind == kind && row.state == depth.state) {
            Some(row) => {
                row.count += depth.count;
                row.more |= depth.more;
                row.oldest = row.oldest.min(depth.oldest);
            }
            None => rows.push(Depth { kind: kind.to_owned(), ..depth.clone() }),
        }
    }
    rows
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    cleared: Typed,
}

#[derive(Serialize)]
struct TasksPage {
    title: String,
    condition: Condition,
    depths: Vec<DepthRow>,
    causes: Vec<CauseRow>,
    dead: Vec<DeadTask>,
    pauses: Vec<PauseRow>,
    /// Kinds that could be paused.
    kinds: Vec<Choice>,
    reports: Vec<ReportRow>,
    batches: Vec<BatchRow>,
    /// Why no mail leaves; empty while it does.
    trouble: String,
    trouble_reply: String,
    /// What to do about it; empty where only the relay's words say it.
    trouble_advice: String,
    /// How many tasks the press before took back; nothing where there was none.
    cleared: Option<u32>,
    /// Mails that wait for a person.
    stuck_mails: i64,
    pulse: Pulse,
    stuck: i64,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct DepthRow {
    name: String,
    state: String,
    count: String,
    more: bool,
    /// Since when the oldest has been due; nothing where none is due yet.
    oldest: Option<Moment>,
}

#[derive(Serialize)]
struct CauseRow {
    name: String,
    kind: String,
    cause: String,
    count: i64,
    at: Moment,
}

#[derive(Serialize)]
struct DeadTask {
    id: TaskId,
    name: String,
    kind: String,
    attempts: i16,
    at: Moment,
    /// What the error means, where that is known.
    says: String,
    error: String,
    /// The pages of what the error names.
    links: Vec<Link>,
}

#[derive(Serialize)]
struct PauseRow {
    name: String,
    kind: String,
    at: Moment,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct ReportRow {
    id: TaskId,
    name: String,
    done: i64,
    total: i64,
    text: String,
    at: Moment,
}

#[derive(Serialize)]
struct BatchRow {
    name: String,
    size: i64,
    waiting: i64,
    dead: i64,
}

/// What the page asks the queue, in one transaction.
struct Found {
    now: DateTime<Utc>,
    mails: Vec<notifier::messages::Depth>,
    /// Mails that are due and wait for the relay alone.
    due_mails: i64,
    depths: Vec<Depth>,
    causes: Vec<DeadCause>,
    dead: Page<(TaskRow, String), TaskId>,
    pauses: Vec<Pause>,
    reports: Vec<Report>,
    batches: Vec<Batch>,
    trouble: Option<RelayTrouble>,
    stuck_mails: i64,
    pulse: pulse::Found,
}

impl Found {
    fn read(tx: &mut Tx<'_>, paging: &Paging<TaskId>) -> Result<Self, DbError> {
        let page = tasks::dead(tx, paging)?;
        let mut dead = Vec::new();
        for row in page.items {
            let error = tasks::failures(tx, row.id)?.into_iter().next().map(|failure| failure.error);
            dead.push((row, error.unwrap_or_default()));
        }
        Ok(Self {
            now: tx.now(),
            mails: notifier::messages::depths(tx)?,
            due_mails: notifier::messages::due_count(tx)?,
            depths: tasks::depths(tx)?,
            causes: tasks::causes(tx)?,
            dead: Page { items: dead, next: page.next },
            pauses: tasks::pauses(tx)?,
            reports: tasks::reports(tx)?,
            batches: tasks::open_batches(tx)?,
            trouble: notifier::messages::relay_trouble(tx)?,
            stuck_mails: notifier::messages::stuck_count(tx)?,
            pulse: pulse::Found::read(tx)?,
        })
    }

    fn shown(self, call: &Call, is_first: bool) -> TasksPage {
        let name = |kind: &str| task_name(call.language, kind);
        let moment = |at| Moment::of(call.language, self.now, at);
        let paused: BTreeSet<&str> = self.pauses.iter().map(|pause| pause.kind.as_str()).collect();
        let there = self.depths.iter().map(|depth| depth.kind.as_str());
        // What passes events on is steered by the kinds that it makes.
        let mut kinds: Vec<Choice> = (call.app.settings.task_kinds.iter().map(String::as_str).chain(there))
            .filter(|kind| !paused.contains(kind) && !is_passing_on(kind))
            .collect::<BTreeSet<&str>>()
            .into_iter()
            .map(|kind| Choice { value: kind.to_owned(), label: name(kind) })
            .collect();
        kinds.sort_by(|one, other| one.label.cmp(&other.label));
        let pause = |one: &Pause| PauseRow {
            name: name(&one.kind),
            kind: one.kind.clone(),
            at: moment(one.paused_at),
        };
        let mut rows: Vec<PauseRow> = self.pauses.iter().map(pause).collect();
        // By what they are called, as in the list of what could be paused.
        rows.sort_by(|one, other| one.name.cmp(&other.name));
        let next = self.dead.next.as_ref().map(|key| address("/tasks", &[("after", &format::page_key(key))]));
        let condition = Condition::of(call, &self.mails, self.due_mails);
        let trouble = self.trouble.filter(|_last| condition.mail_waits);
        TasksPage {
            title: call.text("nav-tasks"),
            condition,
            kinds,
            trouble: trouble.as_ref().map(|one| stuck::in_words(call, one)).unwrap_or_default(),
            trouble_advice: trouble.as_ref().map(|one| stuck::advice(call, one)).unwrap_or_default(),
            cleared: call.query::<Query>().cleared.as_str().parse().ok(),
            trouble_reply: trouble.and_then(|one| one.reply).unwrap_or_default(),
            stuck_mails: self.stuck_mails,
            pulse: Pulse::of(call, self.now, self.pulse),
            stuck: self.depths.iter().filter(|depth| depth.state == "dead").map(|depth| depth.count).sum(),
            depths: (gathered(&self.depths).iter())
                .map(|depth| {
                    let oldest = (depth.oldest <= self.now).then(|| moment(depth.oldest));
                    DepthRow::of(name(&depth.kind), oldest, depth)
                })
                .collect(),
            // One alone is in the list of the stuck already.
            causes: (self.causes.iter().filter(|cause| cause.count > 1))
                .map(|cause| CauseRow::of(name(&cause.kind), moment(cause.last), cause))
                .collect(),
            dead: (self.dead.items.into_iter())
                .map(|(row, error)| {
                    let (says, links) = (error_in_words(call, &error), named_in(call, &error));
                    DeadTask { says, links, ..DeadTask::of(name(&row.kind), moment(row.run_at), row, error) }
                })
                .collect(),
            pauses: rows,
            reports: (self.reports.iter())
                .map(|report| ReportRow::of(name(&report.kind), moment(report.progress.reported_at), report))
                .collect(),
            batches: self.batches.iter().map(|batch| BatchRow::of(name(&batch.callback), batch)).collect(),
            next: next.unwrap_or_default(),
            first: if is_first { String::new() } else { "/tasks".to_owned() },
        }
    }
}

impl DepthRow {
    fn of(name: String, oldest: Option<Moment>, depth: &Depth) -> Self {
        Self { name, state: depth.state.clone(), count: format::count(depth.count), more: depth.more, oldest }
    }
}

impl CauseRow {
    fn of(name: String, at: Moment, dead: &DeadCause) -> Self {
        Self { name, kind: dead.kind.clone(), cause: dead.cause.clone(), count: dead.count, at }
    }
}

impl DeadTask {
    fn of(name: String, at: Moment, row: TaskRow, error: String) -> Self {
        Self {
            id: row.id,
            name,
            kind: row.kind,
            attempts: row.attempt,
            at,
            says: String::new(),
            error,
            links: Vec::new(),
        }
    }
}

impl ReportRow {
    fn of(name: String, at: Moment, report: &Report) -> Self {
        let (done, total) = (report.progress.done, report.progress.total);
        let text = format!("{} / {}", format::count(done), format::count(total));
        Self { id: report.id, name, done, total, text, at }
    }
}

impl BatchRow {
    fn of(name: String, batch: &Batch) -> Self {
        Self { name, size: batch.size, waiting: batch.waiting, dead: batch.dead }
    }
}

/// `GET /tasks`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging: Paging<TaskId> = paging(&call);
    let is_first = paging.after.is_none();
    let found = call.db(move |tx| Found::read(tx, &paging)).await?;
    call.page("operations/tasks.html", &found.shown(&call, is_first))
}

/// `POST /tasks/redrive`: everything of a kind that is stuck for the same reason.
pub(crate) async fn redrive(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let which = Redrive::Cause { kind: kind(&call)?, cause: call.form().get("cause").to_owned() };
    let found = call.db(move |tx| tasks::redrive(tx, &which, REDRIVEN)).await? > 0;
    if found { Ok(call.done("/tasks", "done-tasks-redriven")) } else { Err(Failure::not_found()) }
}

/// `POST /tasks/pause`
pub(crate) async fn pause(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind = kind(&call)?;
    let is_ours = is_ours(&call, &kind);
    call.db(move |tx| pause_known(tx, &kind, is_ours)).await?;
    Ok(call.done("/tasks", "done-task-paused"))
}

/// Whether this version has a handler for a kind.
pub(super) fn is_ours(call: &Call, kind: &str) -> bool {
    call.app.settings.task_kinds.iter().any(|known| known == kind)
}

/// Pauses a kind that is ours or of which there are tasks; [`DbError::NotFound`]: nobody knows it.
pub(super) fn pause_known(tx: &mut Tx<'_>, kind: &str, is_ours: bool) -> Result<(), DbError> {
    if !is_ours && !tasks::depths(tx)?.iter().any(|depth| depth.kind == kind) {
        return Err(DbError::NotFound);
    }
    tasks::pause(tx, kind)
}

/// `POST /tasks/resume`
pub(crate) async fn resume(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind = kind(&call)?;
    let found = call.db(move |tx| tasks::resume(tx, &kind)).await?;
    if found { Ok(call.done("/tasks", "done-task-resumed")) } else { Err(Failure::not_found()) }
}

/// `POST /tasks/clear`: what has not begun of a paused kind is taken back.
pub(crate) async fn clear(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind = kind(&call)?;
    let cleared = call.db(move |tx| clear_paused(tx, &kind)).await?;
    // The page says it itself, with the number.
    Ok(call.see_other(address("/tasks", &[("cleared", &cleared.to_string())])))
}

/// How many of a paused kind it took back, at most [`REDRIVEN`]. [`DbError::NotFound`]: it is not paused, and what is taken
/// back would only make room for more.
pub(super) fn clear_paused(tx: &mut Tx<'_>, kind: &str) -> Result<usize, DbError> {
    if !tasks::pauses(tx)?.iter().any(|pause| pause.kind == kind) {
        return Err(DbError::NotFound);
    }
    webhooks::end_kind(tx, kind, REDRIVEN)
}

/// The kind that a form names; a form of ours always names one.
fn kind(call: &Call) -> Result<String, Failure> {
    let kind = call.form().get("kind").to_owned();
    if (1..=LONGEST_KIND).contains(&kind.len()) { Ok(kind) } else { Err(Failure::not_found()) }
}

/// `POST /tasks/{id}/retry`
pub(crate) async fn retry(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TaskId = call.id("id")?;
    let found = call.db(move |tx| tasks::retry(tx, id)).await?;
    if found { Ok(call.done("/tasks", "done-task-retried")) } else { Err(Failure::not_found()) }
}

/// `POST /tasks/{id}/discard`
pub(crate) async fn discard(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TaskId = call.id("id")?;
    let found = call.db(move |tx| webhooks::end_task(tx, id, tasks::discard)).await?;
    if found { Ok(call.done("/tasks", "done-task-discarded")) } else { Err(Failure::not_found()) }
}

/// `POST /tasks/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TaskId = call.id("id")?;
    let found = call.db(move |tx| webhooks::end_task(tx, id, tasks::cancel)).await?;
    if found { Ok(call.done("/tasks", "done-task-cancelled")) } else { Err(Failure::not_found()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_the_same_stands_in_one_row() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
        let depth = |kind: &str, state: &str, count, hours| Depth {
            kind: kind.to_owned(),
            state: state.to_owned(),
            count,
            more: count > 4,
            oldest: now - chrono::TimeDelta::hours(hours),
        };
        let rows = gathered(&[
            depth("dispatch/deal.won", "ready", 2, 1),
            depth("dispatch/order.opened", "ready", 5, 3),
            depth("dispatch/order.opened", "dead", 1, 2),
            depth("deal.won/open-order", "ready", 4, 1),
        ]);
        let seen: Vec<_> =
            rows.iter().map(|row| (row.kind.as_str(), row.state.as_str(), row.count, row.more)).collect();
        let expected = [
            ("dispatch", "ready", 7, true),
            ("dispatch", "dead", 1, false),
            ("deal.won/open-order", "ready", 4, false),
        ];
        assert_eq!(seen, expected);
        assert_eq!(rows[0].oldest, now - chrono::TimeDelta::hours(3));
    }
}
