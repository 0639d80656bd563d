-- Why: what a worker had earned was worked out from where the unit stood, so it vanished once the unit went elsewhere.

SET LOCAL lock_timeout = '2s';

-- What a worker is owed, written down the moment it is certain; never changed and never taken back.
CREATE TABLE earnings (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    person_id bigint NOT NULL,
    -- Where the pay comes from: the unit itself, a paid fix of it, or its being called off.
    kind text NOT NULL CHECK (kind IN ('unit', 'fix', 'compensation')),
    fix_decision_id bigint,
    terms_notice_id bigint NOT NULL,
    -- Yen before tax.
    amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 10000000),
    -- The day its payment is counted from, in Japan, and the agreed day of the month after.
    received_on date NOT NULL,
    pay_day smallint NOT NULL CHECK (pay_day BETWEEN 10 AND 28),
    earned_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, fix_decision_id) REFERENCES fix_decisions (organization_id, id),
    FOREIGN KEY (organization_id, terms_notice_id) REFERENCES terms_notices (organization_id, id),
    CONSTRAINT earnings_fixes_are_named CHECK (kind <> 'fix' OR fix_decision_id IS NOT NULL),
    CONSTRAINT earnings_units_name_no_fix CHECK (kind <> 'unit' OR fix_decision_id IS NULL)
);
-- Nobody is paid twice for one thing.
CREATE UNIQUE INDEX earnings_once ON earnings (organization_id, unit_id, person_id, kind, COALESCE(fix_decision_id, 0));
CREATE INDEX earnings_of_person ON earnings (organization_id, person_id, received_on, pay_day);
CREATE INDEX earnings_fix ON earnings (organization_id, fix_decision_id);
CREATE INDEX earnings_terms ON earnings (organization_id, terms_notice_id);
SELECT protect_append_only('earnings');

-- What has been earned so far: every maker whose version of a unit passed, counted from their first version that review
-- did not send back, before that pass, through their own fault.
WITH passes AS (
    SELECT s.organization_id, s.unit_id, s.maker_id, min(s.id) AS passed_id, min(r.reviewed_at) AS passed_at
    FROM submissions s
    JOIN reviews r ON r.organization_id = s.organization_id AND r.submission_id = s.id AND r.verdict = 'pass'
    GROUP BY s.organization_id, s.unit_id, s.maker_id
)
INSERT INTO earnings (organization_id, unit_id, person_id, kind, terms_notice_id, amount, received_on, pay_day, earned_at)
SELECT p.organization_id, p.unit_id, p.maker_id, 'unit', a.terms_notice_id, j.unit_pay,
    (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date FROM submissions s
     WHERE s.organization_id = p.organization_id AND s.unit_id = p.unit_id AND s.maker_id = p.maker_id
         AND s.id <= p.passed_id
         AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = s.organization_id
             AND r.unit_id = s.unit_id AND r.submission_id >= s.id AND r.submission_id < p.passed_id
             AND r.fault = 'worker')),
    j.pay_day, p.passed_at
FROM passes p
JOIN units u ON u.organization_id = p.organization_id AND u.id = p.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
JOIN LATERAL (SELECT a.terms_notice_id FROM assignments a
    WHERE a.organization_id = p.organization_id AND a.unit_id = p.unit_id AND a.person_id = p.maker_id
    ORDER BY a.id LIMIT 1) a ON true;

-- And every paid fix whose version passed after it was decided.
INSERT INTO earnings (organization_id, unit_id, person_id, kind, fix_decision_id, terms_notice_id, amount, received_on,
    pay_day, earned_at)
SELECT d.organization_id, d.unit_id, passed.maker_id, 'fix', d.id, d.terms_notice_id, d.extra_pay,
    (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date FROM submissions s
     WHERE s.organization_id = d.organization_id AND s.unit_id = d.unit_id AND s.maker_id = passed.maker_id
         AND s.submitted_at >= d.decided_at AND s.id <= passed.id
         AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = s.organization_id
             AND r.unit_id = s.unit_id AND r.submission_id >= s.id AND r.submission_id < passed.id
             AND r.fault = 'worker')),
    j.pay_day, passed.reviewed_at
FROM fix_decisions d
JOIN units u ON u.organization_id = d.organization_id AND u.id = d.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
JOIN terms_notices t ON t.organization_id = d.organization_id AND t.id = d.terms_notice_id
JOIN LATERAL (SELECT s.id, s.maker_id, r.reviewed_at FROM submissions s
    JOIN reviews r ON r.organization_id = s.organization_id AND r.submission_id = s.id AND r.verdict = 'pass'
    JOIN assignments a ON a.organization_id = s.organization_id AND a.unit_id = s.unit_id
        AND a.person_id = s.maker_id AND a.worker_id = t.worker_id
    WHERE s.organization_id = d.organization_id AND s.unit_id = d.unit_id AND s.submitted_at >= d.decided_at
    ORDER BY s.id LIMIT 1) passed ON true;

-- What called-off units owed beyond that.
INSERT INTO earnings (organization_id, unit_id, person_id, kind, terms_notice_id, amount, received_on, pay_day, earned_at)
SELECT u.organization_id, u.id, u.holder_id, 'compensation', a.terms_notice_id, u.compensation - e.earned,
    (ended.at AT TIME ZONE 'Asia/Tokyo')::date, j.pay_day, ended.at
FROM units u
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
JOIN LATERAL (SELECT COALESCE(sum(amount), 0)::bigint AS earned FROM earnings e
    WHERE e.organization_id = u.organization_id AND e.unit_id = u.id AND e.person_id = u.holder_id) e ON true
JOIN LATERAL (SELECT max(happened_at) AS at FROM unit_events v
    WHERE v.organization_id = u.organization_id AND v.unit_id = u.id AND v.to_state = 'cancelled') ended ON true
JOIN LATERAL (SELECT a.terms_notice_id FROM assignments a
    WHERE a.organization_id = u.organization_id AND a.unit_id = u.id AND a.person_id = u.holder_id
    ORDER BY a.id DESC LIMIT 1) a ON true
WHERE u.state = 'cancelled' AND u.compensation > e.earned;

-- A later day is looked for among what waits, job by job.
CREATE INDEX units_offered_days ON units (organization_id, job_id, due_on) WHERE state = 'offered';
