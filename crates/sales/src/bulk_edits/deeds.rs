//! What an edit does to one thing: by the verbs of that thing, which keep their rules, histories and versions.

use std::collections::BTreeMap;

use clients::call_wishes::{self, CallWishError, CallWishInput, Wish};
use clients::companies;
use clients::contacts::{self, Contact, ContactError, ContactInput};
use clients::tags::{self, TagError, TagId};
use db::{DbError, Tx};
use kernel::{BoardStageId, Code, Coded, CompanyId, ContactId, DealId, Language, LeadId};

use super::model::{BulkEdit, EditField, EditKind};
use crate::deals::{self, AdvanceInput, Deal, DealError, DealInput};
use crate::leads::{self, Lead, LeadError};

/// One thing as it stands now.
#[derive(Debug, Clone)]
pub(super) struct Current {
    pub(super) name: String,
    pub(super) version: i32,
    /// What stands in the field; of a tag, whether it is there.
    pub(super) value: String,
    thing: Thing,
}

#[derive(Debug, Clone)]
enum Thing {
    Deal(Deal),
    Lead(Lead),
    Company(CompanyId, TagId),
    Contact(Contact),
}

/// Why a thing was not changed.
#[derive(Debug)]
pub(super) enum Refused {
    /// A rule says no.
    Rule(Code),
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

/// What a tag's field holds where the company has the tag, and where it has not.
const HAS: &str = "yes";
const HAS_NOT: &str = "no";

/// What the field of a thing holds once it is changed.
pub(super) fn wanted(edit: &BulkEdit) -> &str {
    match edit.field {
        EditField::TagAdd => HAS,
        EditField::TagRemove => HAS_NOT,
        EditField::CallsRefused => Wish::Refused.as_str(),
        EditField::Owner | EditField::Stage | EditField::NextActionOn | EditField::Language => &edit.value,
    }
}

/// Those of `ids` that the town has, in a few statements.
pub(super) fn current(
    tx: &mut Tx<'_>,
    edit: &BulkEdit,
    ids: &[i64],
) -> Result<BTreeMap<i64, Current>, DbError> {
    match edit.kind {
        EditKind::Deals => {
            let ids: Vec<DealId> = ids.iter().map(|id| DealId(*id)).collect();
            Ok(deals::find_many(tx, &ids)?.into_iter().map(|deal| (deal.id.0, of_deal(edit, deal))).collect())
        }
        EditKind::Leads => {
            let ids: Vec<LeadId> = ids.iter().map(|id| LeadId(*id)).collect();
            Ok(leads::find_many(tx, &ids)?.into_iter().map(|lead| (lead.id.0, of_lead(lead))).collect())
        }
        EditKind::Contacts => {
            let ids: Vec<ContactId> = ids.iter().map(|id| ContactId(*id)).collect();
            let found = contacts::find_many(tx, &ids)?.into_iter();
            Ok(found.map(|contact| (contact.id.0, of_contact(edit, contact))).collect())
        }
        EditKind::Companies => {
            let ids: Vec<CompanyId> = ids.iter().map(|id| CompanyId(*id)).collect();
            let wanted: TagId = edit.value.parse().map_err(|_no_tag| DbError::NotFound)?;
            let tags = tags::of_companies(tx, &ids)?;
            let found = companies::find_many(tx, &ids)?.into_iter();
            let current = found.map(|company| {
                let has = tags.get(&company.id).is_some_and(|tags| tags.iter().any(|tag| tag.id == wanted));
                let current = Current {
                    name: company.name,
                    version: company.version,
                    value: if has { HAS } else { HAS_NOT }.to_owned(),
                    thing: Thing::Company(company.id, wanted),
                };
                (company.id.0, current)
            });
            Ok(current.collect())
        }
    }
}

fn of_deal(edit: &BulkEdit, deal: Deal) -> Current {
    let value = match edit.field {
        EditField::Owner => deal.owner_id.to_string(),
        EditField::Stage => deal.stage_id.to_string(),
        _ => deal.state.next_action().map(|next| next.next_action_on.to_string()).unwrap_or_default(),
    };
    Current { name: deal.title.clone(), version: deal.version, value, thing: Thing::Deal(deal) }
}

fn of_contact(edit: &BulkEdit, contact: Contact) -> Current {
    let wish = if contact.may_be_called { Wish::Welcome } else { Wish::Refused };
    let value = match edit.field {
        EditField::Language => contact.language.as_str(),
        _ => wish.as_str(),
    };
    Current {
        name: contact.display_name(),
        version: contact.version,
        value: value.to_owned(),
        thing: Thing::Contact(contact),
    }
}

fn of_lead(lead: Lead) -> Current {
    let value = lead.owner_id.map(|owner| owner.to_string()).unwrap_or_default();
    Current { name: lead.company_name.clone(), version: lead.version, value, thing: Thing::Lead(lead) }
}

/// Gives a thing's field `value`; answers its version then.
pub(super) fn change(
    tx: &mut Tx<'_>,
    edit: &BulkEdit,
    current: &Current,
    value: &str,
) -> Result<i32, Refused> {
    match &current.thing {
        Thing::Deal(deal) => change_deal(tx, edit.field, deal, value).map_err(|error| match error {
            DealError::Db(error) => Refused::Db(error),
            rule => by_rule(&rule),
        }),
        Thing::Lead(lead) => {
            // Nobody's again, where nobody looked after it before.
            let changed = leads::hand_to(tx, lead.id, lead.version, value.parse().ok());
            changed.map(|lead| lead.version).map_err(|error| match error {
                LeadError::Db(error) => Refused::Db(error),
                rule => by_rule(&rule),
            })
        }
        Thing::Contact(contact) => change_contact(tx, edit, contact, value),
        // That one tag alone: what others give and take meanwhile stays.
        Thing::Company(company, tag) => {
            let changed = if value == HAS {
                tags::add(tx, *company, *tag)
            } else {
                Ok(tags::take(tx, *company, *tag)?)
            };
            changed.map(|()| current.version).map_err(|error| match error {
                TagError::Db(error) => Refused::Db(error),
                rule => by_rule(&rule),
            })
        }
    }
}

/// What somebody said of calls is a line of their record; one that is taken back is a line too.
fn change_contact(tx: &mut Tx<'_>, edit: &BulkEdit, contact: &Contact, value: &str) -> Result<i32, Refused> {
    if edit.field == EditField::Language {
        let input = ContactInput { language: value.into(), ..ContactInput::from(contact) };
        return match contacts::correct_knowingly(tx, contact.id, contact.version, &input) {
            Ok(contact) => Ok(contact.version),
            Err(ContactError::Db(error)) => Err(Refused::Db(error)),
            Err(rule) => Err(by_rule(&rule)),
        };
    }
    let note = if value == Wish::Refused.as_str() {
        edit.value.clone()
    } else {
        match accounts::organizations::find(tx)?.language {
            Language::Ja => format!("取り消し：{}", edit.value),
            Language::En => format!("Taken back: {}", edit.value),
        }
    };
    let input = CallWishInput { wish: value.into(), note: note.into() };
    match call_wishes::record(tx, contact.id, &input) {
        Ok(contact) => Ok(contact.version),
        Err(CallWishError::Db(error)) => Err(Refused::Db(error)),
        Err(rule) => Err(by_rule(&rule)),
    }
}

fn change_deal(tx: &mut Tx<'_>, field: EditField, deal: &Deal, value: &str) -> Result<i32, DealError> {
    let input = DealInput::from(deal);
    let changed = match field {
        EditField::Stage => {
            let stage = value.parse().map_or(deal.stage_id, BoardStageId);
            deals::advance(tx, deal.id, deal.version, AdvanceInput::to(stage))
        }
        EditField::NextActionOn => {
            // Who is won, lost or dormant has no next action to put off.
            deal.must_be_open()?;
            deals::correct_quietly(
                tx,
                deal.id,
                deal.version,
                DealInput { next_action_on: value.into(), ..input },
            )
        }
        _ => {
            deal.must_be_open()?;
            deals::correct_quietly(tx, deal.id, deal.version, DealInput { owner_id: value.into(), ..input })
        }
    };
    changed.map(|deal| deal.version)
}

/// The code that says most: that of a field where there is one.
fn by_rule(error: &impl Coded) -> Refused {
    Refused::Rule(error.fields().first().map_or_else(|| error.code(), |problem| problem.code))
}
