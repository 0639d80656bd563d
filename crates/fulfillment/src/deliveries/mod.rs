//! Deliveries (納品): units that passed review, put before the client with a link.
//!
//! Invariant: a delivery holds only units that passed with the very version it names, here and by the trigger
//! `delivery_units_reviewed`; a unit that brings the client nothing goes out only where that was said explicitly.

mod inspection;
mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use accounts::LinkKey;
use chrono::NaiveDate;
use clients::Contact;
use db::{DbError, Tx};
use kernel::{Code, Coded, DeliveryId, FieldProblem, Invalid, OrderId, UnitId};

pub use inspection::{Faults, Inspection, Method, Rate, Sample, inspected};
pub use lists::{counted_of_order, find, list, of_order, share, units, waiting, wishes};
pub use model::{
    ClientWish, DeliverInput, DeliveredUnit, Delivery, DeliveryKey, DeliveryState, DeliverySummary,
    SentUnits, Share, WishKey,
};

use crate::acceptance;
use crate::events::{DeliveryReminded, DeliverySent};
use crate::jobs;
use crate::orders::{self, Order, OrderState};
use crate::units::store::{Mark, Which};
use crate::units::{Move, UnitError, UnitState};
use model::DeliverFields;
pub(crate) use store::{count_of_contact, move_contact};

/// Why a delivery was not sent.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The order is not running.
    #[error("the order is {0}")]
    OrderNotRunning(OrderState),
    /// No unit has passed.
    #[error("no unit of this order is ready to be delivered")]
    NothingReady,
    /// One of the units has not passed review.
    #[error("unit {0} has not passed review")]
    Unreviewed(UnitId),
    /// The unit lies before the client already.
    #[error("unit {0} has been delivered")]
    Delivered(UnitId),
    /// One of the units is another order's.
    #[error("unit {0} is not one of this order's")]
    NotOfThisOrder(UnitId),
    /// The client has answered already.
    #[error("the delivery was already answered")]
    AlreadyAnswered,
    /// No link of it is open that could be withdrawn or sent again.
    #[error("the delivery has no open link")]
    NoOpenLink,
    /// The client was mailed less than a day ago.
    #[error("the client was mailed less than a day ago")]
    MailedLately,
    /// A unit did not move.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for DeliveryError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OrderNotRunning(_) | Self::NothingReady | Self::NoOpenLink | Self::Delivered(_) => {
                Code::Conflict
            }
            Self::MailedLately => Code::TooManyTries,
            Self::Unreviewed(_) => Code::UnreviewedUnit,
            Self::NotOfThisOrder(_) => Code::NotOfThisOrder,
            Self::AlreadyAnswered => Code::AlreadyAnswered,
            Self::Unit(error) => error.code(),
            Self::Db(error) if error.violates("delivery_units_reviewed") => Code::UnreviewedUnit,
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

/// Bundles passed units, puts them before the client and asks for the mail with the link. At most a thousand units
/// at a time; the others stay passed for the next delivery.
pub fn assemble(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    order: OrderId,
    input: DeliverInput,
) -> Result<Delivery, DeliveryError> {
    let fields = input.checked()?;
    let sender = crate::acting_person(tx)?;
    let order = orders::hold(tx, order)?;
    if order.state != OrderState::Running {
        return Err(DeliveryError::OrderNotRunning(order.state));
    }
    let contact = addressee(tx, &order, &fields)?;
    let units = ready(tx, &order, &input.unit_ids)?;
    if !fields.allow_empty && !lists::without_result(tx, Which::These(&units))?.is_empty() {
        return Err(Invalid::field("allow_empty", Code::EmptyUnit).into());
    }
    let inspection = inspection(tx, &order, &units)?;
    let delivery = store::insert(tx, order.id, contact.id, &fields.message, inspection, sender)?;
    store::insert_units(tx, delivery.id, &units)?;
    crate::units::store::advance(
        tx,
        Which::These(&units),
        UnitState::Passed,
        Move::Deliver,
        Mark::default(),
    )?;
    send(tx, key, &order, &delivery, &contact, units.len())?;
    Ok(delivery)
}

/// Makes a new link for a delivery that waits for its answer, ends the old ones, and asks for the mail once more.
pub fn send_again(tx: &mut Tx<'_>, key: &LinkKey, id: DeliveryId) -> Result<(), DeliveryError> {
    let order = find(tx, id)?.order_id;
    let order = orders::hold(tx, order)?;
    let delivery = store::hold(tx, id)?;
    if delivery.state == DeliveryState::Answered {
        return Err(DeliveryError::AlreadyAnswered);
    }
    if order.state != OrderState::Running {
        return Err(DeliveryError::OrderNotRunning(order.state));
    }
    let contact = clients::contacts::find(tx, delivery.contact_id)?;
    let count = units(tx, id)?.len();
    acceptance::revoke_of_delivery(tx, id)?;
    send(tx, key, &order, &delivery, &contact, count)
}

