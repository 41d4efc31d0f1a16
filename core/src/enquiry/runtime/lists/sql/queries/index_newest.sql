-- Streams of kind $2 in alliances to which the person $1 is known, newest change first: before
-- position $3, in the alliance $4 (null: any), at most $5 of them.
SELECT s.stream, s.position
FROM {tables}.stream_index s
WHERE s.kind = $2 AND s.position < $3 AND ($4::uuid IS NULL OR s.alliance = $4)
    AND s.alliance IN (
        SELECT a.stream FROM {tables}.stream_index a
        WHERE a.kind = 'alliance' AND a.people @> ARRAY[$1::uuid]
    )
ORDER BY s.position DESC
LIMIT $5
