//! `/notices`: what the reader was told, the newest first, and one of it. Looking changes nothing: what is read is what its
//! reader says is read.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::DbError;
use kernel::{MessageId, Paging};
use notifier::feed::{self, Notice};
use serde::Serialize;

use super::in_words;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::forms::PageQuery;
use crate::phrases::{address, word};
use crate::shell::Crumb;

const ROWS: u16 = 30;

#[derive(Serialize)]
struct ListPage {
    title: String,
    /// How much is not read, in words.
    answer: String,
    has_unread: bool,
    /// The newest that this page shows: what comes meanwhile stays unread.
    newest: Option<MessageId>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: MessageId,
    href: String,
    subject: String,
    category: String,
    is_read: bool,
    at: Moment,
}

impl Row {
    fn of(call: &Call, now: DateTime<Utc>, one: Notice) -> Self {
        Self {
            id: one.id,
            href: path(one.id),
            subject: one.subject,
            category: word(call, "message-category", one.category),
            is_read: one.is_read,
            at: Moment::of(call.language, now, one.at),
        }
    }
}

fn path(id: MessageId) -> String {
    format!("/notices/{id}")
}

/// `GET /notices`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let query: PageQuery = call.query();
    let paging: Paging<MessageId> =
        Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) };
    let is_first = paging.after.is_none();
    let found = call.db(move |tx| -> Result<_, DbError> {
        Ok((tx.now(), feed::unread(tx, person)?, feed::list(tx, person, &paging)?))
    });
    let (now, unread, found) = found.await?;
    let next = found.next.as_ref().map(|key| address("/notices", &[("after", &format::page_key(key))]));
    let page = ListPage {
        title: call.text("nav-notices"),
        answer: in_words(&call, unread),
        has_unread: unread.count > 0,
        newest: found.items.first().map(|one| one.id),
        rows: found.items.into_iter().map(|one| Row::of(&call, now, one)).collect(),
        next: next.unwrap_or_default(),
        first: if is_first { String::new() } else { "/notices".to_owned() },
    };
    call.page("notices/index.html", &page)
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    category: String,
    is_read: bool,
    at: Moment,
    text: String,
    /// The page it leads to, where that is one of ours; empty otherwise.
    leads_to: String,
    read: String,
}

/// `GET /notices/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (person, id): (_, MessageId) = (call.person()?, call.id("id")?);
    let found = call.db(move |tx| -> Result<_, DbError> { Ok((tx.now(), feed::find(tx, person, id)?)) });
    let (now, found) = found.await?;
    let row = Row::of(&call, now, found.notice);
    let page = OnePage {
        title: row.subject,
        crumbs: vec![Crumb::new(&call, "nav-notices", "/notices")],
        category: row.category,
        is_read: row.is_read,
        at: row.at,
        leads_to: leads_to(&call.app.settings.base_url, &found.links).unwrap_or_default(),
        text: found.text,
        read: format!("{}/read", path(id)),
    };
    call.page("notices/show.html", &page)
}

/// The first page of ours that a mail names, as a path; links of its footer come last.
fn leads_to(base_url: &str, links: &[String]) -> Option<String> {
    let paths = links.iter().filter_map(|link| link.strip_prefix(base_url));
    paths.filter(|path| path.starts_with('/') && !path.starts_with("//")).map(ToOwned::to_owned).next()
}

/// `POST /notices/{id}/read`
pub(crate) async fn read(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (person, id): (_, MessageId) = (call.person()?, call.id("id")?);
    call.db(move |tx| feed::read(tx, person, id)).await?;
    Ok(call.done("/notices", "done-notice-read"))
}

/// `POST /notices/read`: everything that the page had shown, and what is older.
pub(crate) async fn read_up_to(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let newest: MessageId = call.form().get("up_to").parse().map_err(|_no_number| Failure::not_found())?;
    call.db(move |tx| feed::read_up_to(tx, person, newest)).await?;
    Ok(call.done("/notices", "done-notices-read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_leads_to_a_page_of_ours_or_nowhere() {
        let to = |links: &[&str]| {
            let links: Vec<String> = links.iter().map(|link| (*link).to_owned()).collect();
            leads_to("https://yui.example", &links)
        };
        assert_eq!(
            to(&["https://elsewhere.example/x", "https://yui.example/orders/3"]).as_deref(),
            Some("/orders/3")
        );
        for nowhere in ["https://yui.example.org/x", "https://yui.example//org/x", "https://yui.example"] {
            assert_eq!(to(&[nowhere]), None, "{nowhere}");
        }
    }
}
