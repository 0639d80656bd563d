//! Rows of `mail_digest_items`.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use crate::schema::mail_digest_items;

/// How many things one daily mail tells at most; the page shows the rest.
const MOST: i64 = 50;

/// What waits for a person's daily mail, oldest first.
pub fn waiting(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>, DbError> {
    Ok(mail_digest_items::table
        .filter(mail_digest_items::person_id.eq(person))
        .order((mail_digest_items::added_at, mail_digest_items::concerns))
        .limit(MOST)
        .select(mail_digest_items::concerns)
        .load(tx.conn())?)
}

pub(super) fn insert(tx: &mut Tx<'_>, person: PersonId, thing: &str) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(mail_digest_items::table)
        .values((
            mail_digest_items::person_id.eq(person),
            mail_digest_items::concerns.eq(thing),
            mail_digest_items::added_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets what waits for a person.
pub(crate) fn clear(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    diesel::delete(mail_digest_items::table.filter(mail_digest_items::person_id.eq(person)))
        .execute(tx.conn())?;
    Ok(())
}
