//! The list of edits, and one edit at whatever step it is, with what becomes of each thing and why.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use kernel::{Code, CompanyId, ContactId, DealId, LeadId, Paging, Typed};
use sales::bulk_edits::{
    self, BulkEdit, BulkEditId, BulkEditRow, EditKind, EditOutcome, EditRowFilter, EditState, EditVerdict,
};
use serde::{Deserialize, Serialize};

use super::begin::{crumbs, sentence};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{self, said, word};
use crate::shell::Crumb;

/// How many edits a page shows.
const EDITS: u16 = 30;
/// How many things a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PageQuery {
    show: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    rows: Vec<ListRow>,
    shown: usize,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct ListRow {
    id: String,
    href: String,
    what: String,
    facts: Vec<String>,
    state: EditState,
}

/// `GET /bulk-edits`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<BulkEditId>(call.query::<PageQuery>().after.as_str());
    let is_first = after.is_none();
    let page = call.db(move |tx| bulk_edits::list(tx, &Paging { after, ..Paging::first(EDITS) })).await?;
    let row = |edit: &BulkEdit| ListRow {
        id: format!("edit-{}", edit.id),
        href: paths::bulk_edit(edit.id),
        what: sentence(&call, edit),
        facts: vec![
            word(&call, "bulk-edit-kind", edit.kind),
            result(&call, edit),
            format::moment(call.language, edit.created_at),
        ],
        state: edit.state,
    };
    let here = |after: &str| phrases::address("/bulk-edits", &[("after", after)]);
    let page = ListPage {
        title: call.text("bulk-edits"),
        shown: page.items.len(),
        rows: page.items.iter().map(row).collect(),
        next: page.next.map(|key| here(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("bulk_edits/index.html", &page)
}

/// What an edit has come to, in one sentence.
fn result(call: &Call, edit: &BulkEdit) -> String {
    let count = |rows: i32| format::count(rows.into());
    match edit.state {
        EditState::Checked => said(
            call,
            "bulk-edit-checked",
            [
                ("change", &count(edit.rows_change)),
                ("same", &count(edit.rows_same)),
                ("refused", &count(edit.rows_refused)),
            ],
        ),
        EditState::Applied | EditState::Cancelled if edit.rows_changed + edit.rows_left > 0 => said(
            call,
            "bulk-edit-did",
            [("changed", &*count(edit.rows_changed)), ("left", &count(edit.rows_left))],
        ),
        EditState::Applied => call.text("bulk-edit-did-nothing"),
        EditState::Undone => said(
            call,
            "bulk-edit-undid",
            [("undone", &*count(edit.rows_undone)), ("kept", &count(edit.rows_kept))],
        ),
        state => word(call, "bulk-edit-now", state),
    }
}

#[derive(Serialize)]
struct EditPage {
    title: String,
    crumbs: Vec<Crumb>,
    path: String,
    /// The page as it was asked for, for looking again.
    here: String,
    state: EditState,
    kind: String,
    list: String,
    answer: String,
    is_running: bool,
    done: i32,
    total: i32,
    progress: String,
    change: i32,
    can_cancel: bool,
    can_undo: bool,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    name: String,
    word: String,
    reason: String,
}

/// Which things are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Verdict(EditVerdict),
    Outcome(EditOutcome),
}

impl Shown {
    fn word(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.as_str(),
            Self::Outcome(outcome) => outcome.as_str(),
        }
    }

    fn filter(self) -> EditRowFilter {
        match self {
            Self::Verdict(verdict) => EditRowFilter { verdict: Some(verdict), outcome: None },
            Self::Outcome(outcome) => EditRowFilter { verdict: None, outcome: Some(outcome) },
        }
    }

    /// What was asked for, or what the reader has to see first: what stays as it is, and why.
    fn of(asked: &str, edit: &BulkEdit) -> Self {
        let all = ways(edit);
        let found = all
            .iter()
            .find(|(one, _)| one.word() == asked)
            .or_else(|| all.iter().find(|(_, count)| *count > 0));
        found.map_or(Self::Verdict(EditVerdict::Change), |(one, _)| *one)
    }
}

/// The ways of looking at an edit's things, each with how many there are.
fn ways(edit: &BulkEdit) -> Vec<(Shown, i32)> {
    let is_undone = edit.state == EditState::Undone;
    let changed = edit.rows_changed - edit.rows_undone - edit.rows_kept;
    let has_done = edit.rows_changed + edit.rows_left > 0;
    let mut ways = vec![
        (Shown::Outcome(EditOutcome::Kept), edit.rows_kept),
        (Shown::Outcome(EditOutcome::Left), edit.rows_left),
        (Shown::Verdict(EditVerdict::Refused), edit.rows_refused),
    ];
    if has_done {
        ways.push((Shown::Outcome(EditOutcome::Undone), edit.rows_undone));
        ways.push((Shown::Outcome(EditOutcome::Changed), if is_undone { 0 } else { changed }));
    } else {
        ways.push((Shown::Verdict(EditVerdict::Change), edit.rows_change));
    }
    ways.push((Shown::Verdict(EditVerdict::Same), edit.rows_same));
    ways
}

