-- Why: whoever had to stop half-way gave back work that nobody saw and nobody paid; now what is done goes on with the unit, and its share is paid.

SET LOCAL lock_timeout = '2s';

-- What somebody had made of a unit when they gave it back, and what share of its pay that is.
CREATE TABLE hand_overs (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    person_id bigint NOT NULL,
    assignment_id bigint NOT NULL,
    result_text text NOT NULL CHECK (length(result_text) <= 10000),
    -- For whoever goes on with it and whoever decides; the client never sees it.
    memo text NOT NULL CHECK (length(memo) <= 10000),
    -- How much of the unit is done, in tenths, as whoever made it thinks.
    tenths smallint NOT NULL CHECK (tenths BETWEEN 1 AND 9),
    -- What the whole unit paid under the terms it was made under, and when that is paid.
    unit_pay bigint NOT NULL CHECK (unit_pay BETWEEN 1 AND 10000000),
    pay_day smallint NOT NULL CHECK (pay_day BETWEEN 10 AND 28),
    terms_notice_id bigint NOT NULL,
    handed_over_at timestamptz NOT NULL,
    -- What coordination decided: the same share or more; less only with a reason.
    decided_tenths smallint CHECK (decided_tenths BETWEEN 0 AND 10),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    decided_by bigint,
    decided_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT hand_overs_once UNIQUE (organization_id, assignment_id),
    CONSTRAINT hand_overs_decided_whole CHECK ((decided_at IS NULL) = (decided_tenths IS NULL)
        AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT hand_overs_less_for_a_reason CHECK (decided_tenths IS NULL OR decided_tenths >= tenths OR reason <> ''),
    FOREIGN KEY (organization_id, unit_id, person_id, assignment_id)
        REFERENCES assignments (organization_id, unit_id, person_id, id),
    FOREIGN KEY (organization_id, terms_notice_id) REFERENCES terms_notices (organization_id, id),
    FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX hand_overs_of_unit ON hand_overs (organization_id, unit_id, person_id, assignment_id);
CREATE INDEX hand_overs_of_terms ON hand_overs (organization_id, terms_notice_id);
CREATE INDEX hand_overs_decided_by ON hand_overs (organization_id, decided_by);
CREATE INDEX hand_overs_open ON hand_overs (organization_id, id) WHERE decided_at IS NULL;
SELECT protect('hand_overs');
SELECT audited('hand_overs', 'unit_id', 'person_id', 'tenths', 'unit_pay', 'decided_tenths');

CREATE TABLE hand_over_files (
    organization_id bigint NOT NULL,
    hand_over_id bigint NOT NULL,
    file_id bigint NOT NULL,
    PRIMARY KEY (organization_id, hand_over_id, file_id),
    FOREIGN KEY (organization_id, hand_over_id) REFERENCES hand_overs (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id)
);
CREATE INDEX hand_over_files_of_file ON hand_over_files (organization_id, file_id);
SELECT protect_append_only('hand_over_files');

-- The share is a line of its own, once for each hand-over.
ALTER TABLE earnings ADD COLUMN hand_over_id bigint;
ALTER TABLE earnings ADD CONSTRAINT earnings_of_hand_overs
    FOREIGN KEY (organization_id, hand_over_id) REFERENCES hand_overs (organization_id, id);
ALTER TABLE earnings DROP CONSTRAINT earnings_kind_check;
ALTER TABLE earnings ADD CONSTRAINT earnings_kind_check CHECK (kind IN ('unit', 'fix', 'compensation', 'share'));
ALTER TABLE earnings ADD CONSTRAINT earnings_shares_are_named CHECK ((kind = 'share') = (hand_over_id IS NOT NULL));
CREATE UNIQUE INDEX earnings_one_share ON earnings (organization_id, hand_over_id) WHERE hand_over_id IS NOT NULL;

-- Whoever made a part of a unit does not check it.
CREATE FUNCTION forbid_review_of_own_part() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM hand_overs h WHERE h.organization_id = NEW.organization_id
               AND h.unit_id = NEW.unit_id AND h.person_id = NEW.checker_id) THEN
        RAISE EXCEPTION 'person % made a part of unit % and may not check it', NEW.checker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviews_four_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_not_of_own_part BEFORE INSERT ON reviews
    FOR EACH ROW EXECUTE FUNCTION forbid_review_of_own_part();
