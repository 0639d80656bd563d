//! Forms with files (`multipart/form-data`), read whole within the route's limit.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use kernel::Code;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::Form;

/// More parts than any form of ours has.
const MOST_PARTS: usize = 64;
/// The longest text field beside a file: a file's rows come back as text once they have been looked at.
pub(crate) const LONGEST_TEXT: usize = 4 * 1024 * 1024;

/// A file as it was sent; its name and type are only what the browser claims.
#[derive(Debug, Clone)]
pub(crate) struct Uploaded {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// A form with its files. A file field left empty is no file.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    pub(crate) form: Form,
    pub(crate) files: Vec<Uploaded>,
}

impl Upload {
    /// The file of `field`, if one was chosen.
    pub(crate) fn file(&self, field: &str) -> Option<&Uploaded> {
        self.files.iter().find(|file| file.field == field)
    }
}

/// Whether the request carries a form with files.
pub(crate) fn is_multipart(request: &HttpRequest) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|value| value.starts_with("multipart/form-data"))
}

/// Reads the form of a request, with files or without.
pub(crate) async fn read(call: &Call) -> Result<Upload, Failure> {
    if !is_multipart(&call.request) {
        return Ok(Upload { form: call.form(), files: Vec::new() });
    }
    let refused = |cause: &str| Failure::bad_json(cause);
    let whole = stream::once(std::future::ready(Ok::<_, actix_web::error::PayloadError>(call.body.clone())));
    let mut parts = Multipart::new(call.request.headers(), Box::pin(whole));
    let (mut pairs, mut files, mut count) = (Vec::new(), Vec::new(), 0);
    while let Some(part) = parts.next().await {
        count += 1;
        if count > MOST_PARTS {
            return Err(refused("too many parts"));
        }
        let part = part.map_err(|error| refused(&error.to_string()))?;
        let disposition = part.content_disposition().cloned();
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = disposition.and_then(|value| value.get_filename().map(str::to_owned));
        let bytes = part
            .try_fold(Vec::new(), |mut all, chunk| async move {
                all.extend_from_slice(&chunk);
                Ok(all)
            })
            .await
            .map_err(|error| refused(&error.to_string()))?;
        match file_name {
            Some(name) if !bytes.is_empty() || !name.is_empty() => {
                files.push(Uploaded { field, name, bytes: bytes.into() });
            }
            Some(_nothing_chosen) => {}
            None if bytes.len() > LONGEST_TEXT => return Err(Failure::of(Code::TooLarge)),
            None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(Upload { form: Form::from_pairs(pairs), files })
}
