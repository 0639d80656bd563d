//! Sending one message: looked at in one transaction, posted outside any, and what came of it written in another.
//!
//! Invariants: messages to one endpoint go one after another, so a slow one keeps one thread busy and no more; however many
//! are slow, half of a process's threads are left for everything else
//! (`strangers_who_do_not_answer_keep_half_of_the_threads_and_no_more`); a message whose worker died goes out again under the same id (at least once).

use std::time::Duration;

use accounts::secrets::LinkKey;
use chrono::{DateTime, TimeDelta, Utc};
use db::{Db, DbError, Tx};
use kernel::{OrganizationId, Scope};
use queue::{Attempt, Backoff, Gate, Limits, Priority, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use super::post::{self, PostError};
use super::signature::SigningKey;
use super::store::{self, Ready, Tried};
use super::target::{Reach, Target};
use super::{
    ANSWERED, BOTH_KEYS, DeliveryState, EndpointId, EndpointState, Stop, WebhookDeliveryId, find, stop,
};
use crate::smtp::Trust;

/// Nothing has arrived for so long when a message is given up: nothing more is sent.
const PATIENCE: TimeDelta = TimeDelta::days(3);

/// Posts one message.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Deliver {
    pub(super) delivery: WebhookDeliveryId,
    pub(super) endpoint: EndpointId,
}

impl Deliver {
    /// What the messages to one endpoint are counted under.
    pub(super) fn line_of(endpoint: EndpointId) -> Gate {
        Gate::InTown(endpoint.to_string())
    }
}

impl Task for Deliver {
    const KIND: &'static str = "webhooks.deliver";
    const PRIORITY: Priority = Priority::Later;
    const TIME_LIMIT: Duration = Duration::from_mins(1);
    /// Fourteen tries; the waits come to a day and a half at most, and to half of that as they are drawn.
    const BACKOFF: Backoff =
        Backoff { attempts: 14, first: Duration::from_secs(30), most: Duration::from_hours(8) };
    const LIMITS: Limits = Limits::SERIAL;
    const WAITS_OUTSIDE: bool = true;

    fn gate(&self) -> Gate {
        Self::line_of(self.endpoint)
    }
}

/// Registers the task. `reach` says whom messages may reach.
pub fn register(registry: &mut Registry, key: LinkKey, reach: Reach, trust: Trust) {
    registry.detached::<Deliver>(move |db, town, attempt, task| {
        let line = Line { key: &key, reach, trust: &trust };
        line.deliver(db, town, attempt, task)
    });
}

/// What every message of this process goes out with.
struct Line<'a> {
    key: &'a LinkKey,
    reach: Reach,
    trust: &'a Trust,
}

/// A message that is to go out at this moment; `None` where it has ended, or waits for its endpoint from now on.
fn due(tx: &mut Tx<'_>, task: Deliver) -> Result<Option<(DateTime<Utc>, Ready)>, DbError> {
    let state = store::held(tx, task.endpoint)?;
    let ready = store::ready(tx, task.delivery)?;
    if ready.state != DeliveryState::Pending {
        return Ok(None);
    }
    if state != EndpointState::Active {
        store::park(tx, task.delivery)?;
        return Ok(None);
    }
    Ok(Some((tx.now(), ready)))
}

