//! Reading what a client sees, and what was done with the links of a delivery.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, max, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use files::StoredFile;
use kernel::{DeliveryId, FileId, Page, Paging, PersonId, SubmissionId, UnitId};

use super::model::{
    Access, AccessKey, AccessKind, CheckSheet, ClientAnswer, ClientFile, ClientUnit, ClientView, CodesSent,
    LinkId,
};
use crate::appeals::AppealOutcome;
use crate::deliveries;
use crate::fixes::FixStand;
use crate::orders;
use crate::reviews::Verdict;
use crate::schema::{
    delivery_accesses, delivery_links, delivery_units, fix_decisions, jobs, review_appeals, reviews,
    submission_files, submissions, units,
};
use crate::units::UnitState;

/// What was done with the links of a delivery, the newest first.
pub fn accesses(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    paging: &Paging<AccessKey>,
) -> Result<Page<Access, AccessKey>, DbError> {
    let mut query = delivery_accesses::table
        .filter(delivery_accesses::delivery_id.eq(delivery))
        .order(delivery_accesses::id.desc())
        .limit(paging.probe())
        .select((delivery_accesses::id, delivery_accesses::kind, delivery_accesses::happened_at))
        .into_boxed();
    if let Some(AccessKey(id)) = paging.after {
        query = query.filter(delivery_accesses::id.lt(id));
    }
    let rows: Vec<(i64, AccessKind, DateTime<Utc>)> = query.load(tx.conn())?;
    let page = Page::cut(rows, paging, |(id, _, _)| AccessKey(*id));
    Ok(page.map(|(_, kind, happened_at)| Access { kind, happened_at }))
}

