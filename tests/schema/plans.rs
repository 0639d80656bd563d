//! Lists that page over a whole table read it in an index's order: as the role that serves people, with its policies.

use db::private_postgres::Role;
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    line: String,
}

/// What a list asks for, and the index that has it in its order.
const LISTS: [(&str, &str); 26] = [
    (
        "SELECT * FROM workers WHERE state IN ('applicant', 'registered', 'training', 'paused') \
         AND (stands_since > '2026-12-01' OR (stands_since = '2026-12-01' AND id > 3)) \
         ORDER BY stands_since, id LIMIT 51",
        "workers_waiting",
    ),
    ("SELECT * FROM deals ORDER BY moved_at DESC, id DESC LIMIT 51", "deals_moved"),
    (
        "SELECT count(*), sum(amount) FROM deals WHERE state = 'won' AND state IN ('won', 'lost') \
         AND moved_at >= '2026-03-31T15:00Z' AND moved_at < '2027-03-31T15:00Z'",
        "deals_closed",
    ),
    ("SELECT * FROM deals WHERE state = 'open' ORDER BY moved_at DESC, id DESC LIMIT 31", "deals_listed"),
    (
        "SELECT * FROM deals WHERE owner_id = 7 AND state = 'open' ORDER BY moved_at DESC, id DESC LIMIT 31",
        "deals_of_owner",
    ),
    (
        "SELECT * FROM deals WHERE stage_id = 7 AND state = 'open' AND rank >= 'V1' AND (rank > 'V1' OR id > 3) \
         ORDER BY rank, id LIMIT 21",
        "deals_column",
    ),
    ("SELECT count(*), sum(amount) FROM deals WHERE stage_id = 7 AND state = 'open'", "deals_column"),
    (
        "SELECT * FROM deals WHERE stage_id = 7 AND state IN ('won', 'lost') AND moved_at >= '2026-03-31T15:00Z' \
         ORDER BY moved_at DESC, id DESC LIMIT 4",
        "deals_closed",
    ),
    ("SELECT * FROM leads ORDER BY created_at DESC, id DESC LIMIT 51", "leads_entered"),
    (
        "SELECT * FROM leads WHERE state = 'new' AND answer_by < '2026-12-01' ORDER BY answer_by, id LIMIT 31",
        "leads_unanswered",
    ),
    (
        "SELECT * FROM deals ORDER BY COALESCE(deals.next_action_on, '9999-12-31'::date) ASC, deals.id ASC LIMIT 31",
        "deals_by_action",
    ),
    (
        "SELECT * FROM deals WHERE (COALESCE(deals.expected_close_on, '9999-12-31'::date) >= '2026-12-01' \
         AND (COALESCE(deals.expected_close_on, '9999-12-31'::date) > '2026-12-01' OR deals.id > 7)) \
         ORDER BY COALESCE(deals.expected_close_on, '9999-12-31'::date) ASC, deals.id ASC LIMIT 31",
        "deals_by_close",
    ),
    ("SELECT * FROM deals ORDER BY deals.amount DESC, deals.id DESC LIMIT 31", "deals_by_amount"),
    (
        "SELECT * FROM leads ORDER BY COALESCE(leads.next_action_on, '9999-12-31'::date) ASC, leads.id ASC LIMIT 31",
        "leads_by_action",
    ),
    (
        "SELECT * FROM leads ORDER BY COALESCE(leads.answer_by, '9999-12-31'::date) ASC, leads.id ASC LIMIT 31",
        "leads_by_answer",
    ),
    (
        "SELECT * FROM deals WHERE owner_id = 7 AND state = 'open' AND next_action_on <= '2026-12-01' \
         ORDER BY next_action_on, id LIMIT 101",
        "deals_due",
    ),
    (
        "SELECT * FROM leads WHERE owner_id = 7 AND next_action_on IS NOT NULL AND next_action_on <= '2026-12-01' \
         ORDER BY next_action_on, id LIMIT 101",
        "leads_due",
    ),
    (
        "SELECT * FROM todos WHERE person_id = 7 AND done_at IS NULL AND due_on <= '2026-12-01' \
         ORDER BY due_on, id LIMIT 101",
        "todos_open",
    ),
    (
        "SELECT * FROM activities WHERE company_id = 7 ORDER BY happened_at DESC, id DESC LIMIT 51",
        "activities_of_company",
    ),
    ("SELECT * FROM meetings ORDER BY held_on DESC, id DESC LIMIT 31", "meetings_by_day"),
    ("SELECT * FROM companies WHERE merged_into IS NULL ORDER BY kana_key, id LIMIT 51", "companies_by_kana"),
    ("SELECT * FROM merges WHERE kept_company_id = 1 ORDER BY id DESC LIMIT 50", "merges_kept_company"),
    ("SELECT * FROM orders ORDER BY due_on, id LIMIT 51", "orders_due"),
    ("SELECT order_id, count(*) FROM units WHERE state = 'passed' GROUP BY order_id", "units_passed"),
    (
        "SELECT delivery_id, unit_id FROM delivery_units WHERE answer = 'fix' AND delivery_id = ANY ('{1,2}')",
        "delivery_units_fixes",
    ),
    (
        "SELECT count(DISTINCT order_id), sum(amount) FROM accepted_amounts \
         WHERE counted_on BETWEEN '2026-04-01' AND '2027-03-31'",
        "accepted_amounts_by_day",
    ),
];

