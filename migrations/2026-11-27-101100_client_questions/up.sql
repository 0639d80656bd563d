-- Why: a client who did not understand something in a delivery could only accept it, send it back or write a mail that stood nowhere; now they ask on its page, and the answer stands there too.

SET LOCAL lock_timeout = '2s';

CREATE TABLE client_questions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    delivery_id bigint NOT NULL,
    -- Who asked, as they typed themselves.
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    question text NOT NULL CHECK (length(question) BETWEEN 1 AND 2000),
    asked_at timestamptz NOT NULL,
    answer text CHECK (length(answer) BETWEEN 1 AND 4000),
    answered_at timestamptz,
    answered_by bigint,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT client_questions_answered_whole CHECK ((answer IS NULL) = (answered_at IS NULL)
        AND (answer IS NULL) = (answered_by IS NULL)),
    FOREIGN KEY (organization_id, delivery_id) REFERENCES deliveries (organization_id, id),
    FOREIGN KEY (organization_id, answered_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX client_questions_open ON client_questions (organization_id, id) WHERE answer IS NULL;
CREATE INDEX client_questions_of_delivery ON client_questions (organization_id, delivery_id, id);
CREATE INDEX client_questions_answered_by ON client_questions (organization_id, answered_by);
SELECT protect('client_questions');
SELECT audited('client_questions', 'delivery_id', 'answered_by');
-- What was asked stays as it was asked.
REVOKE UPDATE, DELETE ON client_questions FROM yui_app;
GRANT UPDATE (answer, answered_at, answered_by) ON client_questions TO yui_app;
