//! Background work (処理): what is stuck and needs a person, and how much of each kind there is.

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{Paging, TaskId};
use queue::tasks::{self, Depth};
use serde::Serialize;

use super::paging;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::phrases::address;
use crate::words::task_name;

#[derive(Serialize)]
struct TasksPage {
    title: String,
    depths: Vec<DepthRow>,
    dead: Vec<DeadTask>,
    stuck: i64,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct DepthRow {
    name: String,
    state: String,
    count: String,
}

impl DepthRow {
    fn of(call: &Call, depth: &Depth) -> Self {
        Self {
            name: task_name(call.language, &depth.kind),
            state: depth.state.clone(),
            count: format::count(depth.count),
        }
    }
}

#[derive(Serialize)]
struct DeadTask {
    id: TaskId,
    name: String,
    kind: String,
    attempts: i16,
    at: Moment,
    error: String,
}

/// `GET /tasks`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging: Paging<TaskId> = paging(&call);
    let is_first = paging.after.is_none();
    let (now, depths, dead, next) = call
        .db(move |tx| -> Result<_, Failure> {
            let page = tasks::dead(tx, &paging)?;
            let mut dead = Vec::new();
            for row in page.items {
                let error = tasks::failures(tx, row.id)?.into_iter().next().map(|failure| failure.error);
                dead.push((row, error.unwrap_or_default()));
            }
            Ok((tx.now(), tasks::depths(tx)?, dead, page.next))
        })
        .await?;
    let dead = dead.into_iter().map(|(row, error)| DeadTask {
        id: row.id,
        name: task_name(call.language, &row.kind),
        kind: row.kind,
        attempts: row.attempt,
        at: Moment::of(call.language, now, row.run_at),
        error,
    });
    let next = next.as_ref().map(|key| address("/tasks", &[("after", &format::page_key(key))]));
    let page = TasksPage {
        title: call.text("nav-tasks"),
        stuck: depths.iter().filter(|depth| depth.state == "dead").map(|depth| depth.count).sum(),
        depths: depths.iter().map(|depth| DepthRow::of(&call, depth)).collect(),
        dead: dead.collect(),
        next: next.unwrap_or_default(),
        first: if is_first { String::new() } else { "/tasks".to_owned() },
    };
    call.page("operations/tasks.html", &page)
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
    let found = call.db(move |tx| tasks::discard(tx, id)).await?;
    if found { Ok(call.done("/tasks", "done-task-discarded")) } else { Err(Failure::not_found()) }
}
