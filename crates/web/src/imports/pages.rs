//! The list of imports, the form to begin one, and one import at whatever step it is.

use std::collections::HashSet;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::{DateTime, Utc};
use db::DbError;
use kernel::{Code, FieldProblem, FileId, Invalid, Paging, Typed, date_in_japan};
use sales::imports::{
    self, ColumnsInput, Import, ImportError, ImportId, ImportKind, ImportRow, ImportState, MOST_ROWS, Names,
    RowFilter,
};
use serde::{Deserialize, Serialize};

use super::ahead;
use super::columns::{self, Beside, Column};
use super::exports::list_of;
use super::looks::Looks;
use super::refusals::Refusals;
use super::returned;
use super::rows::{self, Row, RowsQuery, Shown, Tab};
use super::words;
use crate::call::Call;
use crate::failure::Failure;
use crate::files;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, counted, said, word};
use crate::shell::Crumb;
use crate::uploads::{self, Upload};

/// How many imports a page shows.
const IMPORTS: u16 = 30;
/// How many rows show what a column holds.
const SAMPLES: u16 = 5;

fn path(id: ImportId) -> String {
    format!("/imports/{id}")
}

fn crumbs(call: &Call) -> Vec<Crumb> {
    vec![Crumb::new(call, "imports", "/imports")]
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
    name: String,
    kind: String,
    when: String,
    result: String,
    state: &'static str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: Typed,
}

/// `GET /imports`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<ImportId>(call.query::<ListQuery>().after.as_str());
    let is_first = after.is_none();
    let (page, names, idle) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = imports::list(tx, &Paging { after, ..Paging::first(IMPORTS) })?;
            let ids: Vec<FileId> = page.items.iter().map(|import| import.file_id).collect();
            let mut idle = HashSet::new();
            for import in &page.items {
                if ahead::is_idle(tx, import)? {
                    idle.insert(import.id);
                }
            }
            Ok((page, ::files::find_many(tx, &ids)?, idle))
        })
        .await?;
    let row = |import: &Import| ListRow {
        id: format!("import-{}", import.id),
        href: path(import.id),
        name: names.get(&import.file_id).map(|file| file.name.clone()).unwrap_or_default(),
        kind: word(&call, "import-kind", import.kind),
        when: format::moment(call.language, import.created_at),
        result: result(&call, import),
        state: ahead::state(import, idle.contains(&import.id)),
    };
    let here = |after: &str| phrases::address("/imports", &[("after", after)]);
    let list = ListPage {
        title: call.text("imports"),
        shown: page.items.len(),
        rows: page.items.iter().map(row).collect(),
        next: page.next.map(|key| here(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("imports/index.html", &list)
}

/// What an import has come to, in one sentence; nothing while it has not.
fn result(call: &Call, import: &Import) -> String {
    let count = |rows: i32| format::count(rows.into());
    match import.state {
        ImportState::Applied | ImportState::Cancelled if import.rows_created + import.rows_updated > 0 => {
            let words = [("created", &*count(import.rows_created)), ("updated", &count(import.rows_updated))];
            said(call, "import-did", words)
        }
        ImportState::Undone => {
            let words = [("undone", &*count(import.rows_undone)), ("kept", &count(import.rows_kept))];
            said(call, if import.rows_kept > 0 { "import-undid" } else { "import-undid-all" }, words)
        }
        ImportState::Columns | ImportState::Checked => {
            counted(call, "import-rows-read", "count", import.rows_read.into())
        }
        _ => String::new(),
    }
}

#[derive(Serialize)]
struct NewPage {
    title: String,
    crumbs: Vec<Crumb>,
    kinds: Vec<Choice>,
    form: FormView,
    accept: String,
    most_bytes: u64,
    most_megabytes: String,
    most_rows: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    kind: Typed,
}

fn new_page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let page = NewPage {
        title: call.text("import-new-title"),
        crumbs: crumbs(call),
        kinds: phrases::choices(call, "import-kind", ImportKind::ALL),
        form: form.view(call, failure),
        accept: words::ENDINGS.join(","),
        most_bytes: files::MOST_BYTES,
        most_megabytes: (files::MOST_BYTES / files::MEGABYTE).to_string(),
        most_rows: format::count(MOST_ROWS.into()),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "imports/new.html", &page)
}

/// `GET /imports/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind = call.query::<NewQuery>().kind;
    new_page(&call, &Form::default().preset("kind", kind), None)
}

