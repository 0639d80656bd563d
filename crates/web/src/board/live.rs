//! Boards that are being looked at hear what others do to their cards: ids alone, as server-sent events.
//!
//! One watcher per process asks each watched town once what has changed, whenever a transaction anywhere raised
//! [`deals::BOARD`], and tells all its viewers; they ask for the page as ever. Viewers cost a channel each and no
//! question of their own. Invariant: what nobody could tell (no NOTIFY, a full house, a lost stream) is found when the
//! board is opened or moved on, as without any stream.

use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use db::{Db, DbError, Tx};
use futures_util::stream;
use kernel::{Actor, BoardStageId, DealId, OrganizationId, PersonId, RequestId, Scope};
use queue::{Wake, Wakes};
use sales::deals;
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, Sender, channel, error::RecvError};
use tokio::time::{Instant, timeout_at};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;

/// How many boards one process tells; whoever comes then sees the board without news.
const MOST: usize = 500;
/// How many of them one person may have open.
const MOST_OF_ONE: usize = 6;
/// Proxies and browsers give up on silence.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A stream ends by itself, so that whoever has signed out meanwhile does not hear on; browsers come back alone.
const LIFE: Duration = Duration::from_secs(300);
/// What comes within this span is told together.
const GATHER: Duration = Duration::from_millis(150);
/// Without any signal (behind a pooler) it is asked so often.
const UNTOLD: Duration = Duration::from_secs(30);
/// Transactions commit later than the time they write; the longest one may take that long.
const OVERLAP: TimeDelta = TimeDelta::seconds(35);

/// What changed: which cards, the columns they stand in now, and when, in microseconds.
#[derive(Debug, Clone, Serialize)]
struct Changed {
    deals: Vec<(DealId, BoardStageId, i64)>,
}

/// Everybody who looks at a board in this process.
#[derive(Debug, Default)]
pub(crate) struct Viewers {
    towns: Mutex<HashMap<OrganizationId, Watched>>,
}

/// A town whose board somebody looks at.
#[derive(Debug)]
struct Watched {
    tell: Sender<Changed>,
    people: HashMap<PersonId, usize>,
    since: DateTime<Utc>,
    /// What was told of the last moments, which are looked at again.
    told: HashMap<DealId, DateTime<Utc>>,
}

/// A viewer's place, given back when the stream ends.
struct Seat {
    viewers: Arc<Viewers>,
    town: OrganizationId,
    person: PersonId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut towns = self.viewers.towns.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(watched) = towns.get_mut(&self.town) else { return };
        if let Some(open) = watched.people.get_mut(&self.person) {
            *open -= 1;
            if *open == 0 {
                watched.people.remove(&self.person);
            }
        }
        if watched.people.is_empty() {
            towns.remove(&self.town);
        }
    }
}

impl Viewers {
    /// A place for a viewer, or nothing where the house is full.
    fn admit(
        self: &Arc<Self>,
        town: OrganizationId,
        person: PersonId,
        now: DateTime<Utc>,
    ) -> Option<(Seat, Receiver<Changed>)> {
        let mut towns = self.towns.lock().unwrap_or_else(PoisonError::into_inner);
        let seated: usize = towns.values().flat_map(|watched| watched.people.values()).sum();
        if seated >= MOST {
            return None;
        }
        let watched = towns.entry(town).or_insert_with(|| Watched {
            tell: channel(16).0,
            people: HashMap::new(),
            since: now,
            told: HashMap::new(),
        });
        let open = watched.people.entry(person).or_default();
        if *open >= MOST_OF_ONE {
            return None;
        }
        *open += 1;
        let seat = Seat { viewers: self.clone(), town, person };
        Some((seat, watched.tell.subscribe()))
    }

    /// Tells every town's viewers what has changed, from a thread of its own, for as long as the process lives.
    pub(crate) fn watch(self: &Arc<Self>, db: &Db, wakes: &Wakes) {
        let (viewers, db, wake) = (Arc::downgrade(self), db.clone(), wakes.on(deals::BOARD));
        std::thread::spawn(move || {
            let pause = Wake::default();
            while let Some(viewers) = viewers.upgrade() {
                viewers.look(&db);
                drop(viewers);
                if wake.wait(UNTOLD) {
                    pause.wait(GATHER);
                }
            }
        });
    }

