//! What an order is, how far it has come, and what counts as accepted. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Checks, CompanyId, ContactId, DealId, DeliveryId, Invalid, OrderId, TaxRate, Typed, Yen, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::re_entrusted::ReEntrusted;
use crate::units::UnitState;

text_enum!(
    /// Where an order stands. Delivered, accepted and the like are derived from its units.
    OrderState {
        /// Opened from a won deal; being split.
        Draft = "draft",
        /// Its jobs may be offered.
        Running = "running",
        /// Everything ordered is accepted, or a coordinator closed it short.
        Closed = "closed",
        /// Called off.
        Cancelled = "cancelled",
    }
);

text_enum!(
    /// What somebody does to an order, or what happens to it.
    OrderStep {
        /// Begin.
        Start = "start",
        /// The last of the ordered pieces was accepted, or no more will be made.
        Close = "close",
        /// Call it off.
        Cancel = "cancel",
    }
);

/// A step that an order in that state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {state} does not allow {step}")]
pub struct Refused {
    /// Where the order stands.
    pub state: OrderState,
    /// What was asked.
    pub step: OrderStep,
}

/// The state after `step`.
pub fn next(state: OrderState, step: OrderStep) -> Result<OrderState, Refused> {
    match (state, step) {
        (OrderState::Draft, OrderStep::Start) => Ok(OrderState::Running),
        (OrderState::Running, OrderStep::Close) => Ok(OrderState::Closed),
        (OrderState::Draft | OrderState::Running, OrderStep::Cancel) => Ok(OrderState::Cancelled),
        _ => Err(Refused { state, step }),
    }
}

/// A client's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The won deal it came from.
    pub deal_id: DealId,
    /// The client.
    pub company_id: CompanyId,
    /// The client's person for it.
    pub contact_id: Option<ContactId>,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub state: OrderState,
    /// What it is worth at the time it was won, before tax.
    pub amount: Yen,
    /// When the client wants it.
    pub due_on: NaiveDate,
    /// The client's own conditions, as they sent them.
    pub client_terms: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was closed or called off.
    pub ended_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i32,
    /// Why it was closed with fewer pieces than ordered; none unless it was.
    pub short_reason: Option<String>,
    /// Why it was taken back with its deal before anybody began it; none unless it was.
    pub withdrawn_because: Option<String>,
    /// The order that it repeats, from whose jobs its own were made.
    pub repeats: Option<OrderId>,
    /// Who has commissioned the town with the work, where that is re-entrusted and said to be so.
    pub re_entrusted: Option<ReEntrusted>,
}

impl Order {
    /// The day on which the original client of re-entrusted work pays the town, where that is known.
    pub(crate) fn original_pay_on(&self) -> Option<NaiveDate> {
        self.re_entrusted.as_ref().and_then(|known| known.original_pay_on)
    }
}

/// Why an order is closed short, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "お客様が残りを取り下げた" }]))]
pub struct CloseShortInput {
    /// For the books; required.
    pub reason: Typed,
}

impl CloseShortInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.required_lines("reason", &self.reason, 2000);
        checks.done(reason)
    }
}

/// An order counted in the pieces that its client ordered: each unit stands for its job's `unit_pieces` of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pieces {
    /// All lines together.
    pub ordered: i64,
    /// In units that still count.
    pub split: i64,
    /// In accepted units.
    pub accepted: i64,
    /// Before partner towns or with them, and not accepted from them yet: nobody here splits these.
    pub with_partners: i64,
}

impl Pieces {
    /// How many were ordered and are neither in a unit that counts nor with a partner.
    pub fn left(&self) -> i64 {
        (self.ordered - self.split - self.with_partners).max(0)
    }

    /// As many are accepted as were ordered.
    pub(super) fn are_complete(&self) -> bool {
        self.accepted >= self.ordered
    }