/// What is left over, and the index in which each row is looked up that is not: what was earned and is not closed, what of it could
/// be, and what was accepted and is not asked for.
const LEFT_OVER: [(&str, &str); 3] = [
    (
        "SELECT e.id FROM earnings e WHERE e.received_on <= '2026-10-31' \
         AND NOT EXISTS (SELECT 1 FROM statement_earnings s WHERE s.earning_id = e.id) ORDER BY e.id",
        "statement_earnings_pkey",
    ),
    (
        "SELECT DISTINCT u.job_id FROM earnings e JOIN units u ON u.id = e.unit_id WHERE e.received_on <= '2026-10-31' \
         AND NOT EXISTS (SELECT 1 FROM statement_earnings s WHERE s.earning_id = e.id) \
         AND NOT EXISTS (SELECT 1 FROM job_withholdings w WHERE w.job_id = u.job_id)",
        "job_withholdings_pkey",
    ),
    (
        "SELECT a.id FROM accepted_amounts a JOIN orders o ON o.id = a.order_id WHERE o.company_id = 7 \
         AND a.counted_on <= '2026-10-31' \
         AND NOT EXISTS (SELECT 1 FROM client_invoice_amounts b WHERE b.accepted_amount_id = a.id \
             AND b.credit_id IS NULL) ORDER BY a.id",
        "client_invoice_amounts_once",
    ),
];

/// A connection of the application's in a town, with some ways out closed: nothing stands in the tables, and so the plan is the one of
/// full ones.
fn without(db: &TestDb, ways_out: &[&str]) -> PgConnection {
    let town = db.town("tateshina").0;
    let mut app = PgConnection::establish(&db.url(Role::App)).unwrap();
    for setting in ways_out {
        diesel::sql_query(format!("SET {setting} = off")).execute(&mut app).unwrap();
    }
    diesel::sql_query(format!("SELECT set_config('yui.org', '{town}', false)")).execute(&mut app).unwrap();
    app
}

fn plan(app: &mut PgConnection, query: &str) -> Vec<String> {
    let plan: Vec<Step> = diesel::sql_query(format!("EXPLAIN {query}")).load(app).unwrap();
    plan.into_iter().map(|step| step.line).collect()
}

#[test]
fn what_is_left_over_is_found_by_looking_up_what_is_not() {
    let db = TestDb::new();
    let mut app =
        without(&db, &["enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"]);
    for (query, index) in LEFT_OVER {
        let plan = plan(&mut app, query);
        let looked_up = plan.iter().any(|step| step.contains(&format!(" using {index} ")));
        let anti = plan.iter().any(|step| step.contains("Anti Join"));
        assert!(looked_up && anti, "{query}\n{}", plan.join("\n"));
    }
}

#[test]
fn lists_over_whole_tables_read_an_index_in_its_order() {
    let db = TestDb::new();
    let mut app = without(&db, &["enable_seqscan", "enable_bitmapscan", "enable_sort"]);
    for (list, index) in LISTS {
        let plan = plan(&mut app, list);
        let scan = plan.iter().any(|step| step.contains(&format!(" using {index} ")));
        let sorted = list.contains("ORDER BY") && plan.iter().any(|step| step.contains("Sort"));
        assert!(scan && !sorted, "{list}\n{}", plan.join("\n"));
    }
}
