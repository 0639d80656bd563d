//! The list of addresses that are left alone: who is on it, why, until when; putting one on it, taking one off.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::{Paging, Typed};
use notifier::suppressions::{self, Suppression, SuppressionId, SuppressionInput};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::forms::{Form, FormView, PageQuery};
use crate::paths;
use crate::phrases::{self, Choice, choices, said, word};

const ROWS: u16 = 30;

#[derive(Serialize)]
struct Page {
    title: String,
    rows: Vec<Row>,
    categories: Vec<Choice>,
    /// This page's query, so that a refused form comes back on it.
    query: String,
    next: Option<String>,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: SuppressionId,
    address: String,
    reason: String,
    /// What somebody said when they put it there.
    note: String,
    scope: String,
    since: Moment,
    /// Until when, in words; empty where it has no end.
    until: String,
    /// The mail that showed it; empty where a person decided.
    message_href: String,
    /// The name of the field for why it is lifted.
    field: String,
}

/// `GET /suppressions`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, &Form::default(), None).await
}

async fn list(call: &Call, form: &Form, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let paging: Paging<SuppressionId> =
        Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) };
    let (now, page) = call
        .db(move |tx| -> Result<_, db::DbError> { Ok((tx.now(), suppressions::list(tx, &paging)?)) })
        .await?;
    let page = Page {
        title: call.text("nav-suppressions"),
        rows: page.items.into_iter().map(|one| row(call, now, one)).collect(),
        categories: choices(call, "message-category", &SuppressionInput::CATEGORIES),
        query: phrases::address("", &[("after", query.after.as_str())]),
        next: page.next.as_ref().map(format::page_key),
        form: form.view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "suppressions/index.html", &page)
}

fn row(call: &Call, now: DateTime<Utc>, one: Suppression) -> Row {
    let until = one.expires_at.map(|at| format::moment(call.language, at));
    Row {
        id: one.id,
        reason: word(call, "suppression-reason", one.reason),
        note: one.note.unwrap_or_default(),
        scope: one.category.map_or_else(
            || call.text("suppression-everything"),
            |category| {
                said(call, "suppression-only", [("category", &word(call, "message-category", category))])
            },
        ),
        since: Moment::of(call.language, now, one.since),
        until: until.map(|until| said(call, "suppression-until", [("until", &until)])).unwrap_or_default(),
        message_href: one.message.map(paths::message).unwrap_or_default(),
        field: note_field(one.id),
        address: one.address,
    }
}

/// Each row has its own, because one page has many.
fn note_field(id: SuppressionId) -> String {
    format!("suppressions.{id}.note")
}

/// `POST /suppressions`
pub(crate) async fn add(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: SuppressionInput = form.input()?;
    let added = call.db(move |tx| suppressions::add(tx, &input)).await;
    match added {
        Ok(_id) => Ok(call.done("/suppressions", "done-suppression-added")),
        Err(failure) if failure.is_about_input() => list(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /suppressions/{id}/lift`
pub(crate) async fn lift(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (SuppressionId, Form) = (call.id("id")?, call.form());
    let note = Typed::from(form.get(&note_field(id)));
    match call.db(move |tx| suppressions::lift_one(tx, id, &note)).await {
        Ok(()) => Ok(call.done("/suppressions", "done-suppression-lifted")),
        Err(mut failure) if failure.is_about_input() => {
            for problem in failure.fields.iter_mut().filter(|problem| problem.field == "note") {
                problem.field = note_field(id);
            }
            list(&call, &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Language;
    use notifier::suppressions::SuppressionReason;

    use crate::texts::Texts;

    #[test]
    fn every_reason_has_its_words() {
        let texts = Texts::load();
        for reason in SuppressionReason::ALL {
            for language in Language::ALL {
                let key = format!("suppression-reason-{reason}");
                assert!(texts.known(*language, &key).is_some(), "{key} in {language}");
            }
        }
    }
}
