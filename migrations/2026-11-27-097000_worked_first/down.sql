-- Why: back to versions that may come from any state.
ALTER TABLE unit_events DROP CONSTRAINT unit_events_submitted_from_work;
