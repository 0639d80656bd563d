//! Rows and writes of the imports' tables.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text};
use files::rows::{Encoding, Layout, Separator};
use kernel::{FileId, PersonId};
use serde_json::Value;

use super::beside::Beside;
use super::changes::RowChange;
use super::model::{FileProblem, Import, ImportId, ImportKind, ImportState, Outcome, RowProblem, Verdict};
use super::target::Likeness;
use crate::schema::{import_rows, imports};

#[derive(Queryable, Selectable)]
#[diesel(table_name = imports)]
pub(super) struct ImportTableRow {
    id: ImportId,
    kind: ImportKind,
    file_id: FileId,
    state: ImportState,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    encoding: Option<Encoding>,
    separator: Option<Separator>,
    headers: Vec<String>,
    fields: Vec<String>,
    rows_read: i32,
    rows_done: i32,
    rows_new: i32,
    rows_changed: i32,
    rows_same: i32,
    rows_bad: i32,
    rows_alike: i32,
    rows_created: i32,
    rows_updated: i32,
    rows_undone: i32,
    rows_kept: i32,
    problem: Option<FileProblem>,
    problem_line: Option<i64>,
    forgotten_at: Option<DateTime<Utc>>,
    undone_by: Option<PersonId>,
    header_line: Option<i64>,
    beside: Value,
}

impl From<ImportTableRow> for Import {
    fn from(row: ImportTableRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            file_id: row.file_id,
            state: row.state,
            person_id: row.person_id,
            created_at: row.created_at,
            encoding: row.encoding,
            separator: row.separator,
            headers: row.headers,
            header_line: row.header_line,
            columns: row.fields,
            beside: beside_of(row.beside),
            rows_read: row.rows_read,
            rows_done: row.rows_done,
            rows_new: row.rows_new,
            rows_changed: row.rows_changed,
            rows_same: row.rows_same,
            rows_bad: row.rows_bad,
            rows_alike: row.rows_alike,
            rows_created: row.rows_created,
            rows_updated: row.rows_updated,
            rows_undone: row.rows_undone,
            rows_kept: row.rows_kept,
            problem: row.problem,
            problem_line: row.problem_line,
            forgotten_at: row.forgotten_at,
            undone_by: row.undone_by,
        }
    }
}

/// What was said beside the columns, as it is kept.
pub(super) fn beside_of(kept: Value) -> Beside {
    serde_json::from_value(kept).unwrap_or_default()
}

