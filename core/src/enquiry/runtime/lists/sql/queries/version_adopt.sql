-- Versions of projections of the log $1 are those of the log $2 from now on: it is the same history.
UPDATE {shelf}.versions SET log = $2 WHERE log = $1
