//! That the checker can fail: for every rule one thing is spoilt behind the back of every trigger and constraint, and the
//! rule has to name it. Each is taken back again.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::disputes::DISPUTES;
use super::{Rule, breaks, broken, rules};

/// A rule, the tables that are spoilt, and how.
pub(super) type Corruption = (&'static str, &'static [&'static str], &'static str);

const CORRUPTIONS: &[Corruption] = &[
    (
        "a unit is held by one person at a time",
        &["assignments"],
        "DROP INDEX assignments_one_live; \
         INSERT INTO assignments (organization_id, unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on) \
         SELECT organization_id, unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on \
         FROM assignments ORDER BY id LIMIT 1",
    ),
    (
        "whoever a unit says holds it has a live hold on it",
        &["units"],
        "UPDATE units SET state = 'working', passed_basis = NULL \
         WHERE id = (SELECT min(id) FROM units WHERE state = 'accepted')",
    ),
    (
        "nobody checks a unit they made a version or a part of",
        &["reviews"],
        "UPDATE reviews r SET checker_id = s.maker_id FROM submissions s \
         WHERE s.organization_id = r.organization_id AND s.id = r.submission_id AND r.id = (SELECT min(id) FROM reviews)",
    ),
    (
        "a job of two looks has two people look, and the second looks at what the first let pass",
        &["reviews"],
        "UPDATE reviews SET level = 2 WHERE id = (SELECT min(id) FROM reviews WHERE verdict = 'pass')",
    ),
    (
        "nothing is delivered that had not passed by then",
        &["reviews"],
        "UPDATE reviews SET reviewed_at = '2099-01-01' WHERE submission_id = (SELECT min(submission_id) FROM delivery_units)",
    ),
    (
        "nothing passed unseen but by a lot that was committed to before, and that came out so",
        &["units"],
        "UPDATE units SET passed_basis = 'sampled_out' WHERE id = (SELECT min(id) FROM units WHERE state = 'accepted')",
    ),
    (
        "what is delivered is the newest version there was",
        &["submissions"],
        "INSERT INTO submissions (organization_id, unit_id, assignment_id, maker_id, number, memo, submitted_at, result_text) \
         SELECT organization_id, unit_id, assignment_id, maker_id, number + 50, '', submitted_at, 'x' FROM submissions \
         WHERE id = (SELECT min(submission_id) FROM delivery_units)",
    ),
    (
        "nobody works without terms of their own for that very job, whole and told of",
        &["terms_notices"],
        "UPDATE terms_notices SET body = body || ' ' WHERE id = (SELECT min(terms_notice_id) FROM assignments)",
    ),
    (
        "no pay is less than agreed but for a part that was handed over or work that was called off",
        &["earnings"],
        "UPDATE earnings SET amount = amount - 1 WHERE id = (SELECT min(id) FROM earnings WHERE kind = 'unit')",
    ),
    (
        "whoever's work passed, or was refused through no fault of theirs, has earned it",
        &["earnings"],
        "ALTER TABLE statement_earnings DROP CONSTRAINT statement_earnings_organization_id_earning_id_fkey; \
         DELETE FROM earnings WHERE id = (SELECT min(id) FROM earnings WHERE kind = 'unit')",
    ),
    (
        "every step against somebody's work has a reason, a fault and words",
        &["reviews"],
        "UPDATE reviews SET comment = '' WHERE id = (SELECT min(id) FROM reviews WHERE verdict = 'return')",
    ),
    (
        "no row names another town's people",
        &["unit_events"],
        "UPDATE unit_events e SET actor = 'person:' || (SELECT max(p.id) FROM persons p \
             WHERE p.organization_id <> e.organization_id) \
         WHERE e.id = (SELECT min(id) FROM unit_events)",
    ),
    (
        "no delivery is accepted by opening its link: a code was sent before, and a name was given",
        &["delivery_accesses"],
        "DELETE FROM delivery_accesses WHERE kind = 'code_sent' \
             AND delivery_id = (SELECT min(id) FROM deliveries WHERE answered_at IS NOT NULL)",
    ),
    (
        "only clients accept",
        &["unit_events"],
        "UPDATE unit_events SET actor = 'person:1' \
         WHERE id = (SELECT min(id) FROM unit_events WHERE to_state = 'accepted')",
    ),
    (
        "a unit goes only where the machine leads",
        &["unit_events"],
        "INSERT INTO unit_events (organization_id, unit_id, from_state, to_state, actor, note, happened_at) \
         SELECT organization_id, id, 'accepted', 'working', 'system', '', now() FROM units WHERE state = 'accepted' LIMIT 1",
    ),
    (
        "a unit's events follow each other in time and state, and the last is where it stands",
        &["unit_events"],
        "DELETE FROM unit_events WHERE id = (SELECT max(id) FROM unit_events WHERE to_state = 'claimed')",
    ),
    (
        "every unit has an event for where it stands",
        &["unit_events"],
        "DELETE FROM unit_events WHERE unit_id = (SELECT max(unit_id) FROM unit_events)",
    ),
    (
        "whoever claims has the skill on that day",
        &["worker_skills"],
        "DELETE FROM worker_skills WHERE worker_id = (SELECT min(a.worker_id) FROM assignments a \
             JOIN units u ON u.id = a.unit_id JOIN jobs j ON j.id = u.job_id WHERE j.skill_id IS NOT NULL)",
    ),
    (
        "nobody who claims has more to do than the hours they wish for",
        &["workers"],
        "UPDATE workers SET weekly_minutes = 1 WHERE id = (SELECT min(worker_id) FROM assignments)",
    ),
    (
        "nobody is given work while they rest",
        &["worker_events"],
        "UPDATE worker_events SET kind = 'paused' \
         WHERE kind = 'activated' AND worker_id = (SELECT min(worker_id) FROM assignments)",
    ),
    (
        "nobody takes a unit again that they earned, checked or were refused",
        &["assignments"],
        "INSERT INTO assignments (organization_id, unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on, \
             ended_at, end_kind) \
         SELECT a.organization_id, a.unit_id, a.worker_id, a.person_id, a.terms_notice_id, '2099-01-01', '2099-01-02', \
             '2099-01-02', 'handed_back' \
         FROM assignments a JOIN earnings e ON e.unit_id = a.unit_id AND e.person_id = a.person_id LIMIT 1",
    ),
    (
        "what is offered in turn is taken by those before whom it lay",
        &["offer_portions"],
        "UPDATE offer_portions SET claimed = 0 WHERE (job_id, worker_id) IN (SELECT job_id, worker_id FROM offer_portions \
             WHERE claimed > 0 AND ended_at IS NOT NULL ORDER BY id LIMIT 1)",
    ),
    (
        "portions promise no more than what waits",
        &["offer_portions"],
        "UPDATE offer_portions SET state = 'open', ended_at = NULL, claimed = 0 \
         WHERE id = (SELECT min(p.id) FROM offer_portions p WHERE p.job_id NOT IN \
             (SELECT job_id FROM units WHERE state = 'offered'))",
    ),
    (
        "work that is taken from somebody leaves what was received paid",
        &["assignments", "earnings"],
        "ALTER TABLE statement_earnings DROP CONSTRAINT statement_earnings_organization_id_earning_id_fkey; \
         WITH taken AS (UPDATE assignments SET end_kind = 'handed_back', ended_at = '2099-01-01' \
             WHERE id = (SELECT min(s.assignment_id) FROM submissions s JOIN reviews r ON r.submission_id = s.id \
                 WHERE r.verdict = 'pass' AND s.number = 1) RETURNING unit_id) \
         DELETE FROM earnings WHERE unit_id IN (SELECT unit_id FROM taken)",
    ),
    (
        "work is paid within sixty days, the day of receipt being the first",
        &["earnings"],
        "UPDATE earnings SET received_on = '2026-07-01', pay_day = 30 WHERE id = (SELECT min(id) FROM earnings)",
    ),
    (
        "the day of receipt is that of the first version which its maker's own fault did not send back",
        &["earnings"],
        "UPDATE earnings SET received_on = received_on + 1 WHERE id = (SELECT min(id) FROM earnings WHERE kind = 'unit')",
    ),
    (
        "an earning is paid by the day its job and its terms agreed",
        &["earnings"],
        "UPDATE earnings SET pay_day = pay_day - 1 WHERE id = (SELECT min(id) FROM earnings)",
    ),
    (
        "an end after six months is told thirty days before",
        &["ending_notices"],
        "INSERT INTO ending_notices (organization_id, worker_id, since, noticed_on, ends_on, reason, tells_reason, \
             noticed_by, noticed_at) \
         SELECT organization_id, worker_id, '2026-01-01', '2026-09-01', '2026-09-30', 'x', true, person_id, now() \
         FROM assignments ORDER BY id LIMIT 1",
    ),
    (
        "terms are there before the work is",
        &["terms_notices"],
        "UPDATE terms_notices SET issued_at = issued_at + interval '1 hour' \
         WHERE id = (SELECT min(terms_notice_id) FROM assignments)",
    ),
    (
        "nothing is claimed after the day it is received until",
        &["assignments"],
        "UPDATE assignments SET due_on = '2000-01-01' WHERE id = (SELECT min(id) FROM assignments)",
    ),
    (
        "claimed, handed in, checked, sent, answered: in this order",
        &["submissions"],
        "UPDATE submissions SET submitted_at = '2099-01-01' WHERE id = (SELECT min(submission_id) FROM reviews)",
    ),
    (
        "a client has at least as many days to inspect as the work takes",
        &["deliveries"],
        "UPDATE deliveries SET inspect_until = '2000-01-01' WHERE id = (SELECT min(id) FROM deliveries)",
    ),
    (
        "no claim ends by itself but by day",
        &["unit_events"],
        "INSERT INTO unit_events (organization_id, unit_id, from_state, to_state, actor, reason, note, happened_at) \
         SELECT organization_id, id, 'working', 'offered', 'system', 'expired', '', '2026-10-05T22:00+09:00' \
         FROM units ORDER BY id LIMIT 1",
    ),
    (
        "whoever's claim ends by itself was asked twice, the last time a day before",
        &["assignments"],
        "UPDATE assignments SET end_kind = 'expired', ended_at = claimed_at + interval '1 hour' \
         WHERE id = (SELECT min(id) FROM assignments)",
    ),
    (
        "an answer is asked for by day, or until the work's own end",
        &["offer_portions"],
        "UPDATE offer_portions SET answer_by = '2026-10-05T23:30+09:00' WHERE id = (SELECT min(id) FROM offer_portions)",
    ),
    (
        "nobody's time to answer is over before an hour of the day has passed",
        &["offer_portions"],
        "UPDATE offer_portions p SET answer_by = r.began_at + interval '10 minutes' FROM offer_rounds r \
         WHERE r.organization_id = p.organization_id AND r.id = p.round_id AND p.id = (SELECT min(id) FROM offer_portions)",
    ),
    (
        "a portion that passed had its time",
        &["offer_portions"],
        "UPDATE offer_portions SET state = 'passed', ended_at = answer_by - interval '1 hour' \
         WHERE id = (SELECT min(id) FROM offer_portions)",
    ),
    (
        "an order's ends come after its beginnings",
        &["orders"],
        "UPDATE orders SET started_at = created_at - interval '1 day' WHERE id = (SELECT min(id) FROM orders)",
    ),
    (
        "how many units stand where is what the units say",
        &["unit_counts"],
        "UPDATE unit_counts SET units = units + 1 WHERE id = (SELECT min(id) FROM unit_counts)",
    ),
    (
        "an order is worth its lines",
        &["orders"],
        "UPDATE orders SET amount = amount + 1 WHERE id = (SELECT min(id) FROM orders)",
    ),
    (
        "what counts as accepted is the accepted share of the order",
        &["accepted_amounts"],
        "UPDATE accepted_amounts SET amount = amount + 1 WHERE id = (SELECT min(a.id) FROM accepted_amounts a \
             JOIN orders o ON o.organization_id = a.organization_id AND o.id = a.order_id WHERE o.state = 'closed')",
    ),
    (
        "each accepted version of a unit is paid once to each who made it",
        &["earnings"],
        "DROP INDEX earnings_once; \
         INSERT INTO earnings (organization_id, unit_id, person_id, kind, terms_notice_id, amount, received_on, pay_day, \
             earned_at) \
         SELECT organization_id, unit_id, person_id, kind, terms_notice_id, amount, received_on, pay_day, earned_at \
         FROM earnings WHERE kind = 'unit' ORDER BY id LIMIT 1",
    ),
    (
        "what somebody earned with units is their number at the agreed pay",
        &["earnings"],
        "ALTER TABLE statement_earnings DROP CONSTRAINT statement_earnings_organization_id_earning_id_fkey; \
         DELETE FROM earnings WHERE id = (SELECT max(e.id) FROM earnings e JOIN units u ON u.id = e.unit_id \
             WHERE e.kind = 'unit' GROUP BY e.person_id, u.job_id HAVING count(*) > 1 LIMIT 1)",
    ),
    (
        "nobody is paid for what they did not make",
        &["earnings"],
        "UPDATE earnings e SET person_id = (SELECT min(p.id) FROM persons p WHERE p.organization_id = e.organization_id) \
         WHERE e.id = (SELECT min(id) FROM earnings WHERE kind = 'unit')",
    ),
    (
        "terms name as many units as were claimed under them",
        &["terms_notices"],
        "UPDATE terms_notices SET units = units + 1 WHERE id = (SELECT min(terms_notice_id) FROM assignments)",
    ),
    (
        "a round shares out no more than waited, and its line is as long as it says",
        &["offer_rounds"],
        "UPDATE offer_rounds SET candidates = candidates + 1 WHERE id = (SELECT min(id) FROM offer_rounds)",
    ),
    (
        "a portion is what its round decided, or what was left of it",
        &["offer_portions"],
        "UPDATE offer_portions SET units = units + 100 WHERE id = (SELECT min(id) FROM offer_portions)",
    ),
    (
        "versions are numbered from one without a gap",
        &["submissions"],
        "UPDATE submissions SET number = number + 1 WHERE id = (SELECT max(id) FROM submissions)",
    ),
    (
        "everything that was handed in was told",
        &["events"],
        "DELETE FROM events WHERE id = (SELECT max(id) FROM events WHERE kind = 'unit.submitted')",
    ),
    (
        "a delivery holds as many units as its client was told",
        &["delivery_units"],
        "DELETE FROM delivery_units WHERE (delivery_id, unit_id) IN \
             (SELECT delivery_id, unit_id FROM delivery_units ORDER BY 1, 2 LIMIT 1)",
    ),
    (
        "what a cancelled unit cost is what was earned with it",
        &["units"],
        "UPDATE units SET state = 'cancelled', cancel_fault = 'town', passed_basis = NULL, compensation = 7 \
         WHERE id = (SELECT min(id) FROM units WHERE state = 'accepted')",
    ),
    (
        "what stands on a statement was earned by whoever it pays, and stands on one alone",
        &["statements"],
        "UPDATE statements s SET person_id = (SELECT min(p.id) FROM persons p WHERE p.organization_id = s.organization_id) \
         WHERE s.id = (SELECT min(id) FROM statements)",
    ),
    (
        "a statement lists what was earned and what was taken off, and nothing else",
        &["statement_lines"],
        "UPDATE statement_lines SET units = units + 1, amount = amount + unit_price \
         WHERE (statement_id, number, position) = (SELECT id, version, 1 FROM statements ORDER BY id LIMIT 1)",
    ),
    (
        "a version comes to its lines, with each tax rounded once",
        &["statement_versions"],
        "UPDATE statement_versions SET tax = tax + 1, payable = payable + 1 \
         WHERE statement_id = (SELECT min(id) FROM statements)",
    ),
    (
        "what is transferred is what the newest version says",
        &["statements"],
        "UPDATE statements SET payable = payable - 1 WHERE id = (SELECT min(id) FROM statements)",
    ),
    (
        "pay goes out on the day that the terms said, or on the bank day before, and by the law's last day",
        &["statements"],
        "UPDATE statements SET paid_on = pay_by + 1 WHERE id = (SELECT min(id) FROM statements WHERE paid_on IS NOT NULL)",
    ),
    (
        "whatever could be closed was closed",
        &["statement_earnings"],
        "DELETE FROM statement_earnings WHERE earning_id = (SELECT min(earning_id) FROM statement_earnings)",
    ),
    (
        "a closing says what it left because nobody had said what kind of work it is",
        &["pay_closings"],
        "UPDATE pay_closings SET left_jobs = 0, left_amount = 0 WHERE left_jobs > 0",
    ),
    (
        "tax is withheld as was decided about the job by then",
        &["job_withholdings"],
        "UPDATE job_withholdings SET withheld = NOT withheld \
         WHERE job_id = (SELECT min(job_id) FROM statement_lines)",
    ),
    (
        "how much of its tax the town may deduct goes by the days of receipt",
        &["statement_lines"],
        "UPDATE statement_lines SET deductible_percent = 100 WHERE statement_id = (SELECT min(id) FROM statements)",
    ),
    (
        "pay is reduced for a fault of its maker's alone, and by two others",
        &["pay_deductions"],
        "UPDATE pay_deductions SET decided_by = asked_by WHERE id = (SELECT min(id) FROM pay_deductions WHERE is_approved)",
    ),
    (
        "every payment that was taken back is kept with its reason",
        &["statement_undone_payments"],
        "DELETE FROM statement_undone_payments",
    ),
    (
        "an invoice asks for what its client accepted in its period, each part once",
        &["client_invoice_amounts"],
        "DELETE FROM client_invoice_amounts WHERE accepted_amount_id = (SELECT min(accepted_amount_id) FROM client_invoice_amounts)",
    ),
    (
        "what was accepted is asked for anew only where all of the invoice before was returned",
        &["client_invoice_amounts"],
        "DROP INDEX client_invoice_amounts_once; \
         UPDATE client_invoice_amounts SET credit_id = NULL WHERE credit_id IS NOT NULL",
    ),
    (
        "no more is returned of an invoice than it asks for, line by line",
        &["client_credit_lines"],
        "UPDATE client_credit_lines SET amount = amount + 1 WHERE credit_id = (SELECT min(id) FROM client_credits)",
    ),
    (
        "a return comes to its lines, and all returns of an invoice at a rate to that rate's tax, rounded down once",
        &["client_credits", "client_credit_rates"],
        "UPDATE client_credit_rates SET tax = tax + 1 WHERE credit_id = (SELECT max(id) FROM client_credits); \
         UPDATE client_credits SET tax = tax + 1, total = total + 1 WHERE id = (SELECT max(id) FROM client_credits)",
    ),
    (
        "returns of a town are numbered from one without a gap",
        &["client_credits"],
        "UPDATE client_credits SET number = number + 1 WHERE id = (SELECT max(id) FROM client_credits)",
    ),
    (
        "an invoice comes to its lines, with the tax rounded once for each rate",
        &["client_invoice_rates"],
        "UPDATE client_invoice_rates SET tax = tax - 1 WHERE invoice_id = (SELECT min(id) FROM client_invoices)",
    ),
    (
        "no order is asked for at a rate beyond what its lines say, but for a yen or two",
        &["order_lines"],
        "UPDATE order_lines SET tax_rate = 8 WHERE order_id = (SELECT min(order_id) FROM client_invoice_lines)",
    ),
    (
        "an invoice is due on the day of the terms that held when its order was accepted, the first that is not over",
        &["client_invoices"],
        "UPDATE client_invoices SET due_on = due_on + 31 WHERE id = (SELECT min(id) FROM client_invoices)",
    ),
    (
        "the rates of what was accepted come to it",
        &["accepted_amount_rates"],
        "INSERT INTO accepted_amount_rates (organization_id, accepted_amount_id, tax_rate, amount) \
         SELECT organization_id, id, 10, amount + 1 FROM accepted_amounts ORDER BY id LIMIT 1",
    ),
    (
        "invoices of a town are numbered from one without a gap",
        &["client_invoices"],
        "UPDATE client_invoices SET number = number + 1 WHERE id = (SELECT max(id) FROM client_invoices)",
    ),
    (
        "no more is taken back than came in",
        &["client_payments"],
        "INSERT INTO client_payments (organization_id, invoice_id, received_on, amount, note, recorded_by, recorded_at) \
         SELECT organization_id, id, issued_on, -total - 1, 'x', issued_by, issued_at FROM client_invoices ORDER BY id LIMIT 1",
    ),
];

#[derive(QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Takes away whatever keeps a table's rows from being spoilt, until the transaction ends.
fn lay_open(owner: &mut PgConnection, table: &str) {
    owner.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).unwrap();
    let checks: Vec<Check> = diesel::sql_query(
        "SELECT quote_ident(conname)::text AS name FROM pg_constraint \
         WHERE contype = 'c' AND conrelid = $1::regclass AND conislocal",
    )
    .bind::<Text, _>(table)
    .load(owner)
    .unwrap();
    for check in checks {
        owner.batch_execute(&format!("ALTER TABLE {table} DROP CONSTRAINT {}", check.name)).unwrap();
    }
}

