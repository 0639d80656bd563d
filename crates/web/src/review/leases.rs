//! Taking a version to check it, letting it go, and going on to the next one. `POST` alone: a page that is opened takes nothing.

use std::rc::Rc;

use actix_web::HttpResponse;
use fulfillment::reviews;
use kernel::SubmissionId;

use crate::call::Call;
use crate::failure::Failure;
use crate::paths;

/// `POST /review/{submission}/take`
pub(crate) async fn take(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    call.db(move |tx| reviews::begin(tx, id)).await?;
    Ok(call.done(paths::review(id), "done-review-taken"))
}

/// `POST /review/{submission}/release`
pub(crate) async fn release(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    call.db(move |tx| reviews::release(tx, id)).await?;
    Ok(call.done("/review", "done-review-released"))
}

/// `POST /review/{submission}/skip`: lets it go and takes the next one.
pub(crate) async fn skip(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SubmissionId = call.id("submission")?;
    let next = call
        .db(move |tx| -> Result<Option<SubmissionId>, Failure> {
            reviews::release(tx, id)?;
            Ok(reviews::next(tx, id)?)
        })
        .await?;
    Ok(call.see_other(next.map_or_else(|| "/review".to_owned(), paths::review)))
}
