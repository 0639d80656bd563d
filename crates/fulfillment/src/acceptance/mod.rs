//! Acceptance (検収): the client's contact opens a link without an account, looks, and answers every unit with a
//! typed name and a mailed code.
//!
//! Invariants: a link that is unknown, expired or withdrawn gives one and the same answer; looking changes nothing
//! but the access log, so a mail scanner accepts nothing; only digests of secrets are stored. Callers open the
//! transaction as [`kernel::Actor::Outside`] in the town that the secret names.

mod lists;
mod model;
mod silence;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use accounts::{LinkKey, OrgSecret, awaited};
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use files::StoredFile;
use kernel::{Code, Coded, DeliveryId, FieldProblem, FileId, Invalid, Language, Typed, UnitId};

pub use lists::{accesses, mailed_at, open_link_of, opens_until, was_opened};
pub use model::{
    Access, AccessKey, AccessKind, Answer, AnswerInput, Answering, AskedCode, CheckSheet, ClientAnswer,
    ClientFile, ClientUnit, ClientView, LinkId, Receipt, UnitAnswer, link_secret, mailed_code,
};
pub use silence::{Reach, Silent, TendSilence, Tended, tend};
pub(crate) use store::{revoke_of_delivery, revoke_of_order};

use crate::claims::{self, EndKind};
use crate::deliveries::{self, DeliveredUnit, Delivery, DeliveryState};
use crate::events::{AcceptCodeRequested, DeliveryAnswered, Fix};
use crate::jobs;
use crate::orders::{self, Order};
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, UnitError, UnitState};
use model::{AnswerFields, Answers, CODE_LIFE, CODE_LIMITS, MOST_TRIES, Mismatch, NextCode};
use store::Link;

/// Why a link did not open or an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The link does not exist, has expired or was withdrawn.
    #[error("this link does not open anything any more")]
    LinkGone,
    /// Too many codes were asked for within the hour.
    #[error("too many codes were asked for")]
    TooManyCodes,
    /// The link has had the codes of a day or of its whole life; the town has to send a new one.
    #[error("this link gives no more codes")]
    LinkSpent,
    /// The delivery was answered before, differently.
    #[error("the delivery was already answered")]
    AlreadyAnswered,
    /// A unit that is not in this delivery.
    #[error("unit {0} is not in this delivery")]
    NotOfThisDelivery(UnitId),
    /// A unit of it was settled otherwise since the page was opened: look again.
    #[error("unit {0} no longer waits for an answer")]
    Stale(UnitId),
    /// A unit did not move.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AcceptError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::LinkGone => Code::LinkGone,
            Self::TooManyCodes => Code::TooManyTries,
            Self::LinkSpent => Code::LinkSpent,
            Self::AlreadyAnswered => Code::AlreadyAnswered,
            Self::NotOfThisDelivery(_) => Code::NotOfThisOrder,
            Self::Stale(_) => Code::Stale,
            Self::Unit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

impl From<Mismatch> for AcceptError {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::Foreign(unit) => Self::NotOfThisDelivery(unit),
            Mismatch::Settled(unit) => Self::Stale(unit),
            Mismatch::Unanswered(unit) => {
                Invalid::field(&format!("units.{unit}.answer"), Code::Required).into()
            }
        }
    }
}

/// Makes a link for a delivery; gives what its secret is derived from.
pub(crate) fn issue_link(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    delivery: DeliveryId,
    inspect_until: NaiveDate,
) -> Result<(LinkId, DateTime<Utc>), DbError> {
    let link = store::draw_id(tx)?;
    let issued_at = tx.now();
    let secret = link_secret(key, tx.organization(), link, issued_at);
    store::insert(tx, link, delivery, &secret.hash(), model::link_expiry(inspect_until))?;
    Ok((link, issued_at))
}

