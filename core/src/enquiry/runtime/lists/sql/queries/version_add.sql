-- Enter a version: $1 name, $2 version, $3 schema, $4 log, $5 digest; no row if it was known.
INSERT INTO {shelf}.versions (name, version, schema, log, ddl) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
RETURNING position
