//! `/t/{town}/voices`: what everybody reads. Each look asks the database, so what was withdrawn is gone with the next one.

use std::rc::Rc;

use accounts::organizations::{self, Organization};
use actix_web::HttpResponse;
use actix_web::http::header;
use kernel::Paging;
use serde::Serialize;
use workforce::voices::{self, PublicVoice, ShownKey};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::phrases::{address, said};
use crate::sign_in::pages::{outside, town_of};

/// How many voices a page shows.
const ROWS: u16 = 20;

/// The town whose voices these are.
pub(crate) async fn host_of(call: &Call) -> Result<Organization, Failure> {
    let scope = outside(call, town_of(call).await?.id);
    Ok(call.app.db.run(scope, organizations::find).await?)
}

#[derive(Serialize)]
struct PublicPage {
    title: String,
    voices: Vec<PublicVoice>,
    next: String,
    first: String,
}

/// `GET /t/{town}/voices`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let town = call.host.as_ref().ok_or_else(Failure::not_found)?;
    let query: PageQuery = call.query();
    let after = format::read_page_key::<ShownKey>(query.after.as_str());
    let is_first = after.is_none();
    let read = move |tx: &mut db::Tx<'_>| voices::shown(tx, &Paging { after, ..Paging::first(ROWS) });
    let page = call.app.db.run(outside(&call, town.id), read).await?;
    let path = format!("/t/{}/voices", town.slug);
    let here = |after: &str| address(&path, &[("after", after)]);
    let view = PublicPage {
        title: said(&call, "voices-public-title", [("town", &town.name)]),
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        voices: page.items,
    };
    let mut response = call.page("voices/public.html", &view)?;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}
