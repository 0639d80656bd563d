//! Rows and writes of `files`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FileId, PersonId};

use super::model::StoredFile;
use crate::schema::files;
use crate::{MediaType, Received};

#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
pub(super) struct FileRow {
    id: FileId,
    name: String,
    media_type: MediaType,
    bytes: i64,
    sha256: Vec<u8>,
    storage_key: String,
    person_id: Option<PersonId>,
    created_at: DateTime<Utc>,
}

impl From<FileRow> for StoredFile {
    fn from(row: FileRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            media_type: row.media_type,
            bytes: u64::try_from(row.bytes).unwrap_or(0),
            sha256: hexadecimal(&row.sha256),
            person: row.person_id,
            created_at: row.created_at,
            storage_key: row.storage_key,
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(super) fn insert(tx: &mut Tx<'_>, file: &Received) -> Result<StoredFile, DbError> {
    let (person, now) = (tx.actor().person(), tx.now());
    let row = diesel::insert_into(files::table)
        .values((
            files::name.eq(&file.name),
            files::media_type.eq(file.media_type),
            files::bytes.eq(i64::try_from(file.bytes).unwrap_or(i64::MAX)),
            files::sha256.eq(file.sha256.as_slice()),
            files::storage_key.eq(&file.storage_key),
            files::person_id.eq(person),
            files::created_at.eq(now),
        ))
        .returning(FileRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
