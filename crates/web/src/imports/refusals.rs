//! Who of a page of rows has refused calls or mails: said before the rows go in, so that nobody takes a list for one that
//! may be called through. The refusal itself stays whatever a file brings.

use std::collections::{BTreeSet, HashSet};

use clients::contacts;
use db::{DbError, Tx};
use kernel::{ContactId, EmailAddress, reach};
use notifier::consents;
use sales::imports::{Import, ImportRow};

use crate::call::Call;

/// How many contacts of one mail address are looked at.
const MOST_OF_AN_ADDRESS: i64 = 50;

/// Numbers and addresses at which somebody has refused.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    phones: HashSet<String>,
    mails: BTreeSet<String>,
}

/// A row's value in the column of that field.
pub(super) fn cell<'r>(import: &Import, row: &'r ImportRow, field: &str) -> &'r str {
    let place = import.columns.iter().position(|column| column == field);
    place.and_then(|place| row.cells.get(place)).map_or("", |cell| ::files::rows::unguarded(cell).trim())
}

fn mail_key(import: &Import, row: &ImportRow) -> Option<String> {
    EmailAddress::parse(cell(import, row, "email")).ok().map(|email| email.key())
}

impl Refusals {
    /// Those that rows name.
    pub(super) fn of(tx: &mut Tx<'_>, import: &Import, rows: &[ImportRow]) -> Result<Self, DbError> {
        let phones = contacts::refused_phones(tx, rows.iter().map(|row| cell(import, row, "phone")))?;
        let keys: Vec<String> = rows.iter().filter_map(|row| mail_key(import, row)).collect();
        if keys.is_empty() {
            return Ok(Self { phones, ..Self::default() });
        }
        let people = contacts::with_emails(tx, &keys, MOST_OF_AN_ADDRESS)?;
        let ids: Vec<ContactId> = people.iter().map(|contact| contact.id).collect();
        let refusing = consents::refusing(tx, &ids)?;
        let refused = people.iter().filter(|contact| refusing.contains(&contact.id));
        let mails = refused.filter_map(|contact| contact.email.as_ref().map(EmailAddress::key)).collect();
        Ok(Self { phones, mails })
    }

    /// What is to be said of a row.
    pub(super) fn said(&self, call: &Call, import: &Import, row: &ImportRow) -> Vec<String> {
        let mut said = Vec::new();
        if self.phones.contains(&reach::phone_key(cell(import, row, "phone"))) {
            said.push(call.text("refused-calls"));
        }
        if mail_key(import, row).is_some_and(|key| self.mails.contains(&key)) {
            said.push(call.text("refused-mails"));
        }
        said
    }
}
