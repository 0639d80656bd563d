//! What the things and the lines are called that a row looks like and is not taken for.

use std::collections::HashMap;

use clients::companies;
use clients::contacts;
use db::{DbError, Tx};
use kernel::{CompanyId, ContactId, DealId, LeadId};

use super::model::ImportKind;
use crate::{deals, leads};

/// The names of things of that kind, by their ids; what is no longer there has none.
pub fn called(tx: &mut Tx<'_>, kind: ImportKind, ids: &[i64]) -> Result<HashMap<i64, String>, DbError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all = || ids.iter().copied();
    Ok(match kind {
        ImportKind::Companies => {
            let found = companies::find_many(tx, &all().map(CompanyId).collect::<Vec<_>>())?;
            found.into_iter().map(|company| (company.id.0, company.name)).collect()
        }
        ImportKind::Contacts => {
            let found = contacts::find_many(tx, &all().map(ContactId).collect::<Vec<_>>())?;
            found.into_iter().map(|contact| (contact.id.0, contact.display_name())).collect()
        }
        ImportKind::Leads => {
            let found = leads::find_many(tx, &all().map(LeadId).collect::<Vec<_>>())?;
            found.into_iter().map(|lead| (lead.id.0, lead.company_name)).collect()
        }
        ImportKind::Deals => {
            let found = deals::find_many(tx, &all().map(DealId).collect::<Vec<_>>())?;
            found.into_iter().map(|deal| (deal.id.0, deal.title)).collect()
        }
    })
}
