-- Why: what somebody was told stands on a page of theirs, and what they have read of it is theirs to say.

SET LOCAL lock_timeout = '2s';

-- Only for what is read and shown still; older rows go when their reader reads on.
CREATE TABLE notice_reads (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    message_id bigint NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, person_id, message_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
);
CREATE INDEX notice_reads_message ON notice_reads (organization_id, message_id);
SELECT protect('notice_reads');
