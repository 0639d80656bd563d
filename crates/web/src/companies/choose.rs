//! Choosing a company first, where a form is about one and the address names none.

use actix_web::HttpResponse;
use clients::companies::{self, CompanySummary};
use db::DbError;
use serde::Serialize;

use crate::call::Call;
use crate::deals::may_sell;
use crate::failure::Failure;
use crate::shell::Crumb;

/// How many companies the search offers.
const FOUND: i32 = 30;

/// For what a company is chosen.
pub(crate) struct Choosing<'a> {
    /// The page that is asked for again with `company_id`, or with other words to search by.
    pub(crate) action: &'a str,
    /// The key of its title.
    pub(crate) title: &'a str,
    /// The key of what to do.
    pub(crate) answer: &'a str,
    pub(crate) crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct ChoosePage {
    title: String,
    answer: String,
    crumbs: Vec<Crumb>,
    action: String,
    q: String,
    rows: Vec<Candidate>,
    /// Whether the reader may enter companies.
    may_sell: bool,
}

#[derive(Serialize)]
struct Candidate {
    href: String,
    name: String,
    address: String,
}

impl Candidate {
    fn of(action: &str, company: CompanySummary) -> Self {
        let href = format!("{action}?company_id={}", company.id);
        Self { href, name: company.name, address: company.address }
    }
}

/// The page that offers the companies which `q` finds.
pub(crate) async fn choose(call: &Call, q: &str, choosing: Choosing<'_>) -> Result<HttpResponse, Failure> {
    let searched = q.to_owned();
    let found = call
        .db(move |tx| -> Result<_, DbError> {
            if searched.is_empty() { Ok(Vec::new()) } else { companies::search(tx, &searched, FOUND) }
        })
        .await?;
    let page = ChoosePage {
        title: call.text(choosing.title),
        answer: call.text(choosing.answer),
        crumbs: choosing.crumbs,
        action: choosing.action.to_owned(),
        q: q.to_owned(),
        rows: found.into_iter().map(|company| Candidate::of(choosing.action, company)).collect(),
        may_sell: may_sell(call),
    };
    call.page("companies/choose.html", &page)
}
