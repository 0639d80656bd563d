//! Rows and writes of `delivery_links` and `delivery_accesses`, and the answers in `delivery_units`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};
use kernel::{DeliveryId, OrderId, UnitId};

use super::model::{AccessKind, Answers, ClientAnswer, LinkId, MOST_TRIES};
use crate::schema::{deliveries, delivery_accesses, delivery_links};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = delivery_links)]
pub(super) struct Link {
    pub(super) id: LinkId,
    pub(super) delivery_id: DeliveryId,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) code_hash: Option<Vec<u8>>,
    pub(super) code_expires_at: Option<DateTime<Utc>>,
    pub(super) code_tries: i16,
    pub(super) typed_answer: Option<String>,
}

impl Link {
    /// Whether a code was asked for that can still be entered.
    pub(super) fn code_counts(&self, now: DateTime<Utc>) -> bool {
        self.code_expires_at.is_some_and(|expires_at| expires_at > now) && self.code_tries < MOST_TRIES
    }
}

#[derive(QueryableByName)]
struct Drawn {
    #[diesel(sql_type = BigInt)]
    id: LinkId,
}

/// The id of a link to be: its secret is derived from it before the row is written.
pub(super) fn draw_id(tx: &mut Tx<'_>) -> Result<LinkId, DbError> {
    let drawn: Drawn =
        diesel::sql_query("SELECT nextval('delivery_links_id_seq') AS id").get_result(tx.conn())?;
    Ok(drawn.id)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: LinkId,
    delivery: DeliveryId,
    secret_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(delivery_links::table)
        .values((
            delivery_links::id.eq(id),
            delivery_links::delivery_id.eq(delivery),
            delivery_links::secret_hash.eq(secret_hash),
            delivery_links::created_at.eq(now),
            delivery_links::expires_at.eq(expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_by_hash(tx: &mut Tx<'_>, secret_hash: &[u8]) -> Result<Option<Link>, DbError> {
    Ok(delivery_links::table
        .filter(delivery_links::secret_hash.eq(secret_hash))
        .select(Link::as_select())
        .first(tx.conn())
        .optional()?)
}

/// Locked, so that two tries at once count as two. Whoever also holds the order or the delivery holds those first.
pub(super) fn lock_by_hash(tx: &mut Tx<'_>, secret_hash: &[u8]) -> Result<Option<Link>, DbError> {
    Ok(delivery_links::table
        .filter(delivery_links::secret_hash.eq(secret_hash))
        .select(Link::as_select())
        .for_no_key_update()
        .first(tx.conn())
        .optional()?)
}

pub(crate) fn revoke_of_delivery(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<(), DbError> {
    let now = tx.now();
    let links = delivery_links::table
        .filter(delivery_links::delivery_id.eq(delivery))
        .filter(delivery_links::revoked_at.is_null());
    diesel::update(links).set(delivery_links::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(crate) fn revoke_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    let now = tx.now();
    let of_order = deliveries::table.filter(deliveries::order_id.eq(order)).select(deliveries::id);
    let links = delivery_links::table
        .filter(delivery_links::delivery_id.eq_any(of_order))
        .filter(delivery_links::revoked_at.is_null());
    diesel::update(links).set(delivery_links::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn set_code(
    tx: &mut Tx<'_>,
    id: LinkId,
    code_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(delivery_links::table.filter(delivery_links::id.eq(id)))
        .set((
            delivery_links::code_hash.eq(code_hash),
            delivery_links::code_expires_at.eq(expires_at),
            delivery_links::code_tries.eq(0),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn set_typed(tx: &mut Tx<'_>, id: LinkId, typed: &str) -> Result<(), DbError> {
    diesel::update(delivery_links::table.filter(delivery_links::id.eq(id)))
        .set(delivery_links::typed_answer.eq(typed))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn count_try(tx: &mut Tx<'_>, id: LinkId) -> Result<(), DbError> {
    diesel::update(delivery_links::table.filter(delivery_links::id.eq(id)))
        .set(delivery_links::code_tries.eq(delivery_links::code_tries + 1))
        .execute(tx.conn())?;
    Ok(())
}

/// No code of an answered delivery counts any more, and what was typed on the way has become the answer.
pub(super) fn spend_codes(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<(), DbError> {
    diesel::update(delivery_links::table.filter(delivery_links::delivery_id.eq(delivery)))
        .set((
            delivery_links::code_hash.eq(None::<Vec<u8>>),
            delivery_links::code_expires_at.eq(None::<DateTime<Utc>>),
            delivery_links::typed_answer.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn note(tx: &mut Tx<'_>, delivery: DeliveryId, kind: AccessKind) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(delivery_accesses::table)
        .values((
            delivery_accesses::delivery_id.eq(delivery),
            delivery_accesses::kind.eq(kind),
            delivery_accesses::happened_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn set_answers(tx: &mut Tx<'_>, delivery: DeliveryId, answers: &Answers) -> Result<(), DbError> {
    let units: Vec<UnitId> = answers.keys().copied().collect();
    let words: Vec<ClientAnswer> = answers.values().map(|(answer, _)| *answer).collect();
    let notes: Vec<&str> = answers.values().map(|(_, note)| note.as_str()).collect();
    let now = tx.now();
    diesel::sql_query(
        "UPDATE delivery_units d SET answer = a.answer, fix_note = a.note, answered_at = $5 \
         FROM unnest($2, $3, $4) AS a (unit_id, answer, note) \
         WHERE d.delivery_id = $1 AND d.unit_id = a.unit_id",
    )
    .bind::<BigInt, _>(delivery)
    .bind::<Array<BigInt>, _>(units)
    .bind::<Array<Text>, _>(words)
    .bind::<Array<Text>, _>(notes)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}
