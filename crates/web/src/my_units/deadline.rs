//! A deadline that moved: the new terms before their worker, who accepts them, keeps the old ones or hands back.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::Tx;
use fulfillment::claims::{self, AcceptInput, ClaimError, Extension};
use kernel::{Code, Language, UnitId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::shell::Crumb;
use crate::terms_text::{self, Article};

/// The moved deadline of the job that one of the worker's own units belongs to.
pub(super) fn of_unit(tx: &mut Tx<'_>, unit: UnitId, language: Language) -> Result<Extension, ClaimError> {
    let job = claims::find_mine(tx, unit).map_err(ClaimError::Db)?.job;
    claims::extension(tx, job, language)
}

#[derive(Serialize)]
struct DeadlinePage {
    title: String,
    crumbs: Vec<Crumb>,
    job_title: String,
    from: String,
    to: String,
    note: String,
    count: usize,
    articles: Vec<Article>,
    sha256: String,
    language: Language,
    /// The terms were others when the worker read them.
    changed: bool,
    form: FormView,
    action: String,
    hand_back: String,
    keep: String,
}

async fn page(call: &Call, unit: UnitId, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let moved = match call.db(move |tx| of_unit(tx, unit, language)).await {
        Ok(moved) => moved,
        // Accepted already, or handed in meanwhile: the unit's own page says how it stands.
        Err(nothing) if nothing.code == Code::Conflict => return Ok(call.see_other(paths::my_unit(unit))),
        Err(failure) => return Err(failure),
    };
    let here = paths::my_unit(unit);
    let page = DeadlinePage {
        title: call.text("my-deadline-title"),
        crumbs: vec![
            Crumb::new(call, "nav-units", "/my-units"),
            Crumb::named(moved.job.title.clone(), here.clone()),
        ],
        from: format::full_date(language, moved.from),
        to: format::full_date(language, moved.job.work_due_on),
        job_title: moved.job.title,
        note: moved.note,
        count: moved.units.len(),
        sha256: moved.terms.sha256.to_string(),
        language: moved.terms.language,
        articles: terms_text::articles(&moved.terms.body),
        changed: failure.is_some_and(|failure| failure.code == Code::TermsNotAccepted),
        form: Form::default().view(call, failure),
        action: format!("{here}/deadline"),
        hand_back: format!("{here}/hand-back"),
        keep: here,
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_units/deadline.html", &page)
}

/// `GET /my-units/{unit}/deadline`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("unit")?, None).await
}

/// `POST /my-units/{unit}/deadline`
pub(crate) async fn accept(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let form = call.form();
    let input =
        AcceptInput { terms_sha256: form.get("terms_sha256").into(), language: form.get("language").into() };
    let accepted = call
        .db(move |tx| -> Result<_, ClaimError> {
            let job = claims::find_mine(tx, unit).map_err(ClaimError::Db)?.job;
            claims::accept_extension(tx, job, input)
        })
        .await;
    match accepted {
        Ok(_accepted) => Ok(call.done(paths::my_unit(unit), "done-my-deadline-accepted")),
        Err(failure) if failure.is_about_input() => page(&call, unit, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
