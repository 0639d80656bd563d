//! How PostgreSQL would run a query, for tests that hold it to its index.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;

use crate::{DbError, Tx};

struct Explain<Q>(Q);

impl<Q> Query for Explain<Q> {
    type SqlType = Text;
}

impl<Q> QueryId for Explain<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("EXPLAIN (COSTS OFF) ");
        self.0.walk_ast(out)
    }
}

impl<Q> RunQueryDsl<PgConnection> for Explain<Q> {}

/// The steps of the plan, one a line.
pub fn plan(tx: &mut Tx<'_>, query: impl QueryFragment<Pg>) -> Result<String, DbError> {
    let lines: Vec<String> = Explain(query).load(tx.conn())?;
    Ok(lines.join("\n"))
}
