//! `Idempotency-Key`: a POST repeated with the same key and body gets the first answer again and does nothing. A key
//! belongs to the person who sent it.
//!
//! The answer is stored in the transaction of the write itself, so there is no moment in which the write has
//! happened and its answer is unknown.

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::schema::idempotency_keys::dsl::{
    body, created_at, digest, idempotency_keys, key, person_id, status,
};
use crate::{DbError, Tx};

/// How long a key is known. Whoever repeats a request after a day has other ways to find out what became of it.
const MEMORY: TimeDelta = TimeDelta::hours(24);

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The JSON body as it was sent.
    pub body: String,
}

/// What a key is known for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Never: go on, then [`remember`] the answer.
    New,
    /// With this very request: send the same answer.
    Same(Answer),
    /// With a different request: refuse.
    Different,
}

/// Looks up `request_key` of the acting person. `request_digest` is a digest of method, path and body. A concurrent
/// request with the same key waits here until the first has committed.
pub fn look_up(tx: &mut Tx<'_>, request_key: &str, request_digest: &[u8]) -> Result<Seen, DbError> {
    let owner = owner(tx);
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))")
        .bind::<diesel::sql_types::Text, _>(format!("{owner} {request_key}"))
        .bind::<diesel::sql_types::BigInt, _>(tx.organization().0)
        .execute(tx.conn())?;
    let row: Option<(Vec<u8>, i16, String)> = idempotency_keys
        .filter(person_id.eq(owner).and(key.eq(request_key)))
        .select((digest, status, body))
        .first(tx.conn())
        .optional()?;
    Ok(match row {
        None => Seen::New,
        Some((stored, _, _)) if stored != request_digest => Seen::Different,
        Some((_, code, text)) => {
            Seen::Same(Answer { status: u16::try_from(code).unwrap_or(500), body: text })
        }
    })
}

/// Keeps the answer for a day, until [`sweep`] finds it.
pub fn remember(
    tx: &mut Tx<'_>,
    request_key: &str,
    request_digest: &[u8],
    answer: &Answer,
) -> Result<(), DbError> {
    diesel::insert_into(idempotency_keys)
        .values((
            person_id.eq(owner(tx)),
            key.eq(request_key),
            digest.eq(request_digest),
            status.eq(i16::try_from(answer.status).unwrap_or(500)),
            body.eq(&answer.body),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets keys older than a day; says how many. For a task of each town.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let long_ago = tx.now() - MEMORY;
    Ok(diesel::delete(idempotency_keys.filter(created_at.lt(long_ago))).execute(tx.conn())?)
}

/// Whose key it is: the acting person's, or 0 where nobody is signed in.
fn owner(tx: &Tx<'_>) -> i64 {
    tx.actor().person().map_or(0, |person| person.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestDb;

    fn answer(text: &str) -> Answer {
        Answer { status: 201, body: text.to_owned() }
    }

    #[test]
    fn a_key_is_known_to_its_person_alone() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let (ours, theirs) = (db.person(town, "One", &["sales"]), db.person(town, "Two", &["sales"]));
        let seen = |person, request: &'static [u8]| {
            db.acting(town, person, move |tx| look_up(tx, "key", request)).unwrap()
        };
        assert_eq!(seen(ours, b"a"), Seen::New);
        db.acting(town, ours, |tx| remember(tx, "key", b"a", &answer("ours"))).unwrap();
        assert_eq!(seen(ours, b"a"), Seen::Same(answer("ours")));
        assert_eq!(seen(ours, b"b"), Seen::Different);
        assert_eq!(seen(theirs, b"b"), Seen::New);
        db.acting(town, theirs, |tx| remember(tx, "key", b"b", &answer("theirs"))).unwrap();
        assert_eq!(seen(theirs, b"b"), Seen::Same(answer("theirs")));
        assert_eq!(seen(ours, b"a"), Seen::Same(answer("ours")));
    }
}
