-- Why: a mail that waited for its domain's share asked anew when its turn came, got one at the far end, and never left.

SET LOCAL lock_timeout = '2s';

-- The turn its domain's share gave it; whoever claims it about then sends it without asking again.
ALTER TABLE messages ADD COLUMN turn_at timestamptz;
