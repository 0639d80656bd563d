//! A client's wish for the same again, on the page of a delivery they have answered. It orders nothing: somebody of the town
//! confirms it (`crate::orders::again`).

use std::rc::Rc;

use actix_web::HttpResponse;
use fulfillment::repeats::{self, WishInput};

use super::link;
use super::view::{self, DeliveryPage, Step};
use crate::call::Call;
use crate::failure::Failure;

/// `POST /delivery/again`
pub(crate) async fn wish(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = take_wish(&call).await;
    link::friendly(&call, answer)
}

async fn take_wish(call: &Call) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: WishInput = form.input()?;
    match link::run(call, move |tx, secret| repeats::wish(tx, secret, &input)).await {
        Ok(_wish) => Ok(call.done("/delivery#again", "done-client-wished")),
        Err(failure) if !failure.fields.is_empty() => {
            let opened = link::run(call, view::open).await?;
            let page = DeliveryPage::new(call, &opened, Step::Look, &form, Some(&failure));
            call.page_with(failure.status(), "client/receipt.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
