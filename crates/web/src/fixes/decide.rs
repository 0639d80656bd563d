//! `GET` and `POST /units/{id}/fix`: whose fault a fix is, what mending pays, until when, and who mends it.

use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use chrono::{DateTime, Days, Utc};
use db::{DbError, Tx};
use fulfillment::fixes::{self, FixInput, Mender, OpenFix};
use fulfillment::reviews::Fault;
use fulfillment::submissions;
use kernel::{Code, FileId, Language, UnitId, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice, When};
use crate::paths;
use crate::review::versions::{self, VersionRow};
use crate::shell::Crumb;

/// How many days from today a fix is due unless somebody says otherwise.
const USUAL_DAYS: u64 = 7;

struct Facts {
    now: DateTime<Utc>,
    fix: OpenFix,
    holder: String,
    version: Option<submissions::Version>,
    files: std::collections::BTreeMap<FileId, StoredFile>,
    people: std::collections::HashMap<kernel::PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, id: UnitId, language: Language) -> Result<Facts, DbError> {
    let fix = fixes::find_open(tx, id)?;
    let versions = submissions::of_unit(tx, id)?;
    let mut people = versions::people(&versions);
    people.push(fix.holder);
    let people = parts::people(tx, language, people)?;
    Ok(Facts {
        now: tx.now(),
        holder: people.get(&fix.holder).cloned().unwrap_or_default(),
        files: versions::files(tx, &versions)?,
        version: versions.into_iter().next_back(),
        people,
        fix,
    })
}

#[derive(Serialize)]
struct FixPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    cancel: String,
    unit_href: String,
    label: String,
    order: String,
    order_href: String,
    wish: String,
    asked: When,
    version: Option<VersionRow>,
    unit_pay: String,
    today: String,
    order_due: String,
    faults: Vec<Choice>,
    menders: Vec<Choice>,
    form: FormView,
}

fn page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> FixPage {
    let fix = &facts.fix;
    let unit_href = format!("/units/{}", fix.unit);
    let label = parts::unit_name(call, &fix.job_title, &fix.label);
    let versions = facts.version.iter().cloned().collect::<Vec<_>>();
    FixPage {
        title: call.text("fixes-decide-title"),
        crumbs: vec![Crumb::new(call, "fixes-title", "/fixes"), Crumb::named(&label, &unit_href)],
        answer: parts::say(call, "fixes-decide-answer", &[("label", label.clone())]),
        action: format!("{unit_href}/fix"),
        cancel: "/fixes".to_owned(),
        unit_href,
        label,
        order: fix.order_title.clone(),
        order_href: paths::order(fix.order),
        wish: fix.note.clone(),
        asked: When::of(call.language, fix.asked_at),
        version: versions::rows(call, &versions, &facts.people, &facts.files).pop(),
        unit_pay: format::yen(call.language, fix.unit_pay),
        today: date_in_japan(facts.now).to_string(),
        order_due: format::full_date(call.language, fix.order_due_on),
        faults: Choice::words(call, "fixes-fault", Fault::ALL),
        menders: menders(call, &facts.holder),
        form: form.view(call, failure),
    }
}

fn menders(call: &Call, holder: &str) -> Vec<Choice> {
    let who = |mender| match mender {
        Mender::SameWorker => parts::say(call, "fixes-mender-same-worker", &[("name", holder.to_owned())]),
        Mender::Others => call.text("fixes-mender-others"),
    };
    Mender::ALL.iter().map(|mender| Choice::new(mender, who(*mender))).collect()
}

/// What most decisions say: the same worker, a week from today or what the client was promised.
fn proposal(facts: &Facts) -> Form {
    let today = date_in_japan(facts.now);
    // Never later than the client was promised, where that still lies ahead.
    let usual = today.checked_add_days(Days::new(USUAL_DAYS));
    let promised = Some(facts.fix.order_due_on).filter(|day| *day >= today);
    let due = usual.into_iter().chain(promised).min();
    let form = Form::default().preset("mender", Mender::SameWorker);
    due.map_or(form.clone(), |due| form.preset("due_on", due))
}

/// `GET /units/{id}/fix`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    let language = call.language;
    match call.db(move |tx| facts(tx, id, language)).await {
        Ok(facts) => call.page("fixes/decide.html", &page(&call, &facts, &proposal(&facts), None)),
        Err(failure) if failure.code == Code::NotFound => decided(&call, id, failure).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /units/{id}/fix`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    let form = call.form();
    let input: FixInput = form.input()?;
    match call.db(move |tx| fixes::decide(tx, id, input)).await {
        Ok(decision) if decision.mender == Mender::Others => Ok(call.done("/fixes", "done-fixes-offered")),
        Ok(_decision) => Ok(call.done("/fixes", "done-fixes-decided")),
        Err(failure) if failure.is_about_input() => again(&call, id, &form, &failure).await,
        Err(failure) => Err(failure),
    }
}

/// A link to a fix that somebody has decided: the unit says how it stands.
async fn decided(call: &Call, id: UnitId, failure: Failure) -> Result<HttpResponse, Failure> {
    let decisions = call.db(move |tx| fixes::of_unit(tx, id)).await?;
    if decisions.is_empty() {
        Err(failure)
    } else {
        Ok(call.noted(format!("/units/{id}"), "done-fixes-decided-already"))
    }
}

/// The form again; where somebody has decided meanwhile, the unit as it stands now.
async fn again(call: &Call, id: UnitId, form: &Form, failure: &Failure) -> Result<HttpResponse, Failure> {
    let language = call.language;
    match call.db(move |tx| facts(tx, id, language)).await {
        Ok(facts) => {
            call.page_with(failure.status(), "fixes/decide.html", &page(call, &facts, form, Some(failure)))
        }
        Err(_gone) if failure.code == Code::Conflict => Ok(call.see_other(format!("/units/{id}"))),
        Err(failure) => Err(failure),
    }
}
