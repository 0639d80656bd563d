//! What a coordinator does next with an order, by where its units stand.

use fulfillment::orders::{Order, OrderState, Progress};
use serde::Serialize;

use crate::call::Call;
use crate::paths;

/// The next step of an order: one link, the same in the list, on the order's page and at home.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NextStep {
    /// What to do, as a button says it.
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) icon: &'static str,
    /// Whether the coordinator acts; otherwise somebody else does.
    pub(crate) is_mine: bool,
}

/// What is to be done, without words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Todo {
    Split,
    Offer,
    /// Somebody asked how it is done, and may be waiting for that.
    Answer,
    Review,
    DecideFix,
    Decide,
    Deliver,
    /// Something is past its day: somebody has to be spoken to, or the day moved.
    Chase,
    /// Nobody has taken what is left.
    WaitForTakers,
    WaitForWorkers,
    WaitForClient,
    Look,
}

impl Todo {
    /// The most urgent one: what waits for a decision here, then what is late, then what waits for a delivery, then what
    /// waits for others. `late` units are past their own day: neither waiting nor a part delivery mends that.
    pub(crate) fn of(state: OrderState, progress: &Progress, late: i64, questions: i64) -> Self {
        match state {
            OrderState::Closed | OrderState::Cancelled => Self::Look,
            _ if progress.live() == 0 => Self::Split,
            OrderState::Draft => Self::Offer,
            OrderState::Running if questions > 0 => Self::Answer,
            OrderState::Running if progress.claimed_back > 0 => Self::DecideFix,
            OrderState::Running if progress.refused > 0 => Self::Decide,
            OrderState::Running if progress.submitted > 0 => Self::Review,
            OrderState::Running if progress.not_done() > 0 && late > 0 => Self::Chase,
            OrderState::Running if progress.passed > 0 => Self::Deliver,
            OrderState::Running if progress.draft > 0 => Self::Offer,
            OrderState::Running if progress.offered > 0 => Self::WaitForTakers,
            OrderState::Running if progress.not_done() > 0 => Self::WaitForWorkers,
            OrderState::Running if progress.delivered > 0 => Self::WaitForClient,
            OrderState::Running => Self::Look,
        }
    }

    /// Whether the coordinator acts; otherwise somebody else does.
    pub(crate) fn is_mine(self) -> bool {
        !matches!(self, Self::WaitForTakers | Self::WaitForWorkers | Self::WaitForClient | Self::Look)
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Split => ("orders-next-split", "unit"),
            Self::Offer => ("orders-next-offer", "offer"),
            Self::Answer => ("questions-tile-answer", "comment"),
            Self::Review => ("orders-next-review", "review"),
            Self::DecideFix => ("orders-next-decide-fix", "return"),
            Self::Decide => ("orders-next-decide", "return"),
            Self::Deliver => ("orders-next-deliver", "delivery"),
            Self::Chase => ("orders-next-chase", "people"),
            Self::WaitForTakers => ("orders-next-wait-takers", "clock"),
            Self::WaitForWorkers => ("orders-next-wait-workers", "clock"),
            Self::WaitForClient => ("orders-next-wait-client", "clock"),
            Self::Look => ("orders-next-look", "eye"),
        }
    }
}

/// The next step of an order in words.
pub(crate) fn next_step(
    call: &Call,
    order: &Order,
    progress: &Progress,
    late: i64,
    questions: i64,
) -> NextStep {
    let todo = Todo::of(order.state, progress, late, questions);
    let (key, icon) = todo.words();
    let here = paths::order(order.id);
    let href = match todo {
        Todo::Split => format!("{here}/jobs/new"),
        Todo::Answer => "/questions".to_owned(),
        Todo::Review => "/review".to_owned(),
        Todo::DecideFix => format!("/fixes?order={}", order.id),
        Todo::Deliver => format!("{here}/deliver"),
        Todo::Chase if progress.arranged() > 0 => format!("{here}#people"),
        // Past its day and nobody's: the deadline is moved with the job.
        Todo::Chase | Todo::Offer | Todo::Decide | Todo::WaitForTakers | Todo::WaitForWorkers => {
            format!("{here}#jobs")
        }
        Todo::WaitForClient => format!("{here}#deliveries"),
        Todo::Look => here,
    };
    NextStep { label: call.text(key), href, icon, is_mine: todo.is_mine() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_the_coordinator_comes_before_what_waits_for_others() {
        let none = Progress::default();
        assert_eq!(Todo::of(OrderState::Draft, &none, 0, 0), Todo::Split);
        let split = Progress { total: 5, draft: 5, ..none };
        assert_eq!(Todo::of(OrderState::Draft, &split, 0, 0), Todo::Offer);
        let mixed = Progress { total: 9, offered: 3, submitted: 2, passed: 4, ..none };
        assert_eq!(Todo::of(OrderState::Running, &mixed, 0, 0), Todo::Review);
        let asked = Progress { claimed_back: 1, total: 10, ..mixed };
        assert_eq!(Todo::of(OrderState::Running, &asked, 0, 0), Todo::DecideFix);
        assert_eq!(
            Todo::of(OrderState::Running, &mixed, 0, 1),
            Todo::Answer,
            "somebody may not be able to go on"
        );
        let passed = Progress { submitted: 0, total: 7, ..mixed };
        assert_eq!(Todo::of(OrderState::Running, &passed, 0, 0), Todo::Deliver);
        let waiting = Progress { total: 3, working: 3, ..none };
        assert_eq!(Todo::of(OrderState::Running, &waiting, 0, 0), Todo::WaitForWorkers);
        assert_eq!(
            Todo::of(OrderState::Running, &waiting, 1, 0),
            Todo::Chase,
            "a late order asks for somebody to act"
        );
        let untaken = Progress { total: 3, working: 1, offered: 2, ..none };
        assert_eq!(Todo::of(OrderState::Running, &untaken, 0, 0), Todo::WaitForTakers);
        let half_late = Progress { total: 9, working: 4, passed: 5, ..none };
        assert_eq!(
            Todo::of(OrderState::Running, &half_late, 4, 0),
            Todo::Chase,
            "what is ready does not hide it"
        );
        let delivered = Progress { total: 3, delivered: 3, ..none };
        assert_eq!(Todo::of(OrderState::Running, &delivered, 0, 0), Todo::WaitForClient);
        assert_eq!(Todo::of(OrderState::Cancelled, &none, 0, 0), Todo::Look);
    }
}
