//! Finding rows by any two characters of a name, through an index, in spite of row-level security.
//!
//! LIKE and array operators are not leakproof, so under row-level security they lose their index. Each owner has one
//! SECURITY DEFINER function per kind that searches with the town inside; its ids are joined back under row-level
//! security by the filter made here, so that nothing of another town could come back even if the function erred.

use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::sql_types::{Array, Bool, Integer, Text};
use kernel::{likeness, text};

/// A filter on a query's rows.
pub type Found<T> = Box<dyn BoxableExpression<T, Pg, SqlType = Bool>>;

/// What stands between the grams of one spelling: no key holds it.
const BETWEEN: &str = "\u{1f}";

/// Rows whose `id` column is among the `most` that `function` finds for `query`, or for what it may be written as with
/// other characters of the same name ([`kernel::likeness::spellings`]); one character is enough. A query that folds to
/// nothing (spaces alone) finds everything, so callers ask for something.
pub fn found<T: 'static>(id: &str, function: &str, query: &str, most: i32) -> Found<T> {
    let spellings = likeness::spellings(query);
    let grams: Vec<String> =
        spellings.iter().map(|spelling| text::query_grams(spelling).join(BETWEEN)).collect();
    let filter = sql::<Bool>(&format!(
        "{id} IN (SELECT {function}(string_to_array(spelt.grams, E'\\x1f'), spelt.pattern, "
    ))
    .bind::<Integer, _>(most)
    .sql(") FROM unnest(")
    .bind::<Array<Text>, _>(grams)
    .sql(", ")
    .bind::<Array<Text>, _>(text::like_patterns(query))
    .sql(") AS spelt (grams, pattern) LIMIT ")
    .bind::<Integer, _>(most)
    .sql(")");
    Box::new(filter)
}
