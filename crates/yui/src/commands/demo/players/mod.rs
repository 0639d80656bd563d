//! The players: they read a cue, find out whose turn it is, and call the verb that a page would call.

mod asking;
mod checking;
mod days;
mod delivering;
mod hearing;
mod making;
mod papers;
mod partnering;
mod quoting;
mod selling;
mod sharing;
mod sorting;

use chrono::{NaiveDate, TimeDelta};
use fulfillment::appeals::AppealId;
use fulfillment::events::DeliverySent;
use kernel::{CompanyId, ContactId, DealId, JobId, LeadId, OrderId, SubmissionId, UnitId};
use queue::{Registry, Runner};
use sales::sendings::Sending;

pub(super) use delivering::Post;

use super::calendar::before;
use super::ordering;
use super::score::{Act, Cue, Line, Playing, lay_out};
use super::stage::Stage;
use super::story;
use crate::{Stop, runtime};
use db::Db;

/// From how many days before today on mails are written. A mail lives three days: an older one would only be shown
/// as expired, and a year of them would drown the day that one wants to read.
pub(super) const MAILED_DAYS: u64 = 2;

/// The troupe in the middle of the play.
pub(super) struct Troupe<'a> {
    /// Where the scene of the moment is played.
    stage: &'a Stage,
    home: &'a Stage,
    next_door: &'a Stage,
    /// Who reacts while mails are written.
    mailing: Runner,
    /// Who reacts to what is older.
    silent: Runner,
    /// Who reacts next door, where nobody reads mail; with whether the two towns have anything to do with each other yet.
    there: Runner,
    are_partners: bool,
    post: Post,
    clients: Vec<Option<(CompanyId, ContactId)>>,
    pieces: Vec<Piece>,
    playings: Vec<Playing>,
    today: NaiveDate,
    day: NaiveDate,
}

/// What one playing has come to.
#[derive(Debug, Default)]
struct Piece {
    lead: Option<LeadId>,
    deal: Option<DealId>,
    /// The quote that was mailed last.
    sent: Option<Sending>,
    order: Option<OrderId>,
    jobs: Vec<Job>,
    held: Vec<Held>,
    waiting: Vec<Handed>,
    /// Everything that ever passed, for the makers to be found again.
    passed: Vec<Handed>,
    delivery: Option<DeliverySent>,
    /// What the client wants mended and nobody has decided about.
    asked: Vec<UnitId>,
    /// How many pieces were offered to the other town.
    shared: usize,
    /// What went back against a rule, and what its maker says to that.
    sent_back: Option<Held>,
    appeal: Option<AppealId>,
}

#[derive(Debug)]
struct Job {
    id: JobId,
    line: Line,
    /// Units nobody holds.
    open: usize,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    unit: UnitId,
    /// Index of the stage's hands.
    hand: usize,
    job: usize,
    begun: bool,
}

#[derive(Debug, Clone, Copy)]
struct Handed {
    submission: SubmissionId,
    held: Held,
}

impl<'a> Troupe<'a> {
    /// Gathers everybody. `mailing` writes mails and those of old do not; both open the orders of won deals. They react in
    /// the two stages' towns alone: a real town beside them waits for workers that mail, and that do not live in the past.
    pub(super) fn gather(
        (home, next_door): (&'a Stage, &'a Stage),
        queue: &Db,
        mut mailing: Registry,
    ) -> Self {
        let post = Post::default();
        post.subscribe(&mut mailing);
        let [silent, there] = [(); 2].map(|()| {
            let mut silent = runtime::silent_registry(home.files.clone());
            post.subscribe(&mut silent);
            silent.ignore_other_events_of(&mailing);
            silent
        });
        let runner = |registry, stage: &Stage| {
            Runner::new(home.db.clone(), queue.clone(), registry).of_town(stage.organization)
        };
        Self {
            stage: home,
            home,
            next_door,
            mailing: runner(mailing, home),
            silent: runner(silent, home),
            there: runner(there, next_door),
            are_partners: false,
            post,
            clients: vec![None; story::CLIENTS.len()],
            pieces: Vec::new(),
            playings: Vec::new(),
            today: home.today,
            day: NaiveDate::MIN,
        }
    }

