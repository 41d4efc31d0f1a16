-- How far a version has come: $1 name, $2 version.
SELECT position FROM {shelf}.versions WHERE name = $1 AND version = $2
