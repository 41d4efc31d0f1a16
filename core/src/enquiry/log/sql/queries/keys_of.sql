-- Data keys of the person $2 in alliance $1, destroyed ones, too: what an erasure is about.
SELECT id, alliance, stream, subject, kind, state = 'living' FROM subject_keys
WHERE alliance = $1 AND subject = $2 ORDER BY id
