//! The link that ends a sort of mail (RFC 8058). Looking changes nothing: mail scanners follow links, and some send the
//! forms they find. A POST to the same address ends it, without an account: from a mail program's own button with the
//! words of RFC 8058, or from the page with its token and a box that its reader has ticked
//! (`t18_only_a_post_ends_a_sort_of_mail_and_it_needs_no_cookie`).

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{Actor, Scope};
use notifier::unsubscribe::{self, Unsubscribe};
use serde::Serialize;

use crate::call::Call;
use crate::csrf;
use crate::failure::Failure;

#[derive(Serialize)]
struct Page {
    title: String,
    /// `ask`, `unticked`, `done` or `unknown`.
    step: &'static str,
    category: String,
    action: String,
    /// Sent without the tick.
    unticked: bool,
}

/// What a POST asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    End,
    /// From our page, and its reader has not ticked the box: they, or a program that sends every form, see it again.
    Unticked,
    /// From nowhere we know.
    Nothing,
}

/// The words of RFC 8058 stand in the mail's header alone; our own form does not carry them.
fn asked(call: &Call) -> Asked {
    let form = call.form();
    if form.get("List-Unsubscribe") == "One-Click" {
        return Asked::End;
    }
    let here = csrf::comes_from_here(&call.request, &call.app.settings.base_url);
    if !(here && csrf::matches(&call.app.key, &call.cookie, form.get("csrf"))) {
        return Asked::Nothing;
    }
    if form.get("stop") == "yes" { Asked::End } else { Asked::Unticked }
}

fn wish(call: &Call) -> Result<Option<Unsubscribe>, Failure> {
    Ok(Unsubscribe::parse(&call.app.key, call.segment("token")?))
}

fn page(call: &Call, step: &'static str, wish: Option<Unsubscribe>) -> Result<HttpResponse, Failure> {
    let page = Page {
        title: call.text(&format!("unsubscribe-{}-title", if step == "unticked" { "ask" } else { step })),
        step,
        category: wish
            .map(|wish| call.text(&format!("mail-category-{}", wish.category())))
            .unwrap_or_default(),
        action: call.request.path().to_owned(),
        unticked: step == "unticked",
    };
    let status = if page.unticked { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    call.page_with(status, "mail_settings/unsubscribe.html", &page)
}

/// `GET /unsubscribe/{token}`: says what the button will do.
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let wish = wish(&call)?;
    page(&call, if wish.is_some() { "ask" } else { "unknown" }, wish)
}

/// `POST /unsubscribe/{token}`: answered 200 whatever the token, so that guessing learns nothing and mail programs do
/// not try for ever. What neither a mail program nor our own page sent is a scanner trying what a link does, and
/// nothing is ended.
pub(crate) async fn end(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Some(wish) = wish(&call)? else { return page(&call, "unknown", None) };
    match asked(&call) {
        Asked::End => {}
        Asked::Unticked => return page(&call, "unticked", Some(wish)),
        Asked::Nothing => return page(&call, "ask", Some(wish)),
    }
    let scope = Scope { organization: wish.organization(), actor: Actor::Outside, request: call.request_id };
    let ended: Result<(), DbError> = call.app.db.run(scope, move |tx| unsubscribe::apply(tx, &wish)).await;
    ended?;
    page(&call, "done", Some(wish))
}
