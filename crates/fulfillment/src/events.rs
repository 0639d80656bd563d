//! The facts this crate states. Each carries what its readers need and no secret: links and codes are derived from
//! the server's key by whoever mails them ([`crate::acceptance::link_secret`], [`crate::acceptance::mailed_code`]).

use accounts::awaited::Awaited;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AssignmentId, CompanyId, ContactId, DealId, DeliveryId, JobId, Language, OrderId, PersonId, SubmissionId,
    UnitId, WorkerId, Yen,
};
use queue::Event;
use serde::{Deserialize, Serialize};

use crate::acceptance::LinkId;
pub use crate::appeals::events::{AppealDecided, AppealMade};
pub use crate::claims::events::{ClaimExpired, ClaimRests, UnitHandedBack};
pub use crate::client_questions::events::{ClientAsked, ClientReplied};
use crate::deliveries::Share;
pub use crate::endings::events::EndingNoticed;
pub use crate::fixes::events::FixDecided;
pub use crate::hand_overs::events::{HandOverDecided, UnitHandedOver};
pub use crate::invoice_sendings::events::{InvoiceSent, SentCredit};
pub use crate::orders::events::OrderWithdrawn;
pub use crate::partners::events::PartnerHeard;
pub use crate::questions::events::{QuestionAnswered, QuestionAsked, QuestionWaits};
pub use crate::repeats::events::RepeatWished;
pub use crate::reviews::events::{UnitPassed, UnitRejected, UnitReturned};
pub use crate::rounds::events::{PoolStands, StandsBecause};
pub use crate::rules::events::RulesChanged;
pub use crate::shares::events::{ShareHeard, ShareNews};
pub use crate::statements::events::{PaymentsNear, StatementIssued, StatementObjected};
use crate::terms::TermsNoticeId;
use crate::units::CancelFault;

/// A won deal became an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderOpened {
    /// The order.
    pub order: OrderId,
    /// The deal it came from.
    pub deal: DealId,
    /// The client.
    pub company: CompanyId,
    /// What it is called.
    pub title: String,
    /// What it is worth, before tax.
    pub amount: Yen,
    /// When the client wants it.
    pub due_on: NaiveDate,
}

impl Event for OrderOpened {
    const KIND: &'static str = "order.opened";
}

/// A job was put before workers whom it fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOffered {
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// What it is called.
    pub title: String,
    /// How many units wait.
    pub units: i64,
    /// Pay for one unit, before tax.
    pub unit_pay: Yen,
    /// How long one unit usually takes.
    pub unit_minutes: i32,
    /// When the work is due.
    pub work_due_on: NaiveDate,
    /// When work is paid that is handed in on that day; earlier work is paid no later.
    pub pay_on: NaiveDate,
    /// Whom it was put before with this event; earlier ones are not repeated.
    pub workers: Vec<(WorkerId, PersonId)>,
    /// How many units lie before each of them, where the job is offered in turn; empty where all may take of all.
    #[serde(default)]
    pub portions: Vec<(PersonId, i64)>,
    /// By when they answer, where the job is offered in turn.
    #[serde(default)]
    pub answer_by: Option<DateTime<Utc>>,
}

impl Event for JobOffered {
    const KIND: &'static str = "job.offered";
}

/// The deadline of a job moved to a later day. Those who hold units are asked whether they accept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobExtended {
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// What it is called.
    pub title: String,
    /// The day before.
    pub from: NaiveDate,
    /// The day after.
    pub to: NaiveDate,
    /// Why; may be empty.
    pub note: String,
    /// Who holds units that are not handed in.
    pub people: Vec<PersonId>,
}

impl Event for JobExtended {
    const KIND: &'static str = "job.extended";
}

/// A holder accepted a moved deadline. The mail about it is a legal notice, as with [`UnitsClaimed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionAccepted {
    /// The units it is about.
    pub units: Vec<UnitId>,
    /// Who.
    pub person: PersonId,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// The frozen terms ([`crate::terms::find`]).
    pub terms_notice: TermsNoticeId,
    /// The new last day.
    pub due_on: NaiveDate,
}

impl Event for ExtensionAccepted {
    const KIND: &'static str = "extension.accepted";
}

/// Somebody accepted the written terms and promised to do units. The mail about it is a legal notice: its text is
/// the terms notice's own (Freelance Act art. 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsClaimed {
    /// One per unit, in the order of `units`.
    pub assignments: Vec<AssignmentId>,
    /// The units.
    pub units: Vec<UnitId>,
    /// Who.
    pub person: PersonId,
    /// The worker they are.
    pub worker: WorkerId,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// The frozen terms ([`crate::terms::find`]).
    pub terms_notice: TermsNoticeId,
    /// The language they were accepted in.
    pub language: Language,
    /// When the work is due.
    pub due_on: NaiveDate,
}

impl Event for UnitsClaimed {
    const KIND: &'static str = "units.claimed";
}

/// A coordinator took a unit from its holder and offered it to the others. No mark on the holder, who has nothing more
/// to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitTakenBack {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// What it is called.
    pub order_title: String,
    /// Who had it.
    pub person: PersonId,
    /// What the coordinator writes to them; may be empty.
    pub note: String,
}

impl Event for UnitTakenBack {
    const KIND: &'static str = "unit.taken_back";
}

/// A version of a unit's work was handed in. The time of this event is the day of receipt that the law counts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitSubmitted {
    /// The unit.
    pub unit: UnitId,
    /// The version.
    pub submission: SubmissionId,
    /// Its number, from 1.
    pub number: i32,
    /// What the unit is called.
    pub label: String,
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// Who made it.
    pub person: PersonId,
}

