-- Why: people put cards in an order of their own, which a board sorted by the last move forgot; and among 100,000 deals the columns, lists and searches read far more than they show.

SET LOCAL lock_timeout = '2s';

-- Where a card stands in its column, as sales::deals::Rank writes it: a number to the base of 62 without its last zeros.
ALTER TABLE deals ADD COLUMN rank text COLLATE "C";
-- When anything of it last changed, its rank too: what a board that is being looked at asks for.
ALTER TABLE deals ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
-- Folded once when they are written, as companies' are.
ALTER TABLE deals
    ADD COLUMN search_key text NOT NULL GENERATED ALWAYS AS (search_key_of(title)) STORED,
    ADD COLUMN grams text[] NOT NULL GENERATED ALWAYS AS (search_grams_of(title)) STORED;

-- Cards begin in the order they stood in, the newest moved first. Nobody did this to a deal, so the trail stays as it is.
ALTER TABLE deals DISABLE TRIGGER USER;
UPDATE deals SET changed_at = moved_at, rank = ranked.rank
    FROM (SELECT organization_id, id, rtrim(
                (SELECT string_agg(substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
                        (place / (62::numeric ^ digit)::bigint % 62)::integer + 1, 1), '' ORDER BY digit DESC)
                    FROM generate_series(0, 7) digit), '0') AS rank
            FROM (SELECT organization_id, id, 31 * (62::numeric ^ 7)::bigint
                        + row_number() OVER (PARTITION BY organization_id, stage_id ORDER BY moved_at DESC, id DESC) AS place
                    FROM deals) placed) ranked
    WHERE deals.organization_id = ranked.organization_id AND deals.id = ranked.id;
ALTER TABLE deals ENABLE TRIGGER USER;
ALTER TABLE deals ALTER COLUMN rank SET NOT NULL;
ALTER TABLE deals ADD CONSTRAINT deals_rank CHECK (rank ~ '^[0-9A-Za-z]{0,20}[1-9A-Za-z]$');

-- A column of the board: its cards in their order, and its count and sum without a look at the table. Three in a hundred
-- deals are open, so it stays small whatever else there is.
CREATE INDEX deals_column ON deals (organization_id, stage_id, rank, id) INCLUDE (amount) WHERE state = 'open';
-- A closing column counts from April, the newest first.
CREATE INDEX deals_closed ON deals (organization_id, stage_id, moved_at, id) INCLUDE (amount) WHERE state IN ('won', 'lost');
DROP INDEX deals_board;
-- Lists by state and by owner with their totals.
CREATE INDEX deals_listed ON deals (organization_id, state, moved_at, id) INCLUDE (amount);
DROP INDEX deals_by_state;
CREATE INDEX deals_of_owner ON deals (organization_id, owner_id, state, moved_at, id) INCLUDE (amount);
DROP INDEX deals_owner;
CREATE INDEX deals_changed ON deals (organization_id, changed_at, id);

DROP FUNCTION search_deal_ids(text[], text, integer);
DROP INDEX deals_grams;
CREATE INDEX deals_grams ON deals USING gin (grams);
CREATE FUNCTION search_deal_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM deals WHERE organization_id = current_organization()
        AND grams @> $1
        AND search_key LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_deal_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_deal_ids(text[], text, integer) TO yui_app;
