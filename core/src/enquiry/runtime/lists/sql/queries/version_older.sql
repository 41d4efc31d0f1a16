-- Versions of $1 that are older than the one that is read.
SELECT v.version, v.schema
FROM {shelf}.versions v JOIN {shelf}.active a USING (name)
WHERE v.name = $1 AND v.version < a.version
