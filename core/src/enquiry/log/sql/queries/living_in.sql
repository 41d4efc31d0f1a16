-- Data keys of kind $2 that live in stream $1, whosever they are.
SELECT id, alliance, stream, subject, kind, true FROM subject_keys
WHERE stream = $1 AND kind = $2 AND state = 'living' ORDER BY id
