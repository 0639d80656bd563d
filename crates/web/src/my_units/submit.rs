//! Handing a version in: a note, a file, or both. The bytes are in the store before the transaction begins and leave
//! it again when the verb refuses.

use std::rc::Rc;

use ::files::Received;
use actix_web::HttpResponse;
use fulfillment::claims;
use fulfillment::submissions::{self, SubmitInput};
use kernel::{Code, Invalid, UnitId};

use super::sheet;
use crate::call::Call;
use crate::failure::Failure;
use crate::files;
use crate::uploads::{self, Upload};

/// `POST /my-units/{unit}/submit`
pub(crate) async fn submit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let upload = uploads::read(&call).await?;
    match hand_in(&call, unit, &upload).await {
        Ok(()) => Ok(call.done("/my-units", "done-my-unit-submitted")),
        Err(failure) if failure.is_about_input() => sheet::again(&call, unit, &upload.form, &failure).await,
        Err(failure) => Err(failure),
    }
}

async fn hand_in(call: &Call, unit: UnitId, upload: &Upload) -> Result<(), Failure> {
    call.db(move |tx| claims::find_mine(tx, unit)).await?;
    let received = match upload.file("file") {
        Some(file) => Some(files::take_in(call, file).await.map_err(beside_the_field)?),
        None => None,
    };
    let quota = call.app.settings.uploads;
    let (row, note) = (received.clone(), upload.form.get("note").to_owned());
    let outcome = call
        .db(move |tx| -> Result<_, Failure> {
            let file = row.map(|file| ::files::keep_within(tx, &file, &quota)).transpose()?;
            let file_id = file.map_or_else(String::new, |file| file.id.to_string());
            Ok(submissions::submit(tx, unit, SubmitInput { note: note.into(), file_id: file_id.into() })?)
        })
        .await;
    match outcome {
        Ok(_submission) => Ok(()),
        Err(failure) => {
            give_up(call, received, &failure).await;
            Err(beside_the_field(failure))
        }
    }
}

async fn give_up(call: &Call, received: Option<Received>, failure: &Failure) {
    if let Some(received) = received {
        files::discard_refused(call, &received, failure).await;
    }
}

/// What is wrong with a file stands beside the field it was chosen in.
fn beside_the_field(failure: Failure) -> Failure {
    match failure.code {
        Code::TooLarge | Code::FileKind | Code::UploadLimit => Invalid::field("file", failure.code).into(),
        _ => failure,
    }
}
