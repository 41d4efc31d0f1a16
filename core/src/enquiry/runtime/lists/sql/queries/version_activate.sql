-- Let version $2 of $1 be read, unless the one that is read is newer or further on ($3: even then);
-- no row if nothing changes. The one that is read stands still meanwhile, so that what a reader has
-- seen once is never missing again.
WITH known AS (
    SELECT v.version, v.position
    FROM {shelf}.versions v JOIN {shelf}.active a USING (name, version)
    WHERE v.name = $1
    FOR UPDATE OF v
)
INSERT INTO {shelf}.active AS a (name, version)
SELECT mine.name, mine.version
FROM {shelf}.versions mine
WHERE mine.name = $1 AND mine.version = $2 AND ($3 OR NOT EXISTS (
    SELECT FROM known WHERE known.version > mine.version OR known.position > mine.position
))
ON CONFLICT (name) DO UPDATE SET version = excluded.version WHERE a.version <> excluded.version
RETURNING version
