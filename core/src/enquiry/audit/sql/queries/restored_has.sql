-- Whether there is a schema $1.
SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)
