DROP INDEX files_recent;