/// `GET /bulk-edits/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, query): (BulkEditId, PageQuery) = (call.id("id")?, call.query());
    let after = format::read_page_key::<i32>(query.after.as_str());
    let is_first = after.is_none();
    let asked = query.show.to_string();
    let (edit, shown, page) = call
        .db(move |tx| -> Result<_, DbError> {
            let edit = bulk_edits::find(tx, id)?;
            let shown = Shown::of(&asked, &edit);
            let page = bulk_edits::rows(tx, id, shown.filter(), &Paging { after, ..Paging::first(ROWS) })?;
            Ok((edit, shown, page))
        })
        .await?;
    let path = paths::bulk_edit(id);
    let here = |after: &str| phrases::address(&path, &[("show", shown.word()), ("after", after)]);
    let count = |rows: i32| format::count(rows.into());
    let progress = [("done", &*count(edit.rows_done)), ("total", &count(edit.rows_total))];
    let page = EditPage {
        title: sentence(&call, &edit),
        crumbs: crumbs(&call),
        here: call.asked(),
        state: edit.state,
        kind: word(&call, "bulk-edit-kind", edit.kind),
        list: format!("/{}", edit.kind),
        answer: result(&call, &edit),
        is_running: edit.state.is_running(),
        done: edit.rows_done,
        total: edit.rows_total,
        progress: said(&call, "bulk-edit-progress", progress),
        change: edit.rows_change,
        can_cancel: edit.can_be_cancelled(),
        can_undo: edit.can_be_undone(),
        tabs: tabs(&call, &edit, &path, shown),
        rows: page.items.iter().map(|row| thing(&call, &edit, row)).collect(),
        next: page.next.map(|key| here(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        path: path.clone(),
    };
    call.page("bulk_edits/show.html", &page)
}

fn tabs(call: &Call, edit: &BulkEdit, path: &str, shown: Shown) -> Vec<Tab> {
    let filled = ways(edit).into_iter().filter(|(one, count)| *count > 0 || *one == shown);
    let tab = |(one, count): (Shown, i32)| Tab {
        label: word(call, "bulk-edit-rows", one.word()),
        href: phrases::address(path, &[("show", one.word())]),
        current: one == shown,
        count: format::count(count.into()),
    };
    filled.map(tab).collect()
}

fn thing(call: &Call, edit: &BulkEdit, row: &BulkEditRow) -> Row {
    let state = row.outcome.map(EditOutcome::as_str).or(row.verdict.map(EditVerdict::as_str));
    Row {
        id: format!("row-{}", row.number),
        href: match edit.kind {
            EditKind::Deals => paths::deal(DealId(row.target_id)),
            EditKind::Companies => paths::company(CompanyId(row.target_id)),
            EditKind::Contacts => paths::contact(ContactId(row.target_id)),
            EditKind::Leads => paths::lead(LeadId(row.target_id)),
        },
        name: if row.name.is_empty() { row.target_id.to_string() } else { row.name.clone() },
        word: state.map(|state| word(call, "bulk-edit-rows", state)).unwrap_or_default(),
        reason: row.reason.as_ref().map(|code| why(call, code)).unwrap_or_default(),
    }
}

/// Why a thing stays as it is. A missing field says what is missing of a deal; every other code has its own sentence.
fn why(call: &Call, code: &str) -> String {
    match code {
        "stale" => call.text("bulk-edit-changed-since"),
        "required" => call.text("bulk-edit-stage-asks"),
        "not-found" => call.text("bulk-edit-not-found"),
        code => call.text(&format!("error-{code}")),
    }
}

/// A step that came too late leads to the page that shows how things stand.
fn late(call: &Call, id: BulkEditId, failure: Failure) -> Result<HttpResponse, Failure> {
    if failure.code == Code::Conflict {
        return Ok(call.noted(paths::bulk_edit(id), "done-bulk-edit-not-now"));
    }
    Err(failure)
}

/// `POST /bulk-edits/{id}/apply`
pub(crate) async fn apply(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: BulkEditId = call.id("id")?;
    match call.db(move |tx| bulk_edits::apply(tx, id)).await {
        Ok(_edit) => Ok(call.see_other(paths::bulk_edit(id))),
        Err(failure) => late(&call, id, failure),
    }
}

/// `POST /bulk-edits/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: BulkEditId = call.id("id")?;
    match call.db(move |tx| bulk_edits::cancel(tx, id)).await {
        Ok(_edit) => Ok(call.done(paths::bulk_edit(id), "done-bulk-edit-cancelled")),
        Err(failure) => late(&call, id, failure),
    }
}

/// `POST /bulk-edits/{id}/undo`
pub(crate) async fn undo(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: BulkEditId = call.id("id")?;
    match call.db(move |tx| bulk_edits::undo(tx, id)).await {
        Ok(_edit) => Ok(call.see_other(paths::bulk_edit(id))),
        Err(failure) => late(&call, id, failure),
    }
}
