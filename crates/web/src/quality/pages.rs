//! `/quality`: the town's values for checking work and its kinds of defect on one page.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::defects::{self, DefectError, DefectKind, DefectKindId, DefectKindInput, Severity};
use fulfillment::quality::{self, Quality, QualityInput};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::Choice;
use crate::review::remarks::{severity_tone, severity_word};
use crate::shell::Crumb;

/// Which of the page's forms was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    Values,
    New,
    Kind(DefectKindId),
}

#[derive(Serialize)]
struct QualityPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// The values as stored or as typed.
    values: FormView,
    /// A new kind, or the one whose change was refused.
    form: FormView,
    severities: Vec<Choice>,
    kinds: Vec<Kind>,
    retired: Vec<Kind>,
    /// The kind whose change was refused.
    changing: String,
}

#[derive(Serialize)]
struct Kind {
    id: DefectKindId,
    name: String,
    severity: Severity,
    word: String,
    tone: &'static str,
}

fn kind(call: &Call, kind: DefectKind) -> Kind {
    Kind {
        id: kind.id,
        word: severity_word(call, kind.severity),
        tone: severity_tone(kind.severity),
        name: kind.name,
        severity: kind.severity,
    }
}

fn facts(tx: &mut Tx<'_>) -> Result<(Quality, Vec<DefectKind>), DbError> {
    Ok((quality::find(tx)?, defects::list(tx)?))
}

async fn answer(call: &Call, refused: Option<(Refused, &Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let (values, kinds) = call.db(facts).await?;
    let (retired, used): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|one| one.retired_at.is_some());
    let stored = Form::of(&QualityInput::of(values));
    let nothing = Form::default();
    let failure = refused.map(|(_, _, failure)| failure);
    let (values, form) = match refused {
        Some((Refused::Values, form, failure)) => (form.view(call, Some(failure)), nothing.view(call, None)),
        Some((_, form, failure)) => (stored.view(call, None), form.view(call, Some(failure))),
        None => (stored.view(call, None), nothing.view(call, None)),
    };
    let page = QualityPage {
        title: call.text("quality-title"),
        crumbs: vec![Crumb::new(call, "nav-review", "/review")],
        values,
        form,
        severities: Choice::words(call, "severity", Severity::ALL),
        kinds: used.into_iter().map(|one| kind(call, one)).collect(),
        retired: retired.into_iter().map(|one| kind(call, one)).collect(),
        changing: match refused {
            Some((Refused::Kind(id), ..)) => id.to_string(),
            _ => String::new(),
        },
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "quality/index.html", &page)
}

/// `GET /quality`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    answer(&call, None).await
}

/// `POST /quality`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: QualityInput = form.input()?;
    match call.db(move |tx| quality::change(tx, &input)).await {
        Ok(_changed) => Ok(call.done("/quality", "done-saved")),
        Err(failure) if failure.is_about_input() => {
            answer(&call, Some((Refused::Values, &form, &failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /quality/defects`
pub(crate) async fn add(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: DefectKindInput = form.input()?;
    match call.db(move |tx| defects::add(tx, &input)).await {
        Ok(_kind) => Ok(call.done("/quality#kinds", "done-quality-kind-added")),
        Err(failure) if failure.is_about_input() => {
            answer(&call, Some((Refused::New, &form, &failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /quality/defects/{id}`
pub(crate) async fn rename(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DefectKindId = call.id("id")?;
    let form = call.form();
    let input: DefectKindInput = form.input()?;
    match call.db(move |tx| defects::change(tx, id, &input)).await {
        Ok(_kind) => Ok(call.done("/quality#kinds", "done-saved")),
        Err(failure) if failure.is_about_input() => {
            answer(&call, Some((Refused::Kind(id), &form, &failure))).await
        }
        Err(failure) => Err(failure),
    }
}

type Verb = fn(&mut Tx<'_>, DefectKindId) -> Result<DefectKind, DefectError>;

async fn act(call: &Call, verb: Verb) -> Result<HttpResponse, Failure> {
    let id: DefectKindId = call.id("id")?;
    call.db(move |tx| verb(tx, id)).await?;
    Ok(call.done("/quality#kinds", "done-saved"))
}

/// `POST /quality/defects/{id}/retire`
pub(crate) async fn retire(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, defects::retire).await
}

/// `POST /quality/defects/{id}/restore`
pub(crate) async fn restore(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, defects::restore).await
}
