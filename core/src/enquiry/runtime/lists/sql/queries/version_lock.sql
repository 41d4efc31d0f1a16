-- Until the end of the transaction, nobody else adds to the shelf $1 or takes from it.
SELECT pg_advisory_xact_lock(hashtextextended('shelf ' || $1, 0))
