//! Rows and writes of `team_policies` and `team_places`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{PlaceFields, Policy, TeamPlace};
use crate::schema::{team_places, team_policies};

#[derive(Queryable, Selectable)]
#[diesel(table_name = team_policies)]
pub(super) struct PolicyRow {
    number: i32,
    body: String,
    person_id: PersonId,
    created_at: DateTime<Utc>,
}

impl From<PolicyRow> for Policy {
    fn from(row: PolicyRow) -> Self {
        Self { version: row.number, body: row.body, person_id: row.person_id, created_at: row.created_at }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = team_places)]
pub(super) struct PlaceRow {
    person_id: PersonId,
    area: String,
    weekly_minutes: i32,
    version: i32,
}

impl From<PlaceRow> for TeamPlace {
    fn from(row: PlaceRow) -> Self {
        Self {
            person_id: row.person_id,
            area: row.area,
            weekly_minutes: row.weekly_minutes,
            version: row.version,
        }
    }
}

/// `None` where another version of that number came first.
pub(super) fn declare(
    tx: &mut Tx<'_>,
    person: PersonId,
    number: i32,
    body: &str,
) -> Result<Option<Policy>, DbError> {
    let now = tx.now();
    let row: Option<PolicyRow> = diesel::insert_into(team_policies::table)
        .values((
            team_policies::number.eq(number),
            team_policies::body.eq(body),
            team_policies::person_id.eq(person),
            team_policies::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(PolicyRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Policy::from))
}

/// `None` when it is no longer at its version.
pub(super) fn place(
    tx: &mut Tx<'_>,
    person: PersonId,
    version: i32,
    fields: &PlaceFields,
) -> Result<Option<TeamPlace>, DbError> {
    let now = tx.now();
    let said = (
        team_places::area.eq(&fields.area),
        team_places::weekly_minutes.eq(fields.weekly_minutes),
        team_places::changed_at.eq(now),
    );
    let row: Option<PlaceRow> = if version == 0 {
        diesel::insert_into(team_places::table)
            .values((team_places::person_id.eq(person), said))
            .on_conflict_do_nothing()
            .returning(PlaceRow::as_returning())
            .get_result(tx.conn())
            .optional()?
    } else {
        let guarded = team_places::table
            .filter(team_places::person_id.eq(person))
            .filter(team_places::version.eq(version));
        diesel::update(guarded)
            .set((said, team_places::version.eq(version + 1)))
            .returning(PlaceRow::as_returning())
            .get_result(tx.conn())
            .optional()?
    };
    Ok(row.map(TeamPlace::from))
}
