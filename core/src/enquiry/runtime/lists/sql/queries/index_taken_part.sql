-- Streams of the kinds $2, closed ones too, in which the person $1 has or had a role, newest change
-- first: before position $3, at most $4 of them.
SELECT s.stream, s.position
FROM {tables}.stream_index s
WHERE s.people @> ARRAY[$1::uuid] AND s.kind = ANY ($2::text[]) AND s.position < $3
ORDER BY s.position DESC
LIMIT $4
