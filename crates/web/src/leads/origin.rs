//! The lead that a deal came from, as the deal's page shows it: what they need, what they sent, what was said to them.

use std::collections::BTreeMap;

use accounts::{Person, persons};
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use files::StoredFile;
use kernel::{DealId, PersonId};
use sales::leads::{self, Lead, LeadContact};
use serde::Serialize;

use super::pages::ContactedRow;
use crate::call::Call;
use crate::hearings::pages::Sample;
use crate::paths;
use crate::phrases::said;

/// What is read of it.
pub(crate) struct Origin {
    lead: Lead,
    contacts: Vec<LeadContact>,
    people: BTreeMap<PersonId, Person>,
    samples: Vec<StoredFile>,
}

impl Origin {
    /// Of a deal; none where it came from no lead.
    pub(crate) fn of(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<Self>, DbError> {
        let Some(lead) = leads::of_deal(tx, deal)? else { return Ok(None) };
        let contacts = leads::contacts_of(tx, lead.id)?;
        let named: Vec<PersonId> = contacts.iter().map(|contact| contact.person_id).collect();
        let people = persons::find_many(tx, &named)?;
        Ok(Some(Self { samples: leads::samples(tx, lead.id)?, lead, contacts, people }))
    }
}

/// What `deals/origin.html` shows.
#[derive(Serialize)]
pub(crate) struct OriginView {
    title: String,
    href: String,
    need: String,
    samples: Vec<Sample>,
    contacts: Vec<ContactedRow>,
}

impl OriginView {
    /// In the reader's words.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, origin: Origin) -> Self {
        let Origin { lead, contacts, people, samples } = origin;
        let number = lead.id.to_string();
        let row = |contact| ContactedRow::of(call, now, &people, contact);
        Self {
            title: said(call, "deal-origin", [("number", number.as_str())]),
            href: paths::lead(lead.id),
            need: lead.need,
            samples: Sample::all(&samples),
            contacts: contacts.into_iter().map(row).collect(),
        }
    }
}
