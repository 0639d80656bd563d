//! Finding rows by any two characters of a name, through an index, in spite of row-level security.
//!
//! LIKE and array operators are not leakproof, so under row-level security they lose their index. Each owner has one
//! SECURITY DEFINER function per kind that searches with the town inside; its ids are joined back under row-level
//! security by the filter made here, so that nothing of another town could come back even if the function erred.

use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::sql_types::{Array, Bool, Integer, Text};
use kernel::likeness::{self, Lookup};
use kernel::text;

/// A filter on a query's rows.
pub type Found<T> = Box<dyn BoxableExpression<T, Pg, SqlType = Bool>>;

/// Rows whose `id` column is among the `most` that `function` finds for `query`, or for what it may be written as with
/// other characters of the same name and its words in another order ([`likeness::lookups`]); one character is enough. A
/// query that folds to nothing (spaces alone) finds everything, so callers ask for something.
pub fn found<T: 'static>(id: &str, function: &str, query: &str, most: i32) -> Found<T> {
    // No gram and no pattern holds what stands between the words of a spelling, so it parts them here.
    let lookups = likeness::lookups(query);
    let joined = |of: fn(&Lookup) -> &Vec<String>| -> Vec<String> {
        lookups.iter().map(|lookup| of(lookup).join(&text::GAP.to_string())).collect()
    };
    let filter = sql::<Bool>(&format!(
        "{id} IN (SELECT {function}(string_to_array(asked.grams, E'\\x1d'), asked.patterns, "
    ))
    .bind::<Integer, _>(most)
    .sql(") FROM unnest(")
    .bind::<Array<Text>, _>(joined(|lookup| &lookup.grams))
    .sql(", ")
    .bind::<Array<Text>, _>(joined(|lookup| &lookup.patterns))
    .sql(") AS asked (grams, patterns) LIMIT ")
    .bind::<Integer, _>(most)
    .sql(")");
    Box::new(filter)
}
