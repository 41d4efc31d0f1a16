-- Let version $2 of $1 be read, unless a newer one is ($3: even then); no row if nothing changes.
INSERT INTO {shelf}.active AS a (name, version) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET version = excluded.version
    WHERE a.version < excluded.version OR ($3 AND a.version <> excluded.version)
RETURNING version
