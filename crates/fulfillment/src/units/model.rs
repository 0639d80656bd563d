//! What a unit is, and the one state machine of units. No database here.

use chrono::NaiveDate;
use kernel::{Checks, Invalid, JobId, OrderId, PersonId, Typed, UnitId, Yen, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// Where a unit stands (product.md, "State machines").
    UnitState {
        /// Split off, not yet offered.
        Draft = "draft",
        /// Waits for somebody to claim it.
        Offered = "offered",
        /// Somebody promised to do it.
        Claimed = "claimed",
        /// Is being done.
        Working = "working",
        /// Rests with its holder, who keeps it.
        Paused = "paused",
        /// A version was handed in.
        Submitted = "submitted",
        /// Somebody else looks at that version.
        Checking = "checking",
        /// Sent back to its holder with a reason (差戻し).
        Returned = "returned",
        /// Good enough for the client.
        Passed = "passed",
        /// Lies before the client.
        Delivered = "delivered",
        /// The client accepted it; the end.
        Accepted = "accepted",
        /// The client asked for a fix (修正依頼); nobody works on it until coordination has decided.
        ClaimedBack = "claimed_back",
        /// Refused by review; its holder is no longer asked for it.
        Rejected = "rejected",
        /// Called off; the end.
        Cancelled = "cancelled",
    }
);

text_enum!(
    /// Why a unit passed.
    PassedBasis {
        /// A person reviewed it.
        Reviewed = "reviewed",
        /// The sampling plan let it by, recorded.
        SampledOut = "sampled_out",
    }
);

text_enum!(
    /// Who caused a cancellation. It decides what the holder is owed: only a fault of the worker's own reduces pay
    /// (Freelance Act art. 5).
    CancelFault {
        /// The client wants it no more.
        Client = "client",
        /// The town itself.
        Town = "town",
        /// The worker.
        Worker = "worker",
    }
);

text_enum!(
    /// What can be done to a unit.
    Move {
        /// Put it before workers.
        Offer = "offer",
        /// Take it back from before workers, while nobody holds it.
        Withdraw = "withdraw",
        /// Promise to do it.
        Claim = "claim",
        /// Begin, or begin again after a return.
        Start = "start",
        /// Lay it aside.
        Pause = "pause",
        /// Go on.
        Resume = "resume",
        /// Give it back, without a mark.
        HandBack = "hand_back",
        /// Hand a version in.
        Submit = "submit",
        /// Take a version back that nobody has begun to check.
        Retract = "retract",
        /// Begin to check it.
        BeginCheck = "begin_check",
        /// Let it go undecided: it waits for others again.
        EndCheck = "end_check",
        /// Send it back with a reason.
        Return = "return",
        /// Let it pass.
        Pass = "pass",
        /// Let it pass unseen, as the sampling plan drew it.
        PassUnseen = "pass_unseen",
        /// Refuse it.
        Reject = "reject",
        /// Let it pass after a refusal or a return that its maker appealed against.
        Restore = "restore",
        /// Put it before the client.
        Deliver = "deliver",
        /// The client accepts it.
        Accept = "accept",
        /// The client asks for a fix.
        ClaimBack = "claim_back",
        /// Its holder mends what the client asked for, as coordination decided.
        Mend = "mend",
        /// Offer it to others after a refusal or a client's claim.
        Reoffer = "reoffer",
        /// Call it off.
        Cancel = "cancel",
    }
);

/// A move that a unit in that state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a unit that is {state} does not allow {attempted}")]
pub struct Refused {
    /// Where the unit stands.
    pub state: UnitState,
    /// What was asked.
    pub attempted: Move,
}

