-- Move a version on: $1 name, $2 version, from position $3 to $4; no row if it is elsewhere.
UPDATE {shelf}.versions SET position = $4 WHERE name = $1 AND version = $2 AND position = $3
RETURNING position