/// Spoils one thing for each rule of any month and asserts that the rule names it; nothing is left of it afterwards.
pub(crate) fn each_is_named(owner: &mut PgConnection) {
    let spoilt: Vec<&str> = CORRUPTIONS.iter().chain(DISPUTES).map(|(rule, _, _)| *rule).collect();
    let mut known: Vec<&str> = rules().iter().map(|rule| rule.name).collect();
    known.retain(|name| !spoilt.contains(name));
    assert_eq!(known, [] as [&str; 0], "rules that nobody has seen fail");
    all_are_named(owner, CORRUPTIONS);
}

/// The same of a month with appeals, changed specifications and partner towns.
pub(crate) fn each_dispute_is_named(owner: &mut PgConnection) {
    all_are_named(owner, DISPUTES);
}

fn all_are_named(owner: &mut PgConnection, corruptions: &[Corruption]) {
    let rules = rules();
    let rule_of = |name: &str| -> Rule { *rules.iter().find(|rule| rule.name == name).expect(name) };
    let mut unnamed = Vec::new();
    for (rule, tables, how) in corruptions {
        owner.batch_execute("BEGIN").unwrap();
        for table in *tables {
            lay_open(owner, table);
        }
        owner.batch_execute(how).unwrap_or_else(|error| panic!("{rule}: {error}"));
        if breaks(owner, rule_of(rule)).is_empty() {
            unnamed.push(format!("{rule}, but {:?}", broken(owner)));
        }
        owner.batch_execute("ROLLBACK").unwrap();
    }
    assert_eq!(unnamed, [] as [String; 0]);
}
