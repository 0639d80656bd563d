//! Reading visits: one, those to come, and all of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};
use serde::{Deserialize, Serialize};

use super::model::{Visit, VisitId, VisitState};
use super::store::VisitRow;
use crate::schema::visits;

/// One visit; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: VisitId) -> Result<Visit, DbError> {
    let row: VisitRow =
        visits::table.filter(visits::id.eq(id)).select(VisitRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// These visits by their ids.
pub fn find_many(tx: &mut Tx<'_>, ids: &[VisitId]) -> Result<HashMap<VisitId, Visit>, DbError> {
    let rows: Vec<VisitRow> =
        visits::table.filter(visits::id.eq_any(ids)).select(VisitRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Visit::from).map(|visit| (visit.id, visit)).collect())
}

/// Which visits a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Those that wait for an answer or are expected, the next one first.
    ToCome,
    /// All of them, the latest first.
    All,
}

/// Where a page of visits ends: the beginning of the last one, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitKey(pub DateTime<Utc>, pub VisitId);

/// A page of visits.
pub fn list(
    tx: &mut Tx<'_>,
    listed: Listed,
    paging: &Paging<VisitKey>,
) -> Result<Page<Visit, VisitKey>, DbError> {
    let now = tx.now();
    let mut query = visits::table.limit(paging.probe()).select(VisitRow::as_select()).into_boxed();
    query = match listed {
        // No visit lasts longer than its day.
        Listed::ToCome => query
            .filter(visits::begins_at.gt(now - chrono::TimeDelta::days(1)))
            .filter(visits::ends_at.gt(now))
            .filter(visits::state.eq_any([VisitState::Asked, VisitState::Accepted]))
            .order((visits::begins_at, visits::id)),
        Listed::All => query.order((visits::begins_at.desc(), visits::id.desc())),
    };
    if let Some(VisitKey(at, id)) = paging.after {
        query = match listed {
            Listed::ToCome => {
                query.filter(visits::begins_at.gt(at).or(visits::begins_at.eq(at).and(visits::id.gt(id))))
            }
            Listed::All => {
                query.filter(visits::begins_at.lt(at).or(visits::begins_at.eq(at).and(visits::id.lt(id))))
            }
        };
    }
    let rows: Vec<VisitRow> = query.load(tx.conn())?;
    let all: Vec<Visit> = rows.into_iter().map(Visit::from).collect();
    Ok(Page::cut(all, paging, |visit| VisitKey(visit.begins_at, visit.id)))
}
