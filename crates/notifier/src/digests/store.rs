//! Rows of `mail_digest_items`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use crate::schema::mail_digest_items;

/// How many things one daily mail tells at most; the rest comes with the next.
pub(super) const MOST: usize = 50;

/// Whether something waits for the daily mail of that time, so that its task exists.
pub(super) fn is_planned(tx: &mut Tx<'_>, person: PersonId, due: DateTime<Utc>) -> Result<bool, DbError> {
    let planned = mail_digest_items::table
        .filter(mail_digest_items::person_id.eq(person))
        .filter(mail_digest_items::due_at.eq(due));
    Ok(diesel::select(diesel::dsl::exists(planned)).get_result(tx.conn())?)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    thing: &str,
    due: DateTime<Utc>,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(mail_digest_items::table)
        .values((
            mail_digest_items::person_id.eq(person),
            mail_digest_items::concerns.eq(thing),
            mail_digest_items::added_at.eq(now),
            mail_digest_items::due_at.eq(due),
        ))
        .on_conflict((
            mail_digest_items::organization_id,
            mail_digest_items::person_id,
            mail_digest_items::concerns,
        ))
        .do_update()
        .set(mail_digest_items::due_at.eq(due))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves everything that waits for a person to the daily mail of that time. False: nothing had to be moved.
pub(super) fn postpone(tx: &mut Tx<'_>, person: PersonId, due: DateTime<Utc>) -> Result<bool, DbError> {
    let waiting = mail_digest_items::table
        .filter(mail_digest_items::person_id.eq(person))
        .filter(mail_digest_items::due_at.ne(due));
    Ok(diesel::update(waiting).set(mail_digest_items::due_at.eq(due)).execute(tx.conn())? > 0)
}

/// What is due to be told to a person, oldest first; as much as one mail tells.
pub(super) fn due(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>, DbError> {
    let now = tx.now();
    Ok(mail_digest_items::table
        .filter(mail_digest_items::person_id.eq(person))
        .filter(mail_digest_items::due_at.le(now))
        .order((mail_digest_items::added_at, mail_digest_items::concerns))
        .limit(i64::try_from(MOST).unwrap_or(i64::MAX))
        .select(mail_digest_items::concerns)
        .load(tx.conn())?)
}

/// Forgets what has been told.
pub(super) fn remove(tx: &mut Tx<'_>, person: PersonId, things: &[String]) -> Result<(), DbError> {
    diesel::delete(
        mail_digest_items::table
            .filter(mail_digest_items::person_id.eq(person))
            .filter(mail_digest_items::concerns.eq_any(things)),
    )
    .execute(tx.conn())?;
    Ok(())
}

/// Forgets whatever waits for a person.
pub(crate) fn clear(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    diesel::delete(mail_digest_items::table.filter(mail_digest_items::person_id.eq(person)))
        .execute(tx.conn())?;
    Ok(())
}
