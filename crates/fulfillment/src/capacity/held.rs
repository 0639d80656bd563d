//! Whether what each person holds fits into the hours they offer, by the days that bind them.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable};
use kernel::PersonId;
use schemars::JsonSchema;
use serde::Serialize;
use workforce::skills::SkillId;

use super::feasible::{Load, fewest_late, shortfall};
use crate::promises::town::Town;
use crate::units::due;

/// Somebody who holds more than fits into the hours they offer, whatever order they do it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Overfull {
    /// Who.
    pub person_id: PersonId,
    /// The day by whose end most is missing. What is late already counts as due today.
    pub due_on: NaiveDate,
    /// Minutes that are missing by then.
    pub minutes: i64,
    /// Of how many units the day has to be agreed anew, or the unit given to somebody else, so that all others can be kept: the
    /// fewest that will do.
    pub units: i64,
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = BigInt)]
    holder_id: PersonId,
    #[diesel(sql_type = Integer)]
    unit_minutes: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    skill_id: Option<SkillId>,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
}

/// Every unit that somebody has in hand and has still to do; what people hold is bounded by their hours.
fn held(tx: &mut Tx<'_>) -> Result<Vec<HeldRow>, DbError> {
    let due = due::DAY;
    Ok(diesel::sql_query(format!(
        "SELECT u.holder_id, j.unit_minutes, j.skill_id, {due} AS due_on \
         FROM units u JOIN jobs j ON j.id = u.job_id LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
         WHERE u.holder_id IS NOT NULL AND u.state IN ('claimed', 'working', 'paused', 'returned') ORDER BY u.holder_id, u.id"
    ))
    .load(tx.conn())?)
}

/// Everybody who cannot keep all of their days, who lacks most first. A unit takes each of them as long as work of its kind
/// usually does.
pub(super) fn overfull(tx: &mut Tx<'_>, town: &Town) -> Result<Vec<Overfull>, DbError> {
    let mut loads: BTreeMap<PersonId, Vec<Load>> = BTreeMap::new();
    for row in held(tx)? {
        let kind = row.skill_id.map_or(0, |skill| skill.0);
        let pace = town.habits.habit(row.holder_id.0, kind).pace_permille();
        let minutes = (i64::from(row.unit_minutes) * pace + 999) / 1000;
        let due = usize::try_from((row.due_on - town.today).num_days()).unwrap_or(0);
        loads.entry(row.holder_id).or_default().push(Load { minutes, due });
    }
    let mut found: Vec<Overfull> =
        loads.into_iter().filter_map(|(person, loads)| one(town, person, &loads)).collect();
    found.sort_by_key(|one| (-one.minutes, one.person_id));
    Ok(found)
}

fn one(town: &Town, person_id: PersonId, loads: &[Load]) -> Option<Overfull> {
    let days = town.people.iter().find(|one| one.person == person_id).map_or(&[][..], |one| &one.days);
    let missing = shortfall(days, loads)?;
    let ahead = Days::new(u64::try_from(missing.due).unwrap_or_default());
    Some(Overfull {
        person_id,
        due_on: town.today.checked_add_days(ahead).unwrap_or(town.today),
        minutes: missing.minutes,
        units: i64::try_from(fewest_late(days, loads).len()).unwrap_or(i64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use kernel::WorkerId;
    use workforce::workers::{self, HoursInput};

    use super::*;
    use crate::capacity::{Asked, ahead};
    use crate::testing::Town as Bench;

    fn offers(bench: &Bench, worker: WorkerId, minutes: &str) {
        let hours = HoursInput { weekly_minutes: minutes.into() };
        bench.act(bench.director, |tx| {
            let version = workers::find(tx, worker)?.version;
            workers::set_weekly_minutes(tx, worker, version, hours)
        });
    }

    #[test]
    fn who_holds_more_than_their_hours_take_is_named_with_what_would_help() {
        let bench = Bench::new();
        let ((aoki, worker), (sato, _)) = (bench.worker("Aoki"), bench.worker("Sato"));
        let job = bench.job(bench.order_of(8000, 40).id, 40).id;
        bench.claims(aoki, job, 20);
        bench.claims(sato, job, 20);
        let seen = || bench.act(bench.director, |tx| ahead(tx, Asked::default(), &[])).overfull;
        assert_eq!(seen(), [], "400 minutes fit into two weeks of forty hours");
        offers(&bench, worker, "70");
        let found = seen();
        assert_eq!(found.len(), 1, "{found:?}");
        // Ten minutes on each of fifteen days: 150 of 400, so that seven units of twenty can be kept.
        let expected = Overfull { person_id: aoki, due_on: bench.day(14), minutes: 250, units: 13 };
        assert_eq!(found[0], expected);
        offers(&bench, worker, "2400");
        assert_eq!(seen(), []);
    }
}
