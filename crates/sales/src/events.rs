//! What sales tells the others. Field names and kinds are stored with each event: they never change.

use chrono::NaiveDate;
use kernel::{ActivityId, CompanyId, ContactId, DealId, Language, LeadId, PersonId, QuoteId, TaxRate, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use crate::leads::LeadSource;
use crate::todos::TodoId;

/// A prospect was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadEntered {
    /// The prospect.
    pub lead: LeadId,
    /// Its name.
    pub company_name: String,
    /// How it came to us.
    pub source: LeadSource,
}

impl Event for LeadEntered {
    const KIND: &'static str = "lead.entered";
}

/// Somebody outside wrote on the town's public form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryReceived {
    /// The lead it became.
    pub lead: LeadId,
    /// The language they wrote in.
    pub language: Language,
    /// The day by which they were promised an answer.
    pub answer_by: NaiveDate,
}

impl Event for InquiryReceived {
    const KIND: &'static str = "inquiry.received";
}

/// Somebody named a colleague in what they noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// What was noted.
    pub activity: ActivityId,
    /// Who should hear of it.
    pub person: PersonId,
    /// Who noted it.
    pub by: PersonId,
}

impl Event for Mentioned {
    const KIND: &'static str = "sales.mentioned";
}

/// Somebody was asked by somebody else to do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoAssigned {
    /// What.
    pub todo: TodoId,
    /// Who does it.
    pub person: PersonId,
    /// Who asked.
    pub by: PersonId,
}

impl Event for TodoAssigned {
    const KIND: &'static str = "todo.assigned";
}

/// A day began on which somebody has something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBegan {
    /// Who.
    pub person: PersonId,
    /// The day in Japan.
    pub day: NaiveDate,
}

impl Event for DayBegan {
    const KIND: &'static str = "sales.day-began";
}

/// A version of a quote was issued and stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteIssued {
    /// The version.
    pub quote: QuoteId,
    /// Its deal.
    pub deal: DealId,
    /// 1, 2, 3 within the deal.
    pub number: i32,
    /// What the deal is about.
    pub title: String,
    /// Whom it is for.
    pub company: CompanyId,
    /// The person there, where one is known.
    pub contact: Option<ContactId>,
    /// Yen with tax.
    pub total: Yen,
    /// The last day the offer holds.
    pub valid_until: NaiveDate,
    /// Who issued it.
    pub issued_by: PersonId,
}

impl Event for QuoteIssued {
    const KIND: &'static str = "quote.issued";
}

/// A client ordered: everything an order is opened from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealWon {
    /// The deal; an order is opened once per deal.
    pub deal: DealId,
    /// The quote it was won on.
    pub quote: QuoteId,
    /// What is ordered, in one line.
    pub title: String,
    /// Who ordered.
    pub company: CompanyId,
    /// The person there, where one is known.
    pub contact: Option<ContactId>,
    /// The language that person is written to in.
    pub language: Language,
    /// What is ordered, line by line.
    pub lines: Vec<WonLine>,
    /// Yen before tax: the sum of the lines.
    pub amount: Yen,
    /// The day everything is delivered.
    pub due_on: NaiveDate,
    /// The client's own terms.
    pub client_terms: String,
    /// Who won it.
    pub won_by: PersonId,
}

impl Event for DealWon {
    const KIND: &'static str = "deal.won";
}

/// A line of what was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WonLine {
    /// What is done.
    pub description: String,
    /// How many units.
    pub quantity: i32,
    /// Yen before tax for one.
    pub unit_price: Yen,
    /// Minutes for one.
    pub unit_minutes: i32,
    /// Percent.
    pub tax_rate: TaxRate,
}
