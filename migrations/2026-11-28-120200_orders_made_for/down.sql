-- Why: back to orders that are looked up under whichever company has them.
DROP TRIGGER remember_made_for ON orders;
DROP FUNCTION remember_made_for();
ALTER TABLE orders DROP COLUMN made_for;
