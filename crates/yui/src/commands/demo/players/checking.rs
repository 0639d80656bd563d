//! Other eyes: two looks one after the other, work that is looked at by lot, and a return that its maker thinks wrong.

use fulfillment::appeals::{self, AppealInput, DecideAppealInput};
use fulfillment::reviews::{self, ReviewError};
use fulfillment::sampling::{self, SamplingInput};
use kernel::JobId;

use super::super::score::Cue;
use super::making::{passing, returning};
use super::{Held, Troupe, missing};
use crate::Stop;

/// After how many good units in a row of how many one is looked at.
const CLEAN: u8 = 3;
const ONE_IN: u8 = 5;

/// What is said to have been done against a rule.
const AGAINST: (&str, &str, &str) =
    ("rule_broken", "worker", "手順書の2番にあるとおり、空欄は詰めずに残してください。");

impl Troupe<'_> {
    pub(super) fn look_by_lot(&mut self, cue: &Cue) -> Result<(), Stop> {
        let coordinator = self.stage.who("coordinator")?;
        let jobs: Vec<JobId> = self.piece(cue)?.jobs.iter().map(|job| job.id).collect();
        let plan = SamplingInput {
            based_on: "0".into(),
            rule: "flow".into(),
            clean: CLEAN.to_string().into(),
            one_in: ONE_IN.to_string().into(),
        };
        jobs.into_iter()
            .try_for_each(|job| self.stage.act(coordinator, |tx| sampling::change(tx, job, &plan)).map(drop))
    }

    /// By whoever does not look at them afterwards.
    pub(super) fn look_first(&mut self, cue: &Cue, count: usize) -> Result<(), Stop> {
        let [_last, first] = self.checkers(cue)?;
        let versions: Vec<_> =
            self.piece(cue)?.waiting.iter().take(count).map(|one| one.submission).collect();
        self.stage.act(first, |tx| -> Result<(), ReviewError> {
            versions.into_iter().try_for_each(|version| reviews::decide(tx, version, passing()).map(drop))
        })
    }

    pub(super) fn send_back(&mut self, cue: &Cue) -> Result<(), Stop> {
        let [checker, _other] = self.checkers(cue)?;
        let piece = self.piece(cue)?;
        if piece.waiting.is_empty() {
            return Err(missing("unit to check"));
        }
        let handed = piece.waiting.remove(0);
        let back = Held { begun: false, ..handed.held };
        piece.held.push(back);
        piece.sent_back = Some(back);
        self.stage.act(checker, |tx| reviews::decide(tx, handed.submission, returning(AGAINST))).map(drop)
    }

    pub(super) fn appeal(&mut self, cue: &Cue, text: &str) -> Result<(), Stop> {
        let held = self.piece(cue)?.sent_back.ok_or_else(|| missing("unit that went back"))?;
        let input = AppealInput { text: text.into() };
        let made = self.stage.act(self.person(held)?, |tx| appeals::appeal(tx, held.unit, &input))?;
        self.piece(cue)?.appeal = Some(made.id);
        Ok(())
    }

    pub(super) fn uphold(&mut self, cue: &Cue, comment: &str) -> Result<(), Stop> {
        let [_sent_it_back, other] = self.checkers(cue)?;
        let appeal = self.piece(cue)?.appeal.take().ok_or_else(|| missing("appeal"))?;
        let input = DecideAppealInput {
            outcome: "upheld".into(),
            comment: comment.into(),
            ..DecideAppealInput::default()
        };
        self.stage.act(other, |tx| appeals::decide(tx, appeal, &input)).map(drop)
    }
}
