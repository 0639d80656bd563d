//! Reading what a client sees, and what was done with the links of a delivery.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use files::StoredFile;
use kernel::{DeliveryId, FileId, PersonId, UnitId};

use super::model::{
    Access, AccessKind, CheckSheet, ClientAnswer, ClientFile, ClientUnit, ClientView, CodesSent,
};
use crate::deliveries;
use crate::orders;
use crate::reviews::Verdict;
use crate::schema::{delivery_accesses, delivery_links, delivery_units, reviews, submissions, units};
use crate::units::UnitState;

/// What was done with the links of a delivery, the oldest first, at most a thousand.
pub fn accesses(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<Vec<Access>, DbError> {
    let rows: Vec<(AccessKind, DateTime<Utc>)> = delivery_accesses::table
        .filter(delivery_accesses::delivery_id.eq(delivery))
        .order(delivery_accesses::id)
        .limit(1000)
        .select((delivery_accesses::kind, delivery_accesses::happened_at))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(kind, happened_at)| Access { kind, happened_at }).collect())
}

/// Until when a link of this delivery opens it; `None` once all have expired or were withdrawn.
pub fn opens_until(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<Option<DateTime<Utc>>, DbError> {
    let now = tx.now();
    Ok(delivery_links::table
        .filter(delivery_links::delivery_id.eq(delivery))
        .filter(delivery_links::revoked_at.is_null())
        .filter(delivery_links::expires_at.gt(now))
        .select(max(delivery_links::expires_at))
        .first(tx.conn())?)
}

/// How many codes of a delivery went out since its link was made; those of an earlier link are not held against it.
pub(super) fn codes_sent(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    link_made_at: DateTime<Utc>,
) -> Result<CodesSent, DbError> {
    let now = tx.now();
    let mut since = |begin: DateTime<Utc>| -> Result<i64, DbError> {
        Ok(delivery_accesses::table
            .filter(delivery_accesses::delivery_id.eq(delivery))
            .filter(delivery_accesses::kind.eq(AccessKind::CodeSent))
            .filter(delivery_accesses::happened_at.gt(begin))
            .filter(delivery_accesses::happened_at.ge(link_made_at))
            .count()
            .get_result(tx.conn())?)
    };
    Ok(CodesSent {
        within_hour: since(now - Duration::hours(1))?,
        within_day: since(now - Duration::days(1))?,
        since_link: since(DateTime::<Utc>::UNIX_EPOCH)?,
    })
}

/// The file delivered for one unit; `None` where the result is a note, or the unit is not in the delivery.
pub(super) fn file_of(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    unit: UnitId,
) -> Result<Option<FileId>, DbError> {
    let file: Option<Option<FileId>> = delivery_units::table
        .inner_join(submissions::table.on(submissions::id.eq(delivery_units::submission_id)))
        .filter(delivery_units::delivery_id.eq(delivery))
        .filter(delivery_units::unit_id.eq(unit))
        .select(submissions::file_id)
        .first(tx.conn())
        .optional()?;
    Ok(file.flatten())
}

pub(super) fn client_view(tx: &mut Tx<'_>, id: DeliveryId) -> Result<ClientView, DbError> {
    let delivery = deliveries::find(tx, id)?;
    let order = orders::find(tx, delivery.order_id)?;
    let language = clients::contacts::find(tx, delivery.contact_id)?.language;
    let units = client_units(tx, id)?;
    Ok(ClientView {
        delivery: id,
        contact: delivery.contact_id,
        number: delivery.number,
        order_title: order.title,
        message: delivery.message,
        sent_at: delivery.sent_at,
        inspect_until: delivery.inspect_until,
        state: delivery.state,
        answered_at: delivery.answered_at,
        answered_name: delivery.answered_name,
        language,
        units,
    })
}

#[derive(Queryable)]
struct UnitRow {
    unit: UnitId,
    label: String,
    state: UnitState,
    note: String,
    file: Option<FileId>,
    maker: PersonId,
    made_at: DateTime<Utc>,
    checker: Option<PersonId>,
    checked_at: Option<DateTime<Utc>>,
    answer: Option<ClientAnswer>,
    fix_note: String,
}

fn client_units(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<ClientUnit>, DbError> {
    let passed =
        reviews::submission_id.eq(delivery_units::submission_id).and(reviews::verdict.eq(Verdict::Pass));
    let rows: Vec<UnitRow> = delivery_units::table
        .inner_join(units::table.on(units::id.eq(delivery_units::unit_id)))
        .inner_join(submissions::table.on(submissions::id.eq(delivery_units::submission_id)))
        .left_join(reviews::table.on(passed))
        .filter(delivery_units::delivery_id.eq(id))
        .order(units::id)
        .select((
            units::id,
            units::label,
            units::state,
            submissions::note,
            submissions::file_id,
            submissions::maker_id,
            submissions::submitted_at,
            reviews::checker_id.nullable(),
            reviews::reviewed_at.nullable(),
            delivery_units::answer,
            delivery_units::fix_note,
        ))
        .load(tx.conn())?;
    let ids: Vec<FileId> = rows.iter().filter_map(|row| row.file).collect();
    let results = files::find_many(tx, &ids)?;
    Ok(rows.into_iter().map(|row| client_unit(row, &results)).collect())
}

fn client_unit(row: UnitRow, results: &BTreeMap<FileId, StoredFile>) -> ClientUnit {
    let file = row.file.and_then(|id| results.get(&id)).map(|file| ClientFile {
        name: file.name.clone(),
        media_type: file.media_type,
        bytes: file.bytes,
        sha256: file.sha256.clone(),
    });
    ClientUnit {
        unit: row.unit,
        label: row.label,
        note: row.note,
        file,
        state: row.state,
        answer: row.answer,
        fix_note: row.fix_note,
        check: CheckSheet {
            made_at: row.made_at,
            checked_at: row.checked_at,
            by_different_people: row.checker.is_some_and(|checker| checker != row.maker),
        },
    }
}