impl Line<'_> {
    fn deliver(
        &self,
        db: &Db,
        town: OrganizationId,
        attempt: Attempt,
        task: Deliver,
    ) -> Result<(), TaskError> {
        let scope = Scope::system(town);
        let (now, ready) = match db.run_blocking(scope, |tx| due(tx, task)) {
            Ok(Some(due)) => due,
            // Its endpoint was removed meanwhile.
            Ok(None) | Err(DbError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let answer = self.post(town, now, &ready)?;
        let verdict = Verdict::of(&answer, attempt.number >= Deliver::BACKOFF.attempts);
        let stands = match db.run_blocking(scope, |tx| verdict.record(tx, task)) {
            Ok(stands) => stands,
            Err(DbError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if stands == DeliveryState::Pending { Err(TaskError::retry(verdict.problem)) } else { Ok(()) }
    }

    fn post(
        &self,
        town: OrganizationId,
        now: DateTime<Utc>,
        ready: &Ready,
    ) -> Result<Result<u16, PostError>, TaskError> {
        let Ok(target) = Target::parse(&ready.url, self.reach) else {
            return Ok(Err(PostError::NotReachable));
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(TaskError::retry)?;
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("user-agent", concat!("Yui/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("webhook-id", ready.message.clone()),
            ("webhook-timestamp", now.timestamp().to_string()),
            ("webhook-signature", self.signatures(town, now, ready)),
        ];
        let answer = runtime.block_on(post::post(&target, self.reach, self.trust, &headers, &ready.body));
        // A look-up that does not end is not waited for.
        runtime.shutdown_background();
        Ok(answer)
    }

    /// With the key, and for a day after a rotation with the one before as well.
    fn signatures(&self, town: OrganizationId, now: DateTime<Utc>, ready: &Ready) -> String {
        let is_fresh = ready.rotated_at.is_some_and(|at| now - at < BOTH_KEYS);
        let versions = [Some(ready.key_version), is_fresh.then_some(ready.key_version - 1)];
        let sign = |version| {
            let key = SigningKey::of(self.key, town, ready.endpoint, version, ready.made_at);
            key.sign(&ready.message, now.timestamp(), &ready.body)
        };
        versions.into_iter().flatten().map(sign).collect::<Vec<_>>().join(" ")
    }
}

/// What one try means.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    state: DeliveryState,
    status: Option<i16>,
    problem: String,
    /// The endpoint says that it is gone for good.
    is_gone: bool,
}

impl Verdict {
    fn of(answer: &Result<u16, PostError>, is_last: bool) -> Self {
        let status = answer.as_ref().ok().and_then(|status| i16::try_from(*status).ok());
        let is_gone = status == Some(410);
        let problem = match answer {
            Ok(200..300) => String::new(),
            Ok(status) => format!("{ANSWERED}{status}"),
            Err(error) => error.to_string(),
        };
        let state = match answer {
            Ok(200..300) => DeliveryState::Delivered,
            _ if is_gone || is_last => DeliveryState::Failed,
            _ => DeliveryState::Pending,
        };
        Self { state, status, problem, is_gone }
    }

    /// Writes it down, and says where the message stands now.
    fn record(&self, tx: &mut Tx<'_>, task: Deliver) -> Result<DeliveryState, DbError> {
        let ended_at = (self.state != DeliveryState::Pending).then(|| tx.now());
        store::note_try(tx, task.endpoint, self.state == DeliveryState::Delivered)?;
        let state = self.stands(tx, task.endpoint)?;
        let tried = Tried { state, status: self.status, problem: &self.problem, ended_at };
        store::record(tx, task.delivery, &tried)?;
        if state == DeliveryState::Failed {
            self.lose_patience(tx, task.endpoint)?;
        }
        Ok(state)
    }

    /// What would be tried again waits with the rest where its endpoint was paused or stopped while it was under way.
    fn stands(&self, tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<DeliveryState, DbError> {
        if self.state == DeliveryState::Pending && store::held(tx, endpoint)? != EndpointState::Active {
            return Ok(DeliveryState::Waiting);
        }
        Ok(self.state)
    }

    fn lose_patience(&self, tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<(), DbError> {
        if self.is_gone {
            return stop(tx, endpoint, Stop::Gone);
        }
        let long_ago = tx.now() - PATIENCE;
        match find(tx, endpoint)?.failing_since {
            Some(since) if since <= long_ago => stop(tx, endpoint, Stop::Failing),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_2xx_has_arrived_and_410_is_final() {
        let seen = |answer, is_last| {
            let verdict = Verdict::of(&answer, is_last);
            (verdict.state, verdict.is_gone)
        };
        assert_eq!(seen(Ok(200), true), (DeliveryState::Delivered, false));
        assert_eq!(seen(Ok(299), false), (DeliveryState::Delivered, false));
        assert_eq!(seen(Ok(410), false), (DeliveryState::Failed, true));
        for again in
            [Ok(302), Ok(404), Ok(429), Ok(500), Err(PostError::TooLong), Err(PostError::NotReachable)]
        {
            assert_eq!(seen(again.clone(), false), (DeliveryState::Pending, false));
            assert_eq!(seen(again, true), (DeliveryState::Failed, false));
        }
    }
}
