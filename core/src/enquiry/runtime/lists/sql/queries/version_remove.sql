-- Forget a version: $1 name, $2 version.
DELETE FROM {shelf}.versions WHERE name = $1 AND version = $2
