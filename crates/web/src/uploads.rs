//! Forms with files (`multipart/form-data`), read whole within the route's limit. Of one that is larger, everything but the
//! middle of its files is read, so that the page can come back with what was typed.
//!
//! Invariant: a file of which a part was left out is never taken in, and what was typed beside it stays
//! (`a_form_with_too_large_a_file_comes_back_with_what_was_typed`).

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Payload};
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
    /// Whether a part of it was left out, because the form was too large.
    pub(crate) is_cut: bool,
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

/// How much is kept of the end of a form that is too large: the fields below its files.
const KEPT_END: usize = 1024 * 1024;
/// How many times what is allowed is read of a form to hear its end.
const MOST_TIMES: usize = 4;

/// Reads a form of at most so many bytes whole. Of a larger one the beginning and the end come back put together, and `true`:
/// the middle of a file is left out, so its parts are still told apart. What is larger by far is not listened to.
pub(crate) async fn receive(mut form: Payload, most_bytes: usize) -> Result<(Bytes, bool), Failure> {
    let (mut begin, mut end, mut passed) = (BytesMut::new(), BytesMut::new(), 0);
    while let Some(part) = form.next().await {
        let mut part = part.map_err(|error| Failure::bad_json(&error.to_string()))?;
        passed += part.len();
        if passed > most_bytes.saturating_mul(MOST_TIMES) {
            return Err(Failure::of(Code::TooLarge));
        }
        let room = most_bytes.saturating_sub(begin.len()).min(part.len());
        begin.extend_from_slice(&part.split_to(room));
        end.extend_from_slice(&part);
        if end.len() > 2 * KEPT_END {
            end = end.split_off(end.len() - KEPT_END);
        }
    }
    let is_cut = !end.is_empty();
    begin.extend_from_slice(&end);
    Ok((begin.freeze(), is_cut))
}

/// Whether the request carries a form with files.
pub(crate) fn is_multipart(request: &HttpRequest) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|value| value.starts_with("multipart/form-data"))
}

/// A file's name as it was before a browser put it between quotes: it escapes the quote and the ends of lines alone, and
/// nothing else (HTML standard, "multipart/form-data encoding algorithm").
fn as_named(sent: &str) -> String {
    sent.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// Reads the form of a request, with files or without.
pub(crate) async fn read(call: &Call) -> Result<Upload, Failure> {
    if !is_multipart(&call.request) {
        return Ok(Upload { form: call.form(), files: Vec::new() });
    }
    let refused = |cause: &str| {
        if call.is_cut { Failure::of(Code::TooLarge) } else { Failure::bad_json(cause) }
    };
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
        let file_name = disposition.and_then(|value| value.get_filename().map(as_named));
        let bytes = part
            .try_fold(Vec::new(), |mut all, chunk| async move {
                all.extend_from_slice(&chunk);
                Ok(all)
            })
            .await
            .map_err(|error| refused(&error.to_string()))?;
        match file_name {
            Some(name) if !bytes.is_empty() || !name.is_empty() => {
                files.push(Uploaded { field, name, bytes: bytes.into(), is_cut: false });
            }
            Some(_nothing_chosen) => {}
            None if bytes.len() > LONGEST_TEXT => return Err(Failure::of(Code::TooLarge)),
            None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    if call.is_cut {
        // What was left out was left out of the largest.
        let largest = files.iter_mut().max_by_key(|file| file.bytes.len());
        largest.ok_or_else(|| Failure::of(Code::TooLarge))?.is_cut = true;
    }
    Ok(Upload { form: Form::from_pairs(pairs), files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_quote_comes_as_the_file_is_called() {
        assert_eq!(as_named("a%22b.png"), "a\"b.png");
        assert_eq!(as_named("100%25.png"), "100%25.png", "a percent sign is sent as it is");
    }
}
