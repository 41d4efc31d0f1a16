-- The data key made for $1 stream, $2 subject, $3 kind; no bytes are left of a destroyed one.
SELECT id, stream, subject, kind, wrapped, commitment FROM subject_keys
WHERE stream = $1 AND subject = $2 AND kind = $3
