//! Handing a version in, or saving a draft of it: files and a text for the client, a memo for the checker. The bytes are in the store before
//! the transaction begins and leave it again when the verb refuses, or when the same form had arrived before: a line
//! that breaks under a long upload breaks as often after its end as before.

use std::rc::Rc;

use ::files::Received;
use actix_web::HttpResponse;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use fulfillment::claims;
use fulfillment::drafts::{self, DraftInput};
use fulfillment::hand_overs::{self, HandOverInput};
use fulfillment::submissions::{self, SubmitInput};
use fulfillment::units::UnitState;
use kernel::{Code, FileId, UnitId};

use super::sheet;
use crate::call::{Arrived, Call};
use crate::failure::Failure;
use crate::files;
use crate::forms::Form;
use crate::paths;
use crate::uploads::{self, Upload};

/// `POST /my-units/{unit}/submit`
pub(crate) async fn submit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let upload = uploads::read(&call).await?;
    match take(&call, unit, &upload, Purpose::Submission).await {
        Ok(Arrived { location, before: false }) => Ok(call.done(location, "done-my-unit-submitted")),
        Ok(Arrived { location, before: true }) => Ok(call.noted(location, "done-my-unit-again")),
        // The page was sent, its answer was lost, and then something else was typed or chosen; or it was sent from another tab.
        Err(failure) if failure.code == Code::Conflict && waits_for_review(&call, unit).await? => {
            if is_written(&upload.form) {
                sheet::came_second(&call, unit, &upload.form).await
            } else {
                Ok(call.noted(paths::my_unit(unit), "done-my-unit-other"))
            }
        }
        Err(failure) if keeps_what_was_typed(&failure) => {
            sheet::again(&call, unit, &upload.form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// Whether a page shows again what was sent with it: something of it can be mended, or the unit is no longer its sender's.
/// Whoever never had it is not shown anything of it.
pub(super) fn keeps_what_was_typed(failure: &Failure) -> bool {
    failure.is_about_input() || failure.code == Code::NotFound
}

/// Whether what was handed in lies before review.
async fn waits_for_review(call: &Call, unit: UnitId) -> Result<bool, Failure> {
    let held = call.db(move |tx| claims::find_mine(tx, unit)).await;
    Ok(held.is_ok_and(|held| UnitState::TO_REVIEW.contains(&held.state)))
}

/// What becomes of a form with its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Submission,
    Draft,
    /// What is written stays, and the unit is laid aside with it.
    Pause,
    /// What is done of a unit that is given back.
    Part,
}

/// Takes the files in and writes what was typed.
pub(super) async fn take(
    call: &Call,
    unit: UnitId,
    upload: &Upload,
    purpose: Purpose,
) -> Result<Arrived, Failure> {
    call.db(move |tx| claims::reach(tx, unit)).await?;
    let mut received = Vec::new();
    let outcome = match take_in_all(call, upload, &mut received).await {
        Ok(()) => write(call, unit, &upload.form, received.clone(), purpose).await,
        Err(failure) => Err(failure),
    };
    match &outcome {
        Ok(arrived) if arrived.before => {
            for file in &received {
                call.app.files.discard(file).await;
            }
        }
        Ok(_) => {}
        Err(failure) => {
            for file in &received {
                files::discard_refused(call, file, failure).await;
            }
        }
    }
    outcome
}

/// Fills `received`, so that the bytes before a refused file can be taken out again.
async fn take_in_all(call: &Call, upload: &Upload, received: &mut Vec<Received>) -> Result<(), Failure> {
    for file in upload.files.iter().filter(|file| file.field == "files") {
        let taken = files::take_in(call, file).await;
        received.push(taken.map_err(|failure| files::beside("files", failure))?);
    }
    Ok(())
}

async fn write(
    call: &Call,
    unit: UnitId,
    form: &Form,
    received: Vec<Received>,
    purpose: Purpose,
) -> Result<Arrived, Failure> {
    let quota = call.app.settings.uploads;
    let told_apart = received.iter().fold(form.clone(), |form, file| {
        form.preset("files", &file.name).preset("files", BASE64_URL_SAFE_NO_PAD.encode(file.sha256))
    });
    let form = form.clone();
    let written = call.once_or_again(&told_apart, move |tx| -> Result<String, Failure> {
        let kept = received.iter().map(|file| ::files::keep_within(tx, file, &quota).map(|file| file.id));
        let file_ids: Vec<FileId> = kept.collect::<Result<_, _>>()?;
        match purpose {
            Purpose::Submission => {
                submissions::submit(tx, unit, submission(&form, file_ids))?;
                Ok("/my-units".to_owned())
            }
            Purpose::Part => {
                hand_overs::hand_over(tx, unit, part(&form, file_ids))?;
                Ok("/my-units".to_owned())
            }
            Purpose::Draft => {
                drafts::save(tx, unit, &draft(&form, file_ids))?;
                Ok(paths::my_unit(unit))
            }
            Purpose::Pause => {
                if holds_anything(&form) || !file_ids.is_empty() {
                    drafts::save(tx, unit, &draft(&form, file_ids))?;
                }
                claims::pause(tx, unit)?;
                Ok(paths::my_unit(unit))
            }
        }
    });
    written.await.map_err(|failure| files::beside("files", failure))
}

/// Whether there is anything in it to keep, or it changes what was kept before.
fn holds_anything(form: &Form) -> bool {
    let has_draft = !matches!(form.get("draft_version").trim(), "" | "0");
    is_written(form) || has_draft
}

/// Whether it has a text of its writer's.
fn is_written(form: &Form) -> bool {
    ["result_text", "memo"].iter().any(|name| !form.get(name).trim().is_empty())
}

fn dropped(form: &Form) -> Vec<FileId> {
    form.all("dropped_file_ids[]").iter().filter_map(|file| file.parse().ok()).collect()
}

/// What the page calls itself: a script says so, a form has its key.
fn page_of(form: &Form) -> &str {
    match form.get("saved_in") {
        "" => form.get("form_key"),
        named => named,
    }
}

fn submission(form: &Form, file_ids: Vec<FileId>) -> SubmitInput {
    SubmitInput {
        result_text: form.get("result_text").into(),
        file_ids,
        dropped_file_ids: dropped(form),
        memo: form.get("memo").into(),
        minutes: form.get("minutes").into(),
        draft_version: form.get("draft_version").into(),
        saved_in: page_of(form).into(),
    }
}

fn part(form: &Form, file_ids: Vec<FileId>) -> HandOverInput {
    HandOverInput {
        tenths: form.get("tenths").into(),
        result_text: form.get("result_text").into(),
        file_ids,
        dropped_file_ids: dropped(form),
        memo: form.get("memo").into(),
        draft_version: form.get("draft_version").into(),
        saved_in: page_of(form).into(),
    }
}

fn draft(form: &Form, file_ids: Vec<FileId>) -> DraftInput {
    DraftInput {
        result_text: form.get("result_text").into(),
        memo: form.get("memo").into(),
        file_ids,
        dropped_file_ids: dropped(form),
        draft_version: form.get("draft_version").into(),
        saved_in: page_of(form).into(),
    }
}
