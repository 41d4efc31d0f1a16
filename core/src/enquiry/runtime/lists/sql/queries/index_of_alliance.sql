-- Streams of kind $2 of the alliance $1, newest change first: before position $3, at most $4.
SELECT s.stream, s.position
FROM {tables}.stream_index s
WHERE s.alliance = $1 AND s.kind = $2 AND s.position < $3
ORDER BY s.position DESC
LIMIT $4
