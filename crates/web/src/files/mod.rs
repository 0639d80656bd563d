//! Uploads and downloads. Who may read a file follows from whose it is: a worker hands in only what they uploaded
//! themselves ([`submissions::submit`](fulfillment::submissions::submit)), so their own uploads are all they may fetch,
//! what a client wants mended or somebody else began while it is theirs to do, what their units are worked from, and the samples of the jobs before them; those who run the work may fetch everything, and those who
//! sell what came with an inquiry or was given as a sample;
//! clients come in through their delivery's link alone (`client::pages::file`).

use std::rc::Rc;

use ::files::{ArchiveProblem, FileError, Received, Refusal, StoredFile};
use accounts::Role;
use actix_web::HttpResponse;
use actix_web::http::header;
use db::DbError;
use fulfillment::units::materials;
use fulfillment::{hand_overs, samples, submissions};
use futures_util::stream;
use kernel::{Code, FieldProblem, FileId, Invalid, OrganizationId};
use sales::{hearings, leads};

use crate::api::{self, At, Created, Download, Multipart, Once, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::phrases::said;
use crate::uploads::Uploaded;

/// The largest file that is taken in.
pub(crate) const MOST_BYTES: u64 = 25 * MEGABYTE;
/// When somebody may come back for whom no file could be looked into.
const COME_BACK_SECONDS: u64 = 5;
/// What pages call a megabyte.
pub(crate) const MEGABYTE: u64 = 1024 * 1024;

/// The `accept` attribute of a file field: every kind that is taken in.
pub(crate) fn accepted_kinds() -> String {
    ::files::MediaType::EXTENSIONS.iter().map(|kind| format!(".{kind}")).collect::<Vec<_>>().join(",")
}

/// Puts the bytes of an upload into the store, before the transaction that adds its row.
pub(crate) async fn take_in(call: &Call, file: &Uploaded) -> Result<Received, Failure> {
    take_in_for(call, call.scope()?.organization, file, MOST_BYTES).await
}

/// [`take_in`] for a town that somebody without an account writes to, and at most so many bytes.
pub(crate) async fn take_in_for(
    call: &Call,
    town: OrganizationId,
    file: &Uploaded,
    most_bytes: u64,
) -> Result<Received, Failure> {
    if file.is_cut {
        let most = (most_bytes / MEGABYTE).to_string();
        let words = said(call, "file-too-large-together", [("name", &file.name), ("most", &most)]);
        return Err(Failure::of(Code::TooLarge).in_words(Some(words)));
    }
    let bytes = stream::iter([Ok::<_, FileError>(file.bytes.clone())]);
    let received = call.app.files.receive(town, &file.name, bytes, most_bytes).await;
    received.map_err(|error| {
        let words = words(call, file, &error, most_bytes);
        let retry_after = matches!(error, FileError::Busy).then_some(COME_BACK_SECONDS);
        let mut failure = Failure::from(error).in_words(words);
        failure.retry_after = retry_after;
        failure
    })
}

/// What is wrong with a file, by its name: of several that were sent, somebody has to know which.
fn words(call: &Call, file: &Uploaded, error: &FileError, most_bytes: u64) -> Option<String> {
    let key = match error {
        FileError::TooLarge { .. } => "file-too-large",
        FileError::Refused(Refusal::Extension) => "file-unknown-kind",
        FileError::Refused(Refusal::Empty) => "file-empty",
        FileError::Refused(
            Refusal::Archive(ArchiveProblem::Damaged | ArchiveProblem::NotTheDocument) | Refusal::Content,
        ) => "file-damaged",
        FileError::Refused(Refusal::Encoding { line: Some(_) }) => "file-encoding-line",
        FileError::Refused(Refusal::Encoding { line: None }) => "file-encoding",
        FileError::Refused(Refusal::Archive(ArchiveProblem::Encrypted)) => "file-encrypted",
        FileError::Refused(Refusal::Archive(_)) => "file-unsafe",
        FileError::Inside { problem: Refusal::Extension, .. } => "file-unknown-kind-inside",
        FileError::Inside { .. } => "file-unsafe-inside",
        _ => return None,
    };
    let megabytes = (most_bytes / MEGABYTE).to_string();
    let inner = if let FileError::Inside { name, .. } = error { name } else { "" };
    let line = match error {
        FileError::Refused(Refusal::Encoding { line: Some(line) }) => line.to_string(),
        _ => String::new(),
    };
    Some(said(call, key, [("name", &file.name), ("most", &megabytes), ("inner", inner), ("line", &line)]))
}

/// That a file of this name is no text on this line; nothing where it is not known on which.
pub(crate) fn no_text_on(call: &Call, name: &str, line: Option<u64>) -> Option<String> {
    line.map(|line| said(call, "file-encoding-line", [("name", name), ("line", &line.to_string())]))
}

/// What is wrong with a file stands beside the field it was chosen in; any other failure stays as it is.
pub(crate) fn beside(field: &'static str, failure: Failure) -> Failure {
    match failure.code {
        code @ (Code::TooLarge | Code::Busy) if failure.fields.is_empty() => {
            failure.about(vec![FieldProblem::new(field, code)])
        }
        Code::FileKind | Code::FileEmpty | Code::FileBroken | Code::FileUnsafe | Code::UploadLimit
            if failure.fields.is_empty() =>
        {
            Failure::from(Invalid::field(field, failure.code)).in_words(failure.words)
        }
        _ => failure,
    }
}

/// Takes the bytes out again after a transaction that was refused, or that never began because another file found the store
/// busy. Where it is not known whether the row was committed, the daily sweep decides.
pub(crate) async fn discard_refused(call: &Call, received: &Received, failure: &Failure) {
    if is_surely_unwritten(failure) {
        call.app.files.discard(received).await;
    }
}

fn is_surely_unwritten(failure: &Failure) -> bool {
    failure.status().is_client_error() || failure.code == Code::Busy
}

/// Answers with a file's bytes as they are read: always an attachment, never something the browser runs.
pub(crate) async fn send(call: &Call, file: &StoredFile) -> Result<HttpResponse, Failure> {
    let bytes = call.app.files.read(file).await?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type.as_str())
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(&file.name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .no_chunking(file.bytes)
        .streaming(bytes))
}

