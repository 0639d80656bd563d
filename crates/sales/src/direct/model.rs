//! How an order came that nobody had to win, and what is entered for one. No database here.

use chrono::NaiveDate;
use kernel::{Checks, Code, Invalid, PersonId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::{self, DealInput, Ordered};
use crate::quotes::{self, QuoteInput, QuoteLineInput};

text_enum!(
    /// How an order came for which nobody sold anything.
    DirectSource {
        /// The client called.
        Phone = "phone",
        /// The client wrote a mail.
        Mail = "mail",
        /// The client came, or somebody of ours was there.
        Visit = "visit",
        /// The client's own order sheet came.
        Paper = "paper",
        /// The client wants the same again.
        Repeat = "repeat",
    }
);

impl DirectSource {
    /// What may be said of an order entered by hand; a repeat begins at what it repeats.
    pub const BY_HAND: [Self; 4] = [Self::Phone, Self::Mail, Self::Visit, Self::Paper];
}

/// An order as it is entered directly. Problems of line `n` (from 0) are told as `lines.n.FIELD`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "company_id": 42, "title": "名簿の入力", "source": "phone", "deliver_on": "2027-03-31", "lines": [{ "description": "名簿の入力", "quantity": 100, "unit_price": 200, "unit_minutes": 5, "tax_rate": 10 }] }]))]
pub struct DirectOrderInput {
    /// Who ordered; required.
    pub company_id: Typed,
    /// A contact of that company.
    pub contact_id: Typed,
    /// What is ordered, in one line; required.
    pub title: Typed,
    /// How the order came: `phone`, `mail`, `visit` or `paper`; required.
    #[schemars(with = "Option<DirectSource>")]
    pub source: Typed,
    /// The day the client wishes to have it; required, today or later.
    pub deliver_on: Typed,
    /// The client's terms.
    pub terms: Typed,
    /// The client's own number of the order, up to 60 characters.
    pub order_number: Typed,
    /// What else the client said.
    pub note: Typed,
    /// Who looks after the client; whoever enters it where empty.
    pub owner_id: Typed,
    /// 1 to 50 lines: what is ordered, and at what price.
    pub lines: Vec<QuoteLineInput>,
}

/// The same again as it is entered directly; lines and terms are those of the order before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "deliver_on": "2027-03-31" }]))]
pub struct OrderAgainInput {
    /// What is ordered, in one line; as before where empty.
    pub title: Typed,
    /// The day the client wishes to have it; required, today or later.
    pub deliver_on: Typed,
    /// The client's own number of the order, up to 60 characters.
    pub order_number: Typed,
    /// What else the client said.
    pub note: Typed,
}

/// A won deal about to be recorded.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) deal: DealInput,
    pub(super) quote: QuoteInput,
    pub(super) source: DirectSource,
    pub(super) ordered: Ordered,
}

impl DirectOrderInput {
    /// Checks every field of every line and reports all problems at once.
    pub(super) fn checked(&self, actor: Option<PersonId>, today: NaiveDate) -> Result<Entry, Invalid> {
        let mut checks = Checks::new();
        let source = self.source(&mut checks);
        let ordered = ordered(&mut checks, &self.order_number, &self.note);
        let quote = QuoteInput {
            valid_until: self.deliver_on.clone(),
            deliver_on: self.deliver_on.clone(),
            terms: self.terms.clone(),
            lines: self.lines.clone(),
            ..QuoteInput::default()
        };
        let deal = DealInput {
            title: self.title.clone(),
            company_id: self.company_id.clone(),
            contact_id: self.contact_id.clone(),
            owner_id: self.owner_id.clone(),
            ..DealInput::default()
        };
        let found = checks.done(()).err();
        let entry = whole(Entry { deal, quote, source, ordered }, actor, today);
        match (found, entry) {
            (None, entry) => entry,
            (Some(found), Ok(_)) => Err(found),
            (Some(mut found), Err(others)) => {
                found.0.extend(others.0);
                Err(found)
            }
        }
    }

    fn source(&self, checks: &mut Checks) -> DirectSource {
        let typed = self.source.as_str().trim();
        if typed.is_empty() {
            checks.problem("source", Code::Required);
            return DirectSource::Phone;
        }
        let known = typed.parse().ok().filter(|source| DirectSource::BY_HAND.contains(source));
        known.unwrap_or_else(|| {
            checks.problem("source", Code::UnknownChoice);
            DirectSource::Phone
        })
    }
}

/// What the client gave with the order.
pub(super) fn ordered(checks: &mut Checks, number: &Typed, note: &Typed) -> Ordered {
    Ordered {
        contact: None,
        order_number: checks.line("order_number", number, 60),
        note: checks.lines("note", note, 2000),
    }
}

/// The entry with the amount of its lines, once its deal and its quote are both whole. What the form does not ask for is
/// no problem of it.
pub(super) fn whole(entry: Entry, actor: Option<PersonId>, today: NaiveDate) -> Result<Entry, Invalid> {
    let deal = DealInput {
        // A deal is open for the moment in which it is recorded, and has to say what is next.
        next_action: "-".into(),
        next_action_on: today.to_string().into(),
        ..entry.deal
    };
    let problems = deals::problems_with(&deal, actor, today);
    let subtotal = quotes::subtotal(&entry.quote, today);
    match (problems, subtotal) {
        (None, Ok(subtotal)) => {
            Ok(Entry { deal: DealInput { amount: subtotal.0.to_string().into(), ..deal }, ..entry })
        }
        (problems, subtotal) => {
            let mut all: Vec<_> = problems.into_iter().flat_map(|invalid| invalid.0).collect();
            all.extend(subtotal.err().into_iter().flat_map(|invalid| invalid.0));
            all.retain(|problem| problem.field != "valid_until");
            Err(Invalid(all))
        }
    }
}
