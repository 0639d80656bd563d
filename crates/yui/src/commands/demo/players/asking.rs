//! How work is done: samples, what a worker asks about it, and the answer that becomes a rule.

use fulfillment::questions::{self, AnswerInput, AskInput, QuestionError};
use fulfillment::samples::{self, SampleError, SampleInput, SampleKind};
use kernel::{JobId, Paging};

use super::super::score::Cue;
use super::{Troupe, missing};
use crate::Stop;

/// The largest sample, in bytes.
const MOST_BYTES: u64 = 64 * 1024;

impl Troupe<'_> {
    /// A sample of good work for each of the order's jobs.
    pub(super) fn show_samples(&mut self, cue: &Cue, note: &str) -> Result<(), Stop> {
        let coordinator = self.stage.who("coordinator")?;
        let jobs: Vec<(JobId, &str)> =
            self.piece(cue)?.jobs.iter().map(|job| (job.id, job.line.what)).collect();
        for (job, what) in jobs {
            let content = format!("\u{feff}番号,点名,標高,備考\r\n1,{what} 見本,1234.56,\r\n");
            let (files, town) = (&self.stage.files, self.stage.organization);
            let received = files
                .receive_blocking(town, &format!("見本_{what}.csv"), content.into_bytes(), MOST_BYTES)
                .map_err(Stop::failed)?;
            self.stage.act(coordinator, |tx| -> Result<(), SampleError> {
                let input = SampleInput {
                    kind: SampleKind::Good.as_str().into(),
                    file_id: files::keep(tx, &received)?.id.to_string().into(),
                    note: note.into(),
                };
                samples::add(tx, job, &input)?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Whoever has the first unit in hand asks about its job.
    pub(super) fn wonder(&mut self, cue: &Cue, text: &str) -> Result<(), Stop> {
        let piece = self.piece(cue)?;
        let held = piece.held.first().copied().ok_or_else(|| missing("unit in hand"))?;
        let job = piece.jobs.get(held.job).ok_or_else(|| missing("job"))?.id;
        let person = self.person(held)?;
        let input = AskInput { text: text.into() };
        self.stage.act(person, |tx| questions::ask_as_worker(tx, job, &input)).map(drop)
    }

    /// The answer to what was asked last about the job of the first unit in hand.
    pub(super) fn rule(&mut self, cue: &Cue, text: &str) -> Result<(), Stop> {
        let piece = self.piece(cue)?;
        let held = piece.held.first().copied().ok_or_else(|| missing("unit in hand"))?;
        let job = piece.jobs.get(held.job).ok_or_else(|| missing("job"))?.id;
        let coordinator = self.stage.who("coordinator")?;
        let input = AnswerInput { answer: text.into(), becomes_rule: "true".into() };
        self.stage.act(coordinator, |tx| -> Result<(), QuestionError> {
            let asked = questions::of_job(tx, job, &Paging::first(1))?.items;
            let Some(question) = asked.first() else { return Ok(()) };
            questions::answer(tx, question.id, &input)?;
            Ok(())
        })
    }
}
