//! What a worker has written for a unit and not handed in: saved with a button, or by the page's script while they type.

use std::collections::BTreeMap;
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::header;
use db::DbError;
use fulfillment::claims::{self, Kept};
use fulfillment::drafts::{self, Draft, DraftInput};
use fulfillment::submissions::Version;
use kernel::{Code, FileId, UnitId};
use serde::Serialize;

use super::sheet;
use super::submit::{Purpose, keeps_what_was_typed, take};
use crate::api::{At, Json, One};
use crate::call::{Arrived, Call};
use crate::failure::Failure;
use crate::files::{MEGABYTE, MOST_BYTES, accepted_kinds};
use crate::format;
use crate::forms::Form;
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::uploads;

/// What the form to hand a unit in shows beside its fields: `work` of `my_units/work.html`.
#[derive(Debug, Serialize)]
pub(super) struct WorkForm {
    /// Files of the last version and of the draft, which are handed in unless they are dropped.
    carried: Vec<Choice>,
    draft_version: i32,
    /// When the draft was saved, in words; empty where there is none.
    saved: String,
    /// What another page saved meanwhile.
    other: Option<Other>,
    accept: String,
    most_bytes: u64,
    most_megabytes: u64,
}

/// What another page saved.
#[derive(Debug, Serialize)]
struct Other {
    text: String,
    memo: String,
}

impl WorkForm {
    pub(super) fn of(
        call: &Call,
        draft: Option<&Draft>,
        versions: &[Version],
        files: &BTreeMap<FileId, StoredFile>,
        kept: Option<Kept>,
        failure: Option<&Failure>,
    ) -> Self {
        let moved = failure.is_some_and(|failure| failure.code == Code::DraftMoved);
        let other = draft.filter(|_| moved);
        Self {
            carried: carried(call, draft, versions, files),
            draft_version: draft.map_or(0, |draft| draft.version),
            saved: draft.map_or_else(String::new, |draft| saved(call, draft, kept)),
            other: other.map(|draft| Other { text: draft.result_text.clone(), memo: draft.memo.clone() }),
            accept: accepted_kinds(),
            most_bytes: MOST_BYTES,
            most_megabytes: MOST_BYTES / MEGABYTE,
        }
    }
}

/// When the draft was saved, and until when the unit is its writer's: saving it moves that day away.
fn saved(call: &Call, draft: &Draft, kept: Option<Kept>) -> String {
    let time = ("time", format::moment(call.language, draft.saved_at));
    match kept {
        Some(kept) => {
            let until = ("until", format::full_moment(call.language, kept.until));
            parts::say(call, "my-unit-draft-saved-and-kept", &[time, until])
        }
        None => parts::say(call, "my-unit-draft-saved", &[time]),
    }
}

/// The files that the next version brings unless somebody drops them.
fn carried(
    call: &Call,
    draft: Option<&Draft>,
    versions: &[Version],
    files: &BTreeMap<FileId, StoredFile>,
) -> Vec<Choice> {
    let last = versions.last().map(|version| version.submission.file_ids.as_slice()).unwrap_or_default();
    let drafted = draft.map(|draft| draft.file_ids.as_slice()).unwrap_or_default();
    let new = drafted.iter().filter(|file| !last.contains(file));
    let named = last.iter().chain(new).filter_map(|id| files.get(id));
    let label = |file: &StoredFile| {
        let key = if last.contains(&file.id) { "my-unit-drop-handed-in" } else { "my-unit-drop-drafted" };
        parts::say(call, key, &[("name", file.name.clone())])
    };
    named.map(|file| Choice::new(file.id, label(file))).collect()
}

/// A form nobody has sent yet begins with the draft, or with the last version's text: most of it stays.
pub(super) fn prefilled(form: &Form, draft: Option<&Draft>, versions: &[Version]) -> Form {
    if !form.all("result_text").is_empty() {
        return form.clone();
    }
    match (draft, versions.last()) {
        (Some(draft), _) => {
            form.clone().preset("result_text", &draft.result_text).preset("memo", &draft.memo)
        }
        (None, Some(last)) => form.clone().preset("result_text", &last.submission.result_text),
        (None, None) => form.clone(),
    }
}

/// What the page's script gets back.
#[derive(Serialize)]
struct Saved {
    version: i32,
    /// When, in words.
    text: String,
}

/// What it gets where the unit is no longer its writer's.
#[derive(Serialize)]
struct Gone {
    /// What is to be done about the text, in words.
    gone: String,
}

/// `POST /my-units/{unit}/draft`
pub(crate) async fn save(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let upload = uploads::read(&call).await?;
    let saved = take(&call, unit, &upload, Purpose::Draft).await;
    if is_script(&call) {
        return to_script(&call, unit, saved.map(drop)).await;
    }
    match saved {
        Ok(_arrived) => Ok(call.done(paths::my_unit(unit), "done-my-unit-draft-saved")),
        Err(failure) if keeps_what_was_typed(&failure) => {
            sheet::again(&call, unit, &upload.form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /my-units/{unit}/pause`: a button of the form, so that a rest loses nothing that is written.
pub(crate) async fn pause(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let upload = uploads::read(&call).await?;
    match take(&call, unit, &upload, Purpose::Pause).await {
        Ok(Arrived { location, before: false }) => Ok(call.done(location, "done-my-unit-paused")),
        Ok(Arrived { location, before: true }) => Ok(call.noted(location, "done-my-unit-again")),
        Err(failure) if keeps_what_was_typed(&failure) => {
            sheet::again(&call, unit, &upload.form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// Whether the page's script asks, and not a press on a button.
fn is_script(call: &Call) -> bool {
    let accepted = call.request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|value| value.starts_with("application/json"))
}

async fn to_script(
    call: &Call,
    unit: UnitId,
    saved_it: Result<(), Failure>,
) -> Result<HttpResponse, Failure> {
    let (stored, kept, ended) = call
        .db(move |tx| -> Result<_, DbError> {
            let kept = match claims::find_mine(tx, unit) {
                Ok(mine) => mine.kept,
                // Theirs until their claim ended.
                Err(DbError::NotFound) => None,
                Err(error) => return Err(error),
            };
            Ok((drafts::find(tx, unit)?, kept, claims::how_it_ended(tx, unit)?))
        })
        .await?;
    match (saved_it, stored) {
        (Ok(()), Some(draft)) => {
            Ok(HttpResponse::Ok().json(Saved { version: draft.version, text: saved(call, &draft, kept) }))
        }
        (Err(failure), Some(draft)) if failure.code == Code::DraftMoved => {
            Ok(HttpResponse::Conflict().json(Other { text: draft.result_text, memo: draft.memo }))
        }
        (Err(failure), _) if failure.code == Code::NotFound && ended.is_some() => {
            Ok(HttpResponse::Gone().json(Gone { gone: call.text("my-unit-draft-gone") }))
        }
        (Err(failure), _) => Err(failure),
        (Ok(()), None) => Err(Failure::not_found()),
    }
}

/// `GET /api/v1/my-units/{unit}/draft`
pub(crate) async fn read(call: Rc<Call>, At(unit): At<UnitId>) -> Result<One<Draft>, Failure> {
    let draft = call.db(move |tx| drafts::find(tx, unit)).await?;
    draft.map(One).ok_or_else(Failure::not_found)
}

/// `PUT /api/v1/my-units/{unit}/draft`
pub(crate) async fn write(
    call: Rc<Call>,
    At(unit): At<UnitId>,
    Json(input): Json<DraftInput>,
) -> Result<One<Draft>, Failure> {
    call.db(move |tx| drafts::save(tx, unit, &input)).await.map(One)
}
