DROP TABLE job_extensions;
