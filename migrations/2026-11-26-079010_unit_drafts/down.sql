DROP TABLE unit_draft_files;
DROP TABLE unit_drafts;
