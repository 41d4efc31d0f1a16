-- Whether another part of Enquiry uses this database.
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'enquiry%'
        AND pid <> pg_backend_pid()
)