    /// What the accepted ones are worth of an order of `amount`: every piece its equal share, rounded down, and never
    /// more than the order.
    pub fn share_of(&self, amount: Yen) -> Yen {
        self.part_of(amount, self.ordered)
    }

    /// [`Pieces::share_of`] while more may be accepted: pieces split beyond what was ordered count in the divisor, so
    /// that only what is wholly accepted is worth the whole order.
    pub(super) fn share_while_open(&self, amount: Yen) -> Yen {
        self.part_of(amount, self.ordered.max(self.split))
    }

    fn part_of(&self, amount: Yen, all: i64) -> Yen {
        if self.accepted >= all {
            return amount;
        }
        let part = i128::from(amount.0) * i128::from(self.accepted) / i128::from(all.max(1));
        Yen(i64::try_from(part).unwrap_or(amount.0))
    }
}

/// What made an order's accepted pieces count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// The client answered this delivery.
    Answered(DeliveryId),
    /// It closed with everything ordered.
    Closed,
    /// It was closed with less.
    ClosedShort,
}

impl Counted {
    /// The word in the ledger.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Closed => "closed",
            Self::ClosedShort => "closed_short",
        }
    }

    pub(super) fn delivery(self) -> Option<DeliveryId> {
        match self {
            Self::Answered(delivery) => Some(delivery),
            Self::Closed | Self::ClosedShort => None,
        }
    }
}

/// One line of the quote that was won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    /// What is done.
    pub description: String,
    /// How many pieces.
    pub quantity: i32,
    /// Price of one piece, before tax.
    pub unit_price: Yen,
    /// How long one piece was reckoned to take.
    pub unit_minutes: i32,
    /// Consumption tax.
    pub tax_rate: TaxRate,
}

/// What a won deal says about the order to be opened from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrder {
    /// The deal; one order each.
    pub deal_id: DealId,
    /// What it is called.
    pub title: String,
    /// The client.
    pub company_id: CompanyId,
    /// The client's person for it.
    pub contact_id: Option<ContactId>,
    /// What it is worth, before tax.
    pub amount: Yen,
    /// When the client wants it.
    pub due_on: NaiveDate,
    /// The client's own conditions.
    pub client_terms: String,
    /// The accepted quote's lines.
    pub lines: Vec<OrderLine>,
    /// The deal that this one repeats: its order's jobs are made once more.
    pub repeats: Option<DealId>,
}

/// How many units of an order stand where; made from the units, never stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Progress {
    /// All units, called off or not.
    pub total: i64,
    /// Not yet offered.
    pub draft: i64,
    /// Waiting for somebody.
    pub offered: i64,
    /// Promised, not begun.
    pub claimed: i64,
    /// Begun, resting ones too.
    pub working: i64,
    /// Handed in and waiting for a verdict.
    pub submitted: i64,
    /// Sent back to their holder.
    pub returned: i64,
    /// Ready to be delivered.
    pub passed: i64,
    /// Before the client.
    pub delivered: i64,
    /// Accepted by the client.
    pub accepted: i64,
    /// Refused by review, waiting for a decision.
    pub refused: i64,
    /// To be mended as the client wishes (修正依頼), waiting for a decision.
    pub claimed_back: i64,
    /// Called off.
    pub cancelled: i64,
}

impl Progress {
    /// From how many units are in each state.
    pub(crate) fn of(counts: impl IntoIterator<Item = (UnitState, i64)>) -> Self {
        let mut progress = Self::default();
        for (state, count) in counts {
            progress.total += count;
            *progress.slot(state) += count;
        }
        progress
    }

