//! Units from files: one for each, called as the file is.

use db::Tx;
use kernel::{Code, FileId, Invalid, text};

use super::JobError;
use crate::units::store::NewUnit;

/// How many files one job is made of at most.
pub const MOST_UNIT_FILES: usize = 1000;
const MOST_LABEL: usize = 200;

/// The units that files of the acting person become.
pub(super) fn units(tx: &mut Tx<'_>, ids: &[FileId]) -> Result<Vec<NewUnit>, JobError> {
    let by = crate::acting_person(tx)?;
    let files = files::find_many(tx, ids)?;
    let mut units = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(file) = files.get(id).filter(|file| file.person == Some(by)) else {
            return Err(Invalid::field("file_ids", Code::NotFound).into());
        };
        let name = text::one_line(&file.name).unwrap_or_default();
        units.push(NewUnit { label: name.chars().take(MOST_LABEL).collect(), content: String::new() });
    }
    Ok(units)
}
