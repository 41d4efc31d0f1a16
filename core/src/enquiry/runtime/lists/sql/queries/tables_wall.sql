-- Let workers write the tables of a projection, in the schema that names mean now, and readers see
-- what is of the alliance to which they are bound.
DO $$
DECLARE
    tenants regclass;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO enquiry_worker, enquiry_reader', current_schema());
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO enquiry_worker',
        current_schema()
    );
    FOR tenants IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            AND c.relkind = 'r' AND c.relforcerowsecurity AND NOT EXISTS (
                SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'enquiry_worker'
            )
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO enquiry_reader', tenants);
        EXECUTE format(
            'CREATE POLICY enquiry_worker ON %s TO enquiry_worker USING (true)', tenants
        );
        EXECUTE format(
            'CREATE POLICY enquiry_reader ON %s FOR SELECT TO enquiry_reader USING (
                alliance = (SELECT nullif(current_setting(''enquiry.alliance'', true), '''')::uuid)
            )',
            tenants
        );
    END LOOP;
END
$$
