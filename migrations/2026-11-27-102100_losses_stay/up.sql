-- Why: why a deal was lost stood on the deal alone and was gone once it was opened again; its history keeps it.

SET LOCAL lock_timeout = '2s';

ALTER TABLE deal_events ADD COLUMN lost_reason text
    CHECK (lost_reason IN ('price', 'capacity', 'timing', 'competitor', 'no_decision', 'quality', 'other'));
ALTER TABLE deal_events ADD CONSTRAINT deal_events_reason_of_lost CHECK (lost_reason IS NULL OR kind = 'lost');

-- Of what is lost now its newest line says why; what was opened again since has said so for the last time.
ALTER TABLE deal_events DISABLE TRIGGER USER;
UPDATE deal_events e SET lost_reason = d.lost_reason, note = d.lost_note
FROM deals d
WHERE d.organization_id = e.organization_id AND d.id = e.deal_id AND d.state = 'lost' AND e.kind = 'lost'
    AND NOT EXISTS (
        SELECT FROM deal_events later
        WHERE later.organization_id = e.organization_id AND later.deal_id = e.deal_id
            AND later.kind = 'lost' AND later.id > e.id
    );
ALTER TABLE deal_events ENABLE TRIGGER USER;
