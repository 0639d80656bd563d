//! Closing a place or the whole centre for days. For coordination.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{Code, Paging, date_in_japan};
use serde::Serialize;
use workforce::bookings::{self, CloseInput};
use workforce::places;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::{Choice, again};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    places: Vec<Choice>,
    /// There are bookings on those days: they have to be cancelled with it.
    is_booked: bool,
    form: FormView,
}

async fn page(call: &Call, form: Option<&Form>, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let (places, today) = call
        .db(|tx| -> Result<_, DbError> {
            let all = places::list(tx, &Paging::first(Paging::<()>::MOST))?.items;
            Ok((all, date_in_japan(tx.now())))
        })
        .await?;
    let fresh = Form::default().preset("first_day", today);
    let page = FormPage {
        title: call.text("closing-title"),
        crumbs: vec![Crumb::new(call, "centre-title", "/centre")],
        places: places.iter().map(|place| Choice::new(place.id, &*place.name)).collect(),
        is_booked: failure.is_some_and(|failure| failure.code == Code::BookingsInTheWay),
        form: form.unwrap_or(&fresh).view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, again), "centre/closing.html", &page)
}

/// `GET /centre/closings/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None, None).await
}

/// `POST /centre/closings`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: CloseInput = form.input()?;
    let first = input.first_day.to_string();
    let closed = call.once(&form, move |tx| {
        bookings::close(tx, &input).map(|_closed| crate::phrases::address("/centre", &[("day", &first)]))
    });
    match closed.await {
        Ok(day) => Ok(call.done(day, "done-centre-closed")),
        Err(failure) if failure.is_about_input() => page(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
