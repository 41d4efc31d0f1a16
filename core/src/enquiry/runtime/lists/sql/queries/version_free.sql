-- Whether nobody projects $1; until the end of the transaction, nobody will.
SELECT pg_try_advisory_xact_lock(hashtextextended('projection ' || $1, 0))