/// Mails the client the same link once more, at most once a day: whoever has not answered may have lost the mail, and a
/// link they kept must not stop working by it.
pub fn remind(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Delivery, DeliveryError> {
    let order = find(tx, id)?.order_id;
    let order = orders::hold(tx, order)?;
    let delivery = store::hold(tx, id)?;
    if delivery.state == DeliveryState::Answered {
        return Err(DeliveryError::AlreadyAnswered);
    }
    if order.state != OrderState::Running {
        return Err(DeliveryError::OrderNotRunning(order.state));
    }
    let (link, link_issued_at) = acceptance::open_link_of(tx, id)?.ok_or(DeliveryError::NoOpenLink)?;
    let mailed_at = acceptance::mailed_at(tx, id)?;
    if mailed_at.is_some_and(|at| tx.now() < at + model::BETWEEN_MAILS) {
        return Err(DeliveryError::MailedLately);
    }
    acceptance::note_reminder(tx, id)?;
    let count = units(tx, id)?.len();
    let language = clients::contacts::find(tx, delivery.contact_id)?.language;
    queue::record(
        tx,
        &DeliveryReminded {
            delivery: id,
            number: delivery.number,
            order: order.id,
            link,
            link_issued_at,
            contact: delivery.contact_id,
            order_title: order.title,
            count: i64::try_from(count).unwrap_or(i64::MAX),
            sent_at: delivery.sent_at,
            inspect_until: delivery.inspect_until,
            silence_accepts: delivery.silence_accepts,
            language,
        },
    )?;
    Ok(delivery)
}

/// Withdraws a delivery's link, answered or not: it went to somebody it should not have reached. Whoever opens it now
/// is told that it does not work; [`send_again`] makes a new one while the delivery waits for its answer.
pub fn withdraw_link(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Delivery, DeliveryError> {
    let delivery = store::hold(tx, id)?;
    if !acceptance::withdraw_links(tx, id)? {
        return Err(DeliveryError::NoOpenLink);
    }
    Ok(delivery)
}

/// The passed units of an order that bring neither a file nor a text: [`assemble`] asks before they go out.
pub fn without_result(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<UnitId>, DbError> {
    lists::without_result(tx, Which::OfOrder(order))
}

/// Until when the client looks at units: as long as their jobs say, and as the terms say that held when it was ordered, where that is
/// longer; and whether silence accepts them after that, which only those terms can say.
fn inspection(tx: &mut Tx<'_>, order: &Order, units: &[UnitId]) -> Result<(NaiveDate, bool), DbError> {
    let today = crate::today(tx);
    let by_jobs = jobs::business_days_after(today, lists::longest_inspection(tx, units)?);
    let agreed = orders::terms(tx, order)?;
    let Some(terms) = agreed else { return Ok((by_jobs, false)) };
    let days = terms.inspection_days.and_then(|days| u64::try_from(days).ok());
    let by_terms = days.map(|days| jobs::plus(today, days));
    Ok((by_terms.map_or(by_jobs, |until| until.max(by_jobs)), terms.silence_accepts))
}

/// The order's own contact or the one named: somebody of the client's whom mail can reach.
fn addressee(tx: &mut Tx<'_>, order: &Order, fields: &DeliverFields) -> Result<Contact, DeliveryError> {
    let refused = |code| DeliveryError::Invalid(Invalid::field("contact_id", code));
    let id = fields.contact_id.or(order.contact_id).ok_or_else(|| refused(Code::Required))?;
    let contact = match clients::contacts::find(tx, id) {
        Err(DbError::NotFound) => return Err(refused(Code::UnknownChoice)),
        found => found?,
    };
    if contact.company_id != order.company_id {
        return Err(refused(Code::UnknownChoice));
    }
    if contact.email.is_none() {
        return Err(refused(Code::NotAnEmail));
    }
    Ok(contact)
}

/// The units to deliver, locked: those named, each of which must have passed, or all that have.
fn ready(tx: &mut Tx<'_>, order: &Order, named: &[UnitId]) -> Result<Vec<UnitId>, DeliveryError> {
    if named.is_empty() {
        let passed = store::lock_passed(tx, order.id, model::MOST_UNITS)?;
        return if passed.is_empty() { Err(DeliveryError::NothingReady) } else { Ok(passed) };
    }
    let mut named = named.to_vec();
    named.sort_unstable();
    named.dedup();
    if i64::try_from(named.len()).unwrap_or(i64::MAX) > model::MOST_UNITS {
        return Err(
            Invalid(vec![FieldProblem::bounded("unit_ids", Code::OutOfRange, model::MOST_UNITS)]).into()
        );
    }
    let found = store::lock_named(tx, order.id, &named)?;
    for id in &named {
        match found.iter().find(|(found, _)| found == id) {
            None => return Err(DeliveryError::NotOfThisOrder(*id)),
            Some((_, UnitState::Passed)) => {}
            Some((_, UnitState::Delivered | UnitState::Accepted | UnitState::ClaimedBack)) => {
                return Err(DeliveryError::Delivered(*id));
            }
            Some(_) => return Err(DeliveryError::Unreviewed(*id)),
        }
    }
    Ok(named)
}

fn send(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    order: &Order,
    delivery: &Delivery,
    contact: &Contact,
    count: usize,
) -> Result<(), DeliveryError> {
    let (link, link_issued_at) = acceptance::issue_link(tx, key, delivery.id, delivery.inspect_until)?;
    let share = share(tx, order.id)?;
    queue::record(
        tx,
        &DeliverySent {
            delivery: delivery.id,
            number: delivery.number,
            order: order.id,
            link,
            link_issued_at,
            contact: contact.id,
            order_title: order.title.clone(),
            message: delivery.message.clone(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            share,
            inspect_until: delivery.inspect_until,
            silence_accepts: delivery.silence_accepts,
            language: contact.language,
        },
    )?;
    Ok(())
}
