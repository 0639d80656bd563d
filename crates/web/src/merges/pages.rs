//! Choosing the other of two, and deciding field by field what stays.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies::{self, Company, LookAlike};
use clients::contacts::{self, Contact};
use clients::merges::{CompanyMergeInput, ContactMergeInput, FieldChoice, MergeError, Side};
use db::DbError;
use kernel::{Code, CompanyId, ContactId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};

use super::preview::{CompanyMergePreview, ContactMergePreview};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, address, counted, said, word};
use crate::shell::Crumb;

/// How many companies a search for the other one shows.
const FOUND: i32 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MergeQuery {
    /// The other one, once it is chosen.
    with: Typed,
    /// What the other one is searched by.
    q: Typed,
}

#[derive(Serialize)]
struct ChoosePage {
    title: String,
    crumbs: Vec<Crumb>,
    about: String,
    /// Where the search goes; empty where all there are are shown.
    search: String,
    q: String,
    rows: Vec<Row>,
    none: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    name: String,
    facts: Vec<String>,
    /// What they share.
    why: Vec<String>,
}

#[derive(Serialize)]
struct MergePage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    kept: String,
    merged: String,
    version: i32,
    other: String,
    other_version: i32,
    /// The same with the sides changed.
    swap: String,
    cancel: String,
    /// The two, so that those of one name can be told apart.
    sides: [Two; 2],
    fields: Vec<Field>,
    /// What moves, in words.
    moves: Vec<String>,
    /// What else follows.
    notes: Vec<String>,
    numbers_differ: bool,
    form: FormView,
}

/// One of the two.
#[derive(Serialize)]
struct Two {
    name: String,
    href: String,
    /// Whether it stays or goes.
    word: String,
    facts: Vec<String>,
}

impl Two {
    fn company(call: &Call, side: Side, one: &Company, counts: &BTreeMap<&'static str, i64>) -> Self {
        let number = one.corporate_number.as_ref().map(ToString::to_string).unwrap_or_default();
        let day = format::full_date(call.language, date_in_japan(one.created_at));
        let mut facts = vec![number, one.address.clone(), one.phone.clone()];
        facts.push(said(call, "merge-registered", [("day", &day)]));
        facts.extend(moves(call, counts));
        facts.retain(|fact| !fact.is_empty());
        Self {
            name: numbered(call, &one.name, one.id),
            href: paths::company(one.id),
            word: word(call, "merge-side", side),
            facts,
        }
    }

    fn contact(call: &Call, side: Side, one: &Contact) -> Self {
        let email = one.email.clone().map(String::from).unwrap_or_default();
        let mut facts = vec![one.display_kana(), one.department.clone(), email, one.phone.clone()];
        facts.retain(|fact| !fact.is_empty());
        Self {
            name: numbered(call, &one.display_name(), one.id),
            href: format!("{}/edit", paths::contact(one.id)),
            word: word(call, "merge-side", side),
            facts,
        }
    }
}

/// A name with the number that nothing else of its kind has.
fn numbered(call: &Call, name: &str, id: impl ToString) -> String {
    said(call, "merge-numbered", [("name", name), ("number", &id.to_string())])
}

/// A value with whose it is.
fn value_of(call: &Call, side: Side, value: &str, id: impl ToString) -> Choice {
    let words = [("value", value), ("side", &word(call, "merge-side", side)), ("number", &id.to_string())];
    Choice::new(side, said(call, "merge-value-of", words))
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
    /// Nothing is chosen for them.
    undecided: bool,
}

/// The words of one field: the text `PREFIX-FIELD`.
pub(super) fn label(call: &Call, prefix: &str, field: &str) -> String {
    match field {
        "corporate_number" => call.text("company-number"),
        "terms" => call.text("terms-title"),
        field => word(call, prefix, field),
    }
}

fn field<Id: ToString + Copy>(call: &Call, prefix: &str, choice: &FieldChoice, ids: [Id; 2]) -> Field {
    let [kept, merged] = ids;
    let shown = |value: &str| match (choice.field, value) {
        (_, "") => call.text("word-none"),
        ("language", value) => word(call, "contact-language", value),
        (_, value) => value.to_owned(),
    };
    let mut options = vec![
        value_of(call, Side::Kept, &shown(&choice.kept), kept),
        value_of(call, Side::Merged, &shown(&choice.merged), merged),
    ];
    if choice.field == "note" && choice.stays == Some(Side::Both) {
        options.insert(0, Choice::new(Side::Both, call.text("merge-both-notes")));
    }
    Field {
        name: choice.field,
        label: label(call, prefix, choice.field),
        options,
        undecided: choice.stays.is_none(),
    }
}

fn moves(call: &Call, counts: &BTreeMap<&'static str, i64>) -> Vec<String> {
    let some = counts.iter().filter(|(_, count)| **count > 0);
    some.map(|(table, count)| counted(call, &format!("merge-moves-{table}"), "count", *count)).collect()
}

