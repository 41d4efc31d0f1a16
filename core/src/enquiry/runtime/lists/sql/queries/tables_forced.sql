-- Force row-level security on every table of a projection that says whose its rows are, in the schema
-- that names mean now; the owner is let in as to the log.
DO $$
DECLARE
    tenants regclass;
BEGIN
    FOR tenants IN
        SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            AND c.relkind = 'r' AND a.attname = 'alliance' AND NOT c.relforcerowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenants);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenants);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', tenants);
    END LOOP;
END
$$
