-- Entries of the platform tree, in order: number from $1 on, at most $2 of them.
SELECT number, entry FROM platform_entries WHERE number >= $1 ORDER BY number LIMIT $2
