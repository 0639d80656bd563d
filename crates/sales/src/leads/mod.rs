//! Leads (見込み): entering one, talking to them, turning one into a deal or saying why not.
//!
//! Invariant: a converted lead names its company and its deal, also by CHECK; a closed lead never changes again.

mod contacted;
mod inquiry;
mod lists;
mod many;
mod model;
mod store;
#[cfg(test)]
mod tests;
mod viewed;

use accounts::throttle::{self, Key, Pace, Throttled};
use accounts::{organizations, persons};
use clients::companies::{self, CompanyError, CompanyInput};
use clients::contacts::{self, ContactError};
use db::{DbError, Tx};
use kernel::{
    Candidate, Code, Coded, CompanyId, ContactId, EmailAddress, FieldProblem, FileId, Invalid, Language,
    LeadId, PersonId, Typed, date_in_japan,
};

pub use contacted::{ContactedInput, LeadContact};
pub use inquiry::InquiryInput;
pub use lists::{
    LateKey, LeadKey, TurnKey, contacts_of, find, in_turn, is_sample, late, late_count, list, of_deal,
    samples, search, unanswered, waiting,
};
pub use model::{
    ConvertInput, DisqualifiedReason, DisqualifyInput, Lead, LeadInput, LeadSource, LeadState, LeadStatus,
};

pub(crate) use lists::count_of_company;
pub use many::correct;
pub(crate) use many::{correct_quietly, enter_many, find_many, hand_to, of_names, take_back};
pub(crate) use store::move_company;
pub(crate) use viewed::{FIELDS, SORTS, count_viewed, ids_viewed, viewed};

use crate::about::About;
use crate::assigning;
use crate::colleagues;
use crate::deals::{self, Deal, DealError, DealInput};
use crate::events::{InquiryReceived, LeadEntered, MentionedOnLead};

