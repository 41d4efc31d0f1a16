-- Streams folded without their method though it is there now, or with one that is not: $1 ids and
-- $2 versions of what is installed. In the schema of the projection.
SELECT stream, position FROM stream_index
WHERE (kind IS NULL) = ((method, version) IN (SELECT * FROM unnest($1::text[], $2::int[])))