/// Begins an import of `file` for the acting person.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    file: FileId,
    person: PersonId,
) -> Result<Import, DbError> {
    let now = tx.now();
    let row: ImportTableRow = diesel::insert_into(imports::table)
        .values((
            imports::kind.eq(kind),
            imports::file_id.eq(file),
            imports::person_id.eq(person),
            imports::created_at.eq(now),
        ))
        .returning(ImportTableRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// An import that nobody else changes until this transaction ends.
pub(super) fn locked(tx: &mut Tx<'_>, id: ImportId) -> Result<Import, DbError> {
    let row: ImportTableRow = imports::table
        .filter(imports::id.eq(id))
        .select(ImportTableRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Writes all that changes about an import; it was read by [`locked`].
pub(super) fn update(tx: &mut Tx<'_>, import: &Import) -> Result<(), DbError> {
    let of = imports::table.filter(imports::id.eq(import.id));
    diesel::update(of)
        .set((
            imports::state.eq(import.state),
            imports::encoding.eq(import.encoding),
            imports::separator.eq(import.separator),
            imports::headers.eq(&import.headers),
            imports::fields.eq(&import.columns),
            imports::header_line.eq(import.header_line),
            imports::beside.eq(json_of(&import.beside)),
            imports::rows_read.eq(import.rows_read),
            imports::rows_done.eq(import.rows_done),
            imports::rows_new.eq(import.rows_new),
            imports::rows_changed.eq(import.rows_changed),
            imports::rows_same.eq(import.rows_same),
            imports::rows_bad.eq(import.rows_bad),
            imports::rows_alike.eq(import.rows_alike),
            imports::rows_created.eq(import.rows_created),
            imports::rows_updated.eq(import.rows_updated),
            imports::rows_undone.eq(import.rows_undone),
            imports::rows_kept.eq(import.rows_kept),
            imports::problem.eq(import.problem),
            imports::problem_line.eq(import.problem_line),
            imports::forgotten_at.eq(import.forgotten_at),
            imports::undone_by.eq(import.undone_by),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The oldest import that no step is at work on, that began before then and still has its rows; nobody else changes it
/// until this transaction ends, and one that somebody else is changing is passed over.
pub(super) fn oldest_remembered(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<Option<Import>, DbError> {
    let running = ImportState::ALL.iter().copied().filter(|state| state.is_running());
    let row: Option<ImportTableRow> = imports::table
        .filter(imports::forgotten_at.is_null())
        .filter(imports::created_at.lt(before))
        .filter(imports::state.ne_all(running.collect::<Vec<_>>()))
        .order(imports::created_at)
        .select(ImportTableRow::as_select())
        .for_no_key_update()
        .skip_locked()
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Import::from))
}

/// Removes the staged rows of an import; gives back how many there were.
pub(super) fn forget_rows(tx: &mut Tx<'_>, import: ImportId) -> Result<usize, DbError> {
    Ok(diesel::delete(import_rows::table.filter(import_rows::import_id.eq(import))).execute(tx.conn())?)
}

/// A row about to be staged.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = import_rows)]
pub(super) struct NewRow {
    pub(super) import_id: ImportId,
    pub(super) number: i32,
    pub(super) line: i64,
    pub(super) cells: Vec<String>,
    pub(super) is_unclosed: bool,
}

/// Stages rows.
pub(super) fn stage(tx: &mut Tx<'_>, rows: &[NewRow]) -> Result<(), DbError> {
    diesel::insert_into(import_rows::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// A staged row as the next step takes it up.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = import_rows)]
pub(super) struct StagedRow {
    pub(super) number: i32,
    pub(super) line: i64,
    pub(super) cells: Vec<String>,
    pub(super) is_unclosed: bool,
    pub(super) verdict: Option<Verdict>,
}

/// The next staged rows after number `after`, at most `most`; of those that were looked at only the ones that may do something
/// where `only_good`.
pub(super) fn next_rows(
    tx: &mut Tx<'_>,
    import: ImportId,
    after: i32,
    most: i64,
    only_good: bool,
) -> Result<Vec<StagedRow>, DbError> {
    let mut query = import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::number.gt(after))
        .order(import_rows::number)
        .limit(most)
        .select(StagedRow::as_select())
        .into_boxed();
    if only_good {
        query =
            query.filter(import_rows::verdict.ne(Verdict::Bad)).filter(import_rows::repeats_line.is_null());
    }
    Ok(query.load(tx.conn())?)
}

/// What was found about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) number: i32,
    pub(super) verdict: Verdict,
    pub(super) identity: Option<String>,
    /// What no other row of the file may claim beside.
    pub(super) unique_key: Option<String>,
    pub(super) problems: Vec<RowProblem>,
    pub(super) alike: Vec<i64>,
    /// Lines before it that it looks like.
    pub(super) alike_lines: Vec<i64>,
    pub(super) likeness: Likeness,
    /// The line before it that says everything it says; nothing is done about it then.
    pub(super) repeats: Option<i64>,
    /// What it would change of what is there.
    pub(super) changes: Vec<RowChange>,
    pub(super) target: Option<i64>,
}

impl Finding {
    /// Nothing but that.
    pub(super) fn of(number: i32, verdict: Verdict) -> Self {
        Self {
            number,
            verdict,
            identity: None,
            unique_key: None,
            problems: Vec::new(),
            alike: Vec::new(),
            alike_lines: Vec::new(),
            likeness: Likeness::default(),
            repeats: None,
            changes: Vec::new(),
            target: None,
        }
    }

    /// Everything by which another row could say the same.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.identity.iter().chain(&self.unique_key).map(String::as_str)
    }

    /// Whether it looks like anything that it is not taken for.
    pub(super) fn is_alike(&self) -> bool {
        !self.alike.is_empty() || !self.alike_lines.is_empty()
    }
}

/// Writes what was found about rows, in one statement; nothing for no rows.
pub(super) fn write_findings(tx: &mut Tx<'_>, import: ImportId, findings: &[Finding]) -> Result<(), DbError> {
    if findings.is_empty() {
        return Ok(());
    }
    let column = |get: &dyn Fn(&Finding) -> Option<Value>| findings.iter().map(get).collect::<Vec<_>>();
    let problems = column(&|one| (one.verdict == Verdict::Bad).then(|| json_of(&one.problems)));
    let alike = column(&|one| one.is_alike().then(|| json_of(&one.alike)));
    let alike_lines = column(&|one| (!one.alike_lines.is_empty()).then(|| json_of(&one.alike_lines)));
    let changes = column(&|one| (!one.changes.is_empty()).then(|| json_of(&one.changes)));
    let texts = |get: &dyn Fn(&Finding) -> Option<String>| findings.iter().map(get).collect::<Vec<_>>();
    diesel::sql_query(
        "UPDATE import_rows r SET verdict = f.verdict, identity = f.identity, problems = f.problems, \
             alike = f.alike, target_id = f.target, unique_key = f.unique_key, alike_lines = f.alike_lines, \
             like_name = f.like_name, like_reach = f.like_reach, like_site = f.like_site, changes = f.changes, \
             repeats_line = f.repeats_line \
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS f (number, verdict, identity, problems, \
             alike, target, unique_key, alike_lines, like_name, like_reach, like_site, changes, repeats_line) \
         WHERE r.import_id = $1 AND r.number = f.number",
    )
    .bind::<BigInt, _>(import)
    .bind::<Array<Integer>, _>(findings.iter().map(|one| one.number).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(findings.iter().map(|one| one.verdict).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(texts(&|one| one.identity.clone()))
    .bind::<Array<Nullable<Jsonb>>, _>(problems)
    .bind::<Array<Nullable<Jsonb>>, _>(alike)
    .bind::<Array<Nullable<BigInt>>, _>(findings.iter().map(|one| one.target).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(texts(&|one| one.unique_key.clone()))
    .bind::<Array<Nullable<Jsonb>>, _>(alike_lines)
    .bind::<Array<Nullable<Text>>, _>(texts(&|one| one.likeness.name.clone()))
    .bind::<Array<Nullable<Text>>, _>(texts(&|one| one.likeness.reach.clone()))
    .bind::<Array<Nullable<Text>>, _>(texts(&|one| one.likeness.site.clone()))
    .bind::<Array<Nullable<Jsonb>>, _>(changes)
    .bind::<Array<Nullable<BigInt>>, _>(findings.iter().map(|one| one.repeats).collect::<Vec<_>>())
    .execute(tx.conn())?;
    Ok(())
}

/// Forgets what was found about every row, because their columns are something else now.
pub(super) fn forget_findings(tx: &mut Tx<'_>, import: ImportId) -> Result<(), DbError> {
    let found = import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::verdict.is_not_null());
    diesel::update(found)
        .set((
            import_rows::verdict.eq(None::<Verdict>),
            import_rows::identity.eq(None::<String>),
            import_rows::unique_key.eq(None::<String>),
            import_rows::problems.eq(None::<Value>),
            import_rows::alike.eq(None::<Value>),
            import_rows::alike_lines.eq(None::<Value>),
            import_rows::like_name.eq(None::<String>),
            import_rows::like_reach.eq(None::<String>),
            import_rows::like_site.eq(None::<String>),
            import_rows::changes.eq(None::<Value>),
            import_rows::repeats_line.eq(None::<i64>),
            import_rows::target_id.eq(None::<i64>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn json_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// What a row did.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Deed {
    pub(super) number: i32,
    pub(super) outcome: Outcome,
    pub(super) target: i64,
    pub(super) version: i32,
    pub(super) before: Option<Value>,
}

/// Writes what rows did, in one statement.
pub(super) fn write_deeds(tx: &mut Tx<'_>, import: ImportId, deeds: &[Deed]) -> Result<(), DbError> {
    if deeds.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "UPDATE import_rows r SET outcome = d.outcome, target_id = d.target, target_version = d.version, before = d.before \
         FROM unnest($2, $3, $4, $5, $6) AS d (number, outcome, target, version, before) \
         WHERE r.import_id = $1 AND r.number = d.number",
    )
    .bind::<BigInt, _>(import)
    .bind::<Array<Integer>, _>(deeds.iter().map(|one| one.number).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(deeds.iter().map(|one| one.outcome).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(deeds.iter().map(|one| one.target).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(deeds.iter().map(|one| one.version).collect::<Vec<_>>())
    .bind::<Array<Nullable<Jsonb>>, _>(deeds.iter().map(|one| one.before.clone()).collect::<Vec<_>>())
    .execute(tx.conn())?;
    Ok(())
}

/// A deed as its columns have it.
type DeedColumns = (i32, Option<Outcome>, Option<i64>, Option<i32>, Option<Value>);

/// The next rows after number `after` that did something, at most `most`.
pub(super) fn next_deeds(
    tx: &mut Tx<'_>,
    import: ImportId,
    after: i32,
    most: i64,
) -> Result<Vec<Deed>, DbError> {
    let rows: Vec<DeedColumns> = import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::number.gt(after))
        .filter(import_rows::outcome.eq_any([Outcome::Created, Outcome::Updated]))
        .order(import_rows::number)
        .limit(most)
        .select((
            import_rows::number,
            import_rows::outcome,
            import_rows::target_id,
            import_rows::target_version,
            import_rows::before,
        ))
        .load(tx.conn())?;
    let deed = |(number, outcome, target, version, before)| {
        Some(Deed { number, outcome: outcome?, target: target?, version: version?, before })
    };
    Ok(rows.into_iter().filter_map(deed).collect())
}

/// How many rows came to which verdict.
pub(super) fn recount(tx: &mut Tx<'_>, import: &mut Import) -> Result<(), DbError> {
    let rows: Vec<(Option<Verdict>, i64)> = import_rows::table
        .filter(import_rows::import_id.eq(import.id))
        .group_by(import_rows::verdict)
        .select((import_rows::verdict, diesel::dsl::count_star()))
        .load(tx.conn())?;
    let count = |verdict: Verdict| {
        let found = rows.iter().find(|(one, _)| *one == Some(verdict));
        found.map_or(0, |(_, count)| i32::try_from(*count).unwrap_or(i32::MAX))
    };
    import.rows_new = count(Verdict::New);
    import.rows_changed = count(Verdict::Changed);
    import.rows_same = count(Verdict::Same);
    import.rows_bad = count(Verdict::Bad);
    Ok(())
}

/// How the file is laid out, into the import.
pub(super) fn laid_out(import: &mut Import, layout: Layout) {
    import.encoding = Some(layout.encoding);
    import.separator = Some(layout.separator);
}