impl Event for UnitSubmitted {
    const KIND: &'static str = "unit.submitted";
}

/// A unit that somebody held and no longer needs to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelledUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Who held it.
    pub person: PersonId,
    /// What they are owed for it, before tax.
    pub compensation: Yen,
}

/// Units were called off, one or a whole order's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsCancelled {
    /// Their order.
    pub order: OrderId,
    /// What it is called.
    pub title: String,
    /// Those that somebody held.
    pub units: Vec<CancelledUnit>,
    /// Who caused it.
    pub fault: CancelFault,
    /// Why.
    pub note: String,
}

impl Event for UnitsCancelled {
    const KIND: &'static str = "units.cancelled";
}

/// A delivery lies before the client, and the mail with its link is due. Also when the link is sent once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverySent {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its number within the order, from 1.
    pub number: i32,
    /// Its order.
    pub order: OrderId,
    /// The link's row.
    pub link: LinkId,
    /// When the link was made; part of what its secret is derived from.
    pub link_issued_at: DateTime<Utc>,
    /// Whom to mail.
    pub contact: ContactId,
    /// What the order is called.
    pub order_title: String,
    /// What the sender writes to the client.
    pub message: String,
    /// How many units it holds.
    pub count: i64,
    /// How much of the order is still to come.
    pub share: Share,
    /// Until when the client looks at it.
    pub inspect_until: NaiveDate,
    /// Whether silence beyond that day accepts it; what was recorded before that was known says nothing.
    #[serde(default)]
    pub silence_accepts: bool,
    /// The client's language.
    pub language: Language,
}

impl Event for DeliverySent {
    const KIND: &'static str = "delivery.sent";
}

/// A client who has not answered a delivery is to be mailed the same link once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReminded {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its number within the order, from 1.
    pub number: i32,
    /// Its order.
    pub order: OrderId,
    /// The link's row.
    pub link: LinkId,
    /// When the link was made; part of what its secret is derived from.
    pub link_issued_at: DateTime<Utc>,
    /// Whom to mail.
    pub contact: ContactId,
    /// What the order is called.
    pub order_title: String,
    /// How many units it holds.
    pub count: i64,
    /// When it was delivered.
    pub sent_at: DateTime<Utc>,
    /// Until when the client looks at it.
    pub inspect_until: NaiveDate,
    /// Whether silence beyond that day accepts it; what was recorded before that was known says nothing.
    #[serde(default)]
    pub silence_accepts: bool,
    /// The client's language.
    pub language: Language,
}

impl Event for DeliveryReminded {
    const KIND: &'static str = "delivery.reminded";
}

/// A client wants to answer and needs a code by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptCodeRequested {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The link it was asked for on.
    pub link: LinkId,
    /// When it was asked for; part of what the code is derived from.
    pub issued_at: DateTime<Utc>,
    /// Until when the code counts.
    pub expires_at: DateTime<Utc>,
    /// Whom to mail.
    pub contact: ContactId,
    /// What the order is called.
    pub order_title: String,
    /// The client's language.
    pub language: Language,
}

impl Event for AcceptCodeRequested {
    const KIND: &'static str = "delivery.code_requested";
}

impl Awaited for AcceptCodeRequested {
    const MAIL_TASK: &'static str = "delivery.code_requested/mail";
}

/// A unit the client wants mended. Its holder is not told yet: coordination decides first ([`FixDecided`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Who made it.
    pub person: PersonId,
    /// What the client wrote.
    pub note: String,
}

/// A client answered a delivery, unit by unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAnswered {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its number within the order.
    pub number: i32,
    /// Its order.
    pub order: OrderId,
    /// What it is called.
    pub order_title: String,
    /// The link it was answered on.
    pub link: LinkId,
    /// When that was made; part of what its secret is derived from.
    pub link_issued_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: DateTime<Utc>,
    /// Who answered, by mail address and typed name.
    pub contact: ContactId,
    /// The typed name; none where silence accepted it, as agreed.
    pub name: Option<String>,
    /// How many units were accepted.
    pub accepted: i64,
    /// What is to be mended.
    pub fixes: Vec<Fix>,
    /// Who had sent it.
    pub sent_by: PersonId,
    /// The client's language.
    pub language: Language,
}

impl Event for DeliveryAnswered {
    const KIND: &'static str = "delivery.answered";
}

/// A coordinator closed an order of which fewer pieces are accepted than were ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderClosedShort {
    /// The order.
    pub order: OrderId,
    /// The deal it came from.
    pub deal: DealId,
    /// The client.
    pub company: CompanyId,
    /// What it is called.
    pub title: String,
    /// What it was worth when it was won, before tax.
    pub amount: Yen,
    /// What of that counts as accepted.
    pub accepted_amount: Yen,
    /// How many pieces were ordered.
    pub ordered: i64,
    /// How many of them are accepted.
    pub accepted: i64,
    /// Why no more will be made.
    pub reason: String,
}

impl Event for OrderClosedShort {
    const KIND: &'static str = "order.closed_short";
}

/// Everything an order asked for is accepted: the order is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderAccepted {
    /// The order.
    pub order: OrderId,
    /// The deal it came from.
    pub deal: DealId,
    /// The client.
    pub company: CompanyId,
    /// What it is called.
    pub title: String,
    /// What it is worth, before tax.
    pub amount: Yen,
}

impl Event for OrderAccepted {
    const KIND: &'static str = "order.accepted";
}
