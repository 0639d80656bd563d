//! The database's catalogue against `schema.rs` and the rules of the house.

use std::collections::BTreeMap;

use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::tidy::{owners, sources};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

fn columns(db: &TestDb) -> Vec<Column> {
    diesel::sql_query(
        "SELECT c.relname::text AS table_name, a.attname::text AS column_name, \
             format_type(a.atttypid, a.atttypmod) AS kind, a.attnotnull AS required \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace \
         AND c.relname <> '__diesel_schema_migrations' \
         ORDER BY c.relname, a.attnum",
    )
    .load(&mut db.owner())
    .unwrap()
}

fn diesel_type(column: &Column) -> String {
    let name = match column.kind.as_str() {
        "bigint" => "BigInt",
        "integer" => "Integer",
        "smallint" => "SmallInt",
        "text" => "Text",
        "boolean" => "Bool",
        "bytea" => "Bytea",
        "timestamp with time zone" => "Timestamptz",
        "date" => "Date",
        "jsonb" => "Jsonb",
        "text[]" => "Array<Text>",
        other => panic!("a column of kind {other} needs a row here"),
    };
    if column.required { name.to_owned() } else { format!("Nullable<{name}>") }
}

#[test]
fn schemas_match_the_catalogue() {
    let db = TestDb::new();
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for column in columns(&db) {
        let line = format!("{} -> {},", column.column_name, diesel_type(&column));
        expected.entry(column.table_name).or_default().push(line);
    }
    for (table, krate) in owners::owners() {
        let path = sources::root().join("crates").join(&krate).join("src/schema.rs");
        let schema = std::fs::read_to_string(path).unwrap();
        let body = schema.split(&format!("    {table} (")).nth(1).unwrap();
        let declared: Vec<String> =
            body.lines().skip(1).map(str::trim).take_while(|line| *line != "}").map(str::to_owned).collect();
        assert_eq!(declared, expected[&table], "{krate}/src/schema.rs: {table}");
    }
}

#[derive(QueryableByName, Debug)]
struct Finding {
    #[diesel(sql_type = Text)]
    finding: String,
}

fn findings(db: &TestDb, sql: &str) -> Vec<String> {
    let rows: Vec<Finding> = diesel::sql_query(sql).load(&mut db.owner()).unwrap();
    rows.into_iter().map(|row| row.finding).collect()
}

#[test]
fn every_foreign_key_is_indexed() {
    let db = TestDb::new();
    let missing = findings(
        &db,
        "SELECT con.conrelid::regclass::text || ' (' || con.conname || ')' AS finding FROM pg_constraint con \
         WHERE con.contype = 'f' AND NOT EXISTS ( \
             SELECT 1 FROM pg_index i WHERE i.indrelid = con.conrelid \
             AND (i.indkey::int2[])[0:cardinality(con.conkey) - 1] @> con.conkey \
             AND con.conkey @> (i.indkey::int2[])[0:cardinality(con.conkey) - 1])",
    );
    assert_eq!(missing, [] as [String; 0]);
}

#[test]
fn every_tenant_table_forces_row_level_security_and_begins_its_keys_with_the_town() {
    let db = TestDb::new();
    let without_a_town = [
        "organizations",
        "registry_imports",
        "registry_companies",
        "registry_versions",
        "__diesel_schema_migrations",
    ];
    let unprotected = findings(
        &db,
        "SELECT c.relname::text AS finding FROM pg_class c WHERE c.relkind IN ('r', 'p') \
         AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1",
    );
    let shared: Vec<&String> =
        unprotected.iter().filter(|table| !without_a_town.contains(&table.as_str())).collect();
    assert_eq!(
        shared,
        [] as [&String; 0],
        "tables without row-level security that are not in the reviewed list"
    );
    let keys = findings(
        &db,
        "SELECT i.indrelid::regclass::text || ': ' || i.indexrelid::regclass::text AS finding FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace \
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
         WHERE i.indisunique AND NOT c.relispartition AND a.attname <> 'organization_id' \
         AND EXISTS (SELECT 1 FROM pg_attribute t WHERE t.attrelid = i.indrelid AND t.attname = 'organization_id') ORDER BY 1",
    );
    // The claim works across towns by id alone; a Message-ID is unique in the world.
    assert_eq!(keys, ["messages: messages_message_id_key", "tasks: tasks_pkey"]);
}

#[test]
fn the_application_role_owns_nothing_and_bypasses_nothing() {
    let db = TestDb::new();
    let powers = findings(
        &db,
        "SELECT rolname::text AS finding FROM pg_roles WHERE rolname IN ('yui_app', 'yui_queue') \
         AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
    );
    assert_eq!(powers, [] as [String; 0]);
    let owned = findings(
        &db,
        "SELECT relname::text AS finding FROM pg_class WHERE pg_get_userbyid(relowner) IN ('yui_app', 'yui_queue')",
    );
    assert_eq!(owned, [] as [String; 0]);
}