fn preset(fields: &[FieldChoice]) -> Form {
    let said = fields.iter().filter_map(|one| Some((one.field, one.stays?)));
    said.fold(Form::default(), |form, (field, side)| form.preset(field, side))
}

pub(super) fn company_crumbs(call: &Call, name: &str, id: CompanyId) -> Vec<Crumb> {
    vec![Crumb::new(call, "nav-companies", "/companies"), Crumb::named(name, paths::company(id))]
}

fn at(path: &str, with: impl ToString) -> String {
    address(&format!("{path}/merge"), &[("with", &with.to_string())])
}

/// `GET /companies/{id}/merge`: which other one; with `with`, what would become of the two.
pub(crate) async fn of_company(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, query): (CompanyId, MergeQuery) = (call.id("id")?, call.query());
    match query.with.as_str().trim().parse() {
        Ok(other) => decide_companies(&call, id, other, None).await,
        Err(_none) => choose_company(&call, id, query.q.as_str().trim()).await,
    }
}

async fn choose_company(call: &Call, id: CompanyId, q: &str) -> Result<HttpResponse, Failure> {
    let searched = q.to_owned();
    let (company, alike) = call
        .db(move |tx| -> Result<_, DbError> {
            let company = companies::find(tx, id)?;
            let alike = if searched.is_empty() {
                companies::alike_to(tx, &company)?
            } else {
                let found = companies::search(tx, &searched, FOUND)?;
                let others = found.into_iter().filter(|one| one.id != company.id);
                others.map(|company| LookAlike { company, by: Vec::new() }).collect()
            };
            Ok((company, alike))
        })
        .await?;
    let here = paths::company(company.id);
    let row = |one: LookAlike| Row {
        id: format!("company-{}", one.company.id),
        href: at(&here, one.company.id),
        name: one.company.name,
        facts: [one.company.furigana, one.company.address]
            .into_iter()
            .filter(|fact| !fact.is_empty())
            .collect(),
        why: one.by.iter().map(|sign| word(call, "company-alike", sign)).collect(),
    };
    let page = ChoosePage {
        title: call.text("merge-company-title"),
        crumbs: company_crumbs(call, &company.name, company.id),
        about: said(call, "merge-company-choose", [("name", &company.name)]),
        search: format!("{here}/merge"),
        rows: alike.into_iter().map(row).collect(),
        none: call.text(if q.is_empty() { "merge-none-alike" } else { "merge-none-found" }),
        q: q.to_owned(),
    };
    call.page("merges/choose.html", &page)
}

async fn decide_companies(
    call: &Call,
    id: CompanyId,
    other: CompanyId,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    if id == other {
        return Err(Failure::of(Code::SameOne));
    }
    let preview = match call.db(move |tx| CompanyMergePreview::of(tx, id, other)).await {
        Err(failure) if failure.code == Code::AlreadyMerged => {
            return Ok(call.noted(paths::company(id), "done-merged-already"));
        }
        preview => preview?,
    };
    let CompanyMergePreview { kept, merged, fields: choices, both_have_terms, counts, kept_counts } = preview;
    let here = paths::company(kept.id);
    let mut fields: Vec<Field> =
        choices.iter().map(|one| field(call, "company", one, [kept.id, merged.id])).collect();
    let mut fresh = preset(&choices);
    if both_have_terms {
        let of = |name: &str| said(call, "merge-terms-of", [("name", name)]);
        let options = vec![
            value_of(call, Side::Kept, &of(&kept.name), kept.id),
            value_of(call, Side::Merged, &of(&merged.name), merged.id),
        ];
        fields.push(Field {
            name: "terms",
            label: label(call, "company", "terms"),
            options,
            undecided: false,
        });
        fresh = fresh.preset("terms", Side::Kept);
    }
    let page = MergePage {
        title: call.text("merge-company-title"),
        crumbs: company_crumbs(call, &kept.name, kept.id),
        action: format!("{here}/merge"),
        version: kept.version,
        other: merged.id.to_string(),
        other_version: merged.version,
        swap: at(&paths::company(merged.id), kept.id),
        cancel: here,
        fields,
        moves: moves(call, &counts),
        notes: vec![call.text("merge-company-tags")],
        numbers_differ: choices.iter().any(|one| one.stays.is_none()),
        sides: [
            Two::company(call, Side::Kept, &kept, &kept_counts),
            Two::company(call, Side::Merged, &merged, &counts),
        ],
        kept: numbered(call, &kept.name, kept.id),
        merged: numbered(call, &merged.name, merged.id),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "merges/form.html", &page)
}

