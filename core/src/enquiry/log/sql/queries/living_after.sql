-- Data keys that live, page by page: ids above $1, at most $2 of them.
SELECT id, alliance, stream, subject, kind, true FROM subject_keys
WHERE id > $1 AND state = 'living' ORDER BY id LIMIT $2
