//! `/healthz` says that the process answers; `/readyz` that it can do its work, and what is missing if not.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use crate::app::{MailState, TaskState};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /healthz`
pub(crate) async fn process(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    Ok(call.answer(StatusCode::OK, &serde_json::json!({ "status": "ok" })))
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    database: bool,
    /// Migrations that have not run yet; null when the database does not say.
    pending_migrations: Option<usize>,
    /// Seconds the oldest ready task has been waiting.
    queue_age_seconds: Option<u64>,
    tasks: &'static str,
    mail: &'static str,
}

/// `GET /readyz`
pub(crate) async fn ready(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let age = call.app.queue.lobby(queue::tasks::oldest_ready_age).await;
    let database = age.is_ok() && call.app.readiness.is_ready();
    let tasks_state = call.app.readiness.task_state();
    let pending_migrations = pending_migrations(&call).await;
    let is_ready = database && pending_migrations == Some(0) && tasks_state != TaskState::Stuck;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an age in whole seconds, never negative"
    )]
    let queue_age_seconds = age.ok().map(|seconds| seconds as u64);
    let body = Ready {
        status: if is_ready { "ok" } else { "unavailable" },
        database,
        pending_migrations,
        queue_age_seconds,
        tasks: tasks(tasks_state),
        mail: mail(call.app.readiness.mail_state()),
    };
    Ok(call.answer(if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &body))
}

/// Asked anew each time: a restored or rolled-back database is behind a program that started long ago. More than this
/// program knows is fine, as while a newer one takes over.
async fn pending_migrations(call: &Call) -> Option<usize> {
    let ran = call.app.queue.lobby(db::migrations_run).await.ok()?;
    Some(call.app.settings.migrations.iter().filter(|needed| !ran.contains(*needed)).count())
}

fn tasks(state: TaskState) -> &'static str {
    match state {
        TaskState::Unknown => "unknown, no worker in this process",
        TaskState::Running => "ok",
        TaskState::Stuck => "every thread is stuck, tasks wait",
    }
}

fn mail(state: MailState) -> &'static str {
    match state {
        MailState::Unknown => "unknown, no sender in this process",
        MailState::Flowing => "ok",
        MailState::Waiting => "relay away, mail waits",
    }
}
