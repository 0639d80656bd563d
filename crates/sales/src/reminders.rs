//! The morning's word about what is due: whether anybody is to hear of a day, and that they hear of it once.
//!
//! Invariant: a person is told of a day at most once, however often and by however many tasks it is asked
//! (`a_day_is_told_once_however_often_its_task_runs`).

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, date_in_japan};

use crate::day;
use crate::events::DayBegan;
use crate::schema::day_reminders;

/// States that `person`'s `day` began, where they have something to do and were not told before. A day that is over is
/// nobody's morning any more. Says whether it was stated.
pub fn remind(tx: &mut Tx<'_>, person: PersonId, day: NaiveDate) -> Result<bool, DbError> {
    if day != date_in_japan(tx.now()) || day::counts(tx, person)?.due == 0 {
        return Ok(false);
    }
    let now = tx.now();
    let noted = diesel::insert_into(day_reminders::table)
        .values((
            day_reminders::person_id.eq(person),
            day_reminders::day.eq(day),
            day_reminders::reminded_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    if noted == 1 {
        queue::record(tx, &DayBegan { person, day })?;
    }
    Ok(noted == 1)
}