/// The state after `attempted`. The only place that knows which move leads where.
pub fn next(state: UnitState, attempted: Move) -> Result<UnitState, Refused> {
    use UnitState as S;
    let to = match (attempted, state) {
        (Move::Offer, S::Draft)
        | (Move::HandBack, S::Claimed | S::Working | S::Paused | S::Returned)
        | (Move::Reoffer, S::ClaimedBack | S::Rejected) => S::Offered,
        (Move::Withdraw, S::Offered) => S::Draft,
        (Move::Claim, S::Offered) => S::Claimed,
        (Move::Start, S::Claimed | S::Returned)
        | (Move::Resume, S::Paused)
        | (Move::Mend, S::ClaimedBack)
        | (Move::Retract, S::Submitted) => S::Working,
        (Move::Pause, S::Working) => S::Paused,
        (Move::Submit, S::Working) | (Move::EndCheck, S::Checking) => S::Submitted,
        (Move::BeginCheck, S::Submitted) => S::Checking,
        (Move::Return, S::Submitted | S::Checking) => S::Returned,
        (Move::Pass, S::Submitted | S::Checking)
        | (Move::PassUnseen, S::Submitted)
        | (Move::Restore, S::Rejected | S::Returned) => S::Passed,
        (Move::Reject, S::Submitted | S::Checking) => S::Rejected,
        (Move::Deliver, S::Passed) => S::Delivered,
        (Move::Accept, S::Delivered) => S::Accepted,
        (Move::ClaimBack, S::Delivered) => S::ClaimedBack,
        (Move::Cancel, from) if !from.is_final() => S::Cancelled,
        _ => return Err(Refused { state, attempted }),
    };
    Ok(to)
}

/// What leads from a state to a version that is handed in. Whoever hands in has worked, whether or not they said that they
/// began or went on: the way is claimed → working → submitted, paused → working → submitted and returned → working → submitted
/// (product.md, "State machines"). `None` where nothing can be handed in.
pub fn way_to_submit(state: UnitState) -> Option<&'static [Move]> {
    match state {
        UnitState::Claimed | UnitState::Returned => Some(&[Move::Start, Move::Submit]),
        UnitState::Paused => Some(&[Move::Resume, Move::Submit]),
        UnitState::Working => Some(&[Move::Submit]),
        _ => None,
    }
}

impl UnitState {
    /// Nobody has it and nobody has worked on it for as long as it was this.
    pub const NOBODYS: [Self; 2] = [Self::Draft, Self::Offered];
    /// Its holder still has something to do: these units' minutes count against the week's hours.
    pub const TO_DO: [Self; 4] = [Self::Claimed, Self::Working, Self::Paused, Self::Returned];
    /// Somebody else looks at it, or may.
    pub const TO_REVIEW: [Self; 2] = [Self::Submitted, Self::Checking];
    /// The states in which somebody may still have to do something about it: to be done, or being checked.
    pub(crate) const UNDER_WAY: [Self; 6] =
        [Self::Claimed, Self::Working, Self::Paused, Self::Returned, Self::Submitted, Self::Checking];

    /// No move leads on from here.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::Cancelled)
    }
}

/// The smallest thing one worker does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The order it is part of.
    pub order_id: OrderId,
    /// The kind of piece it is.
    pub job_id: JobId,
    /// Its place in the job, from 1.
    pub position: i32,
    /// What people call it.
    pub label: String,
    /// What its worker gets to work from.
    pub content: String,
    /// Where it stands.
    pub state: UnitState,
    /// Why it passed, where it has.
    pub passed_basis: Option<PassedBasis>,
    /// Whose it is, or whose it was last.
    pub holder_id: Option<PersonId>,
    /// Who caused its cancellation.
    pub cancel_fault: Option<CancelFault>,
    /// What its holder earned with it in all, once it is cancelled.
    pub compensation: Option<Yen>,
    /// Counts its moves.
    pub version: i32,
    /// The last day work on it is received, where a decision gave it one of its own; else its job's day counts.
    pub due_on: Option<NaiveDate>,
}

/// A cancellation as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "fault": "client", "compensation_percent": 50, "note": "依頼の取り下げ" }]))]
pub struct CancelInput {
    /// A [`CancelFault`]'s word; required where somebody holds or made what is called off.
    #[schemars(with = "Option<CancelFault>")]
    pub fault: Typed,
    /// Percent of its pay owed for a unit under way, 0 to 100; required where somebody holds or made what is called off.
    pub compensation_percent: Typed,
    /// Why, in the holder's language; required where somebody holds or made what is called off.
    pub note: Typed,
}

/// A cancellation that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cancellation {
    pub(crate) fault: CancelFault,
    pub(crate) under_way: u8,
    pub(crate) note: String,
}

impl Cancellation {
    /// Work that was received is paid unless the worker is at fault (Freelance Act art. 5: neither refusal to receive nor
    /// reduction without the worker's fault). What passed review is earned long before, whoever is at fault now.
    pub(super) fn pays_what_was_received(&self) -> bool {
        self.fault != CancelFault::Worker
    }
}

