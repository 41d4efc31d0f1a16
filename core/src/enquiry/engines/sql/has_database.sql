-- has_database: whether a database of this name ($1) exists.
SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1);
