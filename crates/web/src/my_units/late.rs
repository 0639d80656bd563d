//! A unit that was the worker's once. A link in an old mail may lead here: what they had made of it is still taken where
//! their claim ended by itself and nobody else has it, and what they wrote is never lost: what is sent for a unit that was
//! handed back or taken back meanwhile stands on the page that says so.

use std::collections::BTreeMap;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::claims::{self, LapsedUnit};
use fulfillment::drafts::{self, Draft};
use fulfillment::hand_overs::{self, HandOver, share_of};
use kernel::{Code, FileId, UnitId};
use serde::Serialize;

use super::draft::{self, WorkForm};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
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
    /// How it came that it is not theirs any more, in words.
    ended: String,
    /// Whether they have just sent something for it, which was not taken.
    is_refused: bool,
    /// What they handed over of it and what that pays, in words, the oldest first.
    parts: Vec<String>,
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
        Err(failure) if failure.code == Code::NotFound => no_longer(call, unit, None, missing).await,
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
    // Whose it is now the page says itself.
    let said = Some(failure).filter(|failure| !matches!(failure.code, Code::NotFound | Code::UnitTaken));
    match call.db(move |tx| read(tx, unit)).await {
        Ok(lapsed) => render(call, lapsed, form, said),
        Err(missing) if missing.code == Code::NotFound => no_longer(call, unit, Some(form), missing).await,
        Err(missing) => Err(missing),
    }
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

/// Handed back, or taken back by the town; with what they sent for it all the same.
async fn no_longer(
    call: &Call,
    unit: UnitId,
    sent: Option<&Form>,
    missing: Failure,
) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let (ended, draft, handed_over) = call
        .db(move |tx| -> Result<_, DbError> {
            let mut handed_over = hand_overs::of_unit(tx, unit)?;
            handed_over.retain(|part| part.person_id == person);
            Ok((claims::how_it_ended(tx, unit)?, drafts::find(tx, unit)?, handed_over))
        })
        .await?;
    let ended = ended.ok_or(missing)?;
    let typed = |name: &str| {
        let text = sent.map(|form| form.get(name).to_owned());
        text.filter(|text| !text.trim().is_empty())
    };
    let (saved_text, saved_memo) = draft.map(|draft| (draft.result_text, draft.memo)).unwrap_or_default();
    let page = NoLongerPage {
        title: call.text("my-unit-no-longer"),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
        ended: call.text(&parts::text_key("my-unit-ended", ended.as_str())),
        is_refused: sent.is_some(),
        parts: handed_over.iter().map(|part| handed_over_part(call, part)).collect(),
        kept_text: typed("result_text").unwrap_or(saved_text),
        kept_memo: typed("memo").unwrap_or(saved_memo),
    };
    let status = if sent.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    call.page_with(status, "my_units/no_longer.html", &page)
}

/// What somebody handed over, and what of it is paid when.
fn handed_over_part(call: &Call, part: &HandOver) -> String {
    let said = [
        ("tenths", part.tenths.to_string()),
        ("paid", part.decided_tenths.unwrap_or_default().to_string()),
        (
            "amount",
            format::yen(call.language, share_of(part.unit_pay, part.decided_tenths.unwrap_or_default())),
        ),
        ("day", format::full_date(call.language, part.pay_on())),
    ];
    let key = match part.decided_tenths {
        None => "my-unit-part-waits",
        Some(_) => "my-unit-part-paid",
    };
    parts::say(call, key, &said)
}
