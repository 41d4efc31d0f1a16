-- Row-level security, forced, on every table that says whose its rows are. Who else may see what is
-- in `sql/walls/log.sql`; it is laid down afresh whenever it changes.

-- Force it on a table, and let the owner in, for migrations and upkeep. The policy is a plain true, so
-- that the append function, which runs as the owner, pays nothing for it.
CREATE FUNCTION force_rows_v1(tenants regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenants);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenants);
    EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', tenants);
END
$$;

-- Give a role its policy on a table, in place of the one it had.
CREATE FUNCTION policy_v1(
    tenants regclass, role name, command text, bound boolean DEFAULT false
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP POLICY IF EXISTS %I ON %s', role, tenants);
    EXECUTE format(
        'CREATE POLICY %I ON %s FOR %s TO %I USING (%s)', role, tenants, command, role,
        CASE WHEN bound THEN
            'alliance = (SELECT nullif(current_setting(''enquiry.alliance'', true), '''')::uuid)'
        ELSE 'true' END
    );
END
$$;

SELECT force_rows_v1('stored_events');
SELECT force_rows_v1('idempotency');
SELECT force_rows_v1('subject_keys');
SELECT force_rows_v1('sealed');
