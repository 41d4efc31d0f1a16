-- The events at the positions $2, in order, as far as they are of the alliance $1.
SELECT place, alliance, sequence, stream, revision, event_id, kind, body, recorded_at, leaf, seals
FROM read_at_v1($1, $2)
