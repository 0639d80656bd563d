//! What sales tells the others. Field names and kinds are stored with each event: they never change.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ActivityId, CompanyId, ContactId, DealId, Language, LeadId, PersonId, QuoteId, TaxRate, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use crate::advice::{Clock, SessionId};
use crate::bulk_edits::BulkEditId;
use crate::leads::LeadSource;
use crate::roadmaps::MilestoneId;
use crate::sendings::SendingId;
use crate::targets::{Scope, TargetId};
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

/// Somebody named a colleague in what they noted when they got in touch with a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionedOnLead {
    /// The lead.
    pub lead: LeadId,
    /// Who should hear of it.
    pub person: PersonId,
    /// Who noted it.
    pub by: PersonId,
}

impl Event for MentionedOnLead {
    const KIND: &'static str = "sales.mentioned_on_lead";
}

/// Somebody gave a deal or a lead to a colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The deal, where it is one.
    pub deal: Option<DealId>,
    /// The lead, where it is one.
    pub lead: Option<LeadId>,
    /// Whose it is now.
    pub person: PersonId,
    /// Who gave it to them.
    pub by: PersonId,
}

impl Event for Assigned {
    const KIND: &'static str = "sales.assigned";
}

/// Somebody gave many deals or leads to a colleague at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyAssigned {
    /// The change that did it; it may be taken back.
    pub edit: BulkEditId,
    /// How many deals.
    pub deals: i32,
    /// How many leads.
    pub leads: i32,
    /// Whose they are now.
    pub person: PersonId,
    /// Who gave them to them.
    pub by: PersonId,
}

impl Event for ManyAssigned {
    const KIND: &'static str = "sales.many-assigned";
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

/// The day of a milestone comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneDue {
    /// The milestone.
    pub milestone: MilestoneId,
    /// What is reached.
    pub title: String,
    /// Who sees to it.
    pub owner: PersonId,
    /// The day it is planned for.
    pub due_on: NaiveDate,
}

impl Event for MilestoneDue {
    const KIND: &'static str = "milestone.due";
}

/// Something is due after an adviser's session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceDue {
    /// The session.
    pub session: SessionId,
    /// Who sees to it.
    pub owner: PersonId,
    /// What is due.
    pub clock: Clock,
    /// By which day.
    pub due_on: NaiveDate,
}

impl Event for AdviceDue {
    const KIND: &'static str = "advice.due";
}

/// A target whose pace is behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRisk {
    /// The target.
    pub target: TargetId,
    /// Of whom it is.
    pub scope: Scope,
    /// Whose, where it is a person's.
    pub person: Option<PersonId>,
    /// What is reached.
    pub actual: i64,
    /// What should be by then.
    pub expected: i64,
}

/// Targets were found whose pace is behind; each is told once a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetsAtRisk {
    /// Each of them.
    pub targets: Vec<TargetRisk>,
}

impl Event for TargetsAtRisk {
    const KIND: &'static str = "targets.at-risk";
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

/// A quote is on its way to a person at the client; the mail's link is made from the sending and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteSent {
    /// The version.
    pub quote: QuoteId,
    /// Its deal.
    pub deal: DealId,
    /// 1, 2, 3 within the deal.
    pub number: i32,
    /// What the deal is about.
    pub title: String,
    /// The sending.
    pub sending: SendingId,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// To whom.
    pub contact: ContactId,
    /// Yen with tax.
    pub total: Yen,
    /// The last day the offer holds.
    pub valid_until: NaiveDate,
    /// The day everything is delivered.
    pub deliver_on: NaiveDate,
    /// What was written beside it.
    pub message: String,
}

impl Event for QuoteSent {
    const KIND: &'static str = "quote.sent";
}

/// A client ordered on a quote by its link. [`DealWon`] tells the same to whoever delivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteAccepted {
    /// The version.
    pub quote: QuoteId,
    /// Its deal.
    pub deal: DealId,
    /// 1, 2, 3 within the deal.
    pub number: i32,
    /// What the deal is about.
    pub title: String,
    /// Who ordered.
    pub company: CompanyId,
    /// The person whose link it was.
    pub contact: ContactId,
    /// The sending, whose link shows the record from now on.
    pub sending: SendingId,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Yen with tax.
    pub total: Yen,
    /// The day everything is delivered.
    pub deliver_on: NaiveDate,
    /// The name they gave.
    pub name: String,
    /// Their own number of the order; may be empty.
    pub order_number: String,
    /// Their terms or remarks; may be empty.
    pub note: String,
    /// When.
    pub accepted_at: DateTime<Utc>,
}

impl Event for QuoteAccepted {
    const KIND: &'static str = "quote.accepted";
}

/// A client asks something about a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteAsked {
    /// The version.
    pub quote: QuoteId,
    /// Its deal.
    pub deal: DealId,
    /// 1, 2, 3 within the deal.
    pub number: i32,
    /// What the deal is about.
    pub title: String,
    /// The client.
    pub company: CompanyId,
    /// The person whose link it was.
    pub contact: ContactId,
    /// The name they gave.
    pub name: String,
    /// The question.
    pub text: String,
}

impl Event for QuoteAsked {
    const KIND: &'static str = "quote.asked";
}

/// A client does not order on a quote; the deal stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteDeclined {
    /// The version.
    pub quote: QuoteId,
    /// Its deal.
    pub deal: DealId,
    /// 1, 2, 3 within the deal.
    pub number: i32,
    /// What the deal is about.
    pub title: String,
    /// The client.
    pub company: CompanyId,
    /// The person whose link it was.
    pub contact: ContactId,
    /// The name they gave.
    pub name: String,
    /// Why; may be empty.
    pub reason: String,
}

impl Event for QuoteDeclined {
    const KIND: &'static str = "quote.declined";
}

/// A quote that was sent runs out within days, and nobody has ordered on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteRunsOut {
    /// The version.
    pub quote: QuoteId,
    /// Its deal.
    pub deal: DealId,
    /// 1, 2, 3 within the deal.
    pub number: i32,
    /// What the deal is about.
    pub title: String,
    /// The client.
    pub company: CompanyId,
    /// Yen with tax.
    pub total: Yen,
    /// The last day the offer holds.
    pub valid_until: NaiveDate,
}

impl Event for QuoteRunsOut {
    const KIND: &'static str = "quote.runs_out";
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
    /// The client's own number of the order; may be empty.
    #[serde(default)]
    pub order_number: String,
    /// What the client wrote when they ordered by a quote's link; may be empty.
    #[serde(default)]
    pub client_note: String,
    /// The won deal that it repeats: its order begins as a copy of that one's.
    #[serde(default)]
    pub repeats: Option<DealId>,
}

impl Event for DealWon {
    const KIND: &'static str = "deal.won";
}

/// A won deal is worked on again; what was ordered on it has been taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealReopened {
    /// The deal.
    pub deal: DealId,
    /// What it is about.
    pub title: String,
    /// The client.
    pub company: CompanyId,
    /// What it was won for, before tax.
    pub amount: Yen,
    /// Why.
    pub reason: String,
    /// Who opened it again.
    pub reopened_by: PersonId,
}

impl Event for DealReopened {
    const KIND: &'static str = "deal.reopened";
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

/// People refuse to be invited to order by mail, as a file says that the town took in. Nothing here takes a refusal back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationsRefused {
    /// Who.
    pub contacts: Vec<ContactId>,
    /// How that is known.
    pub note: String,
}

impl Event for InvitationsRefused {
    const KIND: &'static str = "invitations.refused";
}
