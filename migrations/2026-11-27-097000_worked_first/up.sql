-- Why: what was only claimed, or had come back, could be handed in without an event that says that somebody worked on it.

SET LOCAL lock_timeout = '2s';

-- Events from before stay as they happened, so the rule holds for new ones alone.
ALTER TABLE unit_events ADD CONSTRAINT unit_events_submitted_from_work
    CHECK (to_state <> 'submitted' OR from_state IS NULL OR from_state IN ('working', 'checking')) NOT VALID;
