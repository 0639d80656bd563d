//! Rows and writes of `mail_settings`, and the arithmetic of zones, which PostgreSQL knows.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamptz};
use kernel::PersonId;

use super::model::{Offers, Preferences, Window, Zone};
use crate::schema::mail_settings;

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_settings)]
struct Row {
    work: bool,
    offers: Offers,
    digest_hour: i16,
    news: bool,
    opens: i16,
    closes: i16,
    zone: Zone,
    changed_at: DateTime<Utc>,
    version: i32,
}

impl From<Row> for Preferences {
    fn from(row: Row) -> Self {
        Self {
            work: row.work,
            offers: row.offers,
            digest_hour: row.digest_hour,
            news: row.news,
            window: Window { opens: row.opens, closes: row.closes, zone: row.zone },
            changed_at: Some(row.changed_at),
            version: row.version,
        }
    }
}

/// How a person wants their mails; the usual where they never chose.
pub fn of(tx: &mut Tx<'_>, person: PersonId) -> Result<Preferences, DbError> {
    let row: Option<Row> = mail_settings::table
        .filter(mail_settings::person_id.eq(person))
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Preferences::from).unwrap_or_default())
}

/// The same, and nobody else changes them or deals with the person's daily mail until the transaction ends. Whoever
/// never chose has no row to lock, and no daily mail.
pub(crate) fn locked(tx: &mut Tx<'_>, person: PersonId) -> Result<Preferences, DbError> {
    let row: Option<Row> = mail_settings::table
        .filter(mail_settings::person_id.eq(person))
        .select(Row::as_select())
        .for_update()
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Preferences::from).unwrap_or_default())
}

/// `None`: they were changed since `version`.
pub(super) fn save(
    tx: &mut Tx<'_>,
    person: PersonId,
    version: i32,
    wanted: &Preferences,
) -> Result<Option<Preferences>, DbError> {
    let now = tx.now();
    let values = (
        mail_settings::work.eq(wanted.work),
        mail_settings::offers.eq(wanted.offers),
        mail_settings::digest_hour.eq(wanted.digest_hour),
        mail_settings::news.eq(wanted.news),
        mail_settings::opens.eq(wanted.window.opens),
        mail_settings::closes.eq(wanted.window.closes),
        mail_settings::zone.eq(wanted.window.zone),
        mail_settings::changed_at.eq(now),
    );
    let row: Option<Row> = if version == 0 {
        diesel::insert_into(mail_settings::table)
            .values((mail_settings::person_id.eq(person), values))
            .on_conflict_do_nothing()
            .returning(Row::as_returning())
            .get_result(tx.conn())
            .optional()?
    } else {
        diesel::update(mail_settings::table)
            .filter(mail_settings::person_id.eq(person))
            .filter(mail_settings::version.eq(version))
            .set((values, mail_settings::version.eq(version + 1)))
            .returning(Row::as_returning())
            .get_result(tx.conn())
            .optional()?
    };
    Ok(row.map(Preferences::from))
}

#[derive(QueryableByName)]
struct At {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

pub(super) fn within_hours(
    tx: &mut Tx<'_>,
    at: DateTime<Utc>,
    window: Window,
) -> Result<DateTime<Utc>, DbError> {
    let row: At = diesel::sql_query("SELECT within_hours($1, $2, $3, $4) AS at")
        .bind::<Timestamptz, _>(at)
        .bind::<Text, _>(window.zone)
        .bind::<Integer, _>(i32::from(window.opens))
        .bind::<Integer, _>(i32::from(window.closes))
        .get_result(tx.conn())?;
    Ok(row.at)
}

/// The next full `hour` in `zone` after `at`.
pub(super) fn next_at_hour(
    tx: &mut Tx<'_>,
    at: DateTime<Utc>,
    hour: i16,
    zone: Zone,
) -> Result<DateTime<Utc>, DbError> {
    // A window without any width is never open, so this is its next opening.
    let opens = i32::from(hour) * 60;
    let row: At = diesel::sql_query("SELECT within_hours($1, $2, $3, $3) AS at")
        .bind::<Timestamptz, _>(at)
        .bind::<Text, _>(zone)
        .bind::<Integer, _>(opens)
        .get_result(tx.conn())?;
    Ok(row.at)
}