    fn slot(&mut self, state: UnitState) -> &mut i64 {
        match state {
            UnitState::Draft => &mut self.draft,
            UnitState::Offered => &mut self.offered,
            UnitState::Claimed => &mut self.claimed,
            UnitState::Working | UnitState::Paused => &mut self.working,
            UnitState::Submitted | UnitState::Checking => &mut self.submitted,
            UnitState::Returned => &mut self.returned,
            UnitState::Passed => &mut self.passed,
            UnitState::Delivered => &mut self.delivered,
            UnitState::Accepted => &mut self.accepted,
            UnitState::Rejected => &mut self.refused,
            UnitState::ClaimedBack => &mut self.claimed_back,
            UnitState::Cancelled => &mut self.cancelled,
        }
    }

    /// Units that still count: all but those called off.
    pub fn live(&self) -> i64 {
        self.total - self.cancelled
    }

    /// Somebody does or did them (1: how many arranged).
    pub fn arranged(&self) -> i64 {
        self.live() - self.draft - self.offered
    }

    /// Passed review, delivered or accepted (5: how many finished).
    pub fn finished(&self) -> i64 {
        self.passed + self.delivered + self.accepted
    }

    /// Everything else that still counts (6: what is not done).
    pub fn not_done(&self) -> i64 {
        self.live() - self.finished()
    }

    /// Nothing is left to do, and something was accepted.
    pub(super) fn is_complete(&self) -> bool {
        self.accepted > 0 && self.accepted == self.live()
    }
}

/// Where a page of orders ends: due date, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderKey(pub NaiveDate, pub OrderId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_move_one_way() {
        use OrderState as S;
        use OrderStep as T;
        let allowed = [
            ((S::Draft, T::Start), S::Running),
            ((S::Draft, T::Cancel), S::Cancelled),
            ((S::Running, T::Close), S::Closed),
            ((S::Running, T::Cancel), S::Cancelled),
        ];
        for state in S::ALL {
            for step in T::ALL {
                let expected = allowed.iter().find(|(pair, _)| *pair == (*state, *step)).map(|(_, to)| *to);
                assert_eq!(next(*state, *step).ok(), expected, "{state} {step}");
            }
        }
    }

    #[test]
    fn every_unit_is_counted_once() {
        let progress = Progress::of(UnitState::ALL.iter().map(|state| (*state, 1)));
        assert_eq!(progress.total, 14);
        assert_eq!(
            (progress.working, progress.submitted, progress.refused, progress.claimed_back),
            (2, 2, 1, 1)
        );
        assert_eq!((progress.live(), progress.arranged()), (13, 11));
        assert_eq!((progress.finished(), progress.not_done()), (3, 10));
        assert!(!progress.is_complete());
        assert!(Progress::of([(UnitState::Accepted, 2), (UnitState::Cancelled, 1)]).is_complete());
        assert!(!Progress::of([(UnitState::Cancelled, 1)]).is_complete(), "nothing was ever accepted");
    }

    #[test]
    fn a_piece_is_worth_its_share_and_all_pieces_the_order() {
        let pieces = |accepted| Pieces { ordered: 3, split: 3, accepted, with_partners: 0 };
        let worth: Vec<i64> = (0..=4).map(|accepted| pieces(accepted).share_of(Yen(100_000)).0).collect();
        assert_eq!(worth, [0, 33_333, 66_666, 100_000, 100_000]);
        let over = |accepted| Pieces { split: 6, ..pieces(accepted) }.share_while_open(Yen(100_000)).0;
        assert_eq!(
            [over(0), over(3), over(5), over(6)],
            [0, 50_000, 83_333, 100_000],
            "of six that were split"
        );
        assert_eq!(
            Pieces { split: 1, ..pieces(1) }.share_while_open(Yen(100_000)),
            Yen(33_333),
            "of three ordered"
        );
        assert_eq!((pieces(0).left(), Pieces { split: 1, ..pieces(1) }.left()), (0, 2));
        assert_eq!(Pieces { split: 9, ..pieces(0) }.left(), 0, "more units than pieces leave nothing over");
        assert_eq!(
            Pieces { split: 1, with_partners: 1, ..pieces(0) }.left(),
            1,
            "a partner's are no work of ours"
        );
    }
}
