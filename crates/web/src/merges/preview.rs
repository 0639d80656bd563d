//! What a merge would do, before anybody does it: where the two differ, and what would move.

use std::collections::BTreeMap;

use clients::companies::{self, Company};
use clients::contacts::{self, Contact};
use clients::merges::{self, FieldChoice, MergeError};
use clients::terms;
use db::Tx;
use kernel::{Code, CompanyId, ContactId, Invalid};
use notifier::messages;
use schemars::JsonSchema;
use serde::Serialize;

/// What merging two companies would do.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CompanyMergePreview {
    /// The company that would stay.
    pub(super) kept: Company,
    /// The company that would be merged away.
    pub(super) merged: Company,
    /// The fields in which they differ.
    pub(super) fields: Vec<FieldChoice>,
    /// Whether both have agreed terms, so that one has to give way.
    pub(super) both_have_terms: bool,
    /// How many rows would move, by table.
    pub(super) counts: BTreeMap<&'static str, i64>,
    /// How many the one that stays has already, by table.
    pub(super) kept_counts: BTreeMap<&'static str, i64>,
}

/// What merging two contacts would do.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ContactMergePreview {
    /// The contact who would stay.
    pub(super) kept: Contact,
    /// The contact who would be merged away.
    pub(super) merged: Contact,
    /// The fields in which they differ.
    pub(super) fields: Vec<FieldChoice>,
    /// How many rows would move, by table.
    pub(super) counts: BTreeMap<&'static str, i64>,
}

/// Nothing is merged with itself.
fn are_two<Id: PartialEq>(kept: Id, merged: Id) -> Result<(), MergeError> {
    if kept == merged { Err(Invalid::field("other", Code::SameOne).into()) } else { Ok(()) }
}

/// Whether those who stand for the two are still two.
fn are_apart<Id: PartialEq>(kept: Id, merged: Id) -> Result<(), MergeError> {
    if kept == merged { Err(MergeError::AlreadyMerged) } else { Ok(()) }
}

/// How much hangs on a company, by table.
fn counts_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<BTreeMap<&'static str, i64>, MergeError> {
    let mut counts = BTreeMap::from([("contacts", contacts::count_of_company(tx, company)?)]);
    counts.extend(sales::merging::counts_of_company(tx, company)?);
    counts.insert("orders", fulfillment::merging::count_of_company(tx, company)?);
    Ok(counts)
}

impl CompanyMergePreview {
    pub(super) fn of(tx: &mut Tx<'_>, kept: CompanyId, merged: CompanyId) -> Result<Self, MergeError> {
        are_two(kept, merged)?;
        let (kept, merged) = (companies::find(tx, kept)?, companies::find(tx, merged)?);
        are_apart(kept.id, merged.id)?;
        let (own, theirs) = (terms::standing(tx, kept.id)?, terms::standing(tx, merged.id)?);
        Ok(Self {
            fields: merges::company_choices(&kept, &merged),
            both_have_terms: own.is_some() && theirs.is_some(),
            counts: counts_of_company(tx, merged.id)?,
            kept_counts: counts_of_company(tx, kept.id)?,
            kept,
            merged,
        })
    }
}

impl ContactMergePreview {
    pub(super) fn of(tx: &mut Tx<'_>, kept: ContactId, merged: ContactId) -> Result<Self, MergeError> {
        are_two(kept, merged)?;
        let (kept, merged) = (contacts::find(tx, kept)?, contacts::find(tx, merged)?);
        are_apart(kept.id, merged.id)?;
        if kept.company_id != merged.company_id {
            return Err(MergeError::TwoCompanies);
        }
        let mut counts = BTreeMap::from(fulfillment::merging::counts_of_contact(tx, merged.id)?);
        counts.insert("deals", sales::merging::count_of_contact(tx, merged.id)?);
        counts.insert("messages", messages::count_of_contact(tx, merged.id)?);
        Ok(Self { fields: merges::contact_choices(&kept, &merged), counts, kept, merged })
    }
}
