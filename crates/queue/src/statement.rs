//! Statements with a fixed text, prepared once per connection.
//!
//! diesel never caches what goes through `sql_query`: parsing and planning it anew costs a third of a claim. A struct
//! with a static query id is cached like any typed query (test `the_hot_statements_are_prepared_once`).

/// Declares a query: texts and binds in turn, and the types of what it returns.
macro_rules! prepared {
    ($(#[$meta:meta])* $name:ident<$life:lifetime> -> $out:ty {
        $($before:literal $field:ident: $rust:ty as $sql:ty),+ ; $after:literal
    }) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $name<$life> {
            $(pub(crate) $field: $rust),+
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut pass: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                $(
                    pass.push_sql($before);
                    pass.push_bind_param::<$sql, _>(&self.$field)?;
                )+
                pass.push_sql($after);
                Ok(())
            }
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::Query for $name<'_> {
            type SqlType = $out;
        }

        impl diesel::RunQueryDsl<diesel::PgConnection> for $name<'_> {}
    };
}

pub(crate) use prepared;
