//! What questions of clients tell.

use chrono::{DateTime, Utc};
use kernel::{CompanyId, ContactId, DeliveryId};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::ClientQuestionId;
use crate::acceptance::LinkId;

/// A client asked something about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientAsked {
    /// The question.
    pub question: ClientQuestionId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// What its order is called.
    pub order_title: String,
    /// The client.
    pub company: CompanyId,
    /// Who asked, as they typed themselves.
    pub name: String,
    /// What they asked.
    pub text: String,
}

impl Event for ClientAsked {
    const KIND: &'static str = "delivery.asked";
}

/// The town answered a client's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientReplied {
    /// The question.
    pub question: ClientQuestionId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// What its order is called.
    pub order_title: String,
    /// Whom the delivery was sent to.
    pub contact: ContactId,
    /// The link that opens it, with when that was made.
    pub link: (LinkId, DateTime<Utc>),
    /// What was asked.
    pub text: String,
    /// What was answered.
    pub answer: String,
}

impl Event for ClientReplied {
    const KIND: &'static str = "delivery.replied";
}
