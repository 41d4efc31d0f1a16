-- A data key by its id $1; no bytes are left of a destroyed one.
SELECT id, stream, subject, kind, wrapped, commitment FROM subject_keys WHERE id = $1
