//! The link that ends a sort of mail in one step, without an account (RFC 8058).
//!
//! The link carries its own proof, so no row has to be kept for each mail sent: town, category, reader and a keyed
//! digest of them. Looking at it changes nothing; only a POST does, because mail scanners follow links. Invariant: a
//! link made for one reader and category fits no other (`a_link_fits_its_reader_and_category_alone`).

use accounts::secrets::{LinkKey, Secret};
use chrono::DateTime;
use db::{DbError, Tx};
use kernel::{ContactId, OrganizationId, PersonId};

use crate::messages::{Category, Party};
use crate::{consents, preferences};

/// Who no longer wants what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsubscribe {
    organization: OrganizationId,
    party: Party,
    category: Category,
}

impl Unsubscribe {
    /// The right of `party` to end `category`; `None` where there is nothing to end: mails that are owed, and addresses
    /// of nobody we know.
    pub fn new(organization: OrganizationId, party: Party, category: Category) -> Option<Self> {
        let known = match party {
            Party::Person(_) => true,
            // A client's contact gets no offers; only advertising can be ended.
            Party::Contact(_) => category == Category::Commercial,
            Party::Nobody => false,
        };
        (category.is_subscription() && known).then_some(Self { organization, party, category })
    }

    /// The town in whose scope it is done.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// What is ended.
    pub fn category(&self) -> Category {
        self.category
    }

    fn named(&self) -> Option<(char, i64)> {
        match self.party {
            Party::Person(id) => Some(('p', id.0)),
            Party::Contact(id) => Some(('c', id.0)),
            Party::Nobody => None,
        }
    }

    fn proof(&self, key: &LinkKey) -> Option<Secret> {
        let (letter, id) = self.named()?;
        let purpose = format!("unsubscribe-{}-{letter}", self.category);
        Some(Secret::derived(key, self.organization, &purpose, id, DateTime::UNIX_EPOCH))
    }

    /// What the link ends with: `1.digest.p42.` and 43 characters of proof.
    pub fn text(&self, key: &LinkKey) -> String {
        match (self.named(), self.proof(key)) {
            (Some((letter, id)), Some(proof)) => {
                format!("{}.{}.{letter}{id}.{}", self.organization, self.category, proof.text())
            }
            _ => String::new(),
        }
    }

    /// Reads what [`text`](Self::text) wrote; `None` for anything else, compared in constant time.
    pub fn parse(key: &LinkKey, text: &str) -> Option<Self> {
        let mut pieces = text.split('.');
        let organization = pieces.next()?.parse().ok()?;
        let category = pieces.next()?.parse().ok()?;
        let (letter, id) = pieces.next()?.split_at_checked(1)?;
        let id: i64 = id.parse().ok()?;
        let proof = Secret::parse(pieces.next()?)?;
        let party = match letter {
            "p" => Party::Person(PersonId(id)),
            "c" => Party::Contact(ContactId(id)),
            _ => return None,
        };
        let read = Self::new(organization, party, category).filter(|_| pieces.next().is_none())?;
        (read.proof(key)? == proof && read.text(key) == text).then_some(read)
    }
}

/// Ends it, and takes back what still waits. Doing it twice is doing it once.
pub fn apply(tx: &mut Tx<'_>, wish: &Unsubscribe) -> Result<(), DbError> {
    match wish.party {
        Party::Person(person) => preferences::switch_off(tx, person, wish.category),
        Party::Contact(contact) => consents::refuse(tx, contact),
        Party::Nobody => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fits_its_reader_and_category_alone() {
        let (key, other) = (LinkKey::generate(), LinkKey::generate());
        let town = OrganizationId(1);
        let wish = Unsubscribe::new(town, Party::Person(PersonId(42)), Category::Digest).unwrap();
        let text = wish.text(&key);
        assert_eq!(Unsubscribe::parse(&key, &text), Some(wish));
        assert_eq!(Unsubscribe::parse(&other, &text), None);
        for forged in [
            text.replace("p42", "p43"),
            text.replace("p42", "c42"),
            text.replace("digest", "commercial"),
            text.replacen('1', "2", 1),
            text.replace("p42", "p042"),
            format!("{text}.x"),
            text[..text.len() - 1].to_owned(),
            String::new(),
        ] {
            assert_eq!(Unsubscribe::parse(&key, &forged), None, "{forged}");
        }
    }

    #[test]
    fn what_is_owed_cannot_be_ended() {
        let person = Party::Person(PersonId(1));
        for category in [Category::Account, Category::Legal, Category::Work] {
            assert_eq!(Unsubscribe::new(OrganizationId(1), person, category), None);
        }
        let contact = Party::Contact(ContactId(1));
        assert!(Unsubscribe::new(OrganizationId(1), contact, Category::Commercial).is_some());
        assert!(Unsubscribe::new(OrganizationId(1), contact, Category::Digest).is_none());
        assert!(Unsubscribe::new(OrganizationId(1), Party::Nobody, Category::Commercial).is_none());
    }
}
