//! What the rows of a file say that rows before them have said, made or look like.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};

use super::model::{ImportId, Outcome};
use super::store::StagedRow;
use super::target::Sign;
use crate::schema::import_rows;

/// Which row before row `first` was the first to say the same, by what makes rows the same.
pub(super) fn before(
    tx: &mut Tx<'_>,
    import: ImportId,
    keys: &[&str],
    first: i32,
) -> Result<HashMap<String, StagedRow>, DbError> {
    #[derive(QueryableByName)]
    struct Said {
        #[diesel(sql_type = Text)]
        key: String,
        #[diesel(sql_type = Integer)]
        number: i32,
    }
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    // One look into the index for each: statistics of a table that is being filled would have it read whole. Nor may
    // the import's number lead there (`+ 0`) or an order ask for it: all rows before would be walked for every key.
    let said: Vec<Said> = diesel::sql_query(
        "SELECT asked.key, said.number FROM unnest($2) AS asked (key) CROSS JOIN LATERAL ( \
             SELECT min(r.number) AS number FROM import_rows r \
             WHERE r.identity = asked.key AND r.import_id + 0 = $1 AND r.number < $3) said \
         WHERE said.number IS NOT NULL \
         UNION ALL SELECT asked.key, said.number FROM unnest($2) AS asked (key) CROSS JOIN LATERAL ( \
             SELECT min(r.number) AS number FROM import_rows r \
             WHERE r.unique_key = asked.key AND r.import_id + 0 = $1 AND r.number < $3) said \
         WHERE said.number IS NOT NULL",
    )
    .bind::<BigInt, _>(import)
    .bind::<Array<Text>, _>(keys)
    .bind::<Integer, _>(first)
    .load(tx.conn())?;
    let numbers: Vec<i32> = said.iter().map(|one| one.number).collect();
    let rows: HashMap<i32, StagedRow> =
        numbered(tx, import, &numbers)?.into_iter().map(|row| (row.number, row)).collect();
    Ok(said.into_iter().filter_map(|one| Some((one.key, rows.get(&one.number)?.clone()))).collect())
}

/// Those rows.
fn numbered(tx: &mut Tx<'_>, import: ImportId, numbers: &[i32]) -> Result<Vec<StagedRow>, DbError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    Ok(import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::number.eq_any(numbers))
        .select(StagedRow::as_select())
        .load(tx.conn())?)
}

/// Which lines before row `first` bear these signs, the first of each.
pub(super) fn borne_before(
    tx: &mut Tx<'_>,
    import: ImportId,
    signs: &[(Sign, &str)],
    first: i32,
) -> Result<HashMap<(Sign, String), i64>, DbError> {
    let mut borne = HashMap::new();
    for (sign, column) in [(Sign::Name, "like_name"), (Sign::Reach, "like_reach"), (Sign::Site, "like_site")]
    {
        let keys: Vec<&str> = signs.iter().filter(|(of, _)| *of == sign).map(|(_, key)| *key).collect();
        let lines = first_lines(tx, import, column, &keys, first)?;
        borne.extend(lines.into_iter().map(|(key, line)| ((sign, key), line)));
    }
    Ok(borne)
}

/// The first line before row `first` that has each of the keys in a column. One look into its index for each, as in
/// [`before`].
fn first_lines(
    tx: &mut Tx<'_>,
    import: ImportId,
    column: &'static str,
    keys: &[&str],
    first: i32,
) -> Result<Vec<(String, i64)>, DbError> {
    #[derive(QueryableByName)]
    struct Borne {
        #[diesel(sql_type = Text)]
        key: String,
        #[diesel(sql_type = BigInt)]
        line: i64,
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Borne> = diesel::sql_query(format!(
        "SELECT asked.key, borne.line FROM unnest($2) AS asked (key) CROSS JOIN LATERAL ( \
             SELECT min(r.line) AS line FROM import_rows r \
             WHERE r.{column} = asked.key AND r.import_id + 0 = $1 AND r.number < $3) borne \
         WHERE borne.line IS NOT NULL"
    ))
    .bind::<BigInt, _>(import)
    .bind::<Array<Text>, _>(keys)
    .bind::<Integer, _>(first)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|borne| (borne.key, borne.line)).collect())
}

/// Which lines of the same file have made those of `targets` that this import made.
pub(super) fn made_by(
    tx: &mut Tx<'_>,
    import: ImportId,
    targets: &[i64],
) -> Result<HashMap<i64, i64>, DbError> {
    let rows: Vec<(Option<i64>, i64)> = import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::target_id.eq_any(targets))
        .filter(import_rows::outcome.eq(Outcome::Created))
        .select((import_rows::target_id, import_rows::line))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(target, line)| Some((target?, line))).collect())
}