/// Whether the client has looked at a delivery.
pub fn was_opened(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<bool, DbError> {
    opened_since(tx, delivery, DateTime::<Utc>::UNIX_EPOCH)
}

/// Whether a link of a delivery was opened at `since` or later.
pub(super) fn opened_since(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let opened = delivery_accesses::table
        .filter(delivery_accesses::delivery_id.eq(delivery))
        .filter(delivery_accesses::kind.eq(AccessKind::Opened))
        .filter(delivery_accesses::happened_at.ge(since));
    Ok(diesel::select(exists(opened)).get_result(tx.conn())?)
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

/// The newest link of a delivery that still opens it, with when it was made: what its secret is derived from.
pub fn open_link_of(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
) -> Result<Option<(LinkId, DateTime<Utc>)>, DbError> {
    let now = tx.now();
    Ok(delivery_links::table
        .filter(delivery_links::delivery_id.eq(delivery))
        .filter(delivery_links::revoked_at.is_null())
        .filter(delivery_links::expires_at.gt(now))
        .order(delivery_links::id.desc())
        .select((delivery_links::id, delivery_links::created_at))
        .first(tx.conn())
        .optional()?)
}

/// When a mail to the client about a delivery was last asked for: with its newest link, or as a reminder of that; what
/// became of it is not known here. `None` only where no link was ever made.
pub fn mailed_at(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<Option<DateTime<Utc>>, DbError> {
    let sent: Option<DateTime<Utc>> = delivery_links::table
        .filter(delivery_links::delivery_id.eq(delivery))
        .select(max(delivery_links::created_at))
        .first(tx.conn())?;
    let reminded: Option<DateTime<Utc>> = delivery_accesses::table
        .filter(delivery_accesses::delivery_id.eq(delivery))
        .filter(delivery_accesses::kind.eq(AccessKind::Reminded))
        .select(max(delivery_accesses::happened_at))
        .first(tx.conn())?;
    Ok(sent.max(reminded))
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

/// Whether a delivery holds a file for one of its units.
pub(super) fn holds(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    unit: UnitId,
    file: FileId,
) -> Result<bool, DbError> {
    let delivered = delivery_units::table
        .inner_join(
            submission_files::table.on(submission_files::submission_id.eq(delivery_units::submission_id)),
        )
        .filter(delivery_units::delivery_id.eq(delivery))
        .filter(delivery_units::unit_id.eq(unit))
        .filter(submission_files::file_id.eq(file));
    Ok(diesel::select(exists(delivered)).get_result(tx.conn())?)
}

pub(super) fn client_view(tx: &mut Tx<'_>, id: DeliveryId) -> Result<ClientView, DbError> {
    let delivery = deliveries::find(tx, id)?;
    let order = orders::find(tx, delivery.order_id)?;
    let language = clients::contacts::find(tx, delivery.contact_id)?.language;
    let share = deliveries::share(tx, order.id)?;
    let units = client_units(tx, id)?;
    Ok(ClientView {
        delivery: id,
        contact: delivery.contact_id,
        number: delivery.number,
        company: clients::companies::find(tx, order.company_id)?.name,
        order_amount: order.amount,
        order_title: order.title,
        message: delivery.message,
        sent_at: delivery.sent_at,
        inspect_until: delivery.inspect_until,
        silence_accepts: delivery.silence_accepts,
        state: delivery.state,
        answered_at: delivery.answered_at,
        answered_name: delivery.answered_name,
        language,
        share,
        inspection: deliveries::inspected(tx, id)?,
        units,
    })
}

#[derive(Queryable)]
struct UnitRow {
    unit: UnitId,
    label: String,
    job_title: String,
    state: UnitState,
    submission: SubmissionId,
    text: String,
    maker: PersonId,
    made_at: DateTime<Utc>,
    checker: Option<PersonId>,
    checked_at: Option<DateTime<Utc>>,
    answer: Option<ClientAnswer>,
    fix_note: String,
    fix_due_on: Option<NaiveDate>,
    came_again: bool,
}

fn client_units(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<ClientUnit>, DbError> {
    let passed = reviews::submission_id
        .eq(delivery_units::submission_id)
        .and(reviews::verdict.eq(Verdict::Pass))
        .and(reviews::is_last);
    let decided = fix_decisions::delivery_id
        .eq(delivery_units::delivery_id.nullable())
        .and(fix_decisions::unit_id.eq(delivery_units::unit_id));
    let rows: Vec<UnitRow> = delivery_units::table
        .inner_join(units::table.on(units::id.eq(delivery_units::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .inner_join(submissions::table.on(submissions::id.eq(delivery_units::submission_id)))
        .left_join(reviews::table.on(passed))
        .left_join(fix_decisions::table.on(decided))
        .filter(delivery_units::delivery_id.eq(id))
        .order(units::id)
        .select((
            units::id,
            units::label,
            jobs::title,
            units::state,
            submissions::id,
            submissions::result_text,
            submissions::maker_id,
            submissions::submitted_at,
            reviews::checker_id.nullable(),
            reviews::reviewed_at.nullable(),
            delivery_units::answer,
            delivery_units::fix_note,
            fix_decisions::due_on.nullable(),
            sql::<Bool>(
                "EXISTS (SELECT FROM delivery_units later WHERE later.unit_id = delivery_units.unit_id \
                 AND later.delivery_id > delivery_units.delivery_id)",
            ),
        ))
        .load(tx.conn())?;
    let mut results = client_files(tx, id)?;
    let appealed = passed_on_appeal(tx, id)?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            if let Some((checker, at)) = appealed.get(&row.submission) {
                (row.checker, row.checked_at) = (*checker, *at);
            }
            let files = results.remove(&row.submission).unwrap_or_default();
            client_unit(row, files)
        })
        .collect())
}

/// Who looked once more at what a checker had refused, and when: versions that passed on appeal have no verdict that says so.
type Appealed = HashMap<SubmissionId, (Option<PersonId>, Option<DateTime<Utc>>)>;

fn passed_on_appeal(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Appealed, DbError> {
    let decided = review_appeals::submission_id.eq(delivery_units::submission_id);
    let rows: Vec<(SubmissionId, Option<PersonId>, Option<DateTime<Utc>>)> = delivery_units::table
        .inner_join(review_appeals::table.on(decided))
        .filter(delivery_units::delivery_id.eq(id))
        .filter(review_appeals::outcome.eq(AppealOutcome::Passed))
        .select((review_appeals::submission_id, review_appeals::decided_by, review_appeals::decided_at))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(submission, by, at)| (submission, (by, at))).collect())
}

/// The files of a delivery by the version they belong to.
fn client_files(tx: &mut Tx<'_>, id: DeliveryId) -> Result<HashMap<SubmissionId, Vec<ClientFile>>, DbError> {
    let delivered: Vec<(SubmissionId, FileId)> = delivery_units::table
        .inner_join(
            submission_files::table.on(submission_files::submission_id.eq(delivery_units::submission_id)),
        )
        .filter(delivery_units::delivery_id.eq(id))
        .order((submission_files::submission_id, submission_files::position))
        .select((submission_files::submission_id, submission_files::file_id))
        .load(tx.conn())?;
    let ids: Vec<FileId> = delivered.iter().map(|(_, file)| *file).collect();
    let stored = files::find_many(tx, &ids)?;
    let mut results: HashMap<SubmissionId, Vec<ClientFile>> = HashMap::new();
    for (submission, file) in delivered {
        if let Some(file) = stored.get(&file) {
            results.entry(submission).or_default().push(client_file(file));
        }
    }
    Ok(results)
}

fn client_file(file: &StoredFile) -> ClientFile {
    ClientFile {
        file: file.id,
        name: file.name.clone(),
        media_type: file.media_type,
        bytes: file.bytes,
        sha256: file.sha256.clone(),
    }
}

fn fix_stand(row: &UnitRow) -> Option<FixStand> {
    if row.answer != Some(ClientAnswer::Fix) {
        return None;
    }
    Some(match (row.state, row.fix_due_on) {
        // Whatever happens to it later is said where it was delivered again.
        _ if row.came_again => FixStand::Delivered,
        (UnitState::Cancelled, _) => FixStand::CalledOff,
        (_, Some(due_on)) => FixStand::Mending { due_on },
        (_, None) => FixStand::Received,
    })
}

fn client_unit(row: UnitRow, files: Vec<ClientFile>) -> ClientUnit {
    ClientUnit {
        fix: fix_stand(&row),
        unit: row.unit,
        label: row.label,
        job_title: row.job_title,
        text: row.text,
        files,
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
