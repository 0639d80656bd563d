//! `/api/v1/stages`

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{BoardStageId, Page};
use sales::stages;

use crate::api;
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/stages`: the board's columns from the left.
pub(crate) async fn stages(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let items = call.db(stages::list).await?;
    Ok(api::list(&call, Page { items, next: None::<BoardStageId> }))
}
