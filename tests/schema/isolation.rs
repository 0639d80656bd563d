//! With the scope of town A no query of any table returns, changes or adds a row of town B; without a scope there
//! is nothing at all. Every table of the catalogue is tried, with a row of each town in it.

use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Tables with a town, in the catalogue's order; partitions are reached through their parents.
fn tenant_tables(owner: &mut PgConnection) -> Vec<String> {
    let rows: Vec<Name> = diesel::sql_query(
        "SELECT c.relname::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition \
         AND c.relnamespace = 'public'::regnamespace AND EXISTS ( \
             SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id') ORDER BY 1",
    )
    .load(owner)
    .unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// Puts one row per town into `table`, whatever its constraints: keys and checks are lifted for the filling only,
/// because what is tested here is the policy and not the row.
fn fill(owner: &mut PgConnection, table: &str, towns: &[i64]) {
    #[derive(QueryableByName)]
    struct Needed {
        #[diesel(sql_type = Text)]
        columns: String,
        #[diesel(sql_type = Text)]
        values: String,
    }
    for (index, town) in towns.iter().enumerate() {
        let needed: Needed = diesel::sql_query(format!(
            "SELECT COALESCE(string_agg(quote_ident(attname), ', '), '') AS columns, COALESCE(string_agg( \
                 CASE format_type(atttypid, atttypmod) \
                     WHEN 'bigint' THEN '{index} + 1' WHEN 'integer' THEN '{index} + 1' WHEN 'smallint' THEN '1' \
                     WHEN 'text' THEN '''x{index}''' WHEN 'bytea' THEN '''\\x{index}{index}''::bytea' \
                     WHEN 'boolean' THEN 'true' WHEN 'date' THEN 'current_date' WHEN 'jsonb' THEN '''{{}}''::jsonb' \
                     WHEN 'text[]' THEN '''{{}}''::text[]' ELSE 'now()' END, ', '), '') AS values \
             FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped \
             AND attname <> 'organization_id' AND attnotnull AND NOT atthasdef AND attidentity = ''",
        ))
        .get_result(owner)
        .unwrap();
        let (columns, values) = if needed.columns.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(", {}", needed.columns), format!(", {}", needed.values))
        };
        diesel::sql_query(format!("INSERT INTO {table} (organization_id{columns}) VALUES ({town}{values})"))
            .execute(owner)
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

/// Lifts CHECKs, foreign keys and triggers of every table: the filling is nonsense on purpose.
fn lift_rules(owner: &mut PgConnection, tables: &[String]) {
    let rows: Vec<Name> = diesel::sql_query(
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) AS name \
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f') AND coninhcount = 0",
    )
    .load(owner)
    .unwrap();
    for row in rows {
        diesel::sql_query(row.name).execute(owner).unwrap();
    }
    for table in tables {
        diesel::sql_query(format!("ALTER TABLE {table} DISABLE TRIGGER USER")).execute(owner).unwrap();
    }
}

fn count(conn: &mut PgConnection, sql: String) -> i64 {
    diesel::sql_query(sql).get_result::<Count>(conn).unwrap().count
}

/// The scope of a town and of the person whom the filling names where a row is one person's.
fn scope(town: i64) -> String {
    format!("SELECT set_config('yui.org', '{town}', true), set_config('yui.actor', 'person:1', true)")
}

#[test]
fn no_table_shows_changes_or_takes_a_row_of_another_town() {
    let db = TestDb::new();
    let (ours, theirs) = (db.town("tateshina").0, db.town("shiojiri").0);
    let mut owner = db.owner();
    let tables = tenant_tables(&mut owner);
    lift_rules(&mut owner, &tables);
    for table in &tables {
        fill(&mut owner, table, &[ours, theirs]);
    }
    let mut app = PgConnection::establish(&db.url(db::private_postgres::Role::App)).unwrap();
    for table in &tables {
        let unscoped = count(&mut app, format!("SELECT count(*) FROM {table}"));
        assert_eq!(unscoped, 0, "{table} shows rows without a scope");
        app.test_transaction::<_, diesel::result::Error, _>(|app| {
            diesel::sql_query(scope(ours)).execute(app)?;
            let own = count(app, format!("SELECT count(*) FROM {table} WHERE organization_id = {ours}"));
            assert!(own >= 1, "{table} hides the town's own row");
            let foreign = count(app, format!("SELECT count(*) FROM {table} WHERE organization_id <> {ours}"));
            assert_eq!(foreign, 0, "{table} shows another town's row");
            Ok(())
        });
        writes_are_refused(&mut app, table, ours, theirs);
    }
}

#[test]
fn nobody_reaches_a_partition_except_through_its_parent() {
    let db = TestDb::new();
    let partitions: Vec<Name> = diesel::sql_query(
        "SELECT relname::text AS name FROM pg_class WHERE relispartition AND relkind = 'r' \
         AND relnamespace = 'public'::regnamespace ORDER BY 1",
    )
    .load(&mut db.owner())
    .unwrap();
    assert!(partitions.iter().any(|one| one.name == "task_history_rest"));
    for role in [db::private_postgres::Role::App, db::private_postgres::Role::Queue] {
        let mut connection = PgConnection::establish(&db.url(role)).unwrap();
        for partition in &partitions {
            let sql = format!("SELECT FROM {} LIMIT 1", partition.name);
            let refused = diesel::sql_query(&sql).execute(&mut connection).unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{sql}: {refused}");
        }
    }
}

/// The columns a writer may name: the database computes the generated ones.
fn written_columns(app: &mut PgConnection, table: &str) -> String {
    let columns: Name = diesel::sql_query(format!(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS name FROM pg_attribute \
         WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
    ))
    .get_result(app)
    .unwrap();
    columns.name
}

/// Each attempt in a transaction of its own, because a refused statement ends its transaction.
fn writes_are_refused(app: &mut PgConnection, table: &str, ours: i64, theirs: i64) {
    let attempt = |app: &mut PgConnection, sql: &str| {
        app.transaction::<usize, diesel::result::Error, _>(|app| {
            diesel::sql_query(scope(ours)).execute(app)?;
            diesel::sql_query(sql).execute(app)
        })
    };
    let columns = written_columns(app, table);
    let smuggled = format!(
        "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM (SELECT \
         (jsonb_populate_record(NULL::{table}, to_jsonb(r) || '{{\"organization_id\": {theirs}, \"id\": 99}}')).* \
         FROM {table} r) smuggled"
    );
    for sql in [format!("UPDATE {table} SET organization_id = {theirs}"), smuggled] {
        let refused = attempt(app, &sql).expect_err(&format!("went through: {sql}")).to_string();
        let by_rule = refused.contains("row-level security") || refused.contains("permission denied");
        assert!(by_rule, "{table}: refused for another reason: {refused}");
    }
    let reached = attempt(app, &format!("DELETE FROM {table} WHERE organization_id = {theirs}"));
    assert!(!matches!(reached, Ok(1..)), "{table}: another town's row was deleted");
}