/// Why a lead was not entered or did not take its next step.
#[derive(Debug, thiserror::Error)]
pub enum LeadError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The lead already became a deal or was disqualified.
    #[error("the lead is {0}")]
    Closed(LeadStatus),
    /// Somebody changed it since it was read.
    #[error("the lead was changed meanwhile")]
    Stale,
    /// What would be entered with it looks like what is here already and is not named as known to be apart; nothing was
    /// written.
    #[error("{} look like what the lead tells of", .candidates.len())]
    LooksAlike {
        /// `company_id` or `contact_id`: which would be there twice.
        field: Invalid,
        /// What is here.
        candidates: Vec<Candidate>,
    },
    /// Too many inquiries came from there; this one was not taken in.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// The company could not be made from the lead.
    #[error(transparent)]
    Company(#[from] CompanyError),
    /// The contact could not be made from the lead.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// The deal could not be opened.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for LeadError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Closed(_) => Code::Conflict,
            Self::Stale => Code::Stale,
            Self::LooksAlike { .. } => Code::LooksAlike,
            Self::Throttled(error) => error.code(),
            Self::Company(error) => error.code(),
            Self::Contact(error) => error.code(),
            Self::Deal(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn candidates(&self) -> Vec<Candidate> {
        match self {
            Self::LooksAlike { candidates, .. } => candidates.clone(),
            Self::Company(error) => error.candidates(),
            Self::Contact(error) => error.candidates(),
            _ => Vec::new(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) | Self::LooksAlike { field: invalid, .. } => invalid.fields(),
            Self::Company(error) => error.fields(),
            Self::Contact(error) => error.fields(),
            Self::Deal(error) => error.fields(),
            Self::Closed(_) | Self::Stale | Self::Throttled(_) | Self::Db(_) => &[],
        }
    }
}

/// Enters a lead. Whoever waits for an answer of ours is promised one by the town's own measure, from the day on which they
/// asked.
pub fn enter(tx: &mut Tx<'_>, input: LeadInput) -> Result<Lead, LeadError> {
    let today = date_in_japan(tx.now());
    let fields = input.checked(tx.actor().person(), today)?;
    if let Some(owner) = fields.owner_id {
        colleagues::check_owner::<LeadError>(tx, owner, None)?;
    }
    let days = organizations::find(tx)?.answer_days.filter(|_days| fields.source.waits_for_an_answer());
    let answer_by = days.map(|days| model::promised(fields.asked_on.unwrap_or(today), days));
    let lead = store::insert(tx, &fields, answer_by)?;
    let event = LeadEntered { lead: lead.id, company_name: lead.company_name.clone(), source: lead.source };
    queue::record(tx, &event)?;
    if let Some(owner) = lead.owner_id {
        assigning::tell(tx, About::Lead(lead.id), owner)?;
    }
    Ok(lead)
}

/// Lets an inquiry from the network address `from` come in, in a transaction of its own: what comes with it is looked at only
/// afterwards, because that takes memory. Nobody is locked out: who writes again and again, or has one mailbox written to,
/// waits a little longer each time, and a try that came too early is not counted. [`DbError::NotFound`] where the town has no
/// such form.
pub fn admit(tx: &mut Tx<'_>, language: Language, from: &str, input: &InquiryInput) -> Result<(), LeadError> {
    organizations::find(tx)?.answer_days.ok_or(DbError::NotFound)?;
    let (_fields, email) = input.checked(language)?;
    throttle::charge(tx, &mailbox(&email), Pace::ACCOUNT)?;
    throttle::charge(tx, &Key::new("inquiry", from), Pace::ADDRESS)?;
    Ok(())
}

/// An inquiry that was let in came to nothing, because what came with it was refused or the very same had just been taken: no mail goes to
/// its mailbox, so that try does not count there. Where it came from, it does: looking at the file was the work.
pub fn turn_back(tx: &mut Tx<'_>, language: Language, input: &InquiryInput) -> Result<(), LeadError> {
    let (_fields, email) = input.checked(language)?;
    Ok(throttle::take_back(tx, &mailbox(&email))?)
}

/// What counts the mails that inquiries have had written to an address.
fn mailbox(email: &EmailAddress) -> Key {
    Key::new("inquiry-mail", &email.key())
}

/// Takes in an inquiry that was let in ([`admit`]) and that somebody outside wrote on the town's public form in `language`: a
/// lead with a clock. [`DbError::NotFound`] where the town has no such form.
pub fn receive(tx: &mut Tx<'_>, language: Language, input: &InquiryInput) -> Result<Lead, LeadError> {
    let days = organizations::find(tx)?.answer_days.ok_or(DbError::NotFound)?;
    let (fields, _email) = input.checked(language)?;
    let answer_by = model::promised(date_in_japan(tx.now()), days);
    let lead = store::insert(tx, &fields, Some(answer_by))?;
    queue::record(tx, &InquiryReceived { lead: lead.id, language, answer_by })?;
    Ok(lead)
}

/// Keeps a file that whoever wrote an inquiry sent along with it.
pub fn attach(tx: &mut Tx<'_>, lead: LeadId, file: FileId) -> Result<(), DbError> {
    store::attach(tx, lead, file)
}

/// Notes that somebody got in touch with them, what came of it, and what comes next: a lead somebody talked to is on
/// its owner's list until it is closed. Where nobody was there, whoever asked is unanswered still.
pub fn contact(tx: &mut Tx<'_>, id: LeadId, version: i32, input: ContactedInput) -> Result<Lead, LeadError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    let (lead, next) = (at_version(tx, id, version)?, fields.next.clone());
    let lead = if fields.reached() { lead.contacted(next, tx.now())? } else { lead.tried(next)? };
    let person = tx.actor().person().or(lead.owner_id).ok_or(DbError::NotFound)?;
    let lead = store::update(tx, &lead)?.ok_or(LeadError::Stale)?;
    store::note(tx, lead.id, person, &fields)?;
    for colleague in colleagues::named_in(tx, &fields.note)?.into_iter().filter(|named| *named != person) {
        queue::record(tx, &MentionedOnLead { lead: lead.id, person: colleague, by: person })?;
    }
    Ok(lead)
}

/// Says why a lead will not become a deal.
pub fn disqualify(
    tx: &mut Tx<'_>,
    id: LeadId,
    version: i32,
    input: DisqualifyInput,
) -> Result<Lead, LeadError> {
    let refusal = input.checked()?;
    let lead = at_version(tx, id, version)?.disqualified(refusal, tx.now())?;
    store::update(tx, &lead)?.ok_or(LeadError::Stale)
}

/// Turns a lead into a deal without retyping: with the company chosen, the lead's own, or a new one of its name;
/// with the contact chosen or the person the lead names. Nothing is entered twice unseen: what looks like a new company or
/// contact and is not named as known to be apart refuses.
pub fn convert(tx: &mut Tx<'_>, id: LeadId, version: i32, input: ConvertInput) -> Result<Deal, LeadError> {
    let lead = at_version(tx, id, version)?;
    lead.must_be_alive()?;
    let company = company_for(tx, &lead, &input)?;
    let contact = contact_for(tx, &lead, company, &input)?;
    let owner = owner_for(tx, &lead)?;
    let or_else = |typed: Typed, otherwise: Option<String>| {
        if is_empty(&typed) { otherwise.unwrap_or_default().into() } else { typed }
    };
    let deal = deals::open(
        tx,
        DealInput {
            title: or_else(input.title, Some(lead.title())),
            company_id: company.to_string().into(),
            contact_id: contact.map(|contact| contact.to_string()).unwrap_or_default().into(),
            amount: input.amount,
            expected_close_on: input.expected_close_on,
            next_action: input.next_action,
            next_action_on: input.next_action_on,
            owner_id: or_else(input.owner_id, owner.map(|owner| owner.to_string())),
            ..DealInput::default()
        },
    )?;
    let lead = lead.converted(company, deal.id, tx.now())?;
    store::update(tx, &lead)?.ok_or(LeadError::Stale)?;
    Ok(deal)
}

fn at_version(tx: &mut Tx<'_>, id: LeadId, version: i32) -> Result<Lead, LeadError> {
    let lead = find(tx, id)?;
    if lead.version == version { Ok(lead) } else { Err(LeadError::Stale) }
}

/// The lead's owner, while they sell; otherwise whoever turns it into a deal takes it on.
fn owner_for(tx: &mut Tx<'_>, lead: &Lead) -> Result<Option<PersonId>, DbError> {
    let Some(owner) = lead.owner_id else { return Ok(None) };
    Ok(Some(persons::find(tx, owner)?).filter(colleagues::owns).map(|owner| owner.id))
}

fn company_for(tx: &mut Tx<'_>, lead: &Lead, input: &ConvertInput) -> Result<CompanyId, LeadError> {
    let chosen = &input.company_id;
    if !is_empty(chosen) {
        let id = chosen.as_str().trim().parse().map_err(|_not_a_number| no_such("company_id"))?;
        return match companies::find(tx, id) {
            Ok(company) => Ok(company.id),
            Err(DbError::NotFound) => Err(no_such("company_id").into()),
            Err(error) => Err(error.into()),
        };
    }
    if let Some(company) = lead.company_id {
        return Ok(company);
    }
    let mut alike = companies::look_alikes(tx, &lead.company_signs(), None)?;
    alike.retain(|one| !names(&input.apart_from, one.company.id.0));
    if !alike.is_empty() {
        return Err(looks_alike("company_id", &CompanyError::LooksAlike(alike)));
    }
    // The number is the person's where one is named; it goes to the contact then.
    let phone = if lead.contact_name.is_empty() { lead.phone.as_str() } else { "" };
    let input = CompanyInput {
        name: lead.company_name.as_str().into(),
        phone: phone.into(),
        ..CompanyInput::default()
    };
    Ok(companies::enter_knowingly(tx, input)?.id)
}

fn contact_for(
    tx: &mut Tx<'_>,
    lead: &Lead,
    company: CompanyId,
    input: &ConvertInput,
) -> Result<Option<ContactId>, LeadError> {
    let chosen = &input.contact_id;
    if !is_empty(chosen) {
        let id = chosen.as_str().trim().parse().map_err(|_not_a_number| no_such("contact_id"))?;
        return Ok(Some(id));
    }
    let mut alike = contacts::look_alikes(tx, company, &lead.contact_input(), None)?;
    let known = alike.iter().find(|one| one.contact.company_id == company && lead.is_of(one));
    if let Some(known) = known {
        return Ok(Some(known.contact.id));
    }
    let Some(named) = lead.named_contact() else { return Ok(None) };
    alike.retain(|one| !names(&input.apart_from_contacts, one.contact.id.0));
    if !alike.is_empty() {
        return Err(looks_alike("contact_id", &ContactError::LooksAlike(alike)));
    }
    Ok(Some(contacts::add_knowingly(tx, company, named)?.id))
}

fn names(known: &[Typed], id: i64) -> bool {
    known.iter().any(|known| known.as_str().trim().parse() == Ok(id))
}

fn looks_alike(field: &str, error: &impl Coded) -> LeadError {
    LeadError::LooksAlike { field: Invalid::field(field, Code::LooksAlike), candidates: error.candidates() }
}

fn is_empty(typed: &Typed) -> bool {
    typed.as_str().trim().is_empty()
}

fn no_such(field: &str) -> Invalid {
    Invalid::field(field, Code::UnknownChoice)
}