/// `POST /companies/{id}/merge`
pub(crate) async fn merge_companies(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (CompanyId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<CompanyMergeInput>()?, form.version()?);
    let other = input.other.as_str().trim().parse();
    let merged = call.once(&form, move |tx| {
        super::merge_companies(tx, id, version, &input).map(|merge| paths::merge(merge.id))
    });
    match (merged.await, other) {
        (Ok(page), _) => Ok(call.done(page, "done-merged")),
        (Err(failure), Ok(other)) if failure.is_about_input() => {
            decide_companies(&call, id, other, Some((&form, &failure))).await
        }
        (Err(failure), _) => Err(failure),
    }
}

/// `GET /contacts/{id}/merge`: which other one; with `with`, what would become of the two.
pub(crate) async fn of_contact(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, query): (ContactId, MergeQuery) = (call.id("id")?, call.query());
    match query.with.as_str().trim().parse() {
        Ok(other) => decide_contacts(&call, id, other, None).await,
        Err(_none) => choose_contact(&call, id).await,
    }
}

async fn choose_contact(call: &Call, id: ContactId) -> Result<HttpResponse, Failure> {
    let (contact, company, everybody, alike) = call
        .db(move |tx| -> Result<_, DbError> {
            let contact = contacts::find(tx, id)?;
            let company = companies::find(tx, contact.company_id)?;
            let everybody = contacts::of_company(tx, company.id)?;
            let alike = contacts::alike_to(tx, &contact)?;
            Ok((contact, company, everybody, alike))
        })
        .await?;
    let here = paths::contact(contact.id);
    let row = |one: Contact| {
        let shared = alike.iter().find(|alike| alike.contact.id == one.id);
        Row {
            id: format!("contact-{}", one.id),
            href: at(&here, one.id),
            name: one.display_name(),
            facts: [
                one.display_kana(),
                one.department,
                one.email.map(String::from).unwrap_or_default(),
                one.phone,
            ]
            .into_iter()
            .filter(|fact| !fact.is_empty())
            .collect(),
            why: shared
                .into_iter()
                .flat_map(|alike| &alike.by)
                .map(|sign| word(call, "contact-alike", sign))
                .collect(),
        }
    };
    let mut rows: Vec<Row> = everybody.into_iter().filter(|one| one.id != contact.id).map(row).collect();
    rows.sort_by_key(|row| row.why.is_empty());
    let page = ChoosePage {
        title: call.text("merge-contact-title"),
        crumbs: company_crumbs(call, &company.name, company.id),
        about: said(call, "merge-contact-choose", [("name", &contact.display_name())]),
        search: String::new(),
        q: String::new(),
        rows,
        none: call.text("merge-nobody-else"),
    };
    call.page("merges/choose.html", &page)
}

async fn decide_contacts(
    call: &Call,
    id: ContactId,
    other: ContactId,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    if id == other {
        return Err(Failure::of(Code::SameOne));
    }
    let preview = call.db(move |tx| -> Result<_, MergeError> {
        let preview = ContactMergePreview::of(tx, id, other)?;
        let company = companies::find(tx, preview.kept.company_id)?;
        Ok((preview, company))
    });
    let (preview, company) = match preview.await {
        Err(failure) if failure.code == Code::AlreadyMerged => {
            return Ok(call.noted(format!("{}/edit", paths::contact(id)), "done-merged-already"));
        }
        preview => preview?,
    };
    let ContactMergePreview { kept, merged, fields: choices, counts } = preview;
    let edit = format!("{}/edit", paths::contact(kept.id));
    let fresh = preset(&choices);
    let page = MergePage {
        title: call.text("merge-contact-title"),
        crumbs: company_crumbs(call, &company.name, company.id),
        action: format!("{}/merge", paths::contact(kept.id)),
        version: kept.version,
        other: merged.id.to_string(),
        other_version: merged.version,
        swap: at(&paths::contact(merged.id), kept.id),
        cancel: edit,
        fields: choices.iter().map(|one| field(call, "contact", one, [kept.id, merged.id])).collect(),
        moves: moves(call, &counts),
        notes: vec![call.text("merge-contact-wishes")],
        numbers_differ: false,
        sides: [Two::contact(call, Side::Kept, &kept), Two::contact(call, Side::Merged, &merged)],
        kept: numbered(call, &kept.display_name(), kept.id),
        merged: numbered(call, &merged.display_name(), merged.id),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "merges/form.html", &page)
}

/// `POST /contacts/{id}/merge`
pub(crate) async fn merge_contacts(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ContactId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<ContactMergeInput>()?, form.version()?);
    let other = input.other.as_str().trim().parse();
    let merged = call.once(&form, move |tx| {
        super::merge_contacts(tx, id, version, &input).map(|merge| paths::merge(merge.id))
    });
    match (merged.await, other) {
        (Ok(page), _) => Ok(call.done(page, "done-merged")),
        (Err(failure), Ok(other)) if failure.is_about_input() => {
            decide_contacts(&call, id, other, Some((&form, &failure))).await
        }
        (Err(failure), _) => Err(failure),
    }
}
