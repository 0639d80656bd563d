//! Who at a client can be sent a paper, and who cannot and why.

use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::{Code, CompanyId, ContactId, Invalid, Typed};
use notifier::consents;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::paths;
use crate::phrases::Choice;

/// Everybody at a client, with whether they refuse mail.
pub(crate) struct Recipients(Vec<(Contact, bool)>);

impl Recipients {
    /// Those of a company.
    pub(crate) fn of(tx: &mut Tx<'_>, company: CompanyId) -> Result<Self, DbError> {
        let people = contacts::of_company(tx, company)?;
        let ids: Vec<ContactId> = people.iter().map(|contact| contact.id).collect();
        let refusing = consents::refusing(tx, &ids)?;
        let people = people.into_iter().map(|contact| (refusing.contains(&contact.id), contact));
        Ok(Self(people.map(|(refuses, contact)| (contact, refuses)).collect()))
    }

    fn reachable(&self) -> impl Iterator<Item = &Contact> {
        self.0.iter().filter(|(one, refuses)| one.email.is_some() && !refuses).map(|(one, _)| one)
    }

    /// `preferred`, or the only other one who can be written to.
    pub(crate) fn likely(&self, preferred: Option<ContactId>) -> Option<ContactId> {
        let other = || self.reachable().next();
        self.reachable().find(|one| Some(one.id) == preferred).or_else(other).map(|one| one.id)
    }

    /// Those who can be chosen, each with their address.
    pub(crate) fn choices(&self, call: &Call) -> Vec<Choice> {
        let label = |one: &Contact| {
            let address = one.email.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} · {address}", one.salutation(call.language))
        };
        self.reachable().map(|one| Choice::new(one.id, label(one))).collect()
    }

    /// How somebody of them is addressed; empty for others.
    pub(crate) fn name(&self, call: &Call, contact: ContactId) -> String {
        let known = self.0.iter().find(|(one, _)| one.id == contact);
        known.map(|(one, _)| one.salutation(call.language)).unwrap_or_default()
    }

    /// The others, with why and where that is changed.
    pub(crate) fn unreachable(&self, call: &Call) -> Vec<Unreachable> {
        self.0.iter().filter_map(|(one, refuses)| unreachable(call, one, *refuses)).collect()
    }
}

/// Somebody who cannot be sent anything.
#[derive(Debug, Serialize)]
pub(crate) struct Unreachable {
    name: String,
    why: String,
    href: String,
}

/// Why somebody cannot be sent a paper, and where that is changed.
fn unreachable(call: &Call, contact: &Contact, refuses: bool) -> Option<Unreachable> {
    let (why, page) = match (refuses, &contact.email) {
        (true, _) => ("quote-send-refuses", "mail"),
        (false, None) => ("quote-send-no-address", "edit"),
        (false, Some(_)) => return None,
    };
    Some(Unreachable {
        name: contact.salutation(call.language),
        why: call.text(why),
        href: format!("{}/{page}", paths::contact(contact.id)),
    })
}

/// Refuses a recipient who, or into whom merged somebody who, refuses mail. Somebody the town does not have is refused by who sends.
pub(crate) fn must_not_refuse(tx: &mut Tx<'_>, typed: &Typed) -> Result<(), Failure> {
    let Ok(named) = typed.as_str().trim().parse::<ContactId>() else { return Ok(()) };
    match contacts::find(tx, named) {
        Ok(contact) if consents::refuses(tx, contact.id)? => {
            Err(Invalid::field("contact_id", Code::ContactRefuses).into())
        }
        Ok(_) | Err(DbError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
