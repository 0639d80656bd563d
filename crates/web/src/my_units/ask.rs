//! How a worker asks the town about an offer or a unit: by mail with the subject filled in, or by phone.

use accounts::organizations;
use db::{DbError, Tx};
use serde::Serialize;

use crate::call::Call;
use crate::orders::parts;

/// Where the town is asked, as its settings say; what is empty is not offered.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    email: String,
    phone: String,
}

/// Reads it.
pub(crate) fn desk(tx: &mut Tx<'_>) -> Result<Desk, DbError> {
    let town = organizations::find(tx)?;
    Ok(Desk { email: town.contact_email, phone: town.contact_phone })
}

impl Desk {
    /// Where a town is reached that is known already.
    pub(crate) fn of(email: &str, phone: &str) -> Self {
        Self { email: email.to_owned(), phone: phone.to_owned() }
    }
}

/// `ask` of `my_units/ask.html`.
#[derive(Debug, Serialize)]
pub(crate) struct Ask {
    mail_href: String,
    email: String,
    phone_href: String,
    phone: String,
}

impl Ask {
    /// About what is called `what`; none where the town has entered neither address nor number.
    pub(crate) fn about(call: &Call, desk: &Desk, what: &str) -> Option<Self> {
        let subject = parts::say(call, "my-ask-subject", &[("what", what.to_owned())]);
        Self::with_subject(call, desk, &subject)
    }

    /// By a mail whose subject is filled in, or by phone; none where the town has entered neither.
    pub(crate) fn with_subject(call: &Call, desk: &Desk, subject: &str) -> Option<Self> {
        if desk.email.is_empty() && desk.phone.is_empty() {
            return None;
        }
        let query =
            serde_urlencoded::to_string([("subject", subject)]).unwrap_or_default().replace('+', "%20");
        let digits: String = desk.phone.chars().filter(char::is_ascii_digit).collect();
        Some(Self {
            mail_href: if desk.email.is_empty() {
                String::new()
            } else {
                format!("mailto:{}?{query}", desk.email)
            },
            email: desk.email.clone(),
            phone_href: if digits.is_empty() { String::new() } else { format!("tel:{digits}") },
            phone: if desk.phone.is_empty() {
                String::new()
            } else {
                parts::say(call, "my-ask-call", &[("phone", desk.phone.clone())])
            },
        })
    }
}
