//! The link that ends a sort of mail (RFC 8058). Looking changes nothing: mail scanners follow links. A POST to the
//! same address ends it, from a mail program's own button or from the button of the page, without cookie or account.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{Actor, Scope};
use notifier::unsubscribe::{self, Unsubscribe};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;

#[derive(Serialize)]
struct Page {
    title: String,
    /// `ask`, `done` or `unknown`.
    step: &'static str,
    category: String,
    action: String,
}

fn wish(call: &Call) -> Result<Option<Unsubscribe>, Failure> {
    Ok(Unsubscribe::parse(&call.app.key, call.segment("token")?))
}

fn page(call: &Call, step: &'static str, wish: Option<Unsubscribe>) -> Result<HttpResponse, Failure> {
    let page = Page {
        title: call.text(&format!("unsubscribe-{step}-title")),
        step,
        category: wish
            .map(|wish| call.text(&format!("mail-category-{}", wish.category())))
            .unwrap_or_default(),
        action: call.request.path().to_owned(),
    };
    call.page_with(StatusCode::OK, "mail_settings/unsubscribe.html", &page)
}

/// `GET /unsubscribe/{token}`: says what the button will do.
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let wish = wish(&call)?;
    page(&call, if wish.is_some() { "ask" } else { "unknown" }, wish)
}

/// `POST /unsubscribe/{token}`: answered 200 whatever the token, so that guessing learns nothing and mail programs do
/// not try for ever. Without the words of RFC 8058, which mail programs and our own button send, it is a scanner
/// trying what a link does, and nothing is ended.
pub(crate) async fn end(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Some(wish) = wish(&call)? else { return page(&call, "unknown", None) };
    if call.form().get("List-Unsubscribe") != "One-Click" {
        return page(&call, "ask", Some(wish));
    }
    let scope = Scope { organization: wish.organization(), actor: Actor::Outside, request: call.request_id };
    let ended: Result<(), DbError> = call.app.db.run(scope, move |tx| unsubscribe::apply(tx, &wish)).await;
    ended?;
    page(&call, "done", Some(wish))
}