/// `POST /imports`
pub(crate) async fn begin(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let upload = uploads::read(&call).await?;
    match received(&call, &upload).await {
        Ok(location) => Ok(call.see_other(location)),
        Err(mut failure) if failure.is_about_input() => {
            // The file's problem stands at its field, whatever the store or the verb calls it.
            let fields = failure.fields.iter().map(|problem| FieldProblem {
                field: if problem.field == "kind" { "kind" } else { "file" }.to_owned(),
                ..problem.clone()
            });
            let mut fields: Vec<FieldProblem> = fields.collect();
            if fields.is_empty() {
                fields.push(FieldProblem::new("file", failure.code));
            }
            failure.fields = fields;
            new_page(&call, &upload.form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}

/// Keeps the file and begins; answers where that is to be seen.
async fn received(call: &Call, upload: &Upload) -> Result<String, Failure> {
    let problem = |field: &str| Failure::from(Invalid::field(field, Code::Required));
    let kind: ImportKind = upload.form.get("kind").parse().map_err(|_unknown| problem("kind"))?;
    let file = upload.file("file").ok_or_else(|| problem("file"))?;
    if let Some(words) = words::not_a_table(call, &file.name) {
        return Err(Failure::from(Invalid::field("file", Code::FileKind)).in_words(Some(words)));
    }
    let received = files::take_in(call, file).await?;
    let (row, quota) = (received.clone(), call.app.settings.uploads);
    let form = upload
        .form
        .clone()
        .preset("file_name", &received.name)
        .preset("file_sha256", BASE64_URL_SAFE_NO_PAD.encode(received.sha256));
    let begun = call
        .once_or_again(&form, move |tx| -> Result<String, Failure> {
            let file = ::files::keep_within(tx, &row, &quota)?;
            Ok(path(imports::begin(tx, kind, file.id)?.id))
        })
        .await;
    match begun {
        Ok(arrived) => {
            if arrived.before {
                call.app.files.discard(&received).await;
            }
            Ok(arrived.location)
        }
        Err(failure) => {
            files::discard_refused(call, &received, &failure).await;
            Err(failure)
        }
    }
}

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    path: String,
    /// The page as it was asked for, for looking again.
    here: String,
    state: ImportState,
    /// What its state is called.
    looks: &'static str,
    /// Whether it was looked at and would do nothing.
    is_idle: bool,
    kind: String,
    list: &'static str,
    /// How the file is written.
    layout: String,
    answer: String,
    is_running: bool,
    total: i32,
    done: i32,
    progress: String,
    can_cancel: bool,
    can_undo: bool,
    /// Until when its rows are kept, in words; for what can be undone.
    kept: String,
    /// That its rows are kept no longer.
    forgotten: String,
    /// Whether the columns are to be said, for the first time or again.
    asks_columns: bool,
    columns: Vec<Column>,
    choices: Vec<Choice>,
    beside: Beside,
    rule: String,
    /// That new rows look like something.
    alike: String,
    alike_href: String,
    /// How days were read that do not begin with their year.
    days: Vec<String>,
    problem: String,
    good: i32,
    bad: i32,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Whether anything is to be said about any of them.
    has_findings: bool,
    next: String,
    first: String,
    /// What is wrong with the columns that were chosen.
    column_error: String,
}

/// What a page shows of an import.
struct Facts {
    import: Import,
    file: String,
    is_idle: bool,
    samples: Vec<ImportRow>,
    names: Vec<Names>,
    rows: Vec<ImportRow>,
    next: Option<i32>,
    shown: Shown,
    refusals: Refusals,
    looks: Looks,
}

async fn facts(call: &Call, id: ImportId, query: RowsQuery) -> Result<Facts, Failure> {
    let language = call.language;
    call.db(move |tx| -> Result<_, DbError> {
        let import = imports::find(tx, id)?;
        let file = ::files::find(tx, import.file_id)?.name;
        let samples = imports::rows(tx, id, RowFilter::default(), &Paging::first(SAMPLES))?.items;
        let is_idle = ahead::is_idle(tx, &import)?;
        let asks = import.state == ImportState::Columns || query.asks_columns();
        let names = if asks { imports::unknown_names(tx, &import, language)? } else { Vec::new() };
        let shown = Shown::of(&query, &import);
        let found = imports::rows(tx, id, shown.filter(), &rows::paging(&query))?;
        let refusals = Refusals::of(tx, &import, &found.items)?;
        let looks = Looks::of(tx, &import, &found.items)?;
        let (rows, next) = (found.items, found.next);
        Ok(Facts { import, file, is_idle, samples, names, rows, next, shown, refusals, looks })
    })
    .await
}

/// `GET /imports/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, query): (ImportId, RowsQuery) = (call.id("id")?, call.query());
    let facts = facts(&call, id, query.clone()).await?;
    answer(&call, facts, &query, None)
}

fn answer(
    call: &Call,
    facts: Facts,
    query: &RowsQuery,
    refused: Option<(&ColumnsInput, &str)>,
) -> Result<HttpResponse, Failure> {
    let Facts { import, file, is_idle, samples, names, rows: found, next, shown, refusals, looks } = facts;
    let (here, (list, _)) = (path(import.id), list_of(import.kind));
    let said_again = query.asks_columns() && import.state == ImportState::Checked;
    let asks_columns = import.state == ImportState::Columns || said_again || refused.is_some();
    let typed = refused.map(|(input, _)| input);
    let listed: Vec<Row> = found.iter().map(|row| Row::of(call, &import, row, (&refusals, &looks))).collect();
    let page = Page {
        title: file,
        crumbs: crumbs(call),
        here: call.asked(),
        state: import.state,
        looks: ahead::state(&import, is_idle),
        is_idle,
        kind: word(call, "import-kind", import.kind),
        list,
        layout: layout(call, &import),
        answer: sentence(call, &import, is_idle),
        is_running: import.state.is_running(),
        total: import.rows_read,
        done: import.rows_done,
        progress: progress(call, &import),
        can_cancel: import.can_be_cancelled(),
        can_undo: import.can_be_undone(),
        kept: said(call, "import-kept-until", [("day", &day(call, import.kept_until()))]),
        forgotten: import
            .forgotten_at
            .map(|at| said(call, "import-forgotten", [("day", &day(call, at))]))
            .unwrap_or_default(),
        asks_columns,
        columns: columns::columns(&import, &samples, typed),
        choices: columns::choices(call, import.kind),
        beside: Beside::of(&import, names, typed),
        alike: columns::alike(call, &import),
        days: ahead::days(call, &import),
        alike_href: rows::page_at(&here, Shown::Alike, None),
        rule: word(call, "import-rule", import.kind),
        problem: problem(call, &import),
        good: import.rows_new + import.rows_changed,
        bad: import.rows_bad,
        tabs: rows::tabs(call, &import, &here, shown),
        has_findings: listed.iter().any(Row::says_something),
        rows: listed,
        next: next.map(|after| rows::page_at(&here, shown, Some(after))).unwrap_or_default(),
        first: if query.after.as_str().is_empty() {
            String::new()
        } else {
            rows::page_at(&here, shown, None)
        },
        column_error: refused.map(|(_, words)| words.to_owned()).unwrap_or_default(),
        path: here,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    call.page_with(status, "imports/show.html", &page)
}

fn day(call: &Call, at: DateTime<Utc>) -> String {
    format::full_date(call.language, date_in_japan(at))
}

fn layout(call: &Call, import: &Import) -> String {
    let (Some(encoding), Some(separator)) = (import.encoding, import.separator) else {
        return String::new();
    };
    let encoding_word = word(call, "import-encoding", encoding);
    if encoding == ::files::rows::Encoding::Workbook {
        return encoding_word;
    }
    format!("{encoding_word} · {}", word(call, "import-separator", separator))
}

/// The sentence the reader came for.
fn sentence(call: &Call, import: &Import, is_idle: bool) -> String {
    match import.state {
        ImportState::Checked => ahead::sentence(call, import, is_idle),
        ImportState::Applied if import.rows_created + import.rows_updated == 0 => {
            call.text("import-did-nothing")
        }
        ImportState::Refused => problem(call, import),
        ImportState::Columns => counted(call, "import-columns-answer", "count", import.rows_read.into()),
        state => {
            let result = result(call, import);
            if result.is_empty() { word(call, "import-now", state) } else { result }
        }
    }
}

fn progress(call: &Call, import: &Import) -> String {
    let count = |rows: i32| format::count(rows.into());
    match import.state {
        ImportState::Reading => counted(call, "import-rows-read", "count", import.rows_read.into()),
        _ => said(
            call,
            "import-progress",
            [("done", &count(import.rows_done)), ("total", &count(import.rows_read))],
        ),
    }
}

fn problem(call: &Call, import: &Import) -> String {
    let Some(problem) = import.problem else { return String::new() };
    let text = word(call, "import-file", problem);
    match import.problem_line {
        Some(line) => said(call, "import-file-line", [("line", &format::count(line)), ("text", &text)]),
        None => text,
    }
}

/// `POST /imports/{id}/columns`
pub(crate) async fn choose(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ImportId = call.id("id")?;
    let input = columns::typed(&call.form());
    let typed = input.clone();
    let chosen = call.app.db.run(call.scope()?, move |tx| imports::choose_columns(tx, id, &typed)).await;
    let Err(error) = chosen else { return Ok(call.see_other(path(id))) };
    if matches!(error, ImportError::NotNow(_) | ImportError::Db(_)) {
        return late(&call, id, error.into());
    }
    let query = RowsQuery { step: "columns".into(), ..RowsQuery::default() };
    let facts = facts(&call, id, query.clone()).await?;
    match columns::refusal(&call, facts.import.kind, &error) {
        Some(words) => answer(&call, facts, &query, Some((&input, &words))),
        None => Err(error.into()),
    }
}

/// A step that came too late leads to the page that shows how things stand.
fn late(call: &Call, id: ImportId, failure: Failure) -> Result<HttpResponse, Failure> {
    if failure.code == Code::Conflict {
        Ok(call.noted(path(id), "done-import-not-now"))
    } else {
        Err(failure)
    }
}

/// `POST /imports/{id}/apply`
pub(crate) async fn apply(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ImportId = call.id("id")?;
    match call.db(move |tx| imports::apply(tx, id)).await {
        Ok(_import) => Ok(call.see_other(path(id))),
        Err(failure) => late(&call, id, failure),
    }
}

/// `POST /imports/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ImportId = call.id("id")?;
    match call.db(move |tx| imports::cancel(tx, id)).await {
        Ok(_import) => Ok(call.done(path(id), "done-import-cancelled")),
        Err(failure) => late(&call, id, failure),
    }
}

/// `POST /imports/{id}/undo`
pub(crate) async fn undo(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ImportId = call.id("id")?;
    match call.db(move |tx| imports::undo(tx, id)).await {
        Ok(_import) => Ok(call.see_other(path(id))),
        Err(failure) => late(&call, id, failure),
    }
}

/// `GET /imports/{id}/file`
pub(crate) async fn file(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ImportId = call.id("id")?;
    returned::send(call, id).await
}
