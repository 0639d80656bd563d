//! Whether a file that was looked at would do anything at all. Rows that say only what is there may still bring a refusal, or the
//! id that a thing has elsewhere.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use files::rows::unguarded;

use super::contacts::{REFUSALS, says_refused};
use super::model::{Import, ImportKind};

/// How many different words of a column of refusals are looked at: far more than anybody has for yes and no.
const MOST_WORDS: i32 = 50;

/// Whether taking an import over would do anything, once every row was looked at.
pub fn would_do_anything(tx: &mut Tx<'_>, import: &Import) -> Result<bool, DbError> {
    if import.rows_new + import.rows_changed > 0 {
        return Ok(true);
    }
    if import.rows_same == 0 {
        return Ok(false);
    }
    Ok(says_new_ids(tx, import)? || says_refusals(tx, import)?)
}

/// Whether a row gives something that is there an id that does not lead to it yet.
fn says_new_ids(tx: &mut Tx<'_>, import: &Import) -> Result<bool, DbError> {
    #[derive(QueryableByName)]
    struct Said {
        #[diesel(sql_type = Bool)]
        is_new: bool,
    }

    let Some(place) = import.place_of("external_id") else { return Ok(false) };
    let said: Said = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM import_rows r \
             WHERE r.import_id = $1 AND r.verdict = 'same' AND r.repeats_line IS NULL \
               AND btrim(r.cells[$2]) <> '' \
               AND NOT EXISTS (SELECT FROM import_keys k WHERE k.kind = $3 \
                   AND k.external_id = btrim(r.cells[$2]) AND k.target_id = r.target_id)) AS is_new",
    )
    .bind::<BigInt, _>(import.id)
    .bind::<Integer, _>(place)
    .bind::<Text, _>(import.kind)
    .get_result(tx.conn())?;
    Ok(said.is_new)
}

/// Whether a row says that a contact who is there refuses something. Whether that is known already is not asked.
fn says_refusals(tx: &mut Tx<'_>, import: &Import) -> Result<bool, DbError> {
    #[derive(QueryableByName)]
    struct Said {
        #[diesel(sql_type = Text)]
        word: String,
    }

    if import.kind != ImportKind::Contacts {
        return Ok(false);
    }
    for place in REFUSALS.into_iter().filter_map(|field| import.place_of(field)) {
        let said: Vec<Said> = diesel::sql_query(
            "SELECT DISTINCT btrim(cells[$2]) AS word FROM import_rows \
             WHERE import_id = $1 AND verdict = 'same' AND btrim(cells[$2]) <> '' ORDER BY word LIMIT $3",
        )
        .bind::<BigInt, _>(import.id)
        .bind::<Integer, _>(place)
        .bind::<Integer, _>(MOST_WORDS)
        .load(tx.conn())?;
        if said.iter().any(|one| says_refused(unguarded(&one.word)) == Ok(true)) {
            return Ok(true);
        }
    }
    Ok(false)
}