    fn look(&self, db: &Db) {
        let since = |watched: &Watched| watched.since - OVERLAP;
        let towns: Vec<(OrganizationId, DateTime<Utc>)> = {
            let towns = self.towns.lock().unwrap_or_else(PoisonError::into_inner);
            towns.iter().map(|(town, watched)| (*town, since(watched))).collect()
        };
        for (organization, since) in towns {
            let scope = Scope { organization, actor: Actor::System, request: RequestId(0) };
            let found: Result<_, DbError> =
                db.run_blocking(scope, |tx| Ok((tx.now(), deals::changed_since(tx, since)?)));
            // A database that is away is asked again.
            if let Ok((now, changes)) = found {
                self.tell(organization, now, changes);
            }
        }
    }

    fn tell(&self, town: OrganizationId, now: DateTime<Utc>, changes: Vec<deals::Change>) {
        let mut towns = self.towns.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(watched) = towns.get_mut(&town) else { return };
        if let Some(news) = watched.news(now, changes) {
            // Nobody is left to hear it: the last one has just gone.
            let _nobody = watched.tell.send(news);
        }
    }

    /// Ends every stream, so that nobody waits for them when the process stops.
    pub(crate) fn close(&self) {
        self.towns.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Watched {
    /// What of the changes was not told yet. What was written under a clock that runs ahead (another process's, or the demo
    /// town's own day) does not hide what comes after it.
    fn news(&mut self, now: DateTime<Utc>, changes: Vec<deals::Change>) -> Option<Changed> {
        let fresh: Vec<deals::Change> =
            changes.into_iter().filter(|change| self.told.get(&change.deal) != Some(&change.at)).collect();
        let newest = fresh.iter().map(|change| change.at).max()?;
        self.since = self.since.max(newest.min(now));
        let kept = self.since - OVERLAP - OVERLAP;
        self.told.retain(|_, at| *at >= kept);
        self.told.extend(fresh.iter().map(|change| (change.deal, change.at)));
        Some(said(fresh))
    }
}

fn said(changes: Vec<deals::Change>) -> Changed {
    let one = |change: deals::Change| (change.deal, change.stage, change.at.timestamp_micros());
    Changed { deals: changes.into_iter().map(one).collect() }
}

/// What changed in the last moments, for a page to know as [`Changed`] tells it. The stream tells that again, because
/// whatever commits late looks just as old.
pub(super) fn lately(tx: &mut Tx<'_>) -> Result<String, DbError> {
    let since = tx.now() - OVERLAP;
    let changed = said(deals::changed_since(tx, since)?);
    Ok(serde_json::to_string(&changed.deals).unwrap_or_default())
}

/// A stream under way.
struct Stream {
    news: Receiver<Changed>,
    /// What the page missed before it listened.
    first: Option<Bytes>,
    ends: Instant,
    _seat: Seat,
}

impl Stream {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if let Some(first) = self.first.take() {
            return Some((Ok(first), self));
        }
        if Instant::now() >= self.ends {
            return None;
        }
        let bytes = match timeout_at(Instant::now() + HEARTBEAT, self.news.recv()).await {
            Ok(Ok(changed)) => event(&changed),
            // Too slow to hear everything: whatever it was, the page is out of date.
            Ok(Err(RecvError::Lagged(_))) => Bytes::from_static(b": more\n\n"),
            Ok(Err(RecvError::Closed)) => return None,
            Err(_silence) => Bytes::from_static(b": here\n\n"),
        };
        Some((Ok(bytes), self))
    }
}

fn event(changed: &Changed) -> Bytes {
    let data = serde_json::to_string(changed).unwrap_or_default();
    Bytes::from(format!("event: changed\ndata: {data}\n\n"))
}

/// `GET /board/live/{since}`: what changes on the town's board, from the moment of the page on.
pub(crate) async fn changes(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let since: DateTime<Utc> =
        format::read_page_key(call.segment("since")?).ok_or_else(Failure::not_found)?;
    let (town, person) = (call.organization.ok_or_else(Failure::not_found)?, call.person()?);
    let now = call.db(|tx| -> Result<_, DbError> { Ok(tx.now()) }).await?;
    let Some((seat, news)) = call.app.viewers.admit(town, person, now) else {
        // Browsers do not come back after this answer.
        return Ok(HttpResponse::NoContent().finish());
    };
    // Only now, so that what happens in between is heard twice rather than not at all.
    let missed = call.db(move |tx| deals::changed_since(tx, since)).await?;
    let first = if missed.is_empty() { Bytes::from_static(b": here\n\n") } else { event(&said(missed)) };
    let opened = Stream { news, first: Some(first), ends: Instant::now() + LIFE, _seat: seat };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .insert_header(ContentEncoding::Identity)
        .streaming(stream::unfold(opened, Stream::next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn change(deal: i64, second: i64) -> deals::Change {
        deals::Change { deal: DealId(deal), stage: BoardStageId(1), at: at(second) }
    }

    fn told(news: &mut Receiver<Changed>) -> Vec<i64> {
        let mut told = Vec::new();
        while let Ok(changed) = news.try_recv() {
            told.extend(changed.deals.into_iter().map(|(deal, ..)| deal.0));
        }
        told
    }

    #[test]
    fn each_change_is_told_once_even_one_that_was_committed_late() {
        let viewers = Arc::new(Viewers::default());
        let town = OrganizationId(1);
        let (_seat, mut news) = viewers.admit(town, PersonId(1), at(0)).unwrap();
        viewers.tell(town, at(9), vec![change(7, 2)]);
        assert_eq!(told(&mut news), [7]);
        viewers.tell(town, at(9), vec![change(8, 1), change(7, 2)]);
        assert_eq!(told(&mut news), [8], "begun before the other and committed after it");
        viewers.tell(town, at(9), vec![change(7, 2), change(7, 3)]);
        assert_eq!(told(&mut news), [7], "changed once more");
        viewers.tell(OrganizationId(2), at(9), vec![change(9, 4)]);
        assert_eq!(told(&mut news), [] as [i64; 0], "another town's");
    }

    #[test]
    fn what_was_written_under_a_clock_that_runs_ahead_hides_nothing() {
        let viewers = Arc::new(Viewers::default());
        let town = OrganizationId(1);
        let (_seat, mut news) = viewers.admit(town, PersonId(1), at(0)).unwrap();
        viewers.tell(town, at(1), vec![change(7, 36_000)]);
        assert_eq!(told(&mut news), [7]);
        assert_eq!(
            viewers.towns.lock().unwrap()[&town].since,
            at(1),
            "the next look begins no later than now"
        );
        viewers.tell(town, at(3), vec![change(8, 2), change(7, 36_000)]);
        assert_eq!(told(&mut news), [8]);
    }

    #[test]
    fn the_house_is_bounded_for_one_and_for_all_and_seats_are_given_back() {
        let viewers = Arc::new(Viewers::default());
        let admit = |person| viewers.admit(OrganizationId(1), PersonId(person), at(0));
        let own: Vec<_> = (0..MOST_OF_ONE).map(|_| admit(1).unwrap()).collect();
        assert!(admit(1).is_none(), "one person's seats are taken");
        let people = i64::try_from(MOST).unwrap();
        let others: Vec<_> = (2..people).filter_map(admit).collect();
        assert_eq!(own.len() + others.len(), MOST);
        assert!(admit(people + 1).is_none(), "the house is full");
        drop((own, others));
        assert!(viewers.towns.lock().unwrap().is_empty(), "nothing is kept of those who left");
        assert!(admit(1).is_some());
    }

    #[test]
    fn closing_the_house_ends_every_stream() {
        let viewers = Arc::new(Viewers::default());
        let (_seat, mut news) = viewers.admit(OrganizationId(1), PersonId(1), at(0)).unwrap();
        viewers.close();
        assert!(matches!(news.try_recv(), Err(tokio::sync::broadcast::error::TryRecvError::Closed)));
    }
}
