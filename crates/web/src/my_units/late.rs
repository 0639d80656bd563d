//! A unit that was the worker's once. A link in an old mail may lead here: what they had made of it is still taken where
//! their claim ended by itself and nobody else has it, and what they wrote is never lost.

use std::collections::BTreeMap;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::claims::{self, LapsedUnit};
use fulfillment::drafts::{self, Draft};
use kernel::{Code, FileId, UnitId};
use serde::Serialize;

use super::draft::{self, WorkForm};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct LatePage {
    title: String,
    crumbs: Vec<Crumb>,
    href: String,
    content: String,
    rules: String,
    /// Whether what they had made is still taken.
    is_free: bool,
    /// What they wrote, to be read and copied where it is no longer taken.
    kept_text: String,
    kept_memo: String,
    form: FormView,
    work: WorkForm,
}

#[derive(Serialize)]
struct NoLongerPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What they wrote and did not hand in.
    kept_text: String,
    kept_memo: String,
}

/// A unit that went on, what its last worker wrote for it, and the files of that.
type Lapsed = (LapsedUnit, Option<Draft>, BTreeMap<FileId, StoredFile>);

fn read(tx: &mut Tx<'_>, unit: UnitId) -> Result<Lapsed, DbError> {
    let lapsed = claims::find_lapsed(tx, unit)?;
    let draft = drafts::find(tx, unit)?;
    let files: Vec<FileId> = draft.iter().flat_map(|draft| draft.file_ids.clone()).collect();
    Ok((lapsed, draft, ::files::find_many(tx, &files)?))
}

/// The page of a unit that is no longer the worker's; `missing` where it never was.
pub(super) async fn show(call: &Call, unit: UnitId, missing: Failure) -> Result<HttpResponse, Failure> {
    match call.db(move |tx| read(tx, unit)).await {
        Ok(lapsed) => render(call, lapsed, &Form::default(), None),
        Err(failure) if failure.code == Code::NotFound => no_longer(call, unit, missing).await,
        Err(failure) => Err(failure),
    }
}

/// The same with what was typed and why it was not taken.
pub(super) async fn again(
    call: &Call,
    unit: UnitId,
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    let lapsed = call.db(move |tx| read(tx, unit)).await?;
    render(call, lapsed, form, Some(failure))
}

fn render(
    call: &Call,
    (lapsed, draft, files): Lapsed,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let prefilled = draft::prefilled(form, draft.as_ref(), &[]);
    let page = LatePage {
        title: parts::unit_name(call, &lapsed.job_title, &lapsed.label),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
        href: paths::my_unit(lapsed.unit),
        content: lapsed.content,
        rules: lapsed.rules,
        is_free: lapsed.is_free,
        kept_text: prefilled.get("result_text").to_owned(),
        kept_memo: prefilled.get("memo").to_owned(),
        work: WorkForm::of(call, draft.as_ref(), &[], &files, None, failure),
        form: prefilled.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_units/late.html", &page)
}

/// Handed back, or taken back by the town.
async fn no_longer(call: &Call, unit: UnitId, missing: Failure) -> Result<HttpResponse, Failure> {
    let (was_theirs, draft) = call
        .db(move |tx| -> Result<_, DbError> { Ok((claims::was_mine(tx, unit)?, drafts::find(tx, unit)?)) })
        .await?;
    if !was_theirs {
        return Err(missing);
    }
    let (kept_text, kept_memo) = draft.map(|draft| (draft.result_text, draft.memo)).unwrap_or_default();
    let page = NoLongerPage {
        title: call.text("my-unit-no-longer"),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
        kept_text,
        kept_memo,
    };
    call.page("my_units/no_longer.html", &page)
}
