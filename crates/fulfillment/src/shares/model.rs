//! What is shared, and how a share stands. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Bound, Checks, Code, DealId, Invalid, OrderId, PersonId, TaxRate, Typed, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::invoices;
use crate::orders::{OrderState, ReEntrusted};
use crate::partners::PartnerId;

kernel::id!(
    /// A share of an order, as one of its two towns keeps it.
    ShareId
);

text_enum!(
    /// Which way a share goes.
    ShareSide {
        /// Entrusted by this town to another.
        Out = "out",
        /// Offered to this town.
        In = "in",
    }
);

text_enum!(
    /// How a share stands.
    ShareState {
        /// Before the receiving town.
        Offered = "offered",
        /// It is that town's order now.
        Accepted = "accepted",
        /// That town does not take it, and said why.
        Declined = "declined",
        /// Taken back before it was answered, or the partnership ended.
        Withdrawn = "withdrawn",
        /// Its order is closed.
        Finished = "finished",
        /// Its order was called off.
        Cancelled = "cancelled",
    }
);

impl ShareState {
    /// How a share stands whose order does so.
    pub(super) fn of_order(state: OrderState) -> Self {
        match state {
            OrderState::Draft | OrderState::Running => Self::Accepted,
            OrderState::Closed => Self::Finished,
            OrderState::Cancelled => Self::Cancelled,
        }
    }
}

/// The document of a share: the same on both sides, and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShareDocument {
    /// What is entrusted, in one line.
    pub title: String,
    /// What is to be done.
    pub work: String,
    /// How many pieces.
    pub quantity: i32,
    /// Price of one piece, before tax.
    pub unit_price: Yen,
    /// How long one piece is reckoned to take.
    pub unit_minutes: i32,
    /// When the sharing town wants it.
    pub due_on: NaiveDate,
    /// The sharing town, by its legal name: the original orderer (元委託者) of whom the receiving town's terms speak.
    pub orderer: String,
    /// Where the sharing town reads mail; empty while it has not said so.
    pub orderer_email: String,
    /// The day on which the sharing town pays (元委託支払期日).
    pub pay_on: NaiveDate,
    /// Whose work it is in the end; empty where the sharing town does not say.
    pub end_client: String,
    /// What else is said.
    pub message: String,
    /// When it was offered.
    pub offered_at: DateTime<Utc>,
}

impl ShareDocument {
    /// Quantity × price, before tax.
    pub fn amount(&self) -> Yen {
        self.worth(self.quantity)
    }

    /// What so many pieces are worth, and no more than all of them.
    pub fn worth(&self, pieces: i32) -> Yen {
        Yen(self.unit_price.0 * i64::from(pieces.min(self.quantity)))
    }

    /// What the terms of whoever does it in the receiving town have to say (Freelance Act art. 4 para. 3): the one who
    /// re-entrusts to that town is the sharing town, not that one's client.
    pub(super) fn re_entrusted(&self) -> ReEntrusted {
        ReEntrusted { original_client: self.orderer.clone(), original_pay_on: Some(self.pay_on) }
    }
}

/// A share of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderShare {
    /// Its id in this town.
    pub id: ShareId,
    /// With whom.
    pub partner_id: PartnerId,
    /// That town's name.
    pub partner: String,
    /// Which way it goes.
    pub side: ShareSide,
    /// This town's own order: of which it is a part, or which it became. None of what was not accepted, or is being opened.
    pub order_id: Option<OrderId>,
    /// The deal it was accepted as.
    pub deal_id: Option<DealId>,
    /// What it says.
    pub document: ShareDocument,
    /// How it stands.
    pub state: ShareState,
    /// Since when the sharing town wants it back.
    pub withdraw_asked_at: Option<DateTime<Utc>>,
    /// When it was accepted, declined or taken back.
    pub answered_at: Option<DateTime<Utc>>,
    /// Why it was declined; empty otherwise.
    pub reason: String,
    /// Pieces before the sharing town or accepted by it.
    pub delivered: i32,
    /// Pieces that it accepted.
    pub accepted: i32,
    /// When something was last done or heard.
    pub heard_at: DateTime<Utc>,
    /// Counts what this town did.
    pub version: i32,
    /// What this town paid the partner for it, with tax; nothing for what it was entrusted with, which it sends an invoice for.
    pub paid: Yen,
    /// By how many payments.
    #[serde(skip)]
    pub(super) paid_times: i64,
    /// The sharing town's row of it; none where that is this one.
    #[serde(skip)]
    pub(super) document_id: Option<ShareId>,
    #[serde(skip)]
    pub(super) heard_version: i32,
}

