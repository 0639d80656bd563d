//! SQL that is written by hand and prepared once for each connection, as queries of the builder are.
//!
//! [`diesel::sql_query`] has the server read and plan its text anew every time. For a statement with many tables that takes
//! several milliseconds, which is longer than it then works; what every claim, hand-in and verdict passes through is prepared,
//! and what stands on everybody's first page.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};
use diesel::{QueryResult, RunQueryDsl};

/// A statement, read by name as that of `sql_query` is.
#[derive(Debug, Clone)]
#[must_use = "nothing happens until it is loaded or executed"]
pub struct Prepared<Binds> {
    text: Cow<'static, str>,
    binds: Binds,
}

/// No value yet.
#[derive(Debug, Clone, Copy)]
pub struct NoBinds(());

/// Values, the last of which is sent as `ST`.
#[derive(Debug, Clone, Copy)]
pub struct Bound<Before, Value, ST> {
    before: Before,
    value: Value,
    kind: PhantomData<ST>,
}

/// A statement with `$1`, `$2` … for the values bound to it, in their order. Each connection keeps its plan, so `text` is one of
/// few: whatever varies is bound.
pub fn prepared(text: impl Into<Cow<'static, str>>) -> Prepared<NoBinds> {
    Prepared { text: text.into(), binds: NoBinds(()) }
}

impl<Binds> Prepared<Binds> {
    /// Binds the next value.
    pub fn bind<ST, Value>(self, value: Value) -> Prepared<Bound<Binds, Value, ST>> {
        let Self { text, binds } = self;
        Prepared { text, binds: Bound { before: binds, value, kind: PhantomData } }
    }
}

impl QueryFragment<Pg> for NoBinds {
    fn walk_ast<'b>(&'b self, _out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        Ok(())
    }
}

impl<Before, Value, ST> QueryFragment<Pg> for Bound<Before, Value, ST>
where
    Pg: HasSqlType<ST>,
    Before: QueryFragment<Pg>,
    Value: ToSql<ST, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.before.walk_ast(out.reborrow())?;
        out.push_bind_param::<ST, Value>(&self.value)
    }
}

impl<Binds: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Binds> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // Diesel writes a placeholder for each value it is given. The text has its own, so those are a remark.
        out.push_sql("/* ");
        self.binds.walk_ast(out.reborrow())?;
        out.push_sql(" */ ");
        out.push_sql(&self.text);
        Ok(())
    }
}

impl<Binds> QueryId for Prepared<Binds> {
    type QueryId = ();

    /// Its text is what it is known by.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Binds> Query for Prepared<Binds> {
    type SqlType = Untyped;
}

impl<Binds, Conn> RunQueryDsl<Conn> for Prepared<Binds> {}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::{Array, BigInt, Nullable, Text};

    use super::*;
    use crate::testing::TestDb;

    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        word: String,
        #[diesel(sql_type = BigInt)]
        sum: i64,
    }

    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }

    #[test]
    fn a_text_is_read_once_and_its_values_go_where_it_says() {
        let db = TestDb::new();
        let connection = &mut db.owner();
        for round in 1..=3i64 {
            let found: Found = prepared(
                "SELECT COALESCE($2, 'none') AS word, (SELECT sum(n) FROM unnest($1) n)::bigint * $3 AS sum \
                 WHERE $3 > 0",
            )
            .bind::<Array<BigInt>, _>(vec![1, 2, round])
            .bind::<Nullable<Text>, _>((round > 1).then_some("some"))
            .bind::<BigInt, _>(round)
            .get_result(connection)
            .unwrap();
            assert_eq!(found.word, if round > 1 { "some" } else { "none" });
            assert_eq!(found.sum, (3 + round) * round);
        }
        let kept: Kept = diesel::sql_query(
            "SELECT count(*) AS count FROM pg_prepared_statements WHERE statement LIKE '%COALESCE($2, ''none'')%'",
        )
        .get_result(connection)
        .unwrap();
        assert_eq!(kept.count, 1);
    }

    #[test]
    fn plans_hold_for_all_values_until_the_transaction_ends() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let person = db.person(town, "One", &["sales"]);
        let mode = |once: bool| {
            db.acting(town, person, move |tx| {
                if once {
                    tx.plan_once()?;
                }
                let found: Found = prepared(
                    "SELECT current_setting('plan_cache_mode') AS word, count(*) + $1 AS sum FROM persons",
                )
                .bind::<BigInt, _>(4)
                .get_result(tx.conn())?;
                let plans: Kept = diesel::sql_query(
                    "SELECT generic_plans AS count FROM pg_prepared_statements WHERE statement LIKE '%plan_cache_mode%'",
                )
                .get_result(tx.conn())?;
                Ok::<_, crate::DbError>((found.word, plans.count))
            })
            .unwrap()
        };
        assert_eq!(mode(false), ("auto".to_owned(), 0));
        assert_eq!(mode(true), ("force_generic_plan".to_owned(), 1));
        assert_eq!(mode(false), ("auto".to_owned(), 1));
    }
}
