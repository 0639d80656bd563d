//! One merge with the way back, and the merges in the list of a company's or a contact's page.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::merges::{self, Merge, Pair};
use clients::{companies, contacts};
use db::DbError;
use kernel::{MergeId, PersonId, person_in};
use serde::Serialize;

use super::pages::{company_crumbs, label};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{counted, said, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct ShowPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What became one, in a sentence.
    about: String,
    is_undone: bool,
    facts: Vec<Fact>,
    moves: Vec<String>,
    /// The one kept.
    open: String,
    undo: String,
    /// Why it was not taken back.
    refused: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    text: String,
}

/// A merge in the list of a company's or a contact's page.
#[derive(Serialize)]
pub(crate) struct MergeRow {
    href: String,
    name: String,
    facts: Vec<String>,
}

impl MergeRow {
    /// The rows of these merges.
    pub(crate) fn of(call: &Call, merges: &[Merge]) -> Vec<Self> {
        let row = |merge: &Merge| Self {
            href: paths::merge(merge.id),
            name: merge.merged_name.clone(),
            facts: vec![
                format::moment(call.language, merge.merged_at),
                call.text(if merge.undone_at.is_some() { "merge-undone" } else { "merge-stands" }),
            ],
        };
        merges.iter().map(row).collect()
    }
}

async fn page(call: &Call, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let id: MergeId = call.id("id")?;
    let (merge, kept, company, people) = call
        .db(move |tx| -> Result<_, DbError> {
            let merge = merges::find(tx, id)?;
            let (kept, company) = match merge.pair {
                Pair::Companies { kept, .. } => {
                    let company = companies::find(tx, kept)?;
                    (company.name.clone(), company)
                }
                Pair::Contacts { kept, .. } => {
                    let contact = contacts::find(tx, kept)?;
                    (contact.display_name(), companies::find(tx, contact.company_id)?)
                }
            };
            let actors = [Some(&merge.merged_by), merge.undone_by.as_ref()];
            let actors: Vec<PersonId> =
                actors.into_iter().flatten().filter_map(|who| person_in(who)).collect();
            let people = persons::find_many(tx, &actors)?;
            Ok((merge, kept, company, people))
        })
        .await?;
    let prefix = if matches!(merge.pair, Pair::Companies { .. }) { "company" } else { "contact" };
    let page = ShowPage {
        title: call.text("merge-title"),
        crumbs: company_crumbs(call, &company.name, company.id),
        about: said(call, "merge-about", [("kept", &kept), ("merged", &merge.merged_name)]),
        is_undone: merge.undone_at.is_some(),
        facts: facts(call, &merge, prefix, &people),
        moves: merge
            .counts
            .iter()
            .map(|(table, count)| {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                counted(call, &format!("merge-moves-{table}"), "count", count)
            })
            .collect(),
        open: paths::company(company.id),
        undo: format!("{}/undo", paths::merge(id)),
        refused: refused.map(|failure| hindrance(call, failure)).unwrap_or_default(),
    };
    let status = refused.map_or(StatusCode::OK, Failure::status);
    call.page_with(status, "merges/show.html", &page)
}

fn facts(call: &Call, merge: &Merge, prefix: &str, people: &BTreeMap<PersonId, Person>) -> Vec<Fact> {
    let named = |who: &str| {
        let person = person_in(who).and_then(|person| people.get(&person));
        person.map(|person| person.name_in(call.language)).unwrap_or_default()
    };
    let when = |at, who: &str| format!("{} {}", format::moment(call.language, at), named(who));
    let fact = |key: &str, text: String| Fact { label: call.text(key), text };
    let mut facts = vec![fact("merge-when", when(merge.merged_at, &merge.merged_by))];
    if let (Some(at), Some(who)) = (merge.undone_at, &merge.undone_by) {
        facts.push(fact("merge-undone-when", when(at, who)));
    }
    if !merge.fields.is_empty() {
        let fields: Vec<String> = merge.fields.iter().map(|field| label(call, prefix, field)).collect();
        facts.push(fact("merge-fields", fields.join(&call.text("merge-fields-between"))));
    }
    facts
}

/// Why a merge stands, in a sentence.
fn hindrance(call: &Call, failure: &Failure) -> String {
    let problem = failure.fields.first();
    problem.map_or_else(|| failure.sentence(call), |problem| word(call, "merge-hindrance", &problem.field))
}

/// `GET /merges/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /merges/{id}/undo`
pub(crate) async fn undo(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MergeId = call.id("id")?;
    match call.db(move |tx| super::undo(tx, id)).await {
        Ok(merge) => Ok(call.done(paths::merge(merge.id), "done-merge-undone")),
        Err(failure) if failure.is_about_input() => page(&call, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
