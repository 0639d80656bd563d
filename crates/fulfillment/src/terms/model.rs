//! What the written terms must say, and their digest. No database here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Code, FieldProblem, Invalid, JobId, Language, Typed, WorkerId, Yen, text_enum};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::orders::ReEntrusted;

kernel::id!(
    /// One frozen terms notice (取引条件明示).
    TermsNoticeId
);

text_enum!(
    /// An item that the law wants named and that somebody has to enter (Freelance Act art. 3; MHLW guideline for
    /// self-employed telework, the twelve items).
    TermsItem {
        /// The orderer's name.
        OrdererName = "orderer_name",
        /// The orderer's address.
        OrdererAddress = "orderer_address",
        /// Where to ask: a mail address or a phone number of the orderer.
        OrdererContact = "orderer_contact",
        /// The worker's name.
        WorkerName = "worker_name",
        /// What is to be done.
        Work = "work",
        /// Of re-entrusted work: the original client's name.
        OriginalClient = "original_client",
        /// Of re-entrusted work: the day on which the original client pays.
        OriginalPayOn = "original_pay_on",
    }
);

/// Everything a terms notice says that is not the same for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsFacts {
    /// The town's legal name.
    pub orderer_name: String,
    /// Its postal address.
    pub orderer_address: String,
    /// Its mail address.
    pub orderer_email: String,
    /// Its phone number.
    pub orderer_phone: String,
    /// The worker's name.
    pub worker_name: String,
    /// The day of the order.
    pub ordered_on: NaiveDate,
    /// What the job is called.
    pub job_title: String,
    /// How it is to be done.
    pub rules: String,
    /// Which version of the job's rules that is.
    pub rules_number: i32,
    /// How many units.
    pub units: i64,
    /// How long one usually takes.
    pub unit_minutes: i32,
    /// Pay for one, before tax.
    pub unit_pay: Yen,
    /// Pay for all, before tax.
    pub total: Yen,
    /// The last day work is received.
    pub work_due_on: NaiveDate,
    /// How many business days after receipt it is inspected.
    pub inspect_days: i16,
    /// The day by which work received on the last day is inspected.
    pub inspected_by: NaiveDate,
    /// How many people look at it, one after the other: 1 or 2.
    pub review_levels: i16,
    /// The day of the month after receipt on which it is paid.
    pub pay_day: i16,
    /// When work received on the last day is paid.
    pub pay_on: NaiveDate,
    /// How many days it is kept for the worker without a sign of theirs.
    pub keep_days: i16,
    /// The day of the terms whose deadline these move; none where nothing was agreed before.
    pub replaces: Option<NaiveDate>,
    /// From whom the work is re-entrusted and when that one pays; none for any other work.
    pub re_entrusted: Option<ReEntrusted>,
    /// The one day on which re-entrusted work is paid.
    pub fixed_pay_on: Option<NaiveDate>,
}

impl TermsFacts {
    /// The items that are still empty.
    pub fn missing(&self) -> Vec<TermsItem> {
        let orderer = Orderer {
            name: &self.orderer_name,
            address: &self.orderer_address,
            email: &self.orderer_email,
            phone: &self.orderer_phone,
        };
        let mut missing = orderer.missing(self.re_entrusted.as_ref());
        let own = [
            (TermsItem::WorkerName, self.worker_name.is_empty()),
            (TermsItem::Work, self.job_title.is_empty() || self.rules.is_empty()),
        ];
        missing.extend(own.into_iter().filter_map(|(item, empty)| empty.then_some(item)));
        missing
    }
}

/// Who orders the work, as the terms name them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orderer<'a> {
    pub(super) name: &'a str,
    pub(super) address: &'a str,
    pub(super) email: &'a str,
    pub(super) phone: &'a str,
}

impl Orderer<'_> {
    /// What is empty of them and of whom they have the work from: whoever would do it, and whichever job it is.
    pub(super) fn missing(self, from: Option<&ReEntrusted>) -> Vec<TermsItem> {
        let items = [
            (TermsItem::OrdererName, self.name.is_empty()),
            (TermsItem::OrdererAddress, self.address.is_empty()),
            (TermsItem::OrdererContact, self.email.is_empty() && self.phone.is_empty()),
            (TermsItem::OriginalClient, from.is_some_and(|from| from.original_client.is_empty())),
            (TermsItem::OriginalPayOn, from.is_some_and(|from| from.original_pay_on.is_none())),
        ];
        items.into_iter().filter_map(|(item, empty)| empty.then_some(item)).collect()
    }
}

/// The missing items as field problems, so that an answer names every one of them.
pub(super) fn incomplete(items: &[TermsItem]) -> Invalid {
    Invalid(items.iter().map(|item| FieldProblem::new(item.as_str(), Code::Required)).collect())
}

/// SHA-256 of a notice's text: what a worker accepts is exactly what is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermsDigest([u8; 32]);

impl TermsDigest {
    /// Of a text.
    pub fn of(body: &str) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// Of a file.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads what a form sent back; `None` for anything that is no digest.
    pub(crate) fn read(typed: &Typed) -> Option<Self> {
        typed.as_str().trim().parse().ok()
    }

    pub(crate) fn bytes(self) -> [u8; 32] {
        self.0
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for TermsDigest {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// No 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a digest of 64 hexadecimal digits")]
pub struct NotADigest;

impl FromStr for TermsDigest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotADigest);
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(index * 2..index * 2 + 2).ok_or(NotADigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_not_hexadecimal| NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for TermsDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for TermsDigest {
    fn schema_name() -> Cow<'static, str> {
        "TermsDigest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "SHA-256 of the terms' text in hexadecimal digits.",
            "pattern": "^[0-9a-f]{64}$",
        })
    }
}

/// Terms as they would be frozen if they were accepted today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Terms {
    /// The language they are written in.
    pub language: Language,
    /// How many units they are about.
    pub units: i64,
    /// The text, to be shown and printed as it stands.
    pub body: String,
    /// What the worker's acceptance has to name.
    pub sha256: TermsDigest,
    /// Which version of the job's rules they name.
    pub rules_number: i32,
}

/// Terms as they were accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TermsNotice {
    /// The notice.
    pub id: TermsNoticeId,
    /// The job.
    pub job_id: JobId,
    /// Who accepted them.
    pub worker_id: WorkerId,
    /// How many units they are about.
    pub units: i32,
    /// The language they are written in.
    pub language: Language,
    /// The text.
    pub body: String,
    /// Its digest.
    pub sha256: TermsDigest,
    /// When they were accepted and issued.
    pub issued_at: DateTime<Utc>,
    /// Which version of the job's rules they name.
    pub rules_number: i32,
}

/// Where a page of notices ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsKey(pub TermsNoticeId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_and_nothing_else_does() {
        let digest = TermsDigest::of("条件");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for text in ["", "00", &"é".repeat(32), &"+1".repeat(32)] {
            assert!(text.parse::<TermsDigest>().is_err(), "{text}");
        }
    }
}
