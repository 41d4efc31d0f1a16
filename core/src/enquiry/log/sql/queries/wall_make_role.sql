-- Make the role of the setting enquiry.role, unless it is there, and let the login of the setting
-- enquiry.login take it. Somebody else may be as quick.
DO $$
DECLARE
    role name := current_setting('enquiry.role');
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', role);
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    EXECUTE format(
        'GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', role, current_setting('enquiry.login')
    );
END
$$
