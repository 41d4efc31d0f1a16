-- One process at a time migrates the schema $1.
SELECT pg_advisory_xact_lock(hashtextextended('migrate ' || $1, 0))
