//! What clients say of their work, and the sample that some of them give.

use kernel::{DealId, FileId, PersonId, Typed};
use sales::HearingError;
use sales::hearings::{self, HearingInput};

use super::super::score::Cue;
use super::Troupe;
use crate::Stop;

/// Far more than a sample of the demo has.
const MOST_BYTES: u64 = 16 * 1024;

impl Troupe<'_> {
    /// Writes a sheet; whoever has no personal data in the work gives a sample of it.
    pub(super) fn hear(
        &self,
        cue: &Cue,
        seller: PersonId,
        deal: DealId,
        (volume, deadline, personal): (&str, &str, &str),
    ) -> Result<(), Stop> {
        let title = self.playing(cue)?.scene.title;
        let sample = if personal == "no" { Some(self.sample(seller, title)?) } else { None };
        let input = HearingInput {
            job_kind: title.into(),
            volume: volume.into(),
            deadline: deadline.into(),
            personal_data: personal.into(),
            samples: sample.map(|file| Typed::from(file.to_string())).into_iter().collect(),
            ..HearingInput::default()
        };
        self.stage.act(seller, |tx| -> Result<(), HearingError> {
            hearings::begin(tx, deal, &input)?;
            Ok(())
        })
    }

    fn sample(&self, seller: PersonId, title: &str) -> Result<FileId, Stop> {
        let content = format!("\u{feff}番号,件名,数量\r\n1,{title}-1,120\r\n2,{title}-2,85\r\n");
        let received = self
            .stage
            .files
            .receive_blocking(
                self.stage.organization,
                &format!("{title}の見本.csv"),
                content.into_bytes(),
                MOST_BYTES,
            )
            .map_err(Stop::failed)?;
        Ok(self.stage.act(seller, |tx| files::keep(tx, &received))?.id)
    }
}
