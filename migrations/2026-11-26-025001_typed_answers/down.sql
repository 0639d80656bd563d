ALTER TABLE delivery_links DROP COLUMN typed_answer;
