//! What a view's columns show of a deal, a company, a contact or a lead.

use std::collections::BTreeMap;

use accounts::Person;
use clients::contacts::Contact;
use kernel::{CorporateNumber, Language, PersonId, date_in_japan};
use sales::deals::{Card, DealStatus};
use sales::leads::Lead;
use sales::views::{Item, TaggedCompany, ViewKind};
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::paths;
use crate::phrases::{amount, counted, word};

/// A row of a view.
#[derive(Serialize)]
pub(super) struct Row {
    id: i64,
    href: String,
    name: String,
    cells: Vec<Cell>,
}

/// What stands in one column.
#[derive(Serialize)]
pub(super) struct Cell {
    label: String,
    text: String,
    num: bool,
}

/// A column's head.
#[derive(Serialize)]
pub(super) struct Head {
    label: String,
    num: bool,
}

fn is_number(column: &str) -> bool {
    matches!(column, "amount" | "idle_days")
}

/// The heads of a view's columns.
pub(super) fn heads(call: &Call, columns: &[String]) -> Vec<Head> {
    let head = |column: &String| Head { label: word(call, "view-column", column), num: is_number(column) };
    columns.iter().map(head).collect()
}

/// The name of the first column.
pub(super) fn name_of(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Deals => "deal-title",
        ViewKind::Companies => "company-name",
        ViewKind::Contacts => "contact-name",
        ViewKind::Leads => "lead-company-name",
    }
}

/// A row with what its columns show; `people` are those its leads name.
pub(super) fn row(call: &Call, columns: &[String], item: &Item, people: &BTreeMap<PersonId, Person>) -> Row {
    let (href, name) = match item {
        Item::Deal(card) => (paths::deal(card.id), card.title.clone()),
        Item::Company(one) => (paths::company(one.company.id), one.company.name.clone()),
        Item::Contact(one) => {
            let place = format!("{}#contact-{}", paths::company(one.contact.company_id), one.contact.id);
            (place, one.contact.display_name())
        }
        Item::Lead(lead) => (paths::lead(lead.id), lead.company_name.clone()),
    };
    let shown = |column: &String| Cell {
        label: word(call, "view-column", column),
        num: is_number(column),
        text: match item {
            Item::Deal(card) => of_deal(call, card, column),
            Item::Company(one) => of_company(one, column),
            Item::Contact(one) => of_contact(call, &one.contact, &one.company, column),
            Item::Lead(lead) => of_lead(call, lead, people, column),
        },
    };
    Row { id: item.id(), href, name, cells: columns.iter().map(shown).collect() }
}

fn day(language: Language, day: Option<chrono::NaiveDate>) -> String {
    day.map(|day| format::short_date(language, day)).unwrap_or_default()
}

fn of_deal(call: &Call, card: &Card, column: &str) -> String {
    let is_open = card.state == DealStatus::Open;
    match column {
        "company" => card.company.clone(),
        "stage" => card.stage.clone(),
        "state" => word(call, "state-deal", card.state),
        "owner" => card.owner.clone(),
        "next_action" => card.next_action.clone().unwrap_or_default(),
        "next_action_on" => day(call.language, card.next_action_on),
        "expected_close_on" => day(call.language, card.expected_close_on),
        "moved_at" => day(call.language, Some(date_in_japan(card.moved_at))),
        "idle_days" if is_open => counted(call, "view-days", "count", card.idle_days),
        "amount" => amount(call, card.amount),
        _ => String::new(),
    }
}

fn of_company(one: &TaggedCompany, column: &str) -> String {
    let company = &one.company;
    match column {
        "furigana" => company.furigana.clone(),
        "address" => company.address.clone(),
        "corporate_number" => {
            company.corporate_number.as_ref().map(CorporateNumber::to_string).unwrap_or_default()
        }
        "tags" => one.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join(" · "),
        _ => String::new(),
    }
}

fn of_contact(call: &Call, contact: &Contact, company: &str, column: &str) -> String {
    match column {
        "company" => company.to_owned(),
        "post" => format!("{} {}", contact.department, contact.title).trim().to_owned(),
        "phone" => contact.phone.clone(),
        "email" => contact.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        "furigana" => format!("{} {}", contact.family_kana, contact.given_kana).trim().to_owned(),
        "calls" => word(call, "view-calls", if contact.may_be_called { "welcome" } else { "refused" }),
        _ => String::new(),
    }
}

fn of_lead(call: &Call, lead: &Lead, people: &BTreeMap<PersonId, Person>, column: &str) -> String {
    let owner = || lead.owner_id.and_then(|owner| people.get(&owner));
    match column {
        "contact_name" => lead.contact_name.clone(),
        "state" => word(call, "lead-state", lead.state.status()),
        "source" => word(call, "lead-source", lead.source),
        "owner" => owner().map(|owner| owner.name_in(call.language)).unwrap_or_default(),
        "need" => lead.need.lines().next().unwrap_or_default().to_owned(),
        "next_action" => lead.next.as_ref().map(|next| next.next_action.clone()).unwrap_or_default(),
        "next_action_on" => day(call.language, lead.next.as_ref().map(|next| next.next_action_on)),
        "answer_by" => day(call.language, lead.answer_by),
        "asked_on" => day(call.language, lead.asked_on),
        "created_at" => day(call.language, Some(date_in_japan(lead.created_at))),
        "phone" => lead.phone.clone(),
        "email" => lead.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    }
}
