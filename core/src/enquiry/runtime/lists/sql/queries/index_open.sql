-- Streams of the kinds $1 that are not closed, by id: after the stream $2, at most $3 of them.
SELECT s.stream
FROM {tables}.stream_index s
WHERE s.kind = ANY ($1::text[]) AND NOT s.closed AND s.stream > $2
ORDER BY s.stream
LIMIT $3
