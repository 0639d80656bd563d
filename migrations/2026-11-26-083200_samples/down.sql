-- Why: back to words alone.
DROP TABLE job_samples;
