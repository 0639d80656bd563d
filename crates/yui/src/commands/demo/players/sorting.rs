//! Keeping the lists in order: a pipeline of its own, a file of prospects, a client that was entered twice.

use clients::companies::{self, CompanyInput};
use clients::merges::{CompanyMergeInput, MergeError};
use kernel::PersonId;
use sales::deals::{self, DealInput};
use sales::imports::{self, ColumnsInput, ImportError, ImportKind};
use sales::pipelines::{self, PipelineInput};

use super::super::score::{Act, Cue};
use super::{Troupe, missing};
use crate::Stop;

/// Far more than the list has.
const MOST_BYTES: u64 = 64 * 1024;

impl Troupe<'_> {
    pub(super) fn sort(&mut self, cue: &Cue) -> Result<(), Stop> {
        let seller = self.stage.who(self.playing(cue)?.scene.seller)?;
        match cue.act {
            Act::OpenIn(name) => self.open_in(cue, seller, name),
            Act::Import(name, text) => self.import(seller, name, text),
            Act::Merge(name) => self.merge(cue, seller, name),
            _ => Err(missing("act")),
        }
    }

    fn open_in(&mut self, cue: &Cue, seller: PersonId, name: &str) -> Result<(), Stop> {
        let (company, contact) = self.known(cue, seller)?;
        let input = PipelineInput { name: name.into(), ..PipelineInput::default() };
        let pipeline = self.stage.act(seller, |tx| pipelines::add(tx, &input))?.id;
        let playing = self.playing(cue)?;
        let input = DealInput {
            title: playing.scene.title.into(),
            company_id: company.to_string().into(),
            contact_id: contact.to_string().into(),
            expected_close_on: playing.after(120).to_string().into(),
            next_action: cue.next.0.into(),
            next_action_on: cue.next.1.to_string().into(),
            pipeline_id: pipeline.to_string().into(),
            ..DealInput::default()
        };
        self.piece(cue)?.deal = Some(self.stage.act(seller, |tx| deals::open(tx, input))?.id);
        Ok(())
    }

    fn import(&self, seller: PersonId, name: &str, text: &str) -> Result<(), Stop> {
        let (files, town) = (&self.stage.files, self.stage.organization);
        let received =
            files.receive_blocking(town, name, text.as_bytes().to_vec(), MOST_BYTES).map_err(Stop::failed)?;
        let import = self.stage.act(seller, |tx| -> Result<_, ImportError> {
            let file = files::keep(tx, &received)?;
            Ok(imports::begin(tx, ImportKind::Companies, file.id)?.id)
        })?;
        self.react()?;
        self.stage.act(seller, |tx| -> Result<_, ImportError> {
            let columns = imports::find(tx, import)?.columns.into_iter().map(Into::into).collect();
            imports::choose_columns(tx, import, &ColumnsInput { columns, ..ColumnsInput::default() })
        })?;
        self.react()?;
        self.stage.act(seller, |tx| imports::apply(tx, import))?;
        self.react()
    }

    fn merge(&mut self, cue: &Cue, seller: PersonId, name: &str) -> Result<(), Stop> {
        let (kept, _contact) = self.known(cue, seller)?;
        let twice = CompanyInput {
            name: name.into(),
            note: "説明会の名札から入力しました".into(),
            ..CompanyInput::default()
        };
        let twice = self.stage.act(seller, |tx| companies::enter_knowingly(tx, twice))?;
        self.stage.wait(30);
        self.stage.act(seller, |tx| -> Result<(), MergeError> {
            let input = CompanyMergeInput {
                other: twice.id.to_string().into(),
                other_version: twice.version.to_string().into(),
                ..CompanyMergeInput::default()
            };
            let version = companies::find(tx, kept)?.version;
            web::merges::merge_companies(tx, kept, version, &input)?;
            Ok(())
        })
    }
}
