-- Kinds of data keys that live, by alliance and stream: what could still be opened.
SELECT DISTINCT alliance, stream, kind FROM subject_keys WHERE state = 'living'
ORDER BY alliance, stream, kind
