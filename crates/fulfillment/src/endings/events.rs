//! What endings tell.

use chrono::NaiveDate;
use kernel::PersonId;
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::{EndingException, EndingId};

/// Somebody was told that their work ends, or asked why and was told the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingNoticed {
    /// The notice.
    pub notice: EndingId,
    /// Whom it is to.
    pub person: PersonId,
    /// The day of the notice.
    pub noticed_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Why it may be sooner than thirty days after the notice.
    pub exception: Option<EndingException>,
    /// The reason; empty where it is told only when they ask.
    pub reason: String,
    /// Whether they had asked for it.
    pub was_asked: bool,
}

impl Event for EndingNoticed {
    const KIND: &'static str = "ending.noticed";
}
