//! Rows and writes of `target_plans` and `targets`.

use chrono::{DateTime, NaiveDate, Utc};
use clients::tags::TagId;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FiscalYear, Period, PersonId};

use super::model::{Metric, Plan, PlanId, Scope, Target, TargetFields, TargetId};
use crate::schema::{target_alerts, target_plans, targets};

#[derive(Queryable, Selectable)]
#[diesel(table_name = target_plans)]
pub(super) struct PlanRow {
    id: PlanId,
    fiscal_year: i32,
    number: i32,
    starts_on: NaiveDate,
    reason: String,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    closed_by: Option<PersonId>,
}

impl From<PlanRow> for Plan {
    fn from(row: PlanRow) -> Self {
        Self {
            id: row.id,
            fiscal_year: FiscalYear(row.fiscal_year),
            number: row.number,
            starts_on: row.starts_on,
            reason: row.reason,
            person_id: row.person_id,
            created_at: row.created_at,
            closed_at: row.closed_at,
            closed_by: row.closed_by,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = targets)]
pub(super) struct TargetRow {
    id: TargetId,
    plan_id: PlanId,
    metric: Metric,
    scope: Scope,
    person_id: Option<PersonId>,
    tag_id: Option<TagId>,
    tag_name: Option<String>,
    period: Period,
    amount: i64,
    is_above_meant: bool,
    reason: String,
    set_by: PersonId,
    set_at: DateTime<Utc>,
}

impl From<TargetRow> for Target {
    fn from(row: TargetRow) -> Self {
        Self {
            id: row.id,
            plan_id: row.plan_id,
            metric: row.metric,
            scope: row.scope,
            person_id: row.person_id,
            tag_id: row.tag_id,
            tag_name: row.tag_name,
            period: row.period,
            value: row.amount,
            is_above_meant: row.is_above_meant,
            reason: row.reason,
            set_by: row.set_by,
            set_at: row.set_at,
        }
    }
}

/// A next version; `None` where another is open or has taken its number meanwhile.
pub(super) fn open(
    tx: &mut Tx<'_>,
    person: PersonId,
    (year, number): (FiscalYear, i32),
    starts_on: NaiveDate,
    reason: &str,
) -> Result<Option<Plan>, DbError> {
    let now = tx.now();
    let row: Option<PlanRow> = diesel::insert_into(target_plans::table)
        .values((
            target_plans::fiscal_year.eq(year.0),
            target_plans::number.eq(number),
            target_plans::starts_on.eq(starts_on),
            target_plans::reason.eq(reason),
            target_plans::person_id.eq(person),
            target_plans::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(PlanRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Plan::from))
}

/// A version, kept as it is until the transaction ends: nobody closes it meanwhile.
pub(super) fn hold(tx: &mut Tx<'_>, id: PlanId) -> Result<Plan, DbError> {
    let row: PlanRow = target_plans::table
        .filter(target_plans::id.eq(id))
        .select(PlanRow::as_select())
        .for_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// `None` where it is closed already.
pub(super) fn close(tx: &mut Tx<'_>, id: PlanId, person: PersonId) -> Result<Option<Plan>, DbError> {
    let now = tx.now();
    let open = target_plans::table.filter(target_plans::id.eq(id)).filter(target_plans::closed_at.is_null());
    let row: Option<PlanRow> = diesel::update(open)
        .set((target_plans::closed_at.eq(now), target_plans::closed_by.eq(person)))
        .returning(PlanRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Plan::from))
}

/// The targets of one version become those of the next, each with the reason it had.
pub(super) fn copy(tx: &mut Tx<'_>, before: &[Target], plan: PlanId) -> Result<(), DbError> {
    let row = |target: &Target| {
        (
            targets::plan_id.eq(plan),
            targets::metric.eq(target.metric),
            targets::scope.eq(target.scope),
            targets::person_id.eq(target.person_id),
            targets::tag_id.eq(target.tag_id),
            targets::tag_name.eq(target.tag_name.clone()),
            targets::period.eq(target.period),
            targets::amount.eq(target.value),
            targets::is_above_meant.eq(target.is_above_meant),
            targets::reason.eq(target.reason.clone()),
            targets::set_by.eq(target.set_by),
            targets::set_at.eq(target.set_at),
        )
    };
    let rows: Vec<_> = before.iter().map(row).collect();
    diesel::insert_into(targets::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Sets one target of a version that the caller holds, whether it was there or not.
pub(super) fn set(
    tx: &mut Tx<'_>,
    plan: PlanId,
    person: PersonId,
    fields: &TargetFields,
    tag_name: Option<String>,
) -> Result<Target, DbError> {
    let now = tx.now();
    let of_scope = targets::table
        .filter(targets::plan_id.eq(plan))
        .filter(targets::metric.eq(fields.metric))
        .filter(targets::scope.eq(fields.scope))
        .filter(targets::period.eq(fields.period))
        .filter(targets::person_id.is_not_distinct_from(fields.person_id))
        .filter(targets::tag_id.is_not_distinct_from(fields.tag_id));
    let said = || {
        (
            targets::amount.eq(fields.value),
            targets::is_above_meant.eq(fields.is_above_meant),
            targets::reason.eq(&fields.reason),
            targets::set_by.eq(person),
            targets::set_at.eq(now),
        )
    };
    let changed: Option<TargetRow> = diesel::update(of_scope)
        .set(said())
        .returning(TargetRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    if let Some(row) = changed {
        return Ok(row.into());
    }
    let row: TargetRow = diesel::insert_into(targets::table)
        .values((
            targets::plan_id.eq(plan),
            targets::metric.eq(fields.metric),
            targets::scope.eq(fields.scope),
            targets::person_id.eq(fields.person_id),
            targets::tag_id.eq(fields.tag_id),
            targets::tag_name.eq(tag_name),
            targets::period.eq(fields.period),
            said(),
        ))
        .returning(TargetRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Notes that a target of a version is told to be at risk in the month of `month_on`; `false` where it, or the same one of
/// another version of the year, was told before.
pub(super) fn note_alert(
    tx: &mut Tx<'_>,
    plan: &Plan,
    target: &Target,
    month_on: NaiveDate,
) -> Result<bool, DbError> {
    let now = tx.now();
    let of_year = target_plans::table.filter(target_plans::fiscal_year.eq(plan.fiscal_year.0));
    let same = targets::table
        .filter(targets::plan_id.eq_any(of_year.select(target_plans::id)))
        .filter(targets::metric.eq(target.metric))
        .filter(targets::scope.eq(target.scope))
        .filter(targets::period.eq(target.period))
        .filter(targets::person_id.is_not_distinct_from(target.person_id))
        .filter(targets::tag_id.is_not_distinct_from(target.tag_id));
    let told = target_alerts::table
        .filter(target_alerts::month_on.eq(month_on))
        .filter(target_alerts::target_id.eq_any(same.select(targets::id)));
    if diesel::select(diesel::dsl::exists(told)).get_result(tx.conn())? {
        return Ok(false);
    }
    let noted = diesel::insert_into(target_alerts::table)
        .values((
            target_alerts::target_id.eq(target.id),
            target_alerts::month_on.eq(month_on),
            target_alerts::told_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(noted == 1)
}

/// Takes a target out of a version that the caller holds; `false` where it is none of its.
pub(super) fn remove(tx: &mut Tx<'_>, plan: PlanId, id: TargetId) -> Result<bool, DbError> {
    let it = targets::table.filter(targets::plan_id.eq(plan)).filter(targets::id.eq(id));
    Ok(diesel::delete(it).execute(tx.conn())? == 1)
}
