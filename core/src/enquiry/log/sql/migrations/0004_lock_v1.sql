-- Put writers in order: until it commits, whoever called this is the only one who changes the log.
-- An advisory lock, because maintenance such as ANALYZE would fight with a lock on the table.
CREATE FUNCTION lock_v1() RETURNS void LANGUAGE sql VOLATILE
SET search_path FROM CURRENT
AS $$
    SELECT pg_advisory_xact_lock(
        'pg_class'::regclass::oid::int, 'stored_events'::regclass::oid::int
    )
$$;
