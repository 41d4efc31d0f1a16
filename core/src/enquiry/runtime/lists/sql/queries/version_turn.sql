-- Become the one who projects $1, if nobody is; ends with the session, or by version_yield.
SELECT pg_try_advisory_lock(hashtextextended('projection ' || $1, 0))
