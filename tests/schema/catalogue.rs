//! The database's catalogue against `schema.rs` and the rules of the house.

use std::collections::BTreeMap;

use db::private_postgres::Role;
use db::testing::TestDb;
use diesel::connection::SimpleConnection;
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
        "time without time zone" => "Time",
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

#[test]
fn no_foreign_key_reaches_into_another_town() {
    let db = TestDb::new();
    // A key between two tables of a town pairs their organization_id columns at one place of its column lists.
    let loose = findings(
        &db,
        "WITH town AS (SELECT attrelid, attnum FROM pg_attribute WHERE attname = 'organization_id') \
         SELECT con.conrelid::regclass::text || ': ' || con.conname AS finding FROM pg_constraint con \
         JOIN town ours ON ours.attrelid = con.conrelid JOIN town theirs ON theirs.attrelid = con.confrelid \
         WHERE con.contype = 'f' AND NOT EXISTS ( \
             SELECT 1 FROM generate_subscripts(con.conkey, 1) place \
             WHERE con.conkey[place] = ours.attnum AND con.confkey[place] = theirs.attnum) ORDER BY 1",
    );
    assert_eq!(loose, [] as [String; 0]);
    // The only keys that leave the town's tables go to the town itself and to what all towns share.
    let outward = findings(
        &db,
        "SELECT DISTINCT con.confrelid::regclass::text AS finding FROM pg_constraint con \
         JOIN pg_attribute t ON t.attrelid = con.conrelid AND t.attname = 'organization_id' \
         WHERE con.contype = 'f' AND NOT EXISTS (SELECT 1 FROM pg_attribute a \
             WHERE a.attrelid = con.confrelid AND a.attname = 'organization_id') ORDER BY 1",
    );
    assert_eq!(outward, ["organizations"]);
}

/// Functions that run with their owner's powers and so see every town, each read by somebody who was not its author.
/// A new one stays inside `current_organization()`, or says here why not.
const REVIEWED: &[&str] = &[
    // Triggers: they look only at rows of the town in NEW, and nobody calls them.
    "audit_organization",
    "audit_statement",
    "forbid_making_after_checking",
    "forbid_one_look_for_two",
    "forbid_own_review",
    "forbid_unreviewed_delivery",
    // The months of the tasks' history: partitions belong to the owner. It takes a number and returns one, and only the
    // role that sees all towns' tasks may call it.
    "keep_task_history",
    // Before the town is known.
    "open_organization",
    "organization_directory",
    // The town stands inside.
    "search_company_ids",
    "search_contact_ids",
    "search_deal_ids",
    "search_job_ids",
    "search_lead_ids",
    "search_message_ids",
    "search_order_ids",
    "search_person_ids",
    "take_back_deals",
];

#[test]
fn functions_with_their_owners_powers_are_few_and_closed() {
    let db = TestDb::new();
    let powerful = "FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace";
    let all = findings(&db, &format!("SELECT p.proname::text AS finding {powerful} ORDER BY 1"));
    assert_eq!(all, REVIEWED);
    let steered = findings(
        &db,
        &format!(
            "SELECT p.proname::text AS finding {powerful} \
             AND NOT COALESCE('search_path=public, pg_temp' = ANY (p.proconfig), false) ORDER BY 1"
        ),
    );
    assert_eq!(steered, [] as [String; 0], "whoever calls these chooses what their names mean");
    let open = findings(
        &db,
        &format!(
            "SELECT p.proname::text AS finding {powerful} AND EXISTS ( \
                 SELECT 1 FROM aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) acl \
                 WHERE acl.grantee = 0 AND acl.privilege_type = 'EXECUTE') ORDER BY 1"
        ),
    );
    assert_eq!(open, [] as [String; 0], "anybody may call these");
    let callable = findings(
        &db,
        &format!(
            "SELECT p.proname::text AS finding {powerful} AND p.prorettype = 'trigger'::regtype \
             AND has_function_privilege('yui_app', p.oid, 'EXECUTE') ORDER BY 1"
        ),
    );
    assert_eq!(callable, [] as [String; 0]);
}

#[test]
fn every_view_shows_what_its_reader_may_see() {
    let db = TestDb::new();
    let blind = "SELECT c.relname::text AS finding FROM pg_class c WHERE c.relkind = 'v' \
         AND c.relnamespace = 'public'::regnamespace \
         AND NOT COALESCE(c.reloptions @> '{security_invoker=true}', false) ORDER BY 1";
    assert_eq!(findings(&db, blind), [] as [String; 0]);
    let stored = "SELECT relname::text AS finding FROM pg_class WHERE relkind = 'm'";
    assert_eq!(findings(&db, stored), [] as [String; 0], "materialized views know no policies");
    // The question itself: it finds a view made without care.
    db.owner().batch_execute("CREATE VIEW careless AS SELECT 1 AS one").unwrap();
    assert_eq!(findings(&db, blind), ["careless"]);
}

#[test]
fn the_audit_trail_is_written_by_triggers_alone_and_knows_the_towns() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let writes = findings(
        &db,
        "SELECT role || ' ' || privilege AS finding FROM unnest('{yui_app,yui_queue}'::text[]) role, \
             unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) privilege \
         WHERE has_table_privilege(role, 'audit_entries', privilege) ORDER BY 1",
    );
    assert_eq!(writes, [] as [String; 0]);
    let mut app = PgConnection::establish(&db.url(Role::App)).unwrap();
    let scope = format!(
        "BEGIN; SELECT set_config('yui.org', '{town}', true), set_config('yui.actor', 'person:7', true)"
    );
    let forged = "INSERT INTO audit_entries (actor, request, table_name, operation, changed, kept) \
         VALUES ('person:1', '', 'orders', 'update', '{}', '{}')";
    let refused = app.batch_execute(&format!("{scope}; {forged}")).unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
    app.batch_execute("ROLLBACK").unwrap();
    let change =
        "UPDATE organizations SET name = '立科町', contact_email = 'sato@example.jp', contact_phone = '0267'";
    app.batch_execute(&format!("{scope}; {change}; UPDATE organizations SET name = name; COMMIT")).unwrap();
    let trail = findings(
        &db,
        "SELECT actor || ' ' || operation || ' ' || row_id || ' ' || array_to_string(changed, ',') || ' ' || kept::text \
         AS finding FROM audit_entries WHERE table_name = 'organizations' ORDER BY id",
    );
    assert_eq!(trail.len(), 2, "opened, and changed once: {trail:?}");
    assert!(trail[0].contains("insert") && trail[0].contains("\"slug\": \"tateshina\""), "{trail:?}");
    let changed = format!(
        "person:7 update {town} contact_email,contact_phone,name {{\"name\": [\"tateshina\", \"立科町\"]}}"
    );
    assert_eq!(trail[1], changed, "how to reach somebody is no business of the trail");
}
