//! What the workforce tells the others. Field names and kinds are stored with each event: they never change.

use kernel::{PersonId, WorkerId};
use queue::Event;
use serde::{Deserialize, Serialize};

use crate::bookings::BookingId;
use crate::care_requests::CareRequestId;
use crate::harassment::ReportId;

/// Somebody booked a place of the centre for somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingMade {
    /// What was booked.
    pub booking: BookingId,
    /// For whom.
    pub person: PersonId,
    /// By whom.
    pub by: PersonId,
}

impl Event for BookingMade {
    const KIND: &'static str = "centre.booked";
}

/// Somebody cancelled what somebody else had booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingCancelled {
    /// What had been booked.
    pub booking: BookingId,
    /// Whose it was.
    pub person: PersonId,
    /// Who cancelled it.
    pub by: PersonId,
    /// Why the centre is closed; empty where it was cancelled for another reason.
    pub note: String,
}

impl Event for BookingCancelled {
    const KIND: &'static str = "centre.cancelled";
}

/// A worker entered, changed or took away the account their pay goes to. What it was and is stands nowhere in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccountChanged {
    /// The worker.
    pub worker: WorkerId,
    /// The same as a person.
    pub person: PersonId,
}

impl Event for BankAccountChanged {
    const KIND: &'static str = "worker.bank-account-changed";
}

/// A worker asked for consideration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareAsked {
    /// What they asked.
    pub request: CareRequestId,
    /// Who.
    pub worker: WorkerId,
}

impl Event for CareAsked {
    const KIND: &'static str = "care.asked";
}

/// A request for consideration was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareAnswered {
    /// What was asked.
    pub request: CareRequestId,
    /// Who had asked, as a person.
    pub person: PersonId,
}

impl Event for CareAnswered {
    const KIND: &'static str = "care.answered";
}

/// Something was said at the desk for harassment. By whom and what stands nowhere in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSaid {
    /// The report.
    pub report: ReportId,
    /// Whom it waits for.
    pub to: Vec<PersonId>,
}

impl Event for ReportSaid {
    const KIND: &'static str = "desk.said";
}
