-- Data keys of stream $1 and kind $2, whosever they are and whether they live or not.
SELECT id FROM subject_keys WHERE stream = $1 AND kind = $2 ORDER BY id