impl OrderShare {
    /// Offered to this town, and not yet answered.
    pub fn awaits_us(&self) -> bool {
        self.side == ShareSide::In && self.state == ShareState::Offered
    }

    /// Pieces that came from the partner and were accepted from it; none of what this town does for another.
    pub fn came(&self) -> i32 {
        match self.side {
            ShareSide::Out => self.accepted.min(self.document.quantity),
            ShareSide::In => 0,
        }
    }

    /// Entrusted by this town to another that took it: what is paid for.
    pub fn is_paid_for(&self) -> bool {
        let was_taken =
            matches!(self.state, ShareState::Accepted | ShareState::Finished | ShareState::Cancelled);
        self.side == ShareSide::Out && was_taken
    }

    /// What this town is to pay for it as it stands, with tax: all that was agreed while it is under way, and what was accepted
    /// once it is over.
    pub fn owed(&self) -> Yen {
        match self.state {
            _ if !self.is_paid_for() => Yen::ZERO,
            ShareState::Accepted => self.agreed_with_tax(),
            _ => with_tax(self.document.worth(self.accepted)),
        }
    }

    /// What is left to be paid; below zero where more was paid than is owed. Whoever is asked by several invoices pays less than
    /// one yen less for each but the first, because each rounds its tax down.
    pub fn open(&self) -> Yen {
        let rest = self.owed().0 - self.paid.0;
        if (1..self.paid_times).contains(&rest) { Yen::ZERO } else { Yen(rest) }
    }

    /// What may still be paid: no more than all that was agreed, however little of it came.
    pub fn may_be_paid(&self) -> Yen {
        Yen((self.agreed_with_tax().0 - self.paid.0).max(0))
    }

    fn agreed_with_tax(&self) -> Yen {
        with_tax(self.document.amount())
    }

    /// Offered by this town, not yet answered, and not yet asked back.
    pub fn may_be_withdrawn(&self) -> bool {
        self.side == ShareSide::Out && self.state == ShareState::Offered && self.withdraw_asked_at.is_none()
    }
}

fn with_tax(amount: Yen) -> Yen {
    Yen(amount.0 + TaxRate::STANDARD.tax_on(amount).0)
}

/// Money that was paid to a partner for a share, or an entry of it that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SharePayment {
    /// Its id.
    pub id: i64,
    /// On which day.
    pub paid_on: NaiveDate,
    /// How much, with tax; below zero where it takes an entry back.
    pub amount: Yen,
    /// A remark.
    pub note: String,
    /// Who wrote it down.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// A share with what was paid for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WholeShare {
    /// The share.
    #[serde(flatten)]
    pub share: OrderShare,
    /// What this town is to pay for it as it stands, with tax: all that was agreed, and once it is over what was accepted.
    pub owed: Yen,
    /// What is left of that; below zero where more was paid.
    pub open: Yen,
    /// What was paid, the oldest first.
    pub payments: Vec<SharePayment>,
}

/// A part of an order that is offered to a partner town, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "partner_id": 1, "title": "名簿の入力（後半）", "work": "紙の名簿を見本のとおりに入力", "quantity": 1, "unit_price": 150, "unit_minutes": 5, "due_on": "2027-03-20", "pay_on": "2027-04-30", "names_client": "no" }]))]
pub struct ShareInput {
    /// To whom; required.
    pub partner_id: Typed,
    /// What, in one line; required.
    pub title: Typed,
    /// What is to be done; required.
    pub work: Typed,
    /// How many pieces, no more than the order has beyond what is shared already or in units; required.
    pub quantity: Typed,
    /// Yen for one piece, before tax; required.
    pub unit_price: Typed,
    /// Minutes one piece is reckoned to take; required.
    pub unit_minutes: Typed,
    /// When it is wanted, by the order's own day, or today where that is over; required.
    pub due_on: Typed,
    /// When this town pays for it; required, because the receiving town's workers are paid by it.
    pub pay_on: Typed,
    /// Anything else.
    pub message: Typed,
    /// `yes` where the client's name may be told to that town.
    pub names_client: Typed,
}

/// What an order has to share.
pub(super) struct Room<'a> {
    /// Pieces that are not shared yet.
    pub(super) left: i64,
    pub(super) due_on: NaiveDate,
    pub(super) today: NaiveDate,
    pub(super) now: DateTime<Utc>,
    pub(super) client: &'a str,
    pub(super) orderer: &'a str,
    pub(super) orderer_email: &'a str,
}

impl ShareInput {
    pub(super) fn partner(&self) -> Result<PartnerId, Invalid> {
        let typed = self.partner_id.as_str().trim();
        if typed.is_empty() {
            return Err(Invalid::field("partner_id", Code::Required));
        }
        typed.parse().map_err(|_no_number| Invalid::field("partner_id", Code::UnknownChoice))
    }