    /// Plays the whole year; `progress` hears how many acts are done and how many there are.
    pub(super) fn play(&mut self, mut progress: impl FnMut(usize, usize)) -> Result<(), Stop> {
        let (playings, cues) = lay_out(story::scenes(), self.today);
        self.pieces = playings.iter().map(|_| Piece::default()).collect();
        self.playings = playings;
        for (done, cue) in cues.iter().enumerate() {
            progress(done, cues.len());
            if cue.day != self.day {
                self.react()?;
                self.day = cue.day;
            }
            let is_there = self.playing(cue)?.scene.next_door;
            self.stage = if is_there { self.next_door } else { self.home };
            self.stage.turn_to(cue.day, cue.minute);
            self.perform(cue).map_err(|stop| self.named(cue, &stop))?;
        }
        self.react()?;
        (self.stage, self.day) = (self.home, self.today);
        self.morning()?;
        let called = ordering::by_phone(self.stage)?;
        self.react()?;
        match called {
            Some(deal) => ordering::re_entrust(self.stage, deal),
            None => Ok(()),
        }
    }

    fn named(&self, cue: &Cue, stop: &Stop) -> Stop {
        let title = self.playings.get(cue.playing).map_or("", |playing| playing.scene.title);
        Stop::failed(format!("{title}, {}, {:?}: {}", cue.day, cue.act, stop.message))
    }

    /// Lets everybody who subscribes to what has happened do their part.
    pub(super) fn react(&self) -> Result<(), Stop> {
        let mails = self.day >= before(self.today, MAILED_DAYS);
        let here = if mails { &self.mailing } else { &self.silent };
        here.run_all().map_err(Stop::failed)?;
        // What one town tells the other is answered, and heard again.
        while self.are_partners && self.there.run_all().map_err(Stop::failed)? > 0 {
            here.run_all().map_err(Stop::failed)?;
        }
        Ok(())
    }

    /// Lets what is over by now go without a mail.
    pub(super) fn let_pass(&self) -> Result<(), Stop> {
        self.silent.run_all().map(|_attempts| ()).map_err(Stop::failed)
    }

    fn perform(&mut self, cue: &Cue) -> Result<(), Stop> {
        match cue.act {
            Act::Split => self.split(cue).and_then(|()| self.offer(cue)),
            Act::SplitOnly => self.split(cue),
            Act::Claim(percent) => self.claim(cue, percent),
            Act::TakeShares(count) => self.take_shares(cue, count),
            Act::SayNo(count) => self.say_no(cue, count),
            Act::Tend => self.tend(cue),
            Act::Begin(percent) => self.begin(cue, percent),
            Act::Pause => self.pause(cue),
            Act::Show(note) => self.show_samples(cue, note),
            Act::Wonder(question) => self.wonder(cue, question),
            Act::Rule(answer) => self.rule(cue, answer),
            Act::Draft => self.draft(cue),
            Act::HandOver => self.hand_over(cue),
            Act::HandIn(percent) => self.hand_in(cue, percent),
            Act::HandBack(count) | Act::TakeBack(count) => self.give_back(cue, count),
            Act::CancelUnits(count) => self.cancel_units(cue, count),
            Act::CloseShort => self.close_short(cue),
            Act::CancelOrder => self.cancel_order(cue),
            Act::Check(count, returned) => self.check(cue, count, returned),
            Act::BeginCheck => self.begin_check(cue),
            Act::Finish => self.finish(cue),
            Act::Deliver => self.deliver(cue),
            Act::Receive(fixes) => self.receive(cue, fixes),
            Act::Decide => self.decide(cue),
            Act::LookFirst(count) => self.look_first(cue, count),
            Act::Sample => self.look_by_lot(cue),
            Act::SendBack => self.send_back(cue),
            Act::Appeal(text) => self.appeal(cue, text),
            Act::Uphold(comment) => self.uphold(cue, comment),
            Act::Befriend => self.befriend(),
            Act::Share(pieces) => self.share_out(cue, pieces),
            Act::TakeOver => self.take_over(cue),
            Act::OpenIn(_) | Act::Import(..) | Act::Merge(_) => self.sort(cue),
            _ => self.sell(cue),
        }
    }

    fn playing(&self, cue: &Cue) -> Result<&Playing, Stop> {
        self.playings.get(cue.playing).ok_or_else(|| missing("scene"))
    }

    fn piece(&mut self, cue: &Cue) -> Result<&mut Piece, Stop> {
        self.pieces.get_mut(cue.playing).ok_or_else(|| missing("scene"))
    }
}

impl Playing {
    /// A day after the scene's beginning.
    fn after(&self, days: i64) -> NaiveDate {
        self.began + TimeDelta::days(days)
    }
}

fn missing(what: &str) -> Stop {
    Stop::failed(format!("the demo's scene has no {what} yet"))
}

/// So many percent of `count`, rounded up.
fn share(count: usize, percent: usize) -> usize {
    count.min(count.saturating_mul(percent).div_ceil(100))
}
