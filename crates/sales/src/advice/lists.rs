//! Reading sessions: one, pages by day, those whose clocks run, how much of a year's advice is used.

use accounts::organizations;
use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FiscalYear, Page, Paging, date_in_japan};
use serde::{Deserialize, Serialize};

use super::model::{Session, SessionId, SessionState, Used, Way};
use super::store::{self, SessionRow};
use crate::schema::advice_sessions;

/// One session; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SessionId) -> Result<Session, DbError> {
    let found = advice_sessions::table.filter(advice_sessions::id.eq(id));
    let row: SessionRow = found.select(SessionRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Where a page of sessions ends: the last one's day, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionKey(pub NaiveDate, pub SessionId);

/// Sessions, the latest day first.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<SessionKey>) -> Result<Page<Session, SessionKey>, DbError> {
    let mut query = advice_sessions::table
        .order((advice_sessions::held_on.desc(), advice_sessions::id.desc()))
        .limit(paging.probe())
        .select(SessionRow::as_select())
        .into_boxed();
    if let Some(SessionKey(day, id)) = &paging.after {
        query = query
            .filter(advice_sessions::held_on.le(*day))
            .filter(advice_sessions::held_on.lt(*day).or(advice_sessions::id.lt(*id)));
    }
    let rows: Vec<SessionRow> = query.load(tx.conn())?;
    let all = rows.into_iter().map(Session::from).collect();
    Ok(Page::cut(all, paging, |session| SessionKey(session.held_on, session.id)))
}

/// Those that wait for a report or a questionnaire, or for somebody to say whether they were held, the earliest first. A
/// town has a few a year.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Session>, DbError> {
    let today = date_in_japan(tx.now());
    let has_passed = advice_sessions::state.eq(SessionState::Planned).and(advice_sessions::held_on.lt(today));
    let rows: Vec<SessionRow> = advice_sessions::table
        .filter(advice_sessions::state.eq_any([SessionState::Held, SessionState::Reported]).or(has_passed))
        .order((advice_sessions::held_on, advice_sessions::id))
        .select(SessionRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// How much advice a fiscal year has, as the town's years begin.
pub fn used(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Used, DbError> {
    let span = organizations::days_of_year(tx, year)?;
    let sessions = store::within(tx, span)?;
    let visits = sessions.iter().filter(|(way, _)| *way == Way::OnSite).count();
    let online = sessions.iter().filter(|(way, _)| *way == Way::Online);
    Ok(Used {
        span,
        visits: i64::try_from(visits).unwrap_or(i64::MAX),
        minutes: online.filter_map(|(_, minutes)| *minutes).map(i64::from).sum(),
    })
}