    pub(super) fn checked(&self, room: &Room<'_>) -> Result<ShareDocument, Invalid> {
        let mut checks = Checks::new();
        let title = checks.required_line("title", &self.title, 200);
        let work = checks.required_lines("work", &self.work, 4000);
        let quantity = checks.number("quantity", &self.quantity, 1..=1_000_000);
        if quantity > room.left {
            checks.bounded("quantity", Code::OutOfRange, Bound::Number(room.left));
        }
        let unit_price = checks.number("unit_price", &self.unit_price, 1..=10_000_000);
        if Yen(unit_price).times(quantity).is_err() {
            checks.bounded("unit_price", Code::OutOfRange, Yen::MOST.0 / quantity.max(1));
        }
        let unit_minutes = checks.number("unit_minutes", &self.unit_minutes, 1..=2400);
        let due_on = day_to_come(&mut checks, "due_on", &self.due_on, room.today);
        let pay_on = day_to_come(&mut checks, "pay_on", &self.pay_on, room.today);
        let message = checks.lines("message", &self.message, 2000);
        // An overdue order is not refused every day that there is.
        let latest = room.due_on.max(room.today);
        if due_on > latest {
            checks.bounded("due_on", Code::TooLate, latest);
        }
        checks.done(ShareDocument {
            title,
            work,
            quantity: i32::try_from(quantity).unwrap_or(i32::MAX),
            unit_price: Yen(unit_price),
            unit_minutes: i32::try_from(unit_minutes).unwrap_or(i32::MAX),
            due_on,
            orderer: room.orderer.to_owned(),
            orderer_email: room.orderer_email.to_owned(),
            pay_on,
            end_client: if self.names_client.is_yes() { room.client.to_owned() } else { String::new() },
            message,
            offered_at: room.now,
        })
    }
}

/// Today or a later day; where it is none, today, with the problem told.
fn day_to_come(checks: &mut Checks, field: &str, typed: &Typed, today: NaiveDate) -> NaiveDate {
    if typed.as_str().trim().is_empty() {
        checks.problem(field, Code::Required);
    }
    let day = checks.optional_date(field, typed).unwrap_or(today);
    if day < today {
        checks.problem(field, Code::InThePast);
    }
    day.max(today)
}

/// Why a share is not taken, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "今月は手がいっぱいです" }]))]
pub struct DeclineShareInput {
    /// For the sharing town to read; required.
    pub reason: Typed,
}

impl DeclineShareInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.required_lines("reason", &self.reason, 2000);
        checks.done(reason)
    }
}

/// Money that was paid to a partner, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "paid_on": "2026-11-25", "amount": 165, "note": "振込" }]))]
pub struct SharePaymentInput {
    /// The day it was paid, and no day to come; empty means today.
    pub paid_on: Typed,
    /// Yen with tax, no more than is left of what was agreed; below zero takes an entry back that was wrong, or notes that money
    /// came back. Required.
    pub amount: Typed,
    /// A remark; required with an amount below zero.
    pub note: Typed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SharePaymentFields {
    pub(super) paid_on: NaiveDate,
    pub(super) amount: Yen,
    pub(super) note: String,
}

impl SharePaymentInput {
    /// Nothing is taken back that was not paid, and nothing paid that was not agreed: `paid` is what was paid so far, and `most`
    /// what may still be.
    pub(super) fn checked(
        &self,
        today: NaiveDate,
        paid: Yen,
        most: Yen,
    ) -> Result<SharePaymentFields, Invalid> {
        let mut checks = Checks::new();
        let paid_on = checks.optional_date("paid_on", &self.paid_on).unwrap_or(today);
        if paid_on > today {
            checks.bounded("paid_on", Code::TooLate, today);
        }
        let (amount, note) = invoices::entry(&mut checks, &self.amount, &self.note, paid, most);
        checks.done(SharePaymentFields { paid_on, amount, note })
    }
}

/// Where a page of shares ends, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareKey(pub ShareId);

/// What came and went with one partner, in yen before tax, of what was agreed in one fiscal year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartnerAmounts {
    /// The partner.
    pub partner_id: PartnerId,
    /// Its name.
    pub partner: String,
    /// Agreed to be done for it.
    pub agreed_in: Yen,
    /// Of that, accepted by it.
    pub accepted_in: Yen,
    /// Agreed to be done by it.
    pub agreed_out: Yen,
    /// Of that, accepted from it.
    pub accepted_out: Yen,
    /// What was paid to it so far for what was agreed to be done by it, with tax.
    pub paid_out: Yen,
}
