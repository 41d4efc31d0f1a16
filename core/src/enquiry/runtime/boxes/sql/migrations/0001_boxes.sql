-- Boxes: one sealed value each. No order, no time, no person; a change writes the whole row anew.
-- The space of rows that were replaced is used again soon, so that older states do not lie about.
CREATE TABLE boxes (
    box uuid PRIMARY KEY,
    revision bigint NOT NULL CHECK (revision > 0),   -- so that nobody overwrites what they have not seen
    sealed bytea NOT NULL
) WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
