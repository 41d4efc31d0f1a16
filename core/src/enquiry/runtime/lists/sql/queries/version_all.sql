-- Every version of every projection.
SELECT v.name, v.version, v.schema, v.position, a.version IS NOT NULL
FROM {shelf}.versions v LEFT JOIN {shelf}.active a USING (name, version)
ORDER BY v.name, v.version
