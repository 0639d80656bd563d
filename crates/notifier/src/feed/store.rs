//! Rows of `notice_reads`: a person has read a mail to them. Only the reader's own word writes one.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use kernel::{MessageId, PersonId};

use super::SHOWN;
use super::lists::THEIRS;
use crate::schema::notice_reads;

pub(super) fn read(tx: &mut Tx<'_>, reader: PersonId, id: MessageId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(notice_reads::table)
        .values((
            notice_reads::person_id.eq(reader),
            notice_reads::message_id.eq(id),
            notice_reads::read_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn read_up_to(tx: &mut Tx<'_>, reader: PersonId, newest: MessageId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(format!(
        "INSERT INTO notice_reads (person_id, message_id, read_at) \
         SELECT $1, m.id, $3 FROM messages m WHERE {THEIRS} AND m.id <= $4 ON CONFLICT DO NOTHING"
    ))
    .bind::<BigInt, _>(reader)
    .bind::<Timestamptz, _>(now - SHOWN)
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(newest)
    .execute(tx.conn())?;
    Ok(())
}

/// What this person read so long ago that it stands on no page any more.
pub(super) fn forget_before(tx: &mut Tx<'_>, reader: PersonId) -> Result<(), DbError> {
    let before = tx.now() - SHOWN;
    diesel::delete(notice_reads::table)
        .filter(notice_reads::person_id.eq(reader))
        .filter(notice_reads::read_at.lt(before))
        .execute(tx.conn())?;
    Ok(())
}
