-- Newest revision of each stream in $1; 0 for one that does not exist.
SELECT wanted.id, coalesce((
    SELECT max(e.originator_version) FROM stored_events e WHERE e.originator_id = wanted.id
), 0)
FROM unnest($1::uuid[]) AS wanted (id)
