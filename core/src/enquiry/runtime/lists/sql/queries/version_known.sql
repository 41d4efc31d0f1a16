-- The log and the digest under which a version was entered: $1 name, $2 version.
SELECT log, ddl FROM {shelf}.versions WHERE name = $1 AND version = $2
