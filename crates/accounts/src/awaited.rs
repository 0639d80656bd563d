//! Facts whose mail somebody waits for at a screen: a code, a link to a new password, an invitation.
//!
//! Their mail is written by one urgent task that carries the fact itself, so that it neither stands in line behind ten
//! thousand ordinary tasks nor goes by way of the dispatcher, which does. The event is recorded all the same: it is what
//! happened, and the mail is unique on it.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::EventId;
use queue::{Event, Priority, Task};
use serde::{Deserialize, Serialize};

/// A fact whose mail somebody waits for.
pub trait Awaited: Event {
    /// The kind of the task that writes the mail: the event's kind and `/mail`, like a subscriber's.
    const MAIL_TASK: &'static str;
}

/// The task that writes the mail of a fact. Whoever can write mails registers its handler, in a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedMail<F> {
    /// The recorded event.
    pub event: EventId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The fact.
    pub fact: F,
}

impl<F: Awaited> Task for AwaitedMail<F> {
    const KIND: &'static str = F::MAIL_TASK;
    const PRIORITY: Priority = Priority::Urgent;
}

/// States a fact in the transaction that makes it true, and has its mail written before other work.
pub fn record<F: Awaited>(tx: &mut Tx<'_>, fact: F) -> Result<EventId, DbError> {
    let event = queue::record(tx, &fact)?;
    let at = tx.now();
    queue::enqueue(tx, &AwaitedMail { event, at, fact })?;
    Ok(event)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use queue::{Registry, Runner, TaskError};

    use super::*;
    use crate::LinkKey;
    use crate::events::PersonInvited;
    use crate::invitations::invite;
    use crate::testing::Town;

    #[derive(Debug, Serialize, Deserialize)]
    struct Ordinary;

    impl Task for Ordinary {
        const KIND: &'static str = "test.ordinary";
    }

    #[test]
    fn what_somebody_waits_for_is_mailed_before_the_work_that_came_first() {
        let town = Town::new();
        let sato = town.person("sato", &["worker"]);
        let done: Arc<Mutex<Vec<&str>>> = Arc::default();
        let mut registry = Registry::new();
        let note = |said: &'static str| {
            let done = done.clone();
            move || done.lock().unwrap().push(said)
        };
        let (ordinary, mailed) = (note("ordinary"), note("mailed"));
        registry.in_transaction::<Ordinary>(move |_tx, _attempt, _task| {
            ordinary();
            Ok::<_, TaskError>(())
        });
        registry.in_transaction::<AwaitedMail<PersonInvited>>(move |_tx, _attempt, mail| {
            assert_eq!(mail.fact.person, sato);
            mailed();
            Ok::<_, TaskError>(())
        });
        town.run(|tx| queue::enqueue_many(tx, &[Ordinary, Ordinary, Ordinary])).unwrap();
        town.run(|tx| invite(tx, &LinkKey::generate(), sato)).unwrap();
        let runner = Runner::new(town.db.app.clone(), town.db.queue.clone(), registry);
        runner.run_all().unwrap();
        assert_eq!(*done.lock().unwrap(), ["mailed", "ordinary", "ordinary", "ordinary"]);
    }
}
