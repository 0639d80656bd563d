-- Why: back to one comment about a whole version.
DROP TABLE review_remarks;
DROP TABLE defect_kinds;
