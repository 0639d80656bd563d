//! `/second-looks`: verdicts to be given once more, without knowing the first, and how far reviewers agree.

use std::collections::BTreeMap;
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::second_looks::{
    self, Known, SecondLookId, SecondLookInput, SecondLookKey, SecondVerdict, ToLook,
};
use fulfillment::{checks, rules};
use kernel::{FileId, Page, Paging};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts::{self, Choice, When};
use crate::phrases::address;
use crate::review::versions::FileLink;
use crate::shell::Crumb;

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    agreement: Vec<String>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    label: String,
    href: String,
    since: When,
}

fn facts(
    tx: &mut Tx<'_>,
    paging: &Paging<SecondLookKey>,
) -> Result<(Page<ToLook, SecondLookKey>, i64, Known), DbError> {
    Ok((second_looks::waiting(tx, paging)?, second_looks::count_open(tx)?, second_looks::agreement(tx)?))
}

/// How far reviewers agree, in sentences: never κ alone.
fn agreement(call: &Call, known: &Known) -> Vec<String> {
    let counts = known.counts;
    if counts.count() == 0 {
        return vec![call.text("second-looks-none-yet")];
    }
    let alike = [
        ("alike", format::count(counts.alike())),
        ("count", format::count(counts.count())),
        ("day", format::full_date(call.language, known.since)),
    ];
    let mut said = vec![parts::say(call, "second-looks-alike", &alike)];
    said.push(match known.kappa {
        Some(kappa) => {
            let number = |value: f64| format!("{value:.2}");
            let words =
                [("kappa", number(kappa.value)), ("low", number(kappa.low)), ("high", number(kappa.high))];
            parts::say(call, "second-looks-kappa", &words)
        }
        None => call.text("second-looks-no-kappa"),
    });
    said
}

/// `GET /second-looks`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<SecondLookKey>(call.query::<PageQuery>().after.as_str());
    let paging = Paging { after, ..Paging::first(ROWS) };
    let (open, count, known) = call.db(move |tx| facts(tx, &paging)).await?;
    let here = |key: &str| address("/second-looks", &[("after", key)]);
    let row = |one: &ToLook| Row {
        id: format!("look-{}", one.id),
        label: parts::unit_name(&call, &one.job_title, &one.label),
        href: format!("/second-looks/{}", one.id),
        since: When::of(call.language, one.drawn_at),
    };
    let page = ListPage {
        title: call.text("second-looks-title"),
        crumbs: vec![Crumb::new(&call, "nav-review", "/review")],
        answer: parts::say_count(&call, "second-looks-answer", count),
        agreement: agreement(&call, &known),
        rows: open.items.iter().map(row).collect(),
        next: open.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("second_looks/index.html", &page)
}

struct OneFacts {
    look: ToLook,
    rules: String,
    checks: Vec<String>,
    files: BTreeMap<FileId, StoredFile>,
}

fn one(tx: &mut Tx<'_>, id: SecondLookId) -> Result<OneFacts, DbError> {
    let look = second_looks::find(tx, id)?;
    Ok(OneFacts {
        rules: rules::newest(tx, look.job_id)?.text,
        checks: checks::newest(tx, look.job_id)?.map_or_else(Vec::new, |checks| checks.items),
        files: ::files::find_many(tx, &look.files)?,
        look,
    })
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    rules: String,
    checks: Vec<String>,
    result_text: String,
    files: Vec<FileLink>,
    memo: String,
    form: FormView,
    verdicts: Vec<Choice>,
}

async fn render(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let id: SecondLookId = call.id("id")?;
    let facts = call.db(move |tx| one(tx, id)).await?;
    let page = OnePage {
        title: call.text("second-looks-one"),
        crumbs: vec![
            Crumb::new(call, "nav-review", "/review"),
            Crumb::new(call, "second-looks-title", "/second-looks"),
        ],
        answer: parts::unit_name(call, &facts.look.job_title, &facts.look.label),
        here: format!("/second-looks/{id}"),
        rules: facts.rules,
        checks: facts.checks,
        files: facts.look.files.iter().filter_map(|id| facts.files.get(id)).map(FileLink::of).collect(),
        result_text: facts.look.result_text,
        memo: facts.look.memo,
        form: form.view(call, failure),
        verdicts: Choice::words(call, "second-looks-verdict", SecondVerdict::ALL),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "second_looks/show.html", &page)
}

/// `GET /second-looks/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, &Form::default(), None).await
}

/// `POST /second-looks/{id}`
pub(crate) async fn say(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SecondLookId = call.id("id")?;
    let form = call.form();
    let input: SecondLookInput = form.input()?;
    match call.db(move |tx| second_looks::say(tx, id, &input)).await {
        Ok(_said) => Ok(call.done("/second-looks", "done-second-looks-said")),
        Err(failure) if parts::stays(&failure) => render(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
