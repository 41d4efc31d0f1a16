-- Hashes of tiles: $1 tree; of each: $2 level, $3 number.
SELECT level, number, hashes
FROM tiles JOIN unnest($2::smallint[], $3::bigint[]) AS wanted (level, number)
    USING (level, number)
WHERE tree = $1