/// `GET /files/{id}`
pub(crate) async fn download(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let file = readable(&call, call.id("id")?).await?;
    send(&call, &file).await
}

/// A file the caller may read; any other does not exist for them.
async fn readable(call: &Call, id: FileId) -> Result<StoredFile, Failure> {
    let person = call.person()?;
    let runs_the_work = call.who.as_ref().is_some_and(|who| who.is(Role::Coordinator) || who.is(Role::Admin));
    let sells = call.who.as_ref().is_some_and(|who| who.is(Role::Sales));
    let (file, works_on, is_sample) = call
        .db(move |tx| -> Result<_, DbError> {
            let is_sample = sells && (leads::is_sample(tx, id)? || hearings::is_sample(tx, id)?);
            let works_on = submissions::is_to_mend(tx, id, person)?
                || hand_overs::is_packed(tx, id, person)?
                || samples::is_shown(tx, id)?
                || materials::is_material(tx, id)?;
            Ok((::files::find(tx, id)?, works_on, is_sample))
        })
        .await?;
    let may_read = runs_the_work || works_on || is_sample || file.person == Some(person);
    if may_read { Ok(file) } else { Err(Failure::not_found()) }
}

/// `GET /api/v1/files/{id}`
pub(crate) async fn metadata(call: Rc<Call>, At(id): At<FileId>) -> Result<One<StoredFile>, Failure> {
    readable(&call, id).await.map(One)
}

/// `GET /api/v1/files/{id}/bytes`
pub(crate) async fn bytes(call: Rc<Call>, At(id): At<FileId>) -> Result<Download, Failure> {
    let file = readable(&call, id).await?;
    send(&call, &file).await.map(Download)
}

/// `POST /api/v1/files`: the part `file` of a multipart form. A repeated request is told by the file, because each
/// form draws its own boundary.
pub(crate) async fn upload(
    call: Rc<Call>,
    Multipart(upload): Multipart,
) -> Result<Once<Created<StoredFile>>, Failure> {
    let file = upload.file("file").ok_or_else(|| Failure::from(Invalid::field("file", Code::Required)))?;
    let received = take_in(&call, file).await?;
    let row = received.clone();
    let about = [&received.sha256, received.name.as_bytes()].concat();
    let quota = call.app.settings.uploads;
    match api::once_about(&call, &about, move |tx| ::files::keep_within(tx, &row, &quota).map(Created)).await
    {
        Ok(once) => {
            if once.repeated {
                call.app.files.discard(&received).await;
            }
            Ok(once)
        }
        Err(failure) => {
            discard_refused(&call, &received, &failure).await;
            Err(failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_store_is_said_beside_the_field_and_has_written_nothing() {
        let busy = beside("files", Failure::of(Code::Busy));
        assert!(busy.is_about_input() && is_surely_unwritten(&busy));
        let said: Vec<_> = busy.fields.iter().map(|problem| (&*problem.field, problem.code)).collect();
        assert_eq!((busy.code, &*said), (Code::Busy, [("files", Code::Busy)].as_slice()));
    }

    #[test]
    fn where_a_row_may_be_its_bytes_stay() {
        for code in [Code::Internal, Code::Unavailable] {
            assert!(!is_surely_unwritten(&Failure::of(code)), "{code:?}");
        }
    }
}