/// Ends the links of a delivery, for its log too; `false` where none was open.
pub(crate) fn withdraw_links(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<bool, DbError> {
    let was_open = opens_until(tx, delivery)?.is_some();
    if was_open {
        revoke_of_delivery(tx, delivery)?;
        store::note(tx, delivery, AccessKind::Withdrawn)?;
    }
    Ok(was_open)
}

/// Notes for a delivery's log that its client is mailed once more.
pub(crate) fn note_reminder(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<(), DbError> {
    store::note(tx, delivery, AccessKind::Reminded)
}

/// The language of the contact a link was sent to.
pub fn language(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Language, AcceptError> {
    let delivery = usable(tx, secret)?.delivery_id;
    let contact = deliveries::find(tx, delivery)?.contact_id;
    Ok(clients::contacts::find(tx, contact)?.language)
}

/// Shows the delivery behind a link, and notes that it was looked at: once an hour for each link.
pub fn open_link(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<ClientView, AcceptError> {
    let link = usable(tx, secret)?;
    let since = link.created_at.max(tx.now() - model::ONE_LOOK);
    if !lists::opened_since(tx, link.delivery_id, since)? {
        store::note(tx, link.delivery_id, AccessKind::Opened)?;
    }
    Ok(lists::client_view(tx, link.delivery_id)?)
}

/// A file of one unit of the delivery behind a link, and notes that it was downloaded.
pub fn download(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    unit: UnitId,
    file: FileId,
) -> Result<StoredFile, AcceptError> {
    let link = usable(tx, secret)?;
    if !lists::holds(tx, link.delivery_id, unit, file)? {
        return Err(DbError::NotFound.into());
    }
    let file = files::find(tx, file)?;
    store::note(tx, link.delivery_id, AccessKind::Downloaded)?;
    Ok(file)
}

/// The delivery that a link opens.
pub(crate) fn delivery_behind(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<DeliveryId, AcceptError> {
    Ok(usable(tx, secret)?.delivery_id)
}

/// The delivery behind a link with all its files, and notes that they were downloaded.
pub fn download_all(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
) -> Result<(ClientView, HashMap<FileId, StoredFile>), AcceptError> {
    let link = usable(tx, secret)?;
    let view = lists::client_view(tx, link.delivery_id)?;
    let files: Vec<FileId> = view.units.iter().flat_map(|unit| &unit.files).map(|file| file.file).collect();
    let stored = files::find_many(tx, &files)?.into_iter().collect();
    store::note(tx, link.delivery_id, AccessKind::Downloaded)?;
    Ok((view, stored))
}

/// Asks for a code by mail: six digits, ten minutes, five tries. An earlier code no longer counts. How many there are
/// is limited by hour, day and link, so that nobody guesses one ([`AcceptError::LinkSpent`]).
pub fn request_code(tx: &mut Tx<'_>, key: &LinkKey, secret: &OrgSecret) -> Result<(), AcceptError> {
    let delivery = usable(tx, secret)?.delivery_id;
    // Held before its link, as an answer does it: two links of one delivery cannot both take the last code.
    let delivery = deliveries::store::hold(tx, delivery)?;
    let link = held(tx, secret)?;
    if delivery.state == DeliveryState::Answered {
        return Err(AcceptError::AlreadyAnswered);
    }
    let now = tx.now();
    match CODE_LIMITS.next(lists::codes_sent(tx, delivery.id, link.created_at)?) {
        NextCode::Goes => {}
        NextCode::Wait => return Err(AcceptError::TooManyCodes),
        NextCode::Spent => return Err(AcceptError::LinkSpent),
    }
    let code = mailed_code(key, tx.organization(), link.id, now);
    let expires_at = now + CODE_LIFE;
    store::set_code(tx, link.id, &model::code_digest(secret, &code), expires_at)?;
    store::note(tx, delivery.id, AccessKind::CodeSent)?;
    let order = orders::find(tx, delivery.order_id)?;
    let language = clients::contacts::find(tx, delivery.contact_id)?.language;
    awaited::record(
        tx,
        AcceptCodeRequested {
            delivery: delivery.id,
            link: link.id,
            issued_at: now,
            expires_at,
            contact: delivery.contact_id,
            order_title: order.title,
            language,
        },
    )?;
    Ok(())
}

/// Keeps what was chosen and typed, without the code, for when the client is back with it. Called when a code is asked
/// for; gone once the delivery is answered.
pub fn keep_typed(tx: &mut Tx<'_>, secret: &OrgSecret, typed: &AnswerInput) -> Result<(), AcceptError> {
    let link = held(tx, secret)?;
    let typed = AnswerInput { code: Typed::default(), ..typed.clone() };
    let json = serde_json::to_string(&typed)
        .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
        .map_err(DbError::from)?;
    Ok(store::set_typed(tx, link.id, &json)?)
}

/// How far the answer through a link has come; looking changes nothing.
pub fn answering(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Answering, AcceptError> {
    let link = usable(tx, secret)?;
    let asked = link.code_hash.as_ref().and(link.code_expires_at);
    Ok(Answering {
        code: asked.map(|expires_at| AskedCode { expires_at, counts: link.code_counts(tx.now()) }),
        // What an older program wrote otherwise is not worth an error page.
        typed: link.typed_answer.and_then(|json| serde_json::from_str(&json).ok()),
    })
}

/// Takes the client's answer to every waiting unit at once: accepted ones are done, the others wait for coordination to
/// decide about them, and the order closes when nothing is left. The same answer again gives the
/// same receipt; another one is refused.
pub fn answer(tx: &mut Tx<'_>, secret: &OrgSecret, input: AnswerInput) -> Result<Answer, AcceptError> {
    let fields = input.checked()?;
    let delivery = usable(tx, secret)?.delivery_id;
    let order = deliveries::find(tx, delivery)?.order_id;
    let order = orders::hold(tx, order)?;
    let delivery = deliveries::store::hold(tx, delivery)?;
    let link = held(tx, secret)?;
    let delivered = deliveries::units(tx, delivery.id)?;
    if delivery.state == DeliveryState::Answered {
        if !fields.is_the_same(delivery.answered_name.as_deref(), &delivered) {
            return Err(AcceptError::AlreadyAnswered);
        }
        return Ok(Answer::Taken(receipt(&order, &delivery, &fields)?));
    }
    fields.against(&delivered)?;
    if let Some(refused) = refuse_code(tx, secret, &link, &fields.code)? {
        return Ok(refused);
    }
    let settled =
        Settled { name: Some(&fields.name), answers: &fields.units, link: (link.id, link.created_at) };
    let delivery = settle(tx, &order, &delivery, &delivered, &settled)?;
    Ok(Answer::Taken(receipt(&order, &delivery, &fields)?))
}

/// The link, if it still opens.
fn usable(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Link, AcceptError> {
    let link = store::find_by_hash(tx, &secret.hash())?;
    still_open(tx, link)
}

/// [`usable`], locked.
fn held(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Link, AcceptError> {
    let link = store::lock_by_hash(tx, &secret.hash())?;
    still_open(tx, link)
}

fn still_open(tx: &Tx<'_>, link: Option<Link>) -> Result<Link, AcceptError> {
    let now = tx.now();
    link.filter(|link| link.revoked_at.is_none() && link.expires_at > now).ok_or(AcceptError::LinkGone)
}

/// `None` for the right code. A wrong one costs a try, which the caller's commit makes stay.
fn refuse_code(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    link: &Link,
    code: &str,
) -> Result<Option<Answer>, DbError> {
    let Some(expected) = link.code_hash.as_ref().filter(|_| link.code_counts(tx.now())) else {
        return Ok(Some(Answer::NoCode));
    };
    if *expected == model::code_digest(secret, code) {
        return Ok(None);
    }
    store::count_try(tx, link.id)?;
    Ok(Some(Answer::WrongCode { tries_left: MOST_TRIES - link.code_tries - 1 }))
}

/// An answer to be written down.
struct Settled<'a> {
    /// Who gave it; none where silence did.
    name: Option<&'a str>,
    answers: &'a Answers,
    /// The link it came by, with when that was made.
    link: (LinkId, DateTime<Utc>),
}

fn settle(
    tx: &mut Tx<'_>,
    order: &Order,
    delivery: &Delivery,
    delivered: &[DeliveredUnit],
    settled: &Settled<'_>,
) -> Result<Delivery, AcceptError> {
    let accepted = model::answered_with(settled.answers, ClientAnswer::Accepted);
    units::store::advance(tx, Which::These(&accepted), UnitState::Delivered, Move::Accept, Mark::default())?;
    claims::store::end(tx, Which::These(&accepted), EndKind::Completed)?;
    let fixes = claim_back(tx, delivered, settled.answers)?;
    store::set_answers(tx, delivery.id, settled.answers)?;
    store::spend_codes(tx, delivery.id)?;
    let kind = settled.name.map_or(AccessKind::Silence, |_name| AccessKind::Answered);
    store::note(tx, delivery.id, kind)?;
    let answered = deliveries::store::set_answered(tx, delivery.id, settled.name)?;
    let language = clients::contacts::find(tx, delivery.contact_id)?.language;
    queue::record(
        tx,
        &DeliveryAnswered {
            delivery: delivery.id,
            number: delivery.number,
            order: order.id,
            order_title: order.title.clone(),
            link: settled.link.0,
            link_issued_at: settled.link.1,
            answered_at: tx.now(),
            contact: delivery.contact_id,
            name: settled.name.map(str::to_owned),
            accepted: i64::try_from(accepted.len()).unwrap_or(i64::MAX),
            fixes,
            sent_by: delivery.sent_by,
            language,
        },
    )?;
    orders::count_answer(tx, order, delivery.id)?;
    orders::settle(tx, order)?;
    Ok(answered)
}

/// Units the client wants mended wait for coordination to decide ([`crate::fixes::decide`]).
fn claim_back(
    tx: &mut Tx<'_>,
    delivered: &[DeliveredUnit],
    answers: &Answers,
) -> Result<Vec<Fix>, AcceptError> {
    let mut fixes = Vec::new();
    for (id, (answer, note)) in answers {
        if *answer == ClientAnswer::Accepted {
            continue;
        }
        let which = Which::These(std::slice::from_ref(id));
        let wish = Mark { note, ..Mark::default() };
        units::store::advance(tx, which, UnitState::Delivered, Move::ClaimBack, wish)?;
        let label = delivered.iter().find(|unit| unit.unit == *id).map(|unit| unit.label.clone());
        let unit = units::find(tx, *id)?;
        let job = jobs::find(tx, unit.job_id)?;
        fixes.push(Fix {
            unit: *id,
            label: label.unwrap_or_default(),
            job_title: job.title,
            person: unit.holder_id.ok_or(DbError::NotFound)?,
            note: note.clone(),
        });
    }
    Ok(fixes)
}

fn receipt(order: &Order, delivery: &Delivery, fields: &AnswerFields) -> Result<Receipt, DbError> {
    Ok(Receipt {
        delivery: delivery.id,
        number: delivery.number,
        order_title: order.title.clone(),
        name: fields.name.clone(),
        answered_at: delivery.answered_at.ok_or(DbError::NotFound)?,
        accepted: fields.with(ClientAnswer::Accepted).len(),
        fixes: fields.with(ClientAnswer::Fix).len(),
    })
}
