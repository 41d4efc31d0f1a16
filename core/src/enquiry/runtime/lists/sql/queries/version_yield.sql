-- Let somebody else project $1.
SELECT pg_advisory_unlock(hashtextextended('projection ' || $1, 0))
