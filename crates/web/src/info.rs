//! Pages that explain: help, accessibility statement.

use std::rc::Rc;

use accounts::Role;
use actix_web::HttpResponse;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::my_units::ask::{self, Ask};

#[derive(Serialize)]
struct TextPage {
    title: String,
}

/// Help, for what somebody does here.
#[derive(Serialize)]
struct HelpPage {
    title: String,
    /// Where the town is asked; none where it has said neither address nor number.
    desk: Option<Ask>,
    works: bool,
    only_works: bool,
    coordinates: bool,
    sells: bool,
}

/// `GET /help`
pub(crate) async fn help(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Some(who) = &call.who else {
        return call.page("info/help_public.html", &TextPage { title: call.text("help-title") });
    };
    let desk = call.db(ask::desk).await?;
    let page = HelpPage {
        desk: Ask::about(&call, &desk, &call.text("help-title")),
        title: call.text("help-title"),
        works: who.is(Role::Worker),
        only_works: who.only_works(),
        coordinates: who.is(Role::Coordinator),
        sells: who.is(Role::Sales),
    };
    call.page("info/help.html", &page)
}

/// `GET /accessibility`
pub(crate) async fn accessibility(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.page("info/accessibility.html", &TextPage { title: call.text("accessibility-title") })
}
