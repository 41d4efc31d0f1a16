-- The version of $1 that is read.
SELECT v.name, v.version, v.schema, v.position, true
FROM {shelf}.versions v JOIN {shelf}.active a USING (name, version)
WHERE v.name = $1
