//! The sandbox mailbox (試し送信箱): mails as they arrived over SMTP on a server that sends none out.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::header;
use notifier::reading::Attachment;
use notifier::sandbox::{self, SandboxId};
use serde::Serialize;

use super::paging;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::phrases::address;
use crate::shell::Crumb;

#[derive(Serialize)]
struct ListPage {
    title: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    href: String,
    subject: String,
    to: String,
    at: Moment,
}

fn sandbox_only(call: &Call) -> Result<(), Failure> {
    if call.app.settings.sandbox { Ok(()) } else { Err(Failure::not_found()) }
}

/// `GET /sandbox`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let paging = paging::<SandboxId>(&call);
    let is_first = paging.after.is_none();
    let (now, page) = call
        .db(move |tx| -> Result<_, db::DbError> { Ok((tx.now(), sandbox::recent(tx, None, &paging)?)) })
        .await?;
    let rows = page.items.into_iter().map(|mail| Row {
        href: format!("/sandbox/{}", mail.id),
        subject: mail.subject,
        to: mail.recipient,
        at: Moment::of(call.language, now, mail.received_at),
    });
    let next = page.next.as_ref().map(|key| address("/sandbox", &[("after", &format::page_key(key))]));
    let page = ListPage {
        title: call.text("nav-sandbox"),
        rows: rows.collect(),
        next: next.unwrap_or_default(),
        first: if is_first { String::new() } else { "/sandbox".to_owned() },
    };
    call.page("operations/sandbox.html", &page)
}

#[derive(Serialize)]
struct MailPage {
    title: String,
    crumbs: Vec<Crumb>,
    from: String,
    to: String,
    at: Moment,
    text: String,
    links: Vec<String>,
    html_href: String,
    /// What a file's place goes behind.
    files_href: String,
    headers: Vec<(String, String)>,
    attachments: Vec<Attachment>,
}

/// `GET /sandbox/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let id: SandboxId = call.id("id")?;
    let (now, mail) =
        call.db(move |tx| -> Result<_, db::DbError> { Ok((tx.now(), sandbox::find(tx, id)?)) }).await?;
    let view = mail.view;
    let page = MailPage {
        crumbs: vec![Crumb::new(&call, "nav-sandbox", "/sandbox")],
        from: view.from,
        to: mail.recipient,
        at: Moment::of(call.language, now, mail.received_at),
        links: view.links,
        html_href: format!("/sandbox/{id}/html"),
        files_href: format!("/sandbox/{id}/files/"),
        headers: view.headers,
        attachments: view.attachments,
        text: view.text,
        title: view.subject,
    };
    call.page("operations/sandbox_mail.html", &page)
}

/// `GET /sandbox/{id}/html`: the mail's own HTML, shut into a sandbox where nothing runs and nothing is fetched.
pub(crate) async fn html(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let id: SandboxId = call.id("id")?;
    let mail = call.db(move |tx| sandbox::find(tx, id)).await?;
    Ok(sandboxed(mail.view.html.unwrap_or_default()))
}

/// `GET /sandbox/{id}/files/{place}`: a file of the mail, to be kept and never shown.
pub(crate) async fn file(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    sandbox_only(&call)?;
    let (id, place): (SandboxId, usize) = (call.id("id")?, call.id("place")?);
    let (file, bytes) = call.db(move |tx| sandbox::file(tx, id, place)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(&file.name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .content_type("application/octet-stream")
        .body(bytes))
}

/// HTML of a mail, shut in.
pub(crate) fn sandboxed(html: String) -> HttpResponse {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox";
    HttpResponse::Ok()
        .insert_header(("content-security-policy", policy))
        .content_type("text/html; charset=utf-8")
        .body(html)
}
