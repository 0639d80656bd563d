DROP INDEX contacts_to_be_called;
ALTER TABLE contacts DROP COLUMN may_be_called;
DROP TABLE call_wishes;
