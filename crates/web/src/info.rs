//! Pages that explain: help, accessibility statement.

use std::rc::Rc;

use actix_web::HttpResponse;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;

#[derive(Serialize)]
struct TextPage {
    title: String,
}

/// `GET /help`
pub(crate) async fn help(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let template = if call.who.is_some() { "info/help.html" } else { "info/help_public.html" };
    call.page(template, &TextPage { title: call.text("help-title") })
}

/// `GET /accessibility`
pub(crate) async fn accessibility(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.page("info/accessibility.html", &TextPage { title: call.text("accessibility-title") })
}
