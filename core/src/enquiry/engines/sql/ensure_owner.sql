-- ensure_owner: make the role that owns the database, unless it is there.
-- The setting enquiry.secret of this session holds its password.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'enquiry') THEN
        EXECUTE format(
            'CREATE ROLE enquiry LOGIN CREATEROLE CREATEDB PASSWORD %L',
            current_setting('enquiry.secret')
        );
    END IF;
END
$$;
