-- Why: back to looking at everything. What passed unseen keeps saying so.
DROP TRIGGER units_pass_unseen_by_lot ON units;
DROP FUNCTION forbid_undrawn_pass();
DROP TABLE sampling_switches;
DROP TABLE sampling_draws;
DROP FUNCTION forbid_late_seed();
DROP TABLE sampling_seeds;
DROP TABLE sampling_streams;
DROP TABLE critical_units;
DROP TABLE job_samplings;
