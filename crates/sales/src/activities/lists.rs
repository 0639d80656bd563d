//! Reading activities: those about one thing, newest first, and when each of many deals had its last.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{ActivityId, CompanyId, DealId, Page, Paging};
use serde::{Deserialize, Serialize};

use super::model::Activity;
use super::store::ActivityRow;
use crate::about::About;
use crate::schema::activities;

/// Where a page of activities ends: when the last one happened, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityKey(pub DateTime<Utc>, pub ActivityId);

/// A deal's activities, newest first.
pub fn history(
    tx: &mut Tx<'_>,
    deal: DealId,
    paging: &Paging<ActivityKey>,
) -> Result<Page<Activity, ActivityKey>, DbError> {
    list(tx, About::Deal(deal), paging)
}

/// What was done for one thing, newest first: of a company what is about no deal of it.
pub fn list(
    tx: &mut Tx<'_>,
    about: About,
    paging: &Paging<ActivityKey>,
) -> Result<Page<Activity, ActivityKey>, DbError> {
    let mut query = of(about)
        .order((activities::happened_at.desc(), activities::id.desc()))
        .limit(paging.probe())
        .select(ActivityRow::as_select());
    if let Some(ActivityKey(at, id)) = &paging.after {
        query = query
            .filter(activities::happened_at.le(*at))
            .filter(activities::happened_at.lt(*at).or(activities::id.lt(*id)));
    }
    let rows: Vec<Activity> = query.load(tx.conn())?.into_iter().map(Activity::from).collect();
    Ok(Page::cut(rows, paging, |activity| ActivityKey(activity.happened_at, activity.id)))
}

fn of<'q>(about: About) -> activities::BoxedQuery<'q, Pg> {
    match about {
        About::Deal(id) => activities::table.filter(activities::deal_id.eq(id)).into_boxed(),
        About::Company(id) => activities::table.filter(activities::company_id.eq(id)).into_boxed(),
        About::Lead(id) => activities::table.filter(activities::lead_id.eq(id)).into_boxed(),
    }
}

/// One activity; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: ActivityId) -> Result<Activity, DbError> {
    let row: ActivityRow =
        activities::table.filter(activities::id.eq(id)).select(ActivityRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    id: ActivityId,
}

/// The last that was done for a company, in any of its deals or beside them.
pub fn last_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<Option<Activity>, DbError> {
    let newest = (activities::happened_at.desc(), activities::id.desc());
    let beside = of(About::Company(company)).order(newest).select(ActivityRow::as_select());
    let beside: Option<ActivityRow> = beside.first(tx.conn()).optional()?;
    let within: Option<Last> = diesel::sql_query(
        "SELECT last.id FROM deals CROSS JOIN LATERAL (SELECT id, happened_at FROM activities \
             WHERE activities.organization_id = deals.organization_id AND activities.deal_id = deals.id \
             ORDER BY happened_at DESC, id DESC LIMIT 1) last \
         WHERE deals.company_id = $1 ORDER BY last.happened_at DESC, last.id DESC LIMIT 1",
    )
    .bind::<BigInt, _>(company)
    .get_result(tx.conn())
    .optional()?;
    let within = match within {
        Some(last) => Some(find(tx, last.id)?),
        None => None,
    };
    let both = beside.map(Activity::from).into_iter().chain(within);
    Ok(both.max_by_key(|activity| (activity.happened_at, activity.id)))
}

/// How many activities are about a company beside its deals.
pub(crate) fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(of(About::Company(company)).count().get_result(tx.conn())?)
}

/// When each of these deals had its last activity; one that never had any is left out.
pub(crate) fn last(tx: &mut Tx<'_>, deals: &[DealId]) -> Result<HashMap<DealId, DateTime<Utc>>, DbError> {
    let rows: Vec<(Option<DealId>, Option<DateTime<Utc>>)> = activities::table
        .filter(activities::deal_id.eq_any(deals))
        .group_by(activities::deal_id)
        .select((activities::deal_id, diesel::dsl::max(activities::happened_at)))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(deal, at)| Some((deal?, at?))).collect())
}
