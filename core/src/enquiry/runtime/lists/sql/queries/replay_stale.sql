-- Scratch schemas whose names begin with $1, those of replays that were killed among them.
SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1) ORDER BY nspname
