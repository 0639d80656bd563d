//! `/healthz` says that the process answers; `/readyz` that it can do its work, and what is missing if not.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

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
    /// Seconds the oldest ready task has been waiting.
    queue_age_seconds: Option<u64>,
    mail: &'static str,
}

/// `GET /readyz`
pub(crate) async fn ready(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let age = call.app.queue.lobby(queue::tasks::oldest_ready_age).await;
    let database = age.is_ok() && call.app.readiness.is_ready();
    let mail = if call.app.readiness.is_mail_flowing() { "ok" } else { "relay away, mail waits" };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an age in whole seconds, never negative"
    )]
    let queue_age_seconds = age.ok().map(|seconds| seconds as u64);
    let body =
        Ready { status: if database { "ok" } else { "unavailable" }, database, queue_age_seconds, mail };
    Ok(call.answer(if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &body))
}
