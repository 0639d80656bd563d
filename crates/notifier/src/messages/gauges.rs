//! What monitoring reads of all towns' mails, through the queue role's connection: numbers alone, no names.

use chrono::{DateTime, Utc};
use db::{DbError, Lobby};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz};
use kernel::OrganizationId;

use super::model::MessageState;

/// Mails and attempts looked at in each town.
const LATEST: i32 = 5_000;

/// How many mails are in a state, or how many attempts ended in a way.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Gauge {
    /// The state or the outcome.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Mails of `towns` that have not ended, by state.
pub fn waiting(lobby: &mut Lobby<'_>, towns: &[OrganizationId]) -> Result<Vec<Gauge>, DbError> {
    let open: Vec<&str> =
        MessageState::ALL.iter().filter(|state| !state.is_ended()).map(|state| state.as_str()).collect();
    Ok(diesel::sql_query(
        "SELECT state AS name, count(*) AS count FROM messages \
         WHERE organization_id = ANY ($1) AND state = ANY ($2) GROUP BY state ORDER BY state",
    )
    .bind::<Array<BigInt>, _>(ids(towns))
    .bind::<Array<Text>, _>(open)
    .load(lobby.conn())?)
}

/// Mails of `towns` that ended after `since`, by the state they ended in: those given up and those too late among them. Of
/// each town no more than its latest 5,000 are looked at.
pub fn ended_lately(
    lobby: &mut Lobby<'_>,
    towns: &[OrganizationId],
    since: DateTime<Utc>,
) -> Result<Vec<Gauge>, DbError> {
    Ok(diesel::sql_query(
        "SELECT m.state AS name, count(*) AS count FROM unnest($1) AS town (id) CROSS JOIN LATERAL ( \
             SELECT state, ended_at FROM messages WHERE organization_id = town.id ORDER BY id DESC LIMIT $2) m \
         WHERE m.ended_at > $3 GROUP BY m.state ORDER BY m.state",
    )
    .bind::<Array<BigInt>, _>(ids(towns))
    .bind::<Integer, _>(LATEST)
    .bind::<Timestamptz, _>(since)
    .load(lobby.conn())?)
}

/// Attempts in `towns` that ended after `since`, by outcome; of each town no more than its latest 5,000 are looked at.
pub fn attempts_lately(
    lobby: &mut Lobby<'_>,
    towns: &[OrganizationId],
    since: DateTime<Utc>,
) -> Result<Vec<Gauge>, DbError> {
    Ok(diesel::sql_query(
        "SELECT a.outcome AS name, count(*) AS count FROM unnest($1) AS town (id) CROSS JOIN LATERAL ( \
             SELECT outcome, ended_at FROM message_attempts WHERE organization_id = town.id \
             ORDER BY id DESC LIMIT $2) a \
         WHERE a.ended_at > $3 AND a.outcome IS NOT NULL GROUP BY a.outcome ORDER BY a.outcome",
    )
    .bind::<Array<BigInt>, _>(ids(towns))
    .bind::<Integer, _>(LATEST)
    .bind::<Timestamptz, _>(since)
    .load(lobby.conn())?)
}

fn ids(towns: &[OrganizationId]) -> Vec<i64> {
    towns.iter().map(|town| town.0).collect()
}
