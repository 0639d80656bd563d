//! What statements tell.

use chrono::NaiveDate;
use kernel::{PersonId, Yen};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::StatementId;

/// A statement, or a newer version of one, was issued to its worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementIssued {
    /// The statement.
    pub statement: StatementId,
    /// Which version.
    pub version: i32,
    /// Its worker.
    pub person: PersonId,
    /// Everything on it was received by this day.
    pub closed_on: NaiveDate,
    /// When it is paid.
    pub pay_on: NaiveDate,
    /// What is transferred.
    pub payable: Yen,
}

impl Event for StatementIssued {
    const KIND: &'static str = "statement.issued";
}

/// A worker thinks that a statement is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementObjected {
    /// The statement.
    pub statement: StatementId,
    /// Which version.
    pub version: i32,
    /// Its worker.
    pub person: PersonId,
    /// What they write.
    pub objection: String,
    /// When it is paid.
    pub pay_on: NaiveDate,
}

impl Event for StatementObjected {
    const KIND: &'static str = "statement.objected";
}

/// Payments whose day is near or has passed, and pay that nobody has closed although its day is near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentsNear {
    /// The earliest of their days.
    pub pay_on: NaiveDate,
    /// How many statements.
    pub statements: i64,
    /// What they come to.
    pub payable: Yen,
    /// What stands on no statement yet, before tax.
    pub unclosed: Yen,
    /// How many units were received and wait for review although their day of payment is near; an event from before says nothing.
    #[serde(default)]
    pub unchecked_units: i64,
    /// What they pay, before tax.
    #[serde(default)]
    pub unchecked: Yen,
}

impl Event for PaymentsNear {
    const KIND: &'static str = "payments.near";
}
