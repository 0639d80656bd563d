//! Samples (見本) of a job: coordination adds files and takes them away, those on the job download them, and JSON.

pub(crate) mod api;
pub(crate) mod pages;

use std::collections::BTreeMap;

use ::files::StoredFile;
use db::{DbError, Tx};
use fulfillment::samples::{self, Sample, SampleKind};
use kernel::{FileId, JobId};
use serde::Serialize;

use crate::call::Call;
use crate::orders::parts;
use crate::paths;

/// A job's samples with their files.
#[derive(Debug)]
pub(crate) struct Samples {
    pub(crate) all: Vec<Sample>,
    files: BTreeMap<FileId, StoredFile>,
}

/// Reads them; whoever calls has seen that the reader may.
pub(crate) fn of_job(tx: &mut Tx<'_>, job: JobId) -> Result<Samples, DbError> {
    let all = samples::of_job(tx, job)?;
    let files = ::files::find_many(tx, &all.iter().map(|sample| sample.file_id).collect::<Vec<_>>())?;
    Ok(Samples { all, files })
}

/// A sample as `samples/list.html` shows it.
#[derive(Debug, Serialize)]
pub(crate) struct SampleView {
    id: String,
    kind: SampleKind,
    label: String,
    tone: &'static str,
    name: String,
    href: String,
    note: String,
}

impl Samples {
    /// In the reader's words.
    pub(crate) fn views(&self, call: &Call) -> Vec<SampleView> {
        self.all.iter().map(|sample| self.view(call, sample)).collect()
    }

    fn view(&self, call: &Call, sample: &Sample) -> SampleView {
        SampleView {
            id: sample.id.to_string(),
            kind: sample.kind,
            label: call.text(&parts::text_key("sample-kind", sample.kind.as_str())),
            tone: match sample.kind {
                SampleKind::Good => "good",
                SampleKind::Bad => "bad",
                SampleKind::Template => "info",
            },
            name: self.files.get(&sample.file_id).map(|file| file.name.clone()).unwrap_or_default(),
            href: paths::file(sample.file_id),
            note: sample.note.clone(),
        }
    }
}
