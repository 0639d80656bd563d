//! What operators see: mails with their timeline, the sandbox mailbox, tasks that need a person.

pub(crate) mod api;

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{MessageId, Paging, TaskId};
use notifier::messages::{self, MessageFilter};
use notifier::sandbox::{self, SandboxId};
use queue::tasks;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::paths;
use crate::shell::Crumb;

const ROWS: u16 = 50;

fn paging<K: serde::de::DeserializeOwned>(call: &Call) -> Paging<K> {
    let query: PageQuery = call.query();
    Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) }
}

#[derive(Serialize)]
struct MessagesPage {
    title: String,
    rows: Vec<MessageRow>,
    next: Option<String>,
}

#[derive(Serialize)]
struct MessageRow {
    href: String,
    subject: String,
    to: String,
    state: String,
    at: String,
}

/// `GET /messages`
pub(crate) async fn messages(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = paging(&call);
    let page = call.db(move |tx| messages::recent(tx, &MessageFilter::default(), &paging)).await?;
    let rows = page.items.into_iter().map(|message| MessageRow {
        href: paths::message(message.id),
        subject: message.subject,
        to: message.to_name,
        state: message.state.to_string(),
        at: format::moment(call.language, message.created_at),
    });
    let next = page.next.as_ref().map(format::page_key);
    call.page(
        "operations/messages.html",
        &MessagesPage { title: call.text("nav-messages"), rows: rows.collect(), next },
    )
}

#[derive(Serialize)]
struct MessagePage {
    title: String,
    crumbs: Vec<Crumb>,
    state: String,
    to: String,
    message_id: String,
    created: String,
    attempts: Vec<AttemptRow>,
    text: String,
}

#[derive(Serialize)]
struct AttemptRow {
    at: String,
    outcome: String,
    reply: String,
    transcript: String,
}

/// `GET /messages/{id}`
pub(crate) async fn message(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let (found, content) = call
        .db(move |tx| -> Result<_, Failure> { Ok((messages::find(tx, id)?, messages::content(tx, id)?)) })
        .await?;
    let attempts = found.attempts.iter().map(|attempt| AttemptRow {
        at: format::moment(call.language, attempt.started_at),
        outcome: attempt.outcome.as_ref().map_or_else(|| call.text("message-under-way"), ToString::to_string),
        reply: attempt.reply.clone().unwrap_or_default(),
        transcript: attempt.transcript.clone().unwrap_or_default(),
    });
    let page = MessagePage {
        crumbs: vec![Crumb::new(&call, "nav-messages", "/messages")],
        state: found.summary.state.to_string(),
        to: found.summary.to_name.clone(),
        message_id: found.message_id.clone(),
        created: format::moment(call.language, found.summary.created_at),
        attempts: attempts.collect(),
        text: content.map(|view| view.text).unwrap_or_default(),
        title: found.summary.subject,
    };
    call.page("operations/message.html", &page)
}

#[derive(Serialize)]
struct SandboxPage {
    title: String,
    rows: Vec<SandboxRow>,
    next: Option<String>,
}

#[derive(Serialize)]
struct SandboxRow {
    href: String,
    subject: String,
    to: String,
    at: String,
}

fn sandbox_only(call: &Call) -> Result<(), Failure> {
    if call.app.settings.sandbox { Ok(()) } else { Err(Failure::not_found()) }
}

/// `GET /sandbox`: mails as they arrived over SMTP.
pub(crate) async fn sandbox(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let paging = paging(&call);
    let page = call.db(move |tx| sandbox::recent(tx, None, &paging)).await?;
    let rows = page.items.into_iter().map(|mail| SandboxRow {
        href: format!("/sandbox/{}", mail.id),
        subject: mail.subject,
        to: mail.recipient,
        at: format::moment(call.language, mail.received_at),
    });
    let next = page.next.as_ref().map(format::page_key);
    call.page(
        "operations/sandbox.html",
        &SandboxPage { title: call.text("nav-sandbox"), rows: rows.collect(), next },
    )
}

#[derive(Serialize)]
struct SandboxMailPage {
    title: String,
    crumbs: Vec<Crumb>,
    from: String,
    to: String,
    at: String,
    text: String,
    links: Vec<String>,
    html_href: String,
    headers: Vec<(String, String)>,
}

/// `GET /sandbox/{id}`
pub(crate) async fn sandbox_mail(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let id: SandboxId = call.id("id")?;
    let mail = call.db(move |tx| sandbox::find(tx, id)).await?;
    let page = SandboxMailPage {
        title: mail.view.subject.clone(),
        crumbs: vec![Crumb::new(&call, "nav-sandbox", "/sandbox")],
        from: mail.view.from.clone(),
        to: mail.recipient.clone(),
        at: format::moment(call.language, mail.received_at),
        links: mail.view.links.clone(),
        html_href: format!("/sandbox/{id}/html"),
        headers: mail.view.headers.clone(),
        text: mail.view.text,
    };
    call.page("operations/sandbox_mail.html", &page)
}

/// `GET /sandbox/{id}/html`: the mail's own HTML, shut into a sandbox where nothing runs and nothing is fetched.
pub(crate) async fn sandbox_html(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let id: SandboxId = call.id("id")?;
    let mail = call.db(move |tx| sandbox::find(tx, id)).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox";
    Ok(HttpResponse::Ok()
        .insert_header(("content-security-policy", policy))
        .content_type("text/html; charset=utf-8")
        .body(mail.view.html.unwrap_or_default()))
}

#[derive(Serialize)]
struct TasksPage {
    title: String,
    depths: Vec<tasks::Depth>,
    dead: Vec<DeadTask>,
    next: Option<String>,
}

#[derive(Serialize)]
struct DeadTask {
    id: TaskId,
    kind: String,
    attempts: i16,
    at: String,
    error: String,
}

/// `GET /tasks`
pub(crate) async fn tasks(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging: Paging<TaskId> = paging(&call);
    let (depths, dead, next) = call
        .db(move |tx| -> Result<_, Failure> {
            let page = tasks::dead(tx, &paging)?;
            let mut dead = Vec::new();
            for row in page.items {
                let error = tasks::failures(tx, row.id)?.into_iter().next().map(|failure| failure.error);
                dead.push((row, error.unwrap_or_default()));
            }
            Ok((tasks::depths(tx)?, dead, page.next))
        })
        .await?;
    let dead = dead.into_iter().map(|(row, error)| DeadTask {
        id: row.id,
        kind: row.kind,
        attempts: row.attempt,
        at: format::moment(call.language, row.run_at),
        error,
    });
    let page = TasksPage {
        title: call.text("nav-tasks"),
        depths,
        dead: dead.collect(),
        next: next.as_ref().map(format::page_key),
    };
    call.page("operations/tasks.html", &page)
}

/// `POST /tasks/{id}/retry`
pub(crate) async fn retry_task(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TaskId = call.id("id")?;
    let found = call.db(move |tx| tasks::retry(tx, id)).await?;
    if found { Ok(call.done("/tasks", "done-task-retried")) } else { Err(Failure::not_found()) }
}

/// `POST /tasks/{id}/discard`
pub(crate) async fn discard_task(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TaskId = call.id("id")?;
    let found = call.db(move |tx| tasks::discard(tx, id)).await?;
    if found { Ok(call.done("/tasks", "done-task-discarded")) } else { Err(Failure::not_found()) }
}
