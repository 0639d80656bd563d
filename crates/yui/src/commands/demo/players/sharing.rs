//! Work that is offered in turn: who takes their share, who says no, and who lets the time go by.

use fulfillment::claims::{self, ClaimError};
use fulfillment::drafts::{self, DraftInput};
use fulfillment::hand_overs::{self, HandOverInput};
use fulfillment::offers::{self, OfferError, Standing};
use fulfillment::rounds::{self, Decision, PortionState};
use kernel::{JobId, Paging};

use super::super::score::{Cue, Playing};
use super::super::stage::Hand;
use super::{Held, Troupe, missing};
use crate::Stop;

impl Troupe<'_> {
    /// The first `count` of those who were asked in the newest round of a job and have not answered: their number, and
    /// how many units are theirs.
    fn asked_in_turn(&self, job: JobId, count: usize) -> Result<Vec<(usize, usize)>, Stop> {
        let waiting = self.stage.system(|tx| -> Result<Vec<Decision>, db::DbError> {
            let Some(round) = rounds::of_job(tx, job, &Paging::first(1))?.items.pop() else {
                return Ok(Vec::new());
            };
            let decided = rounds::decisions(tx, round.id, &Paging::first(100))?.items;
            Ok(decided.into_iter().filter(|one| one.answer == Some(PortionState::Open)).collect())
        })?;
        let hand = |one: Decision| {
            let place = self.stage.hands.iter().position(|hand| hand.worker == one.worker)?;
            Some((place, usize::try_from(one.units).unwrap_or_default()))
        };
        Ok(waiting.into_iter().filter_map(hand).take(count).collect())
    }

    pub(super) fn take_shares(&mut self, cue: &Cue, count: usize) -> Result<(), Stop> {
        for index in 0..self.piece(cue)?.jobs.len() {
            let Some(job) = self.piece(cue)?.jobs.get(index) else { continue };
            let (id, line) = (job.id, job.line);
            for (hand, share) in self.asked_in_turn(id, count)? {
                let Some(worker) = self.stage.hands.get(hand) else { continue };
                let units = self.claim_some(worker, id, line, share)?;
                let piece = self.piece(cue)?;
                piece.held.extend(units.iter().map(|unit| Held {
                    unit: *unit,
                    hand,
                    job: index,
                    begun: false,
                }));
                if let Some(job) = piece.jobs.get_mut(index) {
                    job.open -= units.len();
                }
            }
        }
        Ok(())
    }

    pub(super) fn say_no(&mut self, cue: &Cue, count: usize) -> Result<(), Stop> {
        let jobs: Vec<JobId> = self.piece(cue)?.jobs.iter().map(|job| job.id).collect();
        for job in jobs {
            for (hand, _share) in self.asked_in_turn(job, count)? {
                if let Some(worker) = self.stage.hands.get(hand) {
                    self.decline(worker, job)?;
                }
            }
        }
        Ok(())
    }

    fn decline(&self, worker: &Hand, job: JobId) -> Result<(), Stop> {
        self.stage.act(worker.person, |tx| -> Result<(), OfferError> {
            match offers::standing(tx, worker.worker, job)? {
                Standing::Open(card) => offers::decline(tx, card.offer),
                _ => Ok(()),
            }
        })
    }

    /// Looks after what rests: whoever works elsewhere says that they go on, so that only this scene's claims may end.
    pub(super) fn tend(&self, cue: &Cue) -> Result<(), Stop> {
        let all = self.pieces.iter().zip(&self.playings).enumerate();
        let is_elsewhere = |place: usize, one: &Playing| place != cue.playing && !one.scene.next_door;
        let elsewhere = all.filter(|(place, (_piece, one))| is_elsewhere(*place, one));
        for held in elsewhere.flat_map(|(_place, (piece, _one))| &piece.held) {
            let person = self.person(*held)?;
            self.stage.act(person, |tx| match claims::keep(tx, held.unit) {
                Ok(_) | Err(ClaimError::NotHolder) => Ok(()),
                Err(other) => Err(other),
            })?;
        }
        self.stage.system(rounds::tend)?;
        self.stage.system(claims::tend)
    }

    /// What has been written so far for the unit in hand stays with it.
    pub(super) fn draft(&mut self, cue: &Cue) -> Result<(), Stop> {
        let held = self.piece(cue)?.held.last().copied().ok_or_else(|| missing("unit in hand"))?;
        let input = DraftInput {
            result_text: "ここまで入力しました。\n残りは、あと半分ほどです。".into(),
            memo: "5ページ目の番号が読みにくいです。".into(),
            ..DraftInput::default()
        };
        let person = self.person(held)?;
        self.stage.act(person, |tx| drafts::save(tx, held.unit, &input)).map(drop)
    }

    /// Somebody has to stop half-way: what is done goes along.
    pub(super) fn hand_over(&mut self, cue: &Cue) -> Result<(), Stop> {
        let piece = self.piece(cue)?;
        let held = piece.held.first().copied().ok_or_else(|| missing("unit in hand"))?;
        piece.held.remove(0);
        if let Some(job) = piece.jobs.get_mut(held.job) {
            job.open += 1;
        }
        let input = HandOverInput {
            tenths: "6".into(),
            result_text: "はじめの36行を入力しました。".into(),
            memo: "37行目からお願いします。".into(),
            ..HandOverInput::default()
        };
        let person = self.person(held)?;
        self.stage.act(person, |tx| hand_overs::hand_over(tx, held.unit, input)).map(drop)
    }
}
