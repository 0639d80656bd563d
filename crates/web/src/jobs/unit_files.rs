//! Units from files: several at once, or one archive of them, taken in before the transaction that makes units of them.

use ::files::{ArchiveProblem, FileError, Received, Refusal, Unpacked, unpack};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use fulfillment::jobs::{self, JobInput, MOST_UNIT_FILES};
use kernel::{Code, Invalid, OrderId};

use super::more::{self, Most};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;
use crate::files;
use crate::forms::Form;
use crate::orders::parts;
use crate::paths;
use crate::uploads::{Upload, Uploaded};

/// The field they are chosen in.
pub(super) const FIELD: &str = "unit_files";
/// What all files of an archive come to at most.
const MOST_UNPACKED_BYTES: u64 = 200 * files::MEGABYTE;

/// Whether any were chosen.
pub(super) fn are_chosen(upload: &Upload) -> bool {
    upload.file(FIELD).is_some()
}

/// Splits a job off with one unit for each file; where it is.
pub(super) async fn split(
    call: &Call,
    order: OrderId,
    upload: &Upload,
    input: JobInput,
    most: Option<Most>,
) -> Result<String, Failure> {
    let mut received = Vec::new();
    let taken = take_in_all(call, upload, &mut received).await;
    let taken = taken.and_then(|()| more::made_within(call, most, received.len()));
    let outcome = match taken {
        Ok(()) => write(call, order, &upload.form, &received, input).await,
        Err(failure) => Err(failure),
    };
    match outcome {
        Ok(arrived) => {
            if arrived.before {
                for file in &received {
                    call.app.files.discard(file).await;
                }
            }
            Ok(arrived.location)
        }
        Err(failure) => {
            for file in &received {
                files::discard_refused(call, file, &failure).await;
            }
            let is_the_files = failure.fields.iter().any(|problem| problem.field == "file_ids");
            Err(if is_the_files {
                Failure::from(Invalid::field(FIELD, Code::OutOfRange))
            } else {
                files::beside(FIELD, failure)
            })
        }
    }
}

/// Fills `received`, so that the bytes before a refused file can be taken out again.
async fn take_in_all(call: &Call, upload: &Upload, received: &mut Vec<Received>) -> Result<(), Failure> {
    for file in upload.files.iter().filter(|file| file.field == FIELD) {
        let taken = files::take_in(call, file).await?;
        if !is_archive(file) {
            received.push(taken);
            continue;
        }
        // Taking it in has checked it; it is no material itself.
        call.app.files.discard(&taken).await;
        for one in unpacked(call, file).await? {
            let name = told_apart(&one.name, &file.name, received);
            let one = Uploaded { field: FIELD.to_owned(), name, bytes: one.bytes.into(), is_cut: false };
            received.push(files::take_in(call, &one).await?);
        }
    }
    Ok(())
}

/// The name of a file out of an archive: with the archive's before it where another unit is called so already.
fn told_apart(name: &str, archive: &str, before: &[Received]) -> String {
    let is_taken = before.iter().any(|file| file.name == name);
    let stem = archive.rsplit_once('.').map_or(archive, |(stem, _)| stem);
    if is_taken { format!("{stem}_{name}") } else { name.to_owned() }
}

fn is_archive(file: &Uploaded) -> bool {
    file.name.to_lowercase().ends_with(".zip")
}

async fn unpacked(call: &Call, file: &Uploaded) -> Result<Vec<Unpacked>, Failure> {
    let bytes = file.bytes.clone();
    // Unpacking takes a while, and others wait on this thread.
    let read =
        tokio::task::spawn_blocking(move || unpack(&bytes, MOST_UNIT_FILES, MOST_UNPACKED_BYTES)).await;
    let read = read.map_err(|stopped| Failure::internal(stopped.to_string()))?;
    read.map_err(|problem| {
        let too_many = (problem == ArchiveProblem::TooManyEntries).then(|| {
            parts::say_count(
                call,
                "jobs-archive-too-many",
                i64::try_from(MOST_UNIT_FILES).unwrap_or(i64::MAX),
            )
        });
        Failure::from(FileError::Refused(Refusal::Archive(problem))).in_words(too_many)
    })
}

async fn write(
    call: &Call,
    order: OrderId,
    form: &Form,
    received: &[Received],
    input: JobInput,
) -> Result<crate::call::Arrived, Failure> {
    let told_apart = received.iter().fold(form.clone(), |form, file| {
        form.preset(FIELD, &file.name).preset(FIELD, BASE64_URL_SAFE_NO_PAD.encode(file.sha256))
    });
    let (received, quota) = (received.to_vec(), call.app.settings.uploads);
    call.once_or_again(&told_apart, move |tx| -> Result<String, Failure> {
        let kept = received.iter().map(|file| ::files::keep_within(tx, file, &quota).map(|file| file.id));
        let file_ids = kept.collect::<Result<_, _>>()?;
        let job = moving_days(tx, |tx| jobs::split(tx, order, JobInput { file_ids, ..input }))?;
        Ok(paths::job(job.id))
    })
    .await
}
