//! Rows of `client_terms`: written once, never changed; what a merge took over goes with it when it is taken back.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, MergeId};

use super::model::{ClientTerms, PaymentRule, TermsFields};
use crate::schema::client_terms;

/// How many versions are shown.
const SHOWN: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_terms)]
struct Row {
    version: i32,
    closing_day: Option<i16>,
    months_later: Option<i16>,
    pay_day: Option<i16>,
    inspection_days: Option<i16>,
    silence_accepts: bool,
    remarks: String,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
}

impl From<Row> for ClientTerms {
    fn from(row: Row) -> Self {
        let payment = match (row.closing_day, row.months_later, row.pay_day) {
            (Some(closing_day), Some(months_later), Some(pay_day)) => {
                Some(PaymentRule { closing_day, months_later, pay_day })
            }
            _ => None,
        };
        Self {
            version: row.version,
            payment,
            inspection_days: row.inspection_days,
            silence_accepts: row.silence_accepts,
            remarks: row.remarks,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
        }
    }
}

/// `None` where the version is there already, even one recorded at this very moment.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    company: CompanyId,
    version: i32,
    fields: &TermsFields,
) -> Result<Option<ClientTerms>, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    let row: Option<Row> = diesel::insert_into(client_terms::table)
        .values((
            client_terms::company_id.eq(company),
            client_terms::version.eq(version),
            client_terms::closing_day.eq(fields.payment.map(|rule| rule.closing_day)),
            client_terms::months_later.eq(fields.payment.map(|rule| rule.months_later)),
            client_terms::pay_day.eq(fields.payment.map(|rule| rule.pay_day)),
            client_terms::inspection_days.eq(fields.inspection_days),
            client_terms::silence_accepts.eq(fields.silence_accepts),
            client_terms::remarks.eq(&fields.remarks),
            client_terms::recorded_at.eq(now),
            client_terms::recorded_by.eq(actor),
        ))
        .on_conflict_do_nothing()
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(ClientTerms::from))
}

/// Records terms agreed with a company that `merge` joined to this one as its `version`; they go again with the merge.
pub(crate) fn take_over(
    tx: &mut Tx<'_>,
    merge: MergeId,
    company: CompanyId,
    version: i32,
    terms: &ClientTerms,
) -> Result<(), DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(client_terms::table)
        .values((
            client_terms::company_id.eq(company),
            client_terms::version.eq(version),
            client_terms::closing_day.eq(terms.payment.map(|rule| rule.closing_day)),
            client_terms::months_later.eq(terms.payment.map(|rule| rule.months_later)),
            client_terms::pay_day.eq(terms.payment.map(|rule| rule.pay_day)),
            client_terms::inspection_days.eq(terms.inspection_days),
            client_terms::silence_accepts.eq(terms.silence_accepts),
            client_terms::remarks.eq(&terms.remarks),
            client_terms::recorded_at.eq(now),
            client_terms::recorded_by.eq(actor),
            client_terms::merge_id.eq(merge),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Lets go of what [`take_over`] recorded for `merge`; `false` where terms have been agreed on top of it.
pub(crate) fn let_go(tx: &mut Tx<'_>, merge: MergeId) -> Result<bool, DbError> {
    let taken_over = client_terms::table.filter(client_terms::merge_id.eq(merge));
    let version: Option<(CompanyId, i32)> =
        taken_over.select((client_terms::company_id, client_terms::version)).first(tx.conn()).optional()?;
    let Some((company, version)) = version else { return Ok(true) };
    if standing(tx, company)?.is_some_and(|terms| terms.version > version) {
        return Ok(false);
    }
    diesel::delete(taken_over).execute(tx.conn())?;
    Ok(true)
}

/// The terms a company works by now; `None` where nothing is agreed.
pub fn standing(tx: &mut Tx<'_>, company: CompanyId) -> Result<Option<ClientTerms>, DbError> {
    Ok(history(tx, company)?.into_iter().next())
}

/// The terms a company worked by at a moment: what was agreed later binds nothing that was ordered before; `None` where nothing was
/// agreed by then.
pub fn at(
    tx: &mut Tx<'_>,
    company: CompanyId,
    moment: DateTime<Utc>,
) -> Result<Option<ClientTerms>, DbError> {
    let row: Option<Row> = client_terms::table
        .filter(client_terms::company_id.eq(company))
        .filter(client_terms::recorded_at.le(moment))
        .order(client_terms::version.desc())
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(ClientTerms::from))
}

/// Every version of a company's terms, the newest first.
pub fn history(tx: &mut Tx<'_>, company: CompanyId) -> Result<Vec<ClientTerms>, DbError> {
    let rows: Vec<Row> = client_terms::table
        .filter(client_terms::company_id.eq(company))
        .order(client_terms::version.desc())
        .limit(SHOWN)
        .select(Row::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(ClientTerms::from).collect())
}