impl CancelInput {
    /// For what nobody holds or made: nobody has worked, so nothing is owed and nobody has to be told why.
    pub(crate) fn checked_of_nobody(&self) -> Result<Cancellation, Invalid> {
        let mut checks = Checks::new();
        let note = checks.lines("note", &self.note, 2000);
        let fault = self.fault.as_str().trim().parse().unwrap_or(CancelFault::Town);
        checks.done(Cancellation { fault, under_way: 0, note })
    }

    pub(crate) fn checked(&self) -> Result<Cancellation, Invalid> {
        let mut checks = Checks::new();
        let fault = checks.choice("fault", &self.fault).unwrap_or(CancelFault::Town);
        let percent = checks.number("compensation_percent", &self.compensation_percent, 0..=100);
        let note = checks.required_lines("note", &self.note, 2000);
        checks.done(Cancellation { fault, under_way: u8::try_from(percent).unwrap_or(100), note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which moves each state allows, and where they lead; every other pair is refused.
    fn table() -> Vec<(UnitState, Vec<(Move, UnitState)>)> {
        use UnitState as S;
        let cancel = (Move::Cancel, S::Cancelled);
        let give_back = (Move::HandBack, S::Offered);
        let verdicts =
            [(Move::Return, S::Returned), (Move::Pass, S::Passed), (Move::Reject, S::Rejected), cancel];
        vec![
            (S::Draft, vec![(Move::Offer, S::Offered), cancel]),
            (S::Offered, vec![(Move::Withdraw, S::Draft), (Move::Claim, S::Claimed), cancel]),
            (S::Claimed, vec![(Move::Start, S::Working), give_back, cancel]),
            (S::Working, vec![(Move::Pause, S::Paused), give_back, (Move::Submit, S::Submitted), cancel]),
            (S::Paused, vec![(Move::Resume, S::Working), give_back, cancel]),
            (
                S::Submitted,
                vec![
                    (Move::Retract, S::Working),
                    (Move::BeginCheck, S::Checking),
                    (Move::Return, S::Returned),
                    (Move::Pass, S::Passed),
                    (Move::PassUnseen, S::Passed),
                    (Move::Reject, S::Rejected),
                    cancel,
                ],
            ),
            (S::Checking, [&[(Move::EndCheck, S::Submitted)], &verdicts[..]].concat()),
            (S::Returned, vec![(Move::Start, S::Working), give_back, (Move::Restore, S::Passed), cancel]),
            (S::Passed, vec![(Move::Deliver, S::Delivered), cancel]),
            (S::Delivered, vec![(Move::Accept, S::Accepted), (Move::ClaimBack, S::ClaimedBack), cancel]),
            (S::Accepted, vec![]),
            (S::ClaimedBack, vec![(Move::Mend, S::Working), (Move::Reoffer, S::Offered), cancel]),
            (S::Rejected, vec![(Move::Restore, S::Passed), (Move::Reoffer, S::Offered), cancel]),
            (S::Cancelled, vec![]),
        ]
    }

    #[test]
    fn every_state_allows_exactly_its_moves() {
        let table = table();
        assert_eq!(table.len(), UnitState::ALL.len());
        for (state, expected) in table {
            let found: Vec<_> = Move::ALL
                .iter()
                .filter_map(|attempted| next(state, *attempted).ok().map(|to| (*attempted, to)))
                .collect();
            assert_eq!(found, expected, "{state}");
        }
    }

    #[test]
    fn every_way_to_a_version_leads_through_work() {
        for state in UnitState::ALL {
            let Some(way) = way_to_submit(*state) else {
                assert!(next(*state, Move::Submit).is_err(), "{state}");
                continue;
            };
            let mut passed = vec![*state];
            for step in way {
                passed.push(next(passed[passed.len() - 1], *step).unwrap());
            }
            assert!(passed.ends_with(&[UnitState::Working, UnitState::Submitted]), "{passed:?}");
        }
    }

    #[test]
    fn nothing_ends_but_acceptance_and_cancellation() {
        for state in UnitState::ALL {
            let leads_on = Move::ALL.iter().any(|attempted| next(*state, *attempted).is_ok());
            assert_eq!(leads_on, !state.is_final(), "{state}");
        }
    }
}
