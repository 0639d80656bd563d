//! Reading the team.

use std::collections::HashMap;

use accounts::{Person, Role, persons};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Policy, Team, TeamPlace};
use super::store::{PlaceRow, PolicyRow};
use crate::colleagues;
use crate::schema::{team_places, team_policies};

/// How many versions of the policy are shown; older ones stay in the table.
const MOST_POLICIES: i64 = 100;

/// The policy that holds; `None` before the first.
pub(super) fn policy(tx: &mut Tx<'_>) -> Result<Option<Policy>, DbError> {
    Ok(policies(tx)?.into_iter().next())
}

/// Every version of the policy, the newest first; the newest hundred.
pub fn policies(tx: &mut Tx<'_>) -> Result<Vec<Policy>, DbError> {
    let rows: Vec<PolicyRow> = team_policies::table
        .order(team_policies::number.desc())
        .limit(MOST_POLICIES)
        .select(PolicyRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Policy::from).collect())
}

/// The team as it stands: whoever sells has a place, said or not.
pub fn standing(tx: &mut Tx<'_>) -> Result<Team, DbError> {
    let rows: Vec<PlaceRow> = team_places::table.select(PlaceRow::as_select()).load(tx.conn())?;
    let mut said: HashMap<PersonId, TeamPlace> =
        rows.into_iter().map(TeamPlace::from).map(|place| (place.person_id, place)).collect();
    let unsaid = |person_id| TeamPlace { person_id, area: String::new(), weekly_minutes: 0, version: 0 };
    let places: Vec<TeamPlace> = colleagues::list(tx)?
        .into_iter()
        .filter(|person| person.is(Role::Sales) || said.contains_key(&person.id))
        .map(|person| person.id)
        .collect::<Vec<_>>()
        .into_iter()
        .map(|id| said.remove(&id).unwrap_or_else(|| unsaid(id)))
        .collect();
    Ok(Team {
        policy: policy(tx)?,
        weekly_minutes: places.iter().map(|place| i64::from(place.weekly_minutes)).sum(),
        places,
    })
}

/// Everybody who may come to a meeting: all of the town's people who do more than take work, once each.
pub fn people(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    let mut people: Vec<Person> = Vec::new();
    for role in [Role::Sales, Role::Coordinator, Role::Officer, Role::Adviser, Role::Admin] {
        for person in persons::with_role(tx, role)? {
            if !people.iter().any(|known| known.id == person.id) {
                people.push(person);
            }
        }
    }
    Ok(people)
}
