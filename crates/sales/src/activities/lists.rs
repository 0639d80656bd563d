//! Reading activities: a deal's, newest first, and when each of many deals had its last.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{ActivityId, DealId, Page, Paging};
use serde::{Deserialize, Serialize};

use super::model::Activity;
use super::store::ActivityRow;
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
    let mut query = activities::table
        .filter(activities::deal_id.eq(deal))
        .order((activities::happened_at.desc(), activities::id.desc()))
        .limit(paging.probe())
        .select(ActivityRow::as_select())
        .into_boxed();
    if let Some(ActivityKey(at, id)) = &paging.after {
        query = query
            .filter(activities::happened_at.le(*at))
            .filter(activities::happened_at.lt(*at).or(activities::id.lt(*id)));
    }
    let rows: Vec<Activity> = query.load(tx.conn())?.into_iter().map(Activity::from).collect();
    Ok(Page::cut(rows, paging, |activity| ActivityKey(activity.happened_at, activity.id)))
}

/// When each of these deals had its last activity; one that never had any is left out.
pub(crate) fn last(tx: &mut Tx<'_>, deals: &[DealId]) -> Result<HashMap<DealId, DateTime<Utc>>, DbError> {
    let rows: Vec<(DealId, Option<DateTime<Utc>>)> = activities::table
        .filter(activities::deal_id.eq_any(deals))
        .group_by(activities::deal_id)
        .select((activities::deal_id, diesel::dsl::max(activities::happened_at)))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(deal, at)| Some((deal, at?))).collect())
}
