//! What is spoilt of a month with appeals, changed specifications and partner towns: [`super::corruptions`] of which a plainer
//! month has nothing.

use super::corruptions::Corruption;

pub(super) const DISPUTES: &[Corruption] = &[
    (
        "pay is reduced for a fault of its maker's alone, and by two others",
        &["review_appeals"],
        "INSERT INTO review_appeals (organization_id, review_id, unit_id, submission_id, appellant_id, text, appealed_at, \
             decide_by, outcome, decided_by, comment, decided_at) \
         SELECT r.organization_id, r.id, r.unit_id, r.submission_id, s.maker_id, 'x', r.reviewed_at, '2099-01-01', 'passed', \
             d.decided_by, 'x', d.decided_at \
         FROM pay_deductions d JOIN reviews r ON r.id = d.review_id JOIN submissions s ON s.id = r.submission_id \
         WHERE d.is_approved ORDER BY d.id LIMIT 1 \
         ON CONFLICT (organization_id, review_id) DO UPDATE SET outcome = 'passed', due_on = NULL",
    ),
    (
        "while a return is appealed against nothing is done of its unit, and the days that were left are left again",
        &["review_appeals"],
        "UPDATE review_appeals SET decided_at = '2099-01-01' WHERE outcome = 'upheld'",
    ),
    (
        "while a return is appealed against nothing is done of its unit, and the days that were left are left again",
        &["review_appeals"],
        "UPDATE review_appeals SET due_on = due_on - 60 \
         WHERE id = (SELECT min(id) FROM review_appeals WHERE outcome = 'upheld' AND due_on IS NOT NULL)",
    ),
    (
        "an appeal is its maker's, and other eyes than those that found the fault decide it by its day",
        &["review_appeals"],
        "UPDATE review_appeals p SET decided_by = r.checker_id FROM reviews r WHERE r.id = p.review_id \
             AND p.id = (SELECT min(id) FROM review_appeals WHERE decided_at IS NOT NULL)",
    ),
    (
        "an appeal is its maker's, and other eyes than those that found the fault decide it by its day",
        &["review_appeals"],
        "UPDATE review_appeals SET decide_by = '2000-01-01' \
         WHERE id = (SELECT min(id) FROM review_appeals WHERE decided_at IS NOT NULL)",
    ),
    (
        "an appeal that is right lets its version pass and is paid, and one that is not leaves its unit to be done again",
        &["earnings"],
        "ALTER TABLE statement_earnings DROP CONSTRAINT statement_earnings_organization_id_earning_id_fkey; \
         DELETE FROM earnings WHERE kind = 'unit' \
             AND unit_id = (SELECT min(unit_id) FROM review_appeals WHERE outcome = 'passed')",
    ),
    (
        "an appeal that is right lets its version pass and is paid, and one that is not leaves its unit to be done again",
        &["review_appeals"],
        "UPDATE review_appeals SET outcome = 'upheld' \
         WHERE id = (SELECT min(id) FROM review_appeals WHERE outcome = 'passed')",
    ),
    (
        "an appeal about what had not been agreed makes it a line of its own, and nothing else makes a line of a maker's fault",
        &["fix_decisions"],
        "UPDATE fix_decisions d SET fault = 'worker' FROM review_appeals p \
         WHERE p.organization_id = d.organization_id AND p.review_id = d.review_id AND p.outcome = 'changed'",
    ),
    (
        "an appeal about what had not been agreed makes it a line of its own, and nothing else makes a line of a maker's fault",
        &["review_appeals"],
        "UPDATE review_appeals SET outcome = 'upheld' \
         WHERE id = (SELECT min(id) FROM review_appeals WHERE outcome = 'changed')",
    ),
    (
        "re-entrusted work is paid within thirty days of the day on which its original client pays, as its terms said",
        &["statements"],
        "UPDATE statements SET paid_on = pay_on + 60 WHERE id = (SELECT min(x.statement_id) FROM statement_earnings x \
             JOIN earnings e ON e.id = x.earning_id WHERE e.fixed_pay_on IS NOT NULL)",
    ),
    (
        "re-entrusted work is paid within thirty days of the day on which its original client pays, as its terms said",
        &["terms_notices"],
        "UPDATE terms_notices t SET body = replace(t.body, o.original_client, 'x') FROM jobs j JOIN orders o ON o.id = j.order_id \
         WHERE j.id = t.job_id AND o.re_entrusted",
    ),
    (
        "what a client wants otherwise is a line of its own, under terms of its own, and paid once it has passed",
        &["earnings"],
        "UPDATE earnings SET amount = amount - 1 WHERE id = (SELECT min(e.id) FROM earnings e \
             JOIN fix_decisions d ON d.id = e.fix_decision_id WHERE e.kind = 'fix' AND d.fault = 'specification')",
    ),
    (
        "what a client wants otherwise is a line of its own, under terms of its own, and paid once it has passed",
        &["earnings"],
        "UPDATE earnings SET fix_decision_id = NULL WHERE id = (SELECT min(e.id) FROM earnings e \
             JOIN fix_decisions d ON d.id = e.fix_decision_id WHERE e.kind = 'fix' AND d.fault = 'specification')",
    ),
    (
        "both towns of a share say the same of it",
        &["shares"],
        "UPDATE shares SET message = message || 'x' WHERE id = (SELECT min(id) FROM shares WHERE side = 'out')",
    ),
    (
        "both towns of a share say the same of it",
        &["shares"],
        "DELETE FROM shares WHERE id = (SELECT min(id) FROM shares WHERE side = 'in')",
    ),
    (
        "no more of an order is shared than it has",
        &["shares"],
        "UPDATE shares SET quantity = quantity + 1000 WHERE id = (SELECT min(id) FROM shares WHERE side = 'out')",
    ),
    (
        "what is taken from a partner is one order, re-entrusted as the document says",
        &["orders"],
        "UPDATE orders SET original_pay_on = original_pay_on + 1 WHERE id = (SELECT min(id) FROM orders WHERE re_entrusted)",
    ),
    (
        "of what two towns share as many pieces are accepted here as were accepted there",
        &["shares"],
        "UPDATE shares SET accepted = accepted - 1 \
         WHERE id = (SELECT min(id) FROM shares WHERE side = 'in' AND accepted > 0)",
    ),
    (
        "what goes out to a partner for a share is what comes in there: agreed, accepted, asked for and paid, to the yen",
        &["accepted_amounts"],
        "UPDATE accepted_amounts SET amount = amount + 1 WHERE id = (SELECT min(a.id) FROM accepted_amounts a \
             JOIN shares s ON s.organization_id = a.organization_id AND s.order_id = a.order_id WHERE s.side = 'in')",
    ),
    (
        "what goes out to a partner for a share is what comes in there: agreed, accepted, asked for and paid, to the yen",
        &["client_payments"],
        "UPDATE client_payments SET amount = amount - 1 WHERE id = (SELECT min(m.id) FROM client_payments m \
             JOIN client_invoice_lines l ON l.organization_id = m.organization_id AND l.invoice_id = m.invoice_id \
             JOIN shares s ON s.organization_id = l.organization_id AND s.order_id = l.order_id WHERE s.side = 'in')",
    ),
    (
        "a partner is paid what was accepted from it, with tax",
        &["share_payments"],
        "UPDATE share_payments SET amount = amount - 1 WHERE id = (SELECT min(id) FROM share_payments)",
    ),
];
