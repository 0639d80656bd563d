//! The town whose page somebody reads, and how to reach it.

use accounts::organizations::Organization;
use serde::Serialize;

use crate::call::Call;
use crate::phrases;

/// Whose page this is: the town behind a client's link, before that of whoever else is signed in.
pub(crate) fn name(call: &Call) -> String {
    let host = call.host.as_ref().map(|town| town.name.clone());
    let own = || call.who.as_ref().map(|who| who.town_name.clone());
    host.or_else(own).unwrap_or_else(|| call.text("product-name"))
}

/// A town's mail address and phone number; each may be empty.
#[derive(Serialize)]
pub(crate) struct Reach {
    email: String,
    phone: String,
    /// For a `tel:` link.
    dial: String,
}

impl Reach {
    /// As the town has entered them.
    pub(crate) fn of(town: &Organization) -> Self {
        Self {
            email: town.contact_email.clone(),
            phone: town.contact_phone.clone(),
            dial: phrases::dial(&town.contact_phone),
        }
    }
}
