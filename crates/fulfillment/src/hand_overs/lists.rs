//! Reading parts: those that wait, one, those of a unit, and the pack that whoever goes on finds.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{FileId, JobId, OrderId, Page, Paging, PersonId, UnitId};

use super::model::{HandOver, HandOverId, HandOverKey, OpenHandOver};
use super::store::PartRow;
use crate::schema::{hand_over_files, hand_overs, jobs, orders, units};
use crate::units::UnitState;

/// The files of some parts.
pub(super) fn files(
    tx: &mut Tx<'_>,
    ids: &[HandOverId],
) -> Result<HashMap<HandOverId, Vec<FileId>>, DbError> {
    let rows: Vec<(HandOverId, FileId)> = hand_over_files::table
        .filter(hand_over_files::hand_over_id.eq_any(ids))
        .order((hand_over_files::hand_over_id, hand_over_files::file_id))
        .select((hand_over_files::hand_over_id, hand_over_files::file_id))
        .load(tx.conn())?;
    let mut files: HashMap<HandOverId, Vec<FileId>> = HashMap::new();
    for (part, file) in rows {
        files.entry(part).or_default().push(file);
    }
    Ok(files)
}

fn with_files(tx: &mut Tx<'_>, rows: Vec<PartRow>) -> Result<Vec<HandOver>, DbError> {
    let ids: Vec<HandOverId> = rows.iter().map(|row| row.id).collect();
    let mut files = files(tx, &ids)?;
    let with = |row: PartRow| {
        let own = files.remove(&row.id).unwrap_or_default();
        row.with(own)
    };
    Ok(rows.into_iter().map(with).collect())
}

type OpenRow = (PartRow, String, JobId, String, OrderId, String);

/// Parts whose share nobody has decided yet, the oldest first, by the index `hand_overs_open`.
pub fn open(
    tx: &mut Tx<'_>,
    paging: &Paging<HandOverKey>,
) -> Result<Page<OpenHandOver, HandOverKey>, DbError> {
    let all = undecided(tx, None, paging.after, paging.probe())?;
    Ok(Page::cut(all, paging, |open: &OpenHandOver| HandOverKey(open.part.id)))
}

/// How many parts of one person are read at most: a handful waits ever.
const MOST_WAITING: i64 = 100;

/// Parts of one person whose share nobody has decided yet, the oldest first.
pub fn waiting_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<OpenHandOver>, DbError> {
    undecided(tx, Some(person), None, MOST_WAITING)
}

fn undecided(
    tx: &mut Tx<'_>,
    person: Option<PersonId>,
    after: Option<HandOverKey>,
    most: i64,
) -> Result<Vec<OpenHandOver>, DbError> {
    let mut query = hand_overs::table
        .inner_join(units::table.on(units::id.eq(hand_overs::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .inner_join(orders::table.on(orders::id.eq(units::order_id)))
        .filter(hand_overs::decided_at.is_null())
        .order(hand_overs::id)
        .limit(most)
        .select((PartRow::as_select(), units::label, jobs::id, jobs::title, orders::id, orders::title))
        .into_boxed();
    if let Some(person) = person {
        query = query.filter(hand_overs::person_id.eq(person));
    }
    if let Some(HandOverKey(id)) = after {
        query = query.filter(hand_overs::id.gt(id));
    }
    let rows: Vec<OpenRow> = query.load(tx.conn())?;
    let ids: Vec<HandOverId> = rows.iter().map(|(row, ..)| row.id).collect();
    let mut files = files(tx, &ids)?;
    let one = |(row, label, job, job_title, order, order_title): OpenRow| {
        let own = files.remove(&row.id).unwrap_or_default();
        OpenHandOver { part: row.with(own), label, job, job_title, order, order_title }
    };
    Ok(rows.into_iter().map(one).collect())
}

/// How many wait for a decision.
pub fn count_open(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(hand_overs::table.filter(hand_overs::decided_at.is_null()).count().get_result(tx.conn())?)
}

/// One part; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: HandOverId) -> Result<HandOver, DbError> {
    let row: PartRow =
        hand_overs::table.filter(hand_overs::id.eq(id)).select(PartRow::as_select()).first(tx.conn())?;
    with_files(tx, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// The parts of a unit, the oldest first; a handful.
pub fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<HandOver>, DbError> {
    let rows: Vec<PartRow> = hand_overs::table
        .filter(hand_overs::unit_id.eq(unit))
        .order(hand_overs::id)
        .select(PartRow::as_select())
        .load(tx.conn())?;
    with_files(tx, rows)
}

/// What the acting person finds of a unit they have to do: the newest part that somebody else made of it.
pub fn pack_of(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<HandOver>, DbError> {
    let person = crate::acting_person(tx)?;
    let held = units::table
        .filter(units::id.eq(unit))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_DO));
    let is_theirs: bool = diesel::select(exists(held)).get_result(tx.conn())?;
    let parts = if is_theirs { of_unit(tx, unit)? } else { Vec::new() };
    Ok(parts.into_iter().rev().find(|part| part.person_id != person))
}

/// Whether a file is in the pack of a unit that a person has to do now: they may read it, whoever made it.
pub fn is_packed(tx: &mut Tx<'_>, file: FileId, person: PersonId) -> Result<bool, DbError> {
    let held = hand_over_files::table
        .inner_join(hand_overs::table.on(hand_overs::id.eq(hand_over_files::hand_over_id)))
        .inner_join(units::table.on(units::id.eq(hand_overs::unit_id)))
        .filter(hand_over_files::file_id.eq(file))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_DO));
    Ok(diesel::select(exists(held)).get_result(tx.conn())?)
}

/// Whether a person made a part of a unit.
pub(crate) fn made_a_part(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<bool, DbError> {
    let made =
        hand_overs::table.filter(hand_overs::unit_id.eq(unit)).filter(hand_overs::person_id.eq(person));
    Ok(diesel::select(exists(made)).get_result(tx.conn())?)
}
