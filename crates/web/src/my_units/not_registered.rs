//! The role makes nobody a worker: until somebody has registered them, pages of work say so instead of "not found".

use actix_web::HttpResponse;
use serde::Serialize;
use workforce::workers;

use crate::call::Call;
use crate::failure::Failure;

#[derive(Serialize)]
struct NotRegisteredPage {
    title: String,
}

/// The page for somebody who is not registered; nothing for those who are.
pub(crate) async fn page(call: &Call) -> Result<Option<HttpResponse>, Failure> {
    let person = call.person()?;
    if call.db(move |tx| workers::of_person(tx, person)).await?.is_some() {
        return Ok(None);
    }
    let page = NotRegisteredPage { title: call.text("nav-own") };
    call.page("my_units/not_registered_page.html", &page).map(Some)
}
