//! Promises (納期の約束): by when each open order will be done, how sure that is, what would help where it is not; and the same of
//! work that may come, before sales promises it.
//!
//! Invariants: what is likely late here is at risk wherever orders are listed
//! (`the_list_of_orders_says_what_is_likely_late_as_the_list_of_those_at_risk_does`); whether days were kept moves
//! those that are promised next (`what_came_of_promises_is_learned_from`); what was promised is only added to, and each day that changes has its cause (`a_day_that_changes_has_a_cause`);
//! what is reckoned twice from the same is the same (`what_is_reckoned_twice_is_the_same`); an order whose day is moved is
//! reckoned anew at once (`an_order_whose_day_is_moved_is_reckoned_anew_and_known_to_be_until_then`), and what is called off, split
//! or offered otherwise minutes later, once for all of it (`what_changes_within_the_same_minutes_is_reckoned_with_once_and_after_it`);
//! minutes are those of the units (`minutes_are_those_of_the_units`).

mod lists;
mod model;
mod outcomes;
mod past;
mod reckoning;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod town;

use chrono::{DateTime, TimeDelta};
use db::{DbError, Tx};
use kernel::OrderId;
use queue::{Gate, Limits, Priority, Registry, Task};
use serde::{Deserialize, Serialize};

pub(crate) use lists::late_permilles;
pub use lists::{AtRisk, AtRiskKey, PromiseKey, at_risk, history, is_waiting, outlook, reckoned_last};
pub use model::{Basis, Cause, Days, Gap, Help, MayCome, Outlook, Promise, RemedyKind};

use crate::events::{OrderClosedShort, OrderWithdrawn, UnitsCancelled};
use reckoning::{ASKED_RUNS, NIGHTLY_RUNS, Planned, Reckoned};
use town::Town;

/// Reckons every promise of a town anew. Its handler is where deals are known as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReckonPromises {}

impl Task for ReckonPromises {
    const KIND: &'static str = "promises.reckon";
    const PRIORITY: Priority = Priority::Idle;
    /// Two at once would each write down the same change.
    const LIMITS: Limits = Limits::SERIAL;

    fn gate(&self) -> Gate {
        Gate::InTown(Self::KIND.to_owned())
    }
}

/// Has every promise reckoned anew as soon as somebody is free for it; asked twice, once.
pub fn reckon_soon(tx: &mut Tx<'_>) -> Result<(), DbError> {
    queue::enqueue_unique(tx, &ReckonPromises {}, "soon")?;
    Ok(())
}

/// Has every promise reckoned anew once this transaction has committed: it moves an order's day. A task of its own each time,
/// for one that is asked for already may run by now and have read the day before.
pub(crate) fn reckon_for_moved_day(tx: &mut Tx<'_>) -> Result<(), DbError> {
    queue::enqueue(tx, &ReckonPromises {})?;
    Ok(())
}

/// So many seconds long changes are gathered, and so many after that everything is reckoned anew: until then whatever changed has
/// been committed.
const GATHERED_SECONDS: i64 = 120;
const SETTLED_SECONDS: i64 = 30;

/// Has every promise reckoned anew some minutes after something changed of which they are made: work or hours. All that changes
/// within the same two minutes asks for it once, and it is reckoned only when these are over, so none of it is read too early.
pub fn reckon_after_change(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let now = tx.now();
    let ends = (now.timestamp().div_euclid(GATHERED_SECONDS) + 1) * GATHERED_SECONDS;
    let gathered = DateTime::from_timestamp(ends, 0).unwrap_or(now);
    let at = gathered + TimeDelta::seconds(SETTLED_SECONDS);
    queue::enqueue_unique_at(tx, &ReckonPromises {}, &format!("changed until {ends}"), at)?;
    Ok(())
}

/// Registers what has promises reckoned anew: work that was called off.
pub fn register(registry: &mut Registry) {
    registry.subscribe::<UnitsCancelled>("promises", |tx, _cancelled| Ok(reckon_after_change(tx)?));
    registry.subscribe::<OrderWithdrawn>("promises", |tx, _withdrawn| Ok(reckon_after_change(tx)?));
    registry.subscribe::<OrderClosedShort>("promises", |tx, _closed| Ok(reckon_after_change(tx)?));
}

/// Reckons how every open order looks, beside `may_come`, and writes it down; what each is promised for is added where it is
/// another day than before.
pub fn reckon(tx: &mut Tx<'_>, may_come: &[MayCome]) -> Result<(), DbError> {
    let town = Town::read_with_fits(tx)?;
    let reckoned = Planned::of(&town, may_come).orders(NIGHTLY_RUNS);
    let open: Vec<OrderId> = reckoned.iter().map(|one| one.order.id).collect();
    let before = lists::newest(tx, &open)?;
    store::keep_only(tx, &open)?;
    for one in &reckoned {
        store::put(tx, &looks(tx, one))?;
        let promised = before.get(&one.order.id);
        if promised.is_none_or(|promise| promise.promised_on != one.days.promised_on) {
            let cause = model::cause(promised, &one.basis, one.days.promised_on);
            store::insert(tx, one.order.id, &one.days, cause, &one.basis)?;
        }
    }
    Ok(())
}

fn looks(tx: &Tx<'_>, one: &Reckoned) -> Outlook {
    Outlook {
        order: one.order.id,
        reckoned_at: tx.now(),
        due_on: one.order.due_on,
        minutes_left: one.basis.minutes_left,
        days: one.days,
        help: one.help,
    }
}

/// By when `asked` could be done if it came now, beside every open order and what else may come. Nothing is written.
pub fn ask(tx: &mut Tx<'_>, asked: MayCome, may_come: &[MayCome]) -> Result<Days, DbError> {
    let town = Town::read_with_fits(tx)?;
    let sure = MayCome { likely_permille: 1000, ..asked };
    let all: Vec<MayCome> = may_come.iter().copied().chain([sure]).collect();
    let nothing = Days {
        half_on: None,
        promised_on: None,
        nearly_on: None,
        late_permille: 1000,
        gap: Some(Gap::NoHours),
    };
    Ok(Planned::of(&town, &all).last(ASKED_RUNS).unwrap_or(nothing))
}
